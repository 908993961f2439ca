//! What follows when an attempt has failed: one future, from there to the end. What succeeds needs none, which would cost a third of a
//! trigger's time.

use js_sys::Promise;
use serde_wasm_bindgen::to_value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::Response;

use crate::{status::about_status, text::concat};

#[wasm_bindgen]
extern "C" {
    /// A failed attempt: see `pkg-template/http/exchange.js`.
    pub type Failure;

    /// The status and headers of the answer that failed; none where there was no answer.
    #[wasm_bindgen(method, getter)]
    fn head(this: &Failure) -> Option<Response>;
}

/// Puts a failure into words: message and hint, on a line each. The future owns what it needs: the client may be freed meanwhile.
#[wasm_bindgen]
pub fn recover(failure: Failure) -> Promise {
    future_to_promise(async move {
        let status = failure.head().map_or(0, |head| head.status());
        let (message, hint) = about_status(status);
        Ok(to_value(&concat(&[&message, "\n", hint])).unwrap_or_default())
    })
}
