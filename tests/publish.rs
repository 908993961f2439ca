//! Packing keeps every limit and every channel's order, and takes as few requests as can be.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

use std::collections::{BTreeMap, HashSet};

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::{
    config::{Config, Setting},
    event::{Batch, Event, JsonObject, trigger_body},
    publish::{Limits, Part, first_request},
    request::Call,
    validate::{ChannelName, EventName},
};

const PUSHERS: Limits = Limits { channels: 100, events: 10, bytes: 1 << 20 };

fn names(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("channel-{number}")).collect()
}

fn part(channels: &[String]) -> Part<'_> {
    Part { channels: channels.iter().map(String::as_str).collect(), bytes: 100 }
}

type Request<'a> = Vec<(usize, &'a str)>;

/// All requests for some parts.
fn pack<'a>(parts: &[Part<'a>], limits: Limits) -> Vec<Request<'a>> {
    let (mut parts, mut requests) = (parts.to_vec(), Vec::new());
    loop {
        let request = first_request(&parts, limits);
        if request.is_empty() {
            assert!(parts.iter().all(|part| part.channels.is_empty()));
            return requests;
        }
        for (part, channel) in &request {
            let channels = &mut parts[*part].channels;
            channels.remove(channels.iter().position(|other| other == channel).unwrap());
        }
        requests.push(request);
    }
}

/// How many entries each request has.
fn sizes(requests: &[Request<'_>]) -> Vec<usize> {
    requests.iter().map(Vec::len).collect()
}

#[test]
fn ten_events_make_a_batch() {
    let names = names(25);
    let parts: Vec<Part<'_>> = names.chunks(1).map(part).collect();
    assert_eq!(sizes(&pack(&parts, PUSHERS)), [10, 10, 5]);
}

#[test]
fn a_hundred_channels_make_a_trigger() {
    let names = names(260);
    assert_eq!(sizes(&pack(&[part(&names)], PUSHERS)), [100, 100, 60]);
    assert_eq!(sizes(&pack(&[part(&names[..200])], PUSHERS)), [100, 100]);
}

#[test]
fn a_few_channels_share_a_batch_with_other_events() {
    let names = names(20);
    let parts = [part(&names[..9]), part(&names[9..10]), part(&names[10..20])];
    assert_eq!(sizes(&pack(&parts, PUSHERS)), [10, 10]);
}

#[test]
fn triggers_let_a_batch_be_filled_from_what_comes_later() {
    let names = names(200);
    let mut parts = Vec::new();
    for index in 0..10 {
        parts.push(part(&names[index..=index]));
        parts.push(part(&names[100..]));
    }
    let sizes = sizes(&pack(&parts, PUSHERS));
    assert_eq!((sizes.len(), sizes.last()), (11, Some(&10)));
}

#[test]
fn events_on_a_channel_keep_their_order() {
    let names = names(100);
    let single = || part(&names[..1]);
    let requests = pack(&[single(), part(&names), single(), single()], PUSHERS);
    assert_eq!(sizes(&requests), [1, 100, 2]);
    assert_eq!(requests[0], [(0, "channel-0")]);
    assert_eq!(requests[2], [(2, "channel-0"), (3, "channel-0")]);
}

#[test]
fn what_is_too_large_for_any_request_has_one_of_its_own() {
    let names = names(30);
    let large = |channels| Part { bytes: 1_000, ..part(channels) };
    let limits = Limits { bytes: 500, ..PUSHERS };
    assert_eq!(sizes(&pack(&[large(&names[..2]), part(&names[2..3])], limits)), [1, 1, 1]);
    assert_eq!(sizes(&pack(&[large(&names)], limits)).len(), 30);
}

#[test]
fn nothing_needs_no_request() {
    assert!(pack(&[], PUSHERS).is_empty());
    assert!(pack(&[part(&[])], PUSHERS).is_empty());
}

#[test]
fn a_body_is_filled_to_the_last_byte_whatever_characters_a_name_has() {
    // Users' ids may have any characters. Escapes count as six bytes each, the longest (`\u0001`).
    for char in (0..=0xff).chain([0x20ac, 0x1_f600]).filter_map(char::from_u32) {
        let ids = [format!("{char}1{char}"), format!("2{char}")];
        let in_json = |id: &String| {
            let escaped = serde_json::to_string(id).unwrap().len() - 2;
            let is_escaped = escaped > id.len();
            id.len() + if is_escaped { 5 * id.matches(char).count() } else { 0 }
        };
        // 14 bytes around the events, and 22 around each channel: see src/publish.rs.
        let full = 14 + ids.iter().map(|id| 100 + in_json(id) + 22).sum::<usize>();
        let parts: Vec<Part<'_>> = ids.chunks(1).map(part).collect();
        let count = |bytes| first_request(&parts, Limits { bytes, ..PUSHERS }).len();
        assert_eq!((count(full), count(full - 1)), (2, 1), "{char:?}");
    }
}

/// An event with its channels, as numbers.
type Channels = Vec<u8>;

const LETTERS: [&str; 5] = ["a", "b", "c", "d", "e"];

fn parts_of(events: &[Channels]) -> Vec<Part<'static>> {
    let letters = |channels: &Channels| channels.iter().map(|channel| LETTERS[usize::from(*channel)]).collect();
    events.iter().map(|channels| Part { channels: letters(channels), bytes: 10 }).collect()
}

