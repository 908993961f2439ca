// What editors show: text for every public member, completions, and messages that can be read.
import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { after, describe, test } from "node:test"

import { DECLARATIONS, inProcess, loadTypeScript, makeProject, writeFiles } from "./compile.mjs"

const project = await makeProject()
after(project.remove)
const { folder, packed, tools } = project
const ts = loadTypeScript(tools, "typescript-5")
const OPTIONS = {
  strict: true,
  target: "es2022",
  lib: ["es2022", "dom"],
  types: [],
  module: "nodenext",
  moduleResolution: "nodenext",
}

describe("the declarations", () => {
  for (const file of DECLARATIONS) {
    test(`have text for everything that is declared, and for each parameter, in ${file}`, (t) => {
      const source = ts.createSourceFile(file, readFileSync(join(packed, file), "utf8"), ts.ScriptTarget.ESNext, true)
      const declared = []
      const missing = []
      const visit = (node, path) => {
        const name = nameOf(node)
        const here = name ? [...path, name] : path
        if (name) {
          declared.push(here.join("."))
          if (textOf(node) === "") missing.push(here.join("."))
          const documented = ts.getJSDocTags(node).filter(ts.isJSDocParameterTag)
          const withText = documented.filter(({ comment }) => comment).map(({ name }) => name.text)
          for (const parameter of parametersOf(node)) {
            if (!withText.includes(parameter)) missing.push(`${here.join(".")}(${parameter})`)
          }
        }
        ts.forEachChild(node, (child) => visit(child, here))
      }
      for (const statement of source.statements) visit(statement, [])
      t.diagnostic(`${declared.length} declared, ${missing.length} without text`)
      assert.ok(declared.length > (file.startsWith("index.") ? 250 : 10), String(declared.length))
      assert.deepEqual(missing, [])
    })
  }

  /** What users never call themselves, or whose name says it all. */
  const PLAIN =
    /^(CommonRequest|CommonResponse|CommonHeaders|HostResponse|FetchResponse|Response|ResponseOf|Agent|Signal|EventStream|BindableChannel|Dedupe)\.|\.(toJSON|\[Symbol\.dispose\]|isContentTypeValid|isBodyValid)$|^(SigningToken|WebHook)\.free$|^Pusher\w*Error\.constructor$/

  /** What cannot fail, though it takes something: wrong input makes it invalid, or is not read. */
  const NEVER_THROWS =
    /^(Pusher\.webhook|SigningToken\.verify|WebHook\.(constructor|isValid)|(NodeContext|LambdaContext)\.waitUntil|FakeChannels\.fetch|LocalChannels\.intercept)$/

  const readFunctions = () =>
    DECLARATIONS.filter((file) => file.endsWith(".d.ts")).flatMap((file) => {
      const source = ts.createSourceFile(file, readFileSync(join(packed, file), "utf8"), ts.ScriptTarget.ESNext, true)
      const found = []
      const visit = (node, path) => {
        const name = nameOf(node)
        const here = name ? [...path, name] : path
        if (name && isCalled(node) && !PLAIN.test(here.join("."))) {
          const tags = ts.getJSDocTags(node).map(({ tagName }) => tagName.text)
          found.push({ file, node, name: here.join("."), tags })
        }
        ts.forEachChild(node, (child) => visit(child, here))
      }
      for (const statement of source.statements) visit(statement, [])
      return found
    })
  const list = (functions) => functions.map(({ file, name }) => `${file}: ${name}`)

  test("have an example for each function and class", (t) => {
    const functions = readFunctions()
    const shown = functions.filter(({ tags }) => tags.includes("example"))
    t.diagnostic(`${shown.length} of ${functions.length} functions, methods and classes have an example`)
    assert.ok(functions.length >= 72, String(functions.length))
    assert.deepEqual(list(functions.filter((one) => !shown.includes(one))), [])
  })

  test("say what each function returns", (t) => {
    const returning = readFunctions().filter(({ node }) => isReturning(node))
    const missing = returning.filter(
      ({ node, tags }) => !tags.includes("returns") && !/^Returns|^Tells/.test(textOf(node)),
    )
    t.diagnostic(`${returning.length - missing.length} of ${returning.length} that return something say what`)
    assert.ok(returning.length >= 50, String(returning.length))
    assert.deepEqual(list(missing), [])
  })

  test("say what each function throws that takes something", (t) => {
    const taking = readFunctions().filter(({ node, name }) => node.parameters?.length > 0 && !NEVER_THROWS.test(name))
    const missing = taking.filter(({ tags }) => !tags.includes("throws"))
    t.diagnostic(`${taking.length - missing.length} of ${taking.length} that take something say what they throw`)
    assert.ok(taking.length >= 49, String(taking.length))
    assert.deepEqual(list(missing), [])
  })

  test("give by name whatever the class has", () => {
    const program = ts.createProgram([join(packed, "index.d.ts")], { types: [] })
    const checker = program.getTypeChecker()
    const module = checker.getSymbolAtLocation(program.getSourceFile(join(packed, "index.d.ts")))
    const exported = checker.getExportsOfModule(module)
    const pusher = checker.getAliasedSymbol(exported.find(({ name }) => name === "default"))
    const namesOf = (symbols) =>
      symbols
        .map(({ name }) => name)
        .filter((name) => name !== "prototype")
        .sort()
    const expected = [...namesOf(checker.getExportsOfModule(pusher)), "default"].sort()
    assert.deepEqual(namesOf(exported), expected)
  })
})

