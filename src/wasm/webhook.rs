//! The class `WebHook`: a request from Channels, and whether it is one.

use std::cell::OnceCell;

use js_sys::Date;
use wasm_bindgen::prelude::*;

use super::{
    codec::Codec,
    convert::{js_string, list, member, text, text_or_bytes},
    errors::webhook_error,
    host::{date_of, header_of},
    token,
};
use crate::{sign::Token, webhook};

/// A request from Channels. Whatever is wrong with it makes it invalid; only reading an invalid one throws.
#[wasm_bindgen]
pub struct WebHook {
    /// `None` when the client has no key or secret: then nothing is authentic.
    token: Option<Token>,
    key: Option<String>,
    signature: Option<String>,
    content_type: Option<String>,
    body: JsValue,
    data: OnceCell<Option<JsValue>>,
    codec: Codec,
}

#[wasm_bindgen]
impl WebHook {
    /// A webhook with `token`, a key and its secret, from a request's `headers` (a plain object in any case, or
    /// `Headers`) and `rawBody` (a string or bytes).
    #[wasm_bindgen(constructor)]
    pub fn new(token: &JsValue, request: &JsValue) -> Self {
        Self::of(token::from_value(token), request, Codec::default())
    }

    /// Whether the body is JSON and signed with the secret of the token whose key the request names. Further tokens, one or a
    /// list, are for the time in which a key is rotated.
    #[wasm_bindgen(js_name = isValid)]
    pub fn is_valid(&self, extra_tokens: &JsValue) -> bool {
        let (Some(key), Some(signature), Some(body)) = (&self.key, &self.signature, self.bytes()) else {
            return false;
        };
        let extra: Vec<Token> = list(extra_tokens).unwrap_or_default().iter().filter_map(token::from_value).collect();
        webhook::is_authentic(self.token.iter().chain(&extra), key, signature, &body) && self.is_body_valid()
    }

    /// Whether the content type is `application/json`.
    #[wasm_bindgen(js_name = isContentTypeValid)]
    pub fn is_content_type_valid(&self) -> bool {
        self.content_type.as_deref().is_some_and(webhook::is_json)
    }

    /// Whether the content type is right and the body is JSON.
    #[wasm_bindgen(js_name = isBodyValid)]
    pub fn is_body_valid(&self) -> bool {
        self.data().is_some()
    }

    /// The parsed body.
    ///
    /// # Errors
    /// `PusherWebHookError`, when the body is not valid.
    #[wasm_bindgen(js_name = getData)]
    pub fn get_data(&self) -> Result<JsValue, JsValue> {
        self.data().cloned().ok_or_else(|| self.error())
    }

    /// The events.
    ///
    /// # Errors
    /// `PusherWebHookError`, when the body is not valid.
    #[wasm_bindgen(js_name = getEvents)]
    pub fn get_events(&self) -> Result<JsValue, JsValue> {
        member(&self.get_data()?, "events")
    }

    /// The time at which the events happened; the same when the webhook is sent again.
    ///
    /// # Errors
    /// `PusherWebHookError`, when the body is not valid.
    #[wasm_bindgen(js_name = getTime)]
    pub fn get_time(&self) -> Result<Date, JsValue> {
        Ok(date_of(&member(&self.get_data()?, "time_ms")?))
    }

    /// The key that the request names.
    #[wasm_bindgen(getter)]
    pub fn key(&self) -> Option<String> {
        self.key.clone()
    }

    /// The request's signature.
    #[wasm_bindgen(getter)]
    pub fn signature(&self) -> Option<String> {
        self.signature.clone()
    }

    /// The request's content type.
    #[wasm_bindgen(getter, js_name = contentType)]
    pub fn content_type(&self) -> Option<String> {
        self.content_type.clone()
    }

    /// The raw body, as given.
    #[wasm_bindgen(getter)]
    pub fn body(&self) -> JsValue {
        self.body.clone()
    }
}

impl WebHook {
    /// A webhook that is checked with `token`.
    pub(super) fn of(token: Option<Token>, request: &JsValue, codec: Codec) -> Self {
        // A member that cannot be read is a member that is not there: malformed input is invalid, never an exception.
        let read = |name: &str| member(request, name).unwrap_or(JsValue::UNDEFINED);
        let headers = read("headers");
        Self {
            token,
            key: header(&headers, "x-pusher-key"),
            signature: header(&headers, "x-pusher-signature"),
            content_type: header(&headers, "content-type"),
            body: read("rawBody"),
            data: OnceCell::new(),
            codec,
        }
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        text_or_bytes(&self.body)
    }

    fn data(&self) -> Option<&JsValue> {
        let parse = || {
            let text = match js_string(&self.body) {
                Some(text) => text.clone(),
                None => String::from_utf8(self.bytes()?).ok()?.into(),
            };
            self.codec.parse(&text).ok()
        };
        self.data.get_or_init(|| self.is_content_type_valid().then(parse).flatten()).as_ref()
    }

    fn error(&self) -> JsValue {
        webhook_error("Invalid WebHook body", self.content_type.clone(), &self.body, self.signature.clone())
    }
}

/// A header's value; `None` when it is missing or no string, or stands there more than once.
fn header(headers: &JsValue, name: &str) -> Option<String> {
    text(&header_of(headers, name).ok()?)
}
