//! What takes the module's memory, or the host.

#![allow(clippy::arithmetic_side_effects)]

use js_sys::{Function, Promise, Uint8Array, WebAssembly::Memory};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Response;

use super::calls::{
    Call, MASTER_KEY, TIME, connection_url, credentials, describe, environment, for_cluster, options, sign, sign_query,
    token, unconfigured,
};
use crate::{
    sign::Token,
    wasm::{
        Client,
        frame::{
            frames::{Answered, decode, plain},
            reserve,
        },
        recovery::{Failure, recover},
    },
};

/// The value of a JavaScript expression.
fn js(expression: &str) -> JsValue {
    js_sys::eval(&format!("({expression})")).unwrap()
}

/// Calls a JavaScript function of a value and a word.
fn call_js(function: &str, value: &JsValue, word: &str) -> JsValue {
    js(function).unchecked_into::<Function>().call2(&JsValue::UNDEFINED, value, &word.into()).unwrap()
}

fn memory() -> Memory {
    wasm_bindgen::memory().unchecked_into()
}

/// JavaScript's view of the memory at an address.
fn view(address: usize, length: usize) -> Uint8Array {
    let [address, length] = [address, length].map(|number| u32::try_from(number).unwrap());
    Uint8Array::new_with_byte_offset_and_length(&memory().buffer(), address, length)
}

/// Copies bytes out of memory. Out of it first of all: a `Vec` may let the memory grow, of which views are lost.
fn read(address: usize, length: usize) -> Vec<u8> {
    view(address, length).slice(0, u32::MAX).to_vec()
}

fn memory_size() -> usize {
    Uint8Array::new(&memory().buffer()).length() as usize
}

/// Writes a frame at the address, calls its operation, and reads the answer, all of it through views of the memory. `meanwhile` runs before
/// the answer is read.
fn ask_at(client: &Client, address: usize, call: Call, meanwhile: impl FnOnce()) -> Answered {
    let (operation, frame) = call.frame();
    view(address, frame.len()).copy_from(&frame);
    #[allow(clippy::cast_precision_loss)]
    let answer = client.call(operation, TIME as f64, frame.len());
    meanwhile();
    decode(&read(answer, length_of_answer(answer)))
}

/// The bytes of an answer, with its header.
fn length_of_answer(address: usize) -> usize {
    let header: [u8; 4] = read(address, 4).try_into().unwrap();
    (u32::from_le_bytes(header) >> 3) as usize + 4
}

fn ask(client: &Client, call: Call) -> Answered {
    ask_at(client, reserve(1 << 16), call, || {})
}

fn client() -> Client {
    let client = unconfigured();
    ask(&client, credentials());
    client
}

#[wasm_bindgen_test]
fn room_for_a_frame_is_in_memory_and_empty() {
    for length in [1 << 16, 1 << 17, 1 << 20] {
        let address = reserve(length);
        assert!(address > 0 && address + length <= memory_size(), "{address}");
        assert!(read(address, length) == vec![0; length]);
    }
}

#[wasm_bindgen_test]
fn a_frame_is_read_where_it_was_written() {
    let signature = Token::new("key", "tofu".to_owned()).sign(b"message");
    assert_eq!(ask(&client(), sign().message("message")), plain([&*signature]));
}

#[wasm_bindgen_test]
fn frames_are_read_in_the_same_place_again_and_again() {
    let (client, address) = (client(), reserve(1 << 16));
    for message in ["first", "second", "third"] {
        let signature = Token::new("key", "tofu".to_owned()).sign(message.as_bytes());
        assert_eq!(ask_at(&client, address, sign().message(message), || {}), plain([&*signature]));
    }
}

#[wasm_bindgen_test]
fn a_frame_stays_where_it_is_when_the_memory_grows() {
    let (client, address) = (client(), reserve(1 << 16));
    assert_ne!(core::arch::wasm32::memory_grow(0, 1), usize::MAX);
    let signature = Token::new("key", "tofu".to_owned()).sign(b"message");
    assert_eq!(ask_at(&client, address, sign().message("message"), || {}), plain([&*signature]));
}

#[wasm_bindgen_test]
fn an_answer_stays_where_it_is_when_the_memory_grows() {
    let grow = || assert_ne!(core::arch::wasm32::memory_grow(0, 1), usize::MAX);
    let signature = Token::new("key", "tofu".to_owned()).sign(b"message");
    let answer = ask_at(&client(), reserve(1 << 16), sign().message("message"), grow);
    assert_eq!(answer, plain([&*signature]));
}

#[wasm_bindgen_test]
fn a_long_frame_has_a_long_answer() {
    let value = "a".repeat(1 << 20);
    let call = sign_query().method("GET").path("/").pairs([("a", &value)]);
    let answer = ask_at(&client(), reserve(1 << 21), call, || {});
    assert!(answer.fields[0].as_ref().unwrap().starts_with(&format!("a={value}&auth_key=key")));
}

