//! The core's errors as JavaScript's.

use wasm_bindgen::prelude::*;

use super::{
    convert::{member, shown},
    fetch::Failure,
};
use crate::error::{Error, ErrorKind};

#[wasm_bindgen(module = "/pkg-template/errors.js")]
extern "C" {
    #[wasm_bindgen(js_name = validationError)]
    fn validation_error(
        message: &str,
        code: &str,
        field: &str,
        hint: &str,
        index: Option<u32>,
        cause: &JsValue,
    ) -> JsValue;

    #[wasm_bindgen(js_name = requestError)]
    fn request_error(
        message: &str,
        code: &str,
        url: &str,
        error: &JsValue,
        status: Option<u16>,
        body: Option<String>,
        hint: &str,
    ) -> JsValue;

    #[wasm_bindgen(js_name = webHookError)]
    pub(super) fn webhook_error(
        message: &str,
        content_type: Option<String>,
        body: &JsValue,
        signature: Option<String>,
    ) -> JsValue;
}

/// What an export throws.
pub enum Thrown {
    /// Bad input: a `PusherValidationError`, with the exception that it comes from, if any.
    Invalid { error: Error, cause: JsValue },
    /// An exception of the caller's own code, such as a getter's: it passes through as it is.
    Exception(JsValue),
}

impl Thrown {
    /// Names the event of a batch that the error is about.
    pub(super) fn at_index(self, index: usize) -> Self {
        match self {
            Self::Invalid { error, cause } => Self::Invalid { error: error.at_index(index), cause },
            exception @ Self::Exception(_) => exception,
        }
    }
}

/// Bad input that the host found out: its exception is the error's cause, and `error` is given its message.
pub(super) fn found_by_host(exception: JsValue, error: impl FnOnce(&str) -> ErrorKind) -> Thrown {
    let why = member(&exception, "message").ok().filter(JsValue::is_string);
    let why = shown(why.as_ref().unwrap_or(&exception));
    Thrown::Invalid { error: error(&why).into(), cause: exception }
}

impl From<Error> for Thrown {
    fn from(error: Error) -> Self {
        Self::Invalid { error, cause: JsValue::UNDEFINED }
    }
}

impl From<ErrorKind> for Thrown {
    fn from(kind: ErrorKind) -> Self {
        Error::from(kind).into()
    }
}

impl From<JsValue> for Thrown {
    fn from(exception: JsValue) -> Self {
        Self::Exception(exception)
    }
}

impl From<Thrown> for JsValue {
    fn from(thrown: Thrown) -> Self {
        match thrown {
            Thrown::Invalid { error, cause } => {
                let index = error.index().and_then(|index| u32::try_from(index).ok());
                validation_error(&error.to_string(), error.code(), error.field(), error.hint(), index, &cause)
            }
            Thrown::Exception(exception) => exception,
        }
    }
}

/// A `PusherRequestError` for the request to `url`.
pub(super) fn of_request(url: &str, failure: Failure) -> JsValue {
    let (message, hint) = (failure.message(), failure.hint());
    request_error(&message, failure.code(), url, &failure.cause, failure.status, failure.body, hint)
}
