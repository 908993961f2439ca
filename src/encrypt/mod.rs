//! End-to-end encrypted channels: only the app and its clients see the plain data, neither its servers nor Channels do.
//!
//! Source of the rules: the Channels documentation, "Encrypted channels", and `NaCl`'s `secretbox` (`XSalsa20-Poly1305`).

mod base64;
mod words;
mod xsalsa20;

use poly1305::{Poly1305, universal_hash::KeyInit};
use zeroize::{Zeroizing, optimization_barrier};

use crate::{
    error::{DECRYPTION_FAILED, Error, MASTER_KEY_BASE64_LENGTH, MASTER_KEY_LENGTH, MASTER_KEY_NOT_BASE64, Rule},
    sign::{equal_in_constant_time, sha256},
    text::{decimal, into_text, push_zeros, to_string, with_capacity},
    validate::ChannelName,
};
use xsalsa20::BLOCK_BYTES;

/// Bytes of a master key and of a shared secret.
pub const KEY_BYTES: usize = 32;
/// Bytes of a nonce. Each must be random, and used for one event only.
pub const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// The app's key of all encrypted channels. It is wiped when dropped, and is not in its `Debug` form.
///
/// Not an array: moving one leaves a copy where it was.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<Vec<u8>>);

impl MasterKey {
    /// Takes exactly 32 bytes; otherwise returns `None`.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        Self::parse(copy(bytes), MASTER_KEY_LENGTH).ok()
    }

    /// Reads the option `encryptionMasterKeyBase64`.
    ///
    /// # Errors
    /// `invalid_option`; the message tells lengths, never the key.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let bytes = base64::decode(text).ok_or_else(|| Error::new(MASTER_KEY_NOT_BASE64, ""))?;
        Self::parse(bytes, MASTER_KEY_BASE64_LENGTH)
    }

    /// Reads the option `encryptionMasterKey`, whose text is the key.
    ///
    /// # Errors
    /// `invalid_option`; the message tells lengths, never the key.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        Self::parse(copy(text.as_bytes()), MASTER_KEY_LENGTH)
    }

    fn parse(bytes: Vec<u8>, rule: Rule) -> Result<Self, Error> {
        let key = Self(Zeroizing::new(bytes));
        match key.0.len() {
            KEY_BYTES => Ok(key),
            length => Err(Error::new(rule, &decimal(length as u64))),
        }
    }

    /// Returns the key itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Returns the key as [`from_base64`](Self::from_base64) takes it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        to_base64(self.as_bytes())
    }

    /// Returns the secret that the clients of one channel share: SHA-256 of the channel's name and the master key.
    pub fn shared_secret(&self, channel: ChannelName<'_>) -> SharedSecret {
        let mut text = Zeroizing::new(with_capacity(channel.as_str().len().saturating_add(KEY_BYTES)));
        text.extend_from_slice(channel.as_str().as_bytes());
        text.extend_from_slice(self.as_bytes());
        let secret = SharedSecret(Zeroizing::new(sha256(&text)));
        wipe_stack();
        secret
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MasterKey(…)")
    }
}

/// The secret of one encrypted channel, 32 bytes. It is wiped when dropped.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<[u8; KEY_BYTES]>);

/// Where sealed data goes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is JSON by itself.
    Alone,
    /// It is the content of a JSON string, so its quotation marks are escaped.
    InString,
}

impl SharedSecret {
    /// Returns the secret itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// Returns the secret as authorisations carry it.
    pub fn to_base64(&self) -> Zeroizing<String> {
        to_base64(self.as_bytes())
    }

    /// Encrypts an event's data. Returns `{"nonce": base64, "ciphertext": base64}` as JSON text.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each call.
    ///
    /// ```
    /// use pusher_http_wasm::{encrypt::{MasterKey, NONCE_BYTES}, validate::ChannelName};
    ///
    /// let key = MasterKey::from_text("an example key of thirty-2 bytes")?;
    /// let secret = key.shared_secret(ChannelName::parse("private-encrypted-room")?);
    /// let nonce = [7; NONCE_BYTES]; // random in earnest
    /// let sealed = secret.seal(r#"{"some":"data"}"#, &nonce);
    /// assert!(sealed.starts_with(r#"{"nonce":"BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH","ciphertext":""#));
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    pub fn seal(&self, plain: &str, nonce: &[u8; NONCE_BYTES]) -> String {
        let mut json = with_capacity(sealed_len(plain.len()).saturating_add(SEAL_SLACK));
        self.seal_into(&mut json, plain, nonce, Place::Alone);
        into_text(json)
    }

