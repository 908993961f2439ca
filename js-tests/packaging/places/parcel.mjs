import { makeBundlerPlace } from "../bundlers/project.mjs"

const makeCommand = (target) => [
  "parcel",
  "build",
  "--target",
  target,
  "--no-autoinstall",
  "--no-cache",
  "--log-level",
  "warn",
]

export default makeBundlerPlace({
  name: "Parcel",
  tool: "parcel",
  settings: "parcel",
  tools: "parcel",
  targets: [
    { name: "page", command: makeCommand("page"), keepsUnused: true },
    { name: "service worker", command: makeCommand("service-worker"), keepsUnused: true },
  ],
})
