//! Nothing is repeated that may arrive twice, and no delay reaches the deadline.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::arithmetic_side_effects)]

use proptest::prelude::*;
use pusher_http_wasm::retry::{Failure, Policy, Safety, Verdict, is_clock_off, judge};

const FAILURE: Failure =
    Failure { status: 500, safety: Safety::Always, attempt: 1, retry_after: None, sets_clock: false, elapsed: 0 };
const HALF: f64 = 0.5;

fn delay_of(failure: &Failure) -> Option<u32> {
    judge(&Policy::default(), failure, HALF).delay
}

#[test]
fn three_attempts_within_half_a_minute_are_the_default() {
    let policy = Policy::default();
    assert_eq!(policy, Policy { attempts: 3, base_delay: 200, max_delay: 5_000, deadline: 30_000 });
    assert_eq!(delay_of(&FAILURE), Some(100));
    assert_eq!(delay_of(&Failure { attempt: 2, ..FAILURE }), Some(200));
    assert_eq!(delay_of(&Failure { attempt: 3, ..FAILURE }), None);
}

#[test]
fn what_asks_is_repeated_after_whatever_may_pass() {
    for status in 0..=u16::MAX {
        let is_passing = matches!(status, 0 | 408 | 429 | 500..=599);
        let verdict = judge(&Policy::default(), &Failure { status, ..FAILURE }, HALF);
        assert_eq!(verdict, Verdict { is_retryable: is_passing, delay: is_passing.then_some(100) }, "{status}");
    }
}

#[test]
fn what_publishes_is_repeated_only_if_the_server_refused_it() {
    for status in 0..=u16::MAX {
        let failure = Failure { status, safety: Safety::IfRefused, ..FAILURE };
        assert_eq!(delay_of(&failure).is_some(), status == 429, "{status}");
        let failure = Failure { retry_after: Some(5), ..failure };
        assert_eq!(delay_of(&failure).is_some(), status == 429 || status == 503, "{status}");
    }
}

#[test]
fn a_call_that_was_ended_is_never_repeated() {
    for status in 0..=u16::MAX {
        for retry_after in [None, Some(0)] {
            let failure = Failure { status, safety: Safety::Never, retry_after, ..FAILURE };
            assert!(!judge(&Policy::default(), &failure, HALF).is_retryable, "{status}");
        }
    }
}

#[test]
fn a_clock_is_set_without_a_delay() {
    for safety in [Safety::IfRefused, Safety::Always] {
        let failure = Failure { status: 401, safety, sets_clock: true, ..FAILURE };
        assert_eq!(judge(&Policy::default(), &failure, HALF), Verdict { is_retryable: true, delay: Some(0) });
        assert_eq!(delay_of(&Failure { attempt: 3, ..failure }), None);
    }
}

#[test]
fn delays_double_up_to_the_longest() {
    let policy = Policy { attempts: 100, base_delay: 1_000, max_delay: 5_000, deadline: u32::MAX };
    let delays: Vec<u32> = (1..6)
        .map(|attempt| judge(&policy, &Failure { attempt, ..FAILURE }, 0.999_9).delay.unwrap_or_default())
        .collect();
    assert_eq!(delays, [999, 1_999, 3_999, 4_999, 4_999]);
}

#[test]
fn a_delay_ends_before_the_deadline_and_not_at_it() {
    let failure = Failure { elapsed: 1_000, ..FAILURE };
    for (deadline, expected) in [(0, None), (1_000, None), (1_099, None), (1_100, None), (1_101, Some(100))] {
        let policy = Policy { deadline, ..Policy::default() };
        assert_eq!(judge(&policy, &failure, HALF).delay, expected, "{deadline}");
    }
}

#[test]
fn a_clock_is_off_by_six_hundred_seconds_or_if_the_server_says_so() {
    for (status, off_by, is_given, expected) in [
        (401, 600_000.0, false, true),
        (401, -600_000.0, false, true),
        (401, 599_999.0, false, false),
        (401, -599_999.0, false, false),
        (401, 0.0, false, false),
        (401, 1.0, true, true),
        (401, f64::NAN, true, false),
        (401, f64::NAN, false, false),
        (400, 900_000.0, true, false),
        (200, 900_000.0, false, false),
    ] {
        // Whenever the request was signed, only the difference counts.
        for signed_at in [0.0, 1_353_088_179_000.0] {
            let is_off = is_clock_off(status, signed_at, signed_at + off_by, is_given);
            assert_eq!(is_off, expected, "{status} {signed_at} {off_by} {is_given}");
        }
    }
}

prop_compose! {
    fn any_policy()(attempts: u32, base_delay: u32, max_delay: u32, deadline: u32) -> Policy {
        Policy { attempts, base_delay, max_delay, deadline }
    }
}

