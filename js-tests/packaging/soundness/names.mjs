// Reads the public names of the package from its declarations and from its classes at run time.
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
/** The names of the types of options. */
const optionTypes = [
  "Options",
  "TriggerParams",
  "CallOptions",
  "GetOptions",
  "PostOptions",
  "PublishOptions",
  "RetryOptions",
  "ChannelsOptions",
  "ChannelOptions",
  "SignedQueryStringOptions",
  "WebHookRequest",
]

/** Opens the declarations of a subpath. Returns TypeScript, its checker, the file, and what the file exports. */
const openDeclarations = (tools, packed, types) => {
  const ts = createRequire(join(tools, "typescript/package.json"))("typescript")
  const file = join(packed, `${types}.d.ts`)
  const program = ts.createProgram([file], {
    lib: ["lib.esnext.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.NodeNext,
    strict: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  return {
    ts,
    checker,
    file,
    exported: checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(file))),
  }
}

/** Reads the names that a subpath exports according to its declarations, without types. @returns {string[]} sorted */
export function readDeclaredExports(tools, packed, types) {
  const { ts, checker, exported } = openDeclarations(tools, packed, types)
  return exported
    .filter(isValue(ts, checker))
    .map(({ name }) => name)
    .sort()
}

/** Reads the members of the options that a subpath's functions take. @returns {Record<string, string[]>} sorted, by their type's name */
export function readOptions(tools, packed, types) {
  const { checker, exported } = openDeclarations(tools, packed, types)
  const members = exported
    .filter(({ name }) => name.endsWith("Options"))
    .map((symbol) => [symbol.name, checker.getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))])
  return Object.fromEntries(members.map(([type, properties]) => [type, properties.map(({ name }) => name).sort()]))
}

/**
 * Reads the names in the declarations of the main entry.
 *
 * @returns {{ members: Record<string, string[]>, options: Record<string, string[]> }} all sorted; `members` of each class, and of its
 *   instances as `Class.prototype`
 */
export function readDeclaredNames(tools, packed) {
  const { ts, checker, file, exported } = openDeclarations(tools, packed, "index")
  const find = (name) => {
    const symbol = exported.find((symbol) => symbol.name === name)
    return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  }
  const isDeclaredHere = (symbol) =>
    symbol.declarations?.some((declaration) => declaration.getSourceFile().fileName === file)
  // Leaves out symbols such as Symbol.dispose, and members of every function and of every error.
  const isName = ({ name }) => !name.startsWith("__") && name !== "prototype" && name !== "cause"
  const getNames = (symbols) => symbols.filter(isName).map(({ name }) => name)

  const members = {}
  for (const name of classes) {
    const symbol = find(name)
    const type = checker.getTypeOfSymbol(symbol)
    const [construct] = checker.getSignaturesOfType(type, ts.SignatureKind.Construct)
    const ofInstance = checker.getPropertiesOfType(construct.getReturnType())
    members[name] = getNames(
      checker.getPropertiesOfType(type).filter(isDeclaredHere).filter(isValue(ts, checker)),
    ).sort()
    members[`${name}.prototype`] = getNames(ofInstance.filter(isDeclaredHere)).sort()
  }
  const namespace = checker.getExportsOfModule(find("Pusher"))
  const options = {}
  for (const name of optionTypes) {
    const type = checker.getDeclaredTypeOfSymbol(namespace.find((symbol) => symbol.name === name))
    const properties = type.isUnion()
      ? type.types.flatMap((part) => checker.getPropertiesOfType(part))
      : checker.getPropertiesOfType(type)
    options[name] = [...new Set(getNames(properties))].sort()
  }
  return { members, options }
}

const isValue = (ts, checker) => (symbol) => {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
  return (target.flags & ts.SymbolFlags.Value) !== 0
}

/** Reads the names of the classes that an entry of the package exports, and of instances with every member. */
export async function readRuntimeNames(packed, entry) {
  const { default: Pusher } = await import(pathToFileURL(join(packed, entry)))
  const library = { ...Pusher, Pusher }
  const { PusherError, PusherValidationError, PusherRequestError, PusherWebHookError } = library
  // Some tools that import CommonJS need `default`.
  const commonNames = new Set(["length", "name", "prototype", "constructor", "message", "stack", "cause", "default"])
  // Internal members of wasm-bindgen begin with two underscores.
  const getOwnNames = (object) =>
    Object.getOwnPropertyNames(object).filter((name) => !commonNames.has(name) && !name.startsWith("__"))
  const instances = {
    Pusher: new Pusher({}),
    WebHook: new Pusher({}).webhook({}),
    Token: new library.Token("key", "secret"),
    PusherError: new PusherError("", "code", { hint: "x" }),
    PusherValidationError: new PusherValidationError("", "code", { field: "x", index: 1, hint: "x" }),
    PusherRequestError: new PusherRequestError("", "url", new Error(), 500, "body", "http", "hint", 1, true, 1),
    PusherWebHookError: Object.assign(new PusherWebHookError("", "type", "body", "signature"), {
      hint: "optional",
      reason: "optional",
      status: "optional",
    }),
  }
  const members = {}
  for (const name of classes) {
    const type = library[name]
    const ofInstance = new Set(getOwnNames(instances[name] ?? {}))
    for (
      let level = type.prototype;
      ![Object.prototype, Error.prototype].includes(level);
      level = Object.getPrototypeOf(level)
    ) {
      for (const member of getOwnNames(level)) ofInstance.add(member)
    }
    members[name] = getOwnNames(type).sort()
    members[`${name}.prototype`] = [...ofInstance].sort()
  }
  return members
}
