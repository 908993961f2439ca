//! Whether a webhook comes from Channels.
//!
//! Source of the rules: the Channels documentation, "Webhooks, security": the header `X-Pusher-Key` names the key, and
//! `X-Pusher-Signature` is the HMAC-SHA256 of the body's bytes with the secret of that very key.

use crate::{sign::Token, text::until_byte};

/// Tells whether the content type is JSON, with or without parameters such as a charset.
pub fn is_json(content_type: &str) -> bool {
    until_byte(content_type, b';').trim_ascii().eq_ignore_ascii_case("application/json")
}

/// Tells whether one of the tokens has the `key` and made the `signature` of the body's bytes. Pass several tokens while an app's
/// key is rotated; a signature never passes for another token's key, and a token without a key or secret verifies none.
///
/// ```
/// use pusher_http_wasm::{sign::Token, webhook::is_authentic};
///
/// let token = Token::new("key", String::from("secret"));
/// let signature = token.sign(b"{}");
/// assert!(is_authentic([&token], "key", &signature, b"{}"));
/// assert!(!is_authentic([&token], "key", &signature, b"{ }"));
/// ```
pub fn is_authentic<'t>(tokens: impl IntoIterator<Item = &'t Token>, key: &str, signature: &str, body: &[u8]) -> bool {
    tokens.into_iter().any(|token| token.key() == key && token.verify(body, signature))
}
