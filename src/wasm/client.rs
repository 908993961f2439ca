//! The client's half in the module: each method's frame in, its answer or its request out.

use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};
use zeroize::Zeroize;

use super::{
    errors::leave,
    frame::{Fields, Frame},
    host::exchange,
    settings,
};
use crate::{
    auth,
    config::Config,
    encrypt::MasterKey,
    error::{Error, INVALID_CHANNEL, INVALID_EVENT, INVALID_SOCKET_ID, INVALID_USER_DATA, INVALID_USER_ID},
    event::{Batch, Event, JsonObject, push_json},
    query::{self, Params, Signable, Timestamp},
    request::{Call, Method},
    sign::Token,
    text::{decimal, parse_u32},
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
    webhook,
};

/// What the classes `Pusher` and `Token` of `pkg-template` build upon.
#[wasm_bindgen]
pub struct Client(Config);

#[wasm_bindgen]
impl Client {
    /// A client as the frame that has been written says; see [`settings::read`].
    ///
    /// What is wrong is left to be thrown: `invalid_option` and `invalid_url`, naming the option or the part; `missing_option`, naming every
    /// variable that is missing.
    #[wasm_bindgen(constructor)]
    pub fn new(base: u32, env: &JsValue) -> Self {
        let mut config = Config::default();
        if let Err(error) = settings::read(&mut config, base, env) {
            leave(&error);
        }
        Self(config)
    }

    /// The method of that number in `pkg-template/client.js`, upon the frame that has been written. Its answer is a text, which is left where
    /// the frame was: this is its length, or −1 for none. `time` is when to sign, in seconds. What is wrong is left to be thrown. One export
    /// takes all methods: each by itself would weigh a quarter of a kilobyte.
    pub fn answer(&self, method: u32, time: f64) -> i32 {
        let mut frame = Frame::take();
        let mut answer = Answer::default();
        // In one piece: what has to move leaves a copy behind, and it may be a secret.
        let key = self.0.token().map_or("", Token::key);
        answer.text.reserve(query::USUAL_CAPACITY.saturating_add(key.len()));
        let result = if method < CHECK {
            self.give(&mut answer, method, frame.fields(), seconds(time))
        } else {
            self.build_request(method % CHECK, frame.fields()).map(|_| ())
        };
        if let Err(error) = &result {
            leave(error);
        }
        if result.is_err() || answer.text.is_empty() {
            return NONE;
        }
        let length = frame.answer(&answer.text, answer.is_secret);
        if answer.is_secret {
            answer.text.zeroize();
        }
        length
    }

    /// A request, in the same way: its exchange's promise, whose rejection [`failed`](super::errors::failed) puts into words.
    pub fn send(&self, method: u32, time: f64, settings: &JsValue, options: &JsValue) -> JsValue {
        let frame = Frame::take();
        let call = self.build_request(method, frame.fields());
        let request = match call.and_then(|call| call.sign(&self.0, seconds(time))) {
            Ok(request) => request,
            Err(error) => {
                leave(&error);
                return JsValue::UNDEFINED;
            }
        };
        let init = RequestInit::new();
        init.set_method(request.method.as_str());
        if let Some(body) = &request.body {
            init.set_body(&serde_wasm_bindgen::to_value(body).unwrap_or_default());
        }
        init.set_redirect(RequestRedirect::Manual);
        let parsed = method < TERMINATE;
        exchange(settings, &request.url, &init, options, self.0.timeout(), parsed).into()
    }
}

// Whole and not negative, as JavaScript has checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn seconds(time: f64) -> Timestamp {
    time as Timestamp
}

/// What a method answers.
#[derive(Default)]
struct Answer {
    /// Empty for none.
    text: String,
    /// Whether nothing of it may stay in memory.
    is_secret: bool,
}

/// No answer.
const NONE: i32 = -1;
/// The first of the requests that give what the server answered; those before it give what that means.
const TERMINATE: u32 = 11;
/// Added to the number of a request: only what is wrong with it is asked for, as far as that can be told before it is signed.
const CHECK: u32 = 32;
/// An answer that is not none.
const YES: &str = "yes";

