//! A configuration leads to the right host, refuses what cannot work, and keeps its secrets to itself.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::{
    config::{Config, Scheme, Setting},
    encrypt::MasterKey,
    error::Error,
    event::Event,
    validate::{ChannelName, EventName},
};
use support::{
    DOCS, any_text, describe, docs_config, docs_config_with, docs_config_without, is_surrounded, number_text, shown,
    text_out_of, whole_number,
};

const MASTER_KEY: &str = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";

fn config(settings: &[(Setting, &str)]) -> Config {
    Config::new(settings.iter().copied()).unwrap()
}

proptest! {
    #[test]
    fn a_port_is_a_whole_number_from_1_to_65535(text in number_text()) {
        match Config::new([(Setting::Port, text.as_str())]) {
            Ok(config) if text.is_empty() => prop_assert_eq!(config.port(), None),
            Ok(config) => {
                let port = config.port().unwrap();
                prop_assert!(port > 0);
                prop_assert_eq!(whole_number(&text), Some(port.into()));
                prop_assert_eq!(config.base_url(), format!("https://api.pusherapp.com:{port}"));
            }
            Err(error) => {
                prop_assert!(whole_number(&text).is_none_or(|number| !(1..=65_535).contains(&number)));
                let message = format!("Invalid port '{}': it must be a whole number from 1 to 65535", shown(&text));
                prop_assert_eq!(describe(&error), (message, "invalid_option", "port"));
            }
        }
    }

    #[test]
    fn a_timeout_is_any_number_that_is_not_negative(text in number_text()) {
        match Config::new([(Setting::Timeout, text.as_str())]) {
            Ok(config) if text.is_empty() => prop_assert_eq!(config.timeout(), 10_000),
            // The longest that timers can wait.
            Ok(config) => {
                let expected = whole_number(&text).map(|number| number.min(2_147_483_647));
                prop_assert_eq!(Some(config.timeout().into()), expected);
            }
            Err(error) => {
                prop_assert_eq!(whole_number(&text), None);
                let message = format!("Invalid timeout '{}': it must be a number of milliseconds, 0 for none", shown(&text));
                prop_assert_eq!(describe(&error), (message, "invalid_option", "timeout"));
            }
        }
    }

    #[test]
    fn a_count_is_a_whole_number_above_0(text in number_text()) {
        // Larger ones become the largest there is.
        let number = whole_number(&text).filter(|number| *number > 0).map(|number| number.min(u32::MAX.into()));
        for (setting, name, default) in [(Setting::MaxChannels, "maxChannels", 100), (Setting::MaxBatchEvents, "maxBatchEvents", 10)] {
            let expected = if text.is_empty() { Some(default) } else { number };
            match Config::new([(setting, text.as_str())]) {
                Ok(config) => {
                    let counts = [config.max_channels(), config.max_batch_events()];
                    let own = usize::try_from(expected.unwrap()).unwrap();
                    prop_assert_eq!(counts, if setting == Setting::MaxChannels { [own, 10] } else { [100, own] });
                }
                Err(error) => {
                    prop_assert_eq!(expected, None);
                    let message = format!("Invalid {name}: it must be a whole number above 0");
                    prop_assert_eq!(describe(&error), (message, "invalid_option", name));
                }
            }
        }
    }

    #[test]
    fn a_path_prefix_stays_a_path(prefix in prop_oneof![any_text(), text_out_of("./a?#")]) {
        match Config::new([(Setting::PathPrefix, prefix.as_str())]) {
            Ok(config) => {
                let url = config.base_url();
                let path = url.strip_prefix("https://api.pusherapp.com").unwrap();
                prop_assert!(path.is_empty() || path.starts_with('/') && !path.ends_with('/'));
                prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\".contains(&byte)), "{path}");
                prop_assert!(!path.split('/').any(|segment| [".", ".."].contains(&segment)));
            }
            Err(error) if is_surrounded(&prefix) => {
                let message = "Invalid pathPrefix: remove the white space or the quotes around it";
                prop_assert_eq!(describe(&error), (message.into(), "invalid_option", "pathPrefix"));
            }
            Err(error) => {
                let trimmed = prefix.trim_matches('/');
                let message = format!("Invalid pathPrefix '{}': no segment of it can be '.' or '..'", shown(trimmed));
                prop_assert_eq!(describe(&error), (message, "invalid_option", "pathPrefix"));
            }
        }
    }
}

