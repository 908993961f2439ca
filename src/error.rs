//! What was wrong with the caller's input.
//!
//! Where npm `pusher` has a message for the same mistake, the words are the same, for people match on them; the
//! [`hint`](Error::hint) then says what is allowed and what to do. No message holds a secret or a master key.

use std::fmt;

use crate::text::{before, concat, owned, split_at_byte};

/// The error of every fallible function of this crate: a message, a stable [`code`](Error::code), the name of the
/// [`field`](Error::field) that was wrong, and a [`hint`](Error::hint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Broken>);

/// A rule that was broken. Boxed, so that a `Result` is no larger than what it holds when all is well: each copy of it is code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    rule: Rule,
    /// What the message is about, or the whole of it.
    given: String,
    event: Option<usize>,
}

/// A rule that input can break: code, field (empty where it is what was given), the message before and behind what was given, and the
/// hint, each but the last followed by a `|`.
///
/// One text, and not a struct or an enum with a `match` or two: the module has room for the words, but not for what would hold them.
pub(crate) type Rule = &'static str;

macro_rules! rules {
    ($($(#[$meta:meta])* $name:ident: $code:literal, $field:literal, ($before:literal, $after:literal), $hint:expr;)*) => {
        $($(#[$meta])* pub(crate) const $name: Rule = concat!($code, "|", $field, "|", $before, "|", $after, "|", $hint);)*
        #[cfg(test)]
        const RULES: &[Rule] = &[$($(#[$meta])* $name),*];
    };
}

macro_rules! hints {
    ($($name:ident: $hint:literal;)*) => { $(macro_rules! $name { () => { $hint }; })* };
}

hints! {
    channel: "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;";
    event: "An event name is a string of 1 to 200 characters.";
    batch: "A batch is a list of 1 to 10 events.";
    master_key: "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64, to the constructor.";
}

rules! {
    INVALID_CHANNEL: "invalid_channel", "channel", ("Invalid channel name: '", "'"), channel!();
    CHANNEL_TOO_LONG: "invalid_channel", "channel", ("Channel name too long: '", "'"), channel!();
    NO_CHANNELS: "invalid_channel", "channels", ("No channel to trigger the event on", ""),
        "Give one channel name, or a list of 1 to 100 of them.";
    TOO_MANY_CHANNELS: "too_many_channels", "channels", ("Can't trigger a message to more than 100 channels", ""),
        "Give at most 100 channels, and trigger the event again for the rest.";
    ENCRYPTED_AMONG_OTHERS: "encrypted_channel_among_others", "channels",
        ("You cannot trigger to multiple channels when using encrypted channels", ""),
        "Trigger the event once for each encrypted channel.";
    INVALID_EVENT: "invalid_event", "event", ("Invalid event name: '", "'"), event!();
    EVENT_TOO_LONG: "invalid_event", "event", ("Too long event name: '", "'"), event!();
    INVALID_SOCKET_ID: "invalid_socket_id", "socket_id", ("Invalid socket id: '", "'"),
        "A socket id is the string that the client has from Channels: digits, a dot, digits.";
    INVALID_USER_ID: "invalid_user_id", "userId", ("Invalid user id: '", "'"), "A user id is a string that is not empty.";
    #[cfg(target_arch = "wasm32")]
    INVALID_USER_DATA: "invalid_user_data", "userData", ("Invalid user data: '", "'"),
        "User data is an object with a string `id` that is not empty.";
    BATCH_TOO_LARGE: "invalid_batch", "events", ("Can't trigger a batch of more than 10 events, ", " given"), batch!();
    EMPTY_BATCH: "invalid_batch", "events", ("No events to trigger", ""), batch!();
    MISSING_OPTION: "missing_option", "", ("The option `", "` is not set"), "Pass it to the constructor.";
    MISSING_VARIABLES: "missing_option", "env", ("These environment variables are not set: ", ""),
        "Set PUSHER_URL=https://KEY:SECRET@HOST:PORT/apps/APP_ID, or each of them.";
    MASTER_KEY_FOR_EVENTS: "missing_option", "encryptionMasterKeyBase64",
        ("Set encryptionMasterKey before triggering events on encrypted channels", ""), master_key!();
    MASTER_KEY_FOR_SECRET: "missing_option", "encryptionMasterKeyBase64",
        ("Cannot generate shared_secret because encryptionMasterKey is not set", ""), master_key!();
    INVALID_APP_ID: "invalid_option", "appId", ("Invalid appId '", "': no URL can carry it"), "";
    INVALID_CLUSTER: "invalid_option", "cluster",
        ("Invalid cluster '", "': it must be a cluster's short name, such as 'eu' or 'mt1'"), "";
    INVALID_HOST: "invalid_option", "host", ("Invalid host '", "': it must be a host's name or address alone, such as \
        'api-eu.pusher.com'; give the scheme in `scheme`, the port in `port`, a path in `pathPrefix`"), "";
    INVALID_PORT: "invalid_option", "port", ("Invalid port '", "': it must be a whole number from 1 to 65535"), "";
    INVALID_SCHEME: "invalid_option", "scheme", ("Unknown scheme '", "': it must be 'http' or 'https'"), "";
    INVALID_PREFIX: "invalid_option", "pathPrefix",
        ("Invalid pathPrefix '", "': no segment of it can be '.' or '..'"), "";
    INVALID_TIMEOUT: "invalid_option", "timeout",
        ("Invalid timeout '", "': it must be a number of milliseconds, 0 for none"), "";
    INVALID_LIMIT: "invalid_option", "maxPayloadBytes",
        ("Invalid maxPayloadBytes '", "': it must be a whole number above 0, or Infinity"), "";
    MASTER_KEY_LENGTH: "invalid_option", "encryptionMasterKey",
        ("encryptionMasterKey must be 32 bytes long, but the provided key is ", " bytes long"), "";
    MASTER_KEY_NOT_BASE64: "invalid_option", "encryptionMasterKeyBase64",
        ("encryptionMasterKeyBase64 must be valid base64", ""), "";
    MASTER_KEY_BASE64_LENGTH: "invalid_option", "encryptionMasterKeyBase64",
        ("encryptionMasterKeyBase64 must decode to 32 bytes, but the provided key decodes to ", " bytes"), "";
    // The spelling is npm `pusher`'s.
    RESERVED_PARAMETER: "reserved_parameter", "", ("", " is a required parameter and cannot be overidden"),
        "The library sets it when it signs the request.";
    PATH_WITHOUT_SLASH: "invalid_path", "path", ("Invalid path: '", "'"),
        "A path starts with a slash and is relative to /apps/{appId}, such as /channels.";
    PATH_WITH_DOTS: "invalid_path", "path", ("Invalid path: '", "'"), "No segment of a path can be `.` or `..`.";
    INVALID_URL: "invalid_url", "url", ("Invalid connection URL: ", " is missing or malformed"),
        "The form is https://KEY:SECRET@HOST:PORT/apps/APP_ID.";
    PAYLOAD_TOO_LARGE: "payload_too_large", "data", ("The data of event '", " that are allowed"),
        "Send less, or a reference to it; where your server allows more, set `maxPayloadBytes`.";
    #[cfg(target_arch = "wasm32")]
    NO_NONCE: "no_randomness", "randomBytes", ("Cannot get random bytes: a nonce has 24 of them", ""),
        "Pass the `randomBytes` option: a function of a length that returns bytes.";
    FIELD_FAILED: "invalid_data", "data", ("The data cannot be serialised as JSON", ""), "";
    DECRYPTION_FAILED: "decryption_failed", "data", ("Cannot decrypt the event: ", ""), "";
}

impl Error {
    /// An error about what was given.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(rule: Rule, given: &str) -> Self {
        Self(Box::new(Broken { rule, given: owned(given), event: None }))
    }

    /// The same, about an event of a batch, by its position from 0.
    #[cold]
    #[cfg(any(test, target_arch = "wasm32"))]
    pub(crate) fn of_event(mut self, index: usize) -> Self {
        self.0.event = Some(index);
        self
    }

    /// Whether it is about that rule.
    pub(crate) fn is(&self, rule: Rule) -> bool {
        self.0.rule == rule
    }

    /// What is wrong, in words.
    pub fn message(&self) -> String {
        concat(&[self.part(2), &self.0.given, self.part(3)])
    }

    /// A stable name for the mistake, such as `invalid_channel`.
    pub fn code(&self) -> &'static str {
        self.part(0)
    }

    /// The name of the option, argument or parameter that was wrong.
    pub fn field(&self) -> &str {
        let field = self.part(1);
        if field.is_empty() { &self.0.given } else { field }
    }

    /// What is allowed, or what to do; empty where the message says it all.
    pub fn hint(&self) -> &'static str {
        self.part(4)
    }

    /// Which event of a batch it is about, counted from 0.
    pub fn event(&self) -> Option<usize> {
        self.0.event
    }

    fn part(&self, number: usize) -> &'static str {
        let mut rest = self.0.rule;
        for _ in 0..number {
            rest = split_at_byte(rest, b'|').map_or("", |(_, rest)| rest);
        }
        before(rest, b'|')
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_has_five_parts() {
        assert!(RULES.len() > 30);
        for rule in RULES {
            let parts: Vec<&str> = rule.split('|').collect();
            let [code, field, before, behind, hint] = parts.as_slice() else { panic!("{rule}") };
            let error = Error::new(rule, "given");
            assert_eq!((error.code(), error.hint()), (*code, *hint));
            assert_eq!(error.field(), if field.is_empty() { "given" } else { field });
            assert_eq!(error.message(), format!("{before}given{behind}"));
            assert!(
                !error.code().is_empty() && error.code().bytes().all(|byte| byte == b'_' || byte.is_ascii_lowercase())
            );
        }
    }

    #[test]
    fn what_was_given_may_have_a_bar_in_it() {
        let error = Error::new(INVALID_CHANNEL, "a|b");
        assert_eq!((error.code(), error.field()), ("invalid_channel", "channel"));
        assert_eq!(error.message(), "Invalid channel name: 'a|b'");
        assert_eq!(Error::new(RESERVED_PARAMETER, "a|b").field(), "a|b");
    }

    #[test]
    fn an_error_may_be_about_an_event_of_a_batch() {
        let error = Error::new(INVALID_EVENT, "");
        assert_eq!(error.event(), None);
        for index in [0, 9, usize::MAX] {
            let of_event = error.clone().of_event(index);
            assert_eq!(of_event.event(), Some(index));
            assert_eq!(
                (of_event.message(), of_event.code(), of_event.field()),
                (error.message(), error.code(), error.field())
            );
            assert_ne!(of_event, error);
        }
    }
}
