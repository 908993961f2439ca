//! A configuration leads to the right host, refuses what cannot work, and keeps its secrets to itself.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::float_cmp)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    config::{Config, Options, Scheme, port, timeout},
    encrypt::MasterKey,
    error::Error,
    validate::ChannelName,
};
use support::{any_text, docs_config, docs_options, text_out_of, told};

fn config(options: Options) -> Config {
    Config::new(options).unwrap()
}

proptest! {
    #[test]
    fn a_port_is_a_whole_number_from_1_to_65535(number in prop_oneof![any::<f64>(), -3.0..70_000.0_f64, (-3..70_000).prop_map(f64::from)]) {
        match port(number, "shown") {
            Ok(port) => prop_assert!(port > 0 && f64::from(port).to_bits() == number.to_bits()),
            Err(error) => {
                prop_assert!(number.is_nan() || number.fract() != 0.0 || !(1.0..=65_535.0).contains(&number));
                let message = "Invalid port 'shown': it must be a whole number from 1 to 65535";
                prop_assert_eq!(told(&error), (message.into(), "invalid_option", "port"));
            }
        }
    }

    #[test]
    fn a_timeout_is_any_number_that_is_not_negative(number in prop_oneof![any::<f64>(), -2.0..1e11_f64]) {
        match timeout(number, "shown") {
            // Rounded up, so that no timeout becomes none; and what timers know at most.
            Ok(milliseconds) => {
                prop_assert!(number >= 0.0);
                prop_assert_eq!(f64::from(milliseconds), number.ceil().min(2_147_483_647.0));
            }
            Err(error) => {
                prop_assert!(!number.is_finite() || number < 0.0);
                let message = "Invalid timeout 'shown': it must be a number of milliseconds, 0 for none";
                prop_assert_eq!(told(&error), (message.into(), "invalid_option", "timeout"));
            }
        }
    }

    #[test]
    fn a_path_prefix_stays_a_path(prefix in prop_oneof![any_text(), text_out_of("./a?#")]) {
        let options = Options { path_prefix: Some(prefix.clone()), ..Options::default() };
        match Config::new(options) {
            Ok(config) => {
                let url = config.base_url();
                let path = url.strip_prefix("https://api.pusherapp.com").unwrap();
                prop_assert!(path.is_empty() || path.starts_with('/') && !path.ends_with('/'));
                prop_assert!(path.bytes().all(|byte| byte.is_ascii_graphic() && !b"?#\\".contains(&byte)), "{path}");
                prop_assert!(!path.split('/').any(|segment| [".", ".."].contains(&segment)));
            }
            Err(error) => {
                let trimmed = prefix.trim_matches('/');
                let message = format!("Invalid pathPrefix '{trimmed}': no segment of it can be '.' or '..'");
                prop_assert_eq!(told(&error), (message, "invalid_option", "pathPrefix"));
            }
        }
    }
}

#[test]
fn goes_to_the_default_cluster_over_tls() {
    let config = docs_config();
    assert_eq!(config.base_url(), "https://api.pusherapp.com");
    assert_eq!((config.scheme(), config.host(), config.port()), (Scheme::Https, "api.pusherapp.com", None));
    assert_eq!(config.timeout(), 10_000);
    assert!(config.master_key().is_none());
}

#[test]
fn puts_scheme_host_port_and_prefix_together() {
    let config = config(Options {
        scheme: Some(Scheme::Http),
        host: Some("127.0.0.1".into()),
        port: Some(6001),
        path_prefix: Some("//a b/c/".into()),
        timeout: Some(0),
        ..Options::default()
    });
    assert_eq!(config.base_url(), "http://127.0.0.1:6001/a%20b/c");
    assert_eq!((config.port(), config.timeout()), (Some(6001), 0));
}

#[test]
fn knows_two_schemes() {
    for scheme in [Scheme::Http, Scheme::Https] {
        assert_eq!(Scheme::parse(scheme.as_str()), Ok(scheme));
    }
    for other in ["", "HTTP", "ws", "https:"] {
        let error = Scheme::parse(other).unwrap_err();
        let message = format!("Unknown scheme '{other}': it must be 'http' or 'https'");
        assert_eq!(told(&error), (message, "invalid_option", "scheme"));
    }
}

#[test]
fn names_the_credential_that_is_missing_when_it_is_needed() {
    let without = |change: fn(&mut Options)| {
        let mut options = docs_options();
        change(&mut options);
        config(options)
    };
    let missing = |error: Error, name| {
        assert_eq!(told(&error), (format!("The option `{name}` is not set"), "missing_option", name));
        assert_eq!(error.hint(), "Pass it to the constructor.");
    };
    missing(config(Options::default()).app_id().unwrap_err(), "appId");
    missing(config(Options::default()).token().unwrap_err(), "key");
    missing(without(|options| options.app_id = Some(String::new())).app_id().unwrap_err(), "appId");
    missing(without(|options| options.key = None).token().unwrap_err(), "key");
    missing(without(|options| options.key = Some(String::new())).token().unwrap_err(), "key");
    missing(without(|options| options.secret = None).token().unwrap_err(), "secret");
    missing(without(|options| options.secret = Some(String::new().into())).token().unwrap_err(), "secret");
    assert_eq!(docs_config().app_id(), Ok("3"));
    assert_eq!(docs_config().token().unwrap().key(), "278d425bdf160c739803");
}

#[test]
fn an_encrypted_channel_needs_a_master_key() {
    let (plain, encrypted) =
        (ChannelName::parse("private-a").unwrap(), ChannelName::parse("private-encrypted-a").unwrap());
    let without = docs_config();
    assert!(
        without.secret_for_event(&plain).unwrap().is_none() && without.secret_for_client(&plain).unwrap().is_none()
    );
    for (error, message) in [
        (
            without.secret_for_event(&encrypted).err().unwrap(),
            "Set encryptionMasterKey before triggering events on encrypted channels",
        ),
        (
            without.secret_for_client(&encrypted).err().unwrap(),
            "Cannot generate shared_secret because encryptionMasterKey is not set",
        ),
    ] {
        assert_eq!(told(&error), (message.into(), "missing_option", "encryptionMasterKeyBase64"));
        assert_eq!(error.hint(), "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64, to the constructor.");
    }

    let key = MasterKey::from_bytes(&[97; 32]).unwrap();
    let expected = key.shared_secret(&encrypted).to_base64();
    let with = config(Options { master_key: Some(key), ..docs_options() });
    assert!(with.secret_for_event(&plain).unwrap().is_none());
    assert_eq!(with.secret_for_event(&encrypted).unwrap().unwrap().to_base64(), expected);
    assert_eq!(with.secret_for_client(&encrypted).unwrap().unwrap().to_base64(), expected);
}

#[test]
fn shows_no_secret_when_printed() {
    let key = MasterKey::from_bytes(b"tofutofutofutofutofutofutofutofu").unwrap();
    let options = Options { secret: Some("tofu".to_owned().into()), master_key: Some(key), ..docs_options() };
    let printed = format!("{:?}", config(options));
    assert!(printed.contains(r#"Token { key: "278d425bdf160c739803", .. }"#), "{printed}");
    assert!(!printed.contains("tofu") && !printed.contains("116, 111, 102, 117"), "{printed}");
}

#[test]
fn options_show_no_secret_when_printed() {
    let options = Options { secret: Some("tofu".to_owned().into()), ..Options::default() };
    assert!(!format!("{options:?}").contains("tofu"));
}
