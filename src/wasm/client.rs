//! The class `Pusher`.

use js_sys::{Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::{RequestInit, RequestRedirect};

use super::{
    errors::{Thrown, at_index, of_request, settled},
    frame::{Fields, Frame},
    host::{
        buffer_of, call_options, channel_authorization, check_environment, draw_nonce, exchange, length_of, make_view,
        opened, read_options, seconds, set_app_id, user_authentication, view_of, write_authorization, write_call,
        write_data, write_event, write_members, write_question, write_sealed, write_signable, write_texts,
        write_trigger, write_user, write_variable,
    },
    token::Token,
};
use crate::{
    auth,
    config::{self, Config, Options, Scheme, cluster_host},
    connection_url,
    encrypt::{MasterKey, NONCE_BYTES},
    environment,
    error::{Error, INVALID_CHANNEL, INVALID_EVENT, INVALID_SOCKET_ID, INVALID_URL, INVALID_USER_DATA, INVALID_USER_ID},
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

/// What takes precedence over the options' own members.
enum Base<'a> {
    Nothing,
    Cluster,
    Url,
    /// Environment variables: of this object, or of the host where it is left out.
    Environment(&'a JsValue),
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

#[wasm_bindgen]
impl Pusher {
    /// A client of the app that the options name.
    ///
    /// # Errors
    /// `invalid_option`, naming the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, &JsValue::UNDEFINED, &Base::Nothing)
    }

    /// A client configured by `https://KEY:SECRET@HOST:PORT/apps/APP_ID`.
    ///
    /// # Errors
    /// `invalid_url`, naming the part that is missing.
    #[wasm_bindgen(js_name = forURL)]
    pub fn for_url(url: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, url, &Base::Url)
    }

    /// A client of an app in the cluster.
    ///
    /// # Errors
    /// `invalid_option`, naming the option.
    #[wasm_bindgen(js_name = forCluster)]
    pub fn for_cluster(cluster: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, cluster, &Base::Cluster)
    }

    /// A client configured by environment variables: of the object `env`, such as a Worker's, or of the host.
    ///
    /// # Errors
    /// `missing_option`, naming every variable that is missing; `invalid_url`, `invalid_option`.
    #[wasm_bindgen(js_name = fromEnv)]
    pub fn from_env(env: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        check_environment(env)?;
        Self::of(options, &JsValue::UNDEFINED, &Base::Environment(env))
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
            config.port().map(u32::from),
            config.timeout(),
            &config.token().map_or(JsValue::UNDEFINED, |token| Token(token.clone()).into()),
            config.master_key().map_or(&[], MasterKey::as_bytes),
        )
    }

    /// Triggers an event on one channel, or on a list of up to 100.
    ///
    /// # Errors
    /// A `PusherValidationError`, at once; the promise rejects with a `PusherRequestError`.
    pub fn trigger(&self, channels: &JsValue, event: &JsValue, data: &JsValue, params: &JsValue) -> JsValue {
        settled(self.try_trigger(channels, event, data, params))
    }

    /// Triggers up to 10 events, each on its own channel. The list stays as it is.
    ///
    /// # Errors
    /// A `PusherValidationError` that names the event's index, at once; the promise rejects with a `PusherRequestError`.
    #[wasm_bindgen(js_name = triggerBatch)]
    pub fn trigger_batch(&self, events: &JsValue, options: &JsValue) -> JsValue {
        settled(self.try_trigger_batch(events, options))
    }

    /// Triggers an event on all connections of a signed-in user.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = sendToUser)]
    pub fn send_to_user(&self, user_id: &JsValue, event: &JsValue, data: &JsValue) -> JsValue {
        settled(self.try_send_to_user(user_id, event, data))
    }

    /// Closes all connections of a signed-in user.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = terminateUserConnections)]
    pub fn terminate_user_connections(&self, user_id: &JsValue) -> JsValue {
        settled(self.try_terminate(user_id))
    }

    /// Asks for the occupied channels.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn channels(&self, options: &JsValue) -> JsValue {
        settled(self.ask(&JsValue::UNDEFINED, options, |mut fields| {
            fields.next();
            Ok(Call::channels(fields.next().text(), fields.next().text()))
        }))
    }

    /// Asks for one channel's state.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn channel(&self, channel: &JsValue, options: &JsValue) -> JsValue {
        settled(self.ask(channel, options, |mut fields| {
            let channel = channel_of(&mut fields)?;
            fields.next();
            Call::channel(&channel, fields.next().text())
        }))
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = channelUsers)]
    pub fn channel_users(&self, channel: &JsValue, options: &JsValue) -> JsValue {
        settled(self.ask(channel, options, |mut fields| Call::channel_users(&channel_of(&mut fields)?)))
    }

    /// Asks any endpoint below `/apps/{appId}`.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn get(&self, options: &JsValue) -> JsValue {
        settled(self.call(Method::Get, options))
    }

    /// Posts to any endpoint below `/apps/{appId}`: a string body as it is, anything else as JSON.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn post(&self, options: &JsValue) -> JsValue {
        settled(self.call(Method::Post, options))
    }

    /// The signed query string of a request that is sent in some other way.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = createSignedQueryString)]
    pub fn create_signed_query_string(&self, options: &JsValue) -> JsValue {
        settled(self.try_sign(options))
    }

    /// The answer for a client that wants to subscribe: `auth`, with `channel_data` and `shared_secret` where they
    /// belong.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = authorizeChannel)]
    pub fn authorize_channel(&self, socket_id: &JsValue, channel: &JsValue, data: &JsValue) -> JsValue {
        settled(self.try_authorize(socket_id, channel, data))
    }

    /// The answer for a client that signs in as a user: `auth` and `user_data`.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = authenticateUser)]
    pub fn authenticate_user(&self, socket_id: &JsValue, user_data: &JsValue) -> JsValue {
        settled(self.try_authenticate(socket_id, user_data))
    }

    /// The secret of an encrypted channel, 32 bytes.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = channelSharedSecret)]
    pub fn channel_shared_secret(&self, channel: &JsValue) -> JsValue {
        settled(self.try_shared_secret(channel))
    }

    /// Decrypts the data of an encrypted channel's event: `{ nonce, ciphertext }`, or its JSON text.
    ///
    /// # Errors
    /// A `PusherValidationError`, `decryption_failed` among them.
    pub fn decrypt(&self, channel: &JsValue, data: &JsValue) -> JsValue {
        settled(self.try_decrypt(channel, data))
    }
}

