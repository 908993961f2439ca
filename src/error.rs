//! What was wrong with the caller's input.
//!
//! Where npm `pusher` has a message for the same mistake, the words are the same, because people match on them; the
//! [`hint`](Error::hint) then says what is allowed and what to do. No message holds a secret or a master key.

use std::fmt;

use crate::text::{concat, decimal, split_at_byte, to_string, until_byte};

/// The error of every fallible function of this crate: a message, a stable [`code`](Error::code), the name of the
/// [`field`](Error::field) that was wrong, and a [`hint`](Error::hint).
///
/// ```
/// use pusher_http_wasm::validate::ChannelName;
///
/// let error = ChannelName::parse("a b").unwrap_err();
/// assert_eq!(error.to_string(), "Invalid channel name: 'a b'");
/// assert_eq!((error.code(), error.field()), ("invalid_channel", "channel"));
/// assert_eq!(error.hint(), "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Broken>);

/// A broken rule. Boxed, so that a `Result` is no larger than its value: each copy of it is code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    rule: Rule,
    given: String,
    event: Option<usize>,
}

/// A rule that input can break. Its text is five parts, separated by `|`: the code, the field (empty if it is what was given), the
/// hint, and the message after and before what was given. (The message of [`PAYLOAD_TOO_LARGE`] takes three values, so it has two more.)
///
/// One text instead of five: a struct of `&str`s would add 0.33 KB of brotli.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rule(&'static str);

impl Rule {
    fn part(self, number: usize) -> &'static str {
        let mut rest = self.0;
        for _ in 0..number {
            rest = split_at_byte(rest, b'|').map_or("", |(_, rest)| rest);
        }
        until_byte(rest, b'|')
    }
}

