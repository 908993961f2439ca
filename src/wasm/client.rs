//! The class `Pusher`.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{RequestInit, RequestRedirect};

use super::{
    errors::{Thrown, at_index, of_request, settled},
    frame::{Fields, Frame},
    host::{
        buffer_of, call_options, channel_authorization, draw_nonce, exchange, length_of, make_view, opened, seconds,
        user_authentication, view_of, write_authorization, write_call, write_data, write_event, write_members,
        write_question, write_sealed, write_signable, write_texts, write_trigger, write_user,
    },
    settings,
    token::Token,
};
use crate::{
    auth,
    config::Config,
    encrypt::{MasterKey, NONCE_BYTES},
    error::{Error, INVALID_CHANNEL, INVALID_EVENT, INVALID_SOCKET_ID, INVALID_USER_DATA, INVALID_USER_ID},
    event::{Batch, Event, JsonObject},
    query::{self, Params, Signable, Timestamp},
    request::{Call, LIBRARY, Method},
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
};

/// A client of one Pusher Channels app.
#[wasm_bindgen]
pub struct Pusher {
    config: Config,
    /// What only JavaScript can hold: functions, headers, and what its `config` shows.
    settings: JsValue,
}

/// What a call resolves to.
#[derive(Clone, Copy)]
enum Answer {
    /// The host's `Response`.
    Response,
    /// The value of the JSON in its body.
    Parsed,
}

/// The members of `trigger`'s options that are not for the event's body, or may not overwrite it.
const NOT_IN_BODY: &str = ",name,data,channels,signal,idempotencyKey,";
/// The members of a batch's event that have their own place in its body.
const OF_EVENT: &str = ",channel,name,data,";

const LEFT_OUT: &JsValue = &JsValue::UNDEFINED;

#[wasm_bindgen]
impl Pusher {
    /// A client of the app that the options name, or the `base`: of its kind, see [`settings::read`].
    ///
    /// # Errors
    /// `invalid_option` and `invalid_url`, naming the option or the part; `missing_option`, naming every variable that is missing.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue, kind: u32, base: &JsValue) -> Result<Self, Thrown> {
        settings::read(options, kind, base).map(|(config, settings)| Self { config, settings })
    }

    /// The configuration: frozen, its secrets not enumerable.
    #[wasm_bindgen(getter)]
    pub fn config(&self) -> JsValue {
        let view = view_of(&self.settings);
        if !view.is_undefined() {
            return view;
        }
        let config = &self.config;
        make_view(
            &self.settings,
            config.scheme().as_str(),
            config.host(),
            config.port().unwrap_or_default(),
            config.timeout(),
            &config.token().map_or(JsValue::UNDEFINED, |token| Token(token.clone()).into()),
            config.master_key().map_or(&[], MasterKey::as_bytes),
        )
    }

    /// The method of that number in `pkg-template/start.js`, with its arguments. One export takes them all: each by itself would weigh half
    /// a kilobyte, and be wrapped there anyway.
    pub fn call(&self, method: u32, first: &JsValue, second: &JsValue, third: &JsValue, fourth: &JsValue) -> JsValue {
        settled(match method {
            0 => self.authorize_channel(first, second, third),
            1 => self.authenticate_user(first, second),
            2 => self.trigger(first, second, third, fourth),
            3 => self.trigger_batch(first, second),
            4 => self.send_to_user(first, second, third),
            5 => self.terminate_user_connections(first),
            6 => self.ask(LEFT_OUT, first, |mut fields| {
                fields.next();
                Ok(Call::channels(fields.next().text(), fields.next().text()))
            }),
            7 => self.ask(first, second, |mut fields| {
                let channel = channel_of(&mut fields)?;
                fields.next();
                Call::channel(&channel, fields.next().text())
            }),
            8 => self.ask(first, second, |mut fields| Call::channel_users(&channel_of(&mut fields)?)),
            9 => self.request(Method::Get, first),
            10 => self.request(Method::Post, first),
            11 => self.create_signed_query_string(first),
            12 => self.channel_shared_secret(first),
            _ => self.decrypt(first, second),
        })
    }
}

impl Pusher {
    fn trigger(
        &self,
        channels: &JsValue,
        event: &JsValue,
        data: &JsValue,
        params: &JsValue,
    ) -> Result<JsValue, Thrown> {
        // The order in which npm `pusher` finds what is wrong.
        let options = options("params", params)?;
        let count = write_trigger(channels, event, params)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        check_socket_id(&mut fields)?;
        let event = event_of(&mut fields)?;
        channel_count(count)?;
        let mut channels = Vec::with_capacity(count);
        while !fields.is_empty() {
            channels.push(channel_of(&mut fields)?);
        }
        self.send_event(&channels, event, data, params, options)
    }