/// A secret is not at home in this file, nor in memory: it is spelled backwards until JavaScript writes it into the frame.
struct Backwards(&'static str);

impl Backwards {
    /// Characters that the secret takes in the frame.
    const LENGTH: usize = 120;

    /// Stands for the secret in a frame.
    fn placeholder() -> String {
        "?".repeat(Self::LENGTH)
    }

    /// Calls with the secret in the place of what stands for it, and wipes the frame and the answer as JavaScript does.
    fn ask(&self, client: &Client, call: Call) {
        let (operation, frame) = call.frame();
        let length = frame.len();
        let address = reserve(1 << 16);
        view(address, length).copy_from(&frame);
        if let Some(at) = frame.windows(Self::LENGTH).position(|place| place == Self::placeholder().as_bytes()) {
            let fill = "({ buffer, byteOffset, length }, word) => \
                        Buffer.from(buffer, byteOffset, length).fill([...word].reverse().join(''))";
            call_js(fill, &view(address + at, Self::LENGTH), self.0);
        }
        let answer = client.call(operation, 0.0, length);
        view(address, length).fill(0, 0, u32::MAX);
        view(answer, length_of_answer(answer)).fill(0, 0, u32::MAX);
    }

    fn is_in_memory(&self) -> bool {
        let includes = "(memory, word) => Buffer.from(memory.buffer).includes([...word].reverse().join(''))";
        call_js(includes, &memory(), self.0).is_truthy()
    }

    /// Fails if the secret stays anywhere once the client that was configured with it is gone.
    fn check(&self, source: Call) {
        let client = unconfigured();
        self.ask(&client, source);
        assert!(self.is_in_memory(), "the client has it");
        self.ask(&client, describe());
        drop(client);
        assert!(!self.is_in_memory());
    }
}

#[wasm_bindgen_test]
fn a_secret_of_the_options_does_not_outlive_its_client() {
    Backwards("tauqmuk").check(credentials().secret(Backwards::placeholder()));
}

#[wasm_bindgen_test]
fn a_secret_of_a_url_does_not_outlive_its_client() {
    Backwards("obmatur").check(connection_url(format!("https://key:{}@h/apps/3", Backwards::placeholder())));
}

#[wasm_bindgen_test]
fn a_secret_beside_a_cluster_does_not_outlive_its_client() {
    Backwards("iaktogn").check(for_cluster("eu").key("key").secret(Backwards::placeholder()));
}

#[wasm_bindgen_test]
fn a_secret_of_the_environment_does_not_outlive_its_client() {
    let secret = Backwards::placeholder();
    let variables = [("PUSHER_APP_ID", "3"), ("PUSHER_KEY", "key"), ("PUSHER_SECRET", &*secret)];
    Backwards("ayapapa").check(environment(variables));
}

#[wasm_bindgen_test]
fn a_secret_of_a_token_does_not_outlive_it() {
    Backwards("nairuda").check(token().key("key").secret(Backwards::placeholder()));
}

#[wasm_bindgen_test]
fn a_secret_in_whose_place_another_is_taken_does_not_stay() {
    let (secret, client) = (Backwards("ihctile"), unconfigured());
    secret.ask(&client, connection_url("https://key:another@h/apps/3").secret(Backwards::placeholder()));
    assert!(!secret.is_in_memory());
}

#[wasm_bindgen_test]
fn a_secret_does_not_stay_in_memory_that_an_answer_outgrows() {
    // The secret is in the first 512 bytes of a description, the master key beyond them.
    let key = "k".repeat(320);
    Backwards("ananabs").check(options().key(key).secret(Backwards::placeholder()).master_key_base64(MASTER_KEY));
}

/// The lines of the verdict on the first attempt of a call that asks, after `elapsed` milliseconds of the default policy.
async fn verdict_on(failure: JsValue, elapsed: u32, retry_after: i32) -> [String; 5] {
    let verdict = Promise::new(&mut |resolve, _| {
        js_sys::Reflect::set(&failure, &"finish".into(), &resolve).unwrap();
        let failure = failure.clone().unchecked_into::<Failure>();
        recover(failure, 2, 1, 3, 200, 5_000, 30_000, elapsed, retry_after, 0.5, 0.0, 600_000.0, false);
    });
    let verdict = JsFuture::from(verdict).await.unwrap().as_string().unwrap();
    let lines: Vec<String> = verdict.split('\n').map(String::from).collect();
    lines.try_into().unwrap()
}

#[wasm_bindgen_test]
async fn a_failure_is_judged_by_the_status_of_its_head() {
    let head: Response = js("new Response(null, { status: 429 })").unchecked_into();
    let failure = js_sys::Object::new();
    js_sys::Reflect::set(&failure, &"head".into(), &head).unwrap();
    let expected = ["Unexpected status code 429", "Too many requests: wait, then try again.", "100", "yes", ""];
    assert_eq!(verdict_on(failure.clone().into(), 0, -1).await, expected);
    let expected = ["Unexpected status code 429", "Too many requests: wait, then try again.", "7000", "yes", ""];
    assert_eq!(verdict_on(failure.clone().into(), 0, 7_000).await, expected);
    let expected = ["Unexpected status code 429", "Too many requests: wait, then try again.", "", "yes", ""];
    assert_eq!(verdict_on(failure.into(), 30_000, -1).await, expected);
}

#[wasm_bindgen_test]
async fn a_failure_whose_head_has_the_status_0_had_no_answer() {
    let verdict = verdict_on(js("{ head: { status: 0 } }"), 0, -1).await;
    assert_eq!(verdict, ["Request failed with an error", "", "100", "yes", ""]);
}

#[wasm_bindgen_test]
async fn a_head_may_be_any_object_with_a_status() {
    let expected =
        ["Unexpected status code 500", "The server has a problem: try again only if `retryable`.", "100", "yes", ""];
    assert_eq!(verdict_on(js("{ head: { status: 500 } }"), 0, -1).await, expected);
}

#[wasm_bindgen_test]
async fn a_clock_that_is_off_is_told() {
    let verdict = verdict_on(js("{ head: { status: 401 } }"), 0, -1).await;
    assert_eq!(verdict[2..], ["0", "yes", "yes"]);
}
