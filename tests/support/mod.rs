//! What several of the tests share.

// Each test file uses a part of it.
#![allow(dead_code, clippy::unwrap_used, clippy::indexing_slicing)]

pub mod server;

use proptest::{collection::vec, prelude::*, sample::select};
use pusher_http_wasm::{
    config::{Config, Setting},
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

/// The settings of the documentation's worked examples.
pub const DOCS: [(Setting, &str); 3] =
    [(Setting::AppId, "3"), (Setting::Key, "278d425bdf160c739803"), (Setting::Secret, "7ad3773142a6692b25b8")];

pub fn docs_config() -> Config {
    docs_config_with(&[])
}

/// A configuration of the documentation's settings and others, which take precedence.
pub fn docs_config_with(others: &[(Setting, &str)]) -> Config {
    Config::new([&DOCS, others].concat()).unwrap()
}

/// A configuration of the documentation's settings but one.
pub fn docs_config_without(left_out: Setting) -> Config {
    Config::new(DOCS.into_iter().filter(|(setting, _)| *setting != left_out)).unwrap()
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
pub fn describe(error: &Error) -> (String, &str, &str) {
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

/// Any id, key or secret: there is nothing around it.
pub fn any_credential() -> impl Strategy<Value = String> {
    some_text().prop_filter("surrounded", |text| !is_surrounded(text))
}

/// Text out of few characters, so that it often is, or nearly is, what a grammar allows.
pub fn text_out_of(characters: &str) -> impl Strategy<Value = String> + use<> {
    vec(select(characters.chars().collect::<Vec<_>>()), 0..12).prop_map(String::from_iter)
}

/// What a message shows of an option's text: of a URL, nothing before its credentials' end.
pub fn shown(text: &str) -> &str {
    text.rfind('@').map_or(text, |at| text.get(at..).unwrap())
}

/// Tells whether a text has white space or quotes around it.
pub fn is_surrounded(text: &str) -> bool {
    let in_quotes = |quote| text.starts_with(quote) && text.ends_with(quote);
    let is_blank = |char: char| char <= ' ';
    text.starts_with(is_blank) || text.ends_with(is_blank) || in_quotes('"') || in_quotes('\'')
}

/// Text that is a whole number, or looks much like one.
pub fn number_text() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<u64>().prop_map(|number| number.to_string()),
        (-3..70_000_i64).prop_map(|number| number.to_string()),
        (0xffff_fffc..=0x1_0000_0002_u64).prop_map(|number| number.to_string()),
        (0x7fff_fffd..=0x8000_0002_u32).prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| number.to_string()),
        "0{0,3}[0-9]{0,30}",
        text_out_of("0123456789"),
        text_out_of("0159-+. eEx_\u{663}"),
        select(vec!["", "Infinity", "-Infinity", "NaN", "infinity", "inf", "1e3", "0x10", "+80", " 80", "80 "])
            .prop_map(str::to_owned),
        any_text(),
    ]
}

/// The number that ASCII digits are, the largest there is for those beyond it; `None` for any other text.
pub fn whole_number(text: &str) -> Option<u64> {
    let is_one = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_one.then(|| text.parse().unwrap_or(u64::MAX))
}
