//! Connection URLs and settings: what is accepted can be written again, and leads to URLs that a URL parser leaves as they are.

use pusher_http_wasm::{
    SETTINGS,
    config::Config,
    connection_url,
    error::Error,
    query::{Params, encode},
    request::{Call, Method},
};
use url::Url;

use crate::input::{Input, text};

/// A connection URL of any text.
pub fn connection_url(input: &[u8]) {
    let config = match connection_url::parse(text(input)) {
        Ok(config) => config,
        Err(error) => return check_error(&error),
    };
    let (token, app_id) = (config.token().unwrap(), config.app_id().unwrap());
    let [key, secret, app_id] = [token.key(), token.secret(), app_id].map(encode_all);
    let (scheme, rest) = config.base_url().split_once("://").unwrap();
    // With a slash more: a prefix that ends with white space is refused only if nothing comes after it.
    let again = connection_url::parse(&format!("{scheme}://{key}:{secret}@{rest}//apps/{app_id}")).unwrap();
    assert_eq!(again.base_url(), config.base_url());
    assert_eq!((again.app_id(), again.port()), (config.app_id(), config.port()));
    let again = again.token().unwrap();
    assert_eq!((again.key(), again.secret()), (token.key(), token.secret()));
    check_urls(&config);
}

/// Settings of any texts: on each line a byte that says which, and its text.
pub fn config(input: &[u8]) {
    let mut input = Input(input);
    let mut settings = Vec::new();
    while !input.is_empty() {
        let setting = SETTINGS[usize::from(input.byte()) % SETTINGS.len()];
        settings.push((setting, input.text()));
    }
    match Config::new(settings.iter().copied()) {
        Ok(config) => check_urls(&config),
        Err(error) => check_error(&error),
    }
}

fn check_error(error: &Error) {
    assert!(["invalid_url", "invalid_option"].contains(&error.code()), "{error}");
    assert!(!error.field().is_empty() && !error.message().is_empty());
}

/// Percent-encodes also what is left as it is in a query, and would end a part of a URL.
fn encode_all(text: &str) -> String {
    encode(text).replace('/', "%2F").replace('@', "%40").replace(':', "%3A")
}

/// What is signed is what is sent: the path of each URL is that which a URL parser makes of it.
fn check_urls(config: &Config) {
    assert!(config.max_channels() > 0 && config.max_batch_events() > 0 && config.max_payload_bytes() > 0);
    let call = Call::raw(Method::Get, "/a b/%2e%2e/\u{e9}", Params::new(), None).unwrap();
    let Ok(request) = call.sign(config, 1) else {
        assert!(config.token().is_err() || config.app_id().is_err());
        return;
    };
    // Which hosts there are is for the sender to say: numbers that are too large for an address, names beyond ASCII (of which this parser, in
    // the version that knows ASCII only, asserts more than holds).
    if !config.host().is_ascii() {
        return;
    }
    let Ok(url) = Url::parse(&request.url) else { return };
    let (_, rest) = request.url.split_once("://").unwrap();
    let target = &rest[rest.find('/').unwrap()..];
    assert_eq!(target, format!("{}?{}", url.path(), url.query().unwrap()));
    assert_eq!((url.scheme(), url.fragment()), (config.scheme().as_str(), None));
    assert_eq!((url.username(), url.password()), ("", None));
}
