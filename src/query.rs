//! Percent-encoding and the signed query string.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication". What is signed are the decoded values, what
//! travels is encoded; keys are in lower case and sorted by byte.

use crate::{
    error::{Error, RESERVED_PARAMETER},
    sign::{Token, body_md5},
    text::{Characters, all_belong, belongs, decimal, letters_digits_and, owned, push_all, split_at_byte, with_room},
};

/// Seconds since 1970-01-01 00:00 UTC. The server refuses a request that is 600 s or more off its own clock.
pub type Timestamp = u64;

/// The parameters that signing sets.
const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/// Bytes that the text to sign and the query have at most, as a rule.
pub(crate) const ROOM: usize = 256;
/// What stays as it is.
const STAYING: Characters = letters_digits_and(b"-_.~,:@/");

/// The caller's own query parameters, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params<'a>(Vec<(String, &'a str)>);

impl<'a> Params<'a> {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter; its key is put in lower case, as the server does before it checks the signature.
    ///
    /// # Errors
    /// `reserved_parameter`, for one that signing sets.
    pub fn add(&mut self, key: &str, value: &'a str) -> Result<(), Error> {
        // Beyond ASCII the server changes nothing.
        let lower = key.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) {
            return Err(Error::new(RESERVED_PARAMETER, key));
        }
        self.0.push((lower, value));
        Ok(())
    }

    /// Adds a parameter of this crate's own, which is none of the reserved ones; without a value, none.
    pub(crate) fn set(&mut self, key: &str, value: Option<&'a str>) {
        if let Some(value) = value {
            self.0.push((owned(key), value));
        }
    }
}

/// What a signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a> {
    /// The HTTP method; signed in upper case.
    pub method: &'a str,
    /// The path, just as it is on the wire.
    pub path: &'a str,
    /// The caller's own parameters.
    pub params: &'a Params<'a>,
    /// The body; an empty one is no body.
    pub body: &'a [u8],
}

/// The query string that signs a request: all parameters sorted, `auth_signature` last, percent-encoded.
pub fn signed(token: &Token, request: &Signable<'_>, timestamp: Timestamp) -> String {
    let mut query = String::new();
    push_signed(&mut query, token, request, timestamp);
    query
}

/// Adds what [`signed`] gives.
pub(crate) fn push_signed(query: &mut String, token: &Token, request: &Signable<'_>, timestamp: Timestamp) {
    let timestamp = decimal(timestamp);
    let md5 = if request.body.is_empty() { String::new() } else { body_md5(request.body) };
    let own = request.params.0.iter().map(|(key, value)| (key.as_str(), *value));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    pairs.extend([
        ("auth_key", token.key()),
        ("auth_timestamp", &timestamp),
        ("auth_version", "1.0"),
        ("body_md5", &md5),
    ]);
    if md5.is_empty() {
        pairs.pop();
    }
    for pair in own.clone() {
        // Inserted in order: a sort would add kilobytes to the module for a handful of pairs.
        pairs.insert(pairs.iter().take_while(|earlier| **earlier <= pair).count(), pair);
    }

    let mut text = String::new();
    // Room for what there is as a rule.
    text.reserve(ROOM);
    push_all(&mut text, &[request.method, "\n"]);
    text.make_ascii_uppercase();
    push_all(&mut text, &[request.path, "\n"]);
    let before = text.len();
    let mut separator = "";
    let mut stay = all_belong(STAYING, token.key());
    for (key, value) in own {
        stay &= all_belong(STAYING, key) && all_belong(STAYING, value);
    }
    for (key, value) in &pairs {
        push_all(&mut text, &[separator, key, "=", value]);
        separator = "&";
    }
    if stay {
        // As a rule, what is signed is what travels.
        query.push_str(text.get(before..).unwrap_or_default());
    } else {
        separator = "";
        for (key, value) in &pairs {
            query.push_str(separator);
            push_encoded(query, key);
            query.push('=');
            push_encoded(query, value);
            separator = "&";
        }
    }
    query.push_str("&auth_signature=");
    token.push_signature(query, text.as_bytes());
}

/// Percent-encodes a parameter or a path. The characters `A-Z a-z 0-9 - _ . ~ , : @ /` stay, so that ordinary queries
/// read exactly as npm `pusher` writes them; nothing that ends a value, a query or a path does.
pub fn encode(text: &str) -> String {
    let mut encoded = String::new();
    push_encoded(&mut encoded, text);
    encoded
}

/// Adds what [`encode`] gives.
#[cfg_attr(npm, optimize(speed))]
pub(crate) fn push_encoded(encoded: &mut String, text: &str) {
    if all_belong(STAYING, text) {
        return encoded.push_str(text);
    }
    for byte in text.bytes() {
        if belongs(STAYING, byte) {
            push_ascii(encoded, byte);
        } else {
            encoded.push('%');
            push_ascii(encoded, hexadecimal(byte >> 4));
            push_ascii(encoded, hexadecimal(byte & 0xf));
        }
    }
}

fn push_ascii(text: &mut String, byte: u8) {
    text.push_str(std::str::from_utf8(&[byte]).unwrap_or_default());
}

fn hexadecimal(digit: u8) -> u8 {
    if digit < 10 { b'0' | digit } else { digit.wrapping_add(b'A' - 10) }
}

/// Percent-encodes one segment of a path, in which a `/` is not a separator.
pub fn encode_segment(text: &str) -> String {
    let mut encoded = String::new();
    push_encoded_segment(&mut encoded, text);
    encoded
}

/// Adds what [`encode_segment`] gives.
pub(crate) fn push_encoded_segment(encoded: &mut String, text: &str) {
    let mut text = text;
    while let Some((part, rest)) = split_at_byte(text, b'/') {
        push_encoded(encoded, part);
        encoded.push_str("%2F");
        text = rest;
    }
    push_encoded(encoded, text);
}

/// Undoes percent-encoding; `None` where a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    // All of it at once: what has to move leaves a copy behind, and it may be a secret.
    let mut bytes = with_room(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut decoded = [byte];
        if byte == b'%' {
            hex::decode_to_slice([rest.next()?, rest.next()?], &mut decoded).ok()?;
        }
        bytes.extend_from_slice(&decoded);
    }
    String::from_utf8(bytes).ok()
}
