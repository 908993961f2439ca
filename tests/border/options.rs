//! A configuration comes from options and, before them, from a URL, a cluster or environment variables. Its answer tells JavaScript what it
//! needs to know.

use super::calls::{
    Call, MASTER_KEY, TIME, channels, client_of, connection_url, credentials, describe, environment, for_cluster,
    options, shared_secret, token, trigger, unconfigured,
};
use crate::{
    config::{Config, Setting},
    request,
    wasm::frame::{
        Kind,
        frames::{Value, plain},
    },
};

const URL: &str = "http://url-key:url-secret@url-host:81/apps/2";

/// What a configuration from the source is: scheme, host, port, key and secret.
fn described(source: Call) -> String {
    let answer = describe().ask(&client_of(source));
    let [scheme, host, port, _, key, secret, _] =
        <[_; 7]>::try_from(answer.fields).unwrap().map(Option::unwrap_or_default);
    format!("{scheme} {host} {port} {key} {secret}")
}

/// Returns the field and the message of the error that a source is refused with.
fn mistake(source: Call) -> String {
    let mistake = source.mistake(&unconfigured());
    format!("{}: {}", mistake.field, mistake.message)
}

/// The most bytes of an event's data, where there is no limit.
const UNLIMITED: &str = "4294967295";

#[test]
fn a_configuration_answers_with_app_id_timeout_and_limits() {
    let answer = credentials().timeout("500").ask(&unconfigured());
    assert_eq!(answer, plain(["3", "500", UNLIMITED, "100", "10"]));
    let answer = credentials().max_channels("7").max_batch_events("4294967296").ask(&unconfigured());
    assert_eq!(answer, plain(["3", "10000", UNLIMITED, "7", "4294967295"]));
}

#[test]
fn a_configuration_without_settings_answers_with_the_defaults() {
    assert_eq!(options().ask(&unconfigured()), plain(["", "10000", "10240", "100", "10"]));
}

#[test]
fn a_timeout_is_no_longer_than_timers_can_wait() {
    assert_eq!(options().timeout("4294967296").ask(&unconfigured()), plain(["", "2147483647", "10240", "100", "10"]));
}

#[test]
fn a_url_and_variables_bring_the_app_id() {
    assert_eq!(connection_url(URL).app_id("3").ask(&unconfigured()), plain(["2", "10000", UNLIMITED, "100", "10"]));
    let answer = environment([("PUSHER_URL", URL)]).app_id("3").ask(&unconfigured());
    assert_eq!(answer, plain(["2", "10000", UNLIMITED, "100", "10"]));
}

#[test]
fn a_configuration_answers_with_no_secret() {
    for source in [credentials(), connection_url(URL), environment([("PUSHER_URL", URL)]), token().key("k").secret("s")]
    {
        let answer = source.ask(&unconfigured());
        assert_eq!(answer.kind, Kind::Plain);
        assert!(!format!("{answer:?}").contains("secret"), "{answer:?}");
    }
}

#[test]
fn each_option_is_the_setting_of_its_name() {
    let settings =
        credentials().path_prefix("p").sign_path_prefix("true").scheme("http").port("6001").master_key("k".repeat(32));
    assert_eq!(described(settings.clone()), "http localhost 6001 key tofu");
    let core = Config::new([
        (Setting::AppId, "3"),
        (Setting::Key, "key"),
        (Setting::Secret, "tofu"),
        (Setting::Host, "localhost"),
        (Setting::PathPrefix, "p"),
        (Setting::SignPathPrefix, "true"),
        (Setting::Scheme, "http"),
        (Setting::Port, "6001"),
    ]);
    let request = request::Call::channels(None, None).sign(&core.unwrap(), TIME).unwrap();
    assert_eq!(channels().ask(&client_of(settings)), plain([Some(&*request.url), None]));
    assert_eq!(described(options().cluster("eu")), "https api-eu.pusher.com   ");
}

