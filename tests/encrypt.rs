//! Sealed data can be opened with the same secret only, and by every implementation of `NaCl`'s secretbox.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod support;

use base64ct::{Base64, Encoding};
use crypto_secretbox::{KeyInit, XSalsa20Poly1305, aead::Aead};
use proptest::{array::uniform24, array::uniform32, collection::vec, prelude::*, sample::Index};
use pusher_http_wasm::{
    encrypt::{KEY_BYTES, MasterKey, NONCE_BYTES, SharedSecret, sealed_len},
    validate::ChannelName,
};
use serde_json::Value;
use support::{any_text, describe, text_of, vectors};

const NONCE: [u8; NONCE_BYTES] = [7; NONCE_BYTES];
const CHANGED: &str = "Cannot decrypt the event: it was made with another key, or changed on its way";

fn secret_of(key: [u8; KEY_BYTES], channel: &str) -> SharedSecret {
    let key = MasterKey::from_bytes(&key).unwrap();
    key.shared_secret(ChannelName::parse(channel).unwrap())
}

/// Nonce and ciphertext of what `seal` gave.
fn parts(sealed: &str) -> (String, String) {
    let sealed: Value = serde_json::from_str(sealed).unwrap();
    (text_of(&sealed, "nonce").into(), text_of(&sealed, "ciphertext").into())
}

#[test]
fn derives_the_known_secrets() {
    for vector in vectors("encryption") {
        let key = match vector.get("master_key_base64") {
            Some(base64) => MasterKey::from_base64(base64.as_str().unwrap()).unwrap(),
            None => MasterKey::from_bytes(text_of(&vector, "master_key_utf8").as_bytes()).unwrap(),
        };
        let secret = key.shared_secret(ChannelName::parse(text_of(&vector, "channel")).unwrap());
        assert_eq!(secret.to_base64().as_str(), text_of(&vector, "shared_secret"));
        assert_eq!(Base64::encode_string(secret.as_bytes()), text_of(&vector, "shared_secret"));
    }
}

proptest! {
    #[test]
    fn opens_what_it_sealed(key in uniform32(any::<u8>()), nonce in uniform24(any::<u8>()), plain in any_text()) {
        let secret = secret_of(key, "private-encrypted-a");
        let (nonce, ciphertext) = parts(&secret.seal(&plain, &nonce));
        prop_assert_eq!(secret.open(&nonce, &ciphertext), Ok(plain));
    }

    #[test]
    fn seals_to_the_documented_length(plain in vec(any::<char>(), 0..300), nonce in uniform24(any::<u8>())) {
        let plain = String::from_iter(plain);
        let sealed = secret_of([1; 32], "private-encrypted-a").seal(&plain, &nonce);
        prop_assert_eq!(sealed.len(), 60 + 4 * (plain.len() + 16).div_ceil(3));
        prop_assert_eq!(sealed.len(), sealed_len(plain.len()));
    }

    #[test]
    fn reads_base64_as_another_library_does(digits in "[AQgw+/z0=a-c_ ]{0,44}|[A-Za-z0-9+/]{0,40}={0,3}") {
        let secret = secret_of([1; 32], "private-encrypted-a");
        let nonce = Base64::encode_string(&NONCE);
        let is_base64 = !secret.open(&nonce, &digits).unwrap_err().to_string().ends_with("is not base64");
        // The other one looks at the spare bits of the last digit, too.
        prop_assert_eq!(is_base64, Base64::decode_vec(&digits).is_ok(), "{}", digits);
    }

    #[test]
    fn agrees_with_another_secretbox(
        key in uniform32(any::<u8>()), nonce in uniform24(any::<u8>()), plain in any_text(), length in 0..5_usize,
    ) {
        // Of all sizes around a block of Salsa20, which is 64 bytes.
        let plain = plain.repeat(length);
        let secret = secret_of(key, "private-encrypted-a");
        let other = XSalsa20Poly1305::new(secret.as_bytes().into());
        let (sealed_nonce, ciphertext) = parts(&secret.seal(&plain, &nonce));
        prop_assert_eq!(Base64::decode_vec(&sealed_nonce).unwrap(), nonce);
        let theirs = other.encrypt(&nonce.into(), plain.as_bytes()).unwrap();
        prop_assert_eq!(Base64::encode_string(&theirs), ciphertext.as_str());
        let opened = other.decrypt(&nonce.into(), Base64::decode_vec(&ciphertext).unwrap().as_slice()).unwrap();
        prop_assert_eq!(opened, plain.into_bytes());
    }

    #[test]
    fn opens_with_its_own_key_channel_and_nonce_only(key in uniform32(any::<u8>()), at in any::<Index>(), plain in any_text()) {
        let mut other_key = key;
        other_key[at.index(KEY_BYTES)] ^= 1;
        let mut other_nonce = NONCE;
        other_nonce[at.index(NONCE_BYTES)] ^= 1;
        let secret = secret_of(key, "private-encrypted-a");
        let (nonce, ciphertext) = parts(&secret.seal(&plain, &NONCE));
        for (secret, nonce) in [
            (secret_of(other_key, "private-encrypted-a"), nonce.clone()),
            (secret_of(key, "private-encrypted-b"), nonce),
            (secret, Base64::encode_string(&other_nonce)),
        ] {
            let error = secret.open(&nonce, &ciphertext).unwrap_err();
            prop_assert_eq!(describe(&error), (CHANGED.into(), "decryption_failed", "data"));
        }
    }

    #[test]
    fn refuses_a_flipped_bit_anywhere(plain in any_text(), at in any::<Index>(), bit in 0..8_u32) {
        let secret = secret_of([1; 32], "private-encrypted-a");
        let (nonce, ciphertext) = parts(&secret.seal(&plain, &NONCE));
        let mut bytes = Base64::decode_vec(&ciphertext).unwrap();
        let at = at.index(bytes.len());
        bytes[at] ^= 1_u8 << bit;
        let error = secret.open(&nonce, &Base64::encode_string(&bytes)).unwrap_err();
        prop_assert_eq!(error.to_string(), CHANGED);
    }

    #[test]
    fn opens_nothing_that_was_made_up(nonce in any_text(), ciphertext in any_text(), bytes in vec(any::<u8>(), 0..60)) {
        let secret = secret_of([1; 32], "private-encrypted-a");
        let good_nonce = Base64::encode_string(&NONCE);
        for (nonce, ciphertext) in [(&nonce, &ciphertext), (&good_nonce, &ciphertext), (&good_nonce, &Base64::encode_string(&bytes))] {
            prop_assert_eq!(secret.open(nonce, ciphertext).unwrap_err().code(), "decryption_failed");
        }
    }

    #[test]
    fn a_master_key_has_32_bytes(bytes in vec(any::<u8>(), 0..70)) {
        let key = MasterKey::from_bytes(&bytes);
        prop_assert_eq!(key.is_some(), bytes.len() == 32);
        match MasterKey::from_base64(&Base64::encode_string(&bytes)) {
            Ok(key) => prop_assert_eq!(key.as_bytes(), bytes),
            Err(error) => {
                let length = bytes.len();
                let message = format!("encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to {length} bytes");
                prop_assert_eq!(describe(&error), (message, "invalid_option", "encryptionMasterKeyBase64"));
            }
        }
    }

    #[test]
    fn reads_any_text_as_a_master_key_without_showing_it(text in any_text()) {
        // Nothing that short is 32 bytes in base64.
        let error = MasterKey::from_base64(&text).unwrap_err();
        prop_assert!(text.chars().count() < 3 || !error.to_string().contains(&text));
    }
}

