//! Answers for clients: may this socket subscribe to the channel, and who is its user.
//!
//! Source of the rules: the Channels documentation, "Auth signatures". What is signed here is signed to the letter, so
//! the JSON texts come in as strings and go out as the very same strings.

use crate::{
    sign::Token,
    text::{concat, push_all},
    validate::{ChannelName, SocketId},
};

/// The `auth` of a private, presence or encrypted channel: `key:signature`.
///
/// `channel_data` is the JSON text with the `user_id` and `user_info` of a presence channel's member.
pub fn authorize_channel(
    token: &Token,
    socket_id: SocketId<'_>,
    channel: ChannelName<'_>,
    channel_data: Option<&str>,
) -> String {
    let mut auth = String::new();
    push_authorization(&mut auth, token, socket_id, channel, channel_data);
    auth
}

/// Adds what [`authorize_channel`] gives.
pub(crate) fn push_authorization(
    auth: &mut String,
    token: &Token,
    socket_id: SocketId<'_>,
    channel: ChannelName<'_>,
    channel_data: Option<&str>,
) {
    let (colon, data) = channel_data.map_or(("", ""), |data| (":", data));
    push_auth(auth, token, &[socket_id.as_str(), ":", channel.as_str(), colon, data]);
}

/// The `auth` of a user who signs in: `key:signature`. `user_data` is the JSON text with the user's `id`.
pub fn authenticate_user(token: &Token, socket_id: SocketId<'_>, user_data: &str) -> String {
    let mut auth = String::new();
    push_authentication(&mut auth, token, socket_id, user_data);
    auth
}

/// Adds what [`authenticate_user`] gives.
pub(crate) fn push_authentication(auth: &mut String, token: &Token, socket_id: SocketId<'_>, user_data: &str) {
    push_auth(auth, token, &[socket_id.as_str(), "::user::", user_data]);
}

fn push_auth(auth: &mut String, token: &Token, signed: &[&str]) {
    push_all(auth, &[token.key(), ":"]);
    token.push_signature(auth, concat(signed).as_bytes());
}
