// The two charts of results/: how many times as fast as others, on each runtime; and how the cost of an event grows.
import { writeFileSync } from "node:fs"
import { join } from "node:path"

import { describeRun, ratioTo, rivals, shown } from "./labels.mjs"
import { readResults, resultsFolder } from "./stored.mjs"
import { drawing, element, grid, line, logarithmic, mark, text } from "./svg.mjs"

const runtimes = {
  node: { label: "Node", shape: "circle", colour: "#2f9e5b" },
  deno: { label: "Deno", shape: "triangle", colour: "#8a63d2" },
  bun: { label: "Bun", shape: "diamond", colour: "#d9739f" },
  workerd: { label: "workerd (Cloudflare Workers)", shape: "square", colour: "#e0812b" },
}

const libraries = {
  ours: { label: "pusher-http-wasm", shape: "circle", colour: "#3b82d6" },
  pusher: { label: "pusher", shape: "square", colour: "#e0812b" },
  edge: { label: "pusher-http-edge", shape: "triangle", colour: "#8a63d2" },
  "by hand": { label: "by hand", shape: "diamond", colour: "#d9739f" },
}

const WIDTH = 860
const HEADING = { "font-size": 17, "font-weight": 600 }
const SMALL = { "font-size": 11 }

/** Returns the charts as SVG, by the names of their files. `read` gives the results of a runtime. */
export const makeCharts = (read) => {
  const results = Object.keys(runtimes).map(read)
  return { "speed.svg": drawSpeed(results), "growth.svg": drawGrowth(results[0]) }
}

export const writeCharts = () => {
  for (const [file, svg] of Object.entries(makeCharts(readResults))) writeFileSync(join(resultsFolder, file), svg)
}

/** Marks and labels from left to right. */
const legend = (series, left, y) => {
  let x = left
  return Object.values(series).flatMap(({ label, shape, colour }) => {
    const shapes = [mark(shape, x, y - 4.5, 5, colour), text(x + 11, y, label)]
    x += 36 + label.length * 6.8
    return shapes
  })
}

/** Two lines that say what a chart was measured on. */
const footer = (results, y) => {
  const { machine, day, libraries, runtimes } = describeRun(results)
  return [
    text(0, y, `Measured on ${day}: ${machine}. ${runtimes.join(", ")}.`, SMALL),
    text(
      0,
      y + 16,
      `${libraries.join(", ")}; by hand: WebCrypto and fetch. Logarithmic scale; \`make bench\` measures it again.`,
      SMALL,
    ),
  ]
}

/** A panel a rival, and in it a row a case with a mark a runtime. */
function drawSpeed(results) {
  const title = "How many times as fast as npm pusher, and as a client written by hand"
  const [labels, gap, top, step, headingStep] = [212, 28, 104, 25, 27]
  const panelWidth = (WIDTH - labels - 2 * gap) / 2
  const names = shown.flatMap(({ cases }) => Object.keys(cases))
  const height = shown.length * headingStep + names.length * step
  const bottom = top + height
  const all = results.flatMap((result) =>
    names.flatMap((name) => Object.keys(rivals).map((rival) => ratioTo(rival, result, name))),
  )
  const known = all.filter((ratio) => ratio > 0)
  const [least, most] = [Math.min(0.5, ...known) / 1.2, Math.max(4, ...known) * 1.2]

  const rows = []
  let y = top
  for (const { kind, cases } of shown) {
    rows.push({ y: y + headingStep - 8, kind })
    y += headingStep
    for (const [name, label] of Object.entries(cases)) {
      rows.push({ y: y + step / 2, name, label })
      y += step
    }
  }
  const shapes = [text(0, 20, title, HEADING), ...legend(runtimes, 8, 48)]
  for (const { y, kind, label } of rows) {
    shapes.push(kind ? text(0, y, kind, { "font-weight": 600 }) : text(10, y + 4.5, label))
  }
  for (const [at, [rival, { label }]] of Object.entries(rivals).entries()) {
    const left = labels + gap + at * (panelWidth + gap)
    const across = logarithmic(least, most, left, left + panelWidth)
    shapes.push(text(left, top - 28, `× as fast as ${label}`, { "font-weight": 600 }))
    shapes.push(...drawScale(across, { left, right: left + panelWidth, top, bottom, least, most }))
    for (const { y, name } of rows.filter(({ name }) => name)) {
      const marks = Object.entries(runtimes).flatMap(([, style], number) => {
        const ratio = ratioTo(rival, results[number], name)
        return ratio > 0 ? [{ ...style, x: across(ratio) }] : []
      })
      const places = marks.map(({ x }) => x)
      if (marks.length === 0)
        shapes.push(text(across(1) + 8, y + 4.5, "not done by hand", { ...SMALL, "font-style": "italic" }))
      else
        shapes.push(line(Math.min(...places), y, Math.max(...places), y, { "stroke-width": 3, "stroke-opacity": 0.35 }))
      shapes.push(...marks.map(({ shape, x, colour }) => mark(shape, x, y, 5.5, colour)))
    }
  }
  shapes.push(...footer(results, bottom + 46))
  const description = Object.entries(rivals).map(
    ([rival, { label }]) => `As ${label}: ${describeRatios(rival, results)}`,
  )
  return drawing(WIDTH, bottom + 72, title, description.join(". "), shapes)
}

