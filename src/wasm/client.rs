//! The class `Pusher`.

use std::rc::Rc;

use js_sys::{Promise, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;

use super::{
    arguments::{
        BatchEvent, CallOptions, channel_text, event_text, info, optional, query_params, required, socket_text,
        user_text,
    },
    convert::{js_string, list, member, shown, text, to_object, wrong_argument},
    errors::Thrown,
    fetch::{Answer, exchange},
    host::{array_of, buffer_of},
    interrupt::Interrupt,
    settings::{Base, Settings},
    webhook::WebHook,
};
use crate::{
    auth,
    error::ErrorKind,
    event::Event,
    query::{self, Signable},
    request::{Call, Method},
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
};

/// A client of one Pusher Channels app.
#[wasm_bindgen]
pub struct Pusher(Rc<Settings>);

#[derive(Serialize)]
struct ChannelAuthorization<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    channel_data: Option<&'a str>,
    auth: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    shared_secret: Option<&'a str>,
}

#[derive(Serialize)]
struct UserAuthentication<'a> {
    auth: &'a str,
    user_data: &'a str,
}

#[wasm_bindgen]
impl Pusher {
    /// A client of the app that the options name.
    ///
    /// # Errors
    /// `invalid_option`, naming the option.
    #[wasm_bindgen(constructor)]
    pub fn new(options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, &Base::Nothing)
    }

    /// A client configured by `https://KEY:SECRET@HOST:PORT/apps/APP_ID`.
    ///
    /// # Errors
    /// `invalid_url`, naming the part that is missing.
    #[wasm_bindgen(js_name = forURL)]
    pub fn for_url(url: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, &Base::Url(url))
    }

    /// A client of an app in the cluster.
    ///
    /// # Errors
    /// `invalid_option`, naming the option.
    #[wasm_bindgen(js_name = forCluster)]
    pub fn for_cluster(cluster: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, &Base::Cluster(cluster))
    }

    /// A client configured by environment variables: of the object `env`, such as a Worker's, or of the host.
    ///
    /// # Errors
    /// `missing_option`, naming every variable that is missing; `invalid_url`, `invalid_option`.
    #[wasm_bindgen(js_name = fromEnv)]
    pub fn from_env(env: &JsValue, options: &JsValue) -> Result<Self, Thrown> {
        Self::of(options, &Base::Environment(env))
    }

    /// The configuration: frozen, its secrets not enumerable.
    #[wasm_bindgen(getter)]
    pub fn config(&self) -> JsValue {
        self.0.view()
    }

    /// What `JSON.stringify` shows: the configuration without its secrets.
    #[wasm_bindgen(js_name = toJSON)]
    pub fn to_json(&self) -> JsValue {
        self.0.view()
    }

    /// Triggers an event on one channel, or on a list of up to 100.
    ///
    /// # Errors
    /// A `PusherValidationError`, at once; the promise rejects with a `PusherRequestError`.
    pub fn trigger(
        &self,
        channels: &JsValue,
        event: &JsValue,
        data: &JsValue,
        params: &JsValue,
    ) -> Result<Promise, Thrown> {
        // The order in which npm `pusher` finds what is wrong.
        let options = CallOptions::read("params", params)?;
        options.check_socket_id()?;
        let channels = list(channels)?;
        let event = event_text(event)?;
        let event = EventName::parse(&event)?;
        channel_count(channels.len())?;
        let channel = |name| channel_text(name).and_then(ChannelName::from_string);
        let channels = channels.iter().map(channel).collect::<Result<Vec<_>, _>>()?;
        self.send_event(&channels, event, data, &options)
    }

    /// Triggers up to 10 events, each on its own channel. The list stays as it is.
    ///
    /// # Errors
    /// A `PusherValidationError` that names the event's index, at once; the promise rejects with a `PusherRequestError`.
    #[wasm_bindgen(js_name = triggerBatch)]
    pub fn trigger_batch(&self, events: &JsValue, options: &JsValue) -> Result<Promise, Thrown> {
        let options = CallOptions::read("options", options)?;
        let Some(events) = array_of(events)? else {
            let message = format!("Invalid events '{}': a batch is a list of events", shown(events));
            return Err(wrong_argument("events", message));
        };
        batch_size(events.length() as usize)?;
        let read = |(index, event)| BatchEvent::read(&event, &self.0).map_err(|thrown| thrown.at_index(index));
        let events = events.iter().enumerate().map(read).collect::<Result<Vec<_>, _>>()?;
        let events = events.iter().map(BatchEvent::parsed).collect::<Result<Vec<_>, _>>()?;
        self.send(&Call::trigger_batch(&events)?, &options, Answer::Response)
    }

    /// Triggers an event on all connections of a signed-in user.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = sendToUser)]
    pub fn send_to_user(&self, user_id: &JsValue, event: &JsValue, data: &JsValue) -> Result<Promise, Thrown> {
        let event = event_text(event)?;
        let event = EventName::parse(&event)?;
        let user_id = user_text(user_id)?;
        let channel = ChannelName::of_user(&UserId::parse(&user_id)?);
        self.send_event(&[channel], event, data, &CallOptions::NONE)
    }

    /// Closes all connections of a signed-in user.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = terminateUserConnections)]
    pub fn terminate_user_connections(&self, user_id: &JsValue) -> Result<Promise, Thrown> {
        let user_id = user_text(user_id)?;
        let call = Call::terminate_user_connections(&UserId::parse(&user_id)?)?;
        self.send(&call, &CallOptions::NONE, Answer::Response)
    }

    /// Asks for the occupied channels.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn channels(&self, options: &JsValue) -> Result<Promise, Thrown> {
        let call_options = CallOptions::read("options", options)?;
        let prefix = optional("prefix", &member(options, "prefix")?)?;
        self.send(&Call::channels(prefix.as_deref(), info(options)?.as_deref()), &call_options, Answer::Parsed)
    }

    /// Asks for one channel's state.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn channel(&self, channel: &JsValue, options: &JsValue) -> Result<Promise, Thrown> {
        let call_options = CallOptions::read("options", options)?;
        let channel = channel_text(channel)?;
        let call = Call::channel(&ChannelName::parse(&channel)?, info(options)?.as_deref())?;
        self.send(&call, &call_options, Answer::Parsed)
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    #[wasm_bindgen(js_name = channelUsers)]
    pub fn channel_users(&self, channel: &JsValue, options: &JsValue) -> Result<Promise, Thrown> {
        let call_options = CallOptions::read("options", options)?;
        let channel = channel_text(channel)?;
        self.send(&Call::channel_users(&ChannelName::parse(&channel)?)?, &call_options, Answer::Parsed)
    }

    /// Asks any endpoint below `/apps/{appId}`.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn get(&self, options: &JsValue) -> Result<Promise, Thrown> {
        self.call(Method::Get, options)
    }

    /// Posts to any endpoint below `/apps/{appId}`: a string body as it is, anything else as JSON.
    ///
    /// # Errors
    /// As [`trigger`](Self::trigger).
    pub fn post(&self, options: &JsValue) -> Result<Promise, Thrown> {
        self.call(Method::Post, options)
    }

    /// The signed query string of a request that is sent in some other way.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = createSignedQueryString)]
    pub fn create_signed_query_string(&self, options: &JsValue) -> Result<String, Thrown> {
        let (method, path) = (required(options, "method")?, required(options, "path")?);
        let body = match member(options, "body")? {
            body if body.is_truthy() => Some(
                text(&body)
                    .ok_or_else(|| wrong_argument("body", "Invalid body: it must be the string that is sent".into()))?,
            ),
            _ => None,
        };
        let params = query_params(options)?;
        let request = Signable { method: &method, path: &path, params: &params, body: body.as_deref() };
        Ok(query::signed(self.0.config.token()?, &request, self.0.timestamp()?))
    }

    /// The answer for a client that wants to subscribe: `auth`, with `channel_data` and `shared_secret` where they
    /// belong.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = authorizeChannel)]
    pub fn authorize_channel(&self, socket_id: &JsValue, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        let socket_id = socket_text(socket_id)?;
        let socket_id = SocketId::parse(&socket_id)?;
        let channel = channel_text(channel)?;
        let channel = ChannelName::parse(&channel)?;
        let channel_data = if data.is_truthy() { self.0.codec.stringify(data)? } else { None };
        let token = self.0.config.token()?;
        let secret = self.0.config.secret_for_client(&channel)?.map(|secret| secret.to_base64());
        let auth = auth::authorize_channel(token, &socket_id, &channel, channel_data.as_deref());
        to_object(&ChannelAuthorization {
            channel_data: channel_data.as_deref(),
            auth: &auth,
            shared_secret: secret.as_deref(),
        })
    }

    /// The older name of [`authorizeChannel`](Self::authorize_channel).
    ///
    /// # Errors
    /// As there.
    pub fn authenticate(&self, socket_id: &JsValue, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        self.authorize_channel(socket_id, channel, data)
    }

    /// The answer for a client that signs in as a user: `auth` and `user_data`.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = authenticateUser)]
    pub fn authenticate_user(&self, socket_id: &JsValue, user_data: &JsValue) -> Result<JsValue, Thrown> {
        let socket_id = socket_text(socket_id)?;
        let socket_id = SocketId::parse(&socket_id)?;
        if !user_data.is_object() {
            return Err(ErrorKind::InvalidUserData { given: shown(user_data) }.into());
        }
        UserId::parse(&user_text(&member(user_data, "id")?)?)?;
        let user_data = self.0.codec.stringify(user_data)?.unwrap_or_default();
        let auth = auth::authenticate_user(self.0.config.token()?, &socket_id, &user_data);
        to_object(&UserAuthentication { auth: &auth, user_data: &user_data })
    }

    /// The secret of an encrypted channel, 32 bytes.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    #[wasm_bindgen(js_name = channelSharedSecret)]
    pub fn channel_shared_secret(&self, channel: &JsValue) -> Result<Uint8Array, Thrown> {
        let channel = channel_text(channel)?;
        let key = self.0.config.master_key().ok_or(ErrorKind::MasterKeyForSharedSecret)?;
        Ok(buffer_of(key.shared_secret(&ChannelName::parse(&channel)?).as_bytes().into())?)
    }

    /// Decrypts the data of an encrypted channel's event: `{ nonce, ciphertext }`, or its JSON text.
    ///
    /// # Errors
    /// A `PusherValidationError`, `decryption_failed` among them.
    pub fn decrypt(&self, channel: &JsValue, data: &JsValue) -> Result<JsValue, Thrown> {
        let channel = channel_text(channel)?;
        let channel = ChannelName::parse(&channel)?;
        let key = self.0.config.master_key().ok_or(ErrorKind::MasterKeyForSharedSecret)?;
        let sealed = match js_string(data) {
            Some(text) => self.0.codec.parse(text).unwrap_or(JsValue::UNDEFINED),
            None => data.clone(),
        };
        let part = |name: &str| Ok::<_, Thrown>(text(&member(&sealed, name)?).unwrap_or_default());
        let plain = key.shared_secret(&channel).open(&part("nonce")?, &part("ciphertext")?)?;
        let plain = js_sys::JsString::from(plain);
        // What was sealed by another library may be a bare string; clients take it for one, too.
        Ok(self.0.codec.parse(&plain).unwrap_or_else(|_| plain.into()))
    }

    /// A request from Channels, to be checked with this client's key and secret.
    pub fn webhook(&self, request: &JsValue) -> WebHook {
        WebHook::of(self.0.config.token().ok().cloned(), request, self.0.codec.clone())
    }
}

