//! A webhook is authentic only if the secret of the very key that it names has signed its bytes.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::webhook::{is_authentic, is_json};
use support::{any_text, text_of, text_out_of, token, vectors};

#[test]
fn accepts_the_known_webhooks() {
    for vector in vectors("webhook") {
        let token = token("key", text_of(&vector, "secret"));
        let (body, signature) = (text_of(&vector, "body").as_bytes(), text_of(&vector, "signature"));
        assert!(is_authentic([&token], "key", signature, body));
        assert!(!is_authentic([&token], "other key", signature, body));
        assert!(!is_authentic([&token], "key", signature, &body[1..]));
        assert!(!is_authentic([&token], "key", "", body));
    }
}

proptest! {
    #[test]
    fn accepts_a_signature_for_its_own_key_only(
        tokens in vec(("[a-c]", "[x-z]"), 0..5),
        (named, signing) in ("[a-c]", "[x-z]"),
        body in vec(any::<u8>(), 0..50),
    ) {
        let signature = token("", signing.as_str()).sign(&body);
        let expected = tokens.contains(&(named.clone(), signing));
        let tokens: Vec<_> = tokens.into_iter().map(|(key, secret)| token(&key, secret)).collect();
        prop_assert_eq!(is_authentic(&tokens, &named, &signature, &body), expected);
    }

    #[test]
    fn refuses_a_changed_body(body in vec(any::<u8>(), 1..50), at in any::<prop::sample::Index>(), bit in 0..8_u32) {
        let token = token("key", "secret");
        let signature = token.sign(&body);
        let mut changed = body.clone();
        changed[at.index(body.len())] ^= 1_u8 << bit;
        prop_assert!(is_authentic([&token], "key", &signature, &body));
        prop_assert!(!is_authentic([&token], "key", &signature, &changed));
    }

    #[test]
    fn refuses_any_headers_that_were_made_up(key in any_text(), signature in any_text(), body in vec(any::<u8>(), 0..50)) {
        let token = token("key", "secret");
        prop_assert!(!is_authentic([&token], &key, &signature, &body));
        prop_assert!(!is_authentic([&token], "key", &signature, &body));
    }

    #[test]
    fn reads_any_content_type(text in any_text()) {
        prop_assert!(!is_json(&text));
    }
}

#[test]
fn rejects_a_signature_made_with_another_tokens_secret() {
    let (old, new) = (token("old", "old secret"), token("new", "new secret"));
    let both = [&old, &new];
    let body = b"{}";
    assert!(is_authentic(both, "old", &old.sign(body), body));
    assert!(is_authentic(both, "new", &new.sign(body), body));
    assert!(!is_authentic(both, "old", &new.sign(body), body));
    assert!(!is_authentic(both, "new", &old.sign(body), body));
}

#[test]
fn tries_every_token_of_the_same_key() {
    let (one, other) = (token("key", "one"), token("key", "other"));
    assert!(is_authentic([&one, &other], "key", &other.sign(b"{}"), b"{}"));
}

#[test]
fn accepts_nothing_without_a_token() {
    assert!(!is_authentic([], "", &token("", "").sign(b""), b""));
}

#[test]
fn accepts_nothing_by_a_token_without_a_key_or_a_secret() {
    // What is left of a rotated key when its variables are unset.
    for (key, secret) in [("", ""), ("key", ""), ("", "secret")] {
        let (own, empty) = (token("own", "own secret"), token(key, secret));
        assert!(!is_authentic([&own, &empty], key, &empty.sign(b"{}"), b"{}"), "{key:?} {secret:?}");
    }
}

#[test]
fn takes_json_with_any_parameters_and_in_any_case() {
    for json in [
        "application/json",
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=utf-8;version=1",
        " application/json ",
        "application/json ;",
    ] {
        assert!(is_json(json), "{json}");
    }
    for other in ["", "text/plain", "application/jsonp", "application/json, text/plain", "text/plain; application/json"]
    {
        assert!(!is_json(other), "{other}");
    }
}

proptest! {
    #[test]
    fn a_content_type_is_json_by_what_stands_before_its_parameters(
        start in text_out_of(" \t\r\n\u{c}\u{b}\u{a0}"),
        name in prop_oneof!["(application|APPLICATION|Application)/(json|JSON|Json|jsonp|json5|ld\\+json)", any_text()],
        end in text_out_of(" \t\n\u{b}\u{a0}\0"),
        parameters in prop_oneof![Just(String::new()), any_text().prop_map(|text| format!(";{text}"))],
    ) {
        let content_type = format!("{start}{name}{end}{parameters}");
        let (essence, _) = content_type.split_once(';').unwrap_or((&content_type, ""));
        // White space as the standard for content types has it.
        let essence = essence.trim_matches([' ', '\t', '\n', '\r', '\u{c}']);
        prop_assert_eq!(is_json(&content_type), essence.eq_ignore_ascii_case("application/json"));
    }

    #[test]
    fn accepts_no_signature_in_another_form(body in vec(any::<u8>(), 0..50), at in any::<prop::sample::Index>(), char in any::<char>()) {
        let token = token("key", "secret");
        let signature = token.sign(&body);
        let at = at.index(signature.len());
        let mut replaced = signature.clone();
        replaced.replace_range(at..=at, &char.to_string());
        let mut longer = signature.clone();
        longer.insert(at, char);
        let mut shorter = signature.clone();
        shorter.remove(at);
        for other in [replaced, longer, shorter, signature.to_ascii_uppercase(), format!("{signature} "), signature.repeat(2)] {
            prop_assert_eq!(is_authentic([&token], "key", &other, &body), other == signature, "{}", other);
        }
    }
}
