//! What several of the tests share.

// Each test file uses a part of it.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod server;

use proptest::{collection::vec, prelude::*, sample::select};
use pusher_http_wasm::{
    config::{Config, Options},
    error::Error,
    request::Request,
    sign::Token,
};
use serde_json::Value;
use server::Received;

/// One of the lists of `vectors.json`: known answers with their sources.
pub fn vectors(name: &str) -> Vec<Value> {
    file()[name].as_array().unwrap().clone()
}

/// The token of a vector's `credentials`.
pub fn token_of(vector: &Value) -> Token {
    let credentials = &file()["credentials"][text_of(vector, "credentials")];
    token(text_of(credentials, "key"), text_of(credentials, "secret"))
}

pub fn token(key: &str, secret: impl Into<String>) -> Token {
    Token::new(key, secret.into())
}

pub fn text_of<'v>(vector: &'v Value, name: &str) -> &'v str {
    vector[name].as_str().unwrap()
}

fn file() -> Value {
    serde_json::from_str(include_str!("../vectors.json")).unwrap()
}

/// The options of the documentation's worked examples.
pub fn docs_options() -> Options {
    Options {
        app_id: Some("3".into()),
        key: Some("278d425bdf160c739803".into()),
        secret: Some("7ad3773142a6692b25b8".to_owned().into()),
        ..Options::default()
    }
}

pub fn docs_config() -> Config {
    Config::new(docs_options()).unwrap()
}

/// The moment of the documentation's worked example.
pub const DOCS_TIME: u64 = 1_353_088_179;

pub fn received(request: &Request) -> Received {
    let body = request.body.as_deref().unwrap_or_default();
    Received::at(request.method.as_str(), &request.url, body.as_bytes()).unwrap()
}

/// The path of a URL, without the query.
pub fn path_of(request: &Request) -> &str {
    let path = request.url.strip_prefix("https://api.pusherapp.com").unwrap_or_default();
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// An error's message, code and field.
pub fn told(error: &Error) -> (String, &str, &str) {
    (error.to_string(), error.code(), error.field())
}

/// Any text: with control characters, text beyond the basic plane, and much of what has a meaning in URLs and JSON.
pub fn any_text() -> impl Strategy<Value = String> {
    let special: Vec<char> = "%&=+#?/\\:@;.,~-_ \"'{}[]\n\r\t\0aZ09é€😀\u{fffd}\u{feff}".chars().collect();
    vec(prop_oneof![any::<char>(), select(special)], 0..24).prop_map(String::from_iter)
}

/// Any text that is not empty.
pub fn some_text() -> impl Strategy<Value = String> {
    any_text().prop_filter("empty", |text| !text.is_empty())
}

/// Text out of few characters, so that it often is, or nearly is, what a grammar allows.
pub fn text_out_of(characters: &str) -> impl Strategy<Value = String> + use<> {
    vec(select(characters.chars().collect::<Vec<_>>()), 0..12).prop_map(String::from_iter)
}
