//! What was wrong with the caller's input.
//!
//! Where npm `pusher` has a message for the same mistake, the words are the same, for people match on them; the
//! [`hint`](Error::hint) then says what is allowed and what to do. No message holds a secret or a master key.

use std::fmt;

use crate::text::concat;

/// The error of every fallible function of this crate: a message, a stable [`code`](Error::code), the name of the
/// [`field`](Error::field) that was wrong, and a [`hint`](Error::hint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(Box<Broken>);

/// A rule that was broken. Boxed, so that a `Result` is no larger than what it holds when all is well: each copy of it is code.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Broken {
    rule: &'static Rule,
    /// What the message is about, or the whole of it.
    given: String,
    /// Where the rule's field does not say it.
    field: &'static str,
}

/// A rule that input can break: what a program can tell the mistake by, and what a person can do about it.
///
/// A table, and not an enum with a `match` or two: the module has room for the texts, but not for code around each.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    code: &'static str,
    /// Empty where it depends on the mistake.
    field: &'static str,
    /// The message, before and behind what was given.
    message: (&'static str, &'static str),
    hint: &'static str,
}

macro_rules! rules {
    ($($(#[$meta:meta])* $name:ident: $code:literal, $field:literal, ($before:literal, $after:literal), $hint:expr;)*) => {
        $($(#[$meta])* pub(crate) static $name: Rule = Rule { code: $code, field: $field, message: ($before, $after), hint: $hint };)*
    };
}

const CHANNEL: &str = "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;";
const EVENT: &str = "An event name is a string of 1 to 200 characters.";
const BATCH: &str = "A batch is a list of 1 to 10 events.";
const MASTER_KEY: &str = "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64, to the constructor.";
const CONSTRUCTOR: &str = "Pass it to the constructor.";

rules! {
    INVALID_CHANNEL: "invalid_channel", "channel", ("Invalid channel name: '", "'"), CHANNEL;
    CHANNEL_TOO_LONG: "invalid_channel", "channel", ("Channel name too long: '", "'"), CHANNEL;
    NO_CHANNELS: "invalid_channel", "channels", ("No channel to trigger the event on", ""),
        "Give one channel name, or a list of 1 to 100 of them.";
    TOO_MANY_CHANNELS: "too_many_channels", "channels", ("Can't trigger a message to more than 100 channels", ""),
        "Give at most 100 channels, and trigger the event again for the rest.";
    ENCRYPTED_AMONG_OTHERS: "encrypted_channel_among_others", "channels",
        ("You cannot trigger to multiple channels when using encrypted channels", ""),
        "Trigger the event once for each encrypted channel.";
    INVALID_EVENT: "invalid_event", "event", ("Invalid event name: '", "'"), EVENT;
    EVENT_TOO_LONG: "invalid_event", "event", ("Too long event name: '", "'"), EVENT;
    INVALID_SOCKET_ID: "invalid_socket_id", "socket_id", ("Invalid socket id: '", "'"),
        "A socket id is the string that the client has from Channels: digits, a dot, digits.";
    INVALID_USER_ID: "invalid_user_id", "userId", ("Invalid user id: '", "'"), "A user id is a string that is not empty.";
    #[cfg(target_arch = "wasm32")]
    INVALID_USER_DATA: "invalid_user_data", "userData", ("Invalid user data: '", "'"),
        "User data is an object with a string `id` that is not empty.";
    BATCH_TOO_LARGE: "invalid_batch", "events", ("Can't trigger a batch of more than 10 events, ", " given"), BATCH;
    EMPTY_BATCH: "invalid_batch", "events", ("No events to trigger", ""), BATCH;
    MISSING_OPTION: "missing_option", "", ("The option `", "` is not set"), CONSTRUCTOR;
    MISSING_VARIABLES: "missing_option", "env", ("These environment variables are not set: ", ""),
        "Set PUSHER_URL=https://KEY:SECRET@HOST:PORT/apps/APP_ID, or each of them.";
    MASTER_KEY_FOR_EVENTS: "missing_option", "encryptionMasterKeyBase64",
        ("Set encryptionMasterKey before triggering events on encrypted channels", ""), MASTER_KEY;
    MASTER_KEY_FOR_SECRET: "missing_option", "encryptionMasterKeyBase64",
        ("Cannot generate shared_secret because encryptionMasterKey is not set", ""), MASTER_KEY;
    OPTION: "invalid_option", "", ("", ""), "";
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
    DECRYPTION_FAILED: "decryption_failed", "data", ("Cannot decrypt the event: ", ""), "";
}

impl Error {
    /// An error about what was given.
    #[cold]
    #[inline(never)]
    pub(crate) fn new(rule: &'static Rule, given: &str) -> Self {
        Self::of(rule, rule.field, given)
    }

    /// An error about a field that the rule does not name.
    #[cold]
    #[inline(never)]
    pub(crate) fn of(rule: &'static Rule, field: &'static str, given: &str) -> Self {
        Self(Box::new(Broken { rule, given: given.into(), field }))
    }

    /// What is wrong, in words.
    #[cfg_attr(npm, optimize(size))]
    pub fn message(&self) -> String {
        let (before, after) = self.0.rule.message;
        concat(&[before, &self.0.given, after])
    }

    /// A stable name for the mistake, such as `invalid_channel`.
    pub fn code(&self) -> &'static str {
        self.0.rule.code
    }

    /// The name of the option, argument or parameter that was wrong.
    pub fn field(&self) -> &str {
        if self.0.field.is_empty() { &self.0.given } else { self.0.field }
    }

    /// What is allowed, or what to do; empty where the message says it all.
    pub fn hint(&self) -> &'static str {
        self.0.rule.hint
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message())
    }
}

impl std::error::Error for Error {}
