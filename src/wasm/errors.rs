//! The core's errors as JavaScript's.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::host::{core_error, leave_thrown, request_error, status_of};
use crate::{error::Error, request::about_status};

/// What `?` makes of an error of the core: the exception to throw.
pub struct Thrown(JsValue);

#[derive(Serialize)]
struct Details<'a>(&'a str, &'a str, &'a str, &'a str, Option<u32>);

impl Thrown {
    fn of(error: &Error, index: Option<u32>) -> Self {
        let details = Details(&error.message(), error.code(), error.field(), error.hint(), index);
        Self(core_error(&serde_wasm_bindgen::to_value(&details).unwrap_or_default()))
    }
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::of(&error, None)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// The error of an event of a batch, by its position, counted from 0.
pub(super) fn at_index(error: Error, index: usize) -> Thrown {
    Thrown::of(&error, u32::try_from(index).ok())
}

/// A method's result; an error is left to be thrown.
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
