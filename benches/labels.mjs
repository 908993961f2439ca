// How cases and libraries are called in the charts and in docs/speed.md.

/** What the first chart and the tables of ratios show, by kind: the case, and its label. */
export const shown = [
  {
    kind: "Answer clients",
    cases: {
      "authorizeChannel, private": "authorizeChannel, private",
      "authorizeChannel, presence": "authorizeChannel, presence",
      authenticateUser: "authenticateUser",
      "a client, and authorizeChannel, private": "new client + authorizeChannel",
    },
  },
  {
    kind: "Read webhooks",
    cases: { "webhook 0.5 KB": "webhook, 0.5 KB", "webhook 8 KB": "webhook, 8 KB" },
  },
  {
    kind: "Prepare requests",
    cases: {
      "signed query 0.2 KB": "createSignedQueryString, 0.2 KB",
      "trigger 0.2 KB": "trigger, 0.2 KB",
      "trigger, 100 channels": "trigger, 100 channels",
      "triggerBatch, 10 events of 0.2 KB": "triggerBatch, 10 × 0.2 KB",
      "encrypted trigger 1 KB": "encrypted trigger, 1 KB",
      "encrypted trigger 10 KB": "encrypted trigger, 10 KB",
    },
  },
  {
    kind: "Send them (loopback)",
    cases: {
      "dispatch, 1 in flight": "trigger, 1 in flight",
      "dispatch, 32 in flight": "trigger, 32 in flight",
      publish: "publish, in batches of 10",
    },
  },
]

/** What the first chart compares the library with: a variant of each case, which is another where events are published. */
export const rivals = {
  pusher: { label: "npm pusher", variants: { publish: "pusher, batches by hand" } },
  "by hand": { label: "a client by hand", variants: { publish: "by hand, batches" } },
}

/** Returns how many times as fast as a rival, or another variant, the library is, in the results of a runtime; `undefined` where the rival cannot do it. */
export const ratioTo = (rival, { cases }, name) => cases[name][rivals[rival]?.variants[name] ?? rival]?.ratio.median

/** Returns the three largest costs of a case's profile, in percent: `["JSON 55 %", …]`. */
export const largestCosts = (costs) => costs.slice(0, 3).map(([what, share]) => `${what} ${Math.round(100 * share)} %`)

/** Says what results were measured on, when, and with what. */
export const describeRun = (results) => {
  const [{ day, machine, libraries }] = results
  const { processor, cores, system } = machine
  return {
    machine: `${processor}, ${cores} cores, ${system}`,
    day,
    libraries: Object.entries(libraries).map(([name, version]) => `${name} ${version}`),
    runtimes: results.map(({ runtime, version }) =>
      `${runtime[0].toUpperCase()}${runtime.slice(1)} ${version}`.replace("Workerd", "workerd"),
    ),
  }
}