    fn send_event(
        &self,
        channels: &[ChannelName<'_>],
        event: EventName<'_>,
        data: &JsValue,
        params: &JsValue,
        options: JsValue,
    ) -> Result<JsValue, Thrown> {
        channels_together(channels)?;
        let data = channels.first().map(|channel| self.event_data(channel, event, data)).transpose()?.flatten();
        let params = own_members(params, NOT_IN_BODY)?;
        let event = Event::new(event, data.as_deref()).with_params(params.as_ref());
        self.send(&Call::trigger(&event, channels)?, options, Answer::Response)
    }

    fn trigger_batch(&self, events: &JsValue, options: &JsValue) -> Result<JsValue, Thrown> {
        let options = self::options("options", options)?;
        let count = length_of(events)?;
        batch_size(count)?;
        let mut batch = Batch::new();
        for index in 0..count {
            self.add_event(&mut batch, events, index).map_err(|thrown| Thrown(at_index(&thrown.0, index)))?;
        }
        self.send(&Call::trigger_batch(batch)?, options, Answer::Response)
    }

    fn add_event(&self, batch: &mut Batch, events: &JsValue, index: usize) -> Result<(), Thrown> {
        let given = write_event(events, index)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let channel = channel_of(&mut fields)?;
        let name = event_of(&mut fields)?;
        check_socket_id(&mut fields)?;
        let data = self.event_data(&channel, name, &Reflect::get(&given, &"data".into())?)?;
        let params = own_members(&given, OF_EVENT)?;
        batch.push(&channel, &Event::new(name, data.as_deref()).with_params(params.as_ref()));
        Ok(())
    }

    fn send_to_user(&self, user_id: &JsValue, event: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(event, user_id, LEFT_OUT);
        let frame = Frame::take();
        let mut fields = frame.fields();
        let event = event_of(&mut fields)?;
        let channel = ChannelName::of_user(&user_of(&mut fields)?);
        self.send_event(&[channel], event, data, LEFT_OUT, JsValue::UNDEFINED)
    }

    fn terminate_user_connections(&self, user_id: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(user_id, LEFT_OUT, LEFT_OUT);
        let call = Call::terminate_user_connections(&user_of(&mut Frame::take().fields())?)?;
        self.send(&call, JsValue::UNDEFINED, Answer::Response)
    }

    /// A question about a channel, or about all; `call` makes it of the channel, `prefix` and `info`.
    fn ask(
        &self,
        channel: &JsValue,
        options: &JsValue,
        call: fn(Fields<'_>) -> Result<Call, Error>,
    ) -> Result<JsValue, Thrown> {
        let call_options = self::options("options", options)?;
        write_question(channel, options)?;
        let call = call(Frame::take().fields())?;
        self.send(&call, call_options, Answer::Parsed)
    }

    fn request(&self, method: Method, options: &JsValue) -> Result<JsValue, Thrown> {
        let call_options = self::options("options", options)?;
        write_call(&self.settings, options, method == Method::Post)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (path, body) = (fields.next().shown(), fields.next().text());
        let call = Call::other(method, path, params_of(fields)?, body.map(Into::into))?;
        self.send(&call, call_options, Answer::Response)
    }

    fn create_signed_query_string(&self, options: &JsValue) -> Result<JsValue, Thrown> {
        write_signable(options)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (method, path, body) = (fields.next().shown(), fields.next().shown(), fields.next().bytes());
        let params = params_of(fields)?;
        let request = Signable { method, path, params: &params, body };
        Ok(query::signed(self.config.token()?, &request, self.timestamp()?).into())
    }

    fn authorize_channel(&self, socket_id: &JsValue, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        let json = write_authorization(&self.settings, socket_id, channel, data)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let socket_id = socket_of(&mut fields)?;
        let channel = channel_of(&mut fields)?;
        let token = self.config.token()?;
        let secret = self.config.secret_for_client(&channel)?.map(|secret| secret.to_base64());
        let auth = auth::authorize_channel(token, &socket_id, &channel, fields.next().text());
        Ok(channel_authorization(&auth, &json, secret.as_deref())?)
    }

    fn authenticate_user(&self, socket_id: &JsValue, user_data: &JsValue) -> Result<JsValue, Thrown> {
        let json = write_user(&self.settings, socket_id, user_data)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let socket_id = socket_of(&mut fields)?;
        if json.is_undefined() {
            return Err(Error::new(&INVALID_USER_DATA, fields.next().shown()).into());
        }
        user_of(&mut fields)?;
        let auth = auth::authenticate_user(self.config.token()?, &socket_id, fields.next().shown());
        Ok(user_authentication(&auth, &json)?)
    }

    fn channel_shared_secret(&self, channel: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(channel, LEFT_OUT, LEFT_OUT);
        let frame = Frame::take();
        let channel = frame.fields().next().text_or(&INVALID_CHANNEL)?;
        let key = self.config.required_master_key()?;
        Ok(buffer_of(key.shared_secret(&ChannelName::parse(channel)?).as_bytes()).into())
    }

    fn decrypt(&self, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        write_sealed(&self.settings, channel, data)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let channel = channel_of(&mut fields)?;
        let key = self.config.required_master_key()?;
        let mut part = || fields.next().text().unwrap_or_default();
        let plain = key.shared_secret(&channel).open(part(), part())?;
        Ok(opened(&self.settings, &plain))
    }

    /// An event's data as it travels: a string as it is and anything else as JSON, or sealed, where the channel is encrypted.
    /// What is sealed is JSON always, as in npm `pusher`. `None` for `undefined`.
    ///
    /// # Errors
    /// `missing_option` without a master key, `invalid_data`, `payload_too_large`, `no_randomness`.
    fn event_data(&self, channel: &ChannelName<'_>, event: EventName<'_>, data: &JsValue) -> Result<Option<String>, Thrown> {
        let secret = self.config.secret_for_event(channel)?;
        write_data(&self.settings, data, secret.is_some())?;
        let frame = Frame::take();
        let Some(data) = frame.fields().next().text() else { return Ok(None) };
        let data = match secret {
            Some(secret) => {
                let mut nonce = [0; NONCE_BYTES];
                draw_nonce(&self.settings, &mut nonce)?;
                secret.seal(data, &nonce)
            }
            None => data.into(),
        };
        self.config.check_payload(&event, &data)?;
        Ok(Some(data))
    }

    /// The time at which a request is signed.
    fn timestamp(&self) -> Result<Timestamp, Thrown> {
        // Checked to be a whole number in the range.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(seconds(&self.settings)? as Timestamp)
    }

    /// Signs and sends. What can be wrong with input or configuration is thrown before there is a promise.
    fn send(&self, call: &Call, options: JsValue, answer: Answer) -> Result<JsValue, Thrown> {
        let request = call.signed(&self.config, self.timestamp()?)?;
        let (settings, timeout) = (self.settings.clone(), self.config.timeout());
        let promise: Promise = future_to_promise(async move {
            let init = RequestInit::new();
            init.set_method(request.method.as_str());
            if let Some(body) = &request.body {
                init.set_body(&body.into());
            }
            init.set_redirect(RequestRedirect::Manual);
            let parsed = matches!(answer, Answer::Parsed);
            let result = exchange(&settings, &request.url, &init, LIBRARY, &options, timeout, parsed);
            JsFuture::from(result).await.map_err(|failure| of_request(&failure, &request.url))
        });
        Ok(promise.into())
    }
}

fn options(name: &str, options: &JsValue) -> Result<JsValue, Thrown> {
    if options.is_undefined() { Ok(JsValue::UNDEFINED) } else { Ok(call_options(name, options)?) }
}

/// The members of an event's body that are the caller's own.
fn own_members(object: &JsValue, without: &str) -> Result<Option<JsonObject>, Thrown> {
    if object.is_undefined() {
        return Ok(None);
    }
    write_members(object, without)?;
    Ok(Frame::take().fields().next().text().and_then(|text| JsonObject::from_text(text.into())))
}

fn channel_of<'a>(fields: &mut Fields<'a>) -> Result<ChannelName<'a>, Error> {
    ChannelName::parse(fields.next().text_or(&INVALID_CHANNEL)?)
}

fn event_of<'a>(fields: &mut Fields<'a>) -> Result<EventName<'a>, Error> {
    EventName::parse(fields.next().text_or(&INVALID_EVENT)?)
}

fn socket_of<'a>(fields: &mut Fields<'a>) -> Result<SocketId<'a>, Error> {
    SocketId::parse(fields.next().text_or(&INVALID_SOCKET_ID)?)
}

fn user_of<'a>(fields: &mut Fields<'a>) -> Result<UserId<'a>, Error> {
    UserId::parse(fields.next().text_or(&INVALID_USER_ID)?)
}

/// A socket id that may be left out.
fn check_socket_id(fields: &mut Fields<'_>) -> Result<(), Error> {
    fields.next().optional_or(&INVALID_SOCKET_ID)?.map(SocketId::parse).transpose().map(|_| ())
}

/// The query's names and values, by turns.
fn params_of(mut fields: Fields<'_>) -> Result<Params, Error> {
    let mut params = Params::new();
    while !fields.is_empty() {
        params.add(fields.next().shown(), fields.next().shown())?;
    }
    Ok(params)
}
