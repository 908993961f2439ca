//! Operations whose answer is the result itself give the core's results, and say which of them are secret.

use super::calls::{
    MASTER_KEY, TIME, authenticate, authorize, client, client_of, client_with_master_key, credentials, decrypt,
    describe, environment_names, is_json, options, pack, shared_secret, sign, sign_query, token, unconfigured, verify,
};
use crate::{
    auth::{authenticate_user, authorize_channel},
    encrypt::{MasterKey, SharedSecret},
    environment,
    query::{self, Params, Signable},
    sign::Token,
    validate::{ChannelName, SocketId},
    wasm::frame::frames::{Value, plain, secret},
};

fn core_token() -> Token {
    Token::new("key", "tofu".to_owned())
}

fn core_secret(channel: &str) -> SharedSecret {
    MasterKey::from_base64(MASTER_KEY).unwrap().shared_secret(ChannelName::parse(channel).unwrap())
}

fn core_auth(channel: &str, data: Option<&str>) -> String {
    authorize_channel(&core_token(), SocketId::parse("1.2").unwrap(), ChannelName::parse(channel).unwrap(), data)
}

/// What the core seals for `private-encrypted-a`: nonce and ciphertext.
fn sealed(text: &str) -> [String; 2] {
    let sealed = core_secret("private-encrypted-a").seal(text, &[7; 24]);
    let sealed: serde_json::Value = serde_json::from_str(&sealed).unwrap();
    ["nonce", "ciphertext"].map(|name| sealed[name].as_str().unwrap().to_owned())
}

#[test]
fn a_channel_is_authorised_as_the_core_does() {
    let answer = authorize().socket_id("1.2").channel("private-a").ask(&client());
    assert_eq!(answer, plain([&*core_auth("private-a", None)]));
}

#[test]
fn channel_data_is_signed_to_the_letter() {
    let data = r#"{ "user_id": "é" }"#;
    let answer = authorize().socket_id("1.2").channel("presence-a").channel_data(data).user_id("é").ask(&client());
    assert_eq!(answer, plain([&*core_auth("presence-a", Some(data))]));
}

#[test]
fn the_authorisation_of_an_encrypted_channel_brings_its_secret() {
    let answer = authorize().socket_id("1.2").channel("private-encrypted-a").ask(&client_with_master_key());
    let (auth, shared) = (core_auth("private-encrypted-a", None), core_secret("private-encrypted-a").to_base64());
    assert_eq!(answer, secret([&*auth, &shared]));
}

#[test]
fn a_user_is_authenticated_as_the_core_does() {
    let data = r#"{ "id": "u" }"#;
    let answer = authenticate().socket_id("1.2").user_id("u").user_data(data).ask(&client());
    assert_eq!(answer, plain([&*authenticate_user(&core_token(), SocketId::parse("1.2").unwrap(), data)]));
}

#[test]
fn a_query_is_signed_as_the_core_does() {
    let answer = sign_query().method("post").path("/x y").body("{}").pairs([("B", "é"), ("a", "&")]).ask(&client());
    let params = Params::from_pairs([("B", "é"), ("a", "&")]).unwrap();
    let signable = Signable { method: "post", path: "/x y", params: &params, body: b"{}" };
    assert_eq!(answer, plain([&*query::sign_query(&core_token(), &signable, TIME)]));
}

#[test]
fn a_query_without_a_body_is_that_of_an_empty_one() {
    let without = sign_query().method("GET").path("/").ask(&client());
    assert_eq!(without, sign_query().method("GET").path("/").body("").ask(&client()));
    let signable = Signable { method: "GET", path: "/", params: &Params::new(), body: b"" };
    assert_eq!(without, plain([&*query::sign_query(&core_token(), &signable, TIME)]));
}

#[test]
fn the_secret_of_any_channel_is_the_cores() {
    for channel in ["private-encrypted-b", "not-encrypted"] {
        let answer = shared_secret().channel(channel).ask(&client_with_master_key());
        assert_eq!(answer, secret([&**core_secret(channel).to_base64()]));
    }
}

#[test]
fn text_that_the_core_sealed_is_decrypted() {
    for text in ["\u{feff}é😀", "", "\0"] {
        let [nonce, ciphertext] = sealed(text);
        let call = decrypt().channel("private-encrypted-a").nonce(nonce).ciphertext(ciphertext);
        assert_eq!(call.ask(&client_with_master_key()), secret([text]));
    }
}

#[test]
fn text_and_bytes_are_signed_alike() {
    let signature = core_token().sign("é".as_bytes());
    for message in [Value::from("é"), Value::from("é".as_bytes())] {
        assert_eq!(sign().message(message).ask(&client()), plain([&*signature]));
    }
}

#[test]
fn an_empty_message_is_signed_too() {
    let signature = core_token().sign(b"");
    for message in [Value::from(""), Value::from(&[][..])] {
        assert_eq!(sign().message(message).ask(&client()), plain([&*signature]));
    }
}

#[test]
fn a_message_that_is_neither_text_nor_bytes_has_no_signature() {
    assert_eq!(sign().message(Value::Absent).ask(&client()), plain([None]));
}

