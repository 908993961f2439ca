// The chart of a run: events accepted per second, on each runtime, with the phases and the server's deaths.
import { drawing, element, line, text } from "../../benches/svg.mjs"

const COLOURS = { node: "#2f9e5b", deno: "#8a63d2", bun: "#d9739f", workerd: "#e0812b" }
const [WIDTH, LEFT, RIGHT, TOP, PANEL, GAP] = [860, 60, 850, 66, 96, 66]
const BARS = 158
const TITLE = "Events accepted per second, under load and faults"

/** @param {import("./report.mjs").Run[]} runs */
export function drawChart(runs) {
  const shapes = [
    text(0, 20, TITLE, { "font-size": 17, "font-weight": 600 }),
    text(0, 40, "Dashed lines: a phase begins. Shaded: from the server's death to its return."),
  ]
  for (const [at, run] of runs.entries()) shapes.push(...drawPanel(run, TOP + at * (PANEL + GAP)))
  const height = TOP + runs.length * (PANEL + GAP)
  return drawing(WIDTH, height, TITLE, runs.map(describe).join("; "), shapes)
}

const describe = ({ runtime, tally: { total } }) =>
  `${runtime}: ${total.accepted} events accepted, ${total.delivered} delivered, ${total.lost} lost, ${total.doubled} doubled`

function drawPanel(run, top) {
  const { runtime, started, calledFor, accepted, phases, deaths, returns } = run
  const bottom = top + 24 + PANEL
  const across = (time) => LEFT + Math.min(1, Math.max(0, (time - started) / calledFor)) * (RIGHT - LEFT)
  const seconds = calledFor / 1000 / BARS
  const bars = Array(BARS).fill(0)
  for (const [time, events] of accepted) {
    const bar = Math.min(BARS - 1, Math.max(0, Math.floor(((time - started) / calledFor) * BARS)))
    bars[bar] += events / seconds
  }
  const most = Math.max(1, ...bars)
  const up = (value) => bottom - (value / most) * (PANEL - 22)
  const shapes = [text(LEFT, top + 4, describe(run), { "font-weight": 600 })]
  for (const [at, died] of deaths.entries()) {
    const [from, to] = [across(died), across(returns[at] ?? died)]
    shapes.push(
      element("rect", {
        x: from,
        y: bottom - PANEL + 10,
        width: Math.max(2, to - from),
        height: PANEL - 10,
        fill: "#d64545",
        "fill-opacity": 0.3,
      }),
    )
  }
  const width = (RIGHT - LEFT) / BARS
  for (const [at, value] of bars.entries()) {
    if (value === 0) continue
    const y = up(value)
    shapes.push(
      element("rect", { x: LEFT + at * width, y, width: width * 0.85, height: bottom - y, fill: COLOURS[runtime] }),
    )
  }
  let free = 0
  for (const { name, at } of phases) {
    const x = across(at)
    shapes.push(line(x, bottom - PANEL + 10, x, bottom, { "stroke-opacity": 0.4, "stroke-dasharray": "2 3" }))
    // Some names have no room.
    if (x < free || x + name.length * 6 > WIDTH) continue
    shapes.push(text(x + 3, bottom - PANEL + 20, name, { "font-size": 10 }))
    free = x + 10 + name.length * 6
  }
  for (const value of [0, most]) {
    shapes.push(
      text(LEFT - 6, up(value) + 4, Math.round(value).toLocaleString("en"), { "text-anchor": "end", "font-size": 11 }),
    )
  }
  shapes.push(line(LEFT, bottom, RIGHT, bottom))
  for (const part of [0, 0.25, 0.5, 0.75, 1]) {
    const words = `${((part * calledFor) / 1000).toFixed(0)} s`
    shapes.push(
      text(LEFT + part * (RIGHT - LEFT), bottom + 15, words, {
        "text-anchor": part === 1 ? "end" : "middle",
        "font-size": 11,
      }),
    )
  }
  return shapes
}