impl Client {
    fn give(&self, answer: &mut Answer, method: u32, mut fields: Fields<'_>, time: Timestamp) -> Result<(), Error> {
        let config = &self.0;
        let Answer { text, is_secret } = answer;
        // A shared secret, a decrypted text, and what `config` shows.
        *is_secret = (3..6).contains(&method);
        match method {
            0 => {
                let (socket_id, channel) = (socket_of(&mut fields)?, channel_of(&mut fields)?);
                let token = config.token()?;
                if let Some(secret) = config.secret_for_client(channel)? {
                    *is_secret = true;
                    text.push_str(&secret.to_base64());
                }
                text.push_str(&auth::authorize_channel(token, socket_id, channel, fields.next().text()));
            }
            1 => {
                let socket_id = socket_of(&mut fields)?;
                let id = fields.next();
                if fields.is_empty() {
                    return Err(Error::new(INVALID_USER_DATA, id.shown()));
                }
                UserId::parse(id.text_or(INVALID_USER_ID)?)?;
                *text = auth::authenticate_user(config.token()?, socket_id, fields.next().shown());
            }
            2 => {
                let (method, path) = (fields.next().shown(), fields.next().shown());
                let body = fields.next().bytes().unwrap_or_default();
                let mut params = Params::new();
                while !fields.is_empty() {
                    params.add(fields.next().shown(), fields.next().shown())?;
                }
                *text = query::sign_query(config.token()?, &Signable { method, path, params: &params, body }, time);
            }
            3 => {
                let channel = fields.next().text_or(INVALID_CHANNEL)?;
                let key = config.required_master_key()?;
                text.push_str(&key.shared_secret(ChannelName::parse(channel)?).to_base64());
            }
            4 => {
                let channel = channel_of(&mut fields)?;
                let secret = config.required_master_key()?.shared_secret(channel);
                let mut part = || fields.next().text().unwrap_or_default();
                *text = secret.open(part(), part())?;
            }
            5 => self.describe(text),
            // The signature of the text or bytes, none of anything else.
            6 => {
                if let Some(message) = fields.next().bytes() {
                    *text = config.token()?.sign(message);
                }
            }
            // Whether a webhook's key is the token's, and the signature that of its body; or of any text or bytes, where the key is left out.
            _ => {
                let (key, signature, body) = (fields.next(), fields.next().text(), fields.next().bytes());
                if let (Ok(token), Some(signature), Some(body)) = (config.token(), signature, body) {
                    let key = if key.is_absent() { token.key() } else { key.text().unwrap_or_default() };
                    if webhook::is_authentic([token], key, signature, body) {
                        text.push_str(YES);
                    }
                }
            }
        }
        Ok(())
    }

    /// What `config` shows, as a list in JSON: scheme, host, app id, key, secret, port, timeout, and the master key in Base64; empty where
    /// there is none.
    fn describe(&self, text: &mut String) {
        let (config, token) = (&self.0, self.0.token().ok());
        let master_key = config.master_key().map(MasterKey::to_base64).unwrap_or_default();
        let mut json = Vec::new();
        let parts = [
            config.scheme().as_str(),
            config.host(),
            config.app_id().unwrap_or_default(),
            token.map_or("", Token::key),
            token.map_or("", Token::secret),
            &decimal(config.port().unwrap_or_default().into()),
            &decimal(config.timeout().into()),
            &master_key,
        ];
        // At most six bytes for each, and in one piece: what has to move leaves a copy behind.
        json.reserve(
            parts.iter().map(|part| part.len().saturating_add(3)).fold(0, usize::saturating_add).saturating_mul(6),
        );
        for part in parts {
            json.extend_from_slice(if json.is_empty() { b"[" } else { b"," });
            push_json(&mut json, part);
        }
        json.extend_from_slice(b"]");
        *text = String::from_utf8(json).unwrap_or_default();
    }

    /// The request that a method makes.
    fn build_request(&self, method: u32, mut fields: Fields<'_>) -> Result<Call, Error> {
        match method {
            8 => Ok(Call::channels(fields.next().text(), fields.next().text())),
            9 => Call::channel(channel_of(&mut fields)?, fields.next().text()),
            10 => Call::channel_users(channel_of(&mut fields)?),
            11 => Call::terminate_user_connections(user_of(&mut fields)?),
            12 => {
                let name = event_name_of(&mut fields)?;
                let mut channel = String::new();
                let channel = ChannelName::of_user(user_of(&mut fields)?, &mut channel);
                Call::trigger(&self.event_of(name, &mut fields, channel)?, &[channel])
            }
            13 => {
                check_socket_id(&mut fields)?;
                let name = event_name_of(&mut fields)?;
                let mut behind = fields;
                for _ in 0..EVENT_FIELDS {
                    behind.next();
                }
                let channels = channels_of(behind)?;
                channels_together(&channels)?;
                let channel = channels.first().ok_or_else(|| Error::new(INVALID_CHANNEL, ""))?;
                Call::trigger(&self.event_of(name, &mut fields, *channel)?, &channels)
            }
            14 => {
                batch_size(parse_u32(fields.next().shown()).unwrap_or_default() as usize)?;
                check_names(fields)?;
                let mut batch = Batch::new();
                while !fields.is_empty() {
                    self.push_event(&mut batch, &mut fields).map_err(|error| error.of_event(batch.count()))?;
                }
                Call::trigger_batch(batch)
            }
            method => {
                let (path, body) = (fields.next().shown(), fields.next().text());
                let mut params = Params::new();
                while !fields.is_empty() {
                    params.add(fields.next().shown(), fields.next().shown())?;
                }
                Call::raw(if method == 15 { Method::Get } else { Method::Post }, path, params, body)
            }
        }
    }

