//! End-to-end encrypted channels: the server and Channels never see the plain data, only the app and its clients do.
//!
//! Source of the rules: the Channels documentation, "Encrypted channels", and `NaCl`'s `secretbox` (`XSalsa20-Poly1305`).

mod base64;
mod row;
mod xsalsa20;

use poly1305::{Poly1305, universal_hash::KeyInit};
use zeroize::{Zeroizing, optimization_barrier};

use crate::{
    error::{DECRYPTION_FAILED, Error, MASTER_KEY_BASE64_LENGTH, MASTER_KEY_LENGTH, MASTER_KEY_NOT_BASE64, Rule},
    sign::{equal_in_constant_time, sha256},
    text::{decimal, push_zeros, with_room},
    validate::ChannelName,
};
use xsalsa20::BLOCK_BYTES;

/// Bytes of a master key and of a shared secret.
pub const KEY_BYTES: usize = 32;
/// Bytes of a nonce. Drawn at random for each event, never used twice.
pub const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// The app's key of all encrypted channels. It is wiped when dropped and not in its `Debug` form.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; KEY_BYTES]>);

impl MasterKey {
    /// Takes exactly 32 bytes; otherwise `None`.
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// Reads the option `encryptionMasterKeyBase64`.
    ///
    /// # Errors
    /// `invalid_option`; the message tells lengths, never the key.
    pub fn from_base64(text: &str) -> Result<Self, Error> {
        let bytes = base64::decode(text).map(Zeroizing::new).ok_or_else(|| Error::new(MASTER_KEY_NOT_BASE64, ""))?;
        Self::of(&bytes, MASTER_KEY_BASE64_LENGTH)
    }

    /// Reads the option `encryptionMasterKey`, whose text is the key.
    ///
    /// # Errors
    /// `invalid_option`; the message tells lengths, never the key.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        Self::of(text.as_bytes(), MASTER_KEY_LENGTH)
    }

    fn of(bytes: &[u8], rule: Rule) -> Result<Self, Error> {
        Self::from_bytes(bytes).ok_or_else(|| Error::new(rule, &decimal(bytes.len() as u64)))
    }

    /// The key itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The key as [`from_base64`](Self::from_base64) takes it.
    pub fn to_base64(&self) -> String {
        let mut text = String::new();
        push_base64(&mut text, &self.0);
        text
    }

    /// The secret that one channel's clients share: SHA-256 of the channel's name and the master key.
    pub fn shared_secret(&self, channel: ChannelName<'_>) -> SharedSecret {
        let mut text = Zeroizing::new(with_room(channel.as_str().len().saturating_add(KEY_BYTES)));
        text.extend_from_slice(channel.as_str().as_bytes());
        text.extend_from_slice(self.as_bytes());
        SharedSecret(Zeroizing::new(sha256(&text)))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MasterKey(…)")
    }
}

/// The secret of one encrypted channel, 32 bytes.
#[derive(Clone)]
pub struct SharedSecret(Zeroizing<[u8; KEY_BYTES]>);

impl SharedSecret {
    /// The secret itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret as authorisations carry it.
    pub fn to_base64(&self) -> String {
        let mut text = String::new();
        push_base64(&mut text, &self.0);
        text
    }

