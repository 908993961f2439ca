//! What a client is configured with: the core's configuration, and what only JavaScript can hold.

use std::cell::OnceCell;

use js_sys::{Function, Object, Uint8Array};
use wasm_bindgen::prelude::*;

use super::{
    codec::Codec,
    convert::{bytes, define, is_absent, is_object, member, shown, text, wrong_argument},
    errors::{Thrown, found_by_host},
    hooks::Hooks,
    host::{buffer_of, copy_of, date_now, environment_variable, fetch_with_agent, get_random_values, headers_of},
    options::Reader,
    token::Token,
};
use crate::{
    config::{self, Config, Options, cluster_host},
    connection_url,
    encrypt::NONCE_BYTES,
    environment,
    error::ErrorKind,
    query::Timestamp,
    validate::{ChannelName, EventName},
};

/// A client's configuration, and the parts of it that only JavaScript can hold.
pub(super) struct Settings {
    pub(super) config: Config,
    /// As given: a number or a string.
    app_id: JsValue,
    agent: JsValue,
    pub(super) fetch: Option<Function>,
    pub(super) fetch_options: Option<Object>,
    /// Those of every request, without the library's own.
    pub(super) headers: Object,
    pub(super) codec: Codec,
    pub(super) hooks: Hooks,
    now: Option<Function>,
    random_bytes: Option<Function>,
    view: OnceCell<Object>,
}

