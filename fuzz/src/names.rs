//! Names and ids, beside their rules written in another way.

use pusher_http_wasm::{
    auth::{authenticate_user, authorize_channel},
    event::JsonObject,
    request::Call,
    sign::Token,
    validate::{ChannelName, EventName, SocketId, UserId, channels_together},
};

use crate::{input::Input, server::hmac_sha256};

/// Lines, each of which may be a name of any kind.
pub fn names(input: &[u8]) {
    let mut input = Input(input);
    let mut lines = Vec::new();
    while !input.is_empty() {
        lines.push(input.text());
    }
    let mut channels = Vec::new();
    for text in &lines {
        let is_char = |char: char| char.is_ascii_alphanumeric() || "_-=@,.;".contains(char);
        let is_channel = (1..=200).contains(&text.len()) && text.chars().all(is_char);
        assert_eq!(ChannelName::parse(text).is_ok(), is_channel, "{text:?}");
        channels.extend(ChannelName::parse(text).ok());

        let is_event = (1..=200).contains(&text.encode_utf16().count());
        assert_eq!(EventName::parse(text).is_ok(), is_event, "{text:?}");

        let are_digits = |part: &str| !part.is_empty() && part.chars().all(|char| ('0'..='9').contains(&char));
        let is_socket_id =
            matches!(*text.split('.').collect::<Vec<_>>(), [one, other] if are_digits(one) && are_digits(other));
        assert_eq!(SocketId::parse(text).is_ok(), is_socket_id, "{text:?}");

        assert_eq!(UserId::parse(text).is_ok(), !text.is_empty());
        let is_user = text.strip_prefix("#server-to-user-").is_some_and(|id| !id.is_empty());
        assert_eq!(ChannelName::parse_user(text).is_ok(), is_user, "{text:?}");
        if let Ok(id) = UserId::parse(text) {
            assert_eq!(Call::terminate_user_connections(id).is_ok(), *text != "." && *text != "..");
        }

        let is_object = text.len() > 1 && text.starts_with('{') && text.ends_with('}');
        assert_eq!(JsonObject::from_text(text).is_some(), is_object, "{text:?}");
    }
    let are_together = !channels.is_empty()
        && channels.len() <= 3
        && (channels.len() == 1 || !channels.iter().any(|channel| channel.as_str().starts_with("private-encrypted-")));
    assert_eq!(channels_together(&channels, 3).is_ok(), are_together);
    authorise(&lines, &channels);
}

/// No signature stands for two purposes, and each is over the documented text.
fn authorise(lines: &[&str], channels: &[ChannelName<'_>]) {
    let token = Token::new("key", String::from("secret"));
    let signature = |text: &str| format!("key:{}", hmac_sha256(b"secret", text.as_bytes()));
    let Some(socket_id) = lines.iter().find_map(|line| SocketId::parse(line).ok()) else { return };
    let data = lines.last().copied().unwrap_or_default();
    let user = authenticate_user(&token, socket_id, data);
    assert_eq!(user, signature(&format!("{}::user::{data}", socket_id.as_str())));
    for channel in channels {
        for channel_data in [None, Some(data)] {
            let auth = authorize_channel(&token, socket_id, *channel, channel_data);
            let rest = channel_data.map(|data| format!(":{data}")).unwrap_or_default();
            assert_eq!(auth, signature(&format!("{}:{}{rest}", socket_id.as_str(), channel.as_str())));
            assert_ne!(auth, user);
        }
    }
}
