//! What can only be tested as wasm: how values cross the border. What callers see of it is in `js-tests/suite`.
//!
//! The border is private, so `src/wasm/mod.rs` takes this folder in as its own tests.

mod arguments;
mod convert;
mod exchange;
mod options;
mod webhook;

use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test_configure;

use super::{
    client::Pusher,
    convert::{member, shown},
    errors::Thrown,
    settings::{Base, Settings},
};

// Node's `require`, the default, cannot take the errors' ECMAScript module in every version.
wasm_bindgen_test_configure!(run_in_node_experimental);

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap_or_else(|error| panic!("{expression}: {error:?}"))
}

/// A member of a member … by its path, such as `error.message`.
fn get(value: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(value.clone(), |value, name| member(&value, name).unwrap())
}

fn ok<T>(result: Result<T, impl Into<JsValue>>) -> T {
    result.unwrap_or_else(|thrown| panic!("{}", shown(&thrown.into())))
}

fn thrown<T>(result: Result<T, impl Into<JsValue>>) -> JsValue {
    result.err().expect("nothing was thrown").into()
}

/// An error as `Name code field: message`.
fn told(error: &JsValue) -> String {
    assert!(error.is_instance_of::<js_sys::Error>());
    let part = |name| shown(&get(error, name));
    format!("{} {} {}: {}", part("name"), part("code"), part("field"), part("message"))
}

fn settings(options: &str) -> Result<Settings, Thrown> {
    Settings::read(&js(options), &Base::Nothing)
}

fn pusher(options: &str) -> Pusher {
    ok(Pusher::new(&js(&format!("{{ appId: 3, key: 'key', secret: 'tofu', {options} }}"))))
}