/// What takes precedence over the options' own members.
pub(super) enum Base<'a> {
    Nothing,
    Cluster(&'a JsValue),
    Url(&'a JsValue),
    /// Environment variables: of this object, or of the host where it is left out.
    Environment(&'a JsValue),
}

impl Settings {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// `invalid_option` naming the option, `invalid_url`, `missing_option`, and what a getter throws.
    pub(super) fn read(given: &JsValue, base: &Base<'_>) -> Result<Self, Thrown> {
        if !is_absent(given) && !is_object(given) {
            let message = format!("Invalid options '{}': they must be an object", shown(given));
            return Err(wrong_argument("options", message));
        }
        let reader = Reader(given);
        let mut options = reader.options()?;
        let mut app_id = reader.get("appId")?;
        let located = match base {
            Base::Nothing => None,
            Base::Cluster(name) => {
                options.host = Some(cluster_host(&text(name).unwrap_or_else(|| shown(name)))?);
                None
            }
            Base::Url(url) => {
                let url = text(url).ok_or(ErrorKind::InvalidUrl { missing: "the URL itself (a string)" })?;
                Some(connection_url::parse(&url)?)
            }
            Base::Environment(variables) => Some(from_environment(variables)?),
        };
        if let Some(located) = located {
            app_id = located.app_id.as_deref().map_or(JsValue::UNDEFINED, number_or_text);
            options = Options {
                timeout: options.timeout,
                master_key: located.master_key.or(options.master_key),
                max_payload: options.max_payload,
                // The options' own prefix counts where the URL has none.
                path_prefix: located.path_prefix.filter(|prefix| !prefix.is_empty()).or(options.path_prefix),
                ..located
            };
        }
        let fetch_options = reader.object("fetchOptions")?.map(|own| copy_of(&own)).transpose()?;
        let (fetch, agent) = (reader.function("fetch")?, reader.object("agent")?);
        Ok(Self {
            config: Config::new(options)?,
            app_id,
            fetch: match (fetch, &agent) {
                (Some(_), Some(_)) => {
                    return Err(config::invalid(
                        "agent",
                        "Cannot set both `agent` and `fetch`: an agent is for the \
                        requests that this library sends through node:http",
                    )
                    .into());
                }
                (None, Some(agent)) => Some(fetch_with_agent(agent)?.ok_or_else(|| {
                    config::invalid(
                        "agent",
                        "The `agent` option needs node:http, which this host does not have: \
                        pass the `fetch` option instead",
                    )
                })?),
                (fetch, None) => fetch,
            },
            agent: agent.map_or(JsValue::UNDEFINED, JsValue::from),
            headers: headers(&reader, fetch_options.as_ref())?,
            fetch_options,
            codec: Codec::read(&reader)?,
            hooks: Hooks::read(&reader)?,
            now: reader.function("now")?,
            random_bytes: reader.function("randomBytes")?,
            view: OnceCell::new(),
        })
    }

    /// The time at which a request is signed.
    ///
    /// # Errors
    /// `invalid_option`, when the `now` option gives no number; what it throws.
    pub(super) fn timestamp(&self) -> Result<Timestamp, Thrown> {
        let milliseconds = match &self.now {
            Some(now) => now.call0(&JsValue::UNDEFINED)?,
            None => date_now()?,
        };
        let milliseconds = milliseconds.as_f64().unwrap_or(f64::NAN);
        let seconds = (milliseconds / 1000.0).floor();
        if !(0.0..9e15).contains(&seconds) {
            let message = match &self.now {
                Some(_) => "The `now` option must return milliseconds since 1970",
                None => "The host's clock (`Date.now`) does not tell milliseconds since 1970: pass the `now` option",
            };
            return Err(config::invalid("now", message).into());
        }
        // Just checked to be in the range.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(seconds as Timestamp)
    }

    /// A fresh nonce. It is drawn inside the call that uses it: Workers refuse randomness at module scope.
    ///
    /// # Errors
    /// `no_randomness`, when the host has no `crypto`, or the `randomBytes` option gives something else than 24 bytes.
    fn nonce(&self) -> Result<[u8; NONCE_BYTES], Thrown> {
        let failed = |message: String| Thrown::from(ErrorKind::Random { message });
        let Some(random_bytes) = &self.random_bytes else {
            let mut nonce = [0; NONCE_BYTES];
            get_random_values(&mut nonce).map_err(|exception| failed(shown(&exception)))?;
            return Ok(nonce);
        };
        let drawn = bytes(&random_bytes.call1(&JsValue::UNDEFINED, &NONCE_BYTES.into())?);
        drawn
            .and_then(|drawn| drawn.try_into().ok())
            .ok_or_else(|| failed(format!("randomBytes({NONCE_BYTES}) gave no Uint8Array of that length")))
    }

    /// An event's data as it travels: a string as it is and anything else as JSON, or sealed, where the channel is encrypted.
    /// What is sealed is JSON always, as in npm `pusher`. `None` for `undefined`.
    ///
    /// # Errors
    /// `missing_option` without a master key, `invalid_data`, `payload_too_large`, and those of [`nonce`](Self::nonce).
    pub(super) fn event_data(
        &self,
        channel: &ChannelName<'_>,
        event: &EventName<'_>,
        data: &JsValue,
    ) -> Result<Option<String>, Thrown> {
        let data = match self.config.secret_for_event(channel)? {
            Some(secret) => {
                // Clients can only decrypt what is there.
                let plain = self.codec.stringify(data)?.unwrap_or_else(|| "null".into());
                Some(secret.seal(&plain, &self.nonce()?))
            }
            None => match text(data) {
                Some(text) => Some(text),
                None => self.codec.stringify(data)?,
            },
        };
        if let Some(data) = &data {
            self.config.check_payload(event, data)?;
        }
        Ok(data)
    }

    /// The `config` object that callers see: frozen, its secrets not enumerable.
    pub(super) fn view(&self) -> JsValue {
        self.view.get_or_init(|| self.make_view()).into()
    }

    fn make_view(&self) -> Object {
        let view = Object::new();
        let set = |name: &str, value: &JsValue, enumerable| define(&view, &name.into(), value, enumerable);
        set("scheme", &self.config.scheme().as_str().into(), true);
        set("host", &self.config.host().into(), true);
        set("port", &self.config.port().map_or(JsValue::UNDEFINED, JsValue::from), true);
        set("appId", &self.app_id, true);
        if let Ok(token) = self.config.token() {
            set("token", &Token::from(token.clone()).into(), true);
        }
        set("timeout", &self.config.timeout().into(), true);
        // An agent may hold a proxy's password.
        set("agent", &self.agent, false);
        if let Some(key) = self.config.master_key() {
            let bytes = Uint8Array::from(key.as_bytes());
            set("encryptionMasterKey", &buffer_of(bytes.clone()).unwrap_or(bytes), false);
        }
        Object::freeze(&view);
        view
    }
}

/// The headers of `fetchOptions` and those of `headers`, which win.
fn headers(options: &Reader<'_>, fetch_options: Option<&Object>) -> Result<Object, Thrown> {
    let plain = |name: &'static str, headers: &JsValue| {
        headers_of(headers).map_err(|exception| {
            found_by_host(exception, |why| ErrorKind::InvalidOption {
                name,
                message: ["Invalid headers: they must be an object or Headers: ", why].concat(),
            })
        })
    };
    let first = match fetch_options {
        Some(own) => plain("fetchOptions", &member(own, "headers")?)?,
        None => Object::new(),
    };
    if let Some(second) = options.object("headers")? {
        // Both are plain by now.
        Object::assign(&first, &plain("headers", &second)?);
    }
    Ok(first)
}

fn from_environment(variables: &JsValue) -> Result<Options, Thrown> {
    if is_absent(variables) {
        return Ok(environment::read(environment_variable)?);
    }
    if !is_object(variables) {
        let message = format!("Invalid env '{}': it must be an object of variables", shown(variables));
        return Err(wrong_argument("env", message));
    }
    let variable = |name: &str| member(variables, name).ok().as_ref().and_then(text);
    Ok(environment::read(variable)?)
}

/// npm `pusher` gives the id of a connection URL as a number; one that is none, or not written as one, stays a string.
fn number_or_text(app_id: &str) -> JsValue {
    let digits = app_id.len() < 16
        && !(app_id.len() > 1 && app_id.starts_with('0'))
        && app_id.bytes().all(|byte| byte.is_ascii_digit());
    // Fifteen digits are exact in a double.
    #[allow(clippy::cast_precision_loss)]
    app_id.parse::<u64>().ok().filter(|_| digits).map_or_else(|| app_id.into(), |id| JsValue::from(id as f64))
}
