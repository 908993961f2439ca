// What pkg-template/ imports and only the build makes, for `make check-js`.
declare module "#module" {
  /** A client of the module's: wasm-bindgen's class of that name. */
  export interface Client {
    call(operation: number, time: number, length: number): number
    free(): void
  }
  export interface Instance {
    Client: new () => Client
    memory: WebAssembly.Memory
    /** Makes room for frames of that many bytes; returns its address, or 0. */
    reserve(length: number): number
    /** Judges a failed attempt, of which the numbers tell the rest (src/wasm/recovery.rs). Calls its `finish` with the verdict. */
    recover(failure: { head?: object; finish: (verdict: string) => void }, ...facts: any[]): void
  }
  /** Makes an instance of the compiled module. */
  export function instantiate(module: WebAssembly.Module): Instance
}
declare module "#wasm" {
  /** The module's bytes. */
  export const base64: string
}
declare module "*.wasm" {
  const module: WebAssembly.Module
  export default module
}
declare module "*.wasm?module" {
  const module: WebAssembly.Module
  export default module
}
/** The version of the package. */
declare const PACKAGE_VERSION: string

/** Whether the bundle is for hosts that have `http.Agent`s, and tell of a failure whether a connection was made. */
declare const HAS_AGENTS: boolean
