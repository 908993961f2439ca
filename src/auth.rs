//! Answers for clients: whether this socket may subscribe to the channel, and who its user is.
//!
//! Source of the rules: the Channels documentation, "Auth signatures". JSON texts come in as strings and are signed as they
//! are, to the letter.

use crate::{
    query::USUAL_CAPACITY,
    sign::Token,
    text::push_all,
    validate::{ChannelName, SocketId},
};

/// Returns the `auth` of a private, presence or encrypted channel: `key:signature`.
///
/// `channel_data` is for presence channels only: the JSON text with the member's `user_id` and `user_info`.
///
/// ```
/// use pusher_http_wasm::{auth::authorize_channel, sign::Token, validate::{ChannelName, SocketId}};
///
/// let token = Token::new("278d425bdf160c739803", String::from("7ad3773142a6692b25b8"));
/// let auth = authorize_channel(&token, SocketId::parse("1234.1234")?, ChannelName::parse("private-foobar")?, None);
/// assert_eq!(auth, "278d425bdf160c739803:58df8b0c36d6982b82c3ecf6b4662e34fe8c25bba48f5369f135bf843651c3a4");
/// # Ok::<(), pusher_http_wasm::error::Error>(())
/// ```
pub fn authorize_channel(
    token: &Token,
    socket_id: SocketId<'_>,
    channel: ChannelName<'_>,
    channel_data: Option<&str>,
) -> String {
    let (colon, data) = channel_data.map_or(("", ""), |data| (":", data));
    authorize(token, &[socket_id.as_str(), ":", channel.as_str(), colon, data])
}

/// Returns the `auth` of a user who signs in: `key:signature`. `user_data` is the JSON text with the user's `id`.
pub fn authenticate_user(token: &Token, socket_id: SocketId<'_>, user_data: &str) -> String {
    authorize(token, &[socket_id.as_str(), "::user::", user_data])
}

fn authorize(token: &Token, signed: &[&str]) -> String {
    let mut text = String::new();
    // Usually enough for both. Memory of its own for each would take 5 % of an authorisation.
    text.reserve(USUAL_CAPACITY);
    push_all(&mut text, signed);
    let signature = token.signature(text.as_bytes());
    text.clear();
    push_all(&mut text, &[token.key(), ":", signature.as_str()]);
    text
}
