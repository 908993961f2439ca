//! JavaScript's half of the border, in `pkg-template`: what it does for the module.
//!
//! None of these throws: an exception through the module's own frames would leave what they hold behind, and the stack as it was. A caller's
//! code runs before the module is called, in the exchange, which begins once the call has returned, and where `env` has getters: its variables
//! are read before anything is written.

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

#[wasm_bindgen(module = "/pkg-template/values.js")]
extern "C" {
    /// Tells where frames are written, and what the library calls itself.
    #[wasm_bindgen(js_name = openFrame)]
    pub(super) fn open_frame(memory: &JsValue, address: *mut u8, length: usize, library: &str);

    /// An answer that has no room where frames are.
    #[wasm_bindgen(js_name = leaveText)]
    pub(super) fn leave_text(text: &str);
}

#[wasm_bindgen(module = "/pkg-template/environment.js")]
extern "C" {
    /// Writes a frame of one variable.
    #[wasm_bindgen(js_name = writeVariable)]
    pub(super) fn write_variable(env: &JsValue, name: &str);
}

#[wasm_bindgen(module = "/pkg-template/exchange.js")]
extern "C" {
    /// One exchange; rejects with a failure for [`request_error`].
    pub(super) fn exchange(
        settings: &JsValue,
        url: &str,
        init: &RequestInit,
        options: &JsValue,
        timeout: u32,
        parsed: bool,
    ) -> Promise;

    /// The status of a failure that the server's answer made; 0 for any other.
    #[wasm_bindgen(js_name = statusOf)]
    pub(super) fn status_of(failure: &JsValue) -> u16;

    #[wasm_bindgen(js_name = requestError)]
    pub(super) fn request_error(failure: &JsValue, message: &str, hint: &str) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    /// Has JavaScript throw the error of a rule, once the module's call has returned: message, code, field, hint, and the event of the
    /// batch that it is about.
    #[wasm_bindgen(js_name = coreError)]
    pub(super) fn core_error(message: &str, code: &str, field: &str, hint: &str, event: Option<u32>);
}