/** The ground of a panel: the side of those that are slower, and lines with their values. */
function drawScale(across, { left, right, top, bottom, least, most }) {
  const ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 500].filter((value) => value >= least && value <= most)
  const shade = (from, to, fill) =>
    element("rect", { x: from, y: top, width: to - from, height: bottom - top, fill, "fill-opacity": 0.1 })
  return [
    shade(left, across(1), "#d9534f"),
    shade(across(1), right, "#2f9e5b"),
    ...ticks.map((value) =>
      line(across(value), top, across(value), bottom, {
        "stroke-opacity": value === 1 ? 1 : 0.25,
        "stroke-width": value === 1 ? 1.5 : 1,
      }),
    ),
    ...ticks.map((value) => text(across(value), bottom + 17, value, { ...SMALL, "text-anchor": "middle" })),
    text(across(1) - 6, top - 7, "slower", { ...SMALL, "text-anchor": "end", "font-style": "italic" }),
    text(across(1) + 6, top - 7, "faster", { ...SMALL, "font-style": "italic" }),
  ]
}

const describeRatios = (rival, results) =>
  shown
    .flatMap(({ cases }) => Object.entries(cases))
    .map(([name, label]) => {
      const ratios = results.map(
        (result) => `${runtimes[result.runtime].label} ${ratioTo(rival, result, name) ?? "none"}`,
      )
      return `${label}: ${ratios.join(", ")}`
    })
    .join("; ")

/** Panels in two rows: microseconds an event, by what makes it grow. */
function drawGrowth(result) {
  const title = "What an event costs before it is sent, on Node"
  const panels = [
    { title: "trigger, by KB of data", of: /^trigger, (\d+) bytes$/, show: (value) => value / 1000 },
    {
      title: "encrypted trigger, by KB of data",
      of: /^encrypted trigger, (\d+) bytes$/,
      show: (value) => value / 1000,
    },
    { title: "trigger, by channels", of: /^trigger, (\d+) channels$/, show: (value) => value },
    { title: "trigger, by attempts it takes", of: /^trigger, (\d+) attempts$/, show: (value) => value },
    {
      title: "an event of publish, by events",
      of: /^publish, (\d+) events$/,
      show: (value) => (value >= 1_000_000 ? `${value / 1_000_000}M` : value >= 1000 ? `${value / 1000}k` : value),
    },
  ].map(({ of, ...panel }) => ({ ...panel, points: pointsOf(result.cases, of) }))
  const [columns, panelWidth, panelHeight, gap, left0, top0] = [3, 232, 190, 44, 60, 92]
  const values = panels.flatMap(({ points }) => points.flatMap(({ times }) => Object.values(times)))
  const [least, most] = [Math.min(...values) / 1.2, Math.max(...values) * 1.2]
  const shapes = [text(0, 20, title, HEADING), ...legend(libraries, 8, 48)]
  for (const [number, { title, points, show }] of panels.entries()) {
    const left = left0 + (number % columns) * (panelWidth + gap)
    const top = top0 + Math.floor(number / columns) * (panelHeight + 70)
    const bottom = top + panelHeight
    const up = logarithmic(least, most, bottom, top)
    const along = logarithmic(points[0].at, points.at(-1).at, left + 8, left + panelWidth - 8)
    shapes.push(text(left, top - 12, title, { "font-weight": 600 }))
    for (const value of [1, 10, 100, 1_000, 10_000].filter((value) => value >= least && value <= most)) {
      shapes.push(line(left, up(value), left + panelWidth, up(value), { "stroke-opacity": 0.3 }))
      const label = value >= 1_000 ? `${value / 1_000} ms` : `${value} µs`
      if (number % columns === 0) shapes.push(text(left - 6, up(value) + 4.5, label, { "text-anchor": "end" }))
    }
    const isFew = points.length < 7
    for (const point of points.filter(({ at }) => isFew || Number.isInteger(Math.log10(at)))) {
      shapes.push(text(along(point.at), bottom + 18, show(point.at), { "text-anchor": "middle" }))
    }
    for (const [library, { shape, colour }] of Object.entries(libraries)) {
      const places = points
        .filter(({ times }) => library in times)
        .map(({ at, times }) => [along(at), up(times[library])])
      const path = places.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ")
      shapes.push(element("polyline", { points: path, fill: "none", stroke: colour, "stroke-width": 2 }))
      shapes.push(...places.map(([x, y]) => mark(shape, x, y, 3.5, colour)))
    }
    shapes.push(line(left, bottom, left + panelWidth, bottom, { stroke: grid }))
  }
  const bottom = top0 + 2 * panelHeight + 70
  shapes.push(...footer([result], bottom + 52))
  return drawing(WIDTH, bottom + 78, title, "Microseconds, on logarithmic axes", shapes)
}

/** Of the cases whose name has a number: that number, and the microseconds of each library that the case has. */
const pointsOf = (cases, of) =>
  Object.entries(cases)
    .filter(([name]) => of.test(name))
    .map(([name, variants]) => ({
      at: Number(of.exec(name)[1]),
      times: Object.fromEntries(
        Object.keys(libraries)
          .filter((library) => library in variants)
          .map((library) => [library, variants[library].nanoseconds.median / 1000]),
      ),
    }))
    .toSorted((one, other) => one.at - other.at)
