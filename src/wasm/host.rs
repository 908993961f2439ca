//! JavaScript's half of the border, in `pkg-template`.
//!
//! Nothing that runs a caller's code may throw through the module's own frames: what they hold would never be dropped, the stack
//! not be unwound. So every such import has `catch`, or returns a promise.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::RequestInit;

#[wasm_bindgen(module = "/pkg-template/values.js")]
extern "C" {
    #[wasm_bindgen(js_name = openFrame)]
    pub(super) fn open_frame(memory: &JsValue, address: *mut u8, length: usize);

    #[wasm_bindgen(js_name = largeFrame)]
    pub(super) fn large_frame(into: &mut [u8]);

    /// The bytes as a `Buffer`, where the host has such a thing.
    #[wasm_bindgen(js_name = bufferOf)]
    pub(super) fn buffer_of(bytes: &[u8]) -> Uint8Array;
}

/// Each `write_…` leaves a frame to be taken.
#[wasm_bindgen(module = "/pkg-template/arguments.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = callOptions)]
    pub(super) fn call_options(name: &str, options: &JsValue) -> Result<JsValue, JsValue>;

    /// `socket_id`, event, then the channels, whose number it gives.
    #[wasm_bindgen(catch, js_name = writeTrigger)]
    pub(super) fn write_trigger(channels: &JsValue, event: &JsValue, params: &JsValue) -> Result<usize, JsValue>;

    #[wasm_bindgen(catch, js_name = lengthOf)]
    pub(super) fn length_of(events: &JsValue) -> Result<usize, JsValue>;

    /// `socket_id`, name and channel of one event of a batch, which it gives.
    #[wasm_bindgen(catch, js_name = writeEvent)]
    pub(super) fn write_event(events: &JsValue, index: usize) -> Result<JsValue, JsValue>;

    /// An event's data, as text.
    #[wasm_bindgen(catch, js_name = writeData)]
    pub(super) fn write_data(settings: &JsValue, data: &JsValue, sealed: bool) -> Result<(), JsValue>;

    /// The JSON of an object's members but those between commas in `without`; absent where there are none.
    #[wasm_bindgen(catch, js_name = writeMembers)]
    pub(super) fn write_members(object: &JsValue, without: &str) -> Result<(), JsValue>;

    /// One value.
    #[wasm_bindgen(js_name = writeTexts)]
    pub(super) fn write_texts(first: &JsValue, second: &JsValue, third: &JsValue);

    /// Path, body, and the query's names and values.
    #[wasm_bindgen(catch, js_name = writeCall)]
    pub(super) fn write_call(settings: &JsValue, options: &JsValue, with_body: bool) -> Result<(), JsValue>;

    /// Method, path, body, and the query's names and values.
    #[wasm_bindgen(catch, js_name = writeSignable)]
    pub(super) fn write_signable(options: &JsValue) -> Result<(), JsValue>;

    /// Channel, prefix and info.
    #[wasm_bindgen(catch, js_name = writeQuestion)]
    pub(super) fn write_question(channel: &JsValue, options: &JsValue) -> Result<(), JsValue>;

    /// Socket id, channel, and the data's JSON, which it gives.
    #[wasm_bindgen(catch, js_name = writeAuthorization)]
    pub(super) fn write_authorization(
        settings: &JsValue,
        socket_id: &JsValue,
        channel: &JsValue,
        data: &JsValue,
    ) -> Result<JsValue, JsValue>;

    /// Socket id, the user's id, and the user's JSON, which it gives.
    #[wasm_bindgen(catch, js_name = writeUser)]
    pub(super) fn write_user(settings: &JsValue, socket_id: &JsValue, user: &JsValue) -> Result<JsValue, JsValue>;

    /// Channel, nonce and ciphertext.
    #[wasm_bindgen(catch, js_name = writeSealed)]
    pub(super) fn write_sealed(settings: &JsValue, channel: &JsValue, data: &JsValue) -> Result<(), JsValue>;

    /// The answer for a client that subscribes; throws what was thrown instead of giving JSON.
    #[wasm_bindgen(catch, js_name = channelAuthorization)]
    pub(super) fn channel_authorization(auth: &str, json: &JsValue, secret: Option<&str>) -> Result<JsValue, JsValue>;

    /// The same, for a client that signs in as a user.
    #[wasm_bindgen(catch, js_name = userAuthentication)]
    pub(super) fn user_authentication(auth: &str, json: &JsValue) -> Result<JsValue, JsValue>;

    /// The value of decrypted data.
    pub(super) fn opened(settings: &JsValue, text: &str) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/options.js")]
extern "C" {
    /// The options that the module needs, after `base`; gives those that it does not.
    #[wasm_bindgen(catch, js_name = readOptions)]
    pub(super) fn read_options(options: &JsValue, kind: u32, base: &JsValue) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(js_name = writeVariable)]
    pub(super) fn write_variable(env: &JsValue, name: &str);

    #[wasm_bindgen(js_name = setAppId)]
    pub(super) fn set_app_id(settings: &JsValue, app_id: &str);

    /// Whole seconds since 1970.
    #[wasm_bindgen(catch)]
    pub(super) fn seconds(settings: &JsValue) -> Result<f64, JsValue>;

    #[wasm_bindgen(catch, js_name = drawNonce)]
    pub(super) fn draw_nonce(settings: &JsValue, nonce: &mut [u8]) -> Result<(), JsValue>;

    #[wasm_bindgen(js_name = viewOf)]
    pub(super) fn view_of(settings: &JsValue) -> JsValue;

    #[wasm_bindgen(js_name = makeView)]
    pub(super) fn make_view(
        settings: &JsValue,
        scheme: &str,
        host: &str,
        port: u16,
        timeout: u32,
        token: &JsValue,
        master_key: &[u8],
    ) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/exchange.js")]
extern "C" {
    /// One exchange; rejects with a failure for [`request_error`].
    pub(super) fn exchange(
        settings: &JsValue,
        url: &str,
        init: &RequestInit,
        library: &str,
        options: &JsValue,
        timeout: u32,
        parsed: bool,
    ) -> Promise;

    /// The status of a failure that the server's answer made; 0 for any other.
    #[wasm_bindgen(js_name = statusOf)]
    pub(super) fn status_of(failure: &JsValue) -> u16;

    #[wasm_bindgen(js_name = requestError)]
    pub(super) fn request_error(failure: &JsValue, url: &str, message: &str, hint: &str) -> JsValue;
}

#[wasm_bindgen(module = "/pkg-template/node-http.js")]
extern "C" {
    /// Asked for here only for wasm-bindgen to take the file along: options.js imports it.
    #[wasm_bindgen(js_name = fetchWithAgent)]
    #[allow(dead_code)]
    fn fetch_with_agent(agent: &JsValue) -> JsValue;
}
