//! Requests go to the host that was meant, and nothing else can be written into its name.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    config::{Config, Setting},
    error::Error,
};
use support::{any_text, describe, shown, some_text, text_out_of};

fn config(settings: &[(Setting, &str)]) -> Config {
    Config::new(settings.iter().copied()).unwrap()
}

fn at_host(host: &str, port: Option<u16>) -> Result<String, Error> {
    let port = port.map(|port| port.to_string()).unwrap_or_default();
    Config::new([(Setting::Host, host), (Setting::Port, &port)]).map(|config| config.base_url().to_owned())
}

fn host_message(host: &str) -> String {
    let shown = shown(host);
    format!(
        "Invalid host '{shown}': it must be a name or an address ('[::1]') alone; see `scheme`, `port`, `pathPrefix`"
    )
}

proptest! {
    #[test]
    fn no_host_can_add_to_the_url(host in prop_oneof![some_text(), text_out_of("ah1.-_:[]/?#@% é\\").prop_filter("empty", |host| !host.is_empty())]) {
        for port in [None, Some(1)] {
            match at_host(&host, port) {
                Ok(url) => {
                    prop_assert_eq!(url, format!("https://{host}{}", if port.is_some() { ":1" } else { "" }));
                    prop_assert!(!host.is_empty() && !host.contains(|char| "/?#@%\\ \n\r\t\0\"'".contains(char)), "{host}");
                }
                Err(error) => prop_assert_eq!(describe(&error), (host_message(&host), "invalid_option", "host")),
            }
        }
    }

    #[test]
    fn a_cluster_is_a_label_of_a_hosts_name(cluster in prop_oneof![any_text(), text_out_of("aZ09-._/ é")]) {
        let named = |char: char| char.is_ascii_alphanumeric() || char == '-';
        let expected = !cluster.is_empty() && cluster.chars().all(named);
        match Config::new([(Setting::Cluster, cluster.as_str())]) {
            Ok(config) if cluster.is_empty() => prop_assert_eq!(config.host(), "api.pusherapp.com"),
            Ok(config) => {
                prop_assert!(expected);
                prop_assert_eq!(config.host(), format!("api-{cluster}.pusher.com"));
            }
            Err(error) => {
                prop_assert!(!expected);
                let message = format!("Invalid cluster '{}': it must be a short name, such as 'eu'", shown(&cluster));
                prop_assert_eq!(describe(&error), (message, "invalid_option", "cluster"));
            }
        }
    }
}

#[test]
fn takes_names_and_addresses_as_hosts() {
    for host in [
        "api-eu.pusher.com",
        "LOCALHOST",
        "a_b",
        "1.2.3.4",
        "[::1]",
        "[2001:db8::ffff:1.2.3.4]",
        "bücher.example",
        "a.",
    ] {
        assert_eq!(at_host(host, Some(1)).unwrap(), format!("https://{host}:1"));
        assert_eq!(at_host(host, None).unwrap(), format!("https://{host}"));
        let with_port = format!("{host}:65535");
        assert_eq!(at_host(&with_port, None).unwrap(), format!("https://{with_port}"));
        assert_eq!(at_host(&with_port, Some(1)).unwrap_err().to_string(), host_message(&with_port));
    }
}

#[test]
fn refuses_what_is_not_a_host_alone() {
    for host in [
        ":80",
        "::1",
        "[]",
        "[::1",
        "[::g]",
        "[::1]1",
        "a:",
        "a:0",
        "a:65536",
        "a:b",
        "a:1:2",
        "https://a",
        "a/b",
        "a b",
        "a@b",
        "a?b",
        "a#b",
        "a%41",
        "a\\b",
        "a\n",
    ] {
        assert_eq!(at_host(host, None).unwrap_err().to_string(), host_message(host));
    }
}

#[test]
fn an_empty_host_or_cluster_is_as_good_as_none() {
    assert_eq!(at_host("", Some(1)).unwrap(), "https://api.pusherapp.com:1");
    assert_eq!(config(&[(Setting::Host, ""), (Setting::Cluster, "eu")]).host(), "api-eu.pusher.com");
    assert_eq!(config(&[(Setting::Cluster, "")]).host(), "api.pusherapp.com");
}

#[test]
fn a_host_takes_precedence_over_a_cluster() {
    assert_eq!(config(&[(Setting::Host, "localhost"), (Setting::Cluster, "eu/")]).host(), "localhost");
    assert_eq!(config(&[(Setting::Cluster, "eu"), (Setting::Host, "localhost")]).host(), "localhost");
}

#[test]
fn any_cluster_can_be_reached_even_a_future_one() {
    for cluster in ["mt1", "us2", "us3", "eu", "ap1", "ap2", "ap3", "ap4", "sa1", "moon-7"] {
        let config = config(&[(Setting::Cluster, cluster)]);
        assert_eq!(config.base_url(), format!("https://api-{cluster}.pusher.com"));
    }
}

#[test]
fn a_port_within_a_host_has_no_sign() {
    assert!(at_host("localhost:+80", None).is_err());
}

#[test]
fn each_ascii_character_is_allowed_or_refused_in_names_and_addresses() {
    for char in (0..128_u8).map(char::from) {
        let named = char.is_ascii_alphanumeric() || "-._".contains(char);
        assert_eq!(at_host(&format!("a{char}a"), Some(1)).is_ok(), named, "{char:?}");
        let addressed = char.is_ascii_hexdigit() || ":.".contains(char);
        assert_eq!(at_host(&format!("[1{char}1]"), Some(1)).is_ok(), addressed, "{char:?}");
    }
}
