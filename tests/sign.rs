//! Signatures are those of the documentation, and nothing else passes for them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::string_slice)]

mod support;

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::sign::body_md5;
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
    fn signs_parts_as_the_whole(parts in vec(vec(any::<u8>(), 0..80), 0..5)) {
        let token = token("key", "secret");
        let borrowed: Vec<&[u8]> = parts.iter().map(Vec::as_slice).collect();
        prop_assert_eq!(token.sign_parts(&borrowed), token.sign(&parts.concat()));
    }

    #[test]
    fn verifies_what_it_signed(secret in any_text(), message in vec(any::<u8>(), 0..100)) {
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
