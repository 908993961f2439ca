//! The client's half in the module: each method's frame in, its answer or its request out.

use js_sys::{Array, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{RequestInit, RequestRedirect};

use super::{
    errors::{Thrown, at_index, of_request, settled},
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
    event::{Batch, Event, JsonObject},
    query::{self, Params, Signable, Timestamp},
    request::{Call, LIBRARY, Method},
    sign::Token,
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
};

/// What the class `Pusher` of `pkg-template/pusher.js` builds upon.
#[wasm_bindgen]
pub struct Client(Config);

#[wasm_bindgen]
impl Client {
    /// A client as the frame that has been written says; see [`settings::read`].
    ///
    /// # Errors
    /// `invalid_option` and `invalid_url`, naming the option or the part; `missing_option`, naming every variable that is missing.
    #[wasm_bindgen(constructor)]
    #[cfg_attr(npm, optimize(size))]
    pub fn new(base: u32, env: &JsValue) -> Result<Self, Thrown> {
        settings::read(base, env).map(Self)
    }

    /// What `config` shows: scheme, host, app id, key, secret, port (0 for the scheme's own), timeout, and the master
    /// key's bytes.
    #[cfg_attr(npm, optimize(size))]
    pub fn describe(&self) -> JsValue {
        let (config, token) = (&self.0, self.0.token().ok());
        let parts = Array::new();
        let text = |text: Option<&str>| {
            parts.push(&text.map_or(JsValue::UNDEFINED, JsValue::from));
        };
        text(Some(config.scheme().as_str()));
        text(Some(config.host()));
        text(config.app_id().ok());
        text(token.map(Token::key));
        text(token.map(Token::secret));
        parts.push(&config.port().unwrap_or_default().into());
        parts.push(&config.timeout().into());
        parts.push(&Uint8Array::from(config.master_key().map_or(&[][..], MasterKey::as_bytes)));
        parts.into()
    }

    /// The method of that number in `pkg-template/pusher.js`, upon the frame that has been written. `number` is the time at which to sign, in
    /// seconds, or what else the method says. One export takes all methods: each by itself would weigh half a kilobyte.
    #[cfg_attr(npm, optimize(size))]
    pub fn call(&self, method: u32, number: f64, settings: &JsValue, options: &JsValue) -> JsValue {
        // Whole and not negative, as JavaScript has checked.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let number = number as Timestamp;
        let frame = Frame::take();
        let fields = frame.fields();
        settled(match method {
            0 => self.authorize_channel(fields),
            1 => self.authenticate_user(fields),
            2 => self.signed_query(fields, number),
            3 => self.shared_secret(fields),
            4 => self.decrypt(fields),
            5 => self.check_trigger(fields),
            6 => check_user(fields),
            7 => self.check_batch(fields, number),
            method => self
                .request(method, fields)
                .and_then(|call| self.send(&call, number, settings, options, (8..11).contains(&method))),
        })
    }
}

type Answer = Result<JsValue, Thrown>;

impl Client {
    #[cfg_attr(npm, optimize(size))]
    fn authorize_channel(&self, mut fields: Fields<'_>) -> Answer {
        let socket_id = socket_of(&mut fields)?;
        let channel = channel_of(&mut fields)?;
        let token = self.0.token()?;
        let secret = self.0.secret_for_client(&channel)?;
        let auth = auth::authorize_channel(token, &socket_id, &channel, fields.next().text());
        Ok(match secret {
            Some(secret) => serde_wasm_bindgen::to_value(&(auth, secret.to_base64())).unwrap_or_default(),
            None => auth.into(),
        })
    }

    #[cfg_attr(npm, optimize(size))]
    fn authenticate_user(&self, mut fields: Fields<'_>) -> Answer {
        let socket_id = socket_of(&mut fields)?;
        let id = fields.next();
        if fields.is_empty() {
            return Err(Error::new(&INVALID_USER_DATA, id.shown()).into());
        }
        UserId::parse(id.text_or(&INVALID_USER_ID)?)?;
        Ok(auth::authenticate_user(self.0.token()?, &socket_id, fields.next().shown()).into())
    }

    #[cfg_attr(npm, optimize(size))]
    fn signed_query(&self, mut fields: Fields<'_>, timestamp: Timestamp) -> Answer {
        let (method, path, body) = (fields.next().shown(), fields.next().shown(), fields.next().bytes());
        let params = params_of(fields)?;
        Ok(query::signed(self.0.token()?, &Signable { method, path, params: &params, body }, timestamp).into())
    }

    #[cfg_attr(npm, optimize(size))]
    fn shared_secret(&self, mut fields: Fields<'_>) -> Answer {
        let channel = fields.next().text_or(&INVALID_CHANNEL)?;
        let key = self.0.required_master_key()?;
        Ok(Uint8Array::from(key.shared_secret(&ChannelName::parse(channel)?).as_bytes()).into())
    }

    #[cfg_attr(npm, optimize(size))]
    fn decrypt(&self, mut fields: Fields<'_>) -> Answer {
        let channel = channel_of(&mut fields)?;
        let secret = self.0.required_master_key()?.shared_secret(&channel);
        let mut part = || fields.next().text().unwrap_or_default();
        Ok(secret.open(part(), part())?.into())
    }

    /// Checks `socket_id`, event and channels, in the order in which npm `pusher` finds what is wrong. Gives whether data is to be sealed.
    #[cfg_attr(npm, optimize(size))]
    fn check_trigger(&self, mut fields: Fields<'_>) -> Answer {
        check_socket_id(&mut fields)?;
        event_of(&mut fields)?;
        let channels = channels_of(fields)?;
        self.is_sealed(&channels)
    }

    /// The same for an event of a batch: `channel`, `name`, `socket_id`; and first, where nothing is written, for the number of events.
    #[cfg_attr(npm, optimize(size))]
    fn check_batch(&self, mut fields: Fields<'_>, count: Timestamp) -> Answer {
        if fields.is_empty() {
            batch_size(usize::try_from(count).unwrap_or(usize::MAX))?;
            return Ok(JsValue::UNDEFINED);
        }
        let channel = channel_of(&mut fields)?;
        event_of(&mut fields)?;
        check_socket_id(&mut fields)?;
        self.is_sealed(&[channel])
    }

    #[cfg_attr(npm, optimize(size))]
    fn is_sealed(&self, channels: &[ChannelName<'_>]) -> Answer {
        channels_together(channels)?;
        let secret = channels.first().map(|channel| self.0.secret_for_event(channel)).transpose()?.flatten();
        Ok(secret.is_some().into())
    }

    /// The request that a method makes.
    #[cfg_attr(npm, optimize(size))]
    fn request(&self, method: u32, mut fields: Fields<'_>) -> Result<Call, Thrown> {
        Ok(match method {
            8 => Call::channels(fields.next().text(), fields.next().text()),
            9 => Call::channel(&channel_of(&mut fields)?, fields.next().text())?,
            10 => Call::channel_users(&channel_of(&mut fields)?)?,
            11 => Call::terminate_user_connections(&user_of(&mut fields)?)?,
            12 => {
                let user = ChannelName::of_user(&user_of(&mut fields)?);
                self.trigger(fields, &[user])?
            }
            13 => {
                let mut behind = fields;
                for _ in 0..EVENT_FIELDS {
                    behind.next();
                }
                self.trigger(fields, &channels_of(behind)?)?
            }
            14 => Call::trigger_batch(self.batch_of(fields)?)?,
            method => {
                let method = if method == 15 { Method::Get } else { Method::Post };
                let (path, body) = (fields.next().shown(), fields.next().text());
                Call::other(method, path, params_of(fields)?, body.map(Into::into))?
            }
        })
    }

    #[cfg_attr(npm, optimize(size))]
    fn trigger(&self, fields: Fields<'_>, channels: &[ChannelName<'_>]) -> Result<Call, Thrown> {
        channels_together(channels)?;
        // There is one: that has just been checked.
        let first = channels.first().ok_or_else(|| Error::new(&NO_CHANNELS, ""))?;
        Ok(self.with_event(fields, first, |event| Call::trigger(event, channels))?)
    }

    /// The events of a batch, each with its channel first.
    #[cfg_attr(npm, optimize(size))]
    fn batch_of(&self, mut fields: Fields<'_>) -> Result<Batch, Thrown> {
        let mut batch = Batch::new();
        while !fields.is_empty() {
            let channel = channel_of(&mut fields)?;
            let index = batch.count();
            let pushed = self.with_event(fields, &channel, |event| {
                batch.push(&channel, event);
                Ok(())
            });
            pushed.map_err(|error| at_index(&error, index))?;
            for _ in 0..EVENT_FIELDS {
                fields.next();
            }
        }
        Ok(batch)
    }

    /// Hands `use_it` an event: its name, its data as it travels, sealed where the channel is encrypted, and the caller's own members.
    #[cfg_attr(npm, optimize(size))]
    fn with_event<T>(
        &self,
        mut fields: Fields<'_>,
        channel: &ChannelName<'_>,
        use_it: impl FnOnce(&Event<'_>) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let name = event_of(&mut fields)?;
        let (data, nonce) = (fields.next().text(), fields.next().bytes());
        let params = fields.next().text().and_then(|text| JsonObject::from_text(text.into()));
        let secret = self.0.secret_for_event(channel)?;
        let event = match (&secret, nonce.and_then(|nonce| nonce.try_into().ok())) {
            (Some(secret), Some(nonce)) => Event::sealed(name, secret, data.unwrap_or_default(), nonce),
            _ => Event::new(name, data),
        };
        self.0.check_payload(&event)?;
        use_it(&event.with_params(params.as_ref()))
    }

    /// Signs and sends. What can be wrong with input or configuration is thrown before there is a promise.
    #[cfg_attr(npm, optimize(size))]
    fn send(&self, call: &Call, time: Timestamp, settings: &JsValue, options: &JsValue, parsed: bool) -> Answer {
        let request = call.signed(&self.0, time)?;
        let (settings, options, timeout) = (settings.clone(), options.clone(), self.0.timeout());
        let promise: Promise = future_to_promise(async move {
            let init = RequestInit::new();
            init.set_method(request.method.as_str());
            if let Some(body) = &request.body {
                init.set_body(&body.into());
            }
            init.set_redirect(RequestRedirect::Manual);
            let result = exchange(&settings, &request.url, &init, LIBRARY, &options, timeout, parsed);
            JsFuture::from(result).await.map_err(|failure| of_request(&failure, &request.url))
        });
        Ok(promise.into())
    }
}

/// How many fields an event has: name, data, nonce, and its own members.
const EVENT_FIELDS: usize = 4;

/// Checks an event's name and a user's id.
#[cfg_attr(npm, optimize(size))]
fn check_user(mut fields: Fields<'_>) -> Answer {
    event_of(&mut fields)?;
    user_of(&mut fields)?;
    Ok(JsValue::UNDEFINED)
}

#[cfg_attr(npm, optimize(size))]
fn channels_of(mut fields: Fields<'_>) -> Result<Vec<ChannelName<'_>>, Error> {
    channel_count(fields.count())?;
    let mut channels = Vec::new();
    while !fields.is_empty() {
        channels.push(channel_of(&mut fields)?);
    }
    Ok(channels)
}

#[cfg_attr(npm, optimize(size))]
fn channel_of<'a>(fields: &mut Fields<'a>) -> Result<ChannelName<'a>, Error> {
    ChannelName::parse(fields.next().text_or(&INVALID_CHANNEL)?)
}

#[cfg_attr(npm, optimize(size))]
fn event_of<'a>(fields: &mut Fields<'a>) -> Result<EventName<'a>, Error> {
    EventName::parse(fields.next().text_or(&INVALID_EVENT)?)
}

#[cfg_attr(npm, optimize(size))]
fn socket_of<'a>(fields: &mut Fields<'a>) -> Result<SocketId<'a>, Error> {
    SocketId::parse(fields.next().text_or(&INVALID_SOCKET_ID)?)
}

#[cfg_attr(npm, optimize(size))]
fn user_of<'a>(fields: &mut Fields<'a>) -> Result<UserId<'a>, Error> {
    UserId::parse(fields.next().text_or(&INVALID_USER_ID)?)
}

/// A socket id that may be left out.
#[cfg_attr(npm, optimize(size))]
fn check_socket_id(fields: &mut Fields<'_>) -> Result<(), Error> {
    match fields.next().optional_or(&INVALID_SOCKET_ID)? {
        Some(id) => SocketId::parse(id).map(|_| ()),
        None => Ok(()),
    }
}

/// The query's names and values, by turns.
#[cfg_attr(npm, optimize(size))]
fn params_of(mut fields: Fields<'_>) -> Result<Params, Error> {
    let mut params = Params::new();
    while !fields.is_empty() {
        params.add(fields.next().shown(), fields.next().shown())?;
    }
    Ok(params)
}
