//! Base64 and secretbox, beside other implementations.

use base64ct::{Base64, Encoding};
use crypto_secretbox::{KeyInit, XSalsa20Poly1305, aead::Aead};
use pusher_http_wasm::{
    encrypt::{KEY_BYTES, MasterKey, NONCE_BYTES, SharedSecret},
    validate::ChannelName,
};

use crate::input::text;

const KEY: [u8; KEY_BYTES] = [1; KEY_BYTES];

fn shared_secret() -> SharedSecret {
    MasterKey::from_bytes(&KEY).unwrap().shared_secret(ChannelName::parse("private-encrypted-a").unwrap())
}

/// Any text that may be base64: as a master key, a nonce and a ciphertext.
pub fn base64(input: &[u8]) {
    let text = text(input);
    let expected = Base64::decode_vec(text);
    match MasterKey::from_base64(text) {
        Ok(key) => {
            assert_eq!(key.as_bytes(), expected.as_deref().unwrap());
            assert_eq!(key.to_base64().as_str(), text);
        }
        Err(error) => {
            assert_eq!((error.code(), error.field()), ("invalid_option", "encryptionMasterKeyBase64"));
            let length = expected.as_ref().map(|bytes| format!("decodes to {} bytes", bytes.len()));
            assert!(error.message().ends_with(length.as_deref().unwrap_or("is not base64")) || expected.is_err());
            assert_ne!(expected.as_ref().map(Vec::len), Ok(KEY_BYTES));
        }
    }
    let secret = shared_secret();
    let is_nonce = expected.as_ref().is_ok_and(|bytes| bytes.len() == NONCE_BYTES);
    let error = secret.open(text, "").unwrap_err();
    assert_eq!(!error.message().contains("its nonce is not"), is_nonce);
    let error = secret.open(&Base64::encode_string(&[7; NONCE_BYTES]), text).unwrap_err();
    assert_eq!(!error.message().contains("is not base64"), expected.is_ok());
    // What any bytes are written as.
    let key = MasterKey::from_bytes(&input.iter().copied().cycle().take(KEY_BYTES).collect::<Vec<u8>>());
    if let Some(key) = key {
        assert_eq!(key.to_base64().as_str(), Base64::encode_string(key.as_bytes()));
    }
}

/// A ciphertext after its nonce; and the same bytes as data, sealed, opened, and with a bit changed.
pub fn secretbox(input: &[u8]) {
    let (mut nonce, secret) = ([0; NONCE_BYTES], shared_secret());
    let (start, rest) = input.split_at(input.len().min(NONCE_BYTES));
    nonce[..start.len()].copy_from_slice(start);
    let other = XSalsa20Poly1305::new(secret.as_bytes().into());

    let open = |sealed: &[u8]| secret.open(&Base64::encode_string(&nonce), &Base64::encode_string(sealed));
    let theirs = other.decrypt(&nonce.into(), rest).ok().and_then(|plain| String::from_utf8(plain).ok());
    assert_eq!(open(rest).ok(), theirs);

    // What another implementation sealed opens if it is text, and with any bit changed it does not.
    let mut sealed = other.encrypt(&nonce.into(), rest).unwrap();
    assert_eq!(open(&sealed).ok().as_deref(), std::str::from_utf8(rest).ok());
    let place = usize::from(nonce[0]) % sealed.len();
    sealed[place] ^= 1 << (nonce[1] & 7);
    assert_eq!(open(&sealed).unwrap_err().code(), "decryption_failed");

    let plain = text(rest);
    let json: serde_json::Value = serde_json::from_str(&secret.seal(plain, &nonce)).unwrap();
    let [nonce_text, ciphertext] = ["nonce", "ciphertext"].map(|name| json[name].as_str().unwrap());
    assert_eq!(nonce_text, Base64::encode_string(&nonce));
    let theirs = other.encrypt(&nonce.into(), plain.as_bytes()).unwrap();
    assert_eq!(ciphertext, Base64::encode_string(&theirs));
    assert_eq!(secret.open(nonce_text, ciphertext).as_deref(), Ok(plain));
}
