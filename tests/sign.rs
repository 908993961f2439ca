//! Signatures are those of the documentation, and nothing else passes for them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::string_slice)]

mod support;

use hmac::{Hmac, KeyInit, Mac};
use proptest::{collection::vec, option, prelude::*};
use pusher_http_wasm::{
    auth::authorize_channel,
    sign::body_md5,
    validate::{ChannelName, SocketId},
};
use sha2::Sha256;
use support::{any_text, server::hmac_sha256, text_of, token, token_of, vectors};

#[test]
fn signs_the_known_requests() {
    let known = vectors("request").into_iter().filter(|vector| vector.get("string_to_sign").is_some());
    for vector in known {
        let signature = token_of(&vector).sign(text_of(&vector, "string_to_sign").as_bytes());
        assert_eq!(signature, text_of(&vector, "signature"));
    }
}

#[test]
fn signs_the_known_webhooks() {
    for vector in vectors("webhook") {
        let token = token("key", text_of(&vector, "secret"));
        assert_eq!(token.sign(text_of(&vector, "body").as_bytes()), text_of(&vector, "signature"));
    }
}

#[test]
fn digests_the_known_bodies() {
    for vector in vectors("md5") {
        assert_eq!(body_md5(text_of(&vector, "body").as_bytes()), text_of(&vector, "md5"));
    }
    assert_eq!(body_md5(b""), "d41d8cd98f00b204e9800998ecf8427e");
    assert_eq!(body_md5("é".as_bytes()), "66ddcd97cfdeabb2f6fb8a999b4bc76f");
}

proptest! {
    #[test]
    fn signs_as_rfc_2104_says(secret in vec(any::<char>(), 0..80), message in vec(any::<u8>(), 0..200)) {
        // Secrets shorter and longer than the 64 bytes of a block.
        let secret = String::from_iter(secret);
        let expected = hmac_sha256(secret.as_bytes(), &message);
        prop_assert_eq!(token("key", secret).sign(&message), expected);
    }

    #[test]
    fn signs_as_another_hmac_does(
        secret in prop_oneof![any_text(), "[ -~]{60,70}", vec(any::<char>(), 60..200).prop_map(String::from_iter)],
        message in vec(any::<u8>(), 0..200),
    ) {
        let mut other = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        other.update(&message);
        let token = token("key", secret);
        prop_assert_eq!(token.sign(&message), hex::encode(other.clone().finalize().into_bytes()));
        prop_assert!(other.verify_slice(&hex::decode(token.sign(&message)).unwrap()).is_ok());
    }

    #[test]
    fn signs_parts_as_the_whole(channel in "[a-z]{1,100}", data in option::of(any_text()), repeated in 0..10_usize) {
        // What clients are authorised with is signed part by part.
        let token = token("key", "secret");
        let data = data.map(|data| data.repeat(repeated));
        let (socket_id, name) = (SocketId::parse("1.2").unwrap(), ChannelName::parse(&channel).unwrap());
        let whole = data.as_ref().map_or(format!("1.2:{channel}"), |data| format!("1.2:{channel}:{data}"));
        let auth = authorize_channel(&token, socket_id, name, data.as_deref());
        prop_assert_eq!(auth, format!("key:{}", token.sign(whole.as_bytes())));
    }

    #[test]
    fn verifies_what_it_signed(secret in any_text(), message in vec(any::<u8>(), 0..100)) {
        prop_assume!(!secret.is_empty());
        let token = token("key", secret);
        prop_assert!(token.verify(&message, &token.sign(&message)));
        prop_assert!(token.clone().verify(&message, &token.sign(&message)));
    }

    #[test]
    fn refuses_a_changed_message(mut message in vec(any::<u8>(), 1..100), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let token = token("key", "secret");
        let signature = token.sign(&message);
        let at = at.index(message.len());
        message[at] ^= 1_u8 << bit;
        prop_assert!(!token.verify(&message, &signature));
    }

    #[test]
    fn refuses_a_signature_with_one_other_digit(at in 0..64_usize, digit in "[0-9a-fA-F]") {
        let token = token("key", "secret");
        let mut signature = token.sign(b"message");
        let changed = signature[at..=at] != digit;
        signature.replace_range(at..=at, &digit);
        prop_assert_eq!(token.verify(b"message", &signature), !changed);
    }

    #[test]
    fn refuses_any_other_text_as_a_signature(signature in any_text()) {
        prop_assert!(!token("key", "secret").verify(b"message", &signature));
    }

    #[test]
    fn refuses_a_signature_made_with_another_secret(one in any_text(), other in any_text()) {
        // Zero bytes at its end are no part of an HMAC key.
        prop_assume!(one.trim_end_matches('\0') != other.trim_end_matches('\0'));
        let signature = token("key", one).sign(b"message");
        prop_assert!(!token("key", other).verify(b"message", &signature));
    }
}

#[test]
fn verifies_nothing_without_a_key_or_a_secret() {
    for (key, secret) in [("", ""), ("key", ""), ("", "secret")] {
        let token = token(key, secret);
        assert!(!token.verify(b"message", &token.sign(b"message")), "{key:?} {secret:?}");
    }
}

#[test]
fn refuses_a_signature_in_any_other_form() {
    let token = token("key", "secret");
    let signature = token.sign(b"message");
    let longer = format!("{signature}00");
    let spaced = format!(" {signature}");
    for wrong in ["", &signature[..62], &signature[1..], &longer, &spaced, &signature.to_uppercase()] {
        assert!(!token.verify(b"message", wrong), "{wrong}");
    }
}

#[test]
fn signs_as_another_hmac_does_with_a_secret_of_any_length() {
    // Up to the 64 bytes of a block, and beyond them, where the secret's own hash is the key.
    for length in 0..=300 {
        let secret = "s".repeat(length);
        let mut other = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        other.update(b"message");
        let expected = hex::encode(other.finalize().into_bytes());
        assert_eq!(token("key", secret).sign(b"message"), expected, "{length} bytes");
    }
}

#[test]
fn takes_any_key_and_secret() {
    let token = token("", "");
    assert_eq!((token.key(), token.secret()), ("", ""));
    assert_eq!(token.sign(b""), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

#[test]
fn shows_no_secret_when_printed() {
    let token = token("the key", "tofu");
    assert_eq!(token.secret(), "tofu");
    assert_eq!(format!("{token:?}"), r#"Token { key: "the key", .. }"#);
    assert!(!format!("{token:#?}").contains("tofu"));
}
