//! Mistakes are told in the order of reading: names first, data second, credentials third. Each story begins with a call that is wrong
//! throughout, and mends it step by step.

use super::calls::{
    Call, MASTER_KEY, authenticate, authorize, batch, channel, channel_users, channels, client, client_of,
    client_with_master_key, decrypt, event, get, options, pack, post, shared_secret, sign, sign_query, terminate,
    trigger, unreadable_event,
};
use crate::{
    error::Error,
    validate::{ChannelName, channel_count},
    wasm::frame::{
        Kind,
        frames::{Mistake, Value},
    },
};

const PATH_HINT: &str = "Give query parameters in `params`.";
const ENCRYPTED: &str = "private-encrypted-a";
const NO_MASTER_KEY_FOR_EVENTS: &str = "Set encryptionMasterKey before triggering events on encrypted channels";
const NO_MASTER_KEY_FOR_SECRET: &str = "Cannot generate shared_secret because encryptionMasterKey is not set";

/// What is said of a field that could not be made. No caller sees it: JavaScript throws the exception that it has kept.
fn failed(number: usize) -> String {
    format!("Field {number} of the frame could not be made")
}

/// Data that is one byte too large.
fn too_large() -> String {
    format!("\"{}\"", "x".repeat(10_241))
}

const TOO_LARGE: &str = "The data of event 'e' is 10241 bytes long, more than the 10240 that are allowed";

/// The answer that the core's error is.
fn mistake_of(error: &Error) -> Mistake {
    Mistake {
        code: error.code().to_owned(),
        field: error.field().to_owned(),
        message: error.message(),
        hint: error.hint().to_owned(),
        index: error.event().map(|index| index.to_string()),
    }
}

#[test]
fn an_error_is_an_answer_with_all_that_the_core_says() {
    let answer = channel_users().channel("a b").ask(&client());
    assert_eq!(answer.kind, Kind::Error);
    assert_eq!(answer.mistake(), mistake_of(&ChannelName::parse("a b").unwrap_err()));
}

#[test]
fn an_error_about_an_event_of_a_batch_has_its_index() {
    let mistake = batch([event(), event().channel("a b")]).mistake(&client());
    assert_eq!(mistake, mistake_of(&ChannelName::parse("a b").unwrap_err().of_event(1)));
}

#[test]
fn an_error_may_have_no_hint() {
    let call = decrypt().channel(ENCRYPTED).nonce("").ciphertext("");
    let mistake = call.mistake(&client_with_master_key());
    let expected = ["decryption_failed", "data", "Cannot decrypt the event: its nonce is not 24 bytes of base64", ""];
    assert_eq!([mistake.code, mistake.field, mistake.message, mistake.hint], expected);
}

#[test]
fn a_field_that_could_not_be_made_is_a_failure() {
    let answer = trigger().event("e").data(Value::Failed).channels(["a"]).ask(&client());
    assert_eq!(answer.kind, Kind::Failure);
    let Mistake { code, message, .. } = answer.mistake();
    assert_eq!([&*code, &*message], ["invalid_data", &failed(2)]);
}

#[test]
fn a_failure_names_the_field_by_its_number() {
    let mistake = trigger().event("e").data(Value::Failed).channels(["a"]).mistake(&client());
    assert_eq!(mistake.field, "2");
    // The first one that is met, not the first one in the frame: the names of all events come before their data.
    let mistake = batch([event().data(Value::Failed), unreadable_event()]).mistake(&client());
    assert_eq!((&*mistake.field, mistake.index.as_deref()), ("7", Some("1")));
}

#[test]
fn what_is_no_string_is_no_name() {
    for value in [Value::Absent, Value::from(&b"abc"[..])] {
        let message = channel_users().channel(value).message_of_mistake(&client());
        assert_eq!(message, "Invalid channel name: ''");
    }
}

