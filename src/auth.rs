//! Answers for clients: may this socket subscribe to the channel, and who is its user.
//!
//! Source of the rules: the Channels documentation, "Auth signatures". What is signed here is signed to the letter, so
//! the JSON texts come in as strings and go out as the very same strings.

use crate::{
    sign::Token,
    text::concat,
    validate::{ChannelName, SocketId},
};

/// The `auth` of a private, presence or encrypted channel: `key:signature`.
///
/// `channel_data` is the JSON text with the `user_id` and `user_info` of a presence channel's member.
pub fn authorize_channel(
    token: &Token,
    socket_id: &SocketId<'_>,
    channel: &ChannelName<'_>,
    channel_data: Option<&str>,
) -> String {
    let (socket_id, channel) = (socket_id.as_str().as_bytes(), channel.as_str().as_bytes());
    let signature = match channel_data {
        Some(data) => token.sign_parts(&[socket_id, b":", channel, b":", data.as_bytes()]),
        None => token.sign_parts(&[socket_id, b":", channel]),
    };
    with_key(token, &signature)
}

/// The `auth` of a user who signs in: `key:signature`. `user_data` is the JSON text with the user's `id`.
pub fn authenticate_user(token: &Token, socket_id: &SocketId<'_>, user_data: &str) -> String {
    let signature = token.sign_parts(&[socket_id.as_str().as_bytes(), b"::user::", user_data.as_bytes()]);
    with_key(token, &signature)
}

fn with_key(token: &Token, signature: &str) -> String {
    concat(&[token.key(), ":", signature])
}
