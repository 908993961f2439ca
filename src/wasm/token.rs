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
            let message = || ["Invalid ", name, ": a token's ", name, " must be a string"].concat();
            fields.next().text().ok_or_else(|| Error::of(&ARGUMENT, name, &message()))
        };
        Ok(Self(sign::Token::new(part("key")?, part("secret")?)))
    }

    /// The app's key.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> JsValue {
        self.0.key().into()
    }

    /// The app's secret.
    #[wasm_bindgen(getter)]
    pub fn secret(&self) -> JsValue {
        self.0.secret().into()
    }

    /// The signature of a string or of bytes: 64 hexadecimal digits.
    ///
    /// # Errors
    /// `invalid_argument`, when it is neither.
    pub fn sign(&self, message: &JsValue) -> JsValue {
        write_texts(message, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
        let frame = Frame::take();
        let signature = frame.fields().next().bytes().map(|message| self.0.sign(message).into());
        let refusal = || Error::of(&ARGUMENT, "string", "Invalid string: only a string or bytes can be signed");
        settled(signature.ok_or_else(|| refusal().into()))
    }

    /// Whether the string or the bytes have that signature; false for anything else.
    pub fn verify(&self, message: &JsValue, signature: &JsValue) -> bool {
        write_texts(message, signature, &JsValue::UNDEFINED);
        let frame = Frame::take();
        let mut fields = frame.fields();
        match (fields.next().bytes(), fields.next().text()) {
            (Some(message), Some(signature)) => self.0.verify(message, signature),
            _ => false,
        }
    }
}
