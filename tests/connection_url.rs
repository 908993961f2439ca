//! A connection URL gives back its parts, and errors name the part that is wrong without showing the secret.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{config::Scheme, connection_url::parse};
use support::{any_text, describe, is_surrounded, server::decoded, some_text, text_out_of};

fn encoded(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric().then(|| char::from(byte).to_string());
    text.bytes().map(|byte| kept(byte).unwrap_or_else(|| format!("%{byte:02x}"))).collect()
}

/// The base URL of the configuration that a connection URL gives.
fn base_url(url: &str) -> String {
    parse(url).unwrap().base_url().to_owned()
}

proptest! {
    #[test]
    fn gives_back_any_credentials((key, secret, app_id) in (some_text(), some_text(), some_text())) {
        let url = format!("https://{}:{}@api.example.com/apps/{}", encoded(&key), encoded(&secret), encoded(&app_id));
        match parse(&url) {
            Ok(config) => {
                let token = config.token().unwrap();
                prop_assert_eq!((token.key(), token.secret()), (key.as_str(), secret.as_str()));
                prop_assert_eq!(config.app_id().unwrap(), app_id);
            }
            Err(error) if [&key, &secret, &app_id].into_iter().any(|text| is_surrounded(text)) => {
                prop_assert_eq!(error.code(), "invalid_url");
            }
            Err(error) => {
                prop_assert!(app_id == "." || app_id == "..");
                prop_assert_eq!((error.code(), error.field()), ("invalid_option", "appId"));
            }
        }
    }

    #[test]
    fn gives_back_any_port_and_prefix(port in 1..=u16::MAX, prefix in some_text()) {
        match parse(&format!("http://k:s@localhost:{port}/{}/apps/1", encoded(&prefix))) {
            Ok(config) => {
                prop_assert_eq!(config.port(), Some(port));
                let url = config.base_url();
                let path = url.strip_prefix(&format!("http://localhost:{port}")).unwrap();
                let path = decoded(path).unwrap();
                prop_assert_eq!(path.trim_matches('/'), prefix.trim_matches('/'));
            }
            Err(error) if is_surrounded(&format!("/{prefix}")) => {
                let message = "Invalid connection URL: the path /apps/APP_ID is missing or malformed";
                prop_assert_eq!(error.to_string(), message);
            }
            Err(error) => {
                prop_assert!(prefix.split('/').any(|segment| segment == "." || segment == ".."));
                prop_assert_eq!((error.code(), error.field()), ("invalid_option", "pathPrefix"));
            }
        }
    }

    #[test]
    fn reads_any_text(text in prop_oneof![any_text(), text_out_of("htps:/@.[]%2aé?#")]) {
        for url in [format!("https://{text}"), format!("https://k:s@{text}/apps/1"), format!("https://{text}@h/apps/1"), text] {
            let _ = parse(&url);
        }
    }

    #[test]
    fn never_shows_the_secret(rest in prop_oneof![any_text(), text_out_of(":/@.[]%2aps")]) {
        for url in [format!("https://key:tofu@{rest}"), format!("{rest}://key:tofu@host"), format!("https://key:tofu{rest}")] {
            if let Err(error) = parse(&url) {
                prop_assert!(!error.to_string().contains("tofu"), "{error}");
                // A well-formed part may still be invalid.
                let (code, field) = (error.code(), error.field());
                let no_such_part = code == "invalid_option" && ["host", "appId", "pathPrefix"].contains(&field);
                prop_assert!((code, field) == ("invalid_url", "url") || no_such_part, "{code} {field}");
            }
        }
    }
}

#[test]
fn reads_every_part() {
    let config = parse("  HTTP://key:se:cr%3At@127.0.0.1:6001/a/b/apps/12/?x#y\n").unwrap();
    assert_eq!(config.scheme(), Scheme::Http);
    let token = config.token().unwrap();
    assert_eq!((token.key(), token.secret()), ("key", "se:cr:t"));
    assert_eq!((config.host(), config.port()), ("127.0.0.1", Some(6001)));
    assert_eq!(config.base_url(), "http://127.0.0.1:6001/a/b");
    assert_eq!(config.app_id().unwrap(), "12");
    assert_eq!(config.timeout(), 10_000);
    assert!(config.master_key().is_none());
}

#[test]
fn leads_to_the_base_url() {
    for (url, expected) in [
        ("https://k:s@api-eu.pusher.com/apps/1", "https://api-eu.pusher.com"),
        ("http://k:s@localhost:6001/apps/1", "http://localhost:6001"),
        ("https://k:s@localhost:/apps/1", "https://localhost"),
        ("https://k:s@[::1]/apps/1", "https://[::1]"),
        ("https://k:s@[::1]:6001/apps/1", "https://[::1]:6001"),
        ("https://k:s@h/prefix/apps/1", "https://h/prefix"),
        ("https://k:s@h/apps/1/apps/2", "https://h/apps/1"),
        ("https://k:s@h/a%20b/apps/1", "https://h/a%20b"),
        ("https://k:a@b@h/apps/1", "https://h"),
    ] {
        assert_eq!(base_url(url), expected, "{url}");
    }
}

#[test]
fn names_the_part_that_is_missing() {
    let scheme = "the scheme (http or https)";
    let (key, secret) = ("the key", "the secret");
    let (host, port) = ("the host", "the port (1 to 65535)");
    let (path, app_id) = ("the path /apps/APP_ID", "the app id");
    for (url, missing) in [
        ("", scheme),
        ("k:s@h/apps/1", scheme),
        ("ws://k:s@h/apps/1", scheme),
        ("https:/k:s@h/apps/1", scheme),
        ("https://", key),
        ("https://h/apps/1", key),
        ("https://:s@h/apps/1", key),
        ("https://%:s@h/apps/1", key),
        ("https://k?:s@h/apps/1", key),
        ("https://k@h/apps/1", secret),
        ("https://k:@h/apps/1", secret),
        ("https://k:%ff@h/apps/1", secret),
        ("https://k:s@/apps/1", host),
        ("https://k:s@%/apps/1", host),
        ("https://k:s@:80/apps/1", host),
        ("https://k:s@h:80:/apps/1", host),
        ("https://k:s@h:80:81/apps/1", host),
        ("https://k:s@h%3A80/apps/1", host),
        ("https://k:s@[::1]:80:/apps/1", host),
        ("https://k:s@h:0/apps/1", port),
        ("https://k:s@h:65536/apps/1", port),
        ("https://k:s@h:-1/apps/1", port),
        ("https://k:s@h:8a/apps/1", port),
        ("https://k:s@h", path),
        ("https://k:s@h/", path),
        ("https://k:s@h/apps", path),
        ("https://k:s@h/apps/1/channels", path),
        ("https://k:s@h/%f/apps/1", path),
        ("https://k:s@h/apps/", app_id),
        ("https://k:s@h/apps//", app_id),
        ("https://k:s@h/apps/%", app_id),
    ] {
        let error = parse(url).err().unwrap_or_else(|| panic!("{url} was read"));
        let message = format!("Invalid connection URL: {missing} is missing or malformed");
        assert_eq!(describe(&error), (message, "invalid_url", "url"), "{url}");
        assert_eq!(error.hint(), "The form is https://KEY:SECRET@HOST:PORT/apps/APP_ID. Remove any quotes around it.");
    }
}

#[test]
fn a_port_has_no_sign() {
    assert!(parse("https://k:s@h:+80/apps/1").is_err());
}
