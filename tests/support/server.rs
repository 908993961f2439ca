//! The server's side of a signed request, written anew from the documentation: nothing of the library is used.

use md5::Md5;
use sha2::{Digest, Sha256};

/// What the server understands of a request. Two requests that differ on the wire may mean the same: `%2F` and `%2f`.
#[derive(Debug, PartialEq, Eq)]
pub struct Received {
    method: String,
    /// As it stands on the wire.
    path: String,
    /// Decoded, the keys in lower case, sorted by key.
    pairs: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Received {
    /// A request to an absolute URL.
    pub fn at(method: &str, url: &str, body: &[u8]) -> Option<Self> {
        let (_, rest) = url.split_once("://")?;
        let (_, target) = rest.split_at(rest.find('/')?);
        let (path, query) = target.split_once('?')?;
        Self::new(method, path, query, body)
    }

    pub fn new(method: &str, path: &str, query: &str, body: &[u8]) -> Option<Self> {
        let mut pairs = Vec::new();
        for pair in query.split('&') {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            pairs.push((decoded(key)?.to_ascii_lowercase(), decoded(value)?));
        }
        pairs.sort_by(|(one, _), (other, _)| one.cmp(other));
        Some(Self { method: method.into(), path: path.into(), pairs, body: body.into() })
    }

    /// The value of a parameter that may be given once only.
    pub fn param(&self, name: &str) -> Option<&str> {
        let mut values = self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str());
        values.next().filter(|_| values.next().is_none())
    }

    /// The parameters that are none of signing's.
    pub fn own_params(&self) -> Vec<(&str, &str)> {
        let own = self.pairs.iter().filter(|(key, _)| !key.starts_with("auth_") && key != "body_md5");
        own.map(|(key, value)| (key.as_str(), value.as_str())).collect()
    }

    /// The app's own check, the clock left out.
    pub fn is_signed_by(&self, key: &str, secret: &str) -> bool {
        let md5 = (!self.body.is_empty()).then(|| hexadecimal(&Md5::digest(&self.body)));
        self.param("auth_key") == Some(key)
            && self.param("auth_version") == Some("1.0")
            && self.param("auth_timestamp").is_some_and(|time| time.parse::<u64>().is_ok())
            && self.param("body_md5") == md5.as_deref()
            && self.param("auth_signature") == Some(&hmac_sha256(secret.as_bytes(), self.string_to_sign().as_bytes()))
    }

    pub fn string_to_sign(&self) -> String {
        let signed = self.pairs.iter().filter(|(key, _)| key != "auth_signature");
        let query: Vec<String> = signed.map(|(key, value)| format!("{key}={value}")).collect();
        format!("{}\n{}\n{}", self.method, self.path, query.join("&"))
    }
}

/// HMAC-SHA256 in hexadecimal, after RFC 2104.
pub fn hmac_sha256(secret: &[u8], message: &[u8]) -> String {
    let mut block = [0; 64];
    let key = if secret.len() > block.len() { Sha256::digest(secret).to_vec() } else { secret.to_vec() };
    block.iter_mut().zip(key).for_each(|(byte, key)| *byte = key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    hexadecimal(&Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize())
}

/// Undoes percent-encoding.
pub fn decoded(text: &str) -> Option<String> {
    let mut parts = text.split('%');
    let mut bytes = parts.next()?.as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2)?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).ok()
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}
