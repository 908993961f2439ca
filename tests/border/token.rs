//! A token's methods take text and bytes, and nothing else.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::write;
use crate::wasm::token::{Signer, is_json};

const SIGN: u32 = 0;
const VERIFY: u32 = 1;
const AUTHENTICATES: u32 = 2;

fn answer(method: u32, list: &str) -> JsValue {
    write("['key', 'tofu']");
    let signer = Signer::new();
    write(list);
    signer.call(method)
}

#[wasm_bindgen_test]
fn text_and_bytes_are_signed_alike() {
    let signature = answer(SIGN, "['é']").as_string().unwrap();
    assert_eq!(signature.len(), 64);
    for same in ["Buffer.from('é')", "new Uint8Array([0xc3, 0xa9]).buffer"] {
        assert_eq!(answer(SIGN, &format!("[{same}]")), signature.as_str());
        assert_eq!(answer(VERIFY, &format!("[{same}, '{signature}']")), true);
    }
    for other in ["undefined", "1", "{}", "['é']"] {
        assert!(answer(SIGN, &format!("[{other}]")).is_undefined());
        assert_eq!(answer(VERIFY, &format!("[{other}, '{signature}']")), false);
        assert_eq!(answer(VERIFY, &format!("['é', {other}]")), false);
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
        assert_eq!(answer(AUTHENTICATES, &list), expected, "{list}");
    }
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
