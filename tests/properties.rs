//! What holds of several parts of the core at once, beside the URL parser that `reqwest` and browsers have in common (the standard of WHATWG).
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used)]

mod support;

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::{
    auth::{authenticate_user, authorize_channel},
    config::{Config, Setting},
    connection_url,
    query::Params,
    request::{Call, Method},
    validate::{ChannelName, SocketId, UserId},
};
use support::{any_credential, any_text, received, server::decoded, some_text, text_out_of, token};
use url::{Host, Url};

/// The path and the query of a URL, as it stands there.
fn target(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap();
    rest.find('/').and_then(|at| rest.get(at..)).unwrap()
}

/// Text that is much of what a URL parser would change in a path.
fn any_path() -> impl Strategy<Value = String> {
    prop_oneof![any_text(), text_out_of("/.%2eE5cC\\a"), text_out_of("/a^|`{}'\"<>;:@&=+$,!*()~[]")]
}

proptest! {
    #[test]
    fn a_url_parser_leaves_every_request_as_it_was_signed(
        (app_id, prefix, is_signed) in (any_credential(), any_path(), any::<bool>()),
        (path, user_id, channel) in (any_path(), any_path(), "[A-Za-z0-9_=@,.;-]{1,20}"),
        pairs in vec((any_text(), any_text()), 0..4),
    ) {
        let config = Config::new([
            (Setting::AppId, app_id.as_str()), (Setting::Key, "key"), (Setting::Secret, "tofu"), (Setting::Host, "localhost:6001"),
            (Setting::PathPrefix, &prefix), (Setting::SignPathPrefix, if is_signed { "true" } else { "" }),
        ]);
        prop_assume!(config.is_ok());
        let params = Params::from_pairs(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())));
        let calls = [
            params.and_then(|params| Call::raw(Method::Get, &format!("/{path}"), params, None)),
            UserId::parse(&user_id).and_then(Call::terminate_user_connections),
            ChannelName::parse(&channel).and_then(|channel| Call::channel(channel, Some(&path))),
        ];
        for (number, call) in calls.into_iter().enumerate() {
            let Ok(call) = call else { continue };
            let request = call.sign(config.as_ref().unwrap(), 1).unwrap();
            let url = Url::parse(&request.url).unwrap();
            prop_assert_eq!(url.as_str(), &request.url);
            prop_assert_eq!((url.host_str(), url.port(), url.fragment()), (Some("localhost"), Some(6001), None));
            prop_assert_eq!(format!("{}?{}", url.path(), url.query().unwrap()), target(&request.url));
            // A form's parser finds the same parameters.
            let mut found: Vec<(String, String)> = url.query_pairs().into_owned().collect();
            found.retain(|(name, _)| !name.starts_with("auth_") && name != "body_md5");
            let mut expected = match number {
                0 => pairs.clone(),
                1 => vec![],
                _ => vec![("info".to_owned(), path.clone())],
            };
            expected.retain(|(name, _)| !name.starts_with("auth_"));
            expected.sort();
            found.sort();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_connection_url_has_the_parts_that_a_url_parser_finds(
        text in prop_oneof![
            text_out_of("kx:@/%20?#s").prop_map(|rest| format!("https://k:s@host/{rest}/apps/1")),
            text_out_of("kx:@%20s;=!").prop_map(|rest| format!("https://{rest}@host:81/apps/1")),
            text_out_of("hx.-:8@").prop_map(|rest| format!("http://k:s@{rest}/apps/1")),
            text_out_of("/a%2.s1?#:").prop_map(|rest| format!("https://k:s@host{rest}")),
            text_out_of("htps:/").prop_map(|rest| format!("{rest}://k:s@host/apps/1")),
        ],
    ) {
        if let (Ok(config), Ok(url)) = (connection_url::parse(&text), Url::parse(&text)) {
            let token = config.token().unwrap();
            prop_assert_eq!(config.scheme().as_str(), url.scheme());
            // A number is an address to a URL parser, in whatever form it is written.
            if !matches!(url.host(), Some(Host::Ipv4(_))) {
                prop_assert_eq!(Some(config.host()), url.host_str());
            }
            let own = if url.scheme() == "https" { 443 } else { 80 };
            prop_assert_eq!(config.port().or(Some(own)), url.port_or_known_default());
            prop_assert_eq!(decoded(url.username()), Some(token.key().to_owned()));
            prop_assert_eq!(decoded(url.password().unwrap_or_default()), Some(token.secret().to_owned()));
            let path = decoded(url.path()).unwrap();
            prop_assert!(path.trim_end_matches('/').ends_with(&format!("/apps/{}", config.app_id().unwrap())), "{path}");
        }
    }

    #[test]
    fn a_signature_for_one_purpose_is_never_one_for_another(
        (socket_id, other_id) in ("[0-9]{1,3}\\.[0-9]{1,3}", "[0-9]{1,3}\\.[0-9]{1,3}"),
        channel in "(private-|presence-|)[A-Za-z0-9_=@,.;-]{1,8}",
        (channel_data, user_data) in (proptest::option::of(any_text()), any_text()),
    ) {
        let token = token("key", "tofu");
        let (socket, other) = (SocketId::parse(&socket_id).unwrap(), SocketId::parse(&other_id).unwrap());
        let auth = authorize_channel(&token, socket, ChannelName::parse(&channel).unwrap(), channel_data.as_deref());
        let user = authenticate_user(&token, other, &user_data);
        prop_assert_ne!(&auth, &user);
        // Nor does one pass for a webhook's: its body would have to be JSON, which none of the signed texts is.
        let signed = format!("{socket_id}:{channel}{}", channel_data.map(|data| format!(":{data}")).unwrap_or_default());
        let signature = token.sign(signed.as_bytes());
        prop_assert_eq!(auth.strip_prefix("key:"), Some(signature.as_str()));
        prop_assert!(serde_json::from_str::<serde_json::Value>(&signed).is_err());
    }

    #[test]
    fn what_was_signed_again_is_the_same_request_at_another_time(
        (name, value) in (some_text(), any_text()), (one, other) in (any::<u32>(), any::<u32>()),
    ) {
        let config = Config::new([(Setting::AppId, "3"), (Setting::Key, "key"), (Setting::Secret, "tofu")]).unwrap();
        let Ok(params) = Params::from_pairs([(name.as_str(), value.as_str())]) else { return Ok(()) };
        let call = Call::raw(Method::Post, "/events", params, Some("{}")).unwrap();
        let at = |time: u32| received(&call.clone().sign(&config, time.into()).unwrap());
        let (first, second) = (at(one), at(other));
        prop_assert!(first.is_signed_by("key", "tofu") && second.is_signed_by("key", "tofu"));
        prop_assert_eq!(first == second, one == other);
        prop_assert_eq!(first.own_params(), second.own_params());
    }
}
