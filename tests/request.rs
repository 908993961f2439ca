//! Requests are what the server accepts, for whatever input, and anything changed on their way is refused.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod support;

use proptest::{collection::vec, option, prelude::*, sample::Index};
use pusher_http_wasm::{
    config::{Config, Setting},
    event::Event,
    query::Params,
    request::{Call, LIBRARY, Method, Request, about_status},
    validate::{ChannelName, EventName, UserId},
};
use support::{DOCS_TIME, any_text, docs_config, path_of, received, server::Received, some_text, text_out_of, told};

fn event(name: &str) -> Event<'_> {
    Event::new(EventName::parse(name).unwrap(), Some("{}"))
}

fn has_dot_segment(path: &str) -> bool {
    path.split('/').any(|segment| segment == "." || segment == "..")
}

proptest! {
    #[test]
    fn are_accepted_by_the_server_for_any_input(
        (app_id, key, secret) in (some_text(), some_text(), some_text()),
        segments in vec(any_text(), 1..4),
        pairs in vec((any_text(), any_text()), 0..5),
        body in option::of(some_text()),
        timestamp in any::<u64>(),
    ) {
        prop_assume!(app_id != "." && app_id != "..");
        let config = Config::new([
            (Setting::AppId, app_id.as_str()), (Setting::Key, &key), (Setting::Secret, &secret),
        ]).unwrap();
        let path = segments.iter().fold(String::new(), |path, segment| path + "/" + segment);
        let mut params = Params::new();
        for (key, value) in &pairs {
            params.add(key, value).unwrap();
        }
        let method = if body.is_some() { Method::Post } else { Method::Get };
        let Ok(call) = Call::other(method, &path, params, body.as_deref()) else {
            prop_assert!(has_dot_segment(&path));
            return Ok(());
        };
        let request = call.signed(&config, timestamp).unwrap();
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
    fn to_a_user_stay_with_that_user(id in prop_oneof![some_text(), text_out_of("./%a2eEfF").prop_filter("empty", |id| !id.is_empty())]) {
        match Call::terminate_user_connections(UserId::parse(&id).unwrap()) {
            Ok(call) => {
                let request = call.signed(&docs_config(), DOCS_TIME).unwrap();
                let middle = path_of(&request).strip_prefix("/apps/3/users/").unwrap();
                let middle = middle.strip_suffix("/terminate_connections").unwrap();
                prop_assert!(!middle.contains('/') && !has_dot_segment(middle));
                prop_assert_eq!(support::server::decoded(middle), Some(id));
                prop_assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
                prop_assert_eq!((request.method, request.body.as_deref()), (Method::Post, Some("{}")));
            }
            Err(error) => {
                prop_assert!(id == "." || id == "..");
                prop_assert_eq!(told(&error), (format!("Invalid path: '{id}'"), "invalid_path", "path"));
                prop_assert_eq!(error.hint(), "No segment of a path can be `.` or `..`.");
            }
        }
    }

    #[test]
    fn are_refused_with_any_byte_changed(
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
    fn have_a_signature_of_their_own_for_each_attempt(one in any::<u64>(), other in any::<u64>()) {
        let call = Call::trigger(&event("foo"), &[ChannelName::parse("a").unwrap()]).unwrap();
        let url = |timestamp| call.clone().signed(&docs_config(), timestamp).map(|request| request.url);
        prop_assert_eq!(url(one) == url(other), one == other);
    }

    #[test]
    fn have_a_hint_for_what_servers_answer(status in 0..=u16::MAX) {
        let known = matches!(status, 300..=399 | 401 | 403 | 404 | 413 | 429 | 500..=599);
        prop_assert_eq!(!about_status(status).1.is_empty(), known);
    }
}

#[test]
fn trigger_an_event_where_the_documentation_says() {
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
fn with_an_empty_body_have_that_body() {
    let call = Call::other(Method::Post, "/events", Params::new(), Some("")).unwrap();
    let request = call.signed(&docs_config(), DOCS_TIME).unwrap();
    assert!(received(&request).is_signed_by("278d425bdf160c739803", "7ad3773142a6692b25b8"));
    assert_eq!(request.body.as_deref(), Some(""));
}

#[test]
fn can_be_logged_without_their_signature() {
    let mut params = Params::new();
    params.add("x", "&auth_signature=").unwrap();
    let request =
        Call::other(Method::Get, "/&auth_signature=", params, None).unwrap().signed(&docs_config(), 1).unwrap();
    let signature = received(&request).param("auth_signature").unwrap().to_owned();
    let redacted = request.redacted_url();
    assert!(!redacted.contains(&signature));
    assert_eq!(redacted, request.url.replace(&signature, "(signature)"));
}

#[test]
fn name_the_library_and_its_version() {
    assert_eq!(LIBRARY, format!("pusher-http-wasm {}", env!("CARGO_PKG_VERSION")));
    assert_eq!((Method::Get.as_str(), Method::Post.as_str()), ("GET", "POST"));
}

#[test]
fn hint_at_what_to_do() {
    let hint_for_status = |status| about_status(status).1;
    assert_eq!(about_status(0), ("Request failed with an error".into(), ""));
    assert_eq!(about_status(200), ("The server's answer is not JSON".into(), ""));
    assert_eq!(about_status(418), ("Unexpected status code 418".into(), ""));
    assert_eq!(hint_for_status(301), "Redirects are not followed: check `host`, `port` and `useTLS`.");
    assert!(hint_for_status(401).contains("within 600 s of the server's"));
    assert!(hint_for_status(403).contains("over its quota"));
    assert!(hint_for_status(404).contains("`appId`"));
    assert!(hint_for_status(413).contains("10 KB"));
    assert_eq!(hint_for_status(429), "Too many requests: wait, then try again.");
    assert_eq!(hint_for_status(503), "The server has a problem: try again later.");
}