#[test]
fn goes_to_the_default_host_over_tls() {
    let config = docs_config();
    assert_eq!(config.base_url(), "https://api.pusherapp.com");
    assert_eq!((config.scheme(), config.host(), config.port()), (Scheme::Https, "api.pusherapp.com", None));
    assert_eq!(config.timeout(), 10_000);
    assert!(config.master_key().is_none());
}

#[test]
fn puts_scheme_host_port_and_prefix_together() {
    let config = config(&[
        (Setting::Scheme, "http"),
        (Setting::Host, "127.0.0.1"),
        (Setting::Port, "6001"),
        (Setting::PathPrefix, "//a b/c/"),
        (Setting::Timeout, "0"),
    ]);
    assert_eq!(config.base_url(), "http://127.0.0.1:6001/a%20b/c");
    assert_eq!((config.port(), config.timeout()), (Some(6001), 0));
}

#[test]
fn signatures_cover_the_prefix_just_if_the_setting_is_true() {
    for (text, expected) in [
        ("true", ("https://h", "/a%20b")),
        ("false", ("https://h/a%20b", "")),
        ("True", ("https://h/a%20b", "")),
        ("1", ("https://h/a%20b", "")),
        ("", ("https://h/a%20b", "")),
    ] {
        let config = config(&[(Setting::Host, "h"), (Setting::PathPrefix, "/a b/"), (Setting::SignPathPrefix, text)]);
        assert_eq!((config.base_url(), config.signed_prefix()), expected, "{text}");
    }
}

proptest! {
    #[test]
    fn credentials_have_nothing_around_them(text in prop_oneof![any_text(), text_out_of("\"' \n\0a")]) {
        for (setting, name) in [
            (Setting::AppId, "appId"),
            (Setting::Key, "key"),
            (Setting::Secret, "secret"),
            (Setting::PathPrefix, "pathPrefix"),
        ] {
            let error = Config::new([(setting, text.as_str())]).err().filter(|error| error.to_string().contains("around"));
            prop_assert_eq!(error.is_some(), is_surrounded(&text), "{:?}", text);
            let Some(error) = error else { continue };
            let message = format!("Invalid {name}: remove the white space or the quotes around it");
            prop_assert_eq!(describe(&error), (message, "invalid_option", name));
        }
    }

    #[test]
    fn of_a_url_in_the_wrong_place_no_credentials_are_shown(start in any_text(), end in "[a-z:/.]{0,12}") {
        let url = format!("{start}//key:tofu@{end}");
        for setting in [
            Setting::Cluster,
            Setting::Host,
            Setting::Scheme,
            Setting::Port,
            Setting::Timeout,
            Setting::MaxPayloadBytes,
        ] {
            let error = Config::new([(setting, url.as_str())]).unwrap_err();
            prop_assert!(!error.to_string().contains("tofu"), "{}", error);
            let shown = format!("'@{end}'");
            prop_assert!(error.to_string().contains(&shown), "{}", error);
        }
        let error = Config::for_cluster(&url, []).unwrap_err();
        prop_assert!(!error.to_string().contains("tofu"), "{}", error);
    }
}

#[test]
fn a_prefix_in_a_message_has_no_credentials() {
    let error = Config::new([(Setting::PathPrefix, "https://key:tofu@localhost/../a")]).unwrap_err();
    assert_eq!(error.to_string(), "Invalid pathPrefix '@localhost/../a': no segment of it can be '.' or '..'");
}

#[test]
fn quotes_and_white_space_within_a_secret_are_its_own() {
    for secret in ["a b", "a\"b", "\"a", "a'", "\"a'", "\u{a0}a"] {
        assert_eq!(docs_config_with(&[(Setting::Secret, secret)]).token().unwrap().secret(), secret);
    }
}