impl Pusher {
    fn of(options: &JsValue, base: &Base<'_>) -> Result<Self, Thrown> {
        Settings::read(options, base).map(|settings| Self(Rc::new(settings)))
    }

    fn send_event(
        &self,
        channels: &[ChannelName<'_>],
        event: EventName<'_>,
        data: &JsValue,
        options: &CallOptions<'_>,
    ) -> Result<Promise, Thrown> {
        channels_together(channels)?;
        let data = channels.first().map(|channel| self.0.event_data(channel, &event, data)).transpose()?.flatten();
        let params = options.body_params()?;
        let event = Event::new(event, data.as_deref()).with_params(params.as_ref());
        self.send(&Call::trigger(&event, channels)?, options, Answer::Response)
    }

    fn call(&self, method: Method, options: &JsValue) -> Result<Promise, Thrown> {
        let call_options = CallOptions::read("options", options)?;
        let path = required(options, "path")?;
        let body = match (method, member(options, "body")?) {
            (Method::Post, body) if body.is_string() => text(&body).filter(|body| !body.is_empty()),
            (Method::Post, body) if body.is_truthy() => self.0.codec.stringify(&body)?,
            _ => None,
        };
        self.send(&Call::other(method, &path, query_params(options)?, body)?, &call_options, Answer::Response)
    }

    /// Signs and sends. What can be wrong with input or configuration is thrown before there is a promise.
    fn send(&self, call: &Call, options: &CallOptions<'_>, answer: Answer) -> Result<Promise, Thrown> {
        let (signal, idempotency_key) = (options.signal()?, options.idempotency_key()?);
        let request = call.signed(&self.0.config, self.0.timestamp()?)?;
        let settings = Rc::clone(&self.0);
        Ok(future_to_promise(async move {
            let interrupt = Interrupt::new(settings.config.timeout(), signal)?;
            exchange(&settings, &request, idempotency_key.as_deref(), &interrupt, answer).await
        }))
    }
}
