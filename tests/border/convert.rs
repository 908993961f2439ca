//! Values of all kinds cross the border as they are, and errors come back as JavaScript's own.

use js_sys::Object;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{get, js, ok, settings, thrown, told};
use crate::{
    error::ErrorKind,
    wasm::{
        codec::json,
        convert::{bytes, define, is_absent, is_object, list, member, shown, text},
        errors::{Thrown, of_request},
        fetch::{Code, Failure},
    },
};

#[wasm_bindgen_test]
fn text_is_a_strings_and_nothing_elses() {
    assert_eq!(text(&js("'é😀\\0'")).as_deref(), Some("é😀\0"));
    assert_eq!(text(&js("'a\\ud83d' + 'b\\ude00'")).as_deref(), Some("a\u{fffd}b\u{fffd}"));
    for other in
        ["undefined", "null", "1", "true", "1n", "Symbol()", "['a']", "new String('a')", "{ toString: () => 'a' }"]
    {
        assert_eq!(text(&js(other)), None, "{other}");
    }
}

#[wasm_bindgen_test]
fn text_that_could_exhaust_memory_is_not_taken_across() {
    let longest = js("'a'.repeat(2 ** 25)");
    assert_eq!(text(&longest).map(|text| text.len()), Some(1 << 25));
    let longer = js("'a'.repeat(2 ** 25 + 1)");
    assert_eq!(text(&longer), None);
    assert_eq!(shown(&longer), "(too long to show)");
    assert_eq!(bytes(&js("new ArrayBuffer(2 ** 25 + 1)")), None);
}

#[wasm_bindgen_test]
fn any_value_can_be_shown() {
    for (value, expected) in [
        ("undefined", "undefined"),
        ("null", "null"),
        ("-0", "0"),
        ("10n", "10"),
        ("Symbol('a')", "Symbol(a)"),
        ("[1, [2, undefined]]", "1,2,"),
        ("{}", "[object Object]"),
        ("Object.create(null)", "object"),
        ("{ toString() { throw 1 } }", "object"),
        ("Object.assign(() => 1, { toString: undefined, valueOf: undefined })", "function"),
        ("(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy })()", "object"),
    ] {
        assert_eq!(shown(&js(value)), expected, "{value}");
    }
}

#[wasm_bindgen_test]
fn bytes_are_those_of_a_buffer_or_a_view() {
    for same in [
        "new Uint8Array([1, 2]).buffer",
        "new Uint8Array([0, 1, 2, 3]).subarray(1, 3)",
        "new DataView(new Uint8Array([0, 1, 2, 3]).buffer, 1, 2)",
        "new Uint16Array([0x0201])",
        "Buffer.from([1, 2])",
    ] {
        assert_eq!(bytes(&js(same)), Some(vec![1, 2]), "{same}");
    }
    for other in ["undefined", "'ab'", "[1, 2]", "{}", "{ byteLength: '2' }", "{ get byteLength() { throw 1 } }"] {
        assert_eq!(bytes(&js(other)), None, "{other}");
    }
}

