//! The core's errors as JavaScript's.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::host::{request_error, status_of};
use crate::{error::Error, request::about_status};

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = coreError)]
    fn core_error(details: &JsValue) -> JsValue;

    /// Names the event of a batch that the error is about.
    #[wasm_bindgen(js_name = atIndex)]
    pub(super) fn at_index(error: &JsValue, index: usize) -> JsValue;

    /// Has the wrapper around the export throw it.
    #[wasm_bindgen(js_name = leaveThrown)]
    fn leave_thrown(error: &JsValue);
}

/// What `?` makes of an error of either side: the exception to throw.
pub struct Thrown(pub(super) JsValue);

#[derive(Serialize)]
struct Details<'a>(&'a str, &'a str, &'a str, &'a str);

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        let details = Details(&error.message(), error.code(), error.field(), error.hint());
        let details = serde_wasm_bindgen::to_value(&details).unwrap_or_default();
        Self(core_error(&details))
    }
}

impl From<JsValue> for Thrown {
    fn from(exception: JsValue) -> Self {
        Self(exception)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// An export's result, which does not throw by itself.
pub(super) fn settled(result: Result<JsValue, Thrown>) -> JsValue {
    result.unwrap_or_else(|thrown| {
        leave_thrown(&thrown.0);
        JsValue::UNDEFINED
    })
}

/// The error for a request to `url` that failed.
pub(super) fn of_request(failure: &JsValue, url: &str) -> JsValue {
    let (message, hint) = about_status(status_of(failure));
    request_error(failure, url, &message, hint)
}
