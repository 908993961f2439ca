// Whose work a function of a CPU profile does: ours by file and crate, the runtime's by what it is for.

/** What belongs to nobody: the profiler, waiting, the benchmark. */
export const NOBODY = "nobody"

/** Of the module's functions, by what their names hold. */
const inModule = [
  [/sha2/, "SHA-256"],
  [/md5/, "MD5"],
  [/encrypt|poly1305/, "sealing"],
]

/** Of our files. */
const inFiles = [
  [/^module\/(frame|call|instance)/, "crossing into the module and back"],
  [/^module\/state/, "making objects"],
  [/^http\//, "the exchange of a request"],
  [/./, "reading arguments"],
]

/** Of the runtime's own functions, by their names and then by their files. */
const inRuntime = [
  [/garbage collector/, "collecting garbage"],
  [/encode|decode/i, "crossing into the module and back"],
  [/abort|timer|event_target/i, "the request's abort signal and timer"],
]

const find = (list, text) => list.find(([pattern]) => pattern.test(text))?.[1]

/** Finds the files that a built file is made of: its lines say where each begins. */
const listFiles = (text) =>
  text.split("\n").flatMap((line, at) => {
    const [, file] = /^\/\/ pkg-template\/(\S+)/.exec(line) ?? []
    return file ? [{ from: at, file }] : []
  })

/** Makes the function that says whose work a frame of V8's profiler does. `built` is the text of our index.js. */
export const makeGrouping = (built) => {
  const files = listFiles(built)
  return ({ functionName, url, lineNumber }) => {
    if (url.startsWith("wasm")) return find(inModule, functionName) ?? "the module's rules"
    if (url.endsWith("/index.js")) {
      if (/^(stringify|parse)$/.test(functionName)) return "JSON"
      return find(inFiles, files.findLast(({ from }) => from <= lineNumber)?.file ?? "")
    }
    if (url.startsWith("file:") || /^\((idle|program)\)$|^dispatch$/.test(functionName)) return NOBODY
    return find(inRuntime, functionName) ?? find(inRuntime, url) ?? "other functions of the runtime"
  }
}

/** Sums up a profile: the shares of a call's time, the largest first. */
export const sharesOf = ({ nodes, samples, timeDeltas }, groupOf) => {
  const groups = new Map(nodes.map(({ id, callFrame }) => [id, groupOf(callFrame)]))
  const times = new Map()
  for (const [at, id] of samples.entries()) {
    const group = groups.get(id)
    if (group !== NOBODY) times.set(group, (times.get(group) ?? 0) + timeDeltas[at])
  }
  const total = [...times.values()].reduce((sum, time) => sum + time, 0)
  return [...times].sort(([, one], [, other]) => other - one).map(([group, time]) => [group, time / total])
}
