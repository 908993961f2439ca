//! Bodies of triggers and batches.
//!
//! Members come in the order `name`, `data`, `channels` (in a batch `channel`, `name`, `data`), then the caller's own, which
//! cannot overwrite these.

use serde::Serialize;

use crate::{
    encrypt::{NONCE_BYTES, SharedSecret, sealed_len},
    validate::{ChannelName, EventName},
};

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

    /// Its members without the braces; `None` where there are none.
    fn members(&self) -> Option<&str> {
        let members = self.0.strip_prefix("{")?.strip_suffix("}")?.trim_ascii();
        Some(members).filter(|members| !members.is_empty())
    }
}

/// What is triggered: a name, data, and what else the server should know (`socket_id`, `info`).
#[derive(Clone)]
pub struct Event<'a> {
    name: EventName<'a>,
    data: Data<'a>,
    params: Option<&'a JsonObject>,
}

#[derive(Clone, Copy)]
enum Data<'a> {
    None,
    Text(&'a str),
    Sealed { secret: &'a SharedSecret, plain: &'a str, nonce: &'a [u8; NONCE_BYTES] },
}

impl<'a> Event<'a> {
    /// An event whose `data` travels as it is. It is JSON text by custom, and on encrypted channels what
    /// [`seal`](SharedSecret::seal) gives.
    pub fn new(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data: data.map_or(Data::None, Data::Text), params: None }
    }

    /// An event on an encrypted channel: as [`new`](Self::new) of what [`seal`](SharedSecret::seal) gives, but sealed right where it is sent from.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each event.
    pub fn sealed(name: EventName<'a>, secret: &'a SharedSecret, plain: &'a str, nonce: &'a [u8; NONCE_BYTES]) -> Self {
        Self { name, data: Data::Sealed { secret, plain, nonce }, params: None }
    }

    /// Adds members to the event's body, such as `socket_id` and `info`; they must not be `name`, `data`, `channel`
    /// or `channels`.
    #[must_use]
    pub fn with_params(mut self, params: Option<&'a JsonObject>) -> Self {
        self.params = params;
        self
    }

    /// The event's name.
    pub fn name(&self) -> EventName<'a> {
        self.name
    }

    /// Bytes of the data as it travels.
    pub fn payload_len(&self) -> usize {
        match self.data {
            Data::None => 0,
            Data::Text(text) => text.len(),
            Data::Sealed { plain, .. } => sealed_len(plain.len()),
        }
    }
}

/// What an event's body begins with: in a batch with its `channel`.
#[derive(Serialize)]
struct Head<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a str>,
    name: &'a str,
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
    // Room for all of it, as a rule: quotation marks in the data are escaped.
    let names = channels.len().saturating_mul(32).saturating_add(128);
    let mut json = Vec::with_capacity(event.payload_len().saturating_mul(9).div_ceil(8).saturating_add(names));
    add(&mut json, &Head { channel, name: event.name.as_str() });
    json.pop();
    match event.data {
        Data::None => {}
        Data::Text(text) => {
            json.extend_from_slice(br#","data":"#);
            add(&mut json, &text);
        }
        Data::Sealed { secret, plain, nonce } => {
            json.extend_from_slice(br#","data":""#);
            secret.seal_into(&mut json, plain.as_bytes(), nonce, true);
            json.push(b'"');
        }
    }
    if !channels.is_empty() {
        json.extend_from_slice(br#","channels":"#);
        add(&mut json, &channels);
    }
    if let Some(members) = event.params.and_then(JsonObject::members) {
        json.push(b',');
        json.extend_from_slice(members.as_bytes());
    }
    json.push(b'}');
    String::from_utf8(json).unwrap_or_default()
}

fn add(json: &mut Vec<u8>, value: &impl Serialize) {
    // Strings, and structs and lists of them, serialise always.
    json.extend_from_slice(serde_json::to_string(value).unwrap_or_default().as_bytes());
}
