//! The class `Token`: a key with its secret.

use wasm_bindgen::prelude::*;

use super::{
    convert::{define, member, text, text_or_bytes, wrong_argument},
    errors::Thrown,
};
use crate::sign;

/// A key with its secret. Neither printing nor serialising it shows the secret.
#[wasm_bindgen]
pub struct Token(sign::Token);

#[wasm_bindgen]
impl Token {
    /// A token of an app's key and secret.
    ///
    /// # Errors
    /// `invalid_argument`, when one of them is no string.
    #[wasm_bindgen(constructor)]
    pub fn new(key: &JsValue, secret: &JsValue) -> Result<Self, Thrown> {
        let part = |name: &'static str, value: &JsValue| {
            text(value)
                .ok_or_else(|| wrong_argument(name, format!("Invalid {name}: a token's {name} must be a string")))
        };
        Ok(Self(sign::Token::new(part("key", key)?, part("secret", secret)?)))
    }

    /// The app's key.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> String {
        self.0.key().into()
    }

    /// The app's secret.
    #[wasm_bindgen(getter)]
    pub fn secret(&self) -> String {
        self.0.secret().into()
    }

    /// The signature of a string or of bytes: 64 hexadecimal digits.
    ///
    /// # Errors
    /// `invalid_argument`, when it is neither.
    pub fn sign(&self, message: &JsValue) -> Result<String, Thrown> {
        let message = text_or_bytes(message)
            .ok_or_else(|| wrong_argument("string", "Invalid string: only a string or bytes can be signed".into()))?;
        Ok(self.0.sign(&message))
    }

    /// Whether the string or the bytes have that signature; false for anything else.
    pub fn verify(&self, message: &JsValue, signature: &JsValue) -> bool {
        match (text_or_bytes(message), text(signature)) {
            (Some(message), Some(signature)) => self.0.verify(&message, &signature),
            _ => false,
        }
    }

    /// What `JSON.stringify` shows: the key.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> JsValue {
        let shown = js_sys::Object::new();
        define(&shown, &"key".into(), &self.0.key().into(), true);
        shown.into()
    }
}

impl From<sign::Token> for Token {
    fn from(token: sign::Token) -> Self {
        Self(token)
    }
}

/// A token from anything with a `key` and a `secret`; `None` for anything else.
pub(super) fn from_value(value: &JsValue) -> Option<sign::Token> {
    let part = |name: &str| text(&member(value, name).ok()?);
    Some(sign::Token::new(part("key")?, part("secret")?))
}