describe("editors", () => {
  test("show what a method does and takes", () => {
    const { service, file, at } = open('await pusher.|trigger("channel", "event", {}, {})')
    const { documentation, tags, displayParts } = service.getQuickInfoAtPosition(file, at)
    assert.match(ts.displayPartsToString(documentation), /^Triggers an event on one channel, or on several\./)
    const parameters = tags.filter(({ name }) => name === "param").map(({ text }) => text[0].text)
    assert.deepEqual(parameters, ["channels", "event", "data", "params"])
    assert.match(ts.displayPartsToString(displayParts), /data\?: any, params\?: string \| Pusher\.TriggerParams/)
  })

  test("show what `bindChunked` does and takes", () => {
    const { service, file, at } = open('bound.|bindChunked(channel, "event", () => {})')
    const { documentation, tags } = service.getQuickInfoAtPosition(file, at)
    assert.match(
      ts.displayPartsToString(documentation),
      /^Binds a callback to an event that may arrive in several parts/,
    )
    const parameters = tags.filter(({ name }) => name === "param").map(({ text }) => text[0].text)
    assert.deepEqual(parameters, ["channel", "name", "callback", "options"])
  })

  for (const [name, text] of [
    ["nodeHandler", /^Serves a fetch-style handler with `node:http`, Express, Fastify or Koa/],
    ["lambdaHandler", /^Serves a fetch-style handler on AWS Lambda/],
  ]) {
    test(`show what \`${name}\` does and takes`, () => {
      const { service, file, at } = open(`node.|${name}(() => new Response())`)
      const { documentation, tags } = service.getQuickInfoAtPosition(file, at)
      assert.match(ts.displayPartsToString(documentation), text)
      const parameters = tags.filter(({ name }) => name === "param").map(({ text }) => text[0].text)
      assert.deepEqual(parameters, ["handler"])
    })
  }

  test("complete options, with their text", () => {
    const { service, file, at, complete } = open('new Pusher({ appId: "1", | })')
    const names = complete()
    for (const name of ["cluster", "host", "useTLS", "agent", "maxChannels", "signPathPrefix", "randomBytes"]) {
      assert.ok(names.includes(name), name)
    }
    const { documentation } = service.getCompletionEntryDetails(file, at, "maxChannels", {}, undefined, {}, undefined)
    assert.match(ts.displayPartsToString(documentation), /^How many channels one `trigger` may name/)
  })

  for (const [what, code, expected] of [
    ["events", 'typed.trigger("channel", "|")', ["message", "ping"]],
    ["an event's data", 'typed.trigger("channel", "message", { | })', ["text"]],
    ["params", 'pusher.trigger("channel", "event", {}, { | })', ["idempotencyKey", "info", "signal", "socket_id"]],
    ["attributes", 'pusher.channel("channel", { info: "|" })', ["cache", "subscription_count", "user_count"]],
    ["the events of webhooks", 'for (const e of webhook.getEvents()) if (e.name === "|") {}', ["client_event"]],
    ["reasons", 'webhook.reason === "|"', ["bad_signature", "no_body", "not_signed"]],
    [
      "options of `bindChunked`",
      'bound.bindChunked(channel, "event", () => {}, { | })',
      ["maxBytes", "maxEvents", "onAbandon", "timeout"],
    ],
    [
      "what `nodeHandler` passes",
      "node.nodeHandler((request, env, ctx) => { ctx.| })",
      ["koa", "reply", "req", "request", "res", "waitUntil"],
    ],
    ["what `lambdaHandler` passes", "node.lambdaHandler((request, env, ctx) => { ctx.| })", ["context", "event"]],
    ["codes of errors", 'if (error instanceof Pusher.PusherRequestError) error.code === "|"', ["aborted", "timeout"]],
  ]) {
    test(`complete ${what}`, () => {
      const names = open(code).complete()
      for (const name of expected) assert.ok(names.includes(name), `${name}: ${names.slice(0, 20)}`)
    })
  }
})

