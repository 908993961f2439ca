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

use crate::text::owned;

/// Bytes that SHA-256 takes at once, and that HMAC has its key padded to.
const BLOCK_BYTES: usize = 64;

/// A key with its secret, ready to sign.
///
/// The keyed state of the HMAC is computed once, which saves two of the four SHA-256 blocks that a short message
/// costs. Secret and state are wiped when the token is dropped; its `Debug` form shows the key only.
#[derive(Clone)]
pub struct Token {
    key: String,
    secret: Zeroizing<String>,
    /// By whole blocks: what collects them, part by part, weighs more and takes longer than to have the message in one piece.
    keyed: HmacCore<Sha256>,
}

impl Token {
    /// A token of the app's `key` and `secret`. Any strings will do, also empty ones.
    pub fn new(key: &str, secret: impl Into<Zeroizing<String>>) -> Self {
        let secret = secret.into();
        // Padded here, since `HmacCore` would bring another SHA-256 along for secrets that are longer than a block.
        let mut padded = [0; BLOCK_BYTES];
        if secret.len() <= BLOCK_BYTES {
            padded.iter_mut().zip(secret.bytes()).for_each(|(to, from)| *to = from);
        } else {
            padded.iter_mut().zip(sha256(secret.as_bytes())).for_each(|(to, from)| *to = from);
        }
        let keyed = HmacCore::new((&padded).into());
        padded.zeroize();
        Self { key: owned(key), secret, keyed }
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
        let mut signature = String::new();
        self.push_signature(&mut signature, message);
        signature
    }

    /// Adds the signature of the message.
    #[cfg_attr(npm, optimize(speed))]
    pub(crate) fn push_signature(&self, text: &mut String, message: &[u8]) {
        push_hexadecimal::<64>(text, &finish(self.keyed.clone(), message));
    }

    /// Whether `signature` (64 lower-case hexadecimal digits) is that of `message`, compared in constant time.
    pub fn verify(&self, message: &[u8], signature: &str) -> bool {
        equal_in_constant_time(self.sign(message).as_bytes(), signature.as_bytes())
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Token").field("key", &self.key).finish_non_exhaustive()
    }
}

/// What a hash, or a keyed one, makes of a message that is there in one piece: it then needs nothing to collect blocks in.
fn finish<Core: FixedOutputCore>(mut core: Core, message: &[u8]) -> Array<u8, Core::OutputSize> {
    let (blocks, rest) = Block::<Core>::slice_as_chunks(message);
    core.update_blocks(blocks);
    let mut hash = Array::default();
    core.finalize_fixed_core(&mut Buffer::<Core>::new(rest), &mut hash);
    hash
}

/// SHA-256 of a message.
#[inline(never)]
pub(crate) fn sha256(message: &[u8]) -> [u8; 32] {
    finish(<Sha256 as CoreProxy>::Core::default(), message).into()
}

/// The MD5 of a request's body, as `body_md5` wants it: 32 lower-case hexadecimal digits.
pub fn body_md5(body: &[u8]) -> String {
    let mut digits = String::new();
    push_hexadecimal::<32>(&mut digits, &finish(<Md5 as CoreProxy>::Core::default(), body));
    digits
}

/// `hex::encode_to_slice`, at a fraction of its price in bytes and time.
fn push_hexadecimal<const DIGITS: usize>(text: &mut String, bytes: &[u8]) {
    let digit = |half: u8| if half < 10 { b'0' | half } else { half.wrapping_add(b'a' - 10) };
    let mut digits = [0; DIGITS];
    for (pair, byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = [digit(byte >> 4), digit(byte & 15)];
    }
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
}

/// Whether the bytes are equal, in a time that tells nothing but their number.
#[cfg_attr(npm, optimize(speed))]
pub(crate) fn equal_in_constant_time(one: &[u8], other: &[u8]) -> bool {
    let mut difference = 0;
    for (one, other) in one.iter().zip(other) {
        difference |= one ^ other;
    }
    one.len() == other.len() && std::hint::black_box(difference) == 0
}
