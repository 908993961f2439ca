//! The core's errors as JavaScript's.

use wasm_bindgen::prelude::*;

use super::host::{core_error, leave_thrown, request_error, status_of};
use crate::{error::Error, request::about_status};

/// What `?` makes of an error of the core: the exception to throw.
pub struct Thrown(JsValue);

impl Thrown {
    #[cfg_attr(npm, optimize(size))]
    fn of(error: &Error, index: Option<u32>) -> Self {
        Self(core_error(&error.message(), error.code(), error.field(), error.hint(), index))
    }
}

impl From<Error> for Thrown {
    #[cfg_attr(npm, optimize(size))]
    fn from(error: Error) -> Self {
        Self::of(&error, None)
    }
}

impl From<Thrown> for JsValue {
    #[cfg_attr(npm, optimize(size))]
    fn from(thrown: Thrown) -> Self {
        thrown.0
    }
}

/// The error of an event of a batch, by its position, counted from 0.
#[cfg_attr(npm, optimize(size))]
pub(super) fn at_index(error: &Error, index: usize) -> Thrown {
    Thrown::of(error, u32::try_from(index).ok())
}

/// A method's result; an error is left to be thrown.
#[cfg_attr(npm, optimize(size))]
pub(super) fn settled(result: Result<JsValue, Thrown>) -> JsValue {
    result.unwrap_or_else(|thrown| {
        leave_thrown(&thrown.0);
        JsValue::UNDEFINED
    })
}

/// The error for a request to `url` that failed.
#[cfg_attr(npm, optimize(size))]
pub(super) fn of_request(failure: &JsValue, url: &str) -> JsValue {
    let (message, hint) = about_status(status_of(failure));
    request_error(failure, url, &message, hint)
}
