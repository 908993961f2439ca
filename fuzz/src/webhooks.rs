//! Webhooks: only the right signature of the very body passes, whatever headers say.

use pusher_http_wasm::{
    sign::Token,
    webhook::{is_authentic, is_json},
};

use crate::{input::Input, server::hmac_sha256};

/// Key, signature and content type on a line each, then the body.
pub fn webhook(input: &[u8]) {
    let mut input = Input(input);
    let (key, signature, content_type) = (input.text(), input.text(), input.text());
    let body = input.0;
    let tokens = [("key", "secret"), ("key", "other"), ("", "secret"), ("empty", "")]
        .map(|(key, secret)| Token::new(key, String::from(secret)));
    let expected = [("secret", "key"), ("other", "key")]
        .iter()
        .any(|(secret, name)| key == *name && signature == hmac_sha256(secret.as_bytes(), body));
    assert_eq!(is_authentic(&tokens, key, signature, body), expected);

    // The right one, then the right one for something else.
    let right = hmac_sha256(b"secret", body);
    assert!(is_authentic(&tokens, "key", &right, body));
    assert!(!is_authentic(&tokens, "empty", &hmac_sha256(b"", body), body));
    assert!(!is_authentic(&tokens, "", &right, body));
    assert!(!is_authentic(&tokens, "Key", &right, body));
    assert_eq!(
        is_authentic(&tokens, "key", signature, body),
        signature == right || signature == hmac_sha256(b"other", body)
    );
    assert!(
        !is_authentic(&tokens, "key", &right.to_ascii_uppercase(), body)
            || right.bytes().all(|digit| digit.is_ascii_digit())
    );
    let mut changed = body.to_vec();
    changed.push(b' ');
    assert!(!is_authentic(&tokens, "key", &right, &changed));

    let essence = content_type.split(';').next().unwrap_or_default();
    let is_blank = |char: char| matches!(char, ' ' | '\t' | '\n' | '\r' | '\u{c}');
    assert_eq!(is_json(content_type), essence.trim_matches(is_blank).to_ascii_lowercase() == "application/json");
}
