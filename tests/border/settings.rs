//! What a client is configured with comes out of one frame.

use js_sys::Function;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use super::{answer_of, js, left, shown, take_thrown, told, write};
use crate::{
    config::Config,
    encrypt::MasterKey,
    event::Event,
    validate::EventName,
    wasm::{client::Client, errors::leave, settings::read},
};

const NOTHING: u32 = 0;
const URL: u32 = 1;
const CLUSTER: u32 = 2;
const ENVIRONMENT: u32 = 3;
const TOKEN: u32 = 4;
/// The method.
const DESCRIBE: u32 = 5;

/// The configuration of what takes precedence, and of options in the order of `pkg-template/options.js`: appId, key, secret, host, cluster,
/// pathPrefix, scheme, master key, the same in Base64, and by their text port, timeout and limit.
fn try_config(base: u32, given: &str, options: &str) -> Result<Config, JsValue> {
    write(&format!("[{given}, {options}]"));
    let env = if base == ENVIRONMENT { js(given) } else { JsValue::UNDEFINED };
    let mut config = Config::default();
    read(&mut config, base, &env).map(|()| config).map_err(|error| {
        leave(&error);
        left()
    })
}

fn config(base: u32, given: &str, options: &str) -> Config {
    try_config(base, given, options).unwrap_or_else(|thrown| panic!("{}", shown(&thrown)))
}

fn error(base: u32, given: &str, options: &str) -> String {
    let thrown = try_config(base, given, options).expect_err("nothing was thrown");
    assert!(take_thrown().is_ok(), "thrown once");
    told(&thrown).replace("PusherValidationError ", "")
}

#[wasm_bindgen_test]
fn options_are_read_in_order() {
    let options = "'3', 'key', 'tofu', 'localhost', 'eu', '/p', 'http', 'kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk', undefined, \
                   '6001', '500', '20'";
    let read = config(NOTHING, "undefined", options);
    assert_eq!(read.base_url(), "http://localhost:6001/p");
    assert_eq!((read.app_id().unwrap(), read.timeout()), ("3", 500));
    let token = read.token().unwrap();
    assert_eq!((token.key(), token.secret()), ("key", "tofu"));
    assert_eq!(read.master_key().map(|key| key.as_bytes().to_vec()), Some(vec![b'k'; 32]));
    for (bytes, fits) in [(20, true), (21, false)] {
        let data = "a".repeat(bytes);
        let event = Event::new(EventName::parse("e").unwrap(), Some(&data));
        assert_eq!(read.check_payload(&event).is_ok(), fits, "{bytes}");
    }

    let base64 = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";
    let read = config(NOTHING, "undefined", &format!("{}, '{base64}'", absent(8)));
    let expected = MasterKey::from_base64(base64).unwrap();
    assert_eq!(read.master_key().map(MasterKey::as_bytes), Some(expected.as_bytes()));

    let read = config(NOTHING, "undefined", "");
    assert_eq!((read.base_url(), read.timeout()), ("https://api.pusherapp.com", 10_000));
    assert!(read.app_id().is_err() && read.token().is_err() && read.master_key().is_none());
}

fn absent(count: usize) -> String {
    vec!["undefined"; count].join(", ")
}

#[wasm_bindgen_test]
fn what_is_wrong_is_thrown_with_the_options_name() {
    for (options, expected) in [
        (format!("{}, 'a/b'", absent(3)), "host: Invalid host 'a/b'"),
        (format!("{}, 'a/b'", absent(4)), "cluster: Invalid cluster 'a/b'"),
        (format!("{}, '/../'", absent(5)), "pathPrefix: Invalid pathPrefix '..'"),
        (format!("{}, 'ws'", absent(6)), "scheme: Unknown scheme 'ws'"),
        (format!("{}, 'short'", absent(7)), "encryptionMasterKey: encryptionMasterKey must be 32 bytes long"),
        (format!("{}, '?'", absent(8)), "encryptionMasterKeyBase64: encryptionMasterKeyBase64 must be valid base64"),
        (format!("{}, 'NaN'", absent(9)), "port: Invalid port 'NaN'"),
        (format!("{}, '-1'", absent(10)), "timeout: Invalid timeout '-1'"),
        (format!("{}, '0.5'", absent(11)), "maxPayloadBytes: Invalid maxPayloadBytes '0.5'"),
    ] {
        let error = error(NOTHING, "undefined", &options);
        assert!(error.starts_with(&format!("invalid_option {expected}")), "{error}");
    }
}

#[wasm_bindgen_test]
fn a_token_is_a_key_and_a_secret_which_may_be_empty() {
    for (options, expected) in [
        ("undefined, 'key', 'tofu'", ("key", "tofu")),
        ("undefined, '', ''", ("", "")),
        ("undefined, '', 'tofu'", ("", "tofu")),
    ] {
        let read = config(TOKEN, "undefined", options);
        let token = read.token().unwrap();
        assert_eq!((token.key(), token.secret()), expected);
    }
    assert!(config(NOTHING, "undefined", "undefined, '', ''").token().is_err());
}

