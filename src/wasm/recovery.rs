//! What follows when an attempt has failed: a future that judges it and puts it into words. What succeeds needs none, which would cost a third
//! of a trigger's time.
//!
//! Each failure has a future of its own, and JavaScript waits and sends again (`pkg-template/http/exchange.js`). One future around all attempts
//! would be lost with the module's instance, which may be given up during any wait (`pkg-template/module/instance.js`).

use serde_wasm_bindgen::to_value;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::Response;

use crate::{
    retry::{self, Policy, Safety, is_clock_off, judge},
    status::about_status,
    text::{concat, decimal},
};

#[wasm_bindgen]
extern "C" {
    /// A failed attempt: see `pkg-template/http/exchange.js`.
    pub type Failure;

    /// The status and headers of the answer that failed; the status 0 where there was no answer.
    #[wasm_bindgen(method, getter)]
    fn head(this: &Failure) -> Response;

    /// Takes the verdict.
    #[wasm_bindgen(method)]
    fn finish(this: &Failure, verdict: JsValue);
}

/// Judges a failure, and calls it back at the end, as a promise would weigh 0.5 KB of brotli. The future owns what it needs: the client may be
/// freed meanwhile.
///
/// `safety` is 0 for never, 1 for "if refused", 2 for always. Times are in milliseconds; `retry_after` is negative for none, `server_time` NaN.
/// (Numbers, since each getter would weigh 60 bytes.) The verdict is five lines: message, hint, milliseconds until the next attempt, whether the
/// same call may succeed later, and whether the clock was off; none, or no, is an empty line.
#[wasm_bindgen]
#[allow(clippy::too_many_arguments)]
pub fn recover(
    failure: Failure,
    safety: u32,
    attempt: u32,
    attempts: u32,
    base_delay: u32,
    max_delay: u32,
    deadline: u32,
    elapsed: u32,
    retry_after: i32,
    random: f64,
    signed_at: f64,
    server_time: f64,
    is_given: bool,
) {
    let safety = match safety {
        0 => Safety::Never,
        1 => Safety::IfRefused,
        _ => Safety::Always,
    };
    let status = failure.head().status();
    let sets_clock = is_clock_off(status, signed_at, server_time, is_given);
    let retry_after = retry_after.try_into().ok();
    let failed = retry::Failure { status, safety, attempt, retry_after, sets_clock, elapsed };
    let verdict = judge(&Policy { attempts, base_delay, max_delay, deadline }, &failed, random);
    let (message, hint) = about_status(status);
    let delay = verdict.delay.map_or_else(String::new, |delay| decimal(delay.into()));
    let words = concat(&[&message, "\n", hint, "\n", &delay, "\n", yes(verdict.is_retryable), "\n", yes(sets_clock)]);
    spawn_local(async move { failure.finish(to_value(&words).unwrap_or_default()) });
}

fn yes(holds: bool) -> &'static str {
    if holds { "yes" } else { "" }
}
