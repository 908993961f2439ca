//! Bodies of triggers and batches.
//!
//! Source of the rules: the Channels HTTP API reference, "Trigger an event" and "Trigger multiple events". Members come in the order
//! `name`, `data`, `channels` (in a batch `channel`, `name`, `data`), then the caller's own, which cannot overwrite these.

use serde::Serialize;
use serde_json::Serializer;

use crate::{
    encrypt::{NONCE_BYTES, Place, SharedSecret, sealed_len},
    error::{Error, NO_NONCE},
    text::into_text,
    validate::{ChannelName, EventName},
};

/// A JSON object as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonObject<'a>(&'a str);

impl<'a> JsonObject<'a> {
    /// Takes the text of a JSON object; returns `None` for any other JSON text. Trusts that the text is JSON.
    pub fn from_text(text: &'a str) -> Option<Self> {
        text.strip_prefix("{")?.strip_suffix("}")?;
        Some(Self(text))
    }

    /// Returns the text.
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// Returns its members without the braces; `None` if there are none.
    fn members(self) -> Option<&'a str> {
        let members = self.0.strip_prefix("{")?.strip_suffix("}")?.trim_ascii();
        Some(members).filter(|members| !members.is_empty())
    }
}

/// An event: a name, data, and what else the server should know (`socket_id`, `info`).
#[derive(Clone)]
pub struct Event<'a> {
    name: EventName<'a>,
    data: Data<'a>,
    params: Option<JsonObject<'a>>,
}

