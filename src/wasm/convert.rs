//! Adapters between JavaScript's values and Rust's.

use js_sys::{JsString, Object, Reflect};
use serde::Serialize;
use wasm_bindgen::{JsCast, prelude::*};

use super::{
    errors::Thrown,
    host::{array_of, bytes_of},
};
use crate::error::ErrorKind;

/// Longest string that is taken across, in UTF-16 code units. Far above every server's limit, and far below what
/// could exhaust the module's memory, which would be a trap.
const MAX_TEXT: u32 = 1 << 25;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_name = String)]
    fn string_of(value: &JsValue) -> Result<JsValue, JsValue>;
}

/// The string's text, lone surrogates replaced as everywhere where JavaScript writes UTF-8; `None` for another type.
pub(super) fn text(value: &JsValue) -> Option<String> {
    let length = js_string(value)?.length();
    if length > MAX_TEXT { None } else { value.as_string() }
}

/// A string that stays JavaScript's own.
pub(super) fn js_string(value: &JsValue) -> Option<&JsString> {
    value.dyn_ref()
}

/// The bytes of an `ArrayBuffer` or a view of one, also of another realm's; `None` for what is none, is no longer there,
/// or is too large.
pub(super) fn bytes(value: &JsValue) -> Option<Vec<u8>> {
    let bytes = bytes_of(value).ok()??;
    (bytes.length() <= MAX_TEXT).then(|| bytes.to_vec())
}

/// What is signed: a string's UTF-8, or bytes.
pub(super) fn text_or_bytes(value: &JsValue) -> Option<Vec<u8>> {
    text(value).map(String::into_bytes).or_else(|| bytes(value))
}

/// The value as a message shows it, as string concatenation would.
pub(super) fn shown(value: &JsValue) -> String {
    let string = string_of(value).unwrap_or_else(|_| value.js_typeof());
    text(&string).unwrap_or_else(|| "(too long to show)".into())
}

/// The member of an object, or `undefined` where there is none, or no object.
///
/// # Errors
/// What a getter throws.
pub(super) fn member(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    if is_object(object) { Reflect::get(object, &name.into()) } else { Ok(JsValue::UNDEFINED) }
}

/// Whether the value can have members of its own.
pub(super) fn is_object(value: &JsValue) -> bool {
    value.is_object() || value.is_function()
}

/// Whether the value is `undefined` or `null`: both mean "left out".
pub(super) fn is_absent(value: &JsValue) -> bool {
    value.is_undefined() || value.is_null()
}

/// The items of an array, or the value itself as the only item.
///
/// # Errors
/// What an array's own code throws.
pub(super) fn list(value: &JsValue) -> Result<Vec<JsValue>, JsValue> {
    Ok(array_of(value)?.map_or_else(|| vec![value.clone()], |array| array.iter().collect()))
}

/// Defines a member of an object of ours. Unlike an assignment, this makes a member also of the name `__proto__`.
pub(super) fn define(object: &Object, name: &JsValue, value: &JsValue, enumerable: bool) {
    let property = Object::new();
    // Setting and defining members of fresh objects cannot fail.
    let _ = Reflect::set(&property, &"value".into(), value);
    let _ = Reflect::set(&property, &"enumerable".into(), &enumerable.into());
    let _ = Reflect::define_property(object, name, &property);
}

/// A result as a plain JavaScript object.
pub(super) fn to_object(value: &impl Serialize) -> Result<JsValue, Thrown> {
    value.serialize(&serde_wasm_bindgen::Serializer::new()).map_err(|error| Thrown::from(JsValue::from(error)))
}

/// `invalid_argument`, for an argument of the wrong type.
pub(super) fn wrong_argument(name: &'static str, message: String) -> Thrown {
    ErrorKind::InvalidArgument { name, message }.into()
}
