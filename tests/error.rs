//! Every error is a message, a code, a field and a hint: people match on the first two.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    error::Error,
    query::Params,
    validate::{ChannelName, EventName, batch_size, channel_count},
};
use support::{any_text, describe};

fn invalid_channel(name: &str) -> Error {
    ChannelName::parse(name).unwrap_err()
}

#[test]
fn says_what_npm_pusher_says() {
    let long = "a".repeat(201);
    for (error, message) in [
        (invalid_channel("a b"), "Invalid channel name: 'a b'".into()),
        (invalid_channel(&long), format!("Channel name too long: '{long}'")),
        (EventName::parse(&long).unwrap_err(), format!("Too long event name: '{long}'")),
        (channel_count(101, 100).unwrap_err(), "Can't trigger a message to more than 100 channels".into()),
        (
            Params::from_pairs([("auth_key", "")]).unwrap_err(),
            "auth_key is a required parameter and cannot be overidden".into(),
        ),
    ] {
        assert_eq!(error.to_string(), message);
    }
}

proptest! {
    #[test]
    fn shows_what_was_given(name in any_text().prop_filter("allowed", |name| name.contains(|char: char| !char.is_alphanumeric()))) {
        let name = format!("#{name}");
        let error = invalid_channel(&name);
        let message = format!("Invalid channel name: '{name}'");
        prop_assert_eq!(error.message(), message.as_str());
        prop_assert_eq!(describe(&error), (message, "invalid_channel", "channel"));
    }
}

#[test]
fn can_be_compared_and_passed_on() {
    let error = batch_size(0, 10).unwrap_err();
    assert_eq!(error, error.clone());
    assert_ne!(error, batch_size(11, 10).unwrap_err());
    let passed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(passed.to_string(), "No events to trigger");
    assert!(passed.source().is_none());
}

#[test]
fn can_be_about_one_event_of_a_batch() {
    let error = EventName::parse("").unwrap_err();
    assert_eq!(error.event(), None);
    for index in [0, 9, usize::MAX] {
        let of_event = error.clone().of_event(index);
        assert_eq!(of_event.event(), Some(index));
        assert_eq!(describe(&of_event), describe(&error));
        assert_ne!(of_event, error);
    }
}