    fn push_event(&self, batch: &mut Batch, fields: &mut Fields<'_>) -> Result<(), Error> {
        let (channel, name) = names_of(fields)?;
        batch.push(channel, &self.event_of(name, fields, channel)?);
        Ok(())
    }

    /// An event: its data as JSON for what is to be sealed with the nonce, and else as a JSON string; and the caller's own members.
    fn event_of<'a>(
        &self,
        name: EventName<'a>,
        fields: &mut Fields<'a>,
        channel: ChannelName<'_>,
    ) -> Result<Event<'a>, Error> {
        let (data, nonce) = (fields.next().text(), fields.next().bytes());
        let params = fields.next().text().and_then(JsonObject::from_text);
        let event = Event::for_channel(name, self.0.secret_for_event(channel)?, data, nonce)?;
        self.0.check_payload(&event)?;
        Ok(event.with_params(params))
    }
}

/// How many fields an event has behind its name: data, nonce, and its own members.
const EVENT_FIELDS: usize = 3;

/// Checks the names of all events of a batch: what is wrong with them counts more than what is wrong with the data of another.
fn check_names(mut fields: Fields<'_>) -> Result<(), Error> {
    let mut index = 0_usize;
    while !fields.is_empty() {
        names_of(&mut fields).map_err(|error| error.of_event(index))?;
        for _ in 0..EVENT_FIELDS {
            fields.next();
        }
        index = index.saturating_add(1);
    }
    Ok(())
}

/// What an event of a batch begins with: channel, name, and a `socket_id`, which only has to be right.
fn names_of<'a>(fields: &mut Fields<'a>) -> Result<(ChannelName<'a>, EventName<'a>), Error> {
    let channel = channel_of(fields)?;
    let name = event_name_of(fields)?;
    check_socket_id(fields)?;
    Ok((channel, name))
}

fn channels_of(mut fields: Fields<'_>) -> Result<Vec<ChannelName<'_>>, Error> {
    let (mut channels, mut rest) = (Vec::new(), fields);
    let mut count = 0_usize;
    while !rest.is_empty() {
        rest.next();
        count = count.saturating_add(1);
    }
    channel_count(count)?;
    while !fields.is_empty() {
        channels.push(channel_of(&mut fields)?);
    }
    Ok(channels)
}

fn channel_of<'a>(fields: &mut Fields<'a>) -> Result<ChannelName<'a>, Error> {
    ChannelName::parse(fields.next().text_or(INVALID_CHANNEL)?)
}

fn event_name_of<'a>(fields: &mut Fields<'a>) -> Result<EventName<'a>, Error> {
    EventName::parse(fields.next().text_or(INVALID_EVENT)?)
}

fn socket_of<'a>(fields: &mut Fields<'a>) -> Result<SocketId<'a>, Error> {
    SocketId::parse(fields.next().text_or(INVALID_SOCKET_ID)?)
}

fn user_of<'a>(fields: &mut Fields<'a>) -> Result<UserId<'a>, Error> {
    UserId::parse(fields.next().text_or(INVALID_USER_ID)?)
}

/// A socket id that may be left out.
fn check_socket_id(fields: &mut Fields<'_>) -> Result<(), Error> {
    match fields.next().optional_or(INVALID_SOCKET_ID)? {
        Some(id) => SocketId::parse(id).map(|_| ()),
        None => Ok(()),
    }
}

/// Whether a webhook's content type, from the frame that has been written, is JSON.
#[wasm_bindgen(js_name = isJson)]
pub fn is_json() -> bool {
    webhook::is_json(Frame::take().fields().next().text().unwrap_or_default())
}
