//! Percent-encoding and the signed query string.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication". What is signed are the decoded values, what
//! travels is encoded; keys are in lower case and sorted by byte.

use std::borrow::Cow;

use crate::{
    error::{Error, ErrorKind},
    sign::{Token, body_md5},
};

/// Seconds since 1970-01-01 00:00 UTC. The server refuses a request that is 600 s or more off its own clock.
pub type Timestamp = u64;

/// The parameters that signing sets.
const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

const UPPER_HEX: &[u8; 16] = b"0123456789ABCDEF";

/// The caller's own query parameters, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// No parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Parameters of this crate's own, which are none of the reserved ones; those without a value are left out.
    pub(crate) fn of(given: &[(&str, Option<&str>)]) -> Self {
        Self(given.iter().filter_map(|(key, value)| value.map(|value| ((*key).into(), value.into()))).collect())
    }

    /// Adds a parameter; its key is put in lower case, as the server does before it checks the signature.
    ///
    /// # Errors
    /// `reserved_parameter`, for one that signing sets.
    pub fn add(&mut self, key: &str, value: impl Into<String>) -> Result<(), Error> {
        // Beyond ASCII the server changes nothing.
        let lower = key.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) {
            return Err(ErrorKind::ReservedParameter { key: key.into() }.into());
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
    pub body: Option<&'a str>,
}

/// The query string that signs a request: all parameters sorted, `auth_signature` last, percent-encoded.
pub fn signed(token: &Token, request: &Signable<'_>, timestamp: Timestamp) -> String {
    let timestamp = timestamp.to_string();
    let md5 = request.body.filter(|body| !body.is_empty()).map(|body| body_md5(body.as_bytes()));
    let mut pairs: Vec<(&str, &str)> = Vec::new();
    let own = request.params.0.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let auth = [("auth_key", token.key()), ("auth_timestamp", &timestamp), ("auth_version", "1.0")];
    for pair in own.chain(auth).chain(md5.as_deref().map(|md5| ("body_md5", md5))) {
        // Inserted in order: a sort would add kilobytes to the module for a handful of pairs.
        pairs.insert(pairs.partition_point(|earlier| *earlier <= pair), pair);
    }

    let head = [&request.method.to_ascii_uppercase(), "\n", request.path, "\n"].concat();
    let signature = token.sign_parts(&[head.as_bytes(), joined(&pairs, Cow::Borrowed).as_bytes()]);
    pairs.push(("auth_signature", &signature));
    joined(&pairs, encode)
}

fn joined<'a>(pairs: &[(&'a str, &'a str)], form: impl Fn(&'a str) -> Cow<'a, str>) -> String {
    let mut query = String::with_capacity(256);
    for &(key, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        query.push_str(&form(key));
        query.push('=');
        query.push_str(&form(value));
    }
    query
}

/// Percent-encodes a parameter or a path. The characters `A-Z a-z 0-9 - _ . ~ , : @ /` stay, so that ordinary queries
/// read exactly as npm `pusher` writes them; nothing that ends a value, a query or a path does.
pub fn encode(text: &str) -> Cow<'_, str> {
    let stays = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~,:@/".contains(&byte);
    if text.bytes().all(stays) {
        return Cow::Borrowed(text);
    }
    let mut encoded = String::with_capacity(text.len().saturating_mul(3));
    for byte in text.bytes() {
        if stays(byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            for digit in [byte >> 4, byte & 0xf] {
                encoded.extend(UPPER_HEX.get(usize::from(digit)).map(|&digit| char::from(digit)));
            }
        }
    }
    Cow::Owned(encoded)
}

/// Percent-encodes one segment of a path, in which a `/` is not a separator.
pub fn encode_segment(text: &str) -> String {
    encode(text).replace('/', "%2F")
}

/// Undoes percent-encoding; `None` where a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
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
