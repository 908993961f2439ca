//! A configuration comes from environment variables, and every one that is missing is named at once.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::{cell::RefCell, collections::BTreeSet};

use proptest::{collection::btree_map, prelude::*, sample::select};
use pusher_http_wasm::{
    config::Config,
    encrypt::MasterKey,
    environment::{names, read},
    error::Error,
};
use support::{any_text, describe};

const NAMES: [&str; 12] = [
    "PUSHER_URL",
    "PUSHER_APP_ID",
    "PUSHER_KEY",
    "PUSHER_APP_KEY",
    "PUSHER_SECRET",
    "PUSHER_APP_SECRET",
    "PUSHER_CLUSTER",
    "PUSHER_APP_CLUSTER",
    "PUSHER_HOST",
    "PUSHER_PORT",
    "PUSHER_SCHEME",
    "PUSHER_ENCRYPTION_MASTER_KEY_BASE64",
];
const CREDENTIALS: [(&str, &str); 3] = [("PUSHER_APP_ID", "3"), ("PUSHER_KEY", "key"), ("PUSHER_SECRET", "tofu")];

fn read_from(variables: &[(&str, &str)]) -> Result<Config, Error> {
    read(&|name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).into()))
}

fn credentials(config: &Config) -> (&str, &str) {
    let token = config.token().unwrap();
    (token.key(), token.secret())
}

/// What the credentials and further variables lead to.
fn with(variables: &[(&str, &str)]) -> Result<Config, Error> {
    read_from(&[&CREDENTIALS, variables].concat())
}

fn base_url(variables: &[(&str, &str)]) -> String {
    with(variables).unwrap().base_url().to_owned()
}

proptest! {
    #[test]
    fn reads_any_text_without_showing_secrets(variables in btree_map(select(&NAMES[..]), any_text(), 0..12)) {
        let result = read(&|name| match name {
            "PUSHER_SECRET" | "PUSHER_APP_SECRET" => Some("tofu".into()),
            "PUSHER_URL" if variables.contains_key(name) => Some(format!("https://key:tofu@{}", variables[name])),
            _ => variables.get(name).cloned(),
        });
        if let Err(error) = result {
            prop_assert!(!error.to_string().contains("tofu"));
        }
    }

    #[test]
    fn names_every_variable_that_is_missing(there in prop::array::uniform3(any::<bool>()), empty in any::<bool>()) {
        let given = CREDENTIALS.iter().zip(there);
        // An empty variable is as good as none.
        let variables: Vec<_> = given.clone().filter(|(_, there)| *there || empty).map(|((name, value), there)| {
            (*name, if there { *value } else { "" })
        }).collect();
        let missing: Vec<_> = given.filter(|(_, there)| !there).map(|((name, _), _)| *name).collect();
        match read_from(&variables) {
            Ok(_) => prop_assert!(missing.is_empty()),
            Err(error) => {
                let message = format!("These environment variables are not set: PUSHER_URL (or {})", missing.join(", "));
                prop_assert_eq!(describe(&error), (message, "missing_option", "env"));
                let hint = "Set PUSHER_URL=https://KEY:SECRET@HOST:PORT/apps/APP_ID. In a Worker, call `Pusher.fromEnv(env)`; on Node, start with `--env-file=.env`.";
                prop_assert_eq!(error.hint(), hint);
            }
        }
    }
}

#[test]
fn reads_every_part() {
    let key = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";
    let config = with(&[("PUSHER_ENCRYPTION_MASTER_KEY_BASE64", key)]).unwrap();
    assert_eq!((config.app_id().unwrap(), credentials(&config)), ("3", ("key", "tofu")));
    let master_key = MasterKey::from_base64(key).unwrap();
    assert_eq!(config.master_key().map(MasterKey::as_bytes), Some(master_key.as_bytes()));

    assert_eq!(base_url(&[]), "https://api.pusherapp.com");
    assert_eq!(base_url(&[("PUSHER_CLUSTER", "eu")]), "https://api-eu.pusher.com");
    let local = [("PUSHER_HOST", "localhost"), ("PUSHER_PORT", "6001"), ("PUSHER_SCHEME", "http")];
    assert_eq!(base_url(&local), "http://localhost:6001");
    assert_eq!(base_url(&[("PUSHER_CLUSTER", "eu"), local[0]]), "https://localhost");
}

