//! The query is encoded so that nothing in it can be taken for something else, and signed as the server signs it.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::string_slice)]

mod support;

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use pusher_http_wasm::query::{Params, Signable, decode, encode, encode_path, encode_segment, sign_query};
use support::{
    DOCS_TIME, any_text, describe,
    server::{self, Received},
    text_of, text_out_of, token, token_of, vectors,
};

const STAYS: &[u8] = b"-_.~,:@/";
/// Of RFC 3986, section 3.3: `pchar`, but for letters, digits and percent-encoding.
const STAYS_IN_SEGMENT: &[u8] = b"-._~!$&'()*+,;=:@";

fn params(pairs: &[(&str, &str)]) -> Params {
    Params::from_pairs(pairs.iter().copied()).unwrap()
}

/// Pairs whose names are told apart by more than their case.
fn unambiguous(pairs: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut names = BTreeMap::new();
    let mut is_first = |name: &str| *names.entry(name.to_ascii_lowercase()).or_insert_with(|| name.to_owned()) == name;
    pairs.into_iter().filter(|(name, _)| is_first(name)).collect()
}

fn get(params: &Params) -> String {
    let request = Signable { method: "GET", path: "/apps/3/channels", params, body: b"" };
    sign_query(&token("key", "secret"), &request, DOCS_TIME)
}

/// The part of a query that the caller gave and that stands before and after the parameters of signing.
fn unsigned(query: &str) -> String {
    let own = query.split('&').filter(|pair| !pair.starts_with("auth_"));
    own.collect::<Vec<_>>().join("&")
}

#[test]
fn signs_the_known_queries() {
    for vector in vectors("request").into_iter().filter(|vector| vector.get("path").is_some()) {
        let given = vector["params"].as_object().unwrap();
        let given: Vec<_> = given.iter().map(|(key, value)| (key.as_str(), value.as_str().unwrap())).collect();
        let (method, path) = (text_of(&vector, "method"), text_of(&vector, "path"));
        let request = Signable { method, path, params: &params(&given), body: b"" };
        let query = sign_query(&token_of(&vector), &request, vector["timestamp"].as_u64().unwrap());
        let end = format!("&auth_signature={}", text_of(&vector, "signature"));
        assert!(query.ends_with(&end), "{query}");
    }
}

#[test]
fn writes_an_ordinary_query_as_npm_pusher_does() {
    let vector = &vectors("request")[1];
    let params = params(&[("info", "user_count"), ("filter_by_prefix", "presence-")]);
    let request = Signable { method: "GET", path: "/apps/102015/channels", params: &params, body: b"" };
    assert_eq!(
        sign_query(&token_of(vector), &request, 1_427_034_994),
        "auth_key=d41a439c438a100756f5&auth_timestamp=1427034994&auth_version=1.0&filter_by_prefix=presence-\
         &info=user_count&auth_signature=4d8a02edcc8a758b0162cd6da690a9a45fb8ae326a276dca1e06a0bc42796c11"
    );
}

