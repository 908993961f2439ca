//! Whatever a request looks like, a webhook can be made of it.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::js;
use crate::wasm::webhook::WebHook;

#[wasm_bindgen_test]
fn a_webhooks_headers_are_found_in_any_case_and_shape() {
    let key =
        |headers: &str| WebHook::new(&JsValue::UNDEFINED, &js(&format!("{{ headers: {headers}, rawBody: '' }}"))).key();
    for one in [
        "{ 'x-pusher-key': 'k' }",
        "{ 'X-PUSHER-Key': 'k' }",
        "{ 'X-Pusher-Key': ['k'] }",
        "new Headers({ 'X-Pusher-Key': 'k' })",
        "new Map([['x-pusher-key', 'k']])",
        "Object.assign(Object.create(null), { 'x-pusher-key': 'k' })",
    ] {
        assert_eq!(key(one).as_deref(), Some("k"), "{one}");
    }
    for none in [
        "undefined",
        "null",
        "'x-pusher-key'",
        "{}",
        "{ 'x-pusher-key': 1 }",
        "{ 'x-pusher-key': ['k', 'l'] }",
        "{ 'x-pusher-key': 'k', 'X-Pusher-Key': 'k' }",
        "{ get 'x-pusher-key'() { throw 1 } }",
        "{ get() { throw 1 } }",
        "new Proxy({}, { ownKeys() { throw 1 } })",
    ] {
        assert_eq!(key(none), None, "{none}");
    }
    assert_eq!(WebHook::new(&JsValue::UNDEFINED, &js("{ get headers() { throw 1 } }")).key(), None);
}

#[wasm_bindgen_test]
fn a_body_that_cannot_be_read_makes_a_webhook_invalid() {
    let headers = "{ 'x-pusher-key': 'k', 'x-pusher-signature': '', 'content-type': 'application/json' }";
    let detached = "(() => { const { buffer } = new Uint8Array(2); structuredClone(buffer, { transfer: [buffer] }); return buffer })()";
    for body in
        [detached, "{ byteLength: 1, length: -1, get 0() { throw 1 } }", "{ byteLength: 1, get length() { throw 1 } }"]
    {
        let webhook =
            WebHook::new(&js("{ key: 'k', secret: 's' }"), &js(&format!("{{ headers: {headers}, rawBody: {body} }}")));
        assert!(!webhook.is_valid(&JsValue::UNDEFINED), "{body}");
    }
}

#[wasm_bindgen_test]
fn a_time_that_is_none_does_not_break_out_of_the_module() {
    let headers = "{ 'content-type': 'application/json' }";
    let body = r#"'{"time_ms":{"valueOf":1,"toString":1},"events":[]}'"#;
    let webhook = WebHook::new(&JsValue::UNDEFINED, &js(&format!("{{ headers: {headers}, rawBody: {body} }}")));
    let _ = webhook.get_time();
}
