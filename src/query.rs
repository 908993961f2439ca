//! Percent-encoding and the signed query string.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication". What is signed are the decoded values, what
//! travels is encoded; keys are in lower case and sorted by byte.

use crate::{
    error::{Error, RESERVED_PARAMETER},
    sign::{Token, body_md5},
    text::{concat, decimal},
};

/// Seconds since 1970-01-01 00:00 UTC. The server refuses a request that is 600 s or more off its own clock.
pub type Timestamp = u64;

/// The parameters that signing sets.
const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/// Which of the characters 0 to 63, and 64 to 127, stay as they are.
const STAYING_LOW: u64 = staying(0);
const STAYING_HIGH: u64 = staying(64);

const fn staying(from: u8) -> u64 {
    let (mut bits, mut at) = (0, 0_u8);
    while at < 64 {
        let byte = from.saturating_add(at);
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b',' | b':' | b'@' | b'/') {
            bits |= 1_u64 << at;
        }
        at = at.saturating_add(1);
    }
    bits
}

/// The caller's own query parameters, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Parameters of this crate's own, which are none of the reserved ones; those without a value are left out.
    #[cfg_attr(npm, optimize(size))]
    pub(crate) fn of(given: &[(&str, Option<&str>)]) -> Self {
        let mut params = Self::new();
        for (key, value) in given {
            if let Some(value) = value {
                params.0.push(((*key).into(), (*value).into()));
            }
        }
        params
    }

    /// Adds a parameter; its key is put in lower case, as the server does before it checks the signature.
    ///
    /// # Errors
    /// `reserved_parameter`, for one that signing sets.
    #[cfg_attr(npm, optimize(size))]
    pub fn add(&mut self, key: &str, value: impl Into<String>) -> Result<(), Error> {
        // Beyond ASCII the server changes nothing.
        let lower = key.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) {
            return Err(Error::new(&RESERVED_PARAMETER, key));
        }
        self.0.push((lower, value.into()));
        Ok(())
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
    pub params: &'a Params,
    /// The body; an empty one is no body.
    pub body: Option<&'a [u8]>,
}

/// The query string that signs a request: all parameters sorted, `auth_signature` last, percent-encoded.
pub fn signed(token: &Token, request: &Signable<'_>, timestamp: Timestamp) -> String {
    let timestamp = decimal(timestamp);
    let md5 = request.body.filter(|body| !body.is_empty()).map(body_md5);
    let mut pairs: Vec<(&str, &str)> = Vec::with_capacity(request.params.0.len().saturating_add(4));
    let own = request.params.0.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let auth = [("auth_key", token.key()), ("auth_timestamp", &timestamp), ("auth_version", "1.0")];
    for pair in own.chain(auth).chain(md5.as_deref().map(|md5| ("body_md5", md5))) {
        // Inserted in order: a sort would add kilobytes to the module for a handful of pairs.
        pairs.insert(pairs.iter().take_while(|earlier| **earlier <= pair).count(), pair);
    }

    let mut text = concat(&[&request.method.to_ascii_uppercase(), "\n", request.path, "\n"]);
    let mut query = String::with_capacity(256);
    for (key, value) in pairs {
        let separator = if query.is_empty() { "" } else { "&" };
        for part in [separator, key, "=", value] {
            text.push_str(part);
        }
        query.push_str(separator);
        push_encoded(&mut query, key);
        query.push('=');
        push_encoded(&mut query, value);
    }
    query.push_str("&auth_signature=");
    query.push_str(&token.sign(text.as_bytes()));
    query
}

/// Percent-encodes a parameter or a path. The characters `A-Z a-z 0-9 - _ . ~ , : @ /` stay, so that ordinary queries
/// read exactly as npm `pusher` writes them; nothing that ends a value, a query or a path does.
pub fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    push_encoded(&mut encoded, text);
    encoded
}

fn push_encoded(encoded: &mut String, text: &str) {
    // A bit for each ASCII character that stays: one look, where a comparison with each range would be ten.
    let stays = |byte: u8| {
        let bits = if byte < 64 { STAYING_LOW } else { STAYING_HIGH };
        byte < 128 && (bits >> (byte & 63)) & 1 == 1
    };
    if text.bytes().all(stays) {
        return encoded.push_str(text);
    }
    for byte in text.bytes() {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            push_percent(encoded, byte);
        }
    }
}

#[cfg_attr(npm, optimize(size))]
fn push_percent(encoded: &mut String, byte: u8) {
    encoded.push('%');
    for digit in [byte >> 4, byte & 0xf] {
        encoded.push(char::from(if digit < 10 { b'0' | digit } else { digit.wrapping_add(b'A' - 10) }));
    }
}

/// Percent-encodes one segment of a path, in which a `/` is not a separator.
#[cfg_attr(npm, optimize(size))]
pub fn encode_segment(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for (index, part) in text.as_bytes().split(|byte| *byte == b'/').enumerate() {
        if index > 0 {
            encoded.push_str("%2F");
        }
        // What stands between slashes is text still.
        push_encoded(&mut encoded, std::str::from_utf8(part).unwrap_or_default());
    }
    encoded
}

/// Undoes percent-encoding; `None` where a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
#[cfg_attr(npm, optimize(size))]
pub fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut decoded = [0];
            hex::decode_to_slice([rest.next()?, rest.next()?], &mut decoded).ok()?;
            bytes.extend(decoded);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
