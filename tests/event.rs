//! Bodies hold what went in, in the documented order, and nothing in them can be overwritten.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use std::collections::BTreeMap;

use proptest::{collection::vec, option, prelude::*};
use pusher_http_wasm::{
    encrypt::MasterKey,
    event::{Batch, Event, JsonObject, trigger_body},
    request::Call,
    validate::{ChannelName, EventName},
};
use serde_json::{Value, json};
use support::{DOCS_TIME, any_text, describe, docs_config, some_text};

type Members = BTreeMap<String, Value>;

/// Members that a caller may add, `None` for no such argument.
fn any_params() -> impl Strategy<Value = Option<Members>> {
    let leaf = prop_oneof![
        any_text().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        Just(Value::Null),
    ];
    let value = leaf.prop_recursive(2, 6, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map(any_text(), inner, 0..3).prop_map(|members| json!(members)),
        ]
    });
    let name = any_text().prop_filter("a member of the event's own", |name| {
        !["name", "data", "channel", "channels"].contains(&name.as_str())
    });
    option::of(prop::collection::btree_map(name, value, 0..4))
}

fn any_channel() -> impl Strategy<Value = String> {
    "[A-Za-z0-9_=@,.;-]{1,20}"
}

fn text(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).unwrap()
}

/// Data in a body; data that was left out is `null`.
fn data_text(data: Option<&String>) -> String {
    text(&data.map_or("null", String::as_str))
}

/// The body of one event, put together by hand.
fn expected(own: &[(&str, String)], params: Option<&Members>) -> String {
    let own = own.iter().map(|(name, value)| format!("\"{name}\":{value}"));
    let params = params.into_iter().flatten().map(|(name, value)| format!("{}:{}", text(name), text(value)));
    format!("{{{}}}", own.chain(params).collect::<Vec<_>>().join(","))
}

fn channel(name: &str) -> ChannelName<'_> {
    ChannelName::parse(name).unwrap()
}

fn event<'a>(name: &'a str, data: Option<&'a str>) -> Event<'a> {
    Event::new(EventName::parse(name).unwrap(), data)
}

fn batch_body(events: &[(ChannelName<'_>, Event<'_>)]) -> String {
    let mut batch = Batch::new();
    for (channel, event) in events {
        batch.push(*channel, event);
    }
    let request = Call::trigger_batch(&docs_config(), batch).unwrap().sign(&docs_config(), DOCS_TIME).unwrap();
    request.body.unwrap()
}