#[test]
fn agrees_with_another_secretbox_at_every_length() {
    let text: String = (0..70_000_u32).map(|at| char::from_u32(32 + at * 7 % 90).unwrap()).collect();
    // Around blocks of Salsa20 (64), those that are worked on together (16 of them), and groups of digits (12).
    for length in (0..300).chain(950..1130).chain([2015, 2016, 2017, 9_999, 10_240, 65_536, 70_000]) {
        let nonce = std::array::from_fn(|at| u8::try_from((at * 11 + length) % 256).unwrap());
        let secret = secret_of([u8::try_from(length % 251).unwrap(); 32], "private-encrypted-a");
        let plain = text.get(..length).unwrap();
        let (_, ciphertext) = parts(&secret.seal(plain, &nonce));
        let other = XSalsa20Poly1305::new(secret.as_bytes().into());
        assert_eq!(
            ciphertext,
            Base64::encode_string(&other.encrypt(&nonce.into(), plain.as_bytes()).unwrap()),
            "{length}"
        );
        assert_eq!(secret.open(&Base64::encode_string(&nonce), &ciphertext).unwrap(), plain);
    }
}

#[test]
fn is_the_json_that_clients_expect() {
    let sealed = secret_of([1; 32], "private-encrypted-a").seal(r#"{"a":1}"#, &NONCE);
    let (nonce, ciphertext) = parts(&sealed);
    assert_eq!(sealed, format!(r#"{{"nonce":"{nonce}","ciphertext":"{ciphertext}"}}"#));
    assert_eq!(nonce, "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH");
}

#[test]
fn says_why_it_cannot_open() {
    let secret = secret_of([1; 32], "private-encrypted-a");
    let (nonce, ciphertext) = parts(&secret.seal("plain", &NONCE));
    let not_utf8 = XSalsa20Poly1305::new(secret.as_bytes().into()).encrypt(&NONCE.into(), [0xff].as_slice()).unwrap();
    for (nonce, ciphertext, why) in [
        ("AAAA", ciphertext.as_str(), "its nonce is not 24 bytes of base64"),
        ("?", &ciphertext, "its nonce is not 24 bytes of base64"),
        (&nonce, "?", "its ciphertext is not base64"),
        (&nonce, "AAAA", "its ciphertext is too short"),
        (&nonce, &Base64::encode_string(&not_utf8), "it is not UTF-8 text"),
    ] {
        let error = secret.open(nonce, ciphertext).unwrap_err();
        assert_eq!(describe(&error), (format!("Cannot decrypt the event: {why}"), "decryption_failed", "data"));
        assert_eq!(error.hint(), "");
    }
}

#[test]
fn takes_a_master_key_in_padded_base64_only() {
    let good = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";
    assert!(MasterKey::from_base64(good).is_ok());
    let url_safe = good.replace('/', "_");
    let spaced = format!("{good}\n");
    // The spare bits of the last digit are 1.
    let spare = ["V=", "W=", "X="].map(|end| good.replace("U=", end));
    for wrong in ["?", good.trim_end_matches('='), &url_safe, &spaced, &spare[0], &spare[1], &spare[2]] {
        let error = MasterKey::from_base64(wrong).unwrap_err();
        let message = "encryptionMasterKeyBase64 must be valid base64";
        assert_eq!(describe(&error), (message.into(), "invalid_option", "encryptionMasterKeyBase64"));
    }
}

#[test]
fn a_master_key_is_written_as_it_is_read() {
    let key = MasterKey::from_base64("zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=").unwrap();
    assert_eq!(key.to_base64().as_str(), "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=");
}

#[test]
fn shows_no_master_key_when_printed() {
    let key = MasterKey::from_bytes(&[97; 32]).unwrap();
    assert_eq!(format!("{key:?} {:?}", key.clone()), "MasterKey(…) MasterKey(…)");
}
