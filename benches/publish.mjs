// What others see of the results: the charts, and docs/speed.md.
//
//   node benches/publish.mjs       makes them anew from the results that are there
import { writeSpeedPage } from "../tools/figures.mjs"
import { drawCharts } from "./charts.mjs"

export const publish = () => {
  drawCharts()
  writeSpeedPage()
}

if (process.argv[1] === import.meta.filename) publish()
