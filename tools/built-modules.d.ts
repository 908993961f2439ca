// What pkg-template/ imports and only the build makes, for `make check-js`.
declare module "#*"
declare module "*.wasm"
declare module "*.wasm?module"
