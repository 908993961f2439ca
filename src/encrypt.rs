//! End-to-end encrypted channels: the server and Channels never see the plain data, only the app and its clients do.
//!
//! Source of the rules: the Channels documentation, "Encrypted channels", and `NaCl`'s `secretbox` (`XSalsa20-Poly1305`).

use base64ct::{Base64, Encoding};
use poly1305::{Poly1305, universal_hash::KeyInit};
use salsa20::{
    XSalsa20,
    cipher::{KeyIvInit, StreamCipher},
};
use serde::Serialize;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    config::invalid,
    error::{DECRYPTION_FAILED, Error},
    text::decimal,
    validate::ChannelName,
};

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
        const OPTION: &str = "encryptionMasterKeyBase64";
        let bytes = Base64::decode_vec(&canonical(text))
            .map(Zeroizing::new)
            .map_err(|_| invalid(OPTION, &[OPTION, " must be valid base64"]))?;
        let decodes = " must decode to 32 bytes, but the provided key decodes to ";
        Self::from_bytes(&bytes)
            .ok_or_else(|| invalid(OPTION, &[OPTION, decodes, &decimal(bytes.len() as u64), " bytes"]))
    }

    /// Reads the option `encryptionMasterKey`, whose text is the key.
    ///
    /// # Errors
    /// `invalid_option`; the message tells lengths, never the key.
    pub fn from_text(text: &str) -> Result<Self, Error> {
        const OPTION: &str = "encryptionMasterKey";
        let is = " must be 32 bytes long, but the provided key is ";
        Self::from_bytes(text.as_bytes())
            .ok_or_else(|| invalid(OPTION, &[OPTION, is, &decimal(text.len() as u64), " bytes long"]))
    }

    /// The key itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret that one channel's clients share: SHA-256 of the channel's name and the master key.
    pub fn shared_secret(&self, channel: &ChannelName<'_>) -> SharedSecret {
        let hash = Sha256::new().chain_update(channel.as_str()).chain_update(self.as_bytes()).finalize();
        SharedSecret(Zeroizing::new(hash.into()))
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MasterKey(…)")
    }
}

/// The secret of one encrypted channel, 32 bytes.
pub struct SharedSecret(Zeroizing<[u8; KEY_BYTES]>);

#[derive(Serialize)]
struct Sealed<'a> {
    nonce: &'a str,
    ciphertext: &'a str,
}

impl SharedSecret {
    /// The secret itself.
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_slice()
    }

    /// The secret as authorisations carry it.
    pub fn to_base64(&self) -> String {
        Base64::encode_string(self.as_bytes())
    }

    /// Encrypts an event's data: `{"nonce": base64, "ciphertext": base64}` as JSON text.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each call.
    pub fn seal(&self, plain: &str, nonce: &[u8; NONCE_BYTES]) -> String {
        let mut ciphertext = vec![0; TAG_BYTES];
        ciphertext.extend_from_slice(plain.as_bytes());
        let (tag, message) = ciphertext.split_at_mut(TAG_BYTES);
        let one_time_key = self.apply_keystream(nonce, message);
        tag.copy_from_slice(&authenticator(&one_time_key, message));
        let (nonce, ciphertext) = (Base64::encode_string(nonce), Base64::encode_string(&ciphertext));
        serde_json::to_string(&Sealed { nonce: &nonce, ciphertext: &ciphertext }).unwrap_or_default()
    }

    /// Decrypts what [`seal`](Self::seal) made: both parts in base64.
    ///
    /// # Errors
    /// `decryption_failed`.
    pub fn open(&self, nonce: &str, ciphertext: &str) -> Result<String, Error> {
        let nonce: [u8; NONCE_BYTES] = Base64::decode_vec(nonce)
            .ok()
            .and_then(|nonce| nonce.try_into().ok())
            .ok_or_else(|| failed("its nonce is not 24 bytes of base64"))?;
        let mut sealed = Base64::decode_vec(ciphertext).map_err(|_| failed("its ciphertext is not base64"))?;
        let (tag, message) =
            sealed.split_at_mut_checked(TAG_BYTES).ok_or_else(|| failed("its ciphertext is too short"))?;
        // The keystream goes over a copy: nothing is decrypted in place before it is known to be authentic.
        let mut plain = message.to_vec();
        let one_time_key = self.apply_keystream(&nonce, &mut plain);
        if !constant_time_eq(&authenticator(&one_time_key, message), tag) {
            plain.zeroize();
            return Err(failed("it was made with another key, or changed on its way"));
        }
        String::from_utf8(plain).map_err(|_| failed("it is not UTF-8 text"))
    }

    /// Adds the keystream to `message` and returns the 32 bytes before it, which key the authenticator.
    fn apply_keystream(&self, nonce: &[u8; NONCE_BYTES], message: &mut [u8]) -> Zeroizing<[u8; KEY_BYTES]> {
        let mut cipher = XSalsa20::new((&*self.0).into(), nonce.into());
        let mut one_time_key = Zeroizing::new([0; KEY_BYTES]);
        cipher.apply_keystream(one_time_key.as_mut_slice());
        cipher.apply_keystream(message);
        one_time_key
    }
}

fn authenticator(one_time_key: &[u8; KEY_BYTES], message: &[u8]) -> [u8; TAG_BYTES] {
    Poly1305::new(one_time_key.into()).compute_unpadded(message).into()
}

/// Base64 with the spare bits of its last digit cleared: other libraries look at them no more than their users do.
fn canonical(text: &str) -> Zeroizing<String> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = Zeroizing::new(text.to_owned());
    let digits = text.trim_end_matches('=').len();
    let spare = match text.len().saturating_sub(digits) {
        1 => 0b11,
        2 => 0b1111,
        _ => return text,
    };
    let padding = text.split_off(digits);
    if let Some(last) = text.pop() {
        let value = DIGITS.iter().position(|digit| char::from(*digit) == last);
        let cleared = value.and_then(|value| DIGITS.get(value & !spare)).map_or(last, |digit| char::from(*digit));
        text.push(cleared);
    }
    text.push_str(&padding);
    text
}

/// Equal bytes, in a time that tells nothing but their number.
fn constant_time_eq(one: &[u8], other: &[u8]) -> bool {
    let difference = one.iter().zip(other).fold(0, |difference, (one, other)| difference | (one ^ other));
    one.len() == other.len() && std::hint::black_box(difference) == 0
}

fn failed(why: &'static str) -> Error {
    Error::new(&DECRYPTION_FAILED, why)
}
