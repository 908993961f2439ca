// How thoroughly a run measures: of calls and requests, see `inTurns` in suite/rounds.mjs; of CPU time, requests a round; rounds of fresh
// processes, and milliseconds of a case's profile.

const full = {
  calls: { rounds: 50, batch: 2, warmUp: 250 },
  requests: { rounds: 30, batch: 40, warmUp: 500 },
  cpu: { rounds: 16, requests: 200, warmUp: 1000 },
  processes: 20,
  profile: 2000,
}

const quick = {
  calls: { rounds: 25, batch: 1, warmUp: 100 },
  requests: { rounds: 10, batch: 20, warmUp: 200 },
  cpu: { rounds: 6, requests: 100, warmUp: 400 },
  processes: 7,
  profile: 1000,
}

/** Only whether all cases run and give equal results: the figures mean nothing. */
const check = {
  calls: { rounds: 1, batch: 0.1, warmUp: 0 },
  requests: { rounds: 1, batch: 1, warmUp: 0 },
  cpu: { rounds: 1, requests: 10, warmUp: 10 },
  processes: 1,
  profile: 20,
}

export const settingsOf = (run) => (run.check ? check : run.quick ? quick : full)
