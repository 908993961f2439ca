// Without this setting Next.js bundles the package as for Node, with the module as text, which Workers refuse to compile.
export default { serverExternalPackages: ["pusher-http-wasm"] }