#[wasm_bindgen_test]
fn a_url_and_a_cluster_take_precedence() {
    let read = config(URL, "'http://k:s@h:1/apps/2'", "'3', 'key', 'tofu', 'localhost', undefined, 'p'");
    assert_eq!((read.base_url(), read.app_id().unwrap()), ("http://h:1/p", "2"));
    for no_url in ["1", "undefined", "['http://k:s@h/apps/2']"] {
        let expected = "invalid_url url: Invalid connection URL: the URL itself (a string) is missing or malformed";
        assert_eq!(error(URL, no_url, "undefined"), expected);
    }
    for others in ["undefined, undefined, undefined, 'localhost'", "undefined, undefined, undefined, undefined, 'us2'"]
    {
        assert_eq!(config(CLUSTER, "'eu'", others).host(), "api-eu.pusher.com");
    }
    assert!(error(CLUSTER, "'eu/'", "undefined").starts_with("invalid_option cluster: Invalid cluster 'eu/'"));
}

#[wasm_bindgen_test]
fn variables_are_read_of_an_object_or_of_the_host() {
    let env = "{ PUSHER_APP_ID: '3', PUSHER_KEY: 'key', PUSHER_SECRET: 'tofu', PUSHER_CLUSTER: 'eu', PUSHER_PORT: '' }";
    assert_eq!(config(ENVIRONMENT, env, "undefined").host(), "api-eu.pusher.com");
    for (env, missing) in [
        ("{}", "PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET"),
        ("{ PUSHER_APP_ID: 3, PUSHER_KEY: 'key' }", "PUSHER_APP_ID, PUSHER_SECRET"),
        ("{ get PUSHER_APP_ID() { throw 1 }, PUSHER_KEY: 'key', PUSHER_SECRET: 'tofu' }", "PUSHER_APP_ID"),
    ] {
        let expected = format!("missing_option env: These environment variables are not set: {missing}");
        assert_eq!(error(ENVIRONMENT, env, "undefined"), expected);
    }
    js("Object.assign(process.env, { PUSHER_URL: 'http://k:s@of-the-host/apps/2' })");
    let read = try_config(ENVIRONMENT, "undefined", "undefined");
    js("delete process.env.PUSHER_URL");
    assert_eq!(read.unwrap().host(), "of-the-host");
    assert_eq!(shown(&js("process.env.PUSHER_URL")), "undefined");
}

/// A secret out of a word that the test itself has backwards, as a JavaScript expression: longer than what soon takes the place of what
/// is freed.
fn secret_of(word: &str) -> String {
    format!("'{word}'.split('').reverse().join('').repeat(60)")
}

/// Whether a part of the secret is still in memory, when the configuration is gone that held it.
fn outlives_its_configuration(word: &str, base: u32, given: &str, options: &str) -> bool {
    let holds_it = format!("(memory) => Buffer.from(memory.buffer).includes('{word}'.split('').reverse().join(''))");
    let holds_it = js(&holds_it).unchecked_into::<Function>();
    let is_held = || holds_it.call1(&JsValue::UNDEFINED, &wasm_bindgen::memory()).unwrap().is_truthy();
    assert!(!is_held());
    let read = config(base, given, options);
    assert!(is_held());
    drop(read);
    is_held()
}

#[wasm_bindgen_test]
fn a_secret_does_not_outlive_its_configuration() {
    let options = |word| format!("'3', 'key', {}", secret_of(word));
    assert!(!outlives_its_configuration("tauqmuk", NOTHING, "undefined", &options("tauqmuk")));
    assert!(!outlives_its_configuration("iaktogn", CLUSTER, "'eu'", &options("iaktogn")));
    assert!(!outlives_its_configuration("nairuda", TOKEN, "undefined", &options("nairuda")));
    let env = format!("{{ PUSHER_APP_ID: '3', PUSHER_KEY: 'key', PUSHER_SECRET: {} }}", secret_of("ayapapa"));
    assert!(!outlives_its_configuration("ayapapa", ENVIRONMENT, &env, "undefined"));
}

#[wasm_bindgen_test]
fn a_description_leaves_no_secret() {
    let word = "ayapap ";
    let is_held = format!("(memory) => Buffer.from(memory.buffer).includes('{word}'.split('').reverse().join(''))");
    let is_held = js(&is_held).unchecked_into::<Function>();
    let is_held = || is_held.call1(&JsValue::UNDEFINED, &wasm_bindgen::memory()).unwrap().is_truthy();
    write(&format!("[undefined, '3', 'key', {}]", secret_of(word)));
    let client = Client::new(NOTHING, &JsValue::UNDEFINED);
    write("[]");
    assert!(!answer_of(&client, DESCRIBE).is_undefined());
    assert!(is_held());
    drop(client);
    assert!(!is_held());
}

#[wasm_bindgen_test]
fn a_secret_in_a_url_does_not_outlive_its_configuration() {
    let url = format!("'https://key:' + encodeURIComponent({}) + '@h/apps/3'", secret_of("obmatur"));
    assert!(!outlives_its_configuration("obmatur", URL, &url, "undefined"));
}

#[wasm_bindgen_test]
fn a_secret_that_another_takes_the_place_of_is_wiped_too() {
    let options = format!("'3', 'key', {}", secret_of("ihctil "));
    let url = "'https://key:another@h/apps/3'";
    let read = config(URL, url, &options);
    assert_eq!(read.token().unwrap().secret(), "another");
    let holds_it = js("(memory) => Buffer.from(memory.buffer).includes('ihctil '.split('').reverse().join(''))");
    let holds_it = holds_it.unchecked_into::<Function>();
    assert_eq!(holds_it.call1(&JsValue::UNDEFINED, &wasm_bindgen::memory()).unwrap(), false);
}
