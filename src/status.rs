//! What went wrong with a request that was sent, in words.
//!
//! Source of the rules: the Channels HTTP API reference, "Response codes", and what soketi, Laravel Reverb and sockudo answer. The first two
//! messages are npm `pusher`'s.

use crate::text::{concat, decimal, to_string};

/// Explains why a request failed, by its HTTP `status`, or 0 if there was no answer. Returns a message, and a hint at what to do,
/// which may be empty.
///
/// ```
/// use pusher_http_wasm::status::about_status;
///
/// let (message, hint) = about_status(429);
/// assert_eq!(message, "Unexpected status code 429");
/// assert_eq!(hint, "Too many requests: wait, then try again.");
/// ```
pub fn about_status(status: u16) -> (String, &'static str) {
    let message = match status {
        0 => to_string("Request failed with an error"),
        200..=299 => to_string("The server's answer is not JSON"),
        _ => concat(&["Unexpected status code ", &decimal(status.into())]),
    };
    let hint = HINTS.iter().find(|(first, last, _)| (*first..=*last).contains(&status)).map_or("", |(.., hint)| hint);
    (message, hint)
}

/// What to do about a range of statuses: the first, the last, and the hint.
const HINTS: [(u16, u16, &str); 8] = [
    // Not modified is no redirect.
    (304, 304, ""),
    (301, 308, "Redirects are not followed: check `host`, `port` and `useTLS`."),
    (
        401,
        401,
        "Check `key`, `secret`, `signPathPrefix` if there is a `pathPrefix`, and this machine's clock (600 s off at most).",
    ),
    (403, 403, "The app is disabled or over its quota: look at its dashboard."),
    (
        404,
        404,
        "Check `appId`, and `cluster` or `host`, `port` and `pathPrefix`. Some servers answer so for an empty channel.",
    ),
    (413, 413, "The event is larger than the server allows (Pusher: 10 KB): send less, or a reference."),
    (429, 429, "Too many requests: wait, then try again."),
    (500, 599, "The server has a problem: try again only if `retryable`."),
];