fn few_events() -> impl Strategy<Value = Vec<Channels>> {
    let channels = prop::collection::btree_set(0..5_u8, 1..=4).prop_map(|set| set.into_iter().collect());
    vec(channels, 1..=5)
        .prop_filter("few enough to try all", |events: &Vec<Channels>| events.iter().map(Vec::len).sum::<usize>() <= 9)
}

fn few_limits() -> impl Strategy<Value = Limits> {
    (1..=5_usize, 1..=4_usize).prop_map(|(channels, events)| Limits { channels, events, bytes: 1 << 20 })
}

/// The least number of requests that send all of it in order, found by trying every request that could be next.
fn least(parts: &[Part<'_>], limits: Limits) -> usize {
    let entries: Vec<(usize, &str)> = parts
        .iter()
        .enumerate()
        .flat_map(|(number, part)| part.channels.iter().map(move |name| (number, *name)))
        .collect();
    let all = (1_u32 << entries.len()) - 1;
    // What must be sent before an entry, or earlier in the same batch.
    let before = |index: usize| {
        (0..index).filter(|other| entries[*other].1 == entries[index].1).fold(0_u32, |mask, other| mask | 1 << other)
    };
    let is_next = |sent: u32, request: u32| {
        let indexes: Vec<usize> = (0..entries.len()).filter(|index| request & 1 << index != 0).collect();
        let is_trigger = indexes.len() <= limits.channels
            && indexes.iter().all(|index| entries[*index].0 == entries[indexes[0]].0 && before(*index) & !sent == 0);
        let is_batch =
            indexes.len() <= limits.events && indexes.iter().all(|index| before(*index) & !(sent | request) == 0);
        is_trigger || is_batch
    };
    let mut reached = HashSet::from([0_u32]);
    for count in 0.. {
        if reached.contains(&all) {
            return count;
        }
        let mut next = HashSet::new();
        for sent in reached {
            let left = all & !sent;
            let mut request = left;
            while request != 0 {
                if is_next(sent, request) {
                    next.insert(sent | request);
                }
                request = (request - 1) & left;
            }
        }
        reached = next;
    }
    usize::MAX
}

/// Whether no channel is in two events: then no order has to be kept.
fn are_apart(events: &[Channels]) -> bool {
    let mut seen = HashSet::new();
    events.iter().flatten().all(|channel| seen.insert(channel))
}

/// What is sent on each channel, in order.
fn orders<'a>(entries: impl Iterator<Item = (usize, &'a str)>) -> BTreeMap<&'a str, Vec<usize>> {
    let mut orders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    entries.for_each(|(number, channel)| orders.entry(channel).or_default().push(number));
    orders
}

