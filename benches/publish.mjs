// What others see of the results: the charts, and docs/speed.md.
//
//   node benches/publish.mjs       makes them anew from the results that are there
import { writeSpeedPage } from "../tools/figures.mjs"
import { writeCharts } from "./charts.mjs"

export const publish = () => {
  writeCharts()
  writeSpeedPage()
}

if (process.argv[1] === import.meta.filename) publish()
