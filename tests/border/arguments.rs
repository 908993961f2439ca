//! The arguments of calls: what is wrong with them is thrown before there is a promise.

use js_sys::Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{get, js, ok, settings, thrown, told};
use crate::wasm::{
    arguments::{BatchEvent, CallOptions, query_params},
    client::Pusher,
    convert::shown,
};

#[wasm_bindgen_test]
fn a_calls_options_are_an_object_of_the_right_members() {
    let read = |options: &str| {
        let options = js(options);
        let read = ok(CallOptions::read("params", &options));
        let signal = read.signal().map(|signal| signal.is_some());
        (read.body_params().map(|own| own.map(|own| own.as_str().to_owned())), signal, read.idempotency_key())
    };
    let (own, signal, key) = read("undefined");
    assert_eq!((ok(own), ok(signal), ok(key)), (None, false, None));
    let members = "name: 1, data: 1, channels: 1, info: ['a', 'b'], socket_id: '1.2', ['__proto__']: 1, x: undefined";
    let (own, signal, key) =
        read(&format!("{{ {members}, signal: new AbortController().signal, idempotencyKey: 'k' }}"));
    assert_eq!(ok(own).as_deref(), Some(r#"{"info":"a,b","socket_id":"1.2","__proto__":1}"#));
    assert_eq!((ok(signal), ok(key).as_deref()), (true, Some("k")));

    let wrong = |options: &str| told(&thrown(CallOptions::read("params", &js(options))));
    assert_eq!(
        wrong("'a'"),
        "PusherValidationError invalid_argument params: Invalid params 'a': they must be an object"
    );
    assert_eq!(shown(&get(&thrown(read("{ idempotencyKey: 1 }").2), "field")), "idempotencyKey");
    for no_signal in ["1", "{}", "{ aborted: false }", "new AbortController()"] {
        let error = thrown(read(&format!("{{ signal: {no_signal} }}")).1);
        assert_eq!(
            told(&error),
            "PusherValidationError invalid_argument signal: Invalid signal: it must be an AbortSignal"
        );
    }
    let options = js("{ socket_id: 1.2 }");
    let error = thrown(ok(CallOptions::read("params", &options)).check_socket_id());
    assert_eq!(told(&error), "PusherValidationError invalid_socket_id socket_id: Invalid socket id: '1.2'");
}

#[wasm_bindgen_test]
fn query_parameters_are_shown_as_text_and_none_is_reserved() {
    assert!(query_params(&js("{ params: { a: 1, b: [1, 2], c: null, d: undefined } }")).is_ok());
    for (params, message) in [
        ("'a'", "invalid_argument params: Invalid params 'a': they must be an object"),
        ("{ Auth_Key: 1 }", "reserved_parameter Auth_Key: Auth_Key is a required parameter and cannot be overidden"),
    ] {
        let error = thrown(query_params(&js(&format!("{{ params: {params} }}"))));
        assert_eq!(told(&error), format!("PusherValidationError {message}"));
    }
    assert_eq!(thrown(query_params(&js("{ params: { get a() { throw 7 } } }"))), 7);
}

#[wasm_bindgen_test]
fn a_batchs_event_is_checked_and_left_as_it_is() {
    let plain = ok(settings("{}"));
    for (event, message) in [
        ("1", "invalid_argument events: Invalid event '1': it must be an object"),
        ("{}", "invalid_channel channel: Invalid channel name: 'undefined'"),
        ("{ channel: 'a' }", "invalid_event event: Invalid event name: 'undefined'"),
        ("{ channel: 'a', name: 'e', socket_id: 'x' }", "invalid_socket_id socket_id: Invalid socket id: 'x'"),
        (
            "{ channel: 'private-encrypted-a', name: 'e', data: 1 }",
            "missing_option encryptionMasterKeyBase64: Set encryptionMasterKey before triggering events on encrypted channels",
        ),
    ] {
        assert_eq!(told(&thrown(BatchEvent::read(&js(event), &plain))), format!("PusherValidationError {message}"));
    }
    let event = js("Object.freeze({ channel: 'a', name: 'e', data: { b: 1 }, info: 'i' })");
    assert!(BatchEvent::read(&event, &plain).is_ok());
}

#[wasm_bindgen_test]
async fn what_can_be_known_before_there_is_a_promise_is_thrown() {
    let pusher = ok(Pusher::new(&js("{ appId: '3', key: 'k' }")));
    let names = Array::of2(&"a".into(), &"b".into());
    let error = thrown(pusher.trigger(&names, &"e".into(), &"x".into(), &JsValue::UNDEFINED));
    assert_eq!(told(&error), "PusherValidationError missing_option secret: The option `secret` is not set");
    let events = js("[{ channel: 'a', name: 'e' }, { channel: '#', name: 'e' }]");
    let error = thrown(pusher.trigger_batch(&events, &JsValue::UNDEFINED));
    assert_eq!((get(&error, "index"), get(&error, "field")), (1.into(), "channel".into()));
}

#[wasm_bindgen_test]
fn info_that_has_no_text_is_an_error_that_leaves_the_module_sound() {
    // An exception that passes through wasm's frames takes what they hold with it: some 255 of them end the module.
    for info in ["[Symbol()]", "[{ toString: 1, valueOf: 1 }]"] {
        let options = js(&format!("{{ info: {info} }}"));
        let _ = ok(CallOptions::read("params", &options)).body_params();
    }
}
