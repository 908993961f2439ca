//! A client answers, leaves what is wrong to be thrown, and its requests reject with errors of their own.

use js_sys::{Function, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;

use super::{answer_of, get, js, ok, shown, take_thrown, told, write};
use crate::{
    encrypt::MasterKey,
    query::{Params, Signable, sign_query},
    sign::Token,
    validate::ChannelName,
    wasm::{client::Client, errors::failed},
};

const AUTHORIZE: u32 = 0;
const AUTHENTICATE: u32 = 1;
const SIGN_QUERY: u32 = 2;
const SHARED_SECRET: u32 = 3;
const DECRYPT: u32 = 4;
const DESCRIBE: u32 = 5;
const SIGN: u32 = 6;
const CHANNELS: u32 = 8;
const CHANNEL: u32 = 9;
const CHANNEL_USERS: u32 = 10;
const TERMINATE: u32 = 11;
const SEND_TO_USER: u32 = 12;
const TRIGGER: u32 = 13;
const BATCH: u32 = 14;
const GET: u32 = 15;
const POST: u32 = 16;
/// Added to the number of a request: only what is wrong with it is asked for.
const CHECK: u32 = 32;

const MASTER_KEY: &str = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";

/// A client with a master key in base64, or with none.
fn client(key: &str) -> Client {
    let key = if key.is_empty() { "undefined".into() } else { format!("'{key}'") };
    write(&format!("[undefined, '3', 'key', 'tofu', 'localhost', undefined, undefined, undefined, undefined, {key}]"));
    let client = Client::new(0, &JsValue::UNDEFINED);
    ok(take_thrown());
    client
}

/// The client's answer to a frame of the list.
fn answer(client: &Client, method: u32, list: &str) -> JsValue {
    write(list);
    let answer = answer_of(client, method);
    let thrown = take_thrown().map_err(|thrown| told(&thrown));
    assert_eq!(thrown, Ok(()), "{list}");
    answer
}

/// The error that the client leaves to be thrown.
fn left(client: &Client, method: u32, list: &str) -> JsValue {
    write(list);
    let is_request = (CHANNELS..CHECK).contains(&method);
    let result =
        if is_request { client.send(method, 1.0, &js("{}"), &JsValue::UNDEFINED) } else { answer_of(client, method) };
    assert!(result.is_undefined(), "{list}");
    super::left()
}

fn refusal(client: &Client, method: u32, list: &str) -> String {
    told(&left(client, method, list)).replace("PusherValidationError ", "")
}

fn shared_secret(channel: &str) -> String {
    MasterKey::from_base64(MASTER_KEY)
        .unwrap()
        .shared_secret(ChannelName::parse(channel).unwrap())
        .to_base64()
        .to_string()
}

#[wasm_bindgen_test]
fn answers_are_the_cores() {
    let client = client(MASTER_KEY);
    let auth = answer(&client, AUTHORIZE, "['1.2', 'private-a']").as_string().unwrap();
    assert!(auth.starts_with("key:") && auth.len() == 68, "{auth}");
    // The secret comes first, where there is one.
    let both = shown(&answer(&client, AUTHORIZE, "['1.2', 'private-encrypted-a']"));
    let (secret, auth) = both.split_at(44);
    assert_eq!((secret, auth.len()), (&*shared_secret("private-encrypted-a"), 68));
    assert!(auth.starts_with("key:"), "{auth}");
    assert!(shown(&answer(&client, AUTHENTICATE, "['1.2', 'u', '{}']")).starts_with("key:"));
    let query = shown(&answer(&client, SIGN_QUERY, "['GET', '/', undefined, 'A', 1, 'b', '&']"));
    assert!(query.starts_with("a=1&auth_key=key&auth_timestamp=1&auth_version=1.0&b=%26&auth_signature="), "{query}");
    let secret = answer(&client, SHARED_SECRET, "['private-encrypted-b']");
    assert_eq!(secret, shared_secret("private-encrypted-b").as_str());
    let bytes = js("(text) => Buffer.from(text, 'base64').length").unchecked_into::<Function>();
    assert_eq!(bytes.call1(&JsValue::UNDEFINED, &secret).unwrap(), 32);
    for list in [
        "[undefined, 'e', '\"x\"', undefined, undefined, 'a', 'b']",
        "['1.2', 'e', undefined, undefined, undefined, 'private-encrypted-a']",
    ] {
        assert!(answer(&client, TRIGGER + CHECK, list).is_undefined(), "{list}");
    }
    assert!(answer(&client, BATCH + CHECK, "['1', 'private-encrypted-a', 'e', undefined, undefined]").is_undefined());
    assert!(answer(&client, SEND_TO_USER + CHECK, "['e', 'u']").is_undefined());
}

#[wasm_bindgen_test]
fn what_was_sealed_is_opened_also_when_it_is_empty() {
    let client = client(MASTER_KEY);
    let secret =
        MasterKey::from_base64(MASTER_KEY).unwrap().shared_secret(ChannelName::parse("private-encrypted-a").unwrap());
    for (plain, expected) in [("é😀", JsValue::from("é😀")), ("", JsValue::UNDEFINED)] {
        let sealed = js(&secret.seal(plain, &[7; 24]));
        let (nonce, ciphertext) = (shown(&get(&sealed, "nonce")), shown(&get(&sealed, "ciphertext")));
        let opened = answer(&client, DECRYPT, &format!("['private-encrypted-a', '{nonce}', '{ciphertext}']"));
        assert_eq!(opened, expected);
    }
}

#[wasm_bindgen_test]
fn an_answer_is_the_same_whatever_the_size_of_frame_and_answer() {
    let client = client(MASTER_KEY);
    let token = Token::new("key", "tofu".to_owned());
    for length in [1, 60_000, 65_536, 70_000] {
        let signature = answer(&client, SIGN, &format!("['a'.repeat({length})]"));
        assert_eq!(signature, token.sign("a".repeat(length).as_bytes()).as_str(), "{length}");
        // Those that are long themselves, and the next ones.
        for value in ["a".repeat(length), "é".repeat(length)] {
            let query = format!("['GET', '/', undefined, 'a', '{value}']");
            let mut params = Params::new();
            params.add("a", &value).unwrap();
            let request = Signable { method: "GET", path: "/", params: &params, body: b"" };
            assert!(answer(&client, SIGN_QUERY, &query) == sign_query(&token, &request, 1).as_str(), "{length}");
        }
        let secret = MasterKey::from_base64(MASTER_KEY).unwrap();
        let secret = secret.shared_secret(ChannelName::parse("private-encrypted-a").unwrap());
        let plain = "\u{feff}😀".to_owned() + &"a".repeat(length);
        let sealed = js(&secret.seal(&plain, &[7; 24]));
        let (nonce, ciphertext) = (shown(&get(&sealed, "nonce")), shown(&get(&sealed, "ciphertext")));
        let opened = answer(&client, DECRYPT, &format!("['private-encrypted-a', '{nonce}', '{ciphertext}']"));
        assert!(opened == plain.as_str(), "{length}");
    }
}

#[wasm_bindgen_test]
fn an_answer_is_found_after_the_memory_has_grown() {
    let client = client("");
    let expected = Token::new("key", "tofu".to_owned()).sign(b"message");
    write("['message']");
    core::arch::wasm32::memory_grow(0, 1);
    assert_eq!(answer_of(&client, SIGN), expected.as_str());
    ok(take_thrown());
}

#[wasm_bindgen_test]
fn a_description_is_the_whole_configuration() {
    let described = |client: &Client| js(&shown(&answer(client, DESCRIBE, "[]")));
    let parts = described(&client(MASTER_KEY));
    let expected = ["https", "localhost", "3", "key", "tofu", "0", "10000", MASTER_KEY];
    for (index, part) in expected.iter().enumerate() {
        assert_eq!(get(&parts, &index.to_string()), *part);
    }
    assert_eq!(get(&parts, "length"), 8);
    assert_eq!(get(&described(&client("")), "7"), "");

    // Whatever there is in them, the text is JSON.
    write(
        "[undefined, '\"3\"\\\\', '\\n', '\\u0000\u{2028}', undefined, undefined, undefined, 'http', undefined, undefined, '81', '7']",
    );
    let client = Client::new(0, &JsValue::UNDEFINED);
    ok(take_thrown());
    let text = shown(&answer(&client, DESCRIBE, "[]"));
    let parts = js_sys::JSON::parse(&text).unwrap();
    let expected = ["http", "api.pusherapp.com", "\"3\"\\", "\n", "\0\u{2028}", "81", "7", ""];
    for (index, part) in expected.iter().enumerate() {
        assert_eq!(get(&parts, &index.to_string()), *part, "{text}");
    }
}

#[wasm_bindgen_test]
fn what_is_wrong_is_left_to_be_thrown_once() {
    let client = client("");
    for (method, list, expected) in [
        (AUTHORIZE, "[1.2, 'a']", "invalid_socket_id socket_id: Invalid socket id: '1.2'"),
        (AUTHORIZE, "['1.2', ['a']]", "invalid_channel channel: Invalid channel name: 'a'"),
        (AUTHENTICATE, "['1.2', 'u']", "invalid_user_data userData: Invalid user data: 'u'"),
        (AUTHENTICATE, "['1.2', 1, '{}']", "invalid_user_id userId: Invalid user id: '1'"),
        (
            SIGN_QUERY,
            "['GET', '/', undefined, 'Auth_Key', '1']",
            "reserved_parameter Auth_Key: Auth_Key is a required parameter and cannot be overidden",
        ),
        (
            SHARED_SECRET,
            "['a']",
            "missing_option encryptionMasterKeyBase64: Cannot generate shared_secret because encryptionMasterKey is not set",
        ),
        (TRIGGER, "['x', 1, 'x', undefined, undefined, 2]", "invalid_socket_id socket_id: Invalid socket id: 'x'"),
        (TRIGGER, "[undefined, 1, 'x', undefined, undefined, 2]", "invalid_event event: Invalid event name: '1'"),
        (
            TRIGGER,
            "[undefined, 'e', 'x', undefined, undefined, 2]",
            "invalid_channel channel: Invalid channel name: '2'",
        ),
        (TRIGGER, "[undefined, 'e']", "invalid_channel channels: No channel to trigger the event on"),
        (
            TRIGGER,
            "[undefined, 'e', 'x', undefined, undefined, ...Array(101).fill(1)]",
            "too_many_channels channels: Can't trigger a message to more than 100 channels",
        ),
        (
            TRIGGER,
            "[undefined, 'e', undefined, undefined, undefined, 'private-encrypted-a', 'b']",
            "encrypted_channel_among_others channels: You cannot trigger to multiple channels when using encrypted channels",
        ),
        (
            TRIGGER,
            "[undefined, 'e', 'x', new Uint8Array(24), undefined, 'private-encrypted-a']",
            "missing_option encryptionMasterKeyBase64: Set encryptionMasterKey before triggering events on encrypted channels",
        ),
        (BATCH, "['1', 'a', 'e', 1]", "invalid_socket_id socket_id: Invalid socket id: '1' (event 0 of the batch)"),
        (BATCH, "['0']", "invalid_batch events: No events to trigger"),
        (BATCH, "['11', 1]", "invalid_batch events: Can't trigger a batch of more than 10 events, 11 given"),
        (SEND_TO_USER, "['e', '']", "invalid_user_id userId: Invalid user id: ''"),
        (CHANNEL, "['.']", "invalid_path path: Invalid path: '.'"),
        (CHANNEL_USERS, "['a b']", "invalid_channel channel: Invalid channel name: 'a b'"),
        (TERMINATE, "['..']", "invalid_path path: Invalid path: '..'"),
        (GET, "['channels']", "invalid_path path: Invalid path: 'channels'"),
        (
            POST,
            "['/', undefined, 'body_md5', '1']",
            "reserved_parameter body_md5: body_md5 is a required parameter and cannot be overidden",
        ),
    ] {
        let checked = (CHANNELS..CHECK).contains(&method);
        for method in [Some(method), checked.then_some(method | CHECK)].into_iter().flatten() {
            assert_eq!(refusal(&client, method, list), expected, "{method}");
            ok(take_thrown());
        }
    }
    let error = left(&client, SEND_TO_USER + CHECK, "[undefined, 'u']");
    assert!(shown(&get(&error, "hint")).starts_with("An event name is"));
    assert!(get(&error, "index").is_undefined());
    let sealed = super::client::client(MASTER_KEY);
    let expected = "decryption_failed data: Cannot decrypt the event: its nonce is not 24 bytes of base64";
    assert_eq!(refusal(&sealed, DECRYPT, "['private-encrypted-a', undefined, 1]"), expected);
}

#[wasm_bindgen_test]
fn what_cannot_be_a_client_is_left_to_be_thrown() {
    write("[undefined, '3', 'key', 'tofu', 'a/b']");
    let _client = Client::new(0, &JsValue::UNDEFINED);
    assert!(told(&super::left()).starts_with("PusherValidationError invalid_option host: Invalid host 'a/b'"));
    ok(take_thrown());
}

#[wasm_bindgen_test]
fn what_is_only_checked_needs_no_credentials() {
    write("[undefined]");
    let client = Client::new(0, &JsValue::UNDEFINED);
    ok(take_thrown());
    assert!(answer(&client, CHANNELS + CHECK, "[]").is_undefined());
    assert_eq!(refusal(&client, CHANNELS, "[]"), "missing_option appId: The option `appId` is not set");
    assert_eq!(refusal(&client, SIGN, "['x']"), "missing_option key: The option `key` is not set");
}

#[wasm_bindgen_test]
fn an_event_of_a_batch_is_named_by_its_position() {
    write("[undefined, '3', 'key', 'tofu']");
    let client = Client::new(0, &JsValue::UNDEFINED);
    ok(take_thrown());
    let small = "'a', 'e', undefined, '\"x\"', undefined, undefined";
    let too_large = "'a', 'e', undefined, JSON.stringify('x'.repeat(10_241)), undefined, undefined";
    for (wrong, code) in [
        (too_large, "payload_too_large"),
        ("'a b', 'e', undefined, '\"x\"', undefined, undefined", "invalid_channel"),
        ("'a', '', undefined, '\"x\"', undefined, undefined", "invalid_event"),
        ("'a', 'e', 'x', '\"x\"', undefined, undefined", "invalid_socket_id"),
        ("'private-encrypted-a', 'e', undefined, '1', undefined, undefined", "missing_option"),
    ] {
        for index in 0..10_u32 {
            let mut events = [small; 10];
            *events.get_mut(index as usize).unwrap() = wrong;
            for method in [BATCH, BATCH + CHECK] {
                let error = left(&client, method, &format!("['10', {}]", events.join(", ")));
                assert_eq!((get(&error, "index"), get(&error, "code")), (index.into(), code.into()));
                let end = format!(" (event {index} of the batch)");
                assert!(shown(&get(&error, "message")).ends_with(&end));
            }
        }
    }
}

/// What a request comes to with a function in place of `fetch`.
async fn outcome(method: u32, list: &str, fetch: &str) -> Result<JsValue, JsValue> {
    outcome_of(client(""), method, list, fetch).await
}

async fn outcome_of(client: Client, method: u32, list: &str, fetch: &str) -> Result<JsValue, JsValue> {
    write(list);
    let settings = js(&format!("{{ fetch: {fetch}, parse: JSON.parse }}"));
    let promise = client.send(method, 1.0, &settings, &JsValue::UNDEFINED);
    ok(take_thrown());
    // What is under way does not need the client.
    drop(client);
    match JsFuture::from(promise.unchecked_into::<Promise>()).await {
        Ok(value) => Ok(value),
        Err(failure) => failed(failure).await,
    }
}

/// Data comes as a JSON string, but where it is to be sealed.
const EVENT: &str = r#"[undefined, 'e', '"x"', undefined, '{"info":"i"}', 'a', 'b']"#;

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
    let text = text_of(answer).await;
    assert_eq!(text, r#"{"name":"e","data":"x","channels":["a","b"],"info":"i"}"#);
}

async fn text_of(response: JsValue) -> JsValue {
    let text: Function = js("(response) => response.text()").unchecked_into();
    let text: Promise = text.call1(&JsValue::UNDEFINED, &response).unwrap().unchecked_into();
    ok(JsFuture::from(text).await)
}

#[wasm_bindgen_test]
async fn each_request_goes_to_its_endpoint() {
    // Those whose answer is read give it back, the others a response.
    let echo =
        "async (url, { method, body }) => new Response(JSON.stringify([method, new URL(url).pathname, body ?? null]))";
    for (method, list, expected) in [
        (CHANNELS, "['p', 'i']", r#"["GET","/apps/3/channels",null]"#),
        (CHANNEL, "['a=', 'i']", r#"["GET","/apps/3/channels/a%3D",null]"#),
        (CHANNEL_USERS, "['presence-a']", r#"["GET","/apps/3/channels/presence-a/users",null]"#),
        (TERMINATE, "['a/b']", r#"["POST","/apps/3/users/a%2Fb/terminate_connections","{}"]"#),
        (
            SEND_TO_USER,
            r#"['e', 'u', '"x"']"#,
            r##"["POST","/apps/3/events","{\"name\":\"e\",\"data\":\"x\",\"channels\":[\"#server-to-user-u\"]}"]"##,
        ),
        (
            TRIGGER,
            "[undefined, 'e', undefined, undefined, undefined, 'a']",
            r#"["POST","/apps/3/events","{\"name\":\"e\",\"channels\":[\"a\"]}"]"#,
        ),
        (
            BATCH,
            r#"['2', 'a', 'e', '1.2', '"x"', undefined, '{"info":"i"}', 'b', 'f', undefined, undefined, undefined, undefined]"#,
            r#"["POST","/apps/3/batch_events","{\"batch\":[{\"channel\":\"a\",\"name\":\"e\",\"data\":\"x\",\"info\":\"i\"},{\"channel\":\"b\",\"name\":\"f\"}]}"]"#,
        ),
        (GET, "['/x y', undefined, 'a', 'b']", r#"["GET","/apps/3/x%20y",null]"#),
        (POST, "['/x', '{}', 'a', 'b']", r#"["POST","/apps/3/x","{}"]"#),
    ] {
        let answer = ok(outcome(method, list, echo).await);
        let answer = if (CHANNELS..TERMINATE).contains(&method) {
            js_sys::JSON::stringify(&answer).unwrap().into()
        } else {
            text_of(answer).await
        };
        assert_eq!(answer, expected, "{method}");
    }
}

#[wasm_bindgen_test]
async fn an_event_on_an_encrypted_channel_goes_out_sealed_or_not_at_all() {
    let echo = "async (url, { body }) => new Response(body)";
    let nonce = "Uint8Array.from({ length: 24 }, (_, index) => index)";
    let sealed = MasterKey::from_base64(MASTER_KEY).unwrap();
    let sealed = sealed.shared_secret(ChannelName::parse("private-encrypted-a").unwrap());
    let sealed = sealed.seal("\"plain\"", &std::array::from_fn(|index| u8::try_from(index).unwrap()));
    let data = format!(r#""data":{},"#, js_sys::JSON::stringify(&sealed.into()).unwrap());
    let with = |nonce: &str| {
        [
            (TRIGGER, format!("[undefined, 'e', '\"plain\"', {nonce}, undefined, 'private-encrypted-a']")),
            (BATCH, format!("['1', 'private-encrypted-a', 'e', undefined, '\"plain\"', {nonce}, undefined]")),
        ]
    };
    let [(_, event), (_, batch)] = with(nonce);
    let body = text_of(ok(outcome_of(client(MASTER_KEY), TRIGGER, &event, echo).await)).await;
    assert_eq!(body, format!(r#"{{"name":"e",{data}"channels":["private-encrypted-a"]}}"#));
    let body = text_of(ok(outcome_of(client(MASTER_KEY), BATCH, &batch, echo).await)).await;
    let data = data.trim_end_matches(',');
    assert_eq!(body, format!(r#"{{"batch":[{{"channel":"private-encrypted-a","name":"e",{data}}}]}}"#));
    for (method, list) in ["undefined", "new Uint8Array(23)", "'x'.repeat(23)"].into_iter().flat_map(with) {
        let client = client(MASTER_KEY);
        write(&list);
        let settings = js("{ fetch() { throw 'sent' } }");
        assert!(client.send(method, 1.0, &settings, &JsValue::UNDEFINED).is_undefined());
        assert!(told(&super::left()).starts_with("PusherValidationError no_randomness randomBytes"), "{list}");
    }
}

#[wasm_bindgen_test]
fn data_is_counted_as_the_text_that_its_json_stands_for() {
    for (text, bytes) in [
        ("'ab'", 2_u32),
        ("'é€😀'", 9),
        ("'\"\\\\/\\b\\f\\n\\r\\t'", 8),
        ("'\\0\\x01\\x1f\\x7f\\u2028'", 7),
        ("'\\u00e9\\u0100'", 4),
        ("'{\"a\":\"\\\\u0041\"}'", 14),
        // As long as what takes the place of half a pair.
        ("'\\ud83d'", 3),
        ("'a\\ude00b'", 5),
    ] {
        for (limit, fits) in [(bytes, true), (bytes.saturating_sub(1), false), (bytes.saturating_add(1), true)] {
            write(&format!("[undefined, '3', 'key', 'tofu', {}'{limit}']", "undefined, ".repeat(8)));
            let client = Client::new(0, &JsValue::UNDEFINED);
            ok(take_thrown());
            let event = format!("[undefined, 'e', JSON.stringify({text}), undefined, undefined, 'a']");
            if fits {
                assert!(answer(&client, TRIGGER + CHECK, &event).is_undefined());
            } else {
                let expected = format!(
                    "payload_too_large data: The data of event 'e' is {bytes} bytes long, more than the {limit} that are allowed"
                );
                assert_eq!(refusal(&client, TRIGGER + CHECK, &event), expected, "{text}");
            }
        }
    }
}

#[wasm_bindgen_test]
fn a_secret_does_not_stay_where_answers_are_left() {
    let client = client(MASTER_KEY);
    // Looked for by JavaScript: what Rust asks about is in its memory.
    let is_held = js("(memory, answer) => Buffer.from(memory.buffer).includes(answer.slice(0, 44))");
    let is_held = is_held.unchecked_into::<Function>();
    for (method, list, expected) in [
        (AUTHORIZE, "['1.2', 'private-encrypted-only-here']", false),
        (SHARED_SECRET, "['private-encrypted-only-here']", false),
        // So they would be found.
        (AUTHORIZE, "['1.2', 'private-a']", true),
    ] {
        write(list);
        let answer = answer_of(&client, method);
        let held = is_held.call2(&JsValue::UNDEFINED, &wasm_bindgen::memory(), &answer).unwrap();
        assert_eq!(held, expected, "{list}");
    }
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