prop_compose! {
    fn any_failure()(
        status in prop_oneof![Just(0), Just(408), Just(429), Just(500), Just(503), any::<u16>()],
        safety in prop_oneof![Just(Safety::Never), Just(Safety::IfRefused), Just(Safety::Always)],
        attempt in 1..1_000_u32,
        retry_after: Option<u32>,
        sets_clock: bool,
        elapsed: u32,
    ) -> Failure {
        Failure { status, safety, attempt, retry_after, sets_clock, elapsed }
    }
}

proptest! {
    #[test]
    fn no_delay_reaches_the_deadline(policy in any_policy(), failure in any_failure(), random in 0.0..1.0) {
        if let Some(delay) = judge(&policy, &failure, random).delay {
            prop_assert!(u64::from(delay) + u64::from(failure.elapsed) < u64::from(policy.deadline));
            prop_assert!(failure.attempt < policy.attempts);
        }
    }

    #[test]
    fn a_delay_is_as_long_as_the_server_asks_and_no_longer_than_that_or_the_longest(
        policy in any_policy(), failure in any_failure(), random in 0.0..1.0,
    ) {
        if let Some(delay) = judge(&policy, &failure, random).delay.filter(|_| !failure.sets_clock) {
            prop_assert!(delay >= failure.retry_after.unwrap_or_default());
            prop_assert!(delay <= failure.retry_after.unwrap_or_default().max(policy.max_delay));
        }
    }

    #[test]
    fn what_has_a_delay_is_retryable(policy in any_policy(), failure in any_failure(), random in 0.0..1.0) {
        let verdict = judge(&policy, &failure, random);
        prop_assert!(verdict.is_retryable || verdict.delay.is_none());
    }

    #[test]
    fn what_is_safe_only_if_refused_is_always_safe_too(policy in any_policy(), failure in any_failure(), random in 0.0..1.0) {
        let judge_as = |safety| judge(&policy, &Failure { safety, ..failure }, random).is_retryable;
        prop_assert!(!judge_as(Safety::IfRefused) || judge_as(Safety::Always));
        prop_assert!(!judge_as(Safety::Never));
    }
}

/// The rules once more, in the order in which a person would ask: may it be repeated, is there an attempt left, how long is the wait, is
/// there time for it.
fn expected(policy: &Policy, failure: &Failure, random: f64) -> Verdict {
    let was_refused =
        failure.sets_clock || failure.status == 429 || failure.status == 503 && failure.retry_after.is_some();
    let may_pass = was_refused || failure.status == 0 || failure.status == 408 || failure.status / 100 == 5;
    let is_retryable = match failure.safety {
        Safety::Never => false,
        Safety::IfRefused => was_refused,
        Safety::Always => may_pass,
    };
    let doubled = u64::from(policy.base_delay) << (failure.attempt - 1).min(30);
    let longest = u32::try_from(doubled.min(policy.max_delay.into())).unwrap_or(u32::MAX);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let jittered = (f64::from(longest) * random) as u32;
    let delay = if failure.sets_clock { 0 } else { jittered.max(failure.retry_after.unwrap_or(0)) };
    let has_time = u64::from(failure.elapsed) + u64::from(delay) < u64::from(policy.deadline);
    let is_repeated = is_retryable && failure.attempt < policy.attempts && has_time;
    Verdict { is_retryable, delay: is_repeated.then_some(delay) }
}

proptest! {
    #[test]
    fn judges_as_the_rules_say_in_another_form(
        policy in any_policy(), failure in any_failure(), attempt in prop_oneof![1..40_u32, Just(u32::MAX)], random in 0.0..1.0,
    ) {
        let failure = Failure { attempt, ..failure };
        prop_assert_eq!(judge(&policy, &failure, random), expected(&policy, &failure, random));
        // Small numbers meet more often.
        let policy = Policy {
            attempts: policy.attempts % 5, base_delay: policy.base_delay % 7, max_delay: policy.max_delay % 50,
            deadline: policy.deadline % 100,
        };
        let failure = Failure {
            attempt: attempt.min(5), retry_after: failure.retry_after.map(|delay| delay % 100), elapsed: failure.elapsed % 100,
            ..failure
        };
        prop_assert_eq!(judge(&policy, &failure, random), expected(&policy, &failure, random));
    }

    #[test]
    fn a_clock_is_judged_by_the_distance_alone(
        status in prop_oneof![Just(401), any::<u16>()],
        signed_at in 0..4_000_000_000_000_u64,
        distance in prop_oneof![-700_000..700_000_i64, 599_990..600_010_i64, -600_010..-599_990_i64],
    ) {
        #[allow(clippy::cast_precision_loss)]
        let (signed_at, distance) = (signed_at as f64, distance as f64);
        let is_off = |is_given| is_clock_off(status, signed_at, signed_at + distance, is_given);
        prop_assert_eq!(is_off(true), status == 401);
        prop_assert_eq!(is_off(false), status == 401 && distance.abs() >= 600_000.0);
        for is_given in [false, true] {
            prop_assert!(!is_clock_off(status, signed_at, f64::NAN, is_given));
        }
    }
}