proptest! {
    #[test]
    fn decodes_what_it_encoded(text in any_text()) {
        prop_assert_eq!(decode(&encode(&text)), Some(text.clone()));
        prop_assert_eq!(decode(&encode_segment(&text)), Some(text.clone()));
        prop_assert_eq!(decode(&encode_path(&text)), Some(text.clone()));
        prop_assert_eq!(server::decoded(&encode(&text)), Some(text));
    }

    #[test]
    fn leaves_only_what_means_nothing_in_a_url(text in any_text()) {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || STAYS.contains(&byte);
        let encoded = encode(&text);
        prop_assert!(encoded.bytes().all(|byte| allowed(byte) || byte == b'%'), "{encoded}");
        // Each encoded byte takes three; the digits are in upper case, as RFC 3986 asks.
        let changed = text.bytes().filter(|byte| !allowed(*byte)).count();
        prop_assert_eq!(encoded.len(), text.len() + 2 * changed);
        let mut after_percent = encoded.split('%').skip(1).map(|part| &part[..2]);
        prop_assert!(after_percent.all(|digits| digits.bytes().all(|digit| b"0123456789ABCDEF".contains(&digit))));
        prop_assert!(!encode_segment(&text).contains('/'));
    }

    #[test]
    fn leaves_ordinary_text_alone(text in "[A-Za-z0-9_.~,:@/-]{0,30}") {
        prop_assert_eq!(encode(&text), text.as_str());
    }

    #[test]
    fn decodes_just_what_is_encoded_well(text in prop_oneof![any_text(), text_out_of("%%%0aF9fgé+ C3")]) {
        prop_assert_eq!(decode(&text), server::decoded(&text));
    }

    #[test]
    fn writes_the_same_query_in_whatever_order_the_parameters_come(
        pairs in vec((text_out_of("aB_&="), any_text()), 0..6).prop_shuffle(),
    ) {
        let pairs = unambiguous(pairs);
        let forwards: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let backwards: Vec<_> = forwards.iter().rev().copied().collect();
        prop_assert_eq!(get(&params(&forwards)), get(&params(&backwards)));
    }

    #[test]
    fn sorts_its_pairs_by_byte(pairs in vec((text_out_of("aB_=&é"), text_out_of("ab=&😀")), 0..60)) {
        let pairs = unambiguous(pairs);
        let given: Vec<_> = pairs.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
        let query = get(&params(&given));
        let mut decoded: Vec<_> = query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(key, value)| (decode(key).unwrap().to_ascii_lowercase(), decode(value).unwrap()))
            .collect();
        let (last, _) = decoded.pop().unwrap();
        prop_assert_eq!(last, "auth_signature");
        prop_assert!(decoded.is_sorted(), "{query}");
        prop_assert_eq!(decoded.len(), 3 + pairs.len());
    }

    #[test]
    fn is_accepted_by_the_server(
        method in "(GET|POST|DELETE|get|Post)",
        path in "/[!-~]{0,30}",
        pairs in vec((any_text(), any_text()), 0..6),
        body in proptest::option::of(any_text()),
        (key, secret, timestamp) in (any_text(), any_text(), any::<u64>()),
    ) {
        let path = path.replace('?', "");
        let pairs = unambiguous(pairs);
        let params = Params::from_pairs(pairs.iter().map(|(key, value)| (key.as_str(), value.as_str()))).unwrap();
        let body = body.unwrap_or_default();
        let request = Signable { method: &method, path: &path, params: &params, body: body.as_bytes() };
        let query = sign_query(&token(&key, secret.as_str()), &request, timestamp);
        let received = Received::new(&method.to_uppercase(), &path, &query, body.as_bytes()).unwrap();
        prop_assert!(received.is_signed_by(&key, &secret), "{query}");
        let timestamp = timestamp.to_string();
        prop_assert_eq!(received.param("auth_timestamp"), Some(timestamp.as_str()));
    }

    #[test]
    fn refuses_what_signing_sets_in_any_case(
        name in "(auth_key|auth_timestamp|auth_version|auth_signature|body_md5)",
        upper in vec(any::<bool>(), 14),
    ) {
        let cased = |(char, upper): (char, bool)| if upper { char.to_ascii_uppercase() } else { char };
        let name: String = name.chars().zip(upper).map(cased).collect();
        let error = Params::from_pairs([("a", "1"), (&name, "1")]).unwrap_err();
        let message = format!("{name} is a required parameter and cannot be overidden");
        prop_assert_eq!(describe(&error), (message, "reserved_parameter", name.as_str()));
        prop_assert_eq!(error.hint(), "The library sets it.");
    }
}

#[test]
fn encodes_each_character_by_itself_as_among_others() {
    for char in (0..=0x24f).chain([0x20ac, 0xfeff, 0xfffd, 0x1_f600, 0x10_ffff]).filter_map(char::from_u32) {
        let text = char.to_string();
        let stays = char.is_ascii_alphanumeric() || u8::try_from(char).is_ok_and(|byte| STAYS.contains(&byte));
        let bytes: Vec<_> = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let bytes = bytes.concat();
        let expected = if stays { &text } else { &bytes };
        assert_eq!(&encode(&text), expected);
        assert_eq!(encode(&format!("a{char} {char}")), format!("a{expected}%20{expected}"));
        let is_pchar = u8::try_from(char).is_ok_and(|byte| STAYS_IN_SEGMENT.contains(&byte));
        let in_segment = if char.is_ascii_alphanumeric() || is_pchar { &text } else { &bytes };
        assert_eq!(encode_segment(&format!("{char}a{char}")), format!("{in_segment}a{in_segment}"));
        let in_path = if char == '/' { "/" } else { in_segment };
        assert_eq!(encode_path(&format!("{char}a{char}")), format!("{in_path}a{in_path}"));
    }
}