    /// Appends what [`seal`](Self::seal) returns to `json`, so that a body is written without copying its data. A capacity of
    /// [`sealed_len`] and [`SEAL_SLACK`] bytes keeps `json` from moving.
    pub(crate) fn seal_into(&self, json: &mut Vec<u8>, plain: &str, nonce: &[u8; NONCE_BYTES], place: Place) {
        let mut sealed = self.encrypt(plain.as_bytes(), nonce);
        let Some((key, message)) = sealed.split_first_chunk_mut() else { return };
        let tag = authenticator(key, message);
        wipe(key);
        key.last_chunk_mut().into_iter().for_each(|end: &mut [u8; TAG_BYTES]| *end = tag);
        let ciphertext = sealed.get(KEY_BYTES.saturating_sub(TAG_BYTES)..).unwrap_or_default();
        let [before, between, after] = match place {
            Place::Alone => [r#"{"nonce":""#, r#"","ciphertext":""#, r#""}"#],
            Place::InString => [r#"{\"nonce\":\""#, r#"\",\"ciphertext\":\""#, r#"\"}"#],
        };
        for (text, bytes) in [(before, nonce.as_slice()), (between, ciphertext), (after, &[])] {
            json.extend_from_slice(text.as_bytes());
            base64::encode_into(json, bytes);
        }
    }

    /// Decrypts what [`seal`](Self::seal) made; both parts are in base64.
    ///
    /// # Errors
    /// `decryption_failed`.
    pub fn open(&self, nonce: &str, ciphertext: &str) -> Result<String, Error> {
        let nonce: [u8; NONCE_BYTES] = base64::decode(nonce)
            .and_then(|nonce| nonce.try_into().ok())
            .ok_or_else(|| failed("its nonce is not 24 bytes of base64"))?;
        let sealed = base64::decode(ciphertext).ok_or_else(|| failed("its ciphertext is not base64"))?;
        let (tag, message) =
            sealed.split_first_chunk::<TAG_BYTES>().ok_or_else(|| failed("its ciphertext is too short"))?;
        // A copy: `message` is needed as it is to find out whether it is authentic.
        let mut opened = self.encrypt(message, &nonce);
        let Some((key, plain)) = opened.split_first_chunk_mut() else {
            return Err(failed("its ciphertext is too short"));
        };
        let is_authentic = equal_in_constant_time(&authenticator(key, message), tag);
        wipe(key);
        let text = if is_authentic {
            std::str::from_utf8(plain).map(to_string).map_err(|_| failed("it is not UTF-8 text"))
        } else {
            Err(failed("it was made with another key, or changed on its way"))
        };
        wipe(plain);
        text
    }

    /// Returns the 32 bytes that key the authenticator, then the message with the keystream after them added to it. Decrypts, too.
    #[inline(never)]
    fn encrypt(&self, message: &[u8], nonce: &[u8; NONCE_BYTES]) -> Vec<u8> {
        let len = message.len().saturating_add(KEY_BYTES);
        let mut bytes = with_capacity(len.next_multiple_of(BLOCK_BYTES));
        push_zeros(&mut bytes, KEY_BYTES);
        bytes.extend_from_slice(message);
        let rest = len.next_multiple_of(BLOCK_BYTES).saturating_sub(len);
        push_zeros(&mut bytes, rest);
        xsalsa20::apply(&self.0, nonce, &mut bytes);
        bytes.truncate(len);
        bytes
    }
}

fn copy(bytes: &[u8]) -> Vec<u8> {
    let mut copy = with_capacity(bytes.len());
    copy.extend_from_slice(bytes);
    copy
}

fn to_base64(key: &[u8]) -> Zeroizing<String> {
    // Allocated once: growing would leave a copy behind.
    let mut digits = with_capacity(base64::encoded_len(KEY_BYTES).saturating_add(base64::OVERHANG));
    base64::encode_into(&mut digits, key);
    wipe_stack();
    Zeroizing::new(into_text(digits))
}

/// Bytes that [`SharedSecret::seal_into`] may need beyond [`sealed_len`]: escapes, and digits that it takes back.
pub(crate) const SEAL_SLACK: usize = 8_usize.saturating_add(base64::OVERHANG);

/// Returns how many bytes [`SharedSecret::seal`] makes of `plain` bytes.
pub const fn sealed_len(plain: usize) -> usize {
    const JSON: usize = r#"{"nonce":"","ciphertext":""}"#.len();
    JSON.saturating_add(base64::encoded_len(NONCE_BYTES))
        .saturating_add(base64::encoded_len(plain.saturating_add(TAG_BYTES)))
}

#[inline(never)]
fn authenticator(one_time_key: &[u8; KEY_BYTES], message: &[u8]) -> [u8; TAG_BYTES] {
    Poly1305::new(one_time_key.into()).compute_unpadded(message).into()
}

/// Overwrites a secret with zeros, which no compiler may leave out.
#[inline(never)]
pub(crate) fn wipe(secret: &mut [u8]) {
    secret.fill(0);
    optimization_barrier(secret);
}

/// Overwrites what the function that was called before this one has left on the stack: SHA-256, the block with the master key; base64, the
/// last bytes.
#[inline(never)]
fn wipe_stack() {
    wipe(&mut [0; 512]);
}

fn failed(why: &'static str) -> Error {
    Error::new(DECRYPTION_FAILED, why)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    const NONCE: [u8; NONCE_BYTES] = [7; NONCE_BYTES];

    #[test]
    fn wipes_every_byte() {
        for length in 0..100 {
            let mut secret = vec![1; length];
            wipe(&mut secret);
            assert_eq!(secret, vec![0; length]);
        }
    }

    #[test]
    fn seals_into_a_body_without_moving_it() {
        let secret = SharedSecret(Zeroizing::new([1; KEY_BYTES]));
        for length in 0..200 {
            let plain = "é".repeat(length);
            let sealed = secret.seal(&plain, &NONCE);
            assert_eq!(sealed.len(), sealed_len(plain.len()));
            for (place, expected) in [
                (Place::Alone, format!("\"{sealed}\"")),
                (Place::InString, format!("\"{}\"", sealed.replace('"', "\\\""))),
            ] {
                let mut json = Vec::with_capacity(1 + sealed_len(plain.len()) + SEAL_SLACK);
                json.push(b'"');
                let address = json.as_ptr();
                secret.seal_into(&mut json, &plain, &NONCE, place);
                assert_eq!(json.as_ptr(), address, "{length}");
                json.push(b'"');
                assert_eq!(String::from_utf8(json).unwrap(), expected);
            }
        }
    }
}
