//! Percent-encoding and the signed query string.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication". The decoded values are signed, the encoded ones
//! are sent; keys are in lower case, and pairs are sorted by byte.

use std::borrow::Cow;

use crate::{
    error::{Error, RESERVED_PARAMETER},
    sign::{Token, body_md5},
    text::{AsciiSet, decimal, push_all, to_string, with_capacity},
};

/// Seconds since 1970-01-01 00:00 UTC. The server refuses a request that is 600 s or more off its own clock.
pub type Timestamp = u64;

/// The parameters that signing sets.
const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/// Bytes that are usually enough for a text to sign, and for a query.
pub(crate) const USUAL_CAPACITY: usize = 256;
/// The characters that are not percent-encoded.
const UNESCAPED: AsciiSet = AsciiSet::letters_digits_and(b"-_.~,:@/");
/// Those that are not, in one segment of a path.
const UNESCAPED_IN_SEGMENT: AsciiSet = AsciiSet::letters_digits_and(b"-_.~,:@");

/// The caller's own query parameters, decoded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// Makes an empty list of parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a parameter. Its key is put in lower case, as the server does before it checks the signature.
    ///
    /// ```
    /// use pusher_http_wasm::query::Params;
    ///
    /// let mut params = Params::new();
    /// params.add("info", "user_count")?;
    /// assert_eq!(params.add("auth_key", "k").unwrap_err().code(), "reserved_parameter");
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// `reserved_parameter`, for a parameter that signing sets.
    pub fn add(&mut self, key: &str, value: &str) -> Result<(), Error> {
        // The server leaves characters beyond ASCII in their case.
        let lower = key.to_ascii_lowercase();
        if RESERVED.contains(&lower.as_str()) {
            return Err(Error::new(RESERVED_PARAMETER, key));
        }
        self.0.push((lower, to_string(value)));
        Ok(())
    }

    /// Adds a parameter that this crate knows not to be reserved, if it has a value.
    pub(crate) fn add_known(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.0.push((to_string(key), to_string(value)));
        }
    }
}

/// The parts of a request that its signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Signable<'a> {
    /// The HTTP method; signed in upper case.
    pub method: &'a str,
    /// The path, exactly as it is sent.
    pub path: &'a str,
    /// The caller's own parameters.
    pub params: &'a Params,
    /// The body; an empty one counts as none.
    pub body: &'a [u8],
}

/// A key and its value.
type Pair<'a> = (&'a str, &'a str);

/// Returns the query string that signs a request: all parameters sorted and percent-encoded, `auth_signature` last.
///
/// ```
/// use pusher_http_wasm::{query::{Params, Signable, sign_query}, sign::Token};
///
/// let token = Token::new("key", String::from("secret"));
/// let request = Signable { method: "GET", path: "/apps/3/channels", params: &Params::new(), body: b"" };
/// let query = sign_query(&token, &request, 1_353_088_179);
/// assert!(query.starts_with("auth_key=key&auth_timestamp=1353088179&auth_version=1.0&auth_signature="));
/// ```
pub fn sign_query(token: &Token, request: &Signable<'_>, timestamp: Timestamp) -> String {
    let timestamp = decimal(timestamp);
    let md5 = if request.body.is_empty() { String::new() } else { body_md5(request.body) };
    let mut pairs: Vec<Pair<'_>> = Vec::new();
    pairs.extend(request.params.0.iter().map(|(key, value)| (key.as_str(), value.as_str())));
    sort(&mut pairs);
    let signing =
        [("auth_key", token.key()), ("auth_timestamp", &timestamp), ("auth_version", "1.0"), ("body_md5", &md5)];
    for pair in signing.into_iter().take(if md5.is_empty() { 3 } else { 4 }) {
        pairs.insert(pairs.iter().take_while(|earlier| **earlier <= pair).count(), pair);
    }

    let mut text = String::new();
    text.reserve(USUAL_CAPACITY);
    push_all(&mut text, &[request.method, "\n"]);
    text.make_ascii_uppercase();
    push_all(&mut text, &[request.path, "\n"]);
    let start = text.len();
    let mut separator = "";
    for (key, value) in &pairs {
        push_all(&mut text, &[separator, key, "=", value]);
        separator = "&";
    }
    let signature = token.signature(text.as_bytes());
    let tail = ["&auth_signature=", signature.as_str()];
    // Usually there is nothing to encode, and what was signed is what is sent.
    if pairs.iter().all(|(key, value)| UNESCAPED.contains_all(key) && UNESCAPED.contains_all(value)) {
        push_all(&mut text, &tail);
        return text.split_off(start);
    }
    let mut query = String::new();
    separator = "";
    for (key, value) in &pairs {
        push_all(&mut query, &[separator, &encode(key), "=", &encode(value)]);
        separator = "&";
    }
    push_all(&mut query, &tail);
    query
}

