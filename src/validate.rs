//! Names and ids that are parsed once, at the border, and then trusted.
//!
//! The limits are those of the Channels documentation and of the official libraries: a channel name is ASCII, and the
//! lengths of names are counted as JavaScript counts them, in UTF-16 code units.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use crate::{
    error::{
        BATCH_TOO_LARGE, CHANNEL_TOO_LONG, EMPTY_BATCH, ENCRYPTED_AMONG_OTHERS, EVENT_TOO_LONG, Error, INVALID_CHANNEL,
        INVALID_EVENT, INVALID_SOCKET_ID, INVALID_USER_ID, NO_CHANNELS, TOO_MANY_CHANNELS,
    },
    text::{concat, decimal},
};

/// Longest channel name, in characters. (The documentation says 164, every official library says 200.)
pub const MAX_CHANNEL_NAME: usize = 200;
/// Longest event name, in UTF-16 code units.
pub const MAX_EVENT_NAME: usize = 200;
/// Most channels that one trigger reaches.
pub const MAX_CHANNELS: usize = 100;
/// Most events in one batch.
pub const MAX_BATCH: usize = 10;

const ENCRYPTED_PREFIX: &str = "private-encrypted-";
const USER_CHANNEL_PREFIX: &str = "#server-to-user-";

/// The name of a channel: 1 to 200 characters out of `A-Z a-z 0-9 _ - = @ , . ;`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelName<'a>(Cow<'a, str>);

impl<'a> ChannelName<'a> {
    /// Checks a channel's name. This is also what keeps signatures apart: a "channel" such as `:user::{"id":"x"}` would
    /// make a channel's signature pass for that of a signed-in user.
    ///
    /// # Errors
    /// `invalid_channel`, when the name is empty, too long, or has a character that is not allowed.
    pub fn parse(name: &'a str) -> Result<Self, Error> {
        let allowed =
            |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'=' | b'@' | b',' | b'.' | b';');
        if name.is_empty() || !name.bytes().all(allowed) {
            return Err(Error::new(&INVALID_CHANNEL, name));
        }
        if name.len() > MAX_CHANNEL_NAME {
            return Err(Error::new(&CHANNEL_TOO_LONG, name));
        }
        Ok(Self(Cow::Borrowed(name)))
    }

    /// The channel that reaches all connections of a signed-in user. No caller can name it otherwise.
    #[cfg_attr(npm, optimize(size))]
    pub fn of_user(user_id: &UserId<'_>) -> ChannelName<'static> {
        ChannelName(Cow::Owned(concat(&[USER_CHANNEL_PREFIX, user_id.as_str()])))
    }

    /// The name as it is sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether events on the channel are end-to-end encrypted, which its prefix `private-encrypted-` says.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with(ENCRYPTED_PREFIX)
    }
}

impl Serialize for ChannelName<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Checks that a list of channels can share one trigger: 1 to 100 of them, and an encrypted one only by itself.
///
/// # Errors
/// `invalid_channel`, `too_many_channels` or `encrypted_channel_among_others`.
#[cfg_attr(npm, optimize(size))]
pub fn channels_together(channels: &[ChannelName<'_>]) -> Result<(), Error> {
    channel_count(channels.len())?;
    if channels.len() > 1 && channels.iter().any(ChannelName::is_encrypted) {
        return Err(Error::new(&ENCRYPTED_AMONG_OTHERS, ""));
    }
    Ok(())
}

/// Checks that one trigger may reach `count` channels.
///
/// # Errors
/// `invalid_channel` for none, `too_many_channels` for more than 100.
#[cfg_attr(npm, optimize(size))]
pub fn channel_count(count: usize) -> Result<(), Error> {
    match count {
        0 => Err(Error::new(&NO_CHANNELS, "")),
        1..=MAX_CHANNELS => Ok(()),
        _ => Err(Error::new(&TOO_MANY_CHANNELS, "")),
    }
}

/// Checks that one batch may hold `count` events.
///
/// # Errors
/// `invalid_batch`, for none or for more than 10.
#[cfg_attr(npm, optimize(size))]
pub fn batch_size(count: usize) -> Result<(), Error> {
    match count {
        0 => Err(Error::new(&EMPTY_BATCH, "")),
        1..=MAX_BATCH => Ok(()),
        _ => Err(Error::new(&BATCH_TOO_LARGE, &decimal(count as u64))),
    }
}

/// The name of an event: 1 to 200 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventName<'a>(&'a str);

impl<'a> EventName<'a> {
    /// Checks an event's name.
    ///
    /// # Errors
    /// `invalid_event`, when the name is empty or longer than 200 UTF-16 code units.
    pub fn parse(name: &'a str) -> Result<Self, Error> {
        if name.is_empty() {
            return Err(Error::new(&INVALID_EVENT, name));
        }
        // A UTF-8 string is never shorter, in bytes, than in code units.
        if name.len() > MAX_EVENT_NAME && name.encode_utf16().count() > MAX_EVENT_NAME {
            return Err(Error::new(&EVENT_TOO_LONG, name));
        }
        Ok(Self(name))
    }

    /// The name as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

/// The id of a client's connection: ASCII digits, a dot, ASCII digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketId<'a>(&'a str);

impl<'a> SocketId<'a> {
    /// Checks a socket id.
    ///
    /// # Errors
    /// `invalid_socket_id`.
    pub fn parse(id: &'a str) -> Result<Self, Error> {
        let (mut dots, mut last) = (0_usize, b'.');
        for byte in id.bytes() {
            match byte {
                b'.' if last != b'.' => dots = dots.saturating_add(1),
                b'0'..=b'9' => {}
                _ => return Err(Error::new(&INVALID_SOCKET_ID, id)),
            }
            last = byte;
        }
        if dots == 1 && last != b'.' { Ok(Self(id)) } else { Err(Error::new(&INVALID_SOCKET_ID, id)) }
    }

    /// The id as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

/// The id of a user: any string that is not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserId<'a>(&'a str);

impl<'a> UserId<'a> {
    /// Checks a user's id.
    ///
    /// # Errors
    /// `invalid_user_id`, when the id is empty.
    pub fn parse(id: &'a str) -> Result<Self, Error> {
        if id.is_empty() {
            return Err(Error::new(&INVALID_USER_ID, id));
        }
        Ok(Self(id))
    }

    /// The id as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}
