//! Percent-encoding and the signed query string.
//!
//! Source of the rules: the Channels HTTP API reference, "Authentication"; RFC 3986 for paths. The decoded values are signed, the encoded
//! ones are sent; pairs are sorted by byte. A signature covers names in lower case. They are sent as they were given, since other servers
//! than Pusher's read them so.

use std::borrow::Cow;

use crate::{
    error::{AMBIGUOUS_PARAMETER, Error, RESERVED_PARAMETER},
    sign::{Token, body_md5},
    text::{AsciiSet, decimal, push_all, to_ascii_lowercase, to_string, with_capacity},
};

/// Seconds since 1970-01-01 00:00 UTC. The server refuses a request that is 600 s or more off its own clock.
pub type Timestamp = u64;

/// The parameters that signing sets.
const RESERVED: [&str; 5] = ["auth_key", "auth_timestamp", "auth_version", "auth_signature", "body_md5"];

/// Bytes that are usually enough for a text to sign, and for a query.
pub(crate) const USUAL_CAPACITY: usize = 256;
/// The characters of a query that are not percent-encoded.
const UNESCAPED: AsciiSet = AsciiSet::letters_digits_and(b"-_.~,:@/");
/// Those of a path: the `pchar`s of RFC 3986, and slashes.
const UNESCAPED_IN_PATH: AsciiSet = AsciiSet::letters_digits_and(b"-._~!$&'()*+,;=:@/");
/// Those of one segment of a path.
const UNESCAPED_IN_SEGMENT: AsciiSet = AsciiSet::letters_digits_and(b"-._~!$&'()*+,;=:@");

/// The caller's own query parameters, decoded and in the order in which they are signed. Of each: the name in lower case, as it is signed, the
/// value, and the name as it was given, and is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<[String; 3]>);

impl Params {
    /// Makes an empty list of parameters.
    pub fn new() -> Self {
        Self::default()
    }

    /// Makes a list of names and values.
    ///
    /// ```
    /// use pusher_http_wasm::query::Params;
    ///
    /// let params = Params::from_pairs([("info", "user_count"), ("deviceId", "1")])?;
    /// assert_eq!(Params::from_pairs([("auth_key", "k")]).unwrap_err().code(), "reserved_parameter");
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// `reserved_parameter`, for a parameter that signing sets; `invalid_argument`, for two names that differ only in case, since a signature
    /// does not tell them apart.
    pub fn from_pairs<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Result<Self, Error> {
        let mut params = Vec::new();
        for (name, value) in pairs {
            // The server leaves characters beyond ASCII in their case.
            let key = to_ascii_lowercase(name);
            if RESERVED.contains(&key.as_str()) {
                return Err(Error::new(RESERVED_PARAMETER, name));
            }
            params.push([key, to_string(value), to_string(name)]);
        }
        sort(&mut params);
        for neighbours in params.windows(2) {
            if let [[key, _, name], [other_key, _, other_name]] = neighbours
                && key == other_key
                && name != other_name
            {
                return Err(Error::new(AMBIGUOUS_PARAMETER, other_name));
            }
        }
        Ok(Self(params))
    }

    /// Adds a parameter that this crate knows to be in lower case, not reserved, and after those that are there. Adds nothing if it has no value.
    pub(crate) fn add_known(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.0.push([to_string(name), to_string(value), to_string(name)]);
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
    let signing =
        [("auth_key", token.key()), ("auth_timestamp", &timestamp), ("auth_version", "1.0"), ("body_md5", &md5)];
    let mut signing = signing.get(..if md5.is_empty() { 3 } else { 4 }).unwrap_or_default();
    let mut own = request.params.0.as_slice();

    let (mut text, mut query, mut separator) = (String::new(), String::new(), "");
    text.reserve(USUAL_CAPACITY);
    query.reserve(USUAL_CAPACITY);
    push_all(&mut text, &[request.method, "\n"]);
    text.make_ascii_uppercase();
    push_all(&mut text, &[request.path, "\n"]);
    loop {
        let (key, value, name) = match (own, signing) {
            ([[key, value, name], rest @ ..], _) if signing.first().is_none_or(|(next, _)| key.as_str() < *next) => {
                own = rest;
                (key.as_str(), value.as_str(), name.as_str())
            }
            (_, [(key, value), rest @ ..]) => {
                signing = rest;
                (*key, *value, *key)
            }
            _ => break,
        };
        push_all(&mut text, &[separator, key, "=", value]);
        push_all(&mut query, &[separator, &encode(name), "=", &encode(value)]);
        separator = "&";
    }
    push_all(&mut query, &["&auth_signature=", token.signature(text.as_bytes()).as_str()]);
    query
}

/// Sorts by byte: a heap sort, which takes n log n comparisons in the worst case. It weighs 0.2 KB of brotli; the standard library's
/// `sort_unstable` would weigh 1.1 KB.
fn sort(params: &mut [[String; 3]]) {
    let len = params.len();
    for parent in (0..len).rev() {
        sift_down(params, parent);
    }
    for end in (1..len).rev() {
        params.swap(0, end);
        sift_down(params.get_mut(..end).unwrap_or_default(), 0);
    }
}

/// Moves a parameter down the heap, in which none is less than its two children, until that holds for it.
fn sift_down(heap: &mut [[String; 3]], mut parent: usize) {
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

/// Percent-encodes a parameter of a query. The characters `A-Z a-z 0-9 - _ . ~ , : @ /` stay, so that ordinary queries are exactly those of
/// npm `pusher`; everything that could end a value or a query is encoded.
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

/// Percent-encodes a path, whose slashes separate its segments. What may stand in a segment (`A-Z a-z 0-9 - . _ ~ ! $ & ' ( ) * + , ; = : @`)
/// stays, as npm `pusher` sends names: some servers read it undecoded.
pub fn encode_path(path: &str) -> Cow<'_, str> {
    escape(path, UNESCAPED_IN_PATH)
}

/// Percent-encodes one segment of a path as [`encode_path`] does, also its slashes.
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
    while let Some(mut byte) = rest.next() {
        if byte == b'%' {
            let mut number = 0;
            for _ in 0..2 {
                number = number << 4 | char::from(rest.next()?).to_digit(16)?;
            }
            byte = u8::try_from(number).ok()?;
        }
        bytes.extend_from_slice(&[byte]);
    }
    String::from_utf8(bytes).ok()
}
