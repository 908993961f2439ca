//! Each call of the HTTP API goes to its endpoint, or says what is wrong before there is a request.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use pusher_http_wasm::{
    config::{Config, Setting},
    event::{Batch, Event},
    query::Params,
    request::{Call, Method},
    validate::{ChannelName, EventName},
};
use support::{DOCS, DOCS_TIME, docs_config, docs_config_with, docs_config_without, path_of, received, told};

fn event(name: &str) -> Event<'_> {
    Event::new(EventName::parse(name).unwrap(), Some("{}"))
}

#[test]
fn triggers_a_batch_of_1_to_10_events() {
    let events = |count| {
        let mut batch = Batch::new();
        for _ in 0..count {
            batch.push(ChannelName::parse("a").unwrap(), &event("foo"));
        }
        assert_eq!(batch.count(), count);
        batch
    };
    let call = Call::trigger_batch(events(10)).unwrap();
    assert_eq!(call.path(), "/batch_events");
    let request = call.signed(&docs_config(), DOCS_TIME).unwrap();
    assert!(request.url.starts_with("https://api.pusherapp.com/apps/3/batch_events?"));
    assert!(request.body.unwrap().starts_with(r#"{"batch":[{"channel":"a","name":"foo","data":"{}"},{"#));
    assert_eq!(Call::trigger_batch(Batch::new()).unwrap_err().code(), "invalid_batch");
    assert_eq!(Call::trigger_batch(events(11)).unwrap_err().code(), "invalid_batch");
}

#[test]
fn triggers_nothing_on_an_encrypted_channel_among_others() {
    let channels = ["a", "private-encrypted-b"].map(|name| ChannelName::parse(name).unwrap());
    assert_eq!(Call::trigger(&event("foo"), &channels).unwrap_err().code(), "encrypted_channel_among_others");
    assert_eq!(Call::trigger(&event("foo"), &[]).unwrap_err().code(), "invalid_channel");
}

#[test]
fn asks_any_endpoint_below_the_app() {
    let get = |path: &str| Call::other(Method::Get, path, Params::new(), None);
    for (path, on_the_wire) in [
        ("/channels", "/channels"),
        ("/", "/"),
        ("/channels/a b?c#d/users", "/channels/a%20b%3Fc%23d/users"),
        ("/channels/%2e%2e", "/channels/%252e%252e"),
        ("/a/.../..b/c.", "/a/.../..b/c."),
    ] {
        assert_eq!(get(path).unwrap().path(), on_the_wire);
    }
    for path in ["/.", "/..", "/a/../b", "/a/./b", "/a/.."] {
        let error = get(path).unwrap_err();
        assert_eq!(told(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
        assert_eq!(error.hint(), "No segment of a path can be `.` or `..`.");
    }
    for path in ["", "channels", "https://example.com/", "\\"] {
        let error = get(path).unwrap_err();
        assert_eq!(told(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
        assert_eq!(error.hint(), "A path starts with a slash and is relative to /apps/{appId}, such as /channels.");
    }
}

#[test]
fn asks_the_typed_questions() {
    let channel = ChannelName::parse("presence-a=@,.;").unwrap();
    for (call, path, query) in [
        (Call::channels(None, None), "/channels", vec![]),
        (
            Call::channels(Some("presence-"), Some("user_count")),
            "/channels",
            vec![("filter_by_prefix", "presence-"), ("info", "user_count")],
        ),
        (
            Call::channel(channel, Some("user_count,cache")).unwrap(),
            "/channels/presence-a%3D@,.%3B",
            vec![("info", "user_count,cache")],
        ),
        (Call::channel_users(channel).unwrap(), "/channels/presence-a%3D@,.%3B/users", vec![]),
    ] {
        let request = call.signed(&docs_config(), DOCS_TIME).unwrap();
        assert_eq!((path_of(&request), request.method), (format!("/apps/3{path}").as_str(), Method::Get));
        assert_eq!(request.body, None);
        let received = received(&request);
        assert!(received.is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
        assert_eq!(received.own_params(), query);
    }
    for dots in [".", ".."] {
        let channel = ChannelName::parse(dots).unwrap();
        assert_eq!(Call::channel(channel, None).unwrap_err().code(), "invalid_path");
    }
}

#[test]
fn goes_behind_a_prefix_that_is_not_signed() {
    let call = Call::other(Method::Get, "/channels", Params::new(), None).unwrap();
    let plain = call.clone().signed(&docs_config(), DOCS_TIME).unwrap();
    let prefixed = call.signed(&docs_config_with(&[(Setting::PathPrefix, "a")]), DOCS_TIME).unwrap();
    assert_eq!(prefixed.url, plain.url.replacen(".com/", ".com/a/", 1));
    assert_eq!((plain.method, plain.body), (Method::Get, None));
}

#[test]
fn needs_all_credentials() {
    let call = Call::other(Method::Get, "/channels", Params::new(), None).unwrap();
    let field = |config: Config| call.clone().signed(&config, 1).unwrap_err().field().to_owned();
    for (setting, name) in [(Setting::AppId, "appId"), (Setting::Key, "key"), (Setting::Secret, "secret")] {
        assert_eq!(field(docs_config_without(setting)), name);
        let empty = DOCS.map(|(given, text)| (given, if given == setting { "" } else { text }));
        assert_eq!(field(Config::new(empty).unwrap()), name);
    }
}

#[test]
fn no_app_id_can_be_a_dot_segment() {
    // A URL parser makes `/events` of `/apps/../events`: the path sent is not the path signed.
    for app_id in [".", ".."] {
        let config = Config::new([DOCS[1], DOCS[2], (Setting::AppId, app_id)]);
        let call = Call::other(Method::Get, "/channels", Params::new(), None).unwrap();
        assert!(config.and_then(|config| call.signed(&config, 1)).is_err(), "{app_id}");
    }
}
