// The public names of the package, as its declarations have them and as they are at run time.
import { createRequire } from "node:module"
import { join } from "node:path"
import { pathToFileURL } from "node:url"

const classes = [
  "Pusher",
  "Token",
  "WebHook",
  "PusherError",
  "PusherValidationError",
  "PusherRequestError",
  "PusherWebHookError",
]
/** What the types call the options of the client and of its calls. */
const optionTypes = [
  "Options",
  "TriggerParams",
  "CallOptions",
  "GetOptions",
  "PostOptions",
  "ChannelsOptions",
  "ChannelOptions",
  "SignedQueryStringOptions",
  "WebHookRequest",
]

/**
 * @returns {{ exported: string[], members: Record<string, string[]>, options: Record<string, string[]> }} `members`: of each class, and of its
 *   instances as `Class.prototype`; all sorted
 */
export function declaredNames(tools, packed) {
  const ts = createRequire(join(tools, "typescript/package.json"))("typescript")
  const file = join(packed, "index.d.ts")
  const program = ts.createProgram([file], {
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.NodeNext,
    strict: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  const module = checker.getSymbolAtLocation(program.getSourceFile(file))
  const exported = checker.getExportsOfModule(module)
  const find = (name) => {
    const symbol = exported.find((symbol) => symbol.name === name)
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }
  const declaredHere = (symbol) =>
    symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName === file)
  // A symbol such as Symbol.dispose, and what every function has.
  const isName = ({ name }) => !name.startsWith("__") && name !== "prototype"
  const namesOf = (symbols) => symbols.filter(isName).map(({ name }) => name)

  const members = {}
  for (const name of classes) {
    const symbol = find(name)
    const type = checker.getTypeOfSymbol(symbol)
    const [construct] = checker.getSignaturesOfType(type, ts.SignatureKind.Construct)
    const ofInstance = checker.getPropertiesOfType(construct.getReturnType())
    members[name] = namesOf(checker.getPropertiesOfType(type).filter(declaredHere).filter(isValue(ts, checker))).sort()
    members[`${name}.prototype`] = namesOf(ofInstance.filter(declaredHere)).sort()
  }
  const namespace = checker.getExportsOfModule(find("Pusher"))
  const options = {}
  for (const name of optionTypes) {
    const type = checker.getDeclaredTypeOfSymbol(namespace.find((symbol) => symbol.name === name))
    const properties = type.isUnion()
      ? type.types.flatMap((part) => checker.getPropertiesOfType(part))
      : checker.getPropertiesOfType(type)
    options[name] = [...new Set(namesOf(properties))].sort()
  }
  return { exported: exported.map(({ name }) => name).sort(), members, options }
}

const isValue = (ts, checker) => (symbol) => {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return (target.flags & ts.SymbolFlags.Value) !== 0
}

/** The same, of the classes as an entry of the package gives them; of some also what an instance with everything has. */
export async function runtimeNames(packed, entry) {
  const { default: Pusher } = await import(pathToFileURL(join(packed, entry)))
  const library = { ...Pusher, Pusher }
  const { PusherError, PusherValidationError, PusherRequestError, PusherWebHookError } = library
  // `default` is for those who import CommonJS with tools that know no better.
  const ofEvery = new Set(["length", "name", "prototype", "constructor", "message", "stack", "cause", "default"])
  // What wasm-bindgen keeps for itself begins with two underscores.
  const ownNames = (object) =>
    Object.getOwnPropertyNames(object).filter((name) => !ofEvery.has(name) && !name.startsWith("__"))
  const made = {
    Token: new library.Token("key", "secret"),
    PusherError: new PusherError("", "code", { hint: "x" }),
    PusherValidationError: new PusherValidationError("", "code", { field: "x", index: 1, hint: "x" }),
    PusherRequestError: new PusherRequestError("", "url", new Error(), 500, "body", "http", "hint"),
    PusherWebHookError: Object.assign(new PusherWebHookError("", "type", "body", "signature"), {
      hint: "which any may have",
    }),
  }
  const members = {}
  for (const name of classes) {
    const type = library[name]
    const ofInstance = new Set(ownNames(made[name] ?? {}))
    for (
      let level = type.prototype;
      ![Object.prototype, Error.prototype].includes(level);
      level = Object.getPrototypeOf(level)
    ) {
      for (const member of ownNames(level)) ofInstance.add(member)
    }
    members[name] = ownNames(type).sort()
    members[`${name}.prototype`] = [...ofInstance].sort()
  }
  return members
}
