//! The client's half in the module: each method's frame in, its answer or its request out.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{RequestInit, RequestRedirect};

use super::{
    errors::{leave, of_request},
    frame::{Fields, Frame},
    host::exchange,
    settings,
};
use crate::{
    auth,
    config::Config,
    encrypt::MasterKey,
    error::{
        Error, INVALID_CHANNEL, INVALID_EVENT, INVALID_SOCKET_ID, INVALID_USER_DATA, INVALID_USER_ID, NO_CHANNELS,
    },
    event::{Batch, Event, JsonObject, push_json},
    query::{self, Params, Signable, Timestamp},
    request::{Call, Method, Request},
    sign::Token,
    text::{concat, decimal, number_of},
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
    webhook,
};

/// What the classes `Pusher` and `Token` of `pkg-template` build upon.
#[wasm_bindgen]
pub struct Client(Config);

/// Added to the number of a request: only what is wrong with it is asked for, as far as that can be told before it is signed.
const CHECK: u32 = 32;

#[wasm_bindgen]
impl Client {
    /// A client as the frame that has been written says; see [`settings::read`].
    ///
    /// What is wrong is left to be thrown: `invalid_option` and `invalid_url`, naming the option or the part; `missing_option`, naming every
    /// variable that is missing.
    #[wasm_bindgen(constructor)]
    pub fn new(base: u32, env: &JsValue) -> Self {
        Self(settings::read(base, env).unwrap_or_else(|error| {
            leave(&error);
            Config::default()
        }))
    }

    /// The method of that number in `pkg-template/methods.js`, upon the frame that has been written. `time` is when to sign, in
    /// seconds. One export takes all methods: each by itself would weigh half a kilobyte.
    pub fn call(&self, method: u32, time: f64, settings: &JsValue, options: &JsValue) -> JsValue {
        // Whole and not negative, as JavaScript has checked.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let time = time as Timestamp;
        let frame = Frame::take();
        let answer = self.answer(method, frame.fields(), time, settings, options);
        answer.unwrap_or_else(|error| {
            leave(&error);
            JsValue::UNDEFINED
        })
    }
}

type Answer = Result<JsValue, Error>;

impl Client {
    fn answer(&self, method: u32, fields: Fields<'_>, time: Timestamp, settings: &JsValue, options: &JsValue) -> Answer {
        match method {
            0 => self.authorize_channel(fields),
            1 => self.authenticate_user(fields),
            2 => self.signed_query(fields, time),
            3 => self.shared_secret(fields),
            4 => self.decrypt(fields),
            5 => Ok(self.describe()),
            6 => self.sign(fields),
            7 => self.verify(fields),
            8 => self.authenticates(fields),
            _ => {
                let call = self.request(method % CHECK, fields)?;
                if method >= CHECK {
                    return Ok(JsValue::UNDEFINED);
                }
                let request = call.signed(&self.0, time)?;
                Ok(self.send(&request, settings, options, (9..12).contains(&method)))
            }
        }
    }

    fn authorize_channel(&self, mut fields: Fields<'_>) -> Answer {
        let socket_id = socket_of(&mut fields)?;
        let channel = channel_of(&mut fields)?;
        let token = self.0.token()?;
        let secret = self.0.secret_for_client(channel)?;
        let auth = auth::authorize_channel(token, socket_id, channel, fields.next().text());
        Ok(match secret {
            Some(secret) => answer(&concat(&[&secret.to_base64(), &auth])),
            None => answer(&auth),
        })
    }

    fn authenticate_user(&self, mut fields: Fields<'_>) -> Answer {
        let socket_id = socket_of(&mut fields)?;
        let id = fields.next();
        if fields.is_empty() {
            return Err(Error::new(INVALID_USER_DATA, id.shown()));
        }
        UserId::parse(id.text_or(INVALID_USER_ID)?)?;
        Ok(answer(&auth::authenticate_user(self.0.token()?, socket_id, fields.next().shown())))
    }