#[test]
fn a_member_of_a_presence_channel_has_an_id() {
    let hint = "A user id is a non-empty string: a member's `user_id`, a user's `id`.";
    let call = authorize().socket_id("1.2").channel("presence-a");
    assert_eq!(call.clone().channel_data(Value::Failed).message_of_mistake(&client()), failed(2));
    for (call, message) in [
        (call.clone(), "Invalid user id: ''"),
        (call.clone().channel_data("{}"), "Invalid user id: ''"),
        (call.clone().channel_data("{}").user_id(""), "Invalid user id: ''"),
        (call.clone().channel_data("{}").user_id(Value::Failed), &failed(3)),
    ] {
        let mistake = call.mistake(&client_of(options()));
        assert_eq!(mistake.message, message);
        assert!(mistake.code == "invalid_data" || (&*mistake.code, &*mistake.hint) == ("invalid_user_id", hint));
    }
    for call in [call.channel_data("{}").user_id("u"), authorize().socket_id("1.2").channel("presence")] {
        assert_eq!(call.ask(&client()).kind, Kind::Plain);
    }
}

#[test]
fn a_trigger_tells_names_then_data_then_credentials() {
    let client = client_of(options());
    let call = trigger().socket_id("x").event(Value::Absent).data(Value::Failed).channels::<0>([""; 0]);
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid socket id: 'x'");
    let call = call.socket_id("1.2");
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid event name: ''");
    let call = call.event("e");
    assert_eq!(call.clone().message_of_mistake(&client), "No channel to trigger the event on");
    let call = call.channels(["a", ENCRYPTED, "a b"]);
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid channel name: 'a b'");
    let call = call.channels(["a", ENCRYPTED]);
    let message = "You cannot trigger to multiple channels when using encrypted channels";
    assert_eq!(call.clone().message_of_mistake(&client), message);
    let call = call.channels(["a", "b"]);
    assert_eq!(call.clone().message_of_mistake(&client), failed(2));
    let call = call.data(too_large());
    assert_eq!(call.clone().message_of_mistake(&client), TOO_LARGE);
    let call = call.data("\"x\"");
    assert_eq!(call.message_of_mistake(&client), "The option `appId` is not set");
}

#[test]
fn a_trigger_on_an_encrypted_channel_tells_of_the_master_key_then_data_then_randomness() {
    let call = trigger().event("e").data(Value::Failed).channels([ENCRYPTED]);
    assert_eq!(call.clone().message_of_mistake(&client_of(options())), NO_MASTER_KEY_FOR_EVENTS);
    let client = client_of(options().master_key_base64(MASTER_KEY));
    assert_eq!(call.clone().message_of_mistake(&client), failed(2));
    let call = call.data(too_large());
    assert_eq!(call.clone().message_of_mistake(&client), "Cannot get random bytes: a nonce has 24 of them");
    let call = call.nonce(&[0; 23][..]);
    assert_eq!(call.clone().message_of_mistake(&client), "Cannot get random bytes: a nonce has 24 of them");
    let call = call.nonce([0; 24]);
    let message = "The data of event 'e' is 13740 bytes long, more than the 10240 that are allowed";
    assert_eq!(call.clone().message_of_mistake(&client), message);
    assert_eq!(call.data("{}").message_of_mistake(&client), "The option `appId` is not set");
}

#[test]
fn too_many_channels_are_told_before_any_of_them_is_looked_at() {
    let call = trigger().event("e").channels([""]).count("101");
    let mistake = call.mistake(&client());
    assert_eq!(mistake, mistake_of(&channel_count(101, 100).unwrap_err()));
}

#[test]
fn an_event_for_a_user_tells_names_then_data_then_credentials() {
    let client = client_of(options());
    let call = trigger().channels([&b"#server-to-user-"[..]]).data(Value::Failed);
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid event name: ''");
    let call = call.event("e");
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid user id: ''");
    let call = call.channels([&b"#server-to-user-u"[..]]);
    assert_eq!(call.clone().message_of_mistake(&client), failed(2));
    let call = call.data(too_large());
    assert_eq!(call.clone().message_of_mistake(&client), TOO_LARGE);
    assert_eq!(call.data(Value::Absent).message_of_mistake(&client), "The option `appId` is not set");
}

#[test]
fn a_users_channel_is_one_only_as_bytes() {
    let user = "#server-to-user-u";
    let message = format!("Invalid channel name: '{user}'");
    assert_eq!(trigger().event("e").channels([user]).message_of_mistake(&client()), message);
    assert_eq!(batch([event().channel(user)]).mistake(&client()).message, message);
    for bytes in [&b"private-a"[..], b"#a", b""] {
        let call = trigger().event("e").channels([bytes]);
        assert_eq!(call.message_of_mistake(&client()), "Invalid user id: ''");
    }
}