#[test]
fn sorts_parameters_by_their_names_in_lower_case_and_sends_them_as_given() {
    let query = get(&params(&[("info", "1"), ("Filter", "2"), ("zeta", "3"), ("_", "4")]));
    assert_eq!(unsigned(&query), "_=4&Filter=2&info=1&zeta=3");
    assert!(query.starts_with("_=4&auth_key=key&"), "{query}");
    assert!(query.contains("&auth_version=1.0&Filter=2&"), "{query}");
    let signature = |query: &str| query.rsplit_once('=').unwrap().1.to_owned();
    let lower = get(&params(&[("info", "1"), ("filter", "2"), ("zeta", "3"), ("_", "4")]));
    assert_eq!(signature(&query), signature(&lower), "the signature covers names in lower case");
}

#[test]
fn refuses_names_that_differ_only_in_case() {
    let given = [("deviceId", "1"), ("b", "2"), ("deviceid", "3"), ("deviceId", "0")];
    let error = Params::from_pairs(given).unwrap_err();
    let message = "Invalid params: 'deviceid' differs from another only in case";
    assert_eq!(describe(&error), (message.into(), "invalid_argument", "params"));
    assert!(Params::from_pairs([("É", "1"), ("é", "2")]).is_ok(), "the server leaves these in their case");
    assert!(Params::from_pairs([("a", "1"), ("a", "2")]).is_ok());
}

#[test]
fn keeps_characters_beyond_ascii_in_their_case() {
    assert_eq!(unsigned(&get(&params(&[("Été", "É"), ("été", "é")]))), "%C3%89t%C3%A9=%C3%89&%C3%A9t%C3%A9=%C3%A9");
}

#[test]
fn cannot_be_made_to_carry_another_parameter() {
    let query = get(&params(&[("info", "a&auth_key=other#?+ é")]));
    assert_eq!(unsigned(&query), "info=a%26auth_key%3Dother%23%3F%2B%20%C3%A9");
}

#[test]
fn has_the_bodys_digest_only_where_there_is_a_body() {
    let none = Params::new();
    let query = |body: &str| {
        let body = body.as_bytes();
        sign_query(&token("key", "secret"), &Signable { method: "POST", path: "/", params: &none, body }, 1)
    };
    assert!(!query("").contains("body_md5"));
    assert!(query("{}").contains("&auth_version=1.0&body_md5=99914b932bd37a50b983c5e7c90ae93b&auth_signature="));
}

#[test]
fn decodes_either_case_and_leaves_a_plus_alone() {
    assert_eq!(decode("%c3%A9+%2f%00"), Some("é+/\0".into()));
    for wrong in ["%", "%4", "a%g0", "%-1", "%+1", "%é", "%FF", "%C3", "% 41"] {
        assert_eq!(decode(wrong), None, "{wrong}");
    }
}

#[test]
fn signs_100_000_parameters_in_any_order() {
    // With n² comparisons this would take minutes; in order, backwards and mixed, because each is the worst case of some sort.
    let count = 100_000_u32;
    let mut keys: Vec<String> = (0..count).map(|number| format!("p{number}")).collect();
    keys.sort();
    let expected = keys.join("=v&") + "=v";
    let orders: [fn(u32) -> u32; 3] = [|at| at, |at| 99_999 - at, |at| (at * 7_919) % 100_000];
    for order in orders {
        let names: Vec<String> = (0..count).map(|at| format!("p{}", order(at))).collect();
        let query = get(&Params::from_pairs(names.iter().map(|name| (name.as_str(), "v"))).unwrap());
        assert!(unsigned(&query) == expected, "not in byte order");
    }
}

#[test]
fn signs_parameters_that_are_all_the_same() {
    let query = get(&params(&vec![("a", "1"); 1000]));
    assert_eq!(unsigned(&query), vec!["a=1"; 1000].join("&"));
}
