//! Signatures: HMAC-SHA256 with the app's secret, and the MD5 of a body.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication".

use hmac::{
    KeyInit,
    block_api::HmacCore,
    digest::{
        array::Array,
        block_api::{Block, Buffer, CoreProxy, FixedOutputCore},
    },
};
use md5::Md5;
use sha2::Sha256;
use zeroize::{Zeroize, Zeroizing};

use crate::text::to_string;

/// Bytes of a block of SHA-256, which is also the length that HMAC pads its key to.
const BLOCK_BYTES: usize = 64;

/// A key with its secret, ready to sign.
///
/// The HMAC's keyed state is computed once, which saves two of the four SHA-256 blocks of a short message. Secret and state are wiped when the token is dropped; its `Debug` form shows the key only.
#[derive(Clone)]
pub struct Token {
    key: String,
    secret: Zeroizing<String>,
    /// Block-level HMAC: a message is always contiguous, so no buffer is needed that collects blocks. Smaller and faster.
    keyed: HmacCore<Sha256>,
}

impl Token {
    /// Makes a token of the app's `key` and `secret`. Any strings will do; with an empty one, [`verify`](Self::verify) is always false.
    pub fn new(key: &str, secret: impl Into<Zeroizing<String>>) -> Self {
        let secret = secret.into();
        // Padded here, because `HmacCore` would bring another SHA-256 along for secrets longer than a block.
        let mut padded = [0; BLOCK_BYTES];
        if secret.len() <= BLOCK_BYTES {
            padded.iter_mut().zip(secret.bytes()).for_each(|(to, from)| *to = from);
        } else {
            padded.iter_mut().zip(sha256(secret.as_bytes())).for_each(|(to, from)| *to = from);
        }
        let keyed = HmacCore::new((&padded).into());
        padded.zeroize();
        Self { key: to_string(key), secret, keyed }
    }

    /// Returns the public half: the app's key.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// Returns the secret half.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// Returns the signature of `message`: 64 lower-case hexadecimal digits.
    pub fn sign(&self, message: &[u8]) -> String {
        to_string(self.signature(message).as_str())
    }

    /// Returns what [`sign`](Self::sign) returns, without memory of its own: 4 % of an authorisation.
    #[cfg_attr(size_optimized, optimize(speed))]
    pub(crate) fn signature(&self, message: &[u8]) -> Hex<64> {
        to_hex(&finish(self.keyed.clone(), message))
    }

    /// Tells whether `signature`, 64 lower-case hexadecimal digits, is that of `message`. Compares in constant time.
    ///
    /// Never true for an empty key or secret, such as a variable that is no longer set: anybody can sign with those.
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        !self.key.is_empty()
            && !self.secret.is_empty()
            && equal_in_constant_time(&self.signature(message).0, signature.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("key", &self.key).finish_non_exhaustive()
    }
}

/// Returns the digest of a contiguous message, which needs no buffer to collect blocks in.
fn finish<Core: FixedOutputCore>(mut core: Core, message: &[u8]) -> Array<u8, Core::OutputSize> {
    let (blocks, rest) = Block::<Core>::slice_as_chunks(message);
    core.update_blocks(blocks);
    let mut hash = Array::default();
    core.finalize_fixed_core(&mut Buffer::<Core>::new(rest), &mut hash);
    hash
}

/// Returns the SHA-256 of a message.
#[inline(never)]
pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    finish(<Sha256 as CoreProxy>::Core::default(), message).into()
}

/// Returns the MD5 of a request's body, as the parameter `body_md5` takes it: 32 lower-case hexadecimal digits.
pub fn body_md5(body: &[u8]) -> String {
    to_string(to_hex::<32>(&finish(<Md5 as CoreProxy>::Core::default(), body)).as_str())
}

/// Lower-case hexadecimal digits.
pub(crate) struct Hex<const DIGITS: usize>([u8; DIGITS]);

impl<const DIGITS: usize> Hex<DIGITS> {
    pub(crate) fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// Writes bytes as hexadecimal digits, at a fraction of what `hex` takes in bytes and time.
fn to_hex<const DIGITS: usize>(bytes: &[u8]) -> Hex<DIGITS> {
    let digit = |half: u8| half.wrapping_add(if half < 10 { b'0' } else { b'a' - 10 });
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    Hex(digits)
}

/// Tells whether the bytes are equal, in a time that depends on nothing but their number.
#[cfg_attr(size_optimized, optimize(speed))]
pub(crate) fn equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    let mut difference = 0;
    for (one, other) in one.iter().zip(other) {
        difference |= one ^ other;
    }
    one.len() == other.len() && std::hint::black_box(difference) == 0
}
