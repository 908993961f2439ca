//! The fuzz targets: functions that take any bytes, and panic if the core does not keep to its rules.
//!
//! `make fuzz` has libFuzzer look for such bytes; `tests/corpus.rs` gives the targets what is in `corpus/`.

mod configuration;
mod encryption;
mod input;
mod names;
mod publishing;
mod requests;
/// The server's side of a request, written from the documentation.
#[allow(dead_code)]
#[path = "../../tests/support/server.rs"]
mod server;
mod webhooks;

pub use configuration::{config, connection_url};
pub use encryption::{base64, secretbox};
pub use names::names;
pub use publishing::{packing, retry};
pub use requests::{percent_coding, query};
pub use webhooks::webhook;

/// The border: any frame, for any operation.
pub fn border(input: &[u8]) {
    pusher_http_wasm::answer_any_frame(input);
}

/// A target.
pub type Target = fn(&[u8]);

/// All targets by name, as `fuzz_targets/` and `corpus/` have them.
pub const TARGETS: [(&str, Target); 11] = [
    ("base64", base64),
    ("border", border),
    ("config", config),
    ("connection_url", connection_url),
    ("names", names),
    ("packing", packing),
    ("percent_coding", percent_coding),
    ("query", query),
    ("retry", retry),
    ("secretbox", secretbox),
    ("webhook", webhook),
];
