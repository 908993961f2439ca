// What pkg-template/ imports and only the build makes, for `make check-js`.
declare module "#module" {
  /** A client of the module's: wasm-bindgen's class of that name. */
  export class Client {
    call(operation: number, time: number, length: number): number
    free(): void
  }
  /** The import object of the module. */
  export const imports: WebAssembly.Imports
  /** Starts the module; returns its memory. */
  export function begin(exports: WebAssembly.Exports): WebAssembly.Memory
  /** Gives up what an interrupted call has left on the module's own stack. */
  export function restoreStack(): void
  /** Makes room for frames of that many bytes; returns its address, or 0. */
  export function reserve(length: number): number
  /** Puts a failed attempt into words: message and hint. */
  export function recover(failure: object): Promise<[message: string, hint: string]>
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