impl Error {
    /// Makes the error of a broken rule, about what was given.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(rule: Rule, given: &str) -> Self {
        Self(Box::new(Broken { rule, given: to_string(given), event: None }))
    }

    /// Makes the error about an option's text. Of a URL in the wrong place, it shows what comes after the credentials, from the `@` on.
    #[cold]
    #[inline(never)]
    pub(crate) fn of_option(rule: Rule, text: &str) -> Self {
        let start = text.bytes().rposition(|byte| byte == b'@').unwrap_or_default();
        Self::new(rule, text.get(start..).unwrap_or_default())
    }

    /// Makes the error about the data of an event; both sizes are in bytes.
    #[cold]
    pub(crate) fn payload_too_large(event: &str, bytes: usize, limit: u32) -> Self {
        let rule = PAYLOAD_TOO_LARGE;
        let (bytes, limit) = (decimal(bytes as u64), decimal(limit.into()));
        Self::new(rule, &concat(&[event, rule.part(5), &bytes, rule.part(6), &limit]))
    }

    /// Says which event of a batch the error is about, counted from 0.
    #[must_use]
    #[cold]
    pub fn of_event(mut self, index: usize) -> Self {
        self.0.event = Some(index);
        self
    }

    /// Whether that rule was broken.
    #[cfg_attr(not(feature = "npm"), allow(dead_code))]
    pub(crate) fn is(&self, rule: Rule) -> bool {
        self.0.rule == rule
    }

    /// Returns the message.
    pub fn message(&self) -> String {
        concat(&[self.0.rule.part(4), &self.0.given, self.0.rule.part(3)])
    }

    /// Returns a stable name for the mistake, such as `invalid_channel`.
    pub fn code(&self) -> &'static str {
        self.0.rule.part(0)
    }

    /// Returns the name of the option, argument or parameter that was wrong.
    pub fn field(&self) -> &str {
        let field = self.0.rule.part(1);
        if field.is_empty() { &self.0.given } else { field }
    }

    /// Returns what is allowed, or what to do; empty if the message says it all.
    pub fn hint(&self) -> &'static str {
        self.0.rule.part(2)
    }

    /// Returns which event of a batch the error is about, counted from 0.
    pub fn event(&self) -> Option<usize> {
        self.0.event
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

const CHANNEL_HINT: &str = "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;";
const EVENT_HINT: &str = "An event name is a string of 1 to 200 characters.";
const MASTER_KEY_HINT: &str = "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64.";

/// Defines rules: code, field (empty if it is what was given), message with `{}` in place of what was given, and hint.
macro_rules! rules {
    ($($name:ident: $code:literal, $field:literal, $message:literal, $hint:expr;)*) => {
        $(
            // Some rules only JavaScript's values can break.
            #[cfg_attr(not(feature = "npm"), allow(dead_code))]
            pub(crate) const $name: Rule = Rule({
                const JOINED: ([u8; LONGEST_RULE], usize) = join([$code, $field, $hint, $message]);
                const TEXT: [u8; JOINED.1] = match JOINED.0.first_chunk() {
                    Some(text) => *text,
                    None => [0; JOINED.1],
                };
                match str::from_utf8(&TEXT) {
                    Ok(text) => text,
                    Err(_) => "",
                }
            });
        )*
        #[cfg(test)]
        const RULES: &[Rule] = &[$($name),*];
    };
}

rules! {
    INVALID_CHANNEL: "invalid_channel", "channel", "Invalid channel name: '{}'", CHANNEL_HINT;
    CHANNEL_TOO_LONG: "invalid_channel", "channel", "Channel name too long: '{}'", CHANNEL_HINT;
    NO_CHANNELS: "invalid_channel", "channels", "No channel to trigger the event on", "Give one channel name, or a list of them.";
    TOO_MANY_CHANNELS: "too_many_channels", "channels", "Can't trigger a message to more than {} channels",
        "Send the rest separately; where your server allows more, set `maxChannels`.";
    ENCRYPTED_AMONG_OTHERS: "encrypted_channel_among_others", "channels",
        "You cannot trigger to multiple channels when using encrypted channels",
        "Trigger the event once for each encrypted channel.";
    INVALID_EVENT: "invalid_event", "event", "Invalid event name: '{}'", EVENT_HINT;
    EVENT_TOO_LONG: "invalid_event", "event", "Too long event name: '{}'", EVENT_HINT;
    INVALID_SOCKET_ID: "invalid_socket_id", "socket_id", "Invalid socket id: '{}'",
        "A socket id is the client's from Channels: digits, a dot, digits.";
    INVALID_USER_ID: "invalid_user_id", "userId", "Invalid user id: '{}'",
        "A user id is a non-empty string: a member's `user_id`, a user's `id`.";
    BATCH_TOO_LARGE: "invalid_batch", "events", "Can't trigger a batch of more than {} events",
        "Send the rest separately; where your server allows more, set `maxBatchEvents`.";
    EMPTY_BATCH: "invalid_batch", "events", "No events to trigger", "A batch is a list of events.";
    MISSING_OPTION: "missing_option", "", "The option `{}` is not set", "Pass it to the constructor.";
    MISSING_VARIABLES: "missing_option", "env", "These environment variables are not set: PUSHER_URL (or {})",
        "Set PUSHER_URL=https://KEY:SECRET@HOST:PORT/apps/APP_ID. In a Worker, call `Pusher.fromEnv(env)`; on Node, start with `--env-file=.env`.";
    MASTER_KEY_FOR_EVENTS: "missing_option", "encryptionMasterKeyBase64",
        "Set encryptionMasterKey before triggering events on encrypted channels", MASTER_KEY_HINT;
    MASTER_KEY_FOR_SECRET: "missing_option", "encryptionMasterKeyBase64",
        "Cannot generate shared_secret because encryptionMasterKey is not set", MASTER_KEY_HINT;
    NOT_TRIMMED: "invalid_option", "", "Invalid {}: remove the white space or the quotes around it", "";
    INVALID_APP_ID: "invalid_option", "appId", "Invalid appId '{}': no URL can carry it", "";
    INVALID_CLUSTER: "invalid_option", "cluster",
        "Invalid cluster '{}': it must be a short name, such as 'eu'", "";
    INVALID_HOST: "invalid_option", "host", "Invalid host '{}': it must be a name or an address ('[::1]') alone; see `scheme`, `port`, `pathPrefix`", "";
    INVALID_PORT: "invalid_option", "port", "Invalid port '{}': it must be a whole number from 1 to 65535", "";
    INVALID_SCHEME: "invalid_option", "scheme", "Unknown scheme '{}': it must be 'http' or 'https'", "";
    INVALID_PREFIX: "invalid_option", "pathPrefix",
        "Invalid pathPrefix '{}': no segment of it can be '.' or '..'", "";
    INVALID_TIMEOUT: "invalid_option", "timeout",
        "Invalid timeout '{}': it must be a number of milliseconds, 0 for none", "";
    INVALID_LIMIT: "invalid_option", "maxPayloadBytes",
        "Invalid maxPayloadBytes '{}': it must be a whole number above 0, or Infinity", "";
    INVALID_COUNT: "invalid_option", "", "Invalid {}: it must be a whole number above 0", "";
    MASTER_KEY_LENGTH: "invalid_option", "encryptionMasterKey",
        "encryptionMasterKey must be 32 bytes long, but the provided key is {} bytes long", "";
    MASTER_KEY_NOT_BASE64: "invalid_option", "encryptionMasterKeyBase64",
        "encryptionMasterKeyBase64 must be valid base64", "";
    MASTER_KEY_BASE64_LENGTH: "invalid_option", "encryptionMasterKeyBase64",
        "encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to {} bytes", "";
    // The spelling is npm `pusher`'s.
    RESERVED_PARAMETER: "reserved_parameter", "", "{} is a required parameter and cannot be overidden",
        "The library sets it.";
    AMBIGUOUS_PARAMETER: "invalid_argument", "params", "Invalid params: '{}' differs from another only in case", "";
    PATH_WITHOUT_SLASH: "invalid_path", "path", "Invalid path: '{}'",
        "A path is relative to /apps/{appId}, such as /channels.";
    PATH_WITH_DOTS: "invalid_path", "path", "Invalid path: '{}'", "No segment of a path can be `.` or `..`.";
    PATH_WITH_QUERY: "invalid_path", "path", "Invalid path: '{}'", "Give query parameters in `params`.";
    INVALID_URL: "invalid_url", "url", "Invalid connection URL: {} is missing or malformed",
        "The form is https://KEY:SECRET@HOST:PORT/apps/APP_ID. Remove any quotes around it.";
    PAYLOAD_TOO_LARGE: "payload_too_large", "data",
        "The data of event '{}' is {} bytes long, more than the {} that are allowed",
        "Send less, or `publish` it with `oversize: \"chunk\"`; where your server allows more, set `maxPayloadBytes`.";
    NO_NONCE: "no_randomness", "randomBytes", "Cannot get random bytes: a nonce has 24 of them",
        "Pass the `randomBytes` option.";
    // What failed is not known here, only where: see src/wasm/frame.rs.
    FIELD_FAILED: "invalid_data", "", "Field {} of the frame could not be made", "";
    DECRYPTION_FAILED: "decryption_failed", "data", "Cannot decrypt the event: {}", "";
}

/// Bytes that a rule's text may have; a longer one would become empty, which a test notices.
const LONGEST_RULE: usize = 320;

/// Joins the parts of a rule, at compile time, with a `|` between them. Returns the text and its length.
const fn join([code, field, hint, message]: [&str; 4]) -> ([u8; LONGEST_RULE], usize) {
    let mut text = [0; LONGEST_RULE];
    let (mut places, mut len) = (&mut text as &mut [u8], 0_usize);
    let (before, after) = split_at_last_hole(message.as_bytes());
    let mut parts: &[&[u8]] = &[code.as_bytes(), field.as_bytes(), hint.as_bytes(), after, before];
    while let [part, others @ ..] = parts {
        let mut bytes = *part;
        loop {
            let (byte, rest) = match bytes {
                [b'{', b'}', rest @ ..] => (b'|', Some(rest)),
                [byte, rest @ ..] => (*byte, Some(rest)),
                [] => (b'|', None),
            };
            let Some((place, free)) = places.split_first_mut() else { return ([0; LONGEST_RULE], 0) };
            *place = byte;
            places = free;
            len = len.saturating_add(1);
            match rest {
                Some(rest) => bytes = rest,
                None => break,
            }
        }
        parts = others;
    }
    // The last part has none after it.
    (text, len.saturating_sub(1))
}

/// Splits a message before and after its last `{}`, or after all of it if there is none.
const fn split_at_last_hole(message: &[u8]) -> (&[u8], &[u8]) {
    let mut before = message;
    loop {
        match before {
            [start @ .., b'{', b'}'] => {
                let (_, after) = message.split_at(before.len());
                return (start, after);
            }
            [start @ .., _] => before = start,
            [] => return (message, &[]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_five_parts_with_a_code_and_a_sentence() {
        assert!(RULES.len() > 30);
        for rule in RULES.iter().filter(|rule| **rule != PAYLOAD_TOO_LARGE) {
            let parts: Vec<&str> = rule.0.split('|').collect();
            let [code, field, hint, after, before] = parts.as_slice() else { panic!("{rule:?}") };
            let error = Error::new(*rule, "given");
            assert_eq!((error.code(), error.hint()), (*code, *hint));
            assert_eq!(error.field(), if field.is_empty() { "given" } else { field });
            assert_eq!(error.message(), format!("{before}given{after}"));
            assert!(!code.is_empty() && code.bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase()), "{code}");
            assert!(rule.0.len() < LONGEST_RULE && !before.contains(['{', '}']), "{rule:?}");
        }
    }

    #[test]
    fn what_was_given_may_have_a_bar_or_braces_in_it() {
        let error = Error::new(INVALID_CHANNEL, "a|{}");
        assert_eq!((error.code(), error.field()), ("invalid_channel", "channel"));
        assert_eq!(error.message(), "Invalid channel name: 'a|{}'");
        assert_eq!(Error::new(RESERVED_PARAMETER, "a|b").field(), "a|b");
        let message = "The data of event 'a|{}' is 11 bytes long, more than the 10 that are allowed";
        assert_eq!(Error::payload_too_large("a|{}", 11, 10).message(), message);
    }
}
