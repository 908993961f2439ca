//! Bodies of triggers and batches.
//!
//! Members come in the order `name`, `data`, `channels` (in a batch `channel`, `name`, `data`), then the caller's own, which
//! cannot overwrite these.

use serde::Serialize;
use serde_json::Serializer;

use crate::{
    encrypt::{NONCE_BYTES, SharedSecret, sealed_len},
    validate::{ChannelName, EventName},
};

/// A JSON object as text, from whoever serialised it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonObject<'a>(&'a str);

impl<'a> JsonObject<'a> {
    /// Takes the text of a JSON object; `None` for any other JSON text. What stands inside is trusted.
    pub fn from_text(text: &'a str) -> Option<Self> {
        text.strip_prefix("{")?.strip_suffix("}")?;
        Some(Self(text))
    }

    /// The text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Its members without the braces; `None` where there are none.
    fn members(self) -> Option<&'a str> {
        let members = self.0.strip_prefix("{")?.strip_suffix("}")?.trim_ascii();
        Some(members).filter(|members| !members.is_empty())
    }
}

/// What is triggered: a name, data, and what else the server should know (`socket_id`, `info`).
#[derive(Clone)]
pub struct Event<'a> {
    name: EventName<'a>,
    data: Data<'a>,
    params: Option<JsonObject<'a>>,
}

#[derive(Clone)]
enum Data<'a> {
    None,
    Text(&'a str),
    /// A text as JSON has it, with its quotation marks.
    #[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]
    Literal(&'a str),
    Sealed {
        secret: SharedSecret,
        plain: &'a str,
        nonce: &'a [u8; NONCE_BYTES],
    },
}

impl<'a> Event<'a> {
    /// An event whose `data` travels as it is. It is JSON text by custom, and on encrypted channels what
    /// [`seal`](SharedSecret::seal) gives.
    pub fn new(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data: data.map_or(Data::None, Data::Text), params: None }
    }

    /// An event as [`new`](Self::new) makes it, of data that already is a JSON string, with its quotation marks and escapes.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn of_literal(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data: data.map_or(Data::None, Data::Literal), params: None }
    }

    /// An event on an encrypted channel: as [`new`](Self::new) of what [`seal`](SharedSecret::seal) gives, but sealed right where it is sent from.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each event.
    pub fn sealed(name: EventName<'a>, secret: SharedSecret, plain: &'a str, nonce: &'a [u8; NONCE_BYTES]) -> Self {
        Self { name, data: Data::Sealed { secret, plain, nonce }, params: None }
    }

    /// Adds members to the event's body, such as `socket_id` and `info`; they must not be `name`, `data`, `channel`
    /// or `channels`.
    #[must_use]
    pub fn with_params(mut self, params: Option<JsonObject<'a>>) -> Self {
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
            Data::Literal(json) => text_len(json),
            _ => self.longest_payload(),
        }
    }

    /// Bytes that the data has at most.
    pub(crate) fn longest_payload(&self) -> usize {
        match &self.data {
            Data::None => 0,
            Data::Text(text) | Data::Literal(text) => text.len(),
            Data::Sealed { plain, .. } => sealed_len(plain.len()),
        }
    }
}

/// The body of one event on some channels.
pub fn trigger_body(event: &Event<'_>, channels: &[ChannelName<'_>]) -> String {
    let mut json = Vec::new();
    push_event(&mut json, br#"{"name":"#, event, channels);
    String::from_utf8(json).unwrap_or_default()
}

/// The body of a batch: each event with its own channel.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    json: Vec<u8>,
    count: usize,
}

impl Batch {
    /// No events.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event.
    pub fn push(&mut self, channel: ChannelName<'_>, event: &Event<'_>) {
        self.json.extend_from_slice(if self.count == 0 { br#"{"batch":[{"channel":"# } else { br#",{"channel":"# });
        self.count = self.count.saturating_add(1);
        push_json(&mut self.json, channel.as_str());
        push_event(&mut self.json, br#","name":"#, event, &[]);
    }

    /// How many events there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// The body as JSON.
    pub(crate) fn into_body(mut self) -> String {
        self.json.extend_from_slice(b"]}");
        String::from_utf8(self.json).unwrap_or_default()
    }
}

/// Adds an event, from its name on, to the end of its object.
fn push_event(json: &mut Vec<u8>, before_name: &[u8], event: &Event<'_>, channels: &[ChannelName<'_>]) {
    // Room for all of it, as a rule: quotation marks in the data are escaped.
    let names = channels.len().saturating_mul(32).saturating_add(128);
    json.reserve(event.longest_payload().saturating_mul(9).div_ceil(8).saturating_add(names));
    json.extend_from_slice(before_name);
    push_json(json, event.name.as_str());
    match &event.data {
        Data::None => {}
        Data::Text(text) => {
            json.extend_from_slice(br#","data":"#);
            push_json(json, text);
        }
        Data::Literal(text) => {
            json.extend_from_slice(br#","data":"#);
            json.extend_from_slice(text.as_bytes());
        }
        Data::Sealed { secret, plain, nonce } => {
            json.extend_from_slice(br#","data":""#);
            secret.seal_into(json, plain.as_bytes(), nonce, true);
            json.extend_from_slice(b"\"");
        }
    }
    let mut before: &[u8] = br#","channels":["#;
    for channel in channels {
        json.extend_from_slice(before);
        push_json(json, channel.as_str());
        before = b",";
    }
    if !channels.is_empty() {
        json.extend_from_slice(b"]");
    }
    if let Some(members) = event.params.and_then(JsonObject::members) {
        json.extend_from_slice(b",");
        json.extend_from_slice(members.as_bytes());
    }
    json.extend_from_slice(b"}");
}

/// Bytes of the text that a JSON string stands for.
fn text_len(json: &str) -> usize {
    let mut bytes = json.bytes();
    // But for its quotation marks.
    let mut len = json.len().saturating_sub(2);
    while let Some(byte) = bytes.next() {
        if byte == b'\\' {
            let escaped = if bytes.next() == Some(b'u') {
                // Control characters begin with zeros. What else is escaped so is half of a pair, which UTF-8 has three bytes for.
                if bytes.next() == Some(b'0') { 5 } else { 3 }
            } else {
                1
            };
            len = len.saturating_sub(escaped);
        }
    }
    len
}

/// Adds a text as JSON.
pub(crate) fn push_json(json: &mut Vec<u8>, text: &str) {
    // Strings serialise always.
    let _ = text.serialize(&mut Serializer::new(json));
}
