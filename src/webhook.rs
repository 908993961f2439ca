//! Whether a webhook comes from Channels.
//!
//! Source of the rules: the Channels documentation, "Webhooks, security": the header `X-Pusher-Key` names the key, and
//! `X-Pusher-Signature` is the HMAC-SHA256 of the body's bytes with the secret of that very key.

use crate::{sign::Token, text::split_at_byte};

/// Whether the content type is JSON, with or without parameters such as a charset.
pub fn is_json(content_type: &str) -> bool {
    let essence = split_at_byte(content_type, b';').map_or(content_type, |(essence, _)| essence);
    essence.trim_ascii().eq_ignore_ascii_case("application/json")
}

/// Whether one of the tokens both has the `key` and made the `signature`. Several tokens are for the time in which
/// an app's key is rotated; a signature never counts for another token's key.
pub fn is_authentic<'t>(tokens: impl IntoIterator<Item = &'t Token>, key: &str, signature: &str, body: &[u8]) -> bool {
    tokens.into_iter().any(|token| token.key() == key && token.verify(body, signature))
}