    fn signed_query(&self, mut fields: Fields<'_>, timestamp: Timestamp) -> Answer {
        let (method, path) = (fields.next().shown(), fields.next().shown());
        let body = fields.next().bytes().unwrap_or_default();
        let params = &params_of(fields)?;
        Ok(answer(&query::signed(self.0.token()?, &Signable { method, path, params, body }, timestamp)))
    }

    fn shared_secret(&self, mut fields: Fields<'_>) -> Answer {
        let channel = fields.next().text_or(INVALID_CHANNEL)?;
        let key = self.0.required_master_key()?;
        Ok(answer(&key.shared_secret(ChannelName::parse(channel)?).to_base64()))
    }

    fn decrypt(&self, mut fields: Fields<'_>) -> Answer {
        let channel = channel_of(&mut fields)?;
        let secret = self.0.required_master_key()?.shared_secret(channel);
        let mut part = || fields.next().text().unwrap_or_default();
        Ok(answer(&secret.open(part(), part())?))
    }

    /// What `config` shows, as a list in JSON: scheme, host, app id, key, secret, port, timeout, and the master key in Base64; empty where there is none.
    fn describe(&self) -> JsValue {
        let (config, token) = (&self.0, self.0.token().ok());
        let mut json = Vec::new();
        for text in [
            config.scheme().as_str(),
            config.host(),
            config.app_id().unwrap_or_default(),
            token.map_or("", Token::key),
            token.map_or("", Token::secret),
            &config.port().map(|port| decimal(port.into())).unwrap_or_default(),
            &decimal(config.timeout().into()),
            &config.master_key().map(MasterKey::to_base64).unwrap_or_default(),
        ] {
            json.extend_from_slice(if json.is_empty() { b"[" } else { b"," });
            push_json(&mut json, text);
        }
        json.extend_from_slice(b"]");
        answer(std::str::from_utf8(&json).unwrap_or_default())
    }

    /// The signature of the text or bytes, `undefined` of anything else.
    fn sign(&self, mut fields: Fields<'_>) -> Answer {
        let token = self.0.token()?;
        Ok(fields.next().bytes().map_or(JsValue::UNDEFINED, |message| answer(&token.sign(message))))
    }

    /// Whether the text or bytes have that signature.
    fn verify(&self, mut fields: Fields<'_>) -> Answer {
        let token = self.0.token()?;
        let (message, signature) = (fields.next().bytes(), fields.next().text());
        Ok(message.zip(signature).is_some_and(|(message, signature)| token.verify(message, signature)).into())
    }

    /// Whether the token has the key, and made the signature of the body, of a webhook.
    fn authenticates(&self, mut fields: Fields<'_>) -> Answer {
        let token = self.0.token()?;
        let (key, signature) = (fields.next().text(), fields.next().text());
        let parts = key.zip(signature).zip(fields.next().bytes());
        Ok(parts.is_some_and(|((key, signature), body)| webhook::is_authentic([token], key, signature, body)).into())
    }

