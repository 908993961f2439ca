//! The core's errors as JavaScript's.

use wasm_bindgen::prelude::*;

use super::host::{core_error, request_error, status_of};
use crate::{error::Error, status::about_status};

/// Leaves the exception to be thrown, once the module's call has returned.
pub(super) fn leave(error: &Error) {
    let event = error.event().and_then(|index| u32::try_from(index).ok());
    core_error(&error.message(), error.code(), error.field(), error.hint(), event);
}

/// Rejects with the error for a request that failed. A future of its own, and not one around each request: what succeeds, as most do, then
/// needs none.
///
/// # Errors
/// Always.
#[wasm_bindgen]
#[allow(clippy::unused_async)]
pub async fn failed(failure: JsValue) -> Result<JsValue, JsValue> {
    let (message, hint) = about_status(status_of(&failure));
    Err(request_error(&failure, &message, hint))
}