describe("a mistake's message", () => {
  const compile = inProcess(ts, project)
  for (const [code, message] of [
    [
      'new Pusher({ appId: "1", key: "key", secret: "secret", clustr: "eu" })',
      /^Object literal may only specify known properties, but 'clustr' does not exist in type 'Options'\. Did you mean to write 'cluster'\?$/,
    ],
    [
      'new Pusher({ appId: "1", key: "key" })',
      /Property 'secret' is missing in type '.*' but required in type 'Options'\.$/,
    ],
    [
      'new Pusher({ appId: "1", key: "key", secret: "secret", useTLS: "yes" })',
      /^Type 'string' is not assignable to type 'boolean \| undefined'\.$/,
    ],
    [
      'typed.trigger("channel", "massage", { text: "" })',
      /^Argument of type '"massage"' is not assignable to parameter of type 'EventName<Events>'\.$/,
    ],
    [
      'typed.trigger("channel", "message", { txt: "" })',
      /^Object literal may only specify known properties, but 'txt' does not exist in type '{ text: string; }'\. Did you mean to write 'text'\?$/,
    ],
    ['typed.trigger("channel", "message")', /^Expected 3-4 arguments, but got 2\.$/],
    [
      'pusher.trigger("channel", 5, {})',
      /^Argument of type 'number' is not assignable to parameter of type 'string'\.$/,
    ],
    [
      "pusher.webhook({ headers: {}, rawBody: { events: [] } })",
      /^Object literal may only specify known properties, and 'events' does not exist in type 'ArrayBuffer \| Uint8Array<ArrayBufferLike>'\.$/,
    ],
    [
      'pusher.webhook({ headers: Promise.resolve(new Headers()), rawBody: "" })',
      /^Type 'Promise<Headers>' is not assignable to type 'WebHookHeaders'\./,
    ],
  ]) {
    test(`is short: ${code}`, async () => {
      const [file] = writeFiles(folder, { "mistake.mts": `${PREAMBLE}${code}\n` })
      const [found, ...others] = await compile(OPTIONS, [file])
      assert.match(found?.text ?? "", message)
      assert.deepEqual(others, [])
    })
  }
})

const PREAMBLE = `import Pusher from "pusher-http-wasm"
import * as bound from "pusher-http-wasm/chunks"
import * as node from "pusher-http-wasm/node"
declare const channel: bound.BindableChannel
interface Events { message: { text: string }; ping: undefined }
declare const pusher: Pusher, typed: Pusher<Events>, webhook: Pusher.WebHook, error: unknown
`