#[wasm_bindgen_test]
fn json_is_what_javascript_makes_of_it() {
    for (value, expected) in [
        ("null", "null"),
        ("'a'", "\"a\""),
        (
            "{ a: undefined, b: [undefined], c: new Date(0), d: NaN }",
            r#"{"b":[null],"c":"1970-01-01T00:00:00.000Z","d":null}"#,
        ),
        ("{ toJSON: () => 1 }", "1"),
        ("'\\ud800'", r#""\ud800""#),
    ] {
        assert_eq!(ok(json(&js(value))).as_deref(), Some(expected), "{value}");
    }
    assert_eq!(ok(json(&JsValue::UNDEFINED)), None);
}

#[wasm_bindgen_test]
fn what_json_has_no_form_for_is_an_error_with_its_cause() {
    let start = "PusherValidationError invalid_data data: The data cannot be serialised as JSON: ";
    let circular = thrown(json(&js("(() => { const a = {}; a.a = a; return a })()")));
    assert!(told(&circular).starts_with(&format!("{start}Converting circular structure")));
    assert!(get(&circular, "cause").is_instance_of::<js_sys::TypeError>());
    assert!(told(&thrown(json(&js("{ a: 1n }")))).contains("BigInt"));
    for value in ["() => 1", "Symbol()", "{ toJSON() {} }"] {
        let error = thrown(json(&js(value)));
        assert!(told(&error).starts_with(start), "{value}");
        assert!(get(&error, "cause").is_undefined());
    }
    for (exception, why) in [
        ("'nope'", "nope"),
        ("null", "null"),
        ("{ message: 1 }", "[object Object]"),
        ("{ get message() { throw 2 } }", "[object Object]"),
    ] {
        let value = js(&format!("{{ toJSON() {{ throw this.exception }}, exception: {exception} }}"));
        let error = thrown(json(&value));
        assert_eq!(told(&error), format!("{start}{why}"));
        assert!(Object::is(&get(&error, "cause"), &get(&value, "exception")));
    }
}

#[wasm_bindgen_test]
fn a_member_of_the_name_proto_is_a_member_like_any_other() {
    let object = Object::new();
    define(&object, &"__proto__".into(), &js("{ polluted: true }"), true);
    define(&object, &"hidden".into(), &1.into(), false);
    assert_eq!(ok(json(&object)).as_deref(), Some(r#"{"__proto__":{"polluted":true}}"#));
    assert!(get(&object, "polluted").is_undefined());
    assert_eq!(get(&object, "hidden"), 1);
}

#[wasm_bindgen_test]
fn members_are_read_of_objects_only_and_a_getters_exception_passes_through() {
    assert_eq!(member(&js("Object.assign(() => 1, { a: 1 })"), "a"), Ok(1.into()));
    for other in ["undefined", "null", "'text'", "1"] {
        assert_eq!(member(&js(other), "length"), Ok(JsValue::UNDEFINED));
    }
    assert_eq!(member(&js("{ get a() { throw 7 } }"), "a"), Err(7.into()));
    assert_eq!(thrown(settings("{ get key() { throw 7 } }")), 7);
    assert_eq!(ok(list(&js("[1, 2]"))).len(), 2);
    assert_eq!(ok(list(&js("'ab'"))), [JsValue::from("ab")]);
    assert!(is_absent(&js("null")) && is_absent(&js("undefined")) && !is_absent(&js("0")));
    assert!(is_object(&js("[]")) && is_object(&js("() => 1")) && !is_object(&js("null")));
}

#[wasm_bindgen_test]
fn errors_become_javascripts_own() {
    let invalid = || Thrown::from(ErrorKind::InvalidChannel { given: "#".into() });
    let error = JsValue::from(invalid());
    assert_eq!(told(&error), "PusherValidationError invalid_channel channel: Invalid channel name: '#'");
    assert!(shown(&get(&error, "hint")).starts_with("A channel name has"));
    assert!(get(&error, "index").is_undefined());
    let error = JsValue::from(invalid().at_index(7));
    assert_eq!(get(&error, "index"), 7);
    assert_eq!(get(&error, "message"), "Invalid channel name: '#' (event 7 of the batch)");
    assert_eq!(JsValue::from(Thrown::Exception(7.into()).at_index(1)), 7);

    let mut failure = Failure::new(Code::Http, JsValue::UNDEFINED);
    (failure.status, failure.body) = (Some(401), Some("no".into()));
    let error = of_request("https://h/?auth_signature=00", failure);
    assert_eq!(told(&error), "PusherRequestError http undefined: Unexpected status code 401");
    assert_eq!((get(&error, "status"), get(&error, "body")), (401.into(), "no".into()));
    assert_eq!(get(&error, "url"), "https://h/?auth_signature=00");
    assert!(!ok(json(&error)).unwrap().contains("auth_signature"));
    assert!(shown(&get(&error, "hint")).contains("clock"));
}