#[test]
fn a_scheme_is_http_or_https() {
    for scheme in [Scheme::Http, Scheme::Https] {
        assert_eq!(config(&[(Setting::Scheme, scheme.as_str())]).scheme(), scheme);
    }
    for other in ["HTTP", "ws", "https:"] {
        let error = Config::new([(Setting::Scheme, other)]).unwrap_err();
        let message = format!("Unknown scheme '{other}': it must be 'http' or 'https'");
        assert_eq!(describe(&error), (message, "invalid_option", "scheme"));
    }
}

#[test]
fn an_empty_text_is_as_good_as_none() {
    let every = [
        (Setting::AppId, "3"),
        (Setting::Key, "key"),
        (Setting::Secret, "tofu"),
        (Setting::Host, "localhost"),
        (Setting::Cluster, "eu"),
        (Setting::PathPrefix, "p"),
        (Setting::Scheme, "http"),
        (Setting::Port, "6001"),
        (Setting::Timeout, "7"),
        (Setting::MaxPayloadBytes, "5"),
    ];
    let summary = |settings: &[(Setting, &str)]| {
        let config = config(settings);
        let token = config.token().ok().map(|token| (token.key().to_owned(), token.secret().to_owned()));
        (config.base_url().to_owned(), config.app_id().ok().map(str::to_owned), token, config.timeout())
    };
    let empty = every.map(|(setting, _)| (setting, ""));
    assert_eq!(summary(&empty), summary(&[]));
    assert_eq!(summary(&[every, empty].concat()), summary(&every));
    // An empty master key is a mistake rather than left out.
    for (setting, field) in
        [(Setting::MasterKey, "encryptionMasterKey"), (Setting::MasterKeyBase64, "encryptionMasterKeyBase64")]
    {
        assert_eq!(Config::new([(setting, "")]).unwrap_err().field(), field);
    }
}

#[test]
fn a_later_setting_replaces_an_earlier_one() {
    let twice = [
        [(Setting::AppId, "1"), (Setting::AppId, "2")],
        [(Setting::Key, "1"), (Setting::Key, "278d425bdf160c739803")],
        [(Setting::Secret, "1"), (Setting::Secret, "tofu")],
        [(Setting::Host, "1"), (Setting::Host, "h")],
        [(Setting::PathPrefix, "1"), (Setting::PathPrefix, "p")],
        [(Setting::Scheme, "https"), (Setting::Scheme, "http")],
        [(Setting::Port, "1"), (Setting::Port, "2")],
        [(Setting::Timeout, "1"), (Setting::Timeout, "2")],
    ];
    let config = config(&twice.concat());
    assert_eq!(config.base_url(), "http://h:2/p");
    let token = config.token().unwrap();
    assert_eq!((token.key(), token.secret()), ("278d425bdf160c739803", "tofu"));
    assert_eq!((config.app_id().unwrap(), config.timeout()), ("2", 2));
}

#[test]
fn a_missing_credential_is_named_on_first_use() {
    let missing = |error: Error, name| {
        assert_eq!(describe(&error), (format!("The option `{name}` is not set"), "missing_option", name));
        assert_eq!(error.hint(), "Pass it to the constructor.");
    };
    let empty =
        |setting| Config::new(DOCS.map(|(given, text)| (given, if given == setting { "" } else { text }))).unwrap();
    missing(config(&[]).app_id().unwrap_err(), "appId");
    missing(config(&[]).token().unwrap_err(), "key");
    missing(docs_config_without(Setting::AppId).app_id().unwrap_err(), "appId");
    missing(empty(Setting::AppId).app_id().unwrap_err(), "appId");
    missing(docs_config_without(Setting::Key).token().unwrap_err(), "key");
    missing(empty(Setting::Key).token().unwrap_err(), "key");
    missing(docs_config_without(Setting::Secret).token().unwrap_err(), "secret");
    missing(empty(Setting::Secret).token().unwrap_err(), "secret");
    assert_eq!(docs_config().app_id(), Ok("3"));
    assert_eq!(docs_config().token().unwrap().key(), "278d425bdf160c739803");
}

