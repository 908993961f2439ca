// Names in the documentation that belong to hosts, to other libraries, or to the protocol.
export const platform = [
  // JavaScript and its hosts
  "AbortSignal",
  "FinalizationRegistry",
  "ReadableStream",
  "String",
  "TypeError",
  "WebAssembly",
  "Module",
  "endsWith",
  "exit",
  "getRandomValues",
  "SameSite",
  "require",
  // The protocol
  "body_md5",
  "pusher_internal",
  // pusher-js
  "customHandler",
  "signin",
  "userAuthentication",
  // Tools
  "any",
  "checkOrigin",
  "configPath",
  "nodejs_compat",
  "serverExternalPackages",
  "stubEnv",
  "stubGlobal",
  "sveltekit",
  "trustedOrigins",
  // Other libraries for Channels
  "PusherAsync",
  "validate_webhook",
]
