//! An event that the server would refuse for its size is refused before it is sent.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    config::{Config, Setting},
    error::Error,
    event::Event,
    validate::EventName,
};
use support::{number_text, told, whole_number};

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
                prop_assert_eq!(told(&error), (message, "payload_too_large", "data"));
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
                let message = format!("Invalid maxPayloadBytes '{text}': it must be a whole number above 0, or Infinity");
                prop_assert_eq!(told(&error), (message, "invalid_option", "maxPayloadBytes"));
            }
        }
    }
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
        let hint = "Send less, or a reference to it; where your server allows more, set `maxPayloadBytes`.";
        assert_eq!(error.hint(), hint);
    }
}

#[test]
fn other_hosts_take_what_they_take() {
    let large = "a".repeat(1_000_000);
    for other in ["localhost", "pusher.com.example", "notpusher.com"] {
        assert!(check(&[(Setting::Host, other)], &large).is_ok(), "{other}");
    }
    assert!(check(&[(Setting::MaxPayloadBytes, "Infinity")], &large).is_ok());
    assert!(check(&[(Setting::MaxPayloadBytes, "1"), (Setting::Host, "localhost")], "ab").is_err());
}
