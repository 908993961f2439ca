//! The class `Token`: a key with its secret.

use wasm_bindgen::prelude::*;

use super::{
    errors::{Thrown, settled},
    frame::Frame,
    host::write_texts,
};
use crate::{
    error::{ARGUMENT, Error},
    sign,
    text::concat,
    webhook,
};

/// A key with its secret. Neither printing nor serialising it shows the secret.
#[wasm_bindgen]
pub struct Token(pub(super) sign::Token);

#[wasm_bindgen]
impl Token {
    /// A token of an app's key and secret.
    ///
    /// # Errors
    /// `invalid_argument`, when one of them is no string.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &JsValue, secret: &JsValue) -> Result<Self, Thrown> {
        write_texts(key, secret, &JsValue::UNDEFINED);
        let frame = Frame::take_secret();
        let mut fields = frame.fields();
        let mut part = |name: &'static str| {
            let message = || concat(&["Invalid ", name, ": a token's ", name, " must be a string"]);
            fields.next().text().ok_or_else(|| Error::of(&ARGUMENT, name, &message()))
        };
        Ok(Self(sign::Token::new(part("key")?, String::from(part("secret")?))))
    }

    /// The method of that number in `pkg-template/start.js`, with its arguments.
    pub fn call(&self, method: u32, first: &JsValue, second: &JsValue, third: &JsValue) -> JsValue {
        write_texts(first, second, third);
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (first, second, third) = (fields.next(), fields.next(), fields.next());
        settled(match method {
            0 => Ok(self.0.key().into()),
            1 => Ok(self.0.secret().into()),
            2 => match first.bytes() {
                Some(message) => Ok(self.0.sign(message).into()),
                None => {
                    let refusal = "Invalid string: only a string or bytes can be signed";
                    Err(Error::of(&ARGUMENT, "string", refusal).into())
                }
            },
            3 => Ok(match (first.bytes(), second.text()) {
                (Some(message), Some(signature)) => self.0.verify(message, signature),
                _ => false,
            }
            .into()),
            // Of a webhook: whether the token has the key, and made the signature of the body.
            _ => Ok(match (first.text(), second.text(), third.bytes()) {
                (Some(key), Some(signature), Some(body)) => webhook::is_authentic([&self.0], key, signature, body),
                _ => false,
            }
            .into()),
        })
    }
}

/// Whether a webhook's content type is JSON.
#[wasm_bindgen(js_name = isJson)]
pub fn is_json(content_type: &JsValue) -> bool {
    write_texts(content_type, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    Frame::take().fields().next().text().is_some_and(webhook::is_json)
}