#[derive(Clone)]
enum Data<'a> {
    Text(&'a str),
    /// A JSON string, with its quotation marks.
    JsonString(&'a str),
    Sealed {
        secret: SharedSecret,
        plain: &'a str,
        nonce: &'a [u8; NONCE_BYTES],
    },
}

impl<'a> Event<'a> {
    /// Makes an event whose `data` is sent as it is. By custom it is JSON text; on encrypted channels it must be what
    /// [`seal`](SharedSecret::seal) returns. `None` is sent as `null`: some servers refuse an event without data.
    ///
    /// ```
    /// use pusher_http_wasm::{event::{Event, trigger_body}, validate::{ChannelName, EventName}};
    ///
    /// let event = Event::new(EventName::parse("foo")?, Some("text"));
    /// let body = trigger_body(&event, &[ChannelName::parse("room")?]);
    /// assert_eq!(body, r#"{"name":"foo","data":"text","channels":["room"]}"#);
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    pub fn new(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data: Data::Text(data.unwrap_or("null")), params: None }
    }

    /// Makes an event as [`new`](Self::new) does, of data that is a JSON string already, with its quotation marks and escapes. Trusts that
    /// it is one.
    pub fn from_json_string(name: EventName<'a>, data: Option<&'a str>) -> Self {
        Self { name, data: Data::JsonString(data.unwrap_or(r#""null""#)), params: None }
    }

    /// Makes an event on an encrypted channel. Its body is that of [`new`](Self::new) with what [`seal`](SharedSecret::seal) returns, but
    /// the data is sealed right into it.
    ///
    /// `nonce` must come from a cryptographically secure source, fresh for each event.
    pub fn sealed(name: EventName<'a>, secret: SharedSecret, plain: &'a str, nonce: &'a [u8; NONCE_BYTES]) -> Self {
        Self { name, data: Data::Sealed { secret, plain, nonce }, params: None }
    }

    /// Makes an event for a channel with that secret (see [`secret_for_event`](crate::config::Config::secret_for_event)): sealed if there is
    /// one, otherwise as [`from_json_string`](Self::from_json_string) makes it. Data that cannot be sealed is never sent in the clear.
    ///
    /// `data` is JSON text if there is a secret, otherwise a JSON string. `nonce` has [`NONCE_BYTES`] bytes from a cryptographically secure
    /// source, fresh for each event.
    ///
    /// # Errors
    /// `no_randomness`, if there is a secret, but no nonce of that length.
    pub fn for_channel(
        name: EventName<'a>,
        secret: Option<SharedSecret>,
        data: Option<&'a str>,
        nonce: Option<&'a [u8]>,
    ) -> Result<Self, Error> {
        match (secret, nonce.and_then(|nonce| nonce.try_into().ok())) {
            (Some(secret), Some(nonce)) => Ok(Self::sealed(name, secret, data.unwrap_or("null"), nonce)),
            (Some(_), None) => Err(Error::new(NO_NONCE, "")),
            (None, _) => Ok(Self::from_json_string(name, data)),
        }
    }

    /// Adds members to the event's body, such as `socket_id` and `info`. They must not be `name`, `data`, `channel`
    /// or `channels`.
    #[must_use]
    pub fn with_params(mut self, params: Option<JsonObject<'a>>) -> Self {
        self.params = params;
        self
    }

    /// Returns the event's name.
    pub fn name(&self) -> EventName<'a> {
        self.name
    }

    /// Returns the length of the data as it travels, in bytes of UTF-8.
    pub fn payload_len(&self) -> usize {
        match self.data {
            Data::JsonString(json) => text_len(json),
            _ => self.payload_upper_bound(),
        }
    }

    /// Returns a length that the data does not exceed, without looking at each byte.
    pub(crate) fn payload_upper_bound(&self) -> usize {
        match &self.data {
            Data::Text(text) | Data::JsonString(text) => text.len(),
            Data::Sealed { plain, .. } => sealed_len(plain.len()),
        }
    }
}

/// Writes the body of one event on some channels.
pub fn trigger_body(event: &Event<'_>, channels: &[ChannelName<'_>]) -> String {
    let mut json = Vec::new();
    push_event(&mut json, br#"{"name":"#, event, channels);
    into_text(json)
}

/// The body of a batch: each event with its own channel.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    json: Vec<u8>,
    count: usize,
}

impl Batch {
    /// Makes an empty batch.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event.
    pub fn push(&mut self, channel: ChannelName<'_>, event: &Event<'_>) {
        self.json.extend_from_slice(if self.count == 0 { br#"{"batch":[{"channel":""# } else { br#",{"channel":""# });
        self.count = self.count.saturating_add(1);
        push_channel(&mut self.json, channel);
        push_event(&mut self.json, br#"","name":"#, event, &[]);
    }

    /// Returns how many events there are.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Returns the body as JSON.
    pub(crate) fn into_body(mut self) -> String {
        self.json.extend_from_slice(b"]}");
        into_text(self.json)
    }
}

/// Appends an event, from its name to the end of its object.
fn push_event(json: &mut Vec<u8>, before_name: &[u8], event: &Event<'_>, channels: &[ChannelName<'_>]) {
    // Usually enough for all of it: quotation marks in the data are escaped, and names are short.
    let names = channels.len().saturating_mul(32).saturating_add(128);
    json.reserve(event.payload_upper_bound().saturating_mul(9).div_ceil(8).saturating_add(names));
    json.extend_from_slice(before_name);
    push_json(json, event.name.as_str());
    json.extend_from_slice(br#","data":"#);
    match &event.data {
        Data::Text(text) => push_json(json, text),
        Data::JsonString(text) => json.extend_from_slice(text.as_bytes()),
        Data::Sealed { secret, plain, nonce } => {
            json.extend_from_slice(b"\"");
            secret.seal_into(json, plain, nonce, Place::InString);
            json.extend_from_slice(b"\"");
        }
    }
    let mut before: &[u8] = br#","channels":[""#;
    for channel in channels {
        json.extend_from_slice(before);
        push_channel(json, *channel);
        before = br#"",""#;
    }
    if !channels.is_empty() {
        json.extend_from_slice(br#""]"#);
    }
    if let Some(members) = event.params.and_then(JsonObject::members) {
        json.extend_from_slice(b",");
        json.extend_from_slice(members.as_bytes());
    }
    json.extend_from_slice(b"}");
}

/// Returns the length of the text that a JSON string stands for, in bytes of UTF-8.
fn text_len(json: &str) -> usize {
    let mut bytes = json.bytes();
    // Without the quotation marks.
    let mut len = json.len().saturating_sub(2);
    while let Some(byte) = bytes.next() {
        if byte == b'\\' {
            let surplus = if bytes.next() == Some(b'u') {
                // Control characters begin with a zero and have one byte. Other escapes are halves of surrogate pairs, three bytes each.
                if bytes.next() == Some(b'0') { 5 } else { 3 }
            } else {
                1
            };
            len = len.saturating_sub(surplus);
        }
    }
    len
}

/// Appends a channel's name after the quotation mark that is there. Only a user's may need escapes: looking for them in every name would take
/// 4 % of a trigger to 100 channels.
fn push_channel(json: &mut Vec<u8>, channel: ChannelName<'_>) {
    if channel.is_user() {
        json.pop();
        push_json(json, channel.as_str());
        json.pop();
    } else {
        json.extend_from_slice(channel.as_str().as_bytes());
    }
}

/// Appends a text as a JSON string.
pub(crate) fn push_json(json: &mut Vec<u8>, text: &str) {
    // A string always serialises.
    let _ = text.serialize(&mut Serializer::new(json));
}