#[test]
fn an_encrypted_channel_needs_a_master_key() {
    let (plain, encrypted) =
        (ChannelName::parse("private-a").unwrap(), ChannelName::parse("private-encrypted-a").unwrap());
    let without = docs_config();
    assert!(without.secret_for_event(plain).unwrap().is_none() && without.secret_for_client(plain).unwrap().is_none());
    for (error, message) in [
        (
            without.secret_for_event(encrypted).err().unwrap(),
            "Set encryptionMasterKey before triggering events on encrypted channels",
        ),
        (
            without.secret_for_client(encrypted).err().unwrap(),
            "Cannot generate shared_secret because encryptionMasterKey is not set",
        ),
    ] {
        assert_eq!(describe(&error), (message.into(), "missing_option", "encryptionMasterKeyBase64"));
        assert_eq!(error.hint(), "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64.");
    }

    let key = MasterKey::from_bytes(&[97; 32]).unwrap();
    let expected = key.shared_secret(encrypted).to_base64();
    let with = docs_config_with(&[(Setting::MasterKey, &"a".repeat(32))]);
    assert!(with.secret_for_event(plain).unwrap().is_none());
    assert_eq!(with.secret_for_event(encrypted).unwrap().unwrap().to_base64(), expected);
    assert_eq!(with.secret_for_client(encrypted).unwrap().unwrap().to_base64(), expected);
}

