//! What can only be tested as wasm: how values cross the border. What callers see of it is in `js-tests/suite`.
//!
//! The border is private, so `src/wasm/mod.rs` takes this folder in as its own tests. Of JavaScript's half only those files are here that
//! Rust imports.

mod client;
mod frame;
mod settings;
mod token;

use std::sync::Once;

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_test::wasm_bindgen_test_configure;

use super::{
    client::Client,
    frame::{open, room},
};

// Node's `require`, the default, cannot take the errors' ECMAScript module in every version.
wasm_bindgen_test_configure!(run_in_node_experimental);

#[wasm_bindgen(module = "/pkg-template/values.js")]
extern "C" {
    #[wasm_bindgen(js_name = writeFrame)]
    fn write_into_buffer(values: &JsValue, with_bytes: bool);

    #[wasm_bindgen(js_name = useRoom)]
    fn use_room(maker: &JsValue);

    fn shown(value: &JsValue) -> String;

    #[wasm_bindgen(js_name = readAnswer)]
    fn read_answer(length: i32) -> JsValue;

    type Nonce;

    #[wasm_bindgen(constructor)]
    fn new(bytes: &JsValue) -> Nonce;
}

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    /// Throws what was left to be thrown.
    #[wasm_bindgen(js_name = takeThrown, catch)]
    fn take_thrown() -> Result<(), JsValue>;
}

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// A member of a member … by its path, such as `error.message`.
fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| Reflect::get(&value, &name.into()).unwrap())
}

fn write_frame(values: &JsValue, with_bytes: bool) {
    static START: Once = Once::new();
    // Tests run without what otherwise runs as the module starts (pkg-template/start.js).
    START.call_once(|| {
        open();
        use_room(&Closure::<dyn Fn(usize) -> *mut u8>::new(room).into_js_value());
    });
    write_into_buffer(values, with_bytes);
}

/// Writes a frame of the values of a JavaScript list.
fn write(list: &str) {
    write_frame(&js(list), true);
}

fn ok<T>(result: Result<T, JsValue>) -> T {
    result.unwrap_or_else(|thrown| panic!("{}", shown(&thrown)))
}

/// What the client answers to the frame that has been written, at the first second of all; `undefined` for nothing.
fn answer_of(client: &Client, method: u32) -> JsValue {
    let length = client.answer(method, 1.0);
    if length < 0 { JsValue::UNDEFINED } else { read_answer(length) }
}

/// The error that the module has left to be thrown.
fn left() -> JsValue {
    take_thrown().expect_err("nothing was left to be thrown")
}

/// An error as `Name code field: message`.
fn told(error: &JsValue) -> String {
    assert!(error.is_instance_of::<js_sys::Error>());
    let part = |name| shown(&get(error, name));
    format!("{} {} {}: {}", part("name"), part("code"), part("field"), part("message"))
}