#[test]
fn packing_names_the_event_whose_channel_is_not_valid() {
    let call = pack("1000", [(1, vec!["a".into()]), (1, vec!["b".into(), "c d".into()])]);
    let mistake = call.mistake(&client());
    assert_eq!((&*mistake.message, mistake.index.as_deref()), ("Invalid channel name: 'c d'", Some("1")));
}

#[test]
fn an_event_of_a_batch_tells_channel_then_name_then_socket_id() {
    let event = event().channel("").event("").socket_id("x");
    let message = |event| batch([event]).message_of_mistake(&client());
    assert_eq!(message(event.clone()), "Invalid channel name: ''");
    let event = event.channel("a");
    assert_eq!(message(event.clone()), "Invalid event name: ''");
    assert_eq!(message(event.event("e")), "Invalid socket id: 'x'");
}

#[test]
fn a_batch_tells_the_names_of_all_events_then_their_data_then_credentials() {
    let client = client_of(options());
    let failed_event = || event().data(Value::Failed);
    let told = |call: Call| {
        let mistake = call.mistake(&client);
        (mistake.message, mistake.index)
    };
    let at = |message: &str, index: &str| (message.to_owned(), Some(index.to_owned()));
    let call = batch([failed_event(), event().channel(ENCRYPTED), event().data(too_large()), event().event("")]);
    assert_eq!(told(call), at("Invalid event name: ''", "3"));
    let call = batch([event(), event().channel(ENCRYPTED).data(Value::Failed), event().data(too_large()), event()]);
    assert_eq!(told(call), at(NO_MASTER_KEY_FOR_EVENTS, "1"));
    let call = batch([event(), event(), event().data(too_large()), failed_event()]);
    assert_eq!(told(call), at(TOO_LARGE, "2"));
    let call = batch([event(), event(), event(), failed_event()]);
    assert_eq!(told(call), at(&failed(22), "3"));
    let call = batch([event(), event(), event(), event()]);
    assert_eq!(told(call), ("The option `appId` is not set".to_owned(), None));
}

#[test]
fn a_batch_tells_its_size_before_its_events() {
    for (count, expected) in [("0", "No events to trigger"), ("11", "Can't trigger a batch of more than 10 events")] {
        let mistake = batch([event().channel("")]).count(count).mistake(&client());
        assert_eq!((&*mistake.message, mistake.index), (expected, None));
    }
}

#[test]
fn an_event_that_could_not_be_read_is_a_failure_with_its_index() {
    let answer = batch([event(), unreadable_event()]).ask(&client());
    assert_eq!(answer.kind, Kind::Failure);
    let mistake = answer.mistake();
    assert_eq!((mistake.message, mistake.index.as_deref()), (failed(7), Some("1")));
}

#[test]
fn the_index_is_that_of_each_event() {
    for index in 0..10 {
        for wrong in [event().channel(""), event().event(""), event().socket_id("x"), event().data(too_large())] {
            let mut events = vec![event(); 10];
            events[index] = wrong;
            let mistake = batch(events).mistake(&client_of(options()));
            assert_eq!(mistake.index, Some(index.to_string()), "{}", mistake.message);
        }
    }
}

#[test]
fn an_authorisation_tells_names_then_data_then_credentials_then_the_master_key() {
    let call = authorize().channel("#a").channel_data(Value::Failed);
    let unset = client_of(options());
    assert_eq!(call.clone().message_of_mistake(&unset), "Invalid socket id: ''");
    let call = call.socket_id("1.2");
    assert_eq!(call.clone().message_of_mistake(&unset), "Invalid channel name: '#a'");
    let call = call.channel(ENCRYPTED);
    assert_eq!(call.clone().message_of_mistake(&unset), failed(2));
    let call = call.channel_data("{}");
    assert_eq!(call.clone().message_of_mistake(&unset), "The option `key` is not set");
    assert_eq!(call.message_of_mistake(&client()), NO_MASTER_KEY_FOR_SECRET);
}