#[test]
fn shows_no_secret_when_printed() {
    let config =
        docs_config_with(&[(Setting::Secret, "tofu"), (Setting::MasterKey, "tofutofutofutofutofutofutofutofu")]);
    let printed = format!("{config:?}");
    assert!(printed.contains(r#"Token { key: "278d425bdf160c739803", .. }"#), "{printed}");
    assert!(!printed.contains("tofu") && !printed.contains("116, 111, 102, 117"), "{printed}");
}

#[test]
fn shows_no_secret_without_a_key_when_printed() {
    let printed = format!("{:?}", config(&[(Setting::Secret, "tofu")]));
    assert!(!printed.contains("tofu"), "{printed}");
}

#[test]
fn a_master_key_is_text_or_base64() {
    let given = |setting, text| config(&[(setting, text)]).master_key().unwrap().as_bytes().to_vec();
    assert_eq!(given(Setting::MasterKey, "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"), [b'k'; 32]);
    let decoded = MasterKey::from_base64(MASTER_KEY).unwrap();
    assert_eq!(given(Setting::MasterKeyBase64, MASTER_KEY), decoded.as_bytes());
    for (setting, text, message, field) in [
        (
            Setting::MasterKey,
            "short",
            "encryptionMasterKey must be 32 bytes long, but the provided key is 5 bytes long",
            "encryptionMasterKey",
        ),
        (
            Setting::MasterKeyBase64,
            "AAAA",
            "encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to 3 bytes",
            "encryptionMasterKeyBase64",
        ),
    ] {
        let error = Config::new([(setting, text)]).unwrap_err();
        assert_eq!(describe(&error), (message.into(), "invalid_option", field));
    }
}

#[test]
fn a_cluster_of_its_own_takes_precedence_over_the_host_of_the_settings() {
    let config = Config::for_cluster("eu", [(Setting::Host, "localhost"), (Setting::AppId, "3")]).unwrap();
    assert_eq!((config.host(), config.app_id()), ("api-eu.pusher.com", Ok("3")));
    for wrong in ["", "eu/", "a.b"] {
        let error = Config::for_cluster(wrong, []).unwrap_err();
        let message = format!("Invalid cluster '{wrong}': it must be a short name, such as 'eu'");
        assert_eq!(describe(&error), (message, "invalid_option", "cluster"));
    }
}

#[test]
fn a_configuration_of_a_token_has_nothing_around_its_key_and_secret() {
    assert_eq!(Config::for_token("key ", "tofu").unwrap_err().field(), "key");
    assert_eq!(Config::for_token("key", "tofu\n").unwrap_err().field(), "secret");
}

#[test]
fn a_configuration_of_a_token_takes_an_empty_key_and_secret() {
    for (key, secret) in [("", ""), ("key", ""), ("", "tofu"), ("key", "tofu")] {
        let config = Config::for_token(key, secret).unwrap();
        let token = config.token().unwrap();
        assert_eq!((token.key(), token.secret()), (key, secret));
    }
}

/// What becomes of an event's data with these settings.
fn check(settings: &[(Setting, &str)], data: &str) -> Result<(), Error> {
    Config::new(settings.iter().copied())?.check_payload(&Event::new(EventName::parse("foo")?, Some(data)))
}

proptest! {
    #[test]
    fn data_is_counted_in_bytes_of_utf8(char in any::<char>(), count in 0..40_usize, limit in 1..100_u32) {
        let data = char.to_string().repeat(count);
        let bytes = data.len();
        match check(&[(Setting::MaxPayloadBytes, &limit.to_string())], &data) {
            Ok(()) => prop_assert!(bytes <= limit as usize),
            Err(error) => {
                prop_assert!(bytes > limit as usize);
                let message = format!("The data of event 'foo' is {bytes} bytes long, more than the {limit} that are allowed");
                prop_assert_eq!(describe(&error), (message, "payload_too_large", "data"));
            }
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_above_0_or_infinity(text in number_text()) {
        // More than Pusher's own hosts take.
        let data = "a".repeat(10_241);
        let (number, none) = (whole_number(&text).filter(|number| *number > 0), text == "Infinity");
        match Config::new([(Setting::MaxPayloadBytes, text.as_str())]) {
            Ok(config) => {
                let fits = config.check_payload(&Event::new(EventName::parse("foo").unwrap(), Some(&data))).is_ok();
                prop_assert_eq!(fits, none || number.is_some_and(|number| number >= 10_241));
                prop_assert!(number.is_some() || none || text.is_empty());
            }
            Err(error) => {
                prop_assert!(number.is_none() && !none && !text.is_empty());
                let message = format!("Invalid maxPayloadBytes '{}': it must be a whole number above 0, or Infinity", shown(&text));
                prop_assert_eq!(describe(&error), (message, "invalid_option", "maxPayloadBytes"));
            }
        }
    }
}

#[test]
fn says_how_many_bytes_it_takes() {
    let limit = |settings| config(settings).max_payload_bytes();
    assert_eq!(limit(&[]), 10_240);
    assert_eq!(limit(&[(Setting::Host, "localhost")]), u32::MAX);
    assert_eq!(limit(&[(Setting::MaxPayloadBytes, "7")]), 7);
}

#[test]
fn pushers_own_hosts_take_10_240_bytes() {
    let (fits, too_large) = ("a".repeat(10_240), "a".repeat(10_241));
    let (eu, default) = ([(Setting::Cluster, "eu")], [(Setting::Host, "api.pusherapp.com")]);
    let (mt1, in_capitals) = ([(Setting::Host, "api-mt1.pusher.com")], [(Setting::Host, "API-EU.Pusher.com:443")]);
    for own in [&[][..], &eu, &default, &mt1, &in_capitals] {
        assert!(check(own, &fits).is_ok());
        let error = check(own, &too_large).unwrap_err();
        assert_eq!(error.code(), "payload_too_large");
        let hint = "Send less, or `publish` it with `oversize: \"chunk\"`; where your server allows more, set `maxPayloadBytes`.";
        assert_eq!(error.hint(), hint);
    }
}

#[test]
fn other_hosts_have_no_limit_unless_it_is_set() {
    let large = "a".repeat(1_000_000);
    for other in ["localhost", "pusher.com.example", "notpusher.com"] {
        assert!(check(&[(Setting::Host, other)], &large).is_ok(), "{other}");
    }
    assert!(check(&[(Setting::MaxPayloadBytes, "Infinity")], &large).is_ok());
    assert!(check(&[(Setting::MaxPayloadBytes, "1"), (Setting::Host, "localhost")], "ab").is_err());
}

proptest! {
    #[test]
    fn the_last_of_several_values_counts_and_an_empty_one_does_not(hosts in vec("[a-z]{0,3}", 0..5), scheme in "(http|https|)") {
        let settings = hosts.iter().map(|host| (Setting::Host, host.as_str())).chain([(Setting::Scheme, scheme.as_str())]);
        let config = Config::new(settings.clone()).unwrap();
        let last = hosts.iter().rfind(|host| !host.is_empty());
        prop_assert_eq!(config.host(), last.map_or("api.pusherapp.com", String::as_str));
        // Settings that are made twice are the same.
        let twice = Config::new(settings.clone().chain(settings)).unwrap();
        prop_assert_eq!(twice.base_url(), config.base_url());
    }
}
