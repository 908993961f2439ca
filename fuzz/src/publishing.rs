//! Packing and retry decisions: every limit is kept, and nothing is lost, doubled or put off for ever.

use std::collections::BTreeMap;

use pusher_http_wasm::{
    publish::{Limits, Part, first_request},
    retry::{Failure, Policy, Safety, Verdict, is_clock_off, judge},
};

use crate::input::Input;

const CHANNELS: [&str; 8] = ["a", "b", "c", "d", "presence-e", "#server-to-user-\"\u{1}\\", "g", "h"];

/// Limits, then events: a size, and a bit for each of eight channels.
pub fn packing(input: &[u8]) {
    let mut input = Input(input);
    let limits = Limits {
        channels: input.byte().into(),
        events: input.byte().into(),
        bytes: usize::from(input.byte()) << (input.byte() % 64),
    };
    let mut parts = Vec::new();
    while !input.is_empty() && parts.len() < 40 {
        let (bytes, bits) = (usize::from(input.byte()) << (input.byte() % 64), input.byte());
        let channels = (0..8).filter(|bit| bits >> bit & 1 == 1).map(|bit| CHANNELS[bit]).collect();
        parts.push(Part { channels, bytes });
    }
    let expected =
        orders(parts.iter().enumerate().flat_map(|(at, part)| part.channels.iter().map(move |name| (at, *name))));
    let mut sent = Vec::new();
    loop {
        let request = first_request(&parts, limits);
        assert_eq!(request, first_request(&parts, limits));
        if request.is_empty() {
            break;
        }
        let is_one_event = request.iter().all(|(part, _)| *part == request[0].0);
        let count = request.len();
        assert!(count == 1 || count <= limits.events || is_one_event && count <= limits.channels);
        assert!(count == 1 || least_bytes(&parts, &request, is_one_event) <= limits.bytes);
        for (part, channel) in &request {
            let channels = &mut parts[*part].channels;
            channels.remove(channels.iter().position(|other| other == channel).unwrap());
        }
        sent.extend(request);
    }
    assert!(parts.iter().all(|part| part.channels.is_empty()));
    assert_eq!(orders(sent.into_iter()), expected);
}

/// The least that a request of these entries can weigh: their events, once if it is a trigger, and their channels' names.
fn least_bytes(parts: &[Part<'_>], request: &[(usize, &str)], is_one_event: bool) -> usize {
    let events = if is_one_event { &request[..1] } else { request };
    let events = events.iter().map(|(part, _)| parts[*part].bytes);
    events.chain(request.iter().map(|(_, channel)| channel.len())).fold(0, usize::saturating_add)
}

/// Which events go out on each channel, in order.
fn orders<'a>(entries: impl Iterator<Item = (usize, &'a str)>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut orders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    entries.for_each(|(part, channel)| orders.entry(channel).or_default().push(part));
    orders
}

/// A policy and a failure of any numbers.
pub fn retry(input: &[u8]) {
    let mut input = Input(input);
    let flags = input.byte();
    let safety = match flags & 3 {
        0 => Safety::Never,
        1 => Safety::IfRefused,
        _ => Safety::Always,
    };
    let status = [0, 401, 408, 429, 500, 503, 599, input.u32() as u16][usize::from(flags >> 2 & 7)];
    let policy =
        Policy { attempts: input.u32(), base_delay: input.u32(), max_delay: input.u32(), deadline: input.u32() };
    let retry_after = (flags & 32 != 0).then(|| input.u32());
    let sets_clock = flags & 64 != 0;
    let failure = Failure { status, safety, attempt: input.u32(), retry_after, sets_clock, elapsed: input.u32() };
    let random = f64::from(input.u32()) / (f64::from(u32::MAX) + 1.0);
    let verdict = judge(&policy, &failure, random);
    assert_eq!(verdict.is_retryable, is_retryable(&failure), "{failure:?}");
    match verdict {
        Verdict { delay: Some(delay), is_retryable } => {
            assert!(is_retryable && failure.attempt < policy.attempts);
            assert!(u64::from(delay) + u64::from(failure.elapsed) < u64::from(policy.deadline));
            if sets_clock {
                assert_eq!(delay, 0);
            } else {
                let asked = retry_after.unwrap_or_default();
                assert!((asked..=asked.max(policy.max_delay)).contains(&delay));
            }
        }
        Verdict { delay: None, is_retryable: true } => {
            let soonest = if sets_clock { 0 } else { retry_after.unwrap_or_default() };
            let longest = if sets_clock { 0 } else { soonest.max(policy.max_delay) };
            let is_late = u64::from(longest) + u64::from(failure.elapsed) >= u64::from(policy.deadline);
            assert!(failure.attempt >= policy.attempts || is_late, "{policy:?} {failure:?}");
        }
        Verdict { .. } => {}
    }

    let (signed_at, server_time) = (f64::from(input.u32()) * 1e3, f64::from_bits(u64::from(input.u32()) << 32));
    for is_given in [false, true] {
        let is_off = is_clock_off(status, signed_at, server_time, is_given);
        let is_far = server_time >= signed_at + 600_000.0 || server_time <= signed_at - 600_000.0;
        assert_eq!(is_off, status == 401 && if is_given { !server_time.is_nan() } else { is_far });
    }
}

/// The rule in another form: what was surely refused, or can be done twice.
fn is_retryable(failure: &Failure) -> bool {
    let is_refused =
        failure.sets_clock || failure.status == 429 || failure.status == 503 && failure.retry_after.is_some();
    let is_passing = is_refused || [0, 408].contains(&failure.status) || failure.status / 100 == 5;
    match failure.safety {
        Safety::Never => false,
        Safety::IfRefused => is_refused,
        Safety::Always => is_passing,
    }
}
