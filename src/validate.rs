//! Names and ids, parsed once and then trusted.
//!
//! Source of the rules: the Channels documentation, "Channel naming conventions", and the official libraries. A channel name is ASCII; the
//! lengths of names are counted as JavaScript counts them, in UTF-16 code units.

use serde::Serialize;

use crate::{
    error::{
        BATCH_TOO_LARGE, CHANNEL_TOO_LONG, EMPTY_BATCH, ENCRYPTED_AMONG_OTHERS, EVENT_TOO_LONG, Error, INVALID_CHANNEL,
        INVALID_EVENT, INVALID_SOCKET_ID, INVALID_USER_ID, NO_CHANNELS, PATH_WITH_QUERY, Rule, TOO_MANY_CHANNELS,
    },
    text::{AsciiSet, decimal, parse_u32, split_at_byte, until_byte},
};

/// The longest channel name, in characters. (The documentation says 164, every official library says 200.)
pub const MAX_CHANNEL_NAME: usize = 200;
/// The longest event name, in UTF-16 code units.
pub const MAX_EVENT_NAME: usize = 200;
/// The most channels that one trigger reaches at Pusher.
pub const MAX_CHANNELS: u32 = 100;
/// The most events in one batch at Pusher.
pub const MAX_BATCH: u32 = 10;

const CHANNEL_CHARS: AsciiSet = AsciiSet::letters_digits_and(b"_-=@,.;");
const ENCRYPTED_PREFIX: &str = "private-encrypted-";
const PRESENCE_PREFIX: &str = "presence-";
const USER_CHANNEL_PREFIX: &str = "#server-to-user-";

/// The name of a channel: 1 to 200 characters out of `A-Z a-z 0-9 _ - = @ , . ;`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ChannelName<'a>(&'a str);

impl<'a> ChannelName<'a> {
    /// Checks a channel's name. This also keeps signatures apart: the signature for a channel named `:user::{"id":"x"}` would sign that
    /// user in.
    ///
    /// ```
    /// use pusher_http_wasm::validate::ChannelName;
    ///
    /// assert_eq!(ChannelName::parse("presence-room")?.as_str(), "presence-room");
    /// assert_eq!(ChannelName::parse("#room").unwrap_err().to_string(), "Invalid channel name: '#room'");
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_channel`, if the name is empty, too long, or has a character that is not allowed.
    pub fn parse(name: &'a str) -> Result<Self, Error> {
        if name.is_empty() || !CHANNEL_CHARS.contains_all(name) {
            return Err(Error::new(INVALID_CHANNEL, name));
        }
        if name.len() > MAX_CHANNEL_NAME {
            return Err(Error::new(CHANNEL_TOO_LONG, name));
        }
        Ok(Self(name))
    }

    /// Checks the name of the channel that reaches every connection of a signed-in user: `#server-to-user-`, and the user's id. No other
    /// function accepts it.
    ///
    /// # Errors
    /// `invalid_user_id`, if there is no id.
    pub fn parse_user(name: &'a str) -> Result<Self, Error> {
        UserId::parse(name.strip_prefix(USER_CHANNEL_PREFIX).unwrap_or_default())?;
        Ok(Self(name))
    }

    /// Returns the name as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }

    /// Tells whether the channel reaches a user: see [`parse_user`](Self::parse_user).
    pub(crate) fn is_user(&self) -> bool {
        self.0.as_bytes().first() == Some(&b'#')
    }

    /// Tells whether events on the channel are end-to-end encrypted: whether its name begins with `private-encrypted-`.
    pub fn is_encrypted(&self) -> bool {
        self.0.starts_with(ENCRYPTED_PREFIX)
    }

    /// Tells whether the channel has members: whether its name begins with `presence-`.
    pub fn is_presence(&self) -> bool {
        self.0.starts_with(PRESENCE_PREFIX)
    }
}

/// Checks that the channels can share one trigger: 1 to `max` of them, an encrypted one only by itself.
///
/// # Errors
/// `invalid_channel`, `too_many_channels` or `encrypted_channel_among_others`.
pub fn channels_together(channels: &[ChannelName<'_>], max: usize) -> Result<(), Error> {
    channel_count(channels.len(), max)?;
    if channels.len() > 1 && channels.iter().any(ChannelName::is_encrypted) {
        return Err(Error::new(ENCRYPTED_AMONG_OTHERS, ""));
    }
    Ok(())
}

/// Checks that one trigger may reach `count` channels.
///
/// # Errors
/// `invalid_channel` for none, `too_many_channels` for more than `max`.
pub fn channel_count(count: usize, max: usize) -> Result<(), Error> {
    check_count(count, max, NO_CHANNELS, TOO_MANY_CHANNELS)
}

/// Checks that one batch may hold `count` events.
///
/// # Errors
/// `invalid_batch`, for none or for more than `max`.
pub fn batch_size(count: usize, max: usize) -> Result<(), Error> {
    check_count(count, max, EMPTY_BATCH, BATCH_TOO_LARGE)
}

#[inline(never)]
fn check_count(count: usize, max: usize, none: Rule, too_many: Rule) -> Result<(), Error> {
    match count {
        0 => Err(Error::new(none, "")),
        _ if count > max => Err(Error::new(too_many, &decimal(max as u64))),
        _ => Ok(()),
    }
}

/// The name of an event: 1 to 200 characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventName<'a>(&'a str);

impl<'a> EventName<'a> {
    /// Checks an event's name.
    ///
    /// # Errors
    /// `invalid_event`, if the name is empty or longer than 200 UTF-16 code units.
    pub fn parse(name: &'a str) -> Result<Self, Error> {
        if name.is_empty() {
            return Err(Error::new(INVALID_EVENT, name));
        }
        // There are at least as many bytes.
        if name.len() > MAX_EVENT_NAME && utf16_length(name) > MAX_EVENT_NAME {
            return Err(Error::new(EVENT_TOO_LONG, name));
        }
        Ok(Self(name))
    }

    /// Returns the name as it is sent.
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
        let are_digits = |text| parse_u32(text).is_some();
        let valid = split_at_byte(id, b'.').is_some_and(|(one, other)| are_digits(one) && are_digits(other));
        if valid { Ok(Self(id)) } else { Err(Error::new(INVALID_SOCKET_ID, id)) }
    }

    /// Returns the id as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

/// The id of a user: any non-empty string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UserId<'a>(&'a str);

impl<'a> UserId<'a> {
    /// Checks a user's id.
    ///
    /// # Errors
    /// `invalid_user_id`, if the id is empty.
    pub fn parse(id: &'a str) -> Result<Self, Error> {
        if id.is_empty() {
            return Err(Error::new(INVALID_USER_ID, id));
        }
        Ok(Self(id))
    }

    /// Returns the id as it is sent.
    pub fn as_str(&self) -> &'a str {
        self.0
    }
}

/// Checks that a path has no query and no fragment: a signature covers them as parameters, or not at all.
///
/// # Errors
/// `invalid_path`.
pub fn path_without_query(path: &str) -> Result<(), Error> {
    if until_byte(until_byte(path, b'?'), b'#').len() < path.len() {
        return Err(Error::new(PATH_WITH_QUERY, path));
    }
    Ok(())
}

/// Returns the text's length in UTF-16 code units: two for a character beyond the basic plane, which has four bytes in UTF-8.
fn utf16_length(text: &str) -> usize {
    text.bytes()
        .map(|byte| usize::from(byte & 0xc0 != 0x80).saturating_add(usize::from(byte >= 0xf0)))
        .fold(0, usize::saturating_add)
}