#[test]
fn a_master_key_is_given_raw_or_in_base64() {
    let raw = client_of(options().master_key("k".repeat(32)));
    let base64 = client_of(options().master_key_base64("a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s="));
    let call = shared_secret().channel("private-encrypted-a");
    assert_eq!(call.clone().ask(&raw), call.ask(&base64));
}

#[test]
fn a_limit_of_the_payload_is_in_force() {
    let event = trigger().event("e").data("\"ab\"").channels(["a"]);
    assert_eq!(event.clone().ask(&client_of(credentials().max_payload_bytes("2"))).kind, Kind::Plain);
    assert_eq!(event.ask(&client_of(credentials().max_payload_bytes("1"))).kind, Kind::Error);
}

#[test]
fn an_option_that_is_wrong_is_named() {
    let host = "it must be a name or an address ('[::1]') alone; see `scheme`, `port`, `pathPrefix`";
    let cluster = "it must be a short name, such as 'eu'";
    for (settings, expected) in [
        (options().app_id(".."), "appId: Invalid appId '..': no URL can carry it"),
        (options().host("a/b"), &*format!("host: Invalid host 'a/b': {host}")),
        (options().cluster("a/b"), &*format!("cluster: Invalid cluster 'a/b': {cluster}")),
        (options().path_prefix("/../"), "pathPrefix: Invalid pathPrefix '..': no segment of it can be '.' or '..'"),
        (options().scheme("ws"), "scheme: Unknown scheme 'ws': it must be 'http' or 'https'"),
        (
            options().master_key("short"),
            "encryptionMasterKey: encryptionMasterKey must be 32 bytes long, but the provided key is 5 bytes long",
        ),
        (options().master_key_base64("?"), "encryptionMasterKeyBase64: encryptionMasterKeyBase64 must be valid base64"),
        (options().port("NaN"), "port: Invalid port 'NaN': it must be a whole number from 1 to 65535"),
        (options().timeout("-1"), "timeout: Invalid timeout '-1': it must be a number of milliseconds, 0 for none"),
        (
            options().max_payload_bytes("0.5"),
            "maxPayloadBytes: Invalid maxPayloadBytes '0.5': it must be a whole number above 0, or Infinity",
        ),
        (options().max_channels("Infinity"), "maxChannels: Invalid maxChannels: it must be a whole number above 0"),
        (options().max_batch_events("0"), "maxBatchEvents: Invalid maxBatchEvents: it must be a whole number above 0"),
    ] {
        assert_eq!(mistake(settings), expected);
    }
}

#[test]
fn an_empty_key_or_secret_is_none() {
    let client = client_of(options().app_id("3").key("").secret(""));
    assert_eq!(channels().message_of_mistake(&client), "The option `key` is not set");
}

#[test]
fn a_url_takes_precedence_over_options() {
    let source = connection_url(URL).app_id("3").key("key").secret("tofu").host("localhost").scheme("https").port("80");
    assert_eq!(described(source), "http url-host 81 url-key url-secret");
    assert_eq!(described(connection_url("https://k:s@h/apps/2").port("80").cluster("eu")), "https h  k s");
}

#[test]
fn a_url_leaves_the_options_that_it_has_no_part_for() {
    let client = client_of(connection_url(URL).path_prefix("p").timeout("500").master_key_base64(MASTER_KEY));
    let url = channels().ask(&client).fields[0].clone().unwrap();
    assert!(url.starts_with("http://url-host:81/p/apps/2/channels?"), "{url}");
    let described = describe().ask(&client).fields;
    assert_eq!([described[3].as_deref(), described[6].as_deref()], [Some("500"), Some(MASTER_KEY)]);
}

#[test]
fn a_url_is_a_string() {
    for value in [Value::Absent, Value::from(URL.as_bytes())] {
        let expected = "url: Invalid connection URL: the URL itself (a string) is missing or malformed";
        assert_eq!(mistake(connection_url(value)), expected);
    }
}