    /// Adds what [`to_base64`](Self::to_base64) gives.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn push_base64(&self, text: &mut String) {
        push_base64(text, &self.0);
    }

    /// Encrypts an event's data: `{"nonce": base64, "ciphertext": base64}` as JSON text.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each call.
    pub fn seal(&self, plain: &str, nonce: &[u8; NONCE_BYTES]) -> String {
        let mut json = with_room(sealed_len(plain.len()).saturating_add(ROOM));
        self.seal_into(&mut json, plain.as_bytes(), nonce, false);
        String::from_utf8(json).unwrap_or_default()
    }

    /// Adds to `json` what [`seal`](Self::seal) gives, with its quotation marks escaped where it is `nested` in a JSON string.
    /// Room for [`sealed_len`] and [`ROOM`] bytes saves `json` from moving.
    pub fn seal_into(&self, json: &mut Vec<u8>, plain: &[u8], nonce: &[u8; NONCE_BYTES], nested: bool) {
        let mut sealed = self.encrypted(plain, nonce);
        let Some((key, message)) = sealed.split_first_chunk_mut() else { return };
        let tag = authenticator(key, message);
        wipe(key);
        key.last_chunk_mut().into_iter().for_each(|place: &mut [u8; TAG_BYTES]| *place = tag);
        let ciphertext = sealed.get(KEY_BYTES.saturating_sub(TAG_BYTES)..).unwrap_or_default();
        let [before, between, after] = if nested {
            [r#"{\"nonce\":\""#, r#"\",\"ciphertext\":\""#, r#"\"}"#]
        } else {
            [r#"{"nonce":""#, r#"","ciphertext":""#, r#""}"#]
        };
        for (text, bytes) in [(before, nonce.as_slice()), (between, ciphertext), (after, &[])] {
            json.extend_from_slice(text.as_bytes());
            base64::encode_into(json, bytes);
        }
    }

    /// Decrypts what [`seal`](Self::seal) made: both parts in base64.
    ///
    /// # Errors
    /// `decryption_failed`.
    pub fn open(&self, nonce: &str, ciphertext: &str) -> Result<String, Error> {
        let mut plain = String::new();
        self.open_into(&mut plain, nonce, ciphertext)?;
        Ok(plain)
    }

    /// Adds to `text` what [`open`](Self::open) gives.
    pub(crate) fn open_into(&self, text: &mut String, nonce: &str, ciphertext: &str) -> Result<(), Error> {
        let nonce: [u8; NONCE_BYTES] = base64::decode(nonce)
            .and_then(|nonce| nonce.try_into().ok())
            .ok_or_else(|| failed("its nonce is not 24 bytes of base64"))?;
        let sealed = base64::decode(ciphertext).ok_or_else(|| failed("its ciphertext is not base64"))?;
        let (tag, message) =
            sealed.split_first_chunk::<TAG_BYTES>().ok_or_else(|| failed("its ciphertext is too short"))?;
        // A copy: what `message` holds is not decrypted in place before it is known to be authentic.
        let mut opened = self.encrypted(message, &nonce);
        let Some((key, plain)) = opened.split_first_chunk_mut() else {
            return Err(failed("its ciphertext is too short"));
        };
        let authentic = equal_in_constant_time(&authenticator(key, message), tag);
        wipe(key);
        if !authentic {
            wipe(plain);
            return Err(failed("it was made with another key, or changed on its way"));
        }
        let is_text = std::str::from_utf8(plain).map(|plain| text.push_str(plain)).is_ok();
        wipe(plain);
        if is_text { Ok(()) } else { Err(failed("it is not UTF-8 text")) }
    }

    /// The 32 bytes that key the authenticator, then the message with the keystream after them added to it.
    #[inline(never)]
    fn encrypted(&self, message: &[u8], nonce: &[u8; NONCE_BYTES]) -> Vec<u8> {
        let len = message.len().saturating_add(KEY_BYTES);
        let mut bytes = with_room(len.next_multiple_of(BLOCK_BYTES));
        push_zeros(&mut bytes, KEY_BYTES);
        bytes.extend_from_slice(message);
        let rest = len.next_multiple_of(BLOCK_BYTES).saturating_sub(len);
        push_zeros(&mut bytes, rest);
        xsalsa20::apply(&self.0, nonce, &mut bytes);
        bytes.truncate(len);
        bytes
    }
}

fn push_base64(text: &mut String, key: &[u8; KEY_BYTES]) {
    // With room for all of it: what has to move leaves a copy behind.
    let mut digits = with_room(base64::encoded_len(KEY_BYTES).saturating_add(base64::OVERHANG));
    base64::encode_into(&mut digits, key);
    text.push_str(std::str::from_utf8(&digits).unwrap_or_default());
    wipe(&mut digits);
}

/// What [`SharedSecret::seal_into`] may need beyond [`sealed_len`]: escapes, and digits that it takes back.
pub const ROOM: usize = 8_usize.saturating_add(base64::OVERHANG);

/// Bytes of what [`SharedSecret::seal`] makes of so many.
pub const fn sealed_len(plain: usize) -> usize {
    const JSON: usize = r#"{"nonce":"","ciphertext":""}"#.len();
    JSON.saturating_add(base64::encoded_len(NONCE_BYTES))
        .saturating_add(base64::encoded_len(plain.saturating_add(TAG_BYTES)))
}

#[inline(never)]
fn authenticator(one_time_key: &[u8; KEY_BYTES], message: &[u8]) -> [u8; TAG_BYTES] {
    Poly1305::new(one_time_key.into()).compute_unpadded(message).into()
}

/// Writes zeros over it, which no compiler takes for needless.
#[inline(never)]
pub(crate) fn wipe(secret: &mut [u8]) {
    secret.fill(0);
    optimization_barrier(secret);
}

fn failed(why: &'static str) -> Error {
    Error::new(DECRYPTION_FAILED, why)
}
