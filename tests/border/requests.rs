//! Operations whose answer is a request give that of the core, signed for the time that JavaScript tells.

use super::calls::{
    MASTER_KEY, TIME, batch, channel, channel_users, channels, client, client_of, client_with_master_key, credentials,
    event, get, post, terminate, trigger,
};
use crate::{
    config::{Config, Setting},
    event::{Batch, Event, JsonObject},
    query::Params,
    request::{Call, Method},
    validate::{ChannelName, EventName, UserId},
    wasm::frame::frames::{Answered, Value, plain},
};

const NONCE: [u8; 24] = [7; 24];
const ENCRYPTED: &str = "private-encrypted-a";

/// The configuration of the border's client.
fn config() -> Config {
    let settings = [
        (Setting::AppId, "3"),
        (Setting::Key, "key"),
        (Setting::Secret, "tofu"),
        (Setting::Host, "localhost"),
        (Setting::MasterKeyBase64, MASTER_KEY),
    ];
    Config::new(settings).unwrap()
}

/// The answer that is the core's signed request.
fn request_of(call: Call) -> Answered {
    let request = call.sign(&config(), TIME).unwrap();
    assert_eq!(request.method == Method::Post, request.body.is_some(), "JavaScript tells the method by the body");
    plain([Some(&*request.url), request.body.as_deref()])
}

fn name(channel: &str) -> ChannelName<'_> {
    ChannelName::parse(channel).unwrap()
}

/// An event `e` with data that is a JSON string.
fn core_event(data: Option<&str>) -> Event<'_> {
    Event::from_json_string(EventName::parse("e").unwrap(), data)
}

fn core_trigger(event: &Event<'_>, channels: &[&str]) -> Answered {
    let channels: Vec<ChannelName<'_>> = channels.iter().map(|channel| name(channel)).collect();
    request_of(Call::trigger(&config(), event, &channels).unwrap())
}

fn sealed_event(plain: &str) -> Event<'_> {
    let secret = config().secret_for_event(name(ENCRYPTED)).unwrap().unwrap();
    Event::sealed(EventName::parse("e").unwrap(), secret, plain, &NONCE)
}

#[test]
fn channels_are_asked_for() {
    let answer = channels().prefix("presence-").info("user_count").ask(&client());
    assert_eq!(answer, request_of(Call::channels(Some("presence-"), Some("user_count"))));
    assert_eq!(channels().ask(&client()), request_of(Call::channels(None, None)));
}

#[test]
fn a_channel_is_asked_for() {
    let answer = channel().channel("a=").info("user_count").ask(&client());
    assert_eq!(answer, request_of(Call::channel(name("a="), Some("user_count")).unwrap()));
    assert_eq!(channel().channel("a").ask(&client()), request_of(Call::channel(name("a"), None).unwrap()));
}

#[test]
fn the_users_of_a_channel_are_asked_for() {
    let answer = channel_users().channel("presence-a").ask(&client());
    assert_eq!(answer, request_of(Call::channel_users(name("presence-a")).unwrap()));
}

#[test]
fn the_connections_of_a_user_are_terminated() {
    let answer = terminate().user_id("a/b").ask(&client());
    assert_eq!(answer, request_of(Call::terminate_user_connections(UserId::parse("a/b").unwrap()).unwrap()));
}

#[test]
fn an_event_is_sent_to_a_user() {
    let channel = "#server-to-user-u v";
    let answer = trigger().event("e").channels([channel.as_bytes()]).data("\"x\"").ask(&client());
    let channel = ChannelName::parse_user(channel).unwrap();
    assert_eq!(answer, request_of(Call::trigger(&config(), &core_event(Some("\"x\"")), &[channel]).unwrap()));
}

#[test]
fn an_event_is_triggered_on_channels() {
    let answer = trigger().event("e").data("\"x\"").channels(["a", "b"]).ask(&client());
    assert_eq!(answer, core_trigger(&core_event(Some("\"x\"")), &["a", "b"]));
}

#[test]
fn an_event_may_have_no_data() {
    let answer = trigger().event("e").channels(["a"]).ask(&client());
    assert_eq!(answer, core_trigger(&core_event(None), &["a"]));
}