#[test]
fn an_authentication_tells_the_socket_id_then_data_then_its_id_then_credentials() {
    let client = client_of(options().key("key"));
    let call = authenticate().user_id("").user_data(Value::Failed);
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid socket id: ''");
    let call = call.socket_id("1.2");
    assert_eq!(call.clone().message_of_mistake(&client), failed(1));
    let call = call.user_data("{}");
    assert_eq!(call.clone().message_of_mistake(&client), "Invalid user id: ''");
    let call = call.user_id("u");
    assert_eq!(call.message_of_mistake(&client), "The option `secret` is not set");
}

#[test]
fn a_query_tells_of_parameters_then_of_credentials() {
    let call = sign_query().method("GET").path("/");
    let client = client_of(options());
    let reserved = call.clone().pairs([("a", "b"), ("Auth_Key", "1")]);
    let message = "Auth_Key is a required parameter and cannot be overidden";
    assert_eq!(reserved.message_of_mistake(&client), message);
    assert_eq!(call.message_of_mistake(&client), "The option `key` is not set");
    let mistake = sign_query().method("GET").path("/apps/3/channels?info=x").mistake(&client);
    assert_eq!([mistake.code, mistake.field], ["invalid_path", "path"]);
}

#[test]
fn an_endpoint_tells_of_its_parameters_and_path_then_of_credentials() {
    let client = client_of(options());
    for call in [get(), post()] {
        let reserved = call.clone().path("/").pairs([("body_md5", "1")]);
        let message = "body_md5 is a required parameter and cannot be overidden";
        assert_eq!(reserved.message_of_mistake(&client), message);
        for path in ["channels", "/a/../b"] {
            let message = call.clone().path(path).message_of_mistake(&client);
            assert_eq!(message, format!("Invalid path: '{path}'"));
        }
        for path in ["/channels?info=user_count", "/channels#"] {
            let mistake = call.clone().path(path).mistake(&client);
            assert_eq!([&*mistake.code, &*mistake.field], ["invalid_path", "path"]);
            assert_eq!([mistake.message, mistake.hint], [&format!("Invalid path: '{path}'"), PATH_HINT]);
        }
        assert_eq!(call.path("/").message_of_mistake(&client), "The option `appId` is not set");
    }
}

#[test]
fn questions_tell_of_names_then_of_credentials() {
    let client = client_of(options());
    assert_eq!(channel().channel("a b").message_of_mistake(&client), "Invalid channel name: 'a b'");
    assert_eq!(channel().channel(".").message_of_mistake(&client), "Invalid path: '.'");
    assert_eq!(channel_users().channel("").message_of_mistake(&client), "Invalid channel name: ''");
    assert_eq!(terminate().user_id("").message_of_mistake(&client), "Invalid user id: ''");
    assert_eq!(terminate().user_id("..").message_of_mistake(&client), "Invalid path: '..'");
    for call in [channels(), channel().channel("a"), channel_users().channel("a"), terminate().user_id("u")] {
        assert_eq!(call.message_of_mistake(&client), "The option `appId` is not set");
    }
}

#[test]
fn a_signature_takes_credentials() {
    assert_eq!(sign().message("x").message_of_mistake(&client_of(options())), "The option `key` is not set");
}

#[test]
fn a_shared_secret_takes_text_then_the_master_key_then_a_name() {
    let call = shared_secret().channel(Value::Failed);
    assert_eq!(call.clone().message_of_mistake(&client()), failed(0));
    let call = call.channel("#a");
    assert_eq!(call.clone().message_of_mistake(&client()), NO_MASTER_KEY_FOR_SECRET);
    assert_eq!(call.message_of_mistake(&client_with_master_key()), "Invalid channel name: '#a'");
}

#[test]
fn decryption_takes_a_name_then_the_master_key_then_what_was_sealed() {
    let call = decrypt().channel("#a").ciphertext(Value::Absent);
    assert_eq!(call.clone().message_of_mistake(&client()), "Invalid channel name: '#a'");
    let call = call.channel(ENCRYPTED);
    assert_eq!(call.clone().message_of_mistake(&client()), NO_MASTER_KEY_FOR_SECRET);
    let client = client_with_master_key();
    let message = "Cannot decrypt the event: its nonce is not 24 bytes of base64";
    assert_eq!(call.clone().message_of_mistake(&client), message);
    let call = call.nonce("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert_eq!(call.message_of_mistake(&client), "Cannot decrypt the event: its ciphertext is too short");
}
