//! What was wrong with the caller's input.
//!
//! Where npm `pusher` has a message for the same mistake, the words are the same, for people match on them; the
//! [`hint`](Error::hint) then says what is allowed and what to do. No message holds a secret or a master key.

use std::fmt;

/// The error of every fallible function of this crate: a message, a stable [`code`](Error::code), the name of the
/// [`field`](Error::field) that was wrong, and a [`hint`](Error::hint).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
    index: Option<usize>,
}

/// The mistakes, each with what its message needs.
#[derive(Debug, Clone, PartialEq, Eq)]
// Some can only be made with JavaScript's types: their checks are in the border.
#[cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]
pub(crate) enum ErrorKind {
    InvalidChannel { given: String },
    ChannelTooLong { given: String },
    NoChannels,
    TooManyChannels,
    EncryptedChannelAmongOthers,
    InvalidEvent { given: String },
    EventTooLong { given: String },
    InvalidSocketId { given: String },
    InvalidUserId { given: String },
    InvalidUserData { given: String },
    BatchTooLarge { count: usize },
    EmptyBatch,
    MissingOption { name: &'static str },
    InvalidOption { name: &'static str, message: String },
    MasterKeyForEvents,
    MasterKeyForSharedSecret,
    ReservedParameter { key: String },
    InvalidPath { given: String, hint: &'static str },
    InvalidUrl { missing: &'static str },
    InvalidArgument { name: &'static str, message: String },
    InvalidData { message: String },
    PayloadTooLarge { event: String, bytes: usize, limit: u32 },
    MissingVariables { names: String },
    DecryptionFailed { why: &'static str },
    Random { message: String },
}

impl Error {
    /// Names the event of a batch, counted from 0, that the error is about.
    #[must_use]
    pub fn at_index(mut self, index: usize) -> Self {
        self.index = Some(index);
        self
    }

    /// Position in the batch, counted from 0, of the event that the error is about.
    pub fn index(&self) -> Option<usize> {
        self.index
    }

    /// A stable name for the mistake, such as `invalid_channel`.
    pub fn code(&self) -> &'static str {
        self.kind.about().code
    }

    /// The name of the option, argument or parameter that was wrong.
    pub fn field(&self) -> &str {
        self.kind.about().field
    }

    /// What is allowed, or what to do; empty where the message says it all.
    pub fn hint(&self) -> &'static str {
        self.kind.about().hint
    }
}

/// What a program can tell a mistake by, and what a person can do about it.
struct About<'a> {
    code: &'static str,
    field: &'a str,
    hint: &'static str,
}

impl ErrorKind {
    fn about(&self) -> About<'_> {
        const CHANNEL: &str = "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;";
        const EVENT: &str = "An event name is a string of 1 to 200 characters.";
        const BATCH: &str = "A batch is a list of 1 to 10 events.";
        const MASTER_KEY: &str = "Pass `encryptionMasterKeyBase64`, 32 random bytes in base64, to the constructor.";
        let (code, field, hint) = match self {
            Self::InvalidChannel { .. } | Self::ChannelTooLong { .. } => ("invalid_channel", "channel", CHANNEL),
            Self::NoChannels => {
                ("invalid_channel", "channels", "Give one channel name, or a list of 1 to 100 of them.")
            }
            Self::TooManyChannels => (
                "too_many_channels",
                "channels",
                "Give at most 100 channels, and trigger the event again for the rest.",
            ),
            Self::EncryptedChannelAmongOthers => {
                ("encrypted_channel_among_others", "channels", "Trigger the event once for each encrypted channel.")
            }
            Self::InvalidEvent { .. } | Self::EventTooLong { .. } => ("invalid_event", "event", EVENT),
            Self::InvalidSocketId { .. } => (
                "invalid_socket_id",
                "socket_id",
                "A socket id is the string that the client has from Channels: digits, a dot, digits.",
            ),
            Self::InvalidUserId { .. } => ("invalid_user_id", "userId", "A user id is a string that is not empty."),
            Self::InvalidUserData { .. } => {
                ("invalid_user_data", "userData", "User data is an object with a string `id` that is not empty.")
            }
            Self::BatchTooLarge { .. } | Self::EmptyBatch => ("invalid_batch", "events", BATCH),
            Self::MissingOption { name } => ("missing_option", *name, "Pass it to the constructor."),
            Self::MissingVariables { .. } => {
                ("missing_option", "env", "Set PUSHER_URL=https://KEY:SECRET@HOST:PORT/apps/APP_ID, or each of them.")
            }
            Self::MasterKeyForEvents | Self::MasterKeyForSharedSecret => {
                ("missing_option", "encryptionMasterKeyBase64", MASTER_KEY)
            }
            Self::InvalidOption { name, .. } => ("invalid_option", *name, ""),
            Self::ReservedParameter { key } => {
                ("reserved_parameter", key.as_str(), "The library sets it when it signs the request.")
            }
            Self::InvalidPath { hint, .. } => ("invalid_path", "path", *hint),
            Self::InvalidUrl { .. } => ("invalid_url", "url", "The form is https://KEY:SECRET@HOST:PORT/apps/APP_ID."),
            Self::InvalidArgument { name, .. } => ("invalid_argument", *name, ""),
            Self::InvalidData { .. } => {
                ("invalid_data", "data", "Data is a string, or anything that JSON.stringify can serialise.")
            }
            Self::PayloadTooLarge { .. } => (
                "payload_too_large",
                "data",
                "Send less, or a reference to it; where your server allows more, set `maxPayloadBytes`.",
            ),
            Self::DecryptionFailed { .. } => ("decryption_failed", "data", ""),
            Self::Random { .. } => (
                "no_randomness",
                "randomBytes",
                "Pass the `randomBytes` option: a function of a length that returns bytes.",
            ),
        };
        About { code, field, hint }
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, index: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            ErrorKind::InvalidChannel { given } => write!(f, "Invalid channel name: '{given}'"),
            ErrorKind::ChannelTooLong { given } => write!(f, "Channel name too long: '{given}'"),
            ErrorKind::NoChannels => f.write_str("No channel to trigger the event on"),
            ErrorKind::TooManyChannels => f.write_str("Can't trigger a message to more than 100 channels"),
            ErrorKind::EncryptedChannelAmongOthers => {
                f.write_str("You cannot trigger to multiple channels when using encrypted channels")
            }
            ErrorKind::InvalidEvent { given } => write!(f, "Invalid event name: '{given}'"),
            ErrorKind::EventTooLong { given } => write!(f, "Too long event name: '{given}'"),
            ErrorKind::InvalidSocketId { given } => write!(f, "Invalid socket id: '{given}'"),
            ErrorKind::InvalidUserId { given } => write!(f, "Invalid user id: '{given}'"),
            ErrorKind::InvalidUserData { given } => write!(f, "Invalid user data: '{given}'"),
            ErrorKind::BatchTooLarge { count } => {
                write!(f, "Can't trigger a batch of more than 10 events, {count} given")
            }
            ErrorKind::EmptyBatch => f.write_str("No events to trigger"),
            ErrorKind::MissingOption { name } => write!(f, "The option `{name}` is not set"),
            ErrorKind::MasterKeyForEvents => {
                f.write_str("Set encryptionMasterKey before triggering events on encrypted channels")
            }
            ErrorKind::MasterKeyForSharedSecret => {
                f.write_str("Cannot generate shared_secret because encryptionMasterKey is not set")
            }
            ErrorKind::InvalidOption { message, .. }
            | ErrorKind::InvalidArgument { message, .. }
            | ErrorKind::InvalidData { message } => f.write_str(message),
            // The spelling is npm `pusher`'s.
            ErrorKind::ReservedParameter { key } => {
                write!(f, "{key} is a required parameter and cannot be overidden")
            }
            ErrorKind::InvalidPath { given, .. } => write!(f, "Invalid path: '{given}'"),
            ErrorKind::InvalidUrl { missing } => write!(f, "Invalid connection URL: {missing} is missing or malformed"),
            ErrorKind::PayloadTooLarge { event, bytes, limit } => {
                write!(f, "The data of event '{event}' is {bytes} bytes long, more than the {limit} that are allowed")
            }
            ErrorKind::MissingVariables { names } => {
                write!(f, "These environment variables are not set: {names}")
            }
            ErrorKind::DecryptionFailed { why } => write!(f, "Cannot decrypt the event: {why}"),
            ErrorKind::Random { message } => write!(f, "Cannot get random bytes: {message}"),
        }?;
        match self.index {
            Some(index) => write!(f, " (event {index} of the batch)"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Error {}
