//! Packing: how many events on how many channels go out in the fewest requests.
//!
//! A trigger carries one event to many channels, a batch carries many events to one channel each. Events on the same channel keep their order.
//!
//! Source of the rules: the Channels HTTP API reference, "Trigger an event" and "Trigger multiple events".

/// What one request may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Channels of a trigger.
    pub channels: usize,
    /// Events of a batch.
    pub events: usize,
    /// Bytes of the body. What is larger by itself has a request of its own.
    pub bytes: usize,
}

/// An event, with the channels that it still has to go to. Where these are encrypted, there is one, for each has data of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part<'a> {
    /// The channels, each once.
    pub channels: Vec<&'a str>,
    /// Bytes of the event's JSON without them, at most, as [`trigger_body`](crate::event::trigger_body) writes it.
    pub bytes: usize,
}

/// Bytes that a channel adds to a body besides its name: `,{"channel":"","name":`, and fewer in a trigger.
const AROUND_CHANNEL: usize = 22;
/// Bytes of a body around its events: `{"batch":[]}`, or `,"channels":[]`.
const AROUND_BODY: usize = 14;

/// Returns the request to send first, if all parts are to be sent one after another with the fewest requests: the number of a part, counted from
/// 0, and one of its channels, in the order in which they are sent. All for one part, it can be a trigger, otherwise it is a batch.
///
/// If a trigger reaches at least as many channels of a part as a batch holds events, it is a trigger, and goes first if nothing before it is on
/// the same channels. So a batch, which has everything else, can be filled with what comes later.
///
/// ```
/// use pusher_http_wasm::publish::{Limits, Part, first_request};
///
/// let names: Vec<String> = (0..104).map(|number| format!("room-{number}")).collect();
/// let [many, one] = [&names[..], &names[..1]].map(|names| names.iter().map(String::as_str).collect());
/// let mut parts = [Part { channels: many, bytes: 100 }, Part { channels: one, bytes: 100 }];
/// let limits = Limits { channels: 100, events: 10, bytes: 1 << 20 };
/// // One trigger to 100 channels, and one batch for the other four and the second event.
/// assert_eq!(first_request(&parts, limits).len(), 100);
/// parts[0].channels.drain(..100);
/// assert_eq!(first_request(&parts, limits).len(), 5);
/// ```
pub fn first_request<'a>(parts: &[Part<'a>], limits: Limits) -> Vec<(usize, &'a str)> {
    let room = limits.bytes.saturating_sub(AROUND_BODY);
    let mut batch = Request { entries: Vec::new(), most: limits.events, room };
    // What comes before the next part, but after the batch.
    let mut waiting = Request { entries: Vec::new(), most: usize::MAX, room: usize::MAX };
    for (number, part) in parts.iter().enumerate() {
        let is_trigger = part.channels.len().min(limits.channels) >= limits.events.max(1);
        let mut trigger = Request { entries: Vec::new(), most: limits.channels, room: room.saturating_sub(part.bytes) };
        let mut is_first = is_trigger;
        for channel in &part.channels {
            is_first &= !trigger.add(number, channel, 0) || !batch.has(channel) && !waiting.has(channel);
        }
        if is_first {
            return trigger.entries;
        }
        for channel in &part.channels {
            if is_trigger || waiting.has(channel) || !batch.add(number, channel, part.bytes) {
                waiting.add(number, channel, 0);
            }
        }
    }
    batch.entries
}

/// A request that is being filled.
struct Request<'a> {
    entries: Vec<(usize, &'a str)>,
    /// Entries that it may have.
    most: usize,
    /// Bytes that it may still have.
    room: usize,
}

impl<'a> Request<'a> {
    /// Adds an entry, unless the request is full. The first one always has room, however large it is.
    fn add(&mut self, part: usize, channel: &'a str, bytes: usize) -> bool {
        let bytes = bytes.saturating_add(length_in_json(channel)).saturating_add(AROUND_CHANNEL);
        let count = self.entries.len();
        let has_room = count == 0 || count < self.most && bytes <= self.room;
        if has_room {
            self.room = self.room.saturating_sub(bytes);
            self.entries.push((part, channel));
        }
        has_room
    }

    fn has(&self, channel: &str) -> bool {
        self.entries.iter().any(|(_, other)| *other == channel)
    }
}

/// Returns how many bytes the name of a channel has in JSON, at most: users' ids may have any characters.
fn length_in_json(name: &str) -> usize {
    let escapes = name.bytes().filter(|byte| *byte < b' ' || matches!(byte, b'"' | b'\\'));
    name.len().saturating_add(escapes.count().saturating_mul(5))
}
