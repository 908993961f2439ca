//! A client has one configuration, once and for all, and nothing else.

use super::calls::{
    Call, authorize, batch, channels, client, connection_url, credentials, describe, environment_names, for_cluster,
    is_json, options, sign, token, trigger, unconfigured,
};
use crate::wasm::frame::{
    Kind,
    frames::{Answered, plain},
};

/// An answer without fields.
fn nothing() -> Answered {
    plain([""; 0])
}

#[test]
fn configuring_twice_does_nothing() {
    let client = client();
    let before = describe().ask(&client);
    for source in [
        options().key("another"),
        connection_url("https://k:s@h/apps/2"),
        for_cluster("eu"),
        token().key("k").secret("s"),
        // Not even wrong settings are looked at.
        options().port("x"),
    ] {
        assert_eq!(source.ask(&client), nothing());
        assert_eq!(describe().ask(&client), before);
    }
}

#[test]
fn a_client_can_be_configured_after_that_failed() {
    let client = unconfigured();
    assert_eq!(credentials().port("x").ask(&client).kind, Kind::Error);
    assert_eq!(describe().ask(&client), nothing(), "not configured in part");
    assert_eq!(credentials().ask(&client).fields.len(), 5);
    assert_eq!(channels().ask(&client).fields.len(), 2);
}

#[test]
fn a_client_without_a_configuration_answers_with_nothing() {
    for call in [
        describe(),
        authorize().socket_id("1.2").channel("a"),
        sign().message("x"),
        trigger().event("e").channels(["a"]),
        batch([]),
        channels(),
    ] {
        assert_eq!(call.ask(&unconfigured()), nothing());
    }
}

#[test]
fn what_needs_no_configuration_leaves_a_client_without_one() {
    let client = unconfigured();
    for call in [environment_names(), is_json().content_type("application/json")] {
        let call: Call = call;
        assert_ne!(call.ask(&client), nothing());
    }
    assert_eq!(describe().ask(&client), nothing());
}

#[test]
fn an_answer_depends_on_nothing_but_configuration_frame_and_time() {
    let client = client();
    let call = || trigger().event("e").data("\"x\"").channels(["a"]);
    let first = call().ask(&client);
    assert_eq!(trigger().event("").ask(&client).kind, Kind::Error);
    assert_eq!(call().ask(&client), first);
}