    /// The request that a method makes.
    fn request<'a>(&self, method: u32, mut fields: Fields<'a>) -> Result<Call<'a>, Error> {
        match method {
            9 => Ok(Call::channels(fields.next().text(), fields.next().text())),
            10 => Call::channel(channel_of(&mut fields)?, fields.next().text()),
            11 => Call::channel_users(channel_of(&mut fields)?),
            12 => Call::terminate_user_connections(user_of(&mut fields)?),
            13 => {
                let name = event_name_of(&mut fields)?;
                let mut channel = String::new();
                let channel = ChannelName::of_user(user_of(&mut fields)?, &mut channel);
                self.trigger(name, fields, &[channel])
            }
            14 => {
                check_socket_id(&mut fields)?;
                let name = event_name_of(&mut fields)?;
                let mut channels = fields;
                for _ in 0..EVENT_FIELDS {
                    channels.next();
                }
                self.trigger(name, fields, &channels_of(channels)?)
            }
            15 => Call::trigger_batch(self.batch_of(fields)?),
            method => {
                let method = if method == 16 { Method::Get } else { Method::Post };
                let (path, body) = (fields.next().shown(), fields.next().text());
                Call::other(method, path, params_of(fields)?, body)
            }
        }
    }

    fn trigger<'a, 'b>(&self, name: EventName<'b>, mut fields: Fields<'b>, channels: &[ChannelName<'_>]) -> Result<Call<'a>, Error> {
        channels_together(channels)?;
        // There is one: that has just been checked.
        let first = channels.first().ok_or_else(|| Error::new(NO_CHANNELS, ""))?;
        Call::trigger(&self.event_of(name, &mut fields, *first)?, channels)
    }

    /// The events of a batch, behind their number: each with its channel, name and `socket_id` first.
    fn batch_of(&self, mut fields: Fields<'_>) -> Result<Batch, Error> {
        batch_size(number_of(fields.next().shown()).unwrap_or_default() as usize)?;
        let mut batch = Batch::new();
        while !fields.is_empty() {
            self.push_event(&mut batch, &mut fields).map_err(|error| error.of_event(batch.count()))?;
        }
        Ok(batch)
    }

    fn push_event(&self, batch: &mut Batch, fields: &mut Fields<'_>) -> Result<(), Error> {
        let channel = channel_of(fields)?;
        let name = event_name_of(fields)?;
        check_socket_id(fields)?;
        batch.push(channel, &self.event_of(name, fields, channel)?);
        Ok(())
    }

    /// An event: its data as it travels, sealed with the nonce where the channel is encrypted, and the caller's own members.
    fn event_of<'a>(&self, name: EventName<'a>, fields: &mut Fields<'a>, channel: ChannelName<'_>) -> Result<Event<'a>, Error> {
        let (data, nonce) = (fields.next().text(), fields.next().bytes());
        let params = fields.next().text().and_then(JsonObject::from_text);
        let event = match (self.0.secret_for_event(channel)?, nonce.and_then(|nonce| nonce.try_into().ok())) {
            (Some(secret), Some(nonce)) => Event::sealed(name, secret, data.unwrap_or_default(), nonce),
            // Only to check the rest: what cannot be sealed does not go out.
            (Some(_), None) => Event::new(name, None),
            (None, _) => Event::new(name, data),
        };
        self.0.check_payload(&event)?;
        Ok(event.with_params(params))
    }

    fn send(&self, request: &Request, settings: &JsValue, options: &JsValue, parsed: bool) -> JsValue {
        let init = RequestInit::new();
        init.set_method(request.method.as_str());
        if let Some(body) = &request.body {
            init.set_body(&body.into());
        }
        init.set_redirect(RequestRedirect::Manual);
        let result = exchange(settings, &request.url, &init, options, self.0.timeout(), parsed);
        future_to_promise(async move { JsFuture::from(result).await.map_err(|failure| of_request(&failure)) }).into()
    }
}

/// How many fields an event has behind its name: data, nonce, and its own members.
const EVENT_FIELDS: usize = 3;

fn answer(text: &str) -> JsValue {
    serde_wasm_bindgen::to_value(text).unwrap_or_default()
}

fn channels_of(mut fields: Fields<'_>) -> Result<Vec<ChannelName<'_>>, Error> {
    let mut channels = Vec::new();
    let mut count = fields;
    channel_count(std::iter::from_fn(|| (!count.is_empty()).then(|| count.next())).count())?;
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

/// The query's names and values, by turns.
fn params_of(mut fields: Fields<'_>) -> Result<Params<'_>, Error> {
    let mut params = Params::new();
    while !fields.is_empty() {
        params.add(fields.next().shown(), fields.next().shown())?;
    }
    Ok(params)
}

/// Whether a webhook's content type, from the frame that has been written, is JSON.
#[wasm_bindgen(js_name = isJson)]
pub fn is_json() -> bool {
    Frame::take().fields().next().text().is_some_and(webhook::is_json)
}
