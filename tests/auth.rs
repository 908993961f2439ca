//! Answers for clients are those of the documentation, and one kind never passes for another.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use proptest::prelude::*;
use pusher_http_wasm::{
    auth::{authenticate_user, authorize_channel},
    validate::{ChannelName, SocketId},
};
use support::{any_text, server::hmac_sha256, text_of, token, token_of, vectors};

#[test]
fn authorizes_the_known_channels() {
    for vector in vectors("channel_auth") {
        let socket_id = SocketId::parse(text_of(&vector, "socket_id")).unwrap();
        let channel = ChannelName::parse(text_of(&vector, "channel")).unwrap();
        let data = vector.get("channel_data").map(|data| data.as_str().unwrap());
        assert_eq!(authorize_channel(&token_of(&vector), socket_id, channel, data), text_of(&vector, "auth"));
    }
}

#[test]
fn authenticates_the_known_users() {
    for vector in vectors("user_auth") {
        let socket_id = SocketId::parse(text_of(&vector, "socket_id")).unwrap();
        let auth = authenticate_user(&token_of(&vector), socket_id, text_of(&vector, "user_data"));
        assert_eq!(auth, text_of(&vector, "auth"));
    }
}

proptest! {
    #[test]
    fn signs_just_these_texts(
        (key, secret) in (any_text(), any_text()),
        socket_id in "[0-9]{1,9}\\.[0-9]{1,9}",
        channel in "[A-Za-z0-9_=@,.;-]{1,30}",
        data in any_text(),
    ) {
        let token = token(&key, secret.as_str());
        let signed = |text: String| format!("{key}:{}", hmac_sha256(secret.as_bytes(), text.as_bytes()));
        let (socket, name) = (SocketId::parse(&socket_id).unwrap(), ChannelName::parse(&channel).unwrap());
        prop_assert_eq!(authorize_channel(&token, socket, name, None), signed(format!("{socket_id}:{channel}")));
        let with_data = authorize_channel(&token, socket, name, Some(&data));
        prop_assert_eq!(with_data, signed(format!("{socket_id}:{channel}:{data}")));
        let user = authenticate_user(&token, socket, &data);
        prop_assert_eq!(user, signed(format!("{socket_id}::user::{data}")));
    }

    #[test]
    fn no_channel_can_be_named_so_that_its_signature_signs_a_user_in(user_data in any_text()) {
        for name in [format!(":user::{user_data}"), format!("a:{user_data}")] {
            prop_assert!(ChannelName::parse(&name).is_err());
        }
    }
}

#[test]
fn empty_channel_data_is_not_the_same_as_none() {
    let token = token("key", "secret");
    let (socket_id, channel) = (SocketId::parse("1.2").unwrap(), ChannelName::parse("presence-a").unwrap());
    let auth = |data| authorize_channel(&token, socket_id, channel, data);
    assert_ne!(auth(Some("")), auth(None));
}