/** Opens a program as an editor does; \`|\` in the code is where the cursor is. */
function open(code) {
  const at = PREAMBLE.length + code.indexOf("|")
  const text = PREAMBLE + code.replace("|", "")
  const [file] = writeFiles(folder, { "editor.mts": text })
  const { options } = ts.convertCompilerOptionsFromJson(OPTIONS, folder)
  const host = {
    ...ts.sys,
    getCompilationSettings: () => options,
    getScriptFileNames: () => [file],
    getScriptVersion: () => "1",
    getScriptSnapshot: (name) => {
      const content = ts.sys.readFile(name)
      return content === undefined ? undefined : ts.ScriptSnapshot.fromString(content)
    },
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getCurrentDirectory: () => folder,
    useCaseSensitiveFileNames: () => true,
  }
  const service = ts.createLanguageService(host)
  const complete = () => service.getCompletionsAtPosition(file, at, {}).entries.map(({ name }) => name)
  return { service, file, at, complete }
}

/** Returns the name of a declaration that users see; `undefined` for other nodes. */
function nameOf(node) {
  if (ts.isConstructorDeclaration(node) || ts.isConstructSignatureDeclaration(node)) return "constructor"
  if (ts.isIndexSignatureDeclaration(node)) return undefined
  if (ts.isModuleDeclaration(node)) return undefined
  if (ts.isVariableStatement(node)) return node.declarationList.declarations[0].name.getText()
  const isMember = ts.isPropertySignature(node) || ts.isPropertyDeclaration(node)
  const isFunction = ts.isMethodSignature(node) || ts.isMethodDeclaration(node) || ts.isFunctionDeclaration(node)
  const isType = ts.isClassDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)
  // What stands inside another type has that one's text.
  const isInline = isMember && ts.isTypeLiteralNode(node.parent) && !isOfAlias(node.parent)
  return (isMember && !isInline) || isFunction || isType ? node.name.getText() : undefined
}

/** Tells whether an object type is that of a type alias, perhaps as a part of it. */
function isOfAlias(node) {
  const { parent } = node
  if (ts.isConditionalTypeNode(parent) && parent.extendsType === node) return false
  const isPart = ts.isIntersectionTypeNode(parent) || ts.isUnionTypeNode(parent) || ts.isConditionalTypeNode(parent)
  return isPart ? isOfAlias(parent) : ts.isTypeAliasDeclaration(parent)
}

/** Tells whether a declaration is called: a class, a function, a method, or what `new` runs. */
function isCalled(node) {
  return (
    ts.isConstructorDeclaration(node) ||
    ts.isConstructSignatureDeclaration(node) ||
    ts.isMethodSignature(node) ||
    ts.isMethodDeclaration(node) ||
    ts.isFunctionDeclaration(node) ||
    ts.isClassDeclaration(node)
  )
}

/** Tells whether a function returns something, by itself or by its promise. */
function isReturning(node) {
  if (ts.isConstructSignatureDeclaration(node) || !node.type) return false
  return !["void", "Promise<void>", "this"].includes(node.type.getText())
}

/** Returns what a comment says before its tags, or why something is deprecated. */
function textOf(node) {
  const comments = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc)
  const own = comments.map(({ comment }) => ts.getTextOfJSDocComment(comment) ?? "").join("")
  const deprecated = ts.getJSDocDeprecatedTag(node)
  return own || ts.getTextOfJSDocComment(deprecated?.comment) || ""
}

/** Returns the names of a function's parameters; those of a rest parameter are the labels of its tuple. */
function parametersOf(node) {
  const inParentheses = node.type?.types?.find(ts.isParenthesizedTypeNode)?.type
  const { parameters } = inParentheses && ts.isFunctionTypeNode(inParentheses) ? inParentheses : node
  const own = (parameters ?? node.type?.parameters ?? []).filter(ts.isParameter)
  return own.flatMap((parameter) => {
    if (!parameter.dotDotDotToken) return [parameter.name.getText()]
    return parameter.type.typeArguments.length > 2 ? ["data", "params"] : ["data"]
  })
}
