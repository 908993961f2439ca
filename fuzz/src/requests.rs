//! Percent-encoding and the signed query: the server understands what was meant, and accepts it.

use std::collections::BTreeMap;

use pusher_http_wasm::{
    config::{Config, Setting},
    query::{Params, Signable, decode, encode, encode_path, encode_segment, sign_query},
    request::{Call, Method},
    sign::Token,
};
use url::Url;

use crate::{
    input::{Input, text},
    server::{Received, decoded},
};

const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/// Any text.
pub fn percent_coding(input: &[u8]) {
    let text = text(input);
    assert_eq!(decode(text), decoded(text));
    for encoded in [encode(text), encode_path(text), encode_segment(text)] {
        assert_eq!(decode(&encoded).as_deref(), Some(text));
        assert!(
            encoded.bytes().all(|byte| byte.is_ascii_graphic() && !b"\"#<>?[\\]^`{|}".contains(&byte)),
            "{encoded}"
        );
    }
    let query = encode(text);
    assert!(!query.contains(['&', '=', '+', ';', '\'']), "{query}");
    assert!(!encode_segment(text).contains('/'));
    // A URL parser takes it as it is.
    let url = Url::parse(&format!("https://h/{}?{query}={query}", encode_segment(&format!("-{text}")))).unwrap();
    assert_eq!(url.path(), format!("/{}", encode_segment(&format!("-{text}"))));
    assert_eq!(url.query(), Some(&*format!("{query}={query}")));
    assert_eq!(url.query_pairs().collect::<Vec<_>>(), [(text.into(), text.into())]);
}

/// A path, a body, and parameters: a name and a value on each line.
pub fn query(input: &[u8]) {
    let mut input = Input(input);
    let (path, body) = (input.text(), input.text());
    let mut pairs = Vec::new();
    while !input.is_empty() {
        let line = input.text();
        pairs.push(line.split_once('=').unwrap_or((line, "")));
    }
    let mut names = BTreeMap::new();
    let is_reserved = pairs.iter().any(|(name, _)| RESERVED.contains(&&*name.to_ascii_lowercase()));
    let is_ambiguous = pairs.iter().any(|(name, _)| *names.entry(name.to_ascii_lowercase()).or_insert(*name) != *name);
    let params = match Params::from_pairs(pairs.iter().copied()) {
        Ok(params) => params,
        Err(error) => {
            let is_told =
                if is_reserved { error.code() == "reserved_parameter" } else { error.code() == "invalid_argument" };
            assert!(is_told && (is_reserved || is_ambiguous), "{error}");
            return;
        }
    };
    assert!(!is_reserved && !is_ambiguous);

    let token = Token::new("key", String::from("secret"));
    let signable = Signable { method: "POST", path: "/", params: &params, body: body.as_bytes() };
    check_signed(&Received::new("POST", "/", &sign_query(&token, &signable, 1), body.as_bytes()), &pairs);

    let config = Config::new([(Setting::AppId, "3"), (Setting::Key, "key"), (Setting::Secret, "secret")]).unwrap();
    let is_path =
        path.starts_with('/') && !path.contains(['?', '#']) && !path.split('/').any(|part| part == "." || part == "..");
    match Call::raw(Method::Post, path, params, Some(body)) {
        Ok(call) => {
            assert!(is_path, "{path}");
            let request = call.sign(&config, 1).unwrap();
            let sent = request.body.as_deref().unwrap();
            assert_eq!(sent, if body.is_empty() { "{}" } else { body });
            check_signed(&Received::at("POST", &request.url, sent.as_bytes()), &pairs);
            let url = Url::parse(&request.url).unwrap();
            assert_eq!(url.as_str(), request.url);
            assert_eq!(decoded(url.path()), Some(format!("/apps/3{path}")));
        }
        Err(error) => assert!(!is_path && error.code() == "invalid_path", "{error}"),
    }
}

fn check_signed(received: &Option<Received>, pairs: &[(&str, &str)]) {
    let received = received.as_ref().unwrap();
    assert!(received.is_signed_by("key", "secret"));
    let mut expected: Vec<(String, &str)> =
        pairs.iter().map(|(name, value)| (name.to_ascii_lowercase(), *value)).collect();
    expected.retain(|(name, _)| !name.starts_with("auth_"));
    expected.sort();
    let own = received.own_params();
    assert_eq!(own, expected.iter().map(|(name, value)| (name.as_str(), *value)).collect::<Vec<_>>());
}
