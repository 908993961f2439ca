//! A token's methods take text and bytes, and nothing else.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{answer_of, ok, take_thrown, write};
use crate::{
    sign,
    wasm::client::{Client, is_json},
};

const SIGN: u32 = 6;
const VERIFY: u32 = 7;
/// What takes precedence over the settings: nothing but the key and secret.
const TOKEN: u32 = 4;

fn token(key: &str, secret: &str) -> Client {
    write(&format!("[undefined, undefined, '{key}', '{secret}']"));
    let token = Client::new(TOKEN, &JsValue::UNDEFINED);
    ok(take_thrown());
    token
}

fn answer_to(token: &Client, method: u32, list: &str) -> JsValue {
    write(list);
    let answer = answer_of(token, method);
    ok(take_thrown());
    answer
}

fn answer(method: u32, list: &str) -> JsValue {
    answer_to(&token("key", "tofu"), method, list)
}

/// Whether the answer is one, which says yes.
fn verifies(list: &str) -> bool {
    !answer(VERIFY, list).is_undefined()
}

#[wasm_bindgen_test]
fn text_and_bytes_are_signed_alike() {
    let signature = answer(SIGN, "['é']").as_string().unwrap();
    assert_eq!(signature.len(), 64);
    for same in ["Buffer.from('é')", "new Uint8Array([0xc3, 0xa9]).buffer"] {
        assert_eq!(answer(SIGN, &format!("[{same}]")), signature.as_str());
        assert!(verifies(&format!("[undefined, '{signature}', {same}]")), "{same}");
    }
    for other in ["undefined", "1", "{}", "['é']"] {
        assert!(answer(SIGN, &format!("[{other}]")).is_undefined());
        assert!(!verifies(&format!("[undefined, '{signature}', {other}]")), "{other}");
        assert!(!verifies(&format!("[undefined, {other}, 'é']")), "{other}");
    }
}

#[wasm_bindgen_test]
fn a_webhook_is_authentic_with_its_own_key_only() {
    let signature = answer(SIGN, "['{}']").as_string().unwrap();
    for (list, expected) in [
        (format!("['key', '{signature}', '{{}}']"), true),
        (format!("['key', '{signature}', Buffer.from('{{}}')]"), true),
        (format!("['other', '{signature}', '{{}}']"), false),
        (format!("['key', '{signature}', '[]']"), false),
        (format!("['key', '{signature}', {{}}]"), false),
        (format!("['key', '{signature}']"), false),
        ("['key', undefined, '{}']".into(), false),
        ("[undefined, '', '{}']".into(), false),
        ("[]".into(), false),
    ] {
        assert_eq!(verifies(&list), expected, "{list}");
    }
}

#[wasm_bindgen_test]
fn a_key_and_a_secret_may_be_empty() {
    for (key, secret) in [("", ""), ("key", ""), ("", "tofu")] {
        let token = token(key, secret);
        let signature = answer_to(&token, SIGN, "['message']").as_string().unwrap();
        let same = sign::Token::new(key, secret.to_owned()).sign(b"message");
        assert_eq!(signature, same);
        let list = format!("['{key}', '{signature}', 'message']");
        assert!(!answer_to(&token, VERIFY, &list).is_undefined(), "{list}");
    }
    // Nothing is a message, too.
    assert_eq!(answer(SIGN, "['']"), answer(SIGN, "[new Uint8Array()]"));
    assert_eq!(answer(SIGN, "['']").as_string().map(|signature| signature.len()), Some(64));
}

#[wasm_bindgen_test]
fn a_content_type_that_is_no_text_is_not_json() {
    for (list, expected) in [
        ("['application/json; charset=utf-8']", true),
        ("['text/plain']", false),
        ("[undefined]", false),
        ("[['application/json']]", false),
    ] {
        write(list);
        assert_eq!(is_json(), expected, "{list}");
    }
}