#[test]
fn a_key_and_a_secret_of_a_token_may_be_empty() {
    for (key, secret) in [("", ""), ("key", ""), ("", "tofu")] {
        let answer = sign().message("message").ask(&client_of(token().key(key).secret(secret)));
        assert_eq!(answer, plain([&*Token::new(key, secret.to_owned()).sign(b"message")]));
    }
}

#[test]
fn a_token_without_a_key_or_a_secret_verifies_nothing() {
    for (key, secret) in [("", ""), ("key", ""), ("", "tofu")] {
        let signature = Token::new(key, secret.to_owned()).sign(b"{}");
        let client = client_of(token().key(key).secret(secret));
        assert_eq!(verify().signature(&*signature).message("{}").ask(&client), plain([None, None]));
    }
}

#[test]
fn a_message_with_its_signature_is_authentic() {
    let signature = core_token().sign(b"{}");
    for message in [Value::from("{}"), Value::from(&b"{}"[..])] {
        let answer = verify().signature(&*signature).message(message).ask(&client());
        assert_eq!(answer, plain([Some(""), None]));
    }
}

#[test]
fn a_message_without_its_signature_is_not_authentic() {
    let right = core_token().sign(b"{}");
    let other = core_token().sign(b"[]");
    for (signature, message) in [
        (Value::from(&*other), Value::from("{}")),
        (Value::from(&*right), Value::from("{ }")),
        (Value::from(&*right), Value::Absent),
        (Value::from(right.as_bytes()), Value::from("{}")),
        (Value::from(""), Value::from("{}")),
        (Value::Absent, Value::from("{}")),
    ] {
        let call = verify().signature(signature).message(message);
        assert_eq!(call.clone().ask(&client()), plain([None, None]), "{call:?}");
    }
}

#[test]
fn nothing_is_authentic_without_credentials() {
    for source in [options(), options().key("key"), options().secret("tofu")] {
        let signature = Token::new("", String::new()).sign(b"{}");
        let answer = verify().signature(signature).message("{}").ask(&client_of(source));
        assert_eq!(answer, plain([None, None]));
    }
}

#[test]
fn a_content_type_is_judged_whether_the_message_is_authentic_or_not() {
    let signature = core_token().sign(b"{}");
    let call = verify().message("{}").content_type("application/json; charset=utf-8");
    assert_eq!(call.clone().signature(signature).ask(&client()), plain([Some(""), Some("")]));
    assert_eq!(call.ask(&client()), plain([None, Some("")]));
}

#[test]
fn only_text_can_be_the_content_type_of_json() {
    for (content_type, expected) in
        [(Value::from("Application/JSON"), Some("")), (Value::from("text/plain"), None), (Value::Absent, None)]
    {
        assert_eq!(is_json().content_type(content_type).ask(&unconfigured()), plain([expected]));
    }
}

#[test]
fn the_names_of_environment_variables_are_the_cores() {
    assert_eq!(environment_names().ask(&unconfigured()), plain(environment::names()));
}

#[test]
fn a_description_is_the_whole_configuration() {
    let settings = credentials().scheme("http").port("6001").timeout("500").master_key_base64(MASTER_KEY);
    let answer = describe().ask(&client_of(settings));
    assert_eq!(answer, secret(["http", "localhost", "6001", "500", "key", "tofu", MASTER_KEY]));
}

#[test]
fn a_description_of_no_settings_has_the_defaults() {
    let answer = describe().ask(&client_of(options()));
    let expected = [Some("https"), Some("api.pusherapp.com"), None, Some("10000"), Some(""), Some(""), None];
    assert_eq!(answer, secret(expected));
}

#[test]
fn a_description_has_key_and_secret_together_or_neither() {
    for settings in [options().key("key"), options().secret("tofu")] {
        let answer = describe().ask(&client_of(settings));
        assert_eq!(answer.fields[4..6], [Some(String::new()), Some(String::new())]);
    }
}

#[test]
fn events_are_packed_by_the_limits_of_the_client() {
    let client = client_of(credentials().max_channels("3").max_batch_events("2"));
    let names = |names: &[&str]| names.iter().map(|name| Value::from(*name)).collect::<Vec<_>>();
    let answer = pack("1000", [(1, names(&["a"])), (1, names(&["b", "c", "d", "e"]))]).ask(&client);
    assert_eq!(answer, plain(["1", "b", "1", "c", "1", "d"]));
    let answer = pack("1000", [(1, names(&["a"])), (1, names(&["b"])), (1, names(&["c"]))]).ask(&client);
    assert_eq!(answer, plain(["0", "a", "1", "b"]));
    let answer = pack("100", [(50, names(&["a"])), (50, names(&["b"]))]).ask(&client);
    assert_eq!(answer, plain(["0", "a"]));
    let user = Value::from("#server-to-user-1".as_bytes());
    assert_eq!(pack("1000", [(1, vec![user])]).ask(&client), plain(["0", "#server-to-user-1"]));
    assert_eq!(pack("1000", []).ask(&client), plain([] as [&str; 0]));
}