#[test]
fn an_event_has_the_members_that_the_caller_adds() {
    let members = r#"{"socket_id":"1.2","info":"user_count"}"#;
    let call = trigger().socket_id("1.2").event("e").data("\"x\"").members(members).channels(["a"]);
    let expected = core_event(Some("\"x\"")).with_params(JsonObject::from_text(members));
    assert_eq!(call.ask(&client()), core_trigger(&expected, &["a"]));
}

#[test]
fn a_socket_id_may_be_null() {
    let call = trigger().event("e").channels(["a"]);
    assert_eq!(call.clone().socket_id(Value::Absent).ask(&client()), call.ask(&client()));
}

#[test]
fn an_event_on_an_encrypted_channel_is_sealed() {
    let call = trigger().event("e").data("{}").nonce(NONCE).channels([ENCRYPTED]);
    assert_eq!(call.ask(&client_with_master_key()), core_trigger(&sealed_event("{}"), &[ENCRYPTED]));
}

#[test]
fn one_hundred_channels_are_the_most() {
    let names: [String; 100] = std::array::from_fn(|index| format!("channel-{index}"));
    let answer = trigger().event("e").channels(names.each_ref().map(String::as_str)).ask(&client());
    assert_eq!(answer, core_trigger(&core_event(None), &names.each_ref().map(String::as_str)));
}

#[test]
fn a_batch_has_its_events_in_order() {
    let answer = batch([
        event().channel("a").event("e").data("\"x\"").members(r#"{"info":"user_count"}"#),
        event().channel("b").event("e").data(Value::Absent),
    ])
    .ask(&client());
    let mut batch = Batch::new();
    let params = JsonObject::from_text(r#"{"info":"user_count"}"#);
    batch.push(name("a"), &core_event(Some("\"x\"")).with_params(params));
    batch.push(name("b"), &core_event(None));
    assert_eq!(answer, request_of(Call::trigger_batch(&config(), batch).unwrap()));
}

#[test]
fn events_of_a_batch_are_sealed_one_by_one() {
    let answer = batch([event().channel("a").data("\"x\""), event().channel(ENCRYPTED).data("{}").nonce(NONCE)])
        .ask(&client_with_master_key());
    let mut batch = Batch::new();
    batch.push(name("a"), &core_event(Some("\"x\"")));
    batch.push(name(ENCRYPTED), &sealed_event("{}"));
    assert_eq!(answer, request_of(Call::trigger_batch(&config(), batch).unwrap()));
}

#[test]
fn a_socket_id_of_an_event_of_a_batch_is_only_checked() {
    assert_eq!(batch([event().socket_id("1.2")]).ask(&client()), batch([event()]).ask(&client()));
}

#[test]
fn ten_events_are_the_most() {
    let answer = batch((0..10).map(|_| event())).ask(&client());
    let mut batch = Batch::new();
    for _ in 0..10 {
        batch.push(name("a"), &core_event(Some("\"x\"")));
    }
    assert_eq!(answer, request_of(Call::trigger_batch(&config(), batch).unwrap()));
}

#[test]
fn any_endpoint_is_asked() {
    let answer = get().path("/x y").pairs([("B", "&")]).ask(&client());
    let params = Params::from_pairs([("B", "&")]).unwrap();
    assert_eq!(answer, request_of(Call::raw(Method::Get, "/x y", params, None).unwrap()));
}

#[test]
fn a_body_is_posted_to_any_endpoint() {
    let answer = post().path("/x").body("{}").pairs([("a", "b")]).ask(&client());
    let params = Params::from_pairs([("a", "b")]).unwrap();
    assert_eq!(answer, request_of(Call::raw(Method::Post, "/x", params, Some("{}")).unwrap()));
}

#[test]
fn data_is_measured_as_the_text_that_its_json_stands_for() {
    let exactly = client_of(credentials().max_payload_bytes("9"));
    assert_eq!(trigger().event("e").data(r#""é€\ud83d\\""#).channels(["a"]).ask(&exactly).fields.len(), 2);
    let less = client_of(credentials().max_payload_bytes("8"));
    let message = trigger().event("e").data(r#""é€\ud83d\\""#).channels(["a"]).message_of_mistake(&less);
    assert_eq!(message, "The data of event 'e' is 9 bytes long, more than the 8 that are allowed");
}
