//! What follows when an attempt has failed: one future, from there to the end. What succeeds needs none, which would cost a third of a
//! trigger's time.

use serde_wasm_bindgen::to_value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Response;

use crate::{status::about_status, text::concat};

#[wasm_bindgen]
extern "C" {
    /// A failed attempt: see `pkg-template/http/exchange.js`.
    pub type Failure;

    /// The status and headers of the answer that failed; none where there was no answer.
    #[wasm_bindgen(method, getter)]
    fn head(this: &Failure) -> Option<Response>;

    /// Takes the message and the hint, on a line each.
    #[wasm_bindgen(method)]
    fn finish(this: &Failure, words: JsValue);
}

/// Puts a failure into words. The future owns what it needs: the client may be freed meanwhile. It calls back at its end, as a promise of its
/// own would weigh 0.5 KB of brotli.
#[wasm_bindgen]
pub fn recover(failure: Failure) {
    spawn_local(async move {
        let status = failure.head().map_or(0, |head| head.status());
        let (message, hint) = about_status(status);
        failure.finish(to_value(&concat(&[&message, "\n", hint])).unwrap_or_default());
    });
}