/// Sorts the pairs by byte: a heap sort, which takes n log n comparisons in the worst case. It weighs 0.2 KB of brotli; the standard
/// library's `sort_unstable` would weigh 1.1 KB.
fn sort(pairs: &mut [Pair<'_>]) {
    let len = pairs.len();
    for parent in (0..len / 2).rev() {
        sift_down(pairs, parent);
    }
    for end in (1..len).rev() {
        pairs.swap(0, end);
        sift_down(pairs.get_mut(..end).unwrap_or_default(), 0);
    }
}

/// Moves a pair down the heap, in which no pair is less than its two children, until that holds for it.
fn sift_down(heap: &mut [Pair<'_>], mut parent: usize) {
    loop {
        let left = parent.saturating_mul(2).saturating_add(1);
        let right = left.saturating_add(1);
        // A child that is not there is less than any other.
        let child = if heap.get(right) > heap.get(left) { right } else { left };
        if heap.get(child) <= heap.get(parent) {
            return;
        }
        heap.swap(child, parent);
        parent = child;
    }
}

/// Percent-encodes a parameter or a path. The characters `A-Z a-z 0-9 - _ . ~ , : @ /` stay, so that ordinary queries
/// are exactly those of npm `pusher`; everything that could end a value, a query or a path is encoded.
///
/// ```
/// use pusher_http_wasm::query::{decode, encode};
///
/// assert_eq!(encode("a&b"), "a%26b");
/// assert_eq!(decode("a%26b"), Some("a&b".into()));
/// ```
pub fn encode(text: &str) -> Cow<'_, str> {
    escape(text, UNESCAPED)
}

/// Percent-encodes one segment of a path, where a `/` is not a separator.
pub fn encode_segment(text: &str) -> Cow<'_, str> {
    escape(text, UNESCAPED_IN_SEGMENT)
}

#[cfg_attr(size_optimized, optimize(speed))]
fn escape(text: &str, unescaped: AsciiSet) -> Cow<'_, str> {
    if unescaped.contains_all(text) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::new();
    for byte in text.bytes() {
        if unescaped.contains(byte) {
            push_ascii(&mut escaped, byte);
        } else {
            escaped.push('%');
            push_ascii(&mut escaped, hexadecimal(byte >> 4));
            push_ascii(&mut escaped, hexadecimal(byte & 0xf));
        }
    }
    Cow::Owned(escaped)
}

fn push_ascii(text: &mut String, byte: u8) {
    text.push_str(std::str::from_utf8(&[byte]).unwrap_or_default());
}

fn hexadecimal(digit: u8) -> u8 {
    if digit < 10 { b'0' | digit } else { digit.wrapping_add(b'A' - 10) }
}

/// Undoes percent-encoding. Returns `None` if a `%` is not followed by two hexadecimal digits, or the bytes are not UTF-8.
pub fn decode(text: &str) -> Option<String> {
    // Allocated once: growing would leave a copy behind, which may be of a secret.
    let mut bytes = with_capacity(text.len());
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
