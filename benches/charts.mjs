// The two charts of results/: how many times as fast as npm `pusher`, on each runtime; and how the cost of an event grows.
import { writeFileSync } from "node:fs"
import { join } from "node:path"

import { readResults, resultsFolder } from "./results.mjs"
import { drawing, element, grid, line, logarithmic, mark, text } from "./svg.mjs"

const runtimes = {
  node: { label: "Node", shape: "circle", colour: "#2f9e5b" },
  deno: { label: "Deno", shape: "triangle", colour: "#8a63d2" },
  bun: { label: "Bun", shape: "diamond", colour: "#d9739f" },
  workerd: { label: "workerd (Cloudflare)", shape: "square", colour: "#e0812b" },
}

const libraries = {
  ours: { label: "pusher-http-wasm", shape: "circle", colour: "#3b82d6" },
  pusher: { label: "pusher", shape: "square", colour: "#e0812b" },
  edge: { label: "pusher-http-edge", shape: "triangle", colour: "#8a63d2" },
}

export const drawCharts = () => {
  const results = Object.fromEntries(Object.keys(runtimes).map((runtime) => [runtime, readResults(runtime)]))
  writeFileSync(join(resultsFolder, "speed.svg"), speed(results))
  writeFileSync(join(resultsFolder, "growth.svg"), growth(results.node))
}

const legend = (series, x, y, step) =>
  Object.values(series).flatMap(({ label, shape, colour }, at) => [
    mark(shape, x + step * at, y - 4.5, 5, colour),
    text(x + step * at + 11, y, label),
  ])

/** A row a case; on it, a mark a runtime. */
function speed(results) {
  const names = Object.keys(results.node.cases).filter((name) => !/^(encrypted )?trigger, |^dispatch/.test(name))
  const ratio = (runtime, name) => results[runtime].cases[name]?.pusher?.ratio.median
  const all = names.flatMap((name) => Object.keys(runtimes).map((runtime) => ratio(runtime, name))).filter(Boolean)
  const [width, left, right, top, step] = [860, 262, 836, 84, 27]
  const bottom = top + names.length * step
  const least = Math.min(0.5, ...all) / 1.15
  const most = Math.max(4, ...all) * 1.15
  const across = logarithmic(least, most, left, right)
  const ticks = [0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 50].filter(
    (value) => value >= least && value <= most,
  )
  const shapes = [
    text(0, 20, "How many times as fast as npm pusher", { "font-size": 17, "font-weight": 600 }),
    ...legend(runtimes, 8, 50, 110),
    ...ticks.map((value) =>
      line(across(value), top - 6, across(value), bottom, {
        "stroke-opacity": value === 1 ? 1 : 0.3,
        "stroke-width": value === 1 ? 1.5 : 1,
      }),
    ),
    ...ticks.map((value) => text(across(value), bottom + 18, `${value} ×`, { "text-anchor": "middle" })),
    text(across(1) - 8, top - 12, "slower", { "text-anchor": "end", "font-style": "italic" }),
    text(across(1) + 8, top - 12, "faster", { "font-style": "italic" }),
  ]
  for (const [row, name] of names.entries()) {
    const y = top + (row + 0.5) * step
    const ratios = Object.keys(runtimes)
      .map((runtime) => ratio(runtime, name))
      .filter(Boolean)
    shapes.push(text(left - 14, y + 4.5, name, { "text-anchor": "end" }))
    shapes.push(
      line(across(Math.min(...ratios)), y, across(Math.max(...ratios)), y, {
        "stroke-width": 3,
        "stroke-opacity": 0.35,
      }),
    )
    for (const [runtime, { shape, colour }] of Object.entries(runtimes)) {
      if (ratio(runtime, name)) shapes.push(mark(shape, across(ratio(runtime, name)), y, 6, colour))
    }
  }
  const description = names
    .map(
      (name) =>
        `${name}: ${Object.entries(runtimes)
          .map(([runtime, { label }]) => `${label} ${ratio(runtime, name)}`)
          .join(", ")}`,
    )
    .join("; ")
  return drawing(width, bottom + 28, "How many times as fast as npm pusher", description, shapes)
}

/** Three panels side by side: microseconds by size of the data, plain and encrypted, and by number of channels. */
function growth({ cases }) {
  const panels = [
    { title: "trigger, by KB of data", of: /^trigger, (\d+) bytes$/, unit: 1_000 },
    { title: "encrypted trigger, by KB of data", of: /^encrypted trigger, (\d+) bytes$/, unit: 1_000 },
    { title: "trigger, by channels", of: /^trigger, (\d+) channels$/, unit: 1 },
  ].map(({ of, ...panel }) => ({ ...panel, points: pointsOf(cases, of) }))
  const [width, height, top, bottom, panelWidth, gap] = [860, 340, 100, 300, 232, 44]
  const values = panels.flatMap(({ points }) => points.flatMap(({ times }) => Object.values(times)))
  const [least, most] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2]
  const up = logarithmic(least, most, bottom, top)
  const shapes = [
    text(0, 20, "What an event costs before it is sent, on Node", { "font-size": 17, "font-weight": 600 }),
    ...legend(libraries, 8, 50, 158),
  ]
  for (const [at, { title, points, unit }] of panels.entries()) {
    const left = 60 + at * (panelWidth + gap)
    const along = logarithmic(points[0].at, points.at(-1).at, left + 8, left + panelWidth - 8)
    shapes.push(text(left, top - 14, title, { "font-weight": 600 }))
    for (const value of [1, 10, 100, 1_000, 10_000].filter((value) => value >= least && value <= most)) {
      shapes.push(line(left, up(value), left + panelWidth, up(value), { "stroke-opacity": 0.3 }))
      if (at === 0)
        shapes.push(
          text(left - 6, up(value) + 4.5, value >= 1_000 ? `${value / 1_000} ms` : `${value} µs`, {
            "text-anchor": "end",
          }),
        )
    }
    for (const point of points.filter(({ at }) => Number.isInteger(Math.log10(at)))) {
      shapes.push(text(along(point.at), bottom + 20, point.at / unit, { "text-anchor": "middle" }))
    }
    for (const [library, { shape, colour }] of Object.entries(libraries)) {
      const places = points.map(({ at, times }) => [along(at), up(times[library])])
      const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")
      shapes.push(element("polyline", { points: path, fill: "none", stroke: colour, "stroke-width": 2 }))
      shapes.push(...places.map(([x, y]) => mark(shape, x, y, 3.5, colour)))
    }
    shapes.push(line(left, bottom, left + panelWidth, bottom, { stroke: grid }))
  }
  return drawing(
    width,
    height,
    "What an event costs before it is sent, on Node",
    "Microseconds, on logarithmic axes",
    shapes,
  )
}

/** Of the cases whose name has a number: that number, and the microseconds of each library. */
const pointsOf = (cases, of) =>
  Object.entries(cases)
    .filter(([name]) => of.test(name))
    .map(([name, variants]) => ({
      at: Number(of.exec(name)[1]),
      times: Object.fromEntries(
        Object.keys(libraries).map((library) => [library, variants[library].nanoseconds.median / 1000]),
      ),
    }))