impl Pusher {
    fn of(options: &JsValue, base: &JsValue, kind: &Base<'_>) -> Result<Self, Thrown> {
        let settings = read_options(options, base)?;
        let frame = Frame::take_secret();
        let mut fields = frame.fields();
        let base = fields.next();
        let mut options = options_of(fields)?;
        let located = match kind {
            Base::Nothing => None,
            Base::Cluster => {
                options.host = Some(cluster_host(base.shown())?);
                None
            }
            Base::Url => Some(match base.text() {
                Some(url) => connection_url::parse(url)?,
                None => return Err(Error::new(&INVALID_URL, "the URL itself (a string)").into()),
            }),
            Base::Environment(variables) => Some(environment::read(&|name| {
                write_variable(variables, name);
                Frame::take_secret().fields().next().text().map(Into::into)
            })?),
        };
        if let Some(located) = located {
            set_app_id(&settings, located.app_id.as_deref().unwrap_or_default());
            options = Options {
                timeout: options.timeout,
                master_key: located.master_key.or(options.master_key),
                max_payload: options.max_payload,
                // The options' own prefix counts where the URL has none.
                path_prefix: located.path_prefix.filter(|prefix| !prefix.is_empty()).or(options.path_prefix),
                ..located
            };
        }
        Ok(Self { config: Config::new(options)?, settings })
    }

    fn try_trigger(
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

    fn try_trigger_batch(&self, events: &JsValue, options: &JsValue) -> Result<JsValue, Thrown> {
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

    fn try_send_to_user(&self, user_id: &JsValue, event: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(event, user_id, &JsValue::UNDEFINED);
        let frame = Frame::take();
        let mut fields = frame.fields();
        let event = event_of(&mut fields)?;
        let channel = ChannelName::of_user(&user_of(&mut fields)?);
        self.send_event(&[channel], event, data, &JsValue::UNDEFINED, JsValue::UNDEFINED)
    }

    fn try_terminate(&self, user_id: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(user_id, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
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

    fn call(&self, method: Method, options: &JsValue) -> Result<JsValue, Thrown> {
        let call_options = self::options("options", options)?;
        write_call(&self.settings, options, method == Method::Post)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (path, body) = (fields.next().shown(), fields.next().text());
        let call = Call::other(method, path, params_of(fields)?, body.map(Into::into))?;
        self.send(&call, call_options, Answer::Response)
    }

    fn try_sign(&self, options: &JsValue) -> Result<JsValue, Thrown> {
        write_signable(options)?;
        let frame = Frame::take();
        let mut fields = frame.fields();
        let (method, path, body) = (fields.next().shown(), fields.next().shown(), fields.next().bytes());
        let params = params_of(fields)?;
        let request = Signable { method, path, params: &params, body };
        Ok(query::signed(self.config.token()?, &request, self.timestamp()?).into())
    }

    fn try_authorize(&self, socket_id: &JsValue, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
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

    fn try_authenticate(&self, socket_id: &JsValue, user_data: &JsValue) -> Result<JsValue, Thrown> {
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

    fn try_shared_secret(&self, channel: &JsValue) -> Result<JsValue, Thrown> {
        write_texts(channel, &JsValue::UNDEFINED, &JsValue::UNDEFINED);
        let frame = Frame::take();
        let channel = frame.fields().next().text_or(&INVALID_CHANNEL)?;
        let key = self.config.required_master_key()?;
        Ok(buffer_of(key.shared_secret(&ChannelName::parse(channel)?).as_bytes()).into())
    }

    fn try_decrypt(&self, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
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

/// The options that the core takes, as `pkg-template/options.js` writes them.
fn options_of(mut fields: Fields<'_>) -> Result<Options, Error> {
    let mut text = || fields.next().text().map(String::from);
    let (app_id, key, secret, cluster, host) = (text(), text(), text(), text(), text());
    let (scheme, path_prefix, raw_key, base64_key) = (text(), text(), text(), text());
    let given = |text: Option<String>| text.filter(|text| !text.is_empty());
    let mut number = || fields.next().number().map(|number| (number, fields.next().shown()));
    let options = Options {
        app_id,
        key,
        secret: secret.map(Into::into),
        cluster: given(cluster),
        host: given(host),
        port: number().map(|(port, shown)| config::port(port, shown)).transpose()?,
        scheme: scheme.as_deref().map(Scheme::parse).transpose()?,
        path_prefix,
        timeout: number().map(|(timeout, shown)| config::timeout(timeout, shown)).transpose()?,
        master_key: match (raw_key, base64_key) {
            (Some(raw), _) => Some(MasterKey::from_text(&raw)?),
            (None, Some(base64)) => Some(MasterKey::from_base64(&base64)?),
            (None, None) => None,
        },
        max_payload: number().map(|(bytes, shown)| config::payload_limit(bytes, shown)).transpose()?,
    };
    Ok(options)
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
