//! Bodies of triggers and batches.
//!
//! Members come in the order `name`, `data`, `channels` (in a batch `channel`, `name`, `data`), then the caller's own, which
//! cannot overwrite these.

use serde::Serialize;

use crate::validate::{ChannelName, EventName};

/// A JSON object as text, from whoever serialised it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JsonObject(String);

impl JsonObject {
    /// Takes the text of a JSON object; `None` for any other JSON text. What stands inside is trusted.
    pub fn from_text(text: String) -> Option<Self> {
        text.strip_prefix("{")?.strip_suffix("}")?;
        Some(Self(text))
    }

    /// Serialises a struct or a map; `None` where that gives no object.
    pub fn of(value: &impl Serialize) -> Option<Self> {
        serde_json::to_string(value).ok().and_then(Self::from_text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// This object with the members of `other` behind its own.
    fn followed_by(mut self, other: Option<&JsonObject>) -> Self {
        let members = other.and_then(|other| other.0.strip_prefix("{")?.strip_suffix("}")).map(str::trim_ascii);
        if let Some(members) = members.filter(|members| !members.is_empty()) {
            self.0.pop();
            if self.0.len() > 1 {
                self.0.push(',');
            }
            self.0.push_str(members);
            self.0.push('}');
        }
        self
    }
}

/// What is triggered: a name, data, and what else the server should know (`socket_id`, `info`).
#[derive(Debug, Clone)]
pub struct Event<'a> {
    name: EventName<'a>,
    data: Option<&'a str>,
    params: Option<&'a JsonObject>,
}

impl<'a> Event<'a> {
    /// An event whose `data` travels as it is. It is JSON text by custom, and on encrypted channels what
    /// [`seal`](crate::encrypt::SharedSecret::seal) gives.
    pub fn new(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data, params: None }
    }

    /// Adds members to the event's body, such as `socket_id` and `info`; they must not be `name`, `data`, `channel`
    /// or `channels`.
    #[must_use]
    pub fn with_params(mut self, params: Option<&'a JsonObject>) -> Self {
        self.params = params;
        self
    }
}

/// The body of an event: in a batch with its `channel`, else with its `channels`.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<&'a str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    channels: &'a [ChannelName<'a>],
}

/// The body of one event on some channels.
pub fn trigger_body(event: &Event<'_>, channels: &[ChannelName<'_>]) -> String {
    body(None, event, channels)
}

/// The body of a batch: each event with its own channel.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    members: String,
    count: usize,
}

impl Batch {
    /// No events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event.
    pub fn push(&mut self, channel: &ChannelName<'_>, event: &Event<'_>) {
        self.members.push_str(if self.count == 0 { r#"{"batch":["# } else { "," });
        self.count = self.count.saturating_add(1);
        self.members.push_str(&body(Some(channel.as_str()), event, &[]));
    }

    /// How many events there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The body as JSON.
    pub(crate) fn into_body(mut self) -> String {
        self.members.push_str("]}");
        self.members
    }
}

fn body(channel: Option<&str>, event: &Event<'_>, channels: &[ChannelName<'_>]) -> String {
    let own = Body { channel, name: event.name.as_str(), data: event.data, channels };
    // Structs of strings always serialise to an object; an `Option` says so without a panic.
    JsonObject::of(&own).map(|own| own.followed_by(event.params).0).unwrap_or_default()
}
