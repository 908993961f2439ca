//! A failed request is explained by its status, in these very words.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use pusher_http_wasm::status::about_status;

const KEY: &str =
    "Check `key`, `secret`, `signPathPrefix` if there is a `pathPrefix`, and this machine's clock (600 s off at most).";
const QUOTA: &str = "The app is disabled or over its quota: look at its dashboard.";
const APP: &str =
    "Check `appId`, and `cluster` or `host`, `port` and `pathPrefix`. Some servers answer so for an empty channel.";
const SIZE: &str = "The event is larger than the server allows (Pusher: 10 KB): send less, or a reference.";
const REDIRECT: &str = "Redirects are not followed: check `host`, `port` and `useTLS`.";
const RATE: &str = "Too many requests: wait, then try again.";
const SERVER: &str = "The server has a problem: try again only if `retryable`.";

#[test]
fn says_what_is_wrong_and_what_to_do() {
    for (status, message, hint) in [
        (0, "Request failed with an error", ""),
        (200, "The server's answer is not JSON", ""),
        (299, "The server's answer is not JSON", ""),
        (300, "Unexpected status code 300", ""),
        (301, "Unexpected status code 301", REDIRECT),
        (304, "Unexpected status code 304", ""),
        (308, "Unexpected status code 308", REDIRECT),
        (399, "Unexpected status code 399", ""),
        (400, "Unexpected status code 400", ""),
        (401, "Unexpected status code 401", KEY),
        (403, "Unexpected status code 403", QUOTA),
        (404, "Unexpected status code 404", APP),
        (413, "Unexpected status code 413", SIZE),
        (418, "Unexpected status code 418", ""),
        (429, "Unexpected status code 429", RATE),
        (500, "Unexpected status code 500", SERVER),
        (599, "Unexpected status code 599", SERVER),
        (600, "Unexpected status code 600", ""),
    ] {
        assert_eq!(about_status(status), (message.into(), hint), "{status}");
    }
}

proptest! {
    #[test]
    fn knows_what_to_do_about_the_documented_statuses_only(status in 0..=u16::MAX) {
        let is_known = matches!(status, 301..=303 | 305..=308 | 401 | 403 | 404 | 413 | 429 | 500..=599);
        prop_assert_eq!(!about_status(status).1.is_empty(), is_known);
    }
}
