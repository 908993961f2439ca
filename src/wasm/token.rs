//! A token's half in the module, and the rules of webhooks.

use wasm_bindgen::prelude::*;

use super::frame::Frame;
use crate::{sign, webhook};

/// What the class `Token` of `pkg-template/token.js` builds upon.
#[wasm_bindgen]
pub struct Signer(sign::Token);

#[wasm_bindgen]
impl Signer {
    /// A key with its secret, from the frame that has been written.
    #[wasm_bindgen(constructor)]
    #[allow(clippy::new_without_default)]
    #[cfg_attr(npm, optimize(size))]
    pub fn new() -> Self {
        let frame = Frame::take_secret();
        let mut fields = frame.fields();
        let (key, secret) = (fields.next().shown(), fields.next().shown());
        Self(sign::Token::new(key, String::from(secret)))
    }

    /// Upon the frame that has been written, the method of that number: the signature of the text or bytes (0), `undefined` of anything else;
    /// whether they have that signature (1); whether the token has the key, and made the signature of the body, of a webhook (2).
    #[cfg_attr(npm, optimize(size))]
    pub fn call(&self, method: u32) -> JsValue {
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (first, second, third) = (fields.next(), fields.next(), fields.next());
        match method {
            0 => first.bytes().map_or(JsValue::UNDEFINED, |message| self.0.sign(message).into()),
            1 => match (first.bytes(), second.text()) {
                (Some(message), Some(signature)) => self.0.verify(message, signature).into(),
                _ => false.into(),
            },
            _ => match (first.text(), second.text(), third.bytes()) {
                (Some(key), Some(signature), Some(body)) => {
                    webhook::is_authentic([&self.0], key, signature, body).into()
                }
                _ => false.into(),
            },
        }
    }
}

/// Whether a webhook's content type, from the frame that has been written, is JSON.
#[wasm_bindgen(js_name = isJson)]
#[cfg_attr(npm, optimize(size))]
pub fn is_json() -> bool {
    Frame::take().fields().next().text().is_some_and(webhook::is_json)
}
