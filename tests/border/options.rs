//! The constructor's options, of the right types and of others.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{ok, pusher, settings, thrown, told};

#[wasm_bindgen_test]
fn options_are_read_by_their_types() {
    for absent in ["undefined", "null", "{}", "{ key: null, port: '', host: '', timeout: undefined }"] {
        let config = ok(settings(absent)).config;
        assert_eq!((config.base_url().as_str(), config.timeout()), ("https://api.pusherapp.com", 10_000));
    }
    let config =
        ok(settings("{ host: 'h', port: '6001', timeout: '500', appId: 3, useTLS: false, pathPrefix: '/p' }")).config;
    assert_eq!(config.base_url(), "http://h:6001/p");
    assert_eq!((config.timeout(), config.app_id().unwrap()), (500, "3"));
}

#[wasm_bindgen_test]
fn an_option_of_another_type_is_told_without_its_value() {
    let start = "PusherValidationError invalid_option";
    for (options, message) in [
        ("{ key: 1 }", "key: Invalid key: it must be a string, not a number"),
        ("{ host: true }", "host: Invalid host: it must be a string, not a boolean"),
        ("{ secret: ['tofu'] }", "secret: Invalid secret: it must be a string, not a object"),
        ("{ port: 80n }", "port: Invalid port: it must be a number, not a bigint"),
        ("{ port: 'x' }", "port: Invalid port 'x': it must be a whole number from 1 to 65535"),
        ("{ timeout: '1s' }", "timeout: Invalid timeout '1s': it must be a number of milliseconds, 0 for none"),
        ("{ useTLS: 'yes' }", "useTLS: Invalid useTLS: it must be true or false, not a string"),
        ("{ useTLS: true, encrypted: true }", "useTLS: Cannot set both `useTLS` and `encrypted` configuration options"),
        ("{ fetch: {} }", "fetch: Invalid fetch: it must be a function, not a object"),
        ("{ headers: 'a: b' }", "headers: Invalid headers: it must be an object, not a string"),
        ("{ encryptionMasterKeyBase64: 1 }", "encryptionMasterKeyBase64: encryptionMasterKeyBase64 must be a string"),
    ] {
        assert_eq!(told(&thrown(settings(options))), format!("{start} {message}"));
    }
    let error = thrown(settings("'key'"));
    let message = "PusherValidationError invalid_argument options: Invalid options 'key': they must be an object";
    assert_eq!(told(&error), message);
}

#[wasm_bindgen_test]
fn the_clock_and_randomness_can_be_the_callers() {
    for (now, seconds) in [("() => 1999.9", 1), ("() => 0", 0), ("() => 2 ** 33 * 1000", 1 << 33)] {
        assert_eq!(ok(ok(settings(&format!("{{ now: {now} }}"))).timestamp()), seconds);
    }
    for wrong in ["() => '1'", "() => NaN", "() => -1", "() => Infinity", "() => 1n", "() => {}"] {
        let error = thrown(ok(settings(&format!("{{ now: {wrong} }}"))).timestamp());
        let expected = "PusherValidationError invalid_option now: The `now` option must return milliseconds since 1970";
        assert_eq!(told(&error), expected, "{wrong}");
    }
    assert_eq!(thrown(ok(settings("{ now() { throw 7 } }")).timestamp()), 7);
    for wrong in ["new Uint8Array(23)", "'a'.repeat(24)", "undefined"] {
        let key = "encryptionMasterKeyBase64: 'zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU='";
        let pusher = pusher(&format!("{key}, randomBytes: () => {wrong}"));
        let error =
            thrown(pusher.trigger(&"private-encrypted-a".into(), &"e".into(), &"x".into(), &JsValue::UNDEFINED));
        assert!(told(&error).starts_with("PusherValidationError no_randomness randomBytes: Cannot get random bytes: "));
    }
}
