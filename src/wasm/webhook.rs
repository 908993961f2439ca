//! The rules of webhooks, for the class `WebHook` of `pkg-template/webhook.js`.

use wasm_bindgen::prelude::*;

use super::{frame::Frame, host::write_texts, token::Token};
use crate::webhook;

/// Whether the token has the key, and made the signature of the body.
#[wasm_bindgen]
pub fn authenticates(token: &Token, key: &JsValue, signature: &JsValue, body: &JsValue) -> bool {
    write_texts(key, signature, body);
    let frame = Frame::take();
    let mut fields = frame.fields();
    match (fields.next().text(), fields.next().text(), fields.next().bytes()) {
        (Some(key), Some(signature), Some(body)) => webhook::is_authentic([&token.0], key, signature, body),
        _ => false,
    }
}

/// Whether the content type is JSON.
#[wasm_bindgen(js_name = isJson)]
pub fn is_json(content_type: &JsValue) -> bool {
    write_texts(content_type, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    Frame::take().fields().next().text().is_some_and(webhook::is_json)
}
