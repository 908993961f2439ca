//! An event that the server would refuse for its size is refused before it is sent.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    config::{Config, Options, PayloadLimit, payload_limit},
    error::Error,
    event::Event,
    validate::EventName,
};
use support::told;

fn check(options: Options, data: &str) -> Result<(), Error> {
    Config::new(options)?.check_payload(&Event::new(EventName::parse("foo")?, Some(data)))
}

fn limited(limit: PayloadLimit) -> Options {
    Options { max_payload: Some(limit), ..Options::default() }
}

fn at(host: &str) -> Options {
    Options { host: Some(host.into()), ..Options::default() }
}

proptest! {
    #[test]
    fn data_is_counted_in_bytes_of_utf8(char in any::<char>(), count in 0..40_usize, limit in 1..100_u32) {
        let data = char.to_string().repeat(count);
        let bytes = data.len();
        match check(limited(PayloadLimit::Bytes(limit)), &data) {
            Ok(()) => prop_assert!(bytes <= limit as usize),
            Err(error) => {
                prop_assert!(bytes > limit as usize);
                let message = format!("The data of event 'foo' is {bytes} bytes long, more than the {limit} that are allowed");
                prop_assert_eq!(told(&error), (message, "payload_too_large", "data"));
            }
        }
    }

    #[test]
    fn a_limit_is_a_whole_number_above_0_or_infinity(
        number in prop_oneof![any::<f64>(), Just(f64::INFINITY), (-3..70_000).prop_map(f64::from)],
    ) {
        match payload_limit(number, "shown") {
            Ok(PayloadLimit::Unlimited) => prop_assert!(number.is_infinite() && number > 0.0),
            Ok(PayloadLimit::Bytes(bytes)) => prop_assert!(bytes > 0 && f64::from(bytes).to_bits() == number.to_bits()),
            Err(error) => {
                prop_assert!(number.is_nan() || number < 1.0 || number.fract() != 0.0 || number > f64::from(u32::MAX));
                let message = "Invalid maxPayloadBytes 'shown': it must be a whole number above 0, or Infinity";
                prop_assert_eq!(told(&error), (message.into(), "invalid_option", "maxPayloadBytes"));
            }
        }
    }
}

#[test]
fn pushers_own_hosts_take_10_240_bytes() {
    let (fits, too_large) = ("a".repeat(10_240), "a".repeat(10_241));
    let eu = || Options { cluster: Some("eu".into()), ..Options::default() };
    for own in [Options::default, eu, || at("api.pusherapp.com"), || at("api-mt1.pusher.com")] {
        assert!(check(own(), &fits).is_ok());
        let error = check(own(), &too_large).unwrap_err();
        assert_eq!(error.code(), "payload_too_large");
        let hint = "Send less, or a reference to it; where your server allows more, set `maxPayloadBytes`.";
        assert_eq!(error.hint(), hint);
    }
}

#[test]
fn other_hosts_take_what_they_take() {
    let large = "a".repeat(1_000_000);
    for other in ["localhost", "pusher.com.example", "notpusher.com"] {
        assert!(check(at(other), &large).is_ok(), "{other}");
    }
    assert!(check(limited(PayloadLimit::Unlimited), &large).is_ok());
    assert!(check(Options { max_payload: Some(PayloadLimit::Bytes(1)), ..at("localhost") }, "ab").is_err());
}
