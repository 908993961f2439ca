//! What the border needs of the host and of the caller's values; `pkg-template/host.js` has the other half.
//!
//! Nothing that runs a caller's code may throw through the module's own frames: what they hold would never be dropped, the stack
//! not be unwound. So every such import has `catch`, or returns a promise.

use js_sys::{Array, Date, Function, Object, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

#[wasm_bindgen(module = "/pkg-template/host.js")]
extern "C" {
    /// An array's items in an array of ours; `undefined` for anything else.
    #[wasm_bindgen(catch, js_name = arrayOf)]
    pub(super) fn array_of(value: &JsValue) -> Result<Option<Array>, JsValue>;

    /// An object's own members as names and values by turns.
    #[wasm_bindgen(catch, js_name = membersOf)]
    pub(super) fn members_of(object: &JsValue) -> Result<Array, JsValue>;

    /// A list of attributes as one string; anything else as it is.
    #[wasm_bindgen(catch)]
    pub(super) fn joined(value: &JsValue) -> Result<JsValue, JsValue>;

    /// The bytes of an `ArrayBuffer` or of a view of one; `undefined` for anything else.
    #[wasm_bindgen(catch, js_name = bytesOf)]
    pub(super) fn bytes_of(value: &JsValue) -> Result<Option<Uint8Array>, JsValue>;

    /// Bytes as a `Buffer`, where the host has such a thing.
    #[wasm_bindgen(catch, js_name = bufferOf)]
    pub(super) fn buffer_of(bytes: Uint8Array) -> Result<Uint8Array, JsValue>;

    /// A header by its lower-case name; `undefined` where it is missing, or stands there more than once.
    #[wasm_bindgen(catch, js_name = headerOf)]
    pub(super) fn header_of(headers: &JsValue, name: &str) -> Result<JsValue, JsValue>;

    /// The time of so many milliseconds; an invalid one for what is no number.
    #[wasm_bindgen(js_name = dateOf)]
    pub(super) fn date_of(milliseconds: &JsValue) -> Date;

    /// A copy of options that the caller can no longer change.
    #[wasm_bindgen(catch, js_name = copyOf)]
    pub(super) fn copy_of(options: &JsValue) -> Result<Object, JsValue>;

    /// Headers as a plain object, also from `Headers` or a list of pairs.
    #[wasm_bindgen(catch, js_name = headersOf)]
    pub(super) fn headers_of(headers: &JsValue) -> Result<Object, JsValue>;

    /// Sends with the caller's `fetch`, or with the global one as it is now.
    pub(super) fn send(fetch: Option<&Function>, url: &str, init: &RequestInit) -> Promise;

    /// Reads a response's body with the method; resolves to `undefined` where there is none.
    #[wasm_bindgen(js_name = bodyOf)]
    pub(super) fn body_of(response: &JsValue, method: &str) -> Promise;

    /// The response with its whole body.
    #[wasm_bindgen(catch, js_name = wholeOf)]
    pub(super) fn whole_of(response: &JsValue, status: u16, body: &JsValue) -> Result<JsValue, JsValue>;

    /// Calls the hook; what it throws, and what its promise rejects with, is dropped.
    pub(super) fn notify(hook: &Function, event: &JsValue);

    /// A function of `fetch`'s shape that sends through `node:http` with the agent; `undefined` where there is none.
    #[wasm_bindgen(catch, js_name = fetchWithAgent)]
    pub(super) fn fetch_with_agent(agent: &JsValue) -> Result<Option<Function>, JsValue>;

    /// The host's environment variable, if it has such things and lets the program see it.
    #[wasm_bindgen(js_name = environmentVariable)]
    pub(super) fn environment_variable(name: &str) -> Option<String>;
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    pub(super) fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_namespace = console, js_name = warn)]
    pub(super) fn warn(message: &str) -> Result<(), JsValue>;

    #[wasm_bindgen(catch, js_name = setTimeout)]
    pub(super) fn set_timeout(callback: &Function, milliseconds: u32, argument: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = clearTimeout)]
    pub(super) fn clear_timeout(timer: &JsValue) -> Result<(), JsValue>;

    /// Milliseconds since 1970, from a clock that tests may have replaced.
    #[wasm_bindgen(catch, js_namespace = Date, js_name = now)]
    pub(super) fn date_now() -> Result<JsValue, JsValue>;
}