#[test]
fn looks_up_the_variables_that_it_names_and_no_others() {
    let looked_up = RefCell::new(BTreeSet::new());
    let note = |name: &str| {
        looked_up.borrow_mut().insert(name.to_owned());
        None
    };
    assert!(read(&note).is_err());
    assert_eq!(names().next(), Some("PUSHER_URL"));
    assert_eq!(names().map(str::to_owned).collect::<BTreeSet<_>>(), NAMES.map(str::to_owned).into());
    // The master key's is last, where nothing is missing.
    looked_up.borrow_mut().insert("PUSHER_ENCRYPTION_MASTER_KEY_BASE64".into());
    assert_eq!(looked_up.into_inner(), NAMES.map(str::to_owned).into());
}

#[test]
fn takes_the_older_names_where_the_newer_are_missing() {
    let older = [("PUSHER_APP_KEY", "old key"), ("PUSHER_APP_SECRET", "old secret"), ("PUSHER_APP_CLUSTER", "eu")];
    let config = read_from(&[&[("PUSHER_APP_ID", "3"), ("PUSHER_KEY", "")], &older[..]].concat()).unwrap();
    assert_eq!((credentials(&config), config.host()), (("old key", "old secret"), "api-eu.pusher.com"));
    let both = with(&older).unwrap();
    assert_eq!(credentials(&both), ("key", "tofu"));
}

#[test]
fn a_url_takes_precedence_over_single_variables() {
    let config = with(&[("PUSHER_URL", "http://k:s@h:1/apps/2"), ("PUSHER_HOST", "other")]).unwrap();
    assert_eq!((config.base_url(), config.app_id().unwrap()), ("http://h:1", "2"));
    assert_eq!(credentials(&config), ("k", "s"));
    assert_eq!(with(&[("PUSHER_URL", "http://h")]).unwrap_err().code(), "invalid_url");
}

#[test]
fn names_the_option_that_is_wrong() {
    for (variable, value, message) in [
        ("PUSHER_PORT", "0", "Invalid port '0': it must be a whole number from 1 to 65535"),
        ("PUSHER_PORT", "80a", "Invalid port '80a': it must be a whole number from 1 to 65535"),
        ("PUSHER_PORT", "65536", "Invalid port '65536': it must be a whole number from 1 to 65535"),
        ("PUSHER_SCHEME", "ws", "Unknown scheme 'ws': it must be 'http' or 'https'"),
        ("PUSHER_ENCRYPTION_MASTER_KEY_BASE64", "?", "encryptionMasterKeyBase64 must be valid base64"),
    ] {
        let error = with(&[(variable, value)]).unwrap_err();
        assert_eq!((error.to_string(), error.code()), (message.into(), "invalid_option"));
    }
}

proptest! {
    #[test]
    fn of_a_variables_two_names_the_first_that_has_a_value_is_taken(
        key in prop::option::of("[a-z]{0,3}"), other in prop::option::of("[a-z]{0,3}"),
    ) {
        let config = read(&|name| match name {
            "PUSHER_APP_ID" => Some("3".into()),
            "PUSHER_SECRET" => Some("tofu".into()),
            "PUSHER_KEY" => key.clone(),
            "PUSHER_APP_KEY" => other.clone(),
            _ => None,
        });
        let has_value = |text: &&String| !text.is_empty();
        if let Some(expected) = key.as_ref().filter(has_value).or(other.as_ref().filter(has_value)) {
            let config = config.unwrap();
            prop_assert_eq!(credentials(&config).0, expected);
        } else {
            prop_assert_eq!(config.unwrap_err().code(), "missing_option");
        }
    }
}
