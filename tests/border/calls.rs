//! Calls of operations, with their fields by name. `pkg-template/module/operations.js` lists them in the order of the frame.

// What only runs as wasm uses a part of it.
#![cfg_attr(target_arch = "wasm32", allow(dead_code))]

use crate::{
    query::Timestamp,
    wasm::{
        Client,
        frame::frames::{Answered, Mistake, Value, decode, encode, take_answer, write},
        operations::{
            AUTHENTICATE, AUTHORIZE, BATCH, CHANNEL, CHANNEL_USERS, CHANNELS, DECRYPT, DESCRIBE, ENVIRONMENT_NAMES,
            FOR_CLUSTER, FROM_ENVIRONMENT, FROM_OPTIONS, FROM_URL, GET, IS_JSON, Operation, PACK, POST, SHARED_SECRET,
            SIGN, SIGN_QUERY, TERMINATE, TOKEN, TRIGGER, VERIFY,
        },
    },
};

/// When requests are signed.
pub const TIME: Timestamp = 1_353_088_179;
/// A master key.
pub const MASTER_KEY: &str = "zyrm8pvV2C9fJcBfhyXzvxbJVN/H7QLmbe0xJi1GhPU=";

/// An operation and its frame, which is being filled in.
#[derive(Debug, Clone)]
pub struct Call {
    operation: Operation,
    /// Fields by name, in the frame's order. One that is not set is `undefined`.
    fields: Vec<(&'static str, Value)>,
    /// Fields that follow, in any number.
    list: Vec<Value>,
}

macro_rules! setters {
    ($($name:ident)*) => {
        $(pub fn $name(self, value: impl Into<Value>) -> Self {
            self.set(stringify!($name), value.into())
        })*
    };
}

impl Call {
    fn of(operation: Operation, names: &[&'static str]) -> Self {
        Self { operation, fields: names.iter().map(|name| (*name, Value::Absent)).collect(), list: Vec::new() }
    }

    fn set(mut self, name: &str, value: Value) -> Self {
        let field = self.fields.iter_mut().find(|(other, _)| *other == name);
        field.expect("the operation has a field of that name").1 = value;
        self
    }

    setters! {
        app_id key secret host cluster path_prefix sign_path_prefix scheme master_key master_key_base64 port timeout
        max_payload_bytes max_channels max_batch_events
    }
    setters! { socket_id channel channel_data user_id user_data event data nonce members count }
    setters! { prefix info method path body message signature content_type ciphertext }

    /// Adds query parameters or environment variables.
    pub fn pairs<const N: usize>(self, pairs: [(&str, &str); N]) -> Self {
        pairs.into_iter().fold(self, |call, (name, value)| call.pair(name, value))
    }

    /// Adds a query parameter or an environment variable.
    pub fn pair(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.list.extend([name.into(), value.into()]);
        self
    }

    /// Sets the channels of a trigger, and how many there are.
    pub fn channels<const N: usize>(mut self, channels: [impl Into<Value>; N]) -> Self {
        self.list = channels.into_iter().map(Into::into).collect();
        self.count(N.to_string())
    }

    /// Returns the fields in the frame's order.
    fn values(self) -> Vec<Value> {
        self.fields.into_iter().map(|(_, value)| value).chain(self.list).collect()
    }

    /// Returns the operation and its frame.
    pub fn frame(self) -> (Operation, Vec<u8>) {
        (self.operation, encode(&self.values()))
    }

    /// Calls the operation on a client. Returns its answer.
    pub fn ask(self, client: &Client) -> Answered {
        let (operation, frame) = self.frame();
        ask(client, operation, frame)
    }

    /// Calls the operation on a client. Returns the error that it answers with.
    pub fn mistake(self, client: &Client) -> Mistake {
        self.ask(client).mistake()
    }

    /// Calls the operation on a client. Returns the message of the error that it answers with.
    pub fn message_of_mistake(self, client: &Client) -> String {
        self.mistake(client).message
    }
}

/// Calls an operation on a client with a frame of any bytes. Returns its answer.
pub fn ask(client: &Client, operation: Operation, frame: Vec<u8>) -> Answered {
    #[allow(clippy::cast_precision_loss)]
    let time = TIME as f64;
    decode(&take_answer(client.call(operation, time, write(frame))))
}

/// A client that has not been configured.
pub fn unconfigured() -> Client {
    Client::new()
}

/// A client of the settings, or of another source.
pub fn client_of(source: Call) -> Client {
    let client = unconfigured();
    let answer = source.ask(&client);
    assert_eq!(answer.fields.len(), 5, "not configured: {answer:?}");
    client
}

/// The settings of a client that can sign and send.
pub fn credentials() -> Call {
    options().app_id("3").key("key").secret("tofu").host("localhost")
}

/// A client that can sign and send.
pub fn client() -> Client {
    client_of(credentials())
}

/// A client that can also seal and open.
pub fn client_with_master_key() -> Client {
    client_of(credentials().master_key_base64(MASTER_KEY))
}

fn source(operation: Operation, first: Value) -> Call {
    Call::of(
        operation,
        &[
            SOURCE,
            "app_id",
            "key",
            "secret",
            "host",
            "cluster",
            "path_prefix",
            "sign_path_prefix",
            "scheme",
            "master_key",
            "master_key_base64",
            "port",
            "timeout",
            "max_payload_bytes",
            "max_channels",
            "max_batch_events",
        ],
    )
    .set(SOURCE, first)
}

/// The field before the settings.
const SOURCE: &str = "what takes precedence";

pub fn options() -> Call {
    source(FROM_OPTIONS, Value::Absent)
}

pub fn connection_url(url: impl Into<Value>) -> Call {
    source(FROM_URL, url.into())
}

pub fn for_cluster(name: impl Into<Value>) -> Call {
    source(FOR_CLUSTER, name.into())
}

pub fn environment<const N: usize>(variables: [(&str, &str); N]) -> Call {
    source(FROM_ENVIRONMENT, Value::Absent).pairs(variables)
}

pub fn token() -> Call {
    Call::of(TOKEN, &[SOURCE, "app_id", "key", "secret"])
}

pub fn environment_names() -> Call {
    Call::of(ENVIRONMENT_NAMES, &[])
}

pub fn describe() -> Call {
    Call::of(DESCRIBE, &[])
}

pub fn authorize() -> Call {
    Call::of(AUTHORIZE, &["socket_id", "channel", "channel_data", "user_id"])
}

pub fn authenticate() -> Call {
    Call::of(AUTHENTICATE, &["socket_id", "user_data", "user_id"])
}

pub fn sign_query() -> Call {
    Call::of(SIGN_QUERY, &["method", "path", "body"])
}

pub fn shared_secret() -> Call {
    Call::of(SHARED_SECRET, &["channel"])
}

pub fn decrypt() -> Call {
    Call::of(DECRYPT, &["channel", "nonce", "ciphertext"])
}

pub fn sign() -> Call {
    Call::of(SIGN, &["message"])
}

pub fn verify() -> Call {
    Call::of(VERIFY, &["signature", "message", "content_type"])
}

pub fn is_json() -> Call {
    Call::of(IS_JSON, &["content_type"])
}

/// Asks which events go into the next request, whose body may have `most` bytes. Each event is given by its size and its channels.
pub fn pack(most: &str, events: impl IntoIterator<Item = (usize, Vec<Value>)>) -> Call {
    let mut call = Call::of(PACK, &["count"]).count(most);
    for (bytes, channels) in events {
        call.list.extend([bytes.to_string().into(), channels.len().to_string().into()]);
        call.list.extend(channels);
    }
    call
}

pub fn channels() -> Call {
    Call::of(CHANNELS, &["prefix", "info"])
}

pub fn channel() -> Call {
    Call::of(CHANNEL, &["channel", "info"])
}

pub fn channel_users() -> Call {
    Call::of(CHANNEL_USERS, &["channel"])
}

pub fn terminate() -> Call {
    Call::of(TERMINATE, &["user_id"])
}

pub fn trigger() -> Call {
    Call::of(TRIGGER, &["socket_id", "event", "data", "nonce", "members", "count"])
}

/// An event of a batch, whose fields are right unless they are set otherwise.
pub fn event() -> Call {
    Call::of(BATCH, &["channel", "event", "socket_id", "data", "nonce", "members"])
        .channel("a")
        .event("e")
        .data("\"x\"")
}

/// An event of which JavaScript could not even read the members.
pub fn unreadable_event() -> Call {
    Call::of(BATCH, &["channel"]).channel(Value::Failed)
}

pub fn batch(events: impl IntoIterator<Item = Call>) -> Call {
    let events: Vec<Call> = events.into_iter().collect();
    let mut batch = Call::of(BATCH, &["count"]).count(events.len().to_string());
    batch.list = events.into_iter().flat_map(Call::values).collect();
    batch
}

pub fn get() -> Call {
    Call::of(GET, &["path", "body"])
}

pub fn post() -> Call {
    Call::of(POST, &["path", "body"])
}
