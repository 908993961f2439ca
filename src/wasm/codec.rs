//! JSON, by the host or by the caller's own `json` option. The module has no parser: it would triple its size.

use js_sys::{Function, JSON, JsString};
use wasm_bindgen::prelude::*;

use super::{
    convert::text,
    errors::{Thrown, found_by_host},
    options::Reader,
};
use crate::error::ErrorKind;

#[wasm_bindgen]
extern "C" {
    /// As `JSON::parse`, but of a string that never left JavaScript.
    #[wasm_bindgen(catch, js_namespace = JSON, js_name = parse)]
    fn host_parse(text: &JsString) -> Result<JsValue, JsValue>;
}

/// An encoder and a decoder.
#[derive(Clone, Default)]
pub(super) struct Codec {
    /// The caller's object, which its functions get as `this`.
    this: JsValue,
    stringify: Option<Function>,
    parse: Option<Function>,
}

impl Codec {
    /// Reads the option `json`: an object with a `stringify`, a `parse`, or both.
    ///
    /// # Errors
    /// `invalid_option`.
    pub(super) fn read(options: &Reader<'_>) -> Result<Self, Thrown> {
        let Some(this) = options.object("json")? else { return Ok(Self::default()) };
        let own = Reader(&this);
        let (stringify, parse) = (own.function("stringify")?, own.function("parse")?);
        Ok(Self { stringify, parse, this: this.into() })
    }

    /// The value as JSON text; `None` for `undefined`, which JSON has no form for.
    ///
    /// # Errors
    /// `invalid_data` with the exception as its cause, for circular data, a `BigInt`, a function or a symbol.
    pub(super) fn stringify(&self, value: &JsValue) -> Result<Option<String>, Thrown> {
        if value.is_undefined() {
            return Ok(None);
        }
        let unserialisable =
            |why: &str| ErrorKind::InvalidData { message: ["The data cannot be serialised as JSON: ", why].concat() };
        let string = match &self.stringify {
            Some(stringify) => stringify.call1(&self.this, value),
            None => JSON::stringify(value).map(JsValue::from),
        };
        let string = string.map_err(|exception| found_by_host(exception, unserialisable))?;
        match text(&string) {
            Some(text) => Ok(Some(text)),
            None if string.is_string() => Err(unserialisable("it is too large").into()),
            None => {
                let value_type = value.js_typeof().as_string().unwrap_or_default();
                Err(unserialisable(&["it is of type ", &value_type].concat()).into())
            }
        }
    }

    /// The value of JSON text.
    ///
    /// # Errors
    /// What the decoder throws.
    pub(super) fn parse(&self, text: &JsString) -> Result<JsValue, JsValue> {
        match &self.parse {
            Some(parse) => parse.call1(&self.this, text),
            None => host_parse(text),
        }
    }
}

/// JSON text by the host, for what is this library's own and not the caller's data.
///
/// # Errors
/// As [`Codec::stringify`].
pub(super) fn json(value: &JsValue) -> Result<Option<String>, Thrown> {
    Codec::default().stringify(value)
}
