//! Signatures: HMAC-SHA256 with the app's secret, and the MD5 of a body.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication".

use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest, Md5};
use sha2::Sha256;
use zeroize::Zeroizing;

/// A key with its secret, ready to sign.
///
/// The keyed state of the HMAC is computed once, which saves two of the four SHA-256 blocks that a short message
/// costs. Secret and state are wiped when the token is dropped; its `Debug` form shows the key only.
#[derive(Clone)]
pub struct Token {
    key: String,
    secret: Zeroizing<String>,
    keyed: Option<Hmac<Sha256>>,
}

impl Token {
    /// A token of the app's `key` and `secret`. Any strings will do, also empty ones.
    #[cfg_attr(npm, optimize(size))]
    pub fn new(key: &str, secret: impl Into<Zeroizing<String>>) -> Self {
        let secret = secret.into();
        // HMAC takes keys of any length, so this is never `None`; an `Option` says so without a panic.
        let keyed = Hmac::new_from_slice(secret.as_bytes()).ok();
        Self { key: key.into(), secret, keyed }
    }

    /// The public half: the app's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret half.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The signature of `message`: 64 lower-case hexadecimal digits.
    pub fn sign(&self, message: &[u8]) -> String {
        self.sign_parts(&[message])
    }

    /// The signature of the parts of a message one after the other.
    pub fn sign_parts(&self, parts: &[&[u8]]) -> String {
        self.keyed_with(parts).map(|mac| hexadecimal::<64>(&mac.finalize().into_bytes())).unwrap_or_default()
    }

    /// Whether `signature` (64 lower-case hexadecimal digits) is that of `message`, compared in constant time.
    #[cfg_attr(npm, optimize(size))]
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        equal_in_constant_time(self.sign(message).as_bytes(), signature.as_bytes())
    }

    fn keyed_with(&self, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let mut mac = self.keyed.clone()?;
        for part in parts {
            mac.update(part);
        }
        Some(mac)
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("key", &self.key).finish_non_exhaustive()
    }
}

/// The MD5 of a request's body, as `body_md5` wants it: 32 lower-case hexadecimal digits.
#[cfg_attr(npm, optimize(size))]
pub fn body_md5(body: &[u8]) -> String {
    hexadecimal::<32>(&Md5::digest(body))
}

/// `hex::encode`, which goes character by character, at a fraction of its price.
fn hexadecimal<const DIGITS: usize>(bytes: &[u8]) -> String {
    let mut digits = vec![0; DIGITS];
    let _ = hex::encode_to_slice(bytes, &mut digits);
    String::from_utf8(digits).unwrap_or_default()
}

/// Whether the bytes are equal, in a time that tells nothing but their number.
pub(crate) fn equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    let difference = one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other));
    one.len() == other.len() && std::hint::black_box(difference) == 0
}