#[test]
fn a_url_is_never_shown() {
    let expected = "url: Invalid connection URL: the path /apps/APP_ID is missing or malformed";
    assert_eq!(mistake(connection_url("https://key:secret@host/")), expected);
}

#[test]
fn options_are_checked_before_what_takes_precedence() {
    for source in [connection_url(""), for_cluster(""), environment([])] {
        let expected = "port: Invalid port 'x': it must be a whole number from 1 to 65535";
        assert_eq!(mistake(source.port("x")), expected);
    }
}

#[test]
fn a_cluster_takes_precedence_over_options() {
    for source in [for_cluster("eu").host("localhost"), for_cluster("eu").cluster("us2")] {
        assert_eq!(described(source), "https api-eu.pusher.com   ");
    }
}

#[test]
fn a_cluster_leaves_the_other_options() {
    let source = for_cluster("eu").key("key").secret("tofu").scheme("http").port("81");
    assert_eq!(described(source), "http api-eu.pusher.com 81 key tofu");
}

#[test]
fn a_cluster_must_be_a_name() {
    let expected = "cluster: Invalid cluster '': it must be a short name, such as 'eu'";
    for value in [Value::from(""), Value::Absent, Value::from("eu".as_bytes())] {
        assert_eq!(mistake(for_cluster(value)), expected);
    }
}

#[test]
fn variables_take_precedence_over_options() {
    let source = environment([
        ("PUSHER_APP_ID", "2"),
        ("PUSHER_KEY", "env-key"),
        ("PUSHER_SECRET", "env-secret"),
        ("PUSHER_HOST", "env-host"),
        ("PUSHER_PORT", "81"),
        ("PUSHER_SCHEME", "http"),
    ]);
    let source = source.app_id("3").key("key").secret("tofu").host("localhost").port("80").scheme("https");
    assert_eq!(described(source), "http env-host 81 env-key env-secret");
}

#[test]
fn the_url_of_the_environment_takes_precedence_over_its_other_variables() {
    let source = environment([("PUSHER_KEY", "env-key"), ("PUSHER_HOST", "env-host"), ("PUSHER_URL", URL)]);
    assert_eq!(described(source), "http url-host 81 url-key url-secret");
}

#[test]
fn a_master_key_is_read_of_the_environment() {
    let client = client_of(environment([("PUSHER_URL", URL), ("PUSHER_ENCRYPTION_MASTER_KEY_BASE64", MASTER_KEY)]));
    assert_eq!(describe().ask(&client).fields[6].as_deref(), Some(MASTER_KEY));
}

#[test]
fn variables_that_are_missing_are_named_together() {
    let expected = "env: These environment variables are not set: PUSHER_URL (or PUSHER_APP_ID, PUSHER_SECRET)";
    assert_eq!(mistake(environment([("PUSHER_APP_ID", ""), ("PUSHER_KEY", "key")])), expected);
}

#[test]
fn a_variable_that_is_no_string_is_missing() {
    let source = environment([("PUSHER_APP_ID", "3"), ("PUSHER_KEY", "key")]);
    let expected = "env: These environment variables are not set: PUSHER_URL (or PUSHER_SECRET)";
    assert_eq!(mistake(source.pair("PUSHER_SECRET", Value::Absent)), expected);
}

#[test]
fn credentials_among_the_options_do_not_stand_in_for_variables() {
    let expected =
        "env: These environment variables are not set: PUSHER_URL (or PUSHER_APP_ID, PUSHER_KEY, PUSHER_SECRET)";
    assert_eq!(mistake(environment([]).app_id("3").key("key").secret("tofu")), expected);
}

#[test]
fn a_token_is_a_key_and_a_secret_which_may_be_empty() {
    for (key, secret) in [("key", "tofu"), ("", ""), ("", "tofu"), ("key", "")] {
        let answer = describe().ask(&client_of(token().key(key).secret(secret)));
        assert_eq!(answer.fields[4..6], [Some(key.to_owned()), Some(secret.to_owned())]);
    }
}
