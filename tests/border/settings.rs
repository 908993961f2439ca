//! What a client is configured with comes out of one frame.

use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{js, ok, shown, thrown, told, write};
use crate::{
    config::Config,
    wasm::{errors::Thrown, settings::read},
};

const NOTHING: u32 = 0;
const URL: u32 = 1;
const CLUSTER: u32 = 2;
const ENVIRONMENT: u32 = 3;

/// The configuration of what takes precedence, and of options in the order of `pkg-template/options.js`: appId, key, secret, cluster,
/// host, pathPrefix, scheme, master key, the same in Base64, and by their bytes and text port, timeout and limit.
fn config(base: u32, given: &str, options: &str) -> Result<Config, Thrown> {
    write(&format!("[{given}, {options}]"));
    let env = if base == ENVIRONMENT { js(given) } else { JsValue::UNDEFINED };
    read(base, &env)
}

fn error(base: u32, given: &str, options: &str) -> String {
    told(&thrown(config(base, given, options))).replace("PusherValidationError ", "")
}

fn number(value: &str) -> String {
    format!("new Float64Array([{value}]), '{value}'")
}

#[wasm_bindgen_test]
fn options_are_read_in_order() {
    let numbers = ["6001", "500", "20"].map(number).join(", ");
    let options = format!(
        "'3', 'key', 'tofu', 'eu', 'localhost', '/p', 'http', 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk', undefined, {numbers}"
    );
    let read = ok(config(NOTHING, "undefined", &options));
    assert_eq!(read.base_url(), "http://localhost:6001/p");
    assert_eq!((ok(read.app_id().map_err(Thrown::from)), read.timeout()), ("3", 500));
    let token = ok(read.token().map_err(Thrown::from));
    assert_eq!((token.key(), token.secret()), ("key", "tofu"));
    assert_eq!(read.master_key().map(|key| key.as_bytes().to_vec()), Some(vec![b'k'; 32]));

    let read = ok(config(NOTHING, "undefined", ""));
    assert_eq!((read.base_url().as_str(), read.timeout()), ("https://api.pusherapp.com", 10_000));
    assert!(read.app_id().is_err() && read.token().is_err() && read.master_key().is_none());
}

#[wasm_bindgen_test]
fn what_is_wrong_is_thrown_with_the_options_name() {
    let absent = |count| vec!["undefined"; count].join(", ");
    for (options, expected) in [
        (format!("{}, 'a/b'", absent(4)), "host: Invalid host 'a/b'"),
        (format!("{}, 'ws'", absent(6)), "scheme: Unknown scheme 'ws'"),
        (format!("{}, 'short'", absent(7)), "encryptionMasterKey: encryptionMasterKey must be 32 bytes long"),
        (format!("{}, '?'", absent(8)), "encryptionMasterKeyBase64: encryptionMasterKeyBase64 must be valid base64"),
        (format!("{}, {}", absent(9), number("NaN")), "port: Invalid port 'NaN'"),
        (format!("{}, {}", absent(11), number("-1")), "timeout: Invalid timeout '-1'"),
        (format!("{}, {}", absent(13), number("0.5")), "maxPayloadBytes: Invalid maxPayloadBytes '0.5'"),
    ] {
        let error = error(NOTHING, "undefined", &options);
        assert!(error.starts_with(&format!("invalid_option {expected}")), "{error}");
    }
}

#[wasm_bindgen_test]
fn a_url_and_a_cluster_take_precedence() {
    let read = ok(config(URL, "'http://k:s@h:1/apps/2'", "'3', 'key', 'tofu', 'eu', 'localhost', 'p'"));
    assert_eq!((read.base_url().as_str(), ok(read.app_id().map_err(Thrown::from))), ("http://h:1/p", "2"));
    for no_url in ["1", "undefined", "['http://k:s@h/apps/2']"] {
        let expected = "invalid_url url: Invalid connection URL: the URL itself (a string) is missing or malformed";
        assert_eq!(error(URL, no_url, "undefined"), expected);
    }
    assert_eq!(ok(config(CLUSTER, "'eu'", "undefined, undefined, undefined, 'us2'")).host(), "api-eu.pusher.com");
    assert!(error(CLUSTER, "'eu/'", "undefined").starts_with("invalid_option cluster: Invalid cluster 'eu/'"));
}

#[wasm_bindgen_test]
fn variables_are_read_of_an_object_or_of_the_host() {
    let env = "{ PUSHER_APP_ID: '3', PUSHER_KEY: 'key', PUSHER_SECRET: 'tofu', PUSHER_CLUSTER: 'eu', PUSHER_PORT: '' }";
    assert_eq!(ok(config(ENVIRONMENT, env, "undefined")).host(), "api-eu.pusher.com");
    for (env, missing) in [
        ("{}", "PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET"),
        ("{ PUSHER_APP_ID: 3, PUSHER_KEY: 'key' }", "PUSHER_APP_ID, PUSHER_SECRET"),
        ("{ get PUSHER_APP_ID() { throw 1 }, PUSHER_KEY: 'key', PUSHER_SECRET: 'tofu' }", "PUSHER_APP_ID"),
    ] {
        let expected = format!("missing_option env: These environment variables are not set: {missing}");
        assert_eq!(error(ENVIRONMENT, env, "undefined"), expected);
    }
    js("Object.assign(process.env, { PUSHER_URL: 'http://k:s@of-the-host/apps/2' })");
    let read = config(ENVIRONMENT, "undefined", "undefined");
    js("delete process.env.PUSHER_URL");
    assert_eq!(ok(read).host(), "of-the-host");
    assert_eq!(shown(&js("process.env.PUSHER_URL")), "undefined");
}
