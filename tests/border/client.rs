//! A client answers, leaves what is wrong to be thrown, and its requests reject with errors of their own.

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{get, js, ok, shown, take_thrown, told, write};
use crate::wasm::client::Client;

const AUTHORIZE: u32 = 0;
const AUTHENTICATE: u32 = 1;
const SIGN: u32 = 2;
const SHARED_SECRET: u32 = 3;
const DECRYPT: u32 = 4;
const CHECK_TRIGGER: u32 = 5;
const CHECK_USER: u32 = 6;
const CHECK_BATCH: u32 = 7;
const CHANNELS: u32 = 8;
const TRIGGER: u32 = 13;
const BATCH: u32 = 14;

const MASTER_KEY: &str = "'zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU='";

fn client(key: &str) -> Client {
    write(&format!("[undefined, '3', 'key', 'tofu', undefined, 'localhost', undefined, undefined, undefined, {key}]"));
    ok(Client::new(0, &JsValue::UNDEFINED))
}

/// The client's answer to a frame of the list.
fn answer(client: &Client, method: u32, list: &str) -> JsValue {
    write(list);
    let answer = client.call(method, 1.0, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    let thrown = take_thrown().map(|thrown| shown(&thrown.get(0)));
    assert_eq!(thrown, None, "{list}");
    answer
}

/// The error that the client leaves to be thrown.
fn left(client: &Client, method: u32, list: &str) -> JsValue {
    write(list);
    assert!(client.call(method, 1.0, &js("{}"), &JsValue::UNDEFINED).is_undefined());
    take_thrown().expect("nothing was left to be thrown").get(0)
}

fn refusal(client: &Client, method: u32, list: &str) -> String {
    told(&left(client, method, list)).replace("PusherValidationError ", "")
}

#[wasm_bindgen_test]
fn answers_are_the_cores() {
    let client = client(MASTER_KEY);
    let auth = answer(&client, AUTHORIZE, "['1.2', 'private-a']").as_string().unwrap();
    assert!(auth.starts_with("key:") && auth.len() == 68, "{auth}");
    let both = answer(&client, AUTHORIZE, "['1.2', 'private-encrypted-a']");
    assert_eq!((shown(&get(&both, "0")).len(), shown(&get(&both, "1")).len()), (68, 44));
    assert!(shown(&answer(&client, AUTHENTICATE, "['1.2', 'u', '{}']")).starts_with("key:"));
    let query = shown(&answer(&client, SIGN, "['GET', '/', undefined, 'A', 1, 'b', '&']"));
    assert!(query.starts_with("a=1&auth_key=key&auth_timestamp=1&auth_version=1.0&b=%26&auth_signature="), "{query}");
    let secret = answer(&client, SHARED_SECRET, "['private-encrypted-a']");
    assert_eq!(secret.unchecked_into::<Uint8Array>().length(), 32);
    for (sealed, list) in [(true, "[undefined, 'e', 'private-encrypted-a']"), (false, "['1.2', 'e', 'a', 'b']")] {
        assert_eq!(answer(&client, CHECK_TRIGGER, list), sealed);
    }
    assert_eq!(answer(&client, CHECK_BATCH, "['private-encrypted-a', 'e', undefined]"), true);
    assert!(answer(&client, CHECK_BATCH, "[]").is_undefined());
    assert!(answer(&client, CHECK_USER, "['e', 'u']").is_undefined());
}

#[wasm_bindgen_test]
fn a_description_is_the_whole_configuration() {
    let parts = client(MASTER_KEY).describe();
    let expected = ["https", "localhost", "3", "key", "tofu", "0", "10000"];
    for (index, part) in expected.iter().enumerate() {
        assert_eq!(shown(&get(&parts, &index.to_string())), *part);
    }
    assert_eq!(get(&parts, "7.length"), 32);
    assert_eq!(get(&client("undefined").describe(), "7.length"), 0);
}

#[wasm_bindgen_test]
fn what_is_wrong_is_left_to_be_thrown_once() {
    let client = client("undefined");
    for (method, list, expected) in [
        (AUTHORIZE, "[1.2, 'a']", "invalid_socket_id socket_id: Invalid socket id: '1.2'"),
        (AUTHORIZE, "['1.2', ['a']]", "invalid_channel channel: Invalid channel name: 'a'"),
        (AUTHENTICATE, "['1.2', 'u']", "invalid_user_data userData: Invalid user data: 'u'"),
        (AUTHENTICATE, "['1.2', 1, '{}']", "invalid_user_id userId: Invalid user id: '1'"),
        (
            SIGN,
            "['GET', '/', undefined, 'Auth_Key', '1']",
            "reserved_parameter Auth_Key: Auth_Key is a required parameter and cannot be overidden",
        ),
        (
            SHARED_SECRET,
            "['a']",
            "missing_option encryptionMasterKeyBase64: Cannot generate shared_secret because encryptionMasterKey is not set",
        ),
        (CHECK_TRIGGER, "['x', 1, 2]", "invalid_socket_id socket_id: Invalid socket id: 'x'"),
        (CHECK_TRIGGER, "[undefined, 1, 2]", "invalid_event event: Invalid event name: '1'"),
        (CHECK_TRIGGER, "[undefined, 'e']", "invalid_channel channels: No channel to trigger the event on"),
        (CHECK_BATCH, "['a', 'e', 1]", "invalid_socket_id socket_id: Invalid socket id: '1'"),
        (CHECK_USER, "['e', '']", "invalid_user_id userId: Invalid user id: ''"),
    ] {
        assert_eq!(refusal(&client, method, list), expected);
        assert!(take_thrown().is_none());
    }
    let error = left(&client, CHECK_USER, "[undefined, 'u']");
    assert!(shown(&get(&error, "hint")).starts_with("An event name is"));
    assert!(get(&error, "index").is_undefined());
    write("[]");
    client.call(CHECK_BATCH, 11.0, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
    assert!(told(&take_thrown().unwrap().get(0)).contains("Can't trigger a batch of more than 10 events, 11 given"));
    let sealed = super::client::client(MASTER_KEY);
    let expected = "decryption_failed data: Cannot decrypt the event: its nonce is not 24 bytes of base64";
    assert_eq!(refusal(&sealed, DECRYPT, "['private-encrypted-a', undefined, 1]"), expected);
}

#[wasm_bindgen_test]
fn an_event_of_a_batch_is_named_by_its_position() {
    write("[undefined, '3', 'key', 'tofu']");
    let client = ok(Client::new(0, &JsValue::UNDEFINED));
    let small = "'a', 'e', 'x', undefined, undefined";
    let error = left(&client, BATCH, &format!("[{small}, 'a', 'e', 'x'.repeat(10_241), undefined, undefined]"));
    assert_eq!((get(&error, "index"), get(&error, "code")), (1.into(), "payload_too_large".into()));
    assert!(shown(&get(&error, "message")).ends_with(" (event 1 of the batch)"));
}

/// What a request comes to with a function in place of `fetch`.
async fn outcome(method: u32, list: &str, fetch: &str) -> Result<JsValue, JsValue> {
    let client = client("undefined");
    write(list);
    let settings = js(&format!("{{ fetch: {fetch}, parse: JSON.parse }}"));
    let promise = client.call(method, 1.0, &settings, &JsValue::UNDEFINED);
    assert!(take_thrown().is_none());
    // What is under way does not need the client.
    drop(client);
    JsFuture::from(promise.unchecked_into::<Promise>()).await
}

const EVENT: &str = "['e', 'x', undefined, '{\"info\":\"i\"}', 'a', 'b']";

#[wasm_bindgen_test]
async fn a_request_is_the_cores_and_its_answer_the_hosts() {
    let echo = "async (url, { method, body, redirect, headers }) => new Response(JSON.stringify({ url, method, body, redirect, headers }))";
    let sent = ok(outcome(CHANNELS, "['p', undefined]", echo).await);
    let url = shown(&get(&sent, "url"));
    assert!(url.starts_with("https://localhost/apps/3/channels?auth_key=key&auth_timestamp=1&"), "{url}");
    assert!(url.contains("&filter_by_prefix=p&auth_signature="), "{url}");
    assert_eq!((get(&sent, "method"), get(&sent, "redirect")), ("GET".into(), "manual".into()));
    assert!(get(&sent, "body").is_undefined());
    assert!(shown(&get(&sent, "headers.x-pusher-library")).starts_with("pusher-http-wasm "));

    let body = "async (url, { body }) => new Response(body, { status: 202 })";
    let answer = ok(outcome(TRIGGER, EVENT, body).await);
    assert_eq!(get(&answer, "status"), 202);
    let text: js_sys::Function = js("(response) => response.text()").unchecked_into();
    let text: Promise = text.call1(&JsValue::UNDEFINED, &answer).unwrap().unchecked_into();
    assert_eq!(JsFuture::from(text).await.unwrap(), r#"{"name":"e","data":"x","channels":["a","b"],"info":"i"}"#);
}

#[wasm_bindgen_test]
async fn a_request_that_fails_rejects_with_an_error_of_its_own() {
    let told = |error: &JsValue| told(error).replace("PusherRequestError ", "");
    for (fetch, cause) in [
        ("() => { throw new TypeError('down') }", "TypeError: down"),
        ("async () => { throw 'down' }", "down"),
        ("async () => undefined", "Error: `fetch` resolved to something that is no Response"),
        ("async () => ({ status: 200, arrayBuffer() { throw 'cut' } })", "cut"),
        ("async () => ({ status: 200, arrayBuffer: async () => { throw 'cut' } })", "cut"),
        ("async () => ({ get status() { throw 1 } })", "1"),
        ("async () => ({ status: 200, get arrayBuffer() { throw 1 } })", "1"),
    ] {
        let error = outcome(TRIGGER, EVENT, fetch).await.expect_err(fetch);
        assert_eq!(told(&error), "network undefined: Request failed with an error", "{fetch}");
        assert_eq!((shown(&get(&error, "error")).as_str(), get(&error, "cause")), (cause, get(&error, "error")));
    }
    let error = outcome(TRIGGER, EVENT, "async () => new Response('no', { status: 401 })").await.unwrap_err();
    assert_eq!(told(&error), "http undefined: Unexpected status code 401");
    assert_eq!((get(&error, "status"), get(&error, "body")), (401.into(), "no".into()));
    assert!(shown(&get(&error, "hint")).contains("clock"));
    assert!(shown(&get(&error, "url")).contains("/apps/3/events?"));
    let json = js_sys::JSON::stringify(&error).unwrap().as_string().unwrap();
    assert!(!json.contains("auth_signature"), "{json}");
    let error = outcome(CHANNELS, "[]", "async () => new Response('<html>')").await.unwrap_err();
    assert_eq!(told(&error), "http undefined: The server's answer is not JSON");
}