proptest! {
    #[test]
    fn packs_into_the_least_number_of_requests(events in few_events(), limits in few_limits()) {
        let parts = parts_of(&events);
        let (packed, least) = (pack(&parts, limits).len(), least(&parts, limits));
        prop_assert!(packed >= least);
        if are_apart(&events) {
            prop_assert_eq!(packed, least);
        } else {
            // Where order has to be kept, one that knows the future may save a request.
            prop_assert!(packed <= least + 1, "{packed} of {least}");
        }
    }

    #[test]
    fn sends_every_entry_once_and_in_order(events in vec(prop::collection::btree_set(0..5_u8, 0..=5), 0..40), limits in few_limits()) {
        let events: Vec<Channels> = events.into_iter().map(|set| set.into_iter().collect()).collect();
        let parts = parts_of(&events);
        let requests = pack(&parts, limits);
        let all = parts.iter().enumerate().flat_map(|(number, part)| part.channels.iter().map(move |name| (number, *name)));
        prop_assert_eq!(orders(requests.iter().flat_map(|request| request.iter().copied())), orders(all));
        for entries in &requests {
            let is_one_event = entries.iter().all(|(number, _)| *number == entries[0].0);
            prop_assert!(!entries.is_empty());
            prop_assert!(entries.len() <= limits.events || is_one_event && entries.len() <= limits.channels);
        }
    }

    #[test]
    fn no_body_is_larger_than_the_limit(
        sizes in vec((0..300_usize, 1..30_usize), 1..20),
        name in "[a-z\"\u{1}\u{e9}]{1,20}",
        bytes in 1_000..5_000_usize,
    ) {
        let config = Config::new([(Setting::AppId, "3"), (Setting::Host, "localhost")]).unwrap();
        let names = names(30);
        let name = EventName::parse(&name).unwrap();
        let texts: Vec<String> = sizes.iter().map(|(size, _)| format!("\"{}\"", "x".repeat(*size))).collect();
        let params = JsonObject::from_text(r#"{"socket_id":"1.2"}"#);
        let events: Vec<Event<'_>> =
            texts.iter().map(|text| Event::from_json_string(name, Some(text)).with_params(params)).collect();
        let parts: Vec<Part<'_>> = events
            .iter()
            .zip(&sizes)
            .map(|(event, (_, count))| Part { bytes: trigger_body(event, &[]).len(), ..part(&names[..*count]) })
            .collect();
        for entries in pack(&parts, Limits { bytes, ..PUSHERS }) {
            let channels: Vec<ChannelName<'_>> =
                entries.iter().map(|(_, channel)| ChannelName::parse(channel).unwrap()).collect();
            let is_one_event = entries.iter().all(|(number, _)| *number == entries[0].0);
            let call = if is_one_event {
                Call::trigger(&config, &events[entries[0].0], &channels).unwrap()
            } else {
                let mut batch = Batch::new();
                entries.iter().zip(&channels).for_each(|((number, _), channel)| batch.push(*channel, &events[*number]));
                Call::trigger_batch(&config, batch).unwrap()
            };
            let length = call.body().unwrap().len();
            prop_assert!(length <= bytes, "{length} of {bytes}");
        }
    }
}

/// Numbers of which many are at an edge.
fn any_size() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(usize::MAX), 0..200_usize, any::<usize>()]
}

proptest! {
    #[test]
    fn sends_every_entry_once_and_in_order_whatever_the_limits_are(
        events in vec((prop::collection::btree_set(0..5_u8, 0..=5), any_size()), 0..12),
        (channels, most, bytes) in (any_size(), any_size(), any_size()),
    ) {
        let letters = |set: &std::collections::BTreeSet<u8>| set.iter().map(|channel| LETTERS[usize::from(*channel)]).collect();
        let parts: Vec<Part<'_>> =
            events.iter().map(|(set, bytes)| Part { channels: letters(set), bytes: *bytes }).collect();
        let limits = Limits { channels, events: most, bytes };
        let requests = pack(&parts, limits);
        let all = parts.iter().enumerate().flat_map(|(number, part)| part.channels.iter().map(move |name| (number, *name)));
        prop_assert_eq!(orders(requests.iter().flat_map(|request| request.iter().copied())), orders(all));
        for entries in requests.iter().filter(|entries| entries.len() > 1) {
            let is_one_event = entries.iter().all(|(number, _)| *number == entries[0].0);
            prop_assert!(entries.len() <= limits.events || is_one_event && entries.len() <= limits.channels);
            // Not even without what stands around them may they be larger than what is allowed.
            let each = if is_one_event { &entries[..1] } else { entries };
            let sum = each.iter().map(|(number, _)| parts[*number].bytes).fold(0, usize::saturating_add);
            prop_assert!(sum <= bytes, "{sum} of {bytes}");
        }
    }

    #[test]
    fn the_first_request_depends_on_nothing_that_comes_after_it_is_full(
        events in vec(prop::collection::btree_set(0..5_u8, 1..=3), 1..20), limits in few_limits(),
    ) {
        let events: Vec<Channels> = events.into_iter().map(|set| set.into_iter().collect()).collect();
        let parts = parts_of(&events);
        let first = first_request(&parts, limits);
        prop_assert_eq!(&first, &first_request(&parts, limits));
        // What was sent is not sent again.
        let last = first.iter().map(|(number, _)| *number).max().unwrap();
        if first.len() == limits.events && first.iter().any(|(number, _)| *number != first[0].0) {
            let is_trigger = |part: &Part<'_>| part.channels.len().min(limits.channels) >= limits.events;
            if !parts.iter().any(is_trigger) {
                prop_assert_eq!(first_request(&parts[..=last], limits), first);
            }
        }
    }
}
