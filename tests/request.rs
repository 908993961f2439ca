//! Each call goes to its endpoint or is refused with an error. The server accepts every signed request, and none that was altered in transit.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod support;

use proptest::{collection::vec, option, prelude::*, sample::Index};
use pusher_http_wasm::{
    config::{Config, Setting},
    event::{Batch, Event},
    query::Params,
    request::{Call, LIBRARY, Method, Request},
    validate::{ChannelName, EventName, UserId},
};
use support::{
    DOCS, DOCS_TIME, any_credential, any_text, describe, docs_config, docs_config_with, docs_config_without, path_of,
    received, server::Received, some_text, text_out_of,
};

fn event(name: &str) -> Event<'_> {
    Event::new(EventName::parse(name).unwrap(), Some("{}"))
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| segment == "." || segment == "..")
}

proptest! {
    #[test]
    fn the_server_accepts_a_request_of_any_input(
        (app_id, key, secret) in (any_credential(), any_credential(), any_credential()),
        segments in vec(any_text(), 1..4),
        pairs in vec((any_text(), any_text()), 0..5),
        body in option::of(some_text()),
        timestamp in any::<u64>(),
    ) {
        prop_assume!(app_id != "." && app_id != "..");
        // White space and quotes around them are refused.
        let config = Config::new([
            (Setting::AppId, app_id.as_str()), (Setting::Key, &key), (Setting::Secret, &secret),
        ]);
        prop_assume!(config.is_ok());
        let config = config.unwrap();
        let path = segments.iter().fold(String::new(), |path, segment| path + "/" + segment);
        let params = Params::from_pairs(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        prop_assume!(params.is_ok());
        let method = if body.is_some() { Method::Post } else { Method::Get };
        let Ok(call) = Call::raw(method, &path, params.unwrap(), body.as_deref()) else {
            prop_assert!(has_dot_segment(&path) || path.contains(['?', '#']));
            return Ok(());
        };
        let request = call.sign(&config, timestamp).unwrap();
        prop_assert!(request.url.bytes().all(|byte| byte.is_ascii_graphic()));
        prop_assert_eq!(request.url.matches('?').count(), 1);
        prop_assert!(!request.url.contains(['#', '\\', '"', '<', '>']));
        prop_assert_eq!(&request.body, &body);
        let received = received(&request);
        prop_assert!(received.is_signed_by(&key, &secret), "{}", request.url);
        for (key, value) in &pairs {
            let key = key.to_ascii_lowercase();
            prop_assert!(received.param(&key).is_none_or(|received| received == value));
        }
        // The app's id stays one segment, the path below it comes out as it went in.
        let (id, rest) = path_of(&request).strip_prefix("/apps/").unwrap().split_once('/').unwrap();
        prop_assert_eq!(support::server::decoded(id), Some(app_id));
        prop_assert_eq!(support::server::decoded(rest), path.get(1..).map(str::to_owned));
    }

    #[test]
    fn a_termination_reaches_that_user_only(id in prop_oneof![some_text(), text_out_of("./%a2eEfF").prop_filter("empty", |id| !id.is_empty())]) {
        match Call::terminate_user_connections(UserId::parse(&id).unwrap()) {
            Ok(call) => {
                let request = call.sign(&docs_config(), DOCS_TIME).unwrap();
                let middle = path_of(&request).strip_prefix("/apps/3/users/").unwrap();
                let middle = middle.strip_suffix("/terminate_connections").unwrap();
                prop_assert!(!middle.contains('/') && !has_dot_segment(middle));
                prop_assert_eq!(support::server::decoded(middle), Some(id));
                prop_assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
                prop_assert_eq!((request.method, request.body.as_deref()), (Method::Post, Some("{}")));
            }
            Err(error) => {
                prop_assert!(id == "." || id == "..");
                prop_assert_eq!(describe(&error), (format!("Invalid path: '{id}'"), "invalid_path", "path"));
                prop_assert_eq!(error.hint(), "No segment of a path can be `.` or `..`.");
            }
        }
    }

    #[test]
    fn the_server_refuses_a_request_with_any_byte_changed(
        (name, data) in (some_text(), any_text()), at in any::<Index>(), change in 1..=u8::MAX,
    ) {
        let event = Event::new(EventName::parse(&name).unwrap(), Some(&data));
        let request = Request::trigger(&docs_config(), &event, &[ChannelName::parse("a").unwrap()], DOCS_TIME).unwrap();
        let before_path = "https://api.pusherapp.com".len();
        let mut wire = request.url.clone().into_bytes();
        let url = wire.len();
        wire.extend(request.body.as_ref().unwrap().bytes());
        let at = before_path + at.index(wire.len() - before_path);
        wire[at] ^= change;
        let Ok(changed_url) = std::str::from_utf8(&wire[..url]) else { return Ok(()) };
        // `%2f` for `%2F`, or `Auth_key`: the same request in other letters.
        if let Some(changed) = Received::at("POST", changed_url, &wire[url..]).filter(|changed| *changed != received(&request)) {
            prop_assert!(!changed.is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"), "{changed_url}");
        }
    }

    #[test]
    fn each_attempt_has_a_signature_of_its_own(one in any::<u64>(), other in any::<u64>()) {
        let call = Call::trigger(&docs_config(), &event("foo"), &[ChannelName::parse("a").unwrap()]).unwrap();
        let url = |timestamp| call.clone().sign(&docs_config(), timestamp).map(|request| request.url);
        prop_assert_eq!(url(one) == url(other), one == other);
    }
}

#[test]
fn a_trigger_goes_where_the_documentation_says() {
    let channels = [ChannelName::parse("project-3").unwrap()];
    let request = Request::trigger(&docs_config(), &event("foo"), &channels, DOCS_TIME).unwrap();
    let (url, signature) = request.url.split_once("&auth_signature=").unwrap();
    assert_eq!(
        url,
        "https://api.pusherapp.com/apps/3/events?auth_key=278d425bdf160c739803&auth_timestamp=1353088179\
         &auth_version=1.0&body_md5=f8609d2b25f7257670079380e35a5e0b"
    );
    assert_eq!(signature.len(), 64);
    assert_eq!(request.method, Method::Post);
    assert_eq!(request.body.as_deref(), Some(r#"{"name":"foo","data":"{}","channels":["project-3"]}"#));
    assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
}

#[test]
fn a_post_always_has_a_body_and_a_get_none() {
    for body in [None, Some("")] {
        let call = Call::raw(Method::Post, "/events", Params::new(), body).unwrap();
        let request = call.sign(&docs_config(), DOCS_TIME).unwrap();
        assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
        assert_eq!(request.body.as_deref(), Some("{}"));
    }
    assert_eq!(Call::raw(Method::Get, "/", Params::new(), None).unwrap().body(), None);
}

#[test]
fn a_url_can_be_logged_without_its_signature() {
    let params = Params::from_pairs([("x", "&auth_signature=")]).unwrap();
    let request = Call::raw(Method::Get, "/&auth_signature=", params, None).unwrap().sign(&docs_config(), 1).unwrap();
    let signature = received(&request).param("auth_signature").unwrap().to_owned();
    let redacted = request.redacted_url();
    assert!(!redacted.contains(&signature));
    assert_eq!(redacted, request.url.replace(&signature, "(signature)"));
}

#[test]
fn the_library_names_itself_and_its_version() {
    assert_eq!(LIBRARY, format!("pusher-http-wasm {}", env!("CARGO_PKG_VERSION")));
    assert_eq!((Method::Get.as_str(), Method::Post.as_str()), ("GET", "POST"));
}

#[test]
fn a_batch_of_1_to_10_events_is_triggered() {
    let events = |count| {
        let mut batch = Batch::new();
        for _ in 0..count {
            batch.push(ChannelName::parse("a").unwrap(), &event("foo"));
        }
        assert_eq!(batch.count(), count);
        batch
    };
    let call = Call::trigger_batch(&docs_config(), events(10)).unwrap();
    assert_eq!(call.path(), "/batch_events");
    let request = call.sign(&docs_config(), DOCS_TIME).unwrap();
    assert!(request.url.starts_with("https://api.pusherapp.com/apps/3/batch_events?"));
    assert!(request.body.unwrap().starts_with(r#"{"batch":[{"channel":"a","name":"foo","data":"{}"},{"#));
    assert_eq!(Call::trigger_batch(&docs_config(), Batch::new()).unwrap_err().code(), "invalid_batch");
    assert_eq!(Call::trigger_batch(&docs_config(), events(11)).unwrap_err().code(), "invalid_batch");
}

#[test]
fn an_encrypted_channel_among_others_is_refused() {
    let channels = ["a", "private-encrypted-b"].map(|name| ChannelName::parse(name).unwrap());
    assert_eq!(
        Call::trigger(&docs_config(), &event("foo"), &channels).unwrap_err().code(),
        "encrypted_channel_among_others"
    );
    assert_eq!(Call::trigger(&docs_config(), &event("foo"), &[]).unwrap_err().code(), "invalid_channel");
}

#[test]
fn a_raw_call_reaches_any_endpoint_below_the_app() {
    let get = |path: &str| Call::raw(Method::Get, path, Params::new(), None);
    for (path, on_the_wire) in [
        ("/channels", "/channels"),
        ("/", "/"),
        ("/channels/a b%&d/users", "/channels/a%20b%25&d/users"),
        ("/channels/%2e%2e", "/channels/%252e%252e"),
        ("/users/a!$&'()*+,;=:@b", "/users/a!$&'()*+,;=:@b"),
        ("/a/.../..b/c.", "/a/.../..b/c."),
    ] {
        assert_eq!(get(path).unwrap().path(), on_the_wire);
    }
    for path in ["/.", "/..", "/a/../b", "/a/./b", "/a/.."] {
        let error = get(path).unwrap_err();
        assert_eq!(describe(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
        assert_eq!(error.hint(), "No segment of a path can be `.` or `..`.");
    }
    for path in ["/channels?info=user_count", "/channels/#a", "/?", "/#"] {
        let error = get(path).unwrap_err();
        assert_eq!(describe(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
        assert_eq!(error.hint(), "Give query parameters in `params`.");
    }
    for path in ["", "channels", "https://example.com/", "\\"] {
        let error = get(path).unwrap_err();
        assert_eq!(describe(&error), (format!("Invalid path: '{path}'"), "invalid_path", "path"));
        assert_eq!(error.hint(), "A path is relative to /apps/{appId}, such as /channels.");
    }
}

#[test]
fn queries_go_to_their_endpoints_with_their_parameters() {
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
            "/channels/presence-a=@,.;",
            vec![("info", "user_count,cache")],
        ),
        (Call::channel_users(channel).unwrap(), "/channels/presence-a=@,.;/users", vec![]),
    ] {
        let request = call.sign(&docs_config(), DOCS_TIME).unwrap();
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
fn a_path_prefix_is_signed_if_the_server_knows_it() {
    let call = Call::raw(Method::Get, "/channels", Params::new(), None).unwrap();
    for (prefix, sent) in [("ws", "/ws"), ("/a b/c/", "/a%20b/c"), ("", "")] {
        let settings = [(Setting::PathPrefix, prefix), (Setting::SignPathPrefix, "true")];
        let request = call.clone().sign(&docs_config_with(&settings), DOCS_TIME).unwrap();
        assert_eq!(path_of(&request), format!("{sent}/apps/3/channels"));
        // The double signs the whole path that it receives.
        assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
    }
    let settings = [(Setting::PathPrefix, "ws"), (Setting::SignPathPrefix, "false")];
    let request = call.sign(&docs_config_with(&settings), DOCS_TIME).unwrap();
    assert!(!received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
}

#[test]
fn limits_can_be_raised_and_lowered() {
    let config = docs_config_with(&[(Setting::MaxChannels, "2"), (Setting::MaxBatchEvents, "11")]);
    let channels = |count: usize| vec![ChannelName::parse("a").unwrap(); count];
    assert!(Call::trigger(&config, &event("foo"), &channels(2)).is_ok());
    let error = Call::trigger(&config, &event("foo"), &channels(3)).unwrap_err();
    assert_eq!(error.to_string(), "Can't trigger a message to more than 2 channels");
    let batch = |count| {
        let mut batch = Batch::new();
        (0..count).for_each(|_| batch.push(ChannelName::parse("a").unwrap(), &event("foo")));
        batch
    };
    assert!(Call::trigger_batch(&config, batch(11)).is_ok());
    let error = Call::trigger_batch(&config, batch(12)).unwrap_err();
    assert_eq!(error.to_string(), "Can't trigger a batch of more than 11 events");
}

#[test]
fn a_path_prefix_is_sent_and_not_signed() {
    let call = Call::raw(Method::Get, "/channels", Params::new(), None).unwrap();
    let plain = call.clone().sign(&docs_config(), DOCS_TIME).unwrap();
    let prefixed = call.sign(&docs_config_with(&[(Setting::PathPrefix, "a")]), DOCS_TIME).unwrap();
    assert_eq!(prefixed.url, plain.url.replacen(".com/", ".com/a/", 1));
    assert_eq!((plain.method, plain.body), (Method::Get, None));
}

#[test]
fn a_call_needs_all_credentials_to_be_signed() {
    let call = Call::raw(Method::Get, "/channels", Params::new(), None).unwrap();
    let field = |config: Config| call.clone().sign(&config, 1).unwrap_err().field().to_owned();
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
        let call = Call::raw(Method::Get, "/channels", Params::new(), None).unwrap();
        assert!(config.and_then(|config| call.sign(&config, 1)).is_err(), "{app_id}");
    }
}

#[test]
fn a_call_can_be_signed_again_without_being_taken_apart() {
    let call = Call::trigger(&docs_config(), &event("foo"), &[ChannelName::parse("a").unwrap()]).unwrap();
    let (first, second) = (call.sign_url(&docs_config(), 1).unwrap(), call.sign_url(&docs_config(), 2).unwrap());
    assert_ne!(first, second);
    assert_eq!((call.method(), call.path()), (Method::Post, "/events"));
    let body = call.body().map(str::to_owned);
    let request = call.sign(&docs_config(), 2).unwrap();
    assert_eq!((request.url, request.body), (second, body));
}
