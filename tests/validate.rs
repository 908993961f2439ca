//! Names and ids are taken exactly where the documented rules allow them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod support;

use proptest::{char::range, collection::vec, prelude::*};
use pusher_http_wasm::validate::{
    ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together, path_without_query,
};
use support::{any_text, describe, text_out_of};

const CHANNEL_HINT: &str = "A channel name has 1 to 200 characters out of A-Z a-z 0-9 _ - = @ , . ;";

fn channels(names: &[&'static str]) -> Vec<ChannelName<'static>> {
    names.iter().map(|name| ChannelName::parse(name).unwrap()).collect()
}

proptest! {
    #[test]
    fn a_channel_name_is_what_the_documentation_says(name in prop_oneof![any_text(), text_out_of("azAZ09_-=@,.;:# é/")]) {
        let allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;";
        let expected = !name.is_empty() && name.chars().all(|char| allowed.contains(char));
        match ChannelName::parse(&name) {
            Ok(channel) => {
                prop_assert!(expected);
                prop_assert_eq!(channel.as_str(), &name);
            }
            Err(error) => {
                prop_assert!(!expected);
                prop_assert_eq!(describe(&error), (format!("Invalid channel name: '{name}'"), "invalid_channel", "channel"));
                prop_assert_eq!(error.hint(), CHANNEL_HINT);
            }
        }
    }

    #[test]
    fn a_socket_id_is_digits_a_dot_digits(id in prop_oneof![any_text(), text_out_of("0123456789..- +٣a")]) {
        let parts: Vec<&str> = id.split('.').collect();
        let digits = |part: &&str| !part.is_empty() && part.chars().all(|char| "0123456789".contains(char));
        let expected = parts.len() == 2 && parts.iter().all(digits);
        match SocketId::parse(&id) {
            Ok(socket_id) => {
                prop_assert!(expected);
                prop_assert_eq!(socket_id.as_str(), &id);
            }
            Err(error) => {
                prop_assert!(!expected);
                prop_assert_eq!(describe(&error), (format!("Invalid socket id: '{id}'"), "invalid_socket_id", "socket_id"));
            }
        }
    }

    #[test]
    fn an_event_name_is_anything_of_1_to_200_code_units(char in any::<char>(), count in 0..210_usize, rest in any_text()) {
        let name = char.to_string().repeat(count) + &rest;
        let expected = (1..=200).contains(&name.encode_utf16().count());
        prop_assert_eq!(EventName::parse(&name).map(|event| event.as_str().to_owned()).ok(), expected.then_some(name));
    }

    #[test]
    fn an_event_name_has_two_code_units_for_each_character_beyond_the_basic_plane(
        beyond in vec(range('\u{10000}', char::MAX), 0..=101), rest in vec(range('a', '\u{d7ff}'), 0..=3),
    ) {
        let units = 2 * beyond.len() + rest.len();
        let name: String = beyond.into_iter().chain(rest).collect();
        prop_assert_eq!(units, name.encode_utf16().count());
        prop_assert_eq!(EventName::parse(&name).is_ok(), (1..=200).contains(&units));
    }

    #[test]
    fn a_user_id_is_any_string_but_the_empty_one(id in any_text()) {
        prop_assert_eq!(UserId::parse(&id).map(|user| user.as_str().to_owned()).ok(), (!id.is_empty()).then_some(id));
    }

    #[test]
    fn a_path_has_no_query_and_no_fragment(path in prop_oneof![any_text(), text_out_of("/a?#%é")]) {
        match path_without_query(&path) {
            Ok(()) => prop_assert!(!path.contains(['?', '#'])),
            Err(error) => {
                prop_assert!(path.contains(['?', '#']));
                prop_assert_eq!(describe(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
                prop_assert_eq!(error.hint(), "Give query parameters in `params`.");
            }
        }
    }

    #[test]
    fn only_its_own_function_accepts_a_users_channel(id in any_text().prop_filter("empty", |id| !id.is_empty())) {
        let name = format!("#server-to-user-{id}");
        let channel = ChannelName::parse_user(&name).unwrap();
        prop_assert_eq!(channel.as_str(), &name);
        prop_assert!(!channel.is_encrypted());
        prop_assert!(ChannelName::parse(&name).is_err());
        prop_assert!(ChannelName::parse_user(&id).is_err() || id.starts_with("#server-to-user-"));
    }
}

#[test]
fn each_character_is_allowed_or_refused_in_channel_names() {
    let allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-=@,.;";
    // Also those that have an allowed character's lower bits.
    for char in (0..0x800).chain([0x2041, 0xff21, 0x1_d400]).filter_map(char::from_u32) {
        assert_eq!(ChannelName::parse(&char.to_string()).is_ok(), allowed.contains(char), "{char:?}");
    }
}

#[test]
fn a_users_channel_has_an_id() {
    for name in ["#server-to-user-", "#server-to-user", "", "presence-a"] {
        let error = ChannelName::parse_user(name).unwrap_err();
        assert_eq!(describe(&error), ("Invalid user id: ''".into(), "invalid_user_id", "userId"));
    }
}

#[test]
fn a_channel_name_has_at_most_200_characters() {
    assert!(ChannelName::parse(&"a".repeat(200)).is_ok());
    let long = "a".repeat(201);
    let error = ChannelName::parse(&long).unwrap_err();
    assert_eq!(describe(&error), (format!("Channel name too long: '{long}'"), "invalid_channel", "channel"));
    assert_eq!(error.hint(), CHANNEL_HINT);
}

#[test]
fn an_event_name_is_counted_as_javascript_counts() {
    // One code unit and two bytes; two code units and four bytes.
    assert!(EventName::parse(&"é".repeat(200)).is_ok());
    assert!(EventName::parse(&"😀".repeat(100)).is_ok());
    for long in ["a".repeat(201), "é".repeat(201), "😀".repeat(101)] {
        let error = EventName::parse(&long).unwrap_err();
        assert_eq!(describe(&error), (format!("Too long event name: '{long}'"), "invalid_event", "event"));
        assert_eq!(error.hint(), "An event name is a string of 1 to 200 characters.");
    }
    assert_eq!(
        describe(&EventName::parse("").unwrap_err()),
        ("Invalid event name: ''".into(), "invalid_event", "event")
    );
}

#[test]
fn says_what_a_socket_id_and_a_user_id_are() {
    let error = SocketId::parse("1.2\n").unwrap_err();
    assert_eq!(error.hint(), "A socket id is the client's from Channels: digits, a dot, digits.");
    let error = UserId::parse("").unwrap_err();
    assert_eq!(describe(&error), ("Invalid user id: ''".into(), "invalid_user_id", "userId"));
    let hint = "A user id is a non-empty string: a member's `user_id`, a user's `id`.";
    assert_eq!(error.hint(), hint);
}

#[test]
fn the_prefix_alone_says_whether_a_channel_is_encrypted() {
    let encrypted = |name| ChannelName::parse(name).unwrap().is_encrypted();
    assert!(encrypted("private-encrypted-"));
    assert!(encrypted("private-encrypted-cache-a"));
    for plain in
        ["private-encrypted", "private-a", "presence-encrypted-a", "Private-encrypted-a", "a-private-encrypted-"]
    {
        assert!(!encrypted(plain), "{plain}");
    }
}

#[test]
fn the_prefix_alone_says_whether_a_channel_has_members() {
    let presence = |name| ChannelName::parse(name).unwrap().is_presence();
    assert!(presence("presence-"));
    assert!(presence("presence-cache-a"));
    for other in ["presence", "private-a", "private-encrypted-a", "Presence-a", "a-presence-"] {
        assert!(!presence(other), "{other}");
    }
}

#[test]
fn an_encrypted_channel_has_a_trigger_of_its_own() {
    assert!(channels_together(&channels(&["private-encrypted-a"]), 100).is_ok());
    assert!(channels_together(&channels(&["a", "private-b", "presence-c"]), 100).is_ok());
    for names in [["private-encrypted-a", "b"], ["a", "private-encrypted-b"], ["private-encrypted-a"; 2]] {
        let error = channels_together(&channels(&names), 100).unwrap_err();
        let message = "You cannot trigger to multiple channels when using encrypted channels";
        assert_eq!(describe(&error), (message.into(), "encrypted_channel_among_others", "channels"));
        assert_eq!(error.hint(), "Trigger the event once for each encrypted channel.");
    }
}

#[test]
fn a_trigger_reaches_as_many_channels_as_are_allowed() {
    for (count, max) in (0..=102).flat_map(|count| [(count, 1), (count, 100), (count, 101)]) {
        let together = channels_together(&channels(&vec!["a"; count]), max);
        assert_eq!(together, channel_count(count, max));
        assert_eq!(together.is_ok(), (1..=max).contains(&count), "{count}");
    }
    let error = channel_count(0, 100).unwrap_err();
    assert_eq!(describe(&error), ("No channel to trigger the event on".into(), "invalid_channel", "channels"));
    assert_eq!(error.hint(), "Give one channel name, or a list of them.");
    for max in [7, 100] {
        let error = channel_count(max + 1, max).unwrap_err();
        let message = format!("Can't trigger a message to more than {max} channels");
        assert_eq!(describe(&error), (message, "too_many_channels", "channels"));
        let hint = "Send the rest separately; where your server allows more, set `maxChannels`.";
        assert_eq!(error.hint(), hint);
    }
}

#[test]
fn a_batch_holds_as_many_events_as_are_allowed() {
    for max in [1, 10, 11] {
        assert!((1..=max).all(|count| batch_size(count, max).is_ok()));
        let error = batch_size(0, max).unwrap_err();
        assert_eq!(describe(&error), ("No events to trigger".into(), "invalid_batch", "events"));
        assert_eq!(error.hint(), "A batch is a list of events.");
        for count in [max + 1, usize::MAX] {
            let error = batch_size(count, max).unwrap_err();
            let message = format!("Can't trigger a batch of more than {max} events");
            assert_eq!(describe(&error), (message, "invalid_batch", "events"));
            let hint = "Send the rest separately; where your server allows more, set `maxBatchEvents`.";
            assert_eq!(error.hint(), hint);
        }
    }
}

proptest! {
    #[test]
    fn a_channel_name_is_refused_for_its_length_from_201_on(start in "[A-Za-z0-9_=@,.;-]{0,9}", length in 190..210_usize) {
        let name: String = start.chars().chain("a".chars().cycle()).take(length).collect();
        match ChannelName::parse(&name) {
            Ok(_) => prop_assert!(length <= 200),
            Err(error) => {
                prop_assert!(length > 200);
                prop_assert_eq!(error.to_string(), format!("Channel name too long: '{name}'"));
            }
        }
    }

    #[test]
    fn the_beginning_of_a_name_says_what_a_channel_is(
        start in prop_oneof![Just("private-encrypted-"), Just("presence-"), Just("private-"), Just("private-encrypted"), Just("")],
        rest in "[A-Za-z0-9_=@,.;-]{1,20}",
    ) {
        let name = format!("{start}{rest}");
        let channel = ChannelName::parse(&name).unwrap();
        prop_assert_eq!(channel.is_encrypted(), name.starts_with("private-encrypted-"));
        prop_assert_eq!(channel.is_presence(), name.starts_with("presence-"));
    }

    #[test]
    fn channels_share_a_trigger_unless_one_is_encrypted(
        names in vec(prop_oneof![3 => Just("a"), 3 => Just("presence-b"), 1 => Just("private-encrypted-c")], 0..6), max in 0..6_usize,
    ) {
        let count = names.len();
        let is_encrypted = |name: &&str| name.starts_with("private-encrypted-");
        let code = match channels_together(&channels(&names), max) {
            Ok(()) => None,
            Err(error) => Some(error.code().to_owned()),
        };
        let expected = match count {
            0 => Some("invalid_channel"),
            _ if count > max => Some("too_many_channels"),
            _ if count > 1 && names.iter().any(is_encrypted) => Some("encrypted_channel_among_others"),
            _ => None,
        };
        prop_assert_eq!(code.as_deref(), expected);
    }

    #[test]
    fn a_count_is_allowed_from_1_to_the_most(count in 0..30_usize, max in 0..30_usize) {
        prop_assert_eq!(channel_count(count, max).is_ok(), (1..=max).contains(&count));
        prop_assert_eq!(batch_size(count, max).is_ok(), (1..=max).contains(&count));
    }
}