proptest! {
    #[test]
    fn a_trigger_holds_what_went_in(
        name in some_text(), data in option::of(any_text()), channels in vec(any_channel(), 1..4), params in any_params(),
    ) {
        let members = params.as_ref().map(text);
        let object = members.as_deref().map(|members| JsonObject::from_text(members).unwrap());
        let names: Vec<_> = channels.iter().map(|name| channel(name)).collect();
        let body = trigger_body(&event(&name, data.as_deref()).with_params(object), &names);
        let own = [("name", text(&name)), ("data", data_text(data.as_ref())), ("channels", text(&channels))];
        prop_assert_eq!(&body, &expected(&own, params.as_ref()));

        let read: Value = serde_json::from_str(&body).unwrap();
        prop_assert_eq!(&read["name"], &json!(name));
        prop_assert_eq!(&read["data"], &json!(data.as_deref().unwrap_or("null")));
        prop_assert_eq!(&read["channels"], &json!(channels));
        for (name, value) in params.iter().flatten() {
            prop_assert_eq!(&read[name], value);
        }
    }

    #[test]
    fn a_batch_holds_each_event_in_order(
        events in vec((any_channel(), some_text(), option::of(any_text()), any_params()), 1..6),
    ) {
        let objects: Vec<_> = events.iter().map(|(.., params)| params.as_ref().map(text)).collect();
        let members: Vec<_> = events
            .iter()
            .zip(&objects)
            .map(|((on, name, data, _), members)| {
                let object = members.as_deref().map(|members| JsonObject::from_text(members).unwrap());
                (channel(on), event(name, data.as_deref()).with_params(object))
            })
            .collect();
        let body = batch_body(&members);
        let by_hand = events.iter().map(|(channel, name, data, params)| {
            let own = [("channel", text(channel)), ("name", text(name)), ("data", data_text(data.as_ref()))];
            expected(&own, params.as_ref())
        });
        prop_assert_eq!(&body, &format!(r#"{{"batch":[{}]}}"#, by_hand.collect::<Vec<_>>().join(",")));
        let read: Value = serde_json::from_str(&body).unwrap();
        prop_assert_eq!(read["batch"].as_array().map(Vec::len), Some(events.len()));
    }

    #[test]
    fn an_event_sealed_into_its_body_is_the_one_sealed_before(
        name in some_text(), plain in any_text(), nonce in any::<[u8; 24]>(), params in any_params(),
    ) {
        let members = params.as_ref().map(text);
        let object = members.as_deref().and_then(JsonObject::from_text);
        let on = channel("private-encrypted-a");
        let secret = MasterKey::from_bytes(&[7; 32]).unwrap().shared_secret(on);
        let sealed = secret.seal(&plain, &nonce);
        let before = event(&name, Some(&sealed)).with_params(object);
        let in_place = Event::sealed(EventName::parse(&name).unwrap(), secret, &plain, &nonce).with_params(object);
        prop_assert_eq!((in_place.payload_len(), in_place.name()), (sealed.len(), before.name()));
        prop_assert_eq!(before.payload_len(), sealed.len());
        for count in 0..3 {
            let channels = vec![on; count];
            prop_assert_eq!(trigger_body(&in_place, &channels), trigger_body(&before, &channels));
        }
        prop_assert_eq!(batch_body(&[(on, in_place)]), batch_body(&[(on, before)]));
    }

    #[test]
    fn an_event_of_a_json_string_is_that_of_its_text(name in some_text(), data in option::of(any_text())) {
        let json = data.as_ref().map(text);
        let same = Event::from_json_string(EventName::parse(&name).unwrap(), json.as_deref());
        let expected = event(&name, data.as_deref());
        prop_assert_eq!(same.payload_len(), data.as_ref().map_or(4, String::len));
        prop_assert_eq!(trigger_body(&same, &[channel("a")]), trigger_body(&expected, &[channel("a")]));
    }

    #[test]
    fn an_event_for_a_channel_is_sealed_just_where_there_is_a_secret(plain in any_text(), nonce in any::<[u8; 24]>()) {
        let name = EventName::parse("foo").unwrap();
        let secret = MasterKey::from_bytes(&[7; 32]).unwrap().shared_secret(channel("private-encrypted-a"));
        let body = |event: &Event<'_>| trigger_body(event, &[channel("private-encrypted-a")]);
        let sealed = Event::for_channel(name, Some(secret.clone()), Some(&plain), Some(&nonce)).unwrap();
        prop_assert_eq!(body(&sealed), body(&Event::sealed(name, secret, &plain, &nonce)));
        let json = text(&plain);
        let plain = Event::for_channel(name, None, Some(&json), Some(&nonce)).unwrap();
        prop_assert_eq!(body(&plain), body(&Event::from_json_string(name, Some(&json))));
    }

    #[test]
    fn an_object_is_a_text_in_braces(text in any_text()) {
        if let Ok(read) = serde_json::from_str::<Value>(&text) {
            prop_assert_eq!(JsonObject::from_text(&text).is_some(), read.is_object());
        }
        let braced = format!("{{{text}}}");
        let object = JsonObject::from_text(&braced).unwrap();
        prop_assert_eq!(object.as_str(), braced.as_str());
    }
}

#[test]
fn data_travels_as_it_is() {
    let body = trigger_body(&event("foo", Some(r#"{"some":"data"}"#)), &[channel("a"), channel("b")]);
    assert_eq!(body, r#"{"name":"foo","data":"{\"some\":\"data\"}","channels":["a","b"]}"#);
}

#[test]
fn absent_data_is_null_and_empty_data_is_empty() {
    let null = r#"{"name":"foo","data":"null","channels":["a"]}"#;
    assert_eq!(trigger_body(&event("foo", None), &[channel("a")]), null);
    let of_json = Event::from_json_string(EventName::parse("foo").unwrap(), None);
    assert_eq!(trigger_body(&of_json, &[channel("a")]), null);
    assert_eq!(trigger_body(&event("foo", Some("")), &[channel("a")]), r#"{"name":"foo","data":"","channels":["a"]}"#);
    assert_eq!(
        batch_body(&[(channel("a"), event("foo", None))]),
        r#"{"batch":[{"channel":"a","name":"foo","data":"null"}]}"#
    );
    let secret = || MasterKey::from_bytes(&[7; 32]).unwrap().shared_secret(channel("private-encrypted-a"));
    let name = EventName::parse("foo").unwrap();
    let sealed = Event::for_channel(name, Some(secret()), None, Some(&[1; 24])).unwrap();
    let expected = Event::sealed(name, secret(), "null", &[1; 24]);
    assert_eq!(trigger_body(&sealed, &[]), trigger_body(&expected, &[]));
}

#[test]
fn the_callers_members_come_last() {
    let members = text(&json!({ "info": "user_count", "socket_id": "1.2" }));
    let event = event("foo", Some("x")).with_params(JsonObject::from_text(&members));
    let end = r#""info":"user_count","socket_id":"1.2"}"#;
    let body = trigger_body(&event, &[channel("a")]);
    assert_eq!(body, format!(r#"{{"name":"foo","data":"x","channels":["a"],{end}"#));
    let body = batch_body(&[(channel("a"), event)]);
    assert_eq!(body, format!(r#"{{"batch":[{{"channel":"a","name":"foo","data":"x",{end}]}}"#));
}

#[test]
fn only_objects_are_taken_as_objects() {
    let empty = text(&BTreeMap::<String, u8>::new());
    assert!(JsonObject::from_text(&empty).is_some_and(|object| object.as_str() == "{}"));
    for none in [json!([]), json!("{}"), json!(1), json!(null)] {
        assert_eq!(JsonObject::from_text(&text(&none)), None, "{none}");
    }
    for none in ["", "{", "}", "[]", "null", "\"{}\""] {
        assert_eq!(JsonObject::from_text(none), None, "{none}");
    }
}

#[test]
fn an_empty_object_with_white_space_in_it_leaves_the_body_json() {
    let params = JsonObject::from_text("{ }").unwrap();
    let body = trigger_body(&event("foo", None).with_params(Some(params)), &[channel("a")]);
    assert!(serde_json::from_str::<Value>(&body).is_ok(), "{body}");
}

#[test]
fn data_that_cannot_be_sealed_is_never_sent_in_the_clear() {
    let name = EventName::parse("foo").unwrap();
    let secret = || Some(MasterKey::from_bytes(&[7; 32]).unwrap().shared_secret(channel("private-encrypted-a")));
    for nonce in [None, Some(&[0; 23][..]), Some(&[0; 25])] {
        for data in [Some("\"plain\""), None] {
            let error = Event::for_channel(name, secret(), data, nonce).err().unwrap();
            let message = "Cannot get random bytes: a nonce has 24 of them";
            assert_eq!(describe(&error), (message.into(), "no_randomness", "randomBytes"));
            assert_eq!(error.hint(), "Pass the `randomBytes` option.");
        }
    }
}

#[test]
fn counts_the_bytes_of_a_json_string_with_any_escapes() {
    let name = EventName::parse("foo").unwrap();
    for (json, bytes) in [
        (r#""""#, 0),
        (r#""a\"\\\/\n\t""#, 6),
        (r#""\u0000\u001f""#, 2),
        // Halves of pairs, which JavaScript's `JSON.stringify` escapes, become three bytes each.
        (r#""\ud83d""#, 3),
        ("\"é😀\"", 6),
    ] {
        assert_eq!(Event::from_json_string(name, Some(json)).payload_len(), bytes, "{json}");
    }
}

proptest! {
    #[test]
    fn the_length_of_a_json_string_is_that_of_its_text(text in any_text()) {
        let json = serde_json::to_string(&text).unwrap();
        let event = Event::from_json_string(EventName::parse("foo").unwrap(), Some(&json));
        prop_assert_eq!(event.payload_len(), text.len());
        prop_assert_eq!(Event::new(EventName::parse("foo").unwrap(), Some(&text)).payload_len(), text.len());
    }
}
