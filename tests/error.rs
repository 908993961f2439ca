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
use support::{any_text, told};

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
        (channel_count(101).unwrap_err(), "Can't trigger a message to more than 100 channels".into()),
        (
            Params::new().add("auth_key", "").unwrap_err(),
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
        prop_assert_eq!(invalid_channel(&name).to_string(), format!("Invalid channel name: '{name}'"));
    }

    #[test]
    fn names_the_event_of_a_batch_it_is_about(index in any::<usize>()) {
        let error = invalid_channel("#").at_index(index);
        prop_assert_eq!(error.index(), Some(index));
        let message = format!("Invalid channel name: '#' (event {index} of the batch)");
        prop_assert_eq!(told(&error), (message, "invalid_channel", "channel"));
    }
}

#[test]
fn is_about_no_event_of_a_batch_by_itself() {
    assert_eq!(invalid_channel("#").index(), None);
}

#[test]
fn can_be_compared_and_passed_on() {
    let error = batch_size(0).unwrap_err();
    assert_eq!(error, error.clone());
    assert_ne!(error, batch_size(11).unwrap_err());
    assert_ne!(error, error.clone().at_index(0));
    let passed: Box<dyn std::error::Error + Send + Sync> = error.into();
    assert_eq!(passed.to_string(), "No events to trigger");
    assert!(passed.source().is_none());
}
