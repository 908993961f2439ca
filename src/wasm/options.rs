//! The constructor's options: read once, checked, and what is JavaScript's own kept.

use std::cell::OnceCell;

use js_sys::{Date, Function, Object, Uint8Array};
use wasm_bindgen::{JsCast, prelude::*};
use zeroize::Zeroizing;

use super::{
    convert::{bytes, define, is_absent, is_object, json, member, shown, text, warn, wrong_argument},
    errors::Thrown,
    token::Token,
};
use crate::{
    config::{self, Config, Options, Scheme, cluster_host},
    connection_url,
    encrypt::{KEY_BYTES, MasterKey, NONCE_BYTES},
    error::{Error, ErrorKind},
    query::Timestamp,
    validate::ChannelName,
};

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(catch, js_namespace = crypto, js_name = getRandomValues)]
    fn get_random_values(bytes: &mut [u8]) -> Result<JsValue, JsValue>;
}

/// A client's configuration, and the parts of it that only JavaScript can hold.
pub(super) struct Settings {
    pub(super) config: Config,
    /// As given: a number or a string.
    app_id: JsValue,
    pub(super) fetch: Option<Function>,
    pub(super) headers: Option<Object>,
    now: Option<Function>,
    random_bytes: Option<Function>,
    view: OnceCell<Object>,
}

/// What takes precedence over the options' own members.
pub(super) enum Base<'a> {
    Nothing,
    Cluster(&'a JsValue),
    Url(&'a JsValue),
}

impl Settings {
    /// Reads and checks the options.
    ///
    /// # Errors
    /// `invalid_option` naming the option, `invalid_url`, and what a getter throws.
    pub(super) fn read(given: &JsValue, base: &Base<'_>) -> Result<Self, Thrown> {
        if !is_absent(given) && !is_object(given) {
            return Err(wrong_argument(
                "options",
                format!("Invalid options '{}': they must be an object", shown(given)),
            ));
        }
        let reader = Reader(given);
        let mut options = reader.options()?;
        let mut app_id = reader.get("appId")?;
        match base {
            Base::Nothing => {}
            Base::Cluster(name) => options.host = Some(cluster_host(&text(name).unwrap_or_else(|| shown(name)))?),
            Base::Url(url) => {
                let url = text(url).ok_or(ErrorKind::InvalidUrl { missing: "the URL itself (a string)" })?;
                let from_url = connection_url::parse(&url)?;
                options = Options {
                    timeout: options.timeout,
                    master_key: options.master_key,
                    // The options' own prefix counts where the URL has none.
                    path_prefix: from_url.path_prefix.filter(|prefix| !prefix.is_empty()).or(options.path_prefix),
                    ..from_url
                };
                app_id = options.app_id.as_deref().map_or(JsValue::UNDEFINED, number_or_text);
            }
        }
        Ok(Self {
            config: Config::new(options)?,
            app_id,
            fetch: reader.function("fetch")?,
            headers: reader.object("headers")?,
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
            Some(now) => now.call0(&JsValue::UNDEFINED)?.as_f64().unwrap_or(f64::NAN),
            None => Date::now(),
        };
        let seconds = (milliseconds / 1000.0).floor();
        if !(0.0..9e15).contains(&seconds) {
            return Err(config::invalid("now", "The `now` option must return milliseconds since 1970").into());
        }
        // Just checked to be in the range.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        Ok(seconds as Timestamp)
    }

    /// A fresh nonce. It is drawn inside the call that uses it: Workers refuse randomness at module scope.
    ///
    /// # Errors
    /// `no_randomness`, when the host has no `crypto`, or the `randomBytes` option gives something else than 24 bytes.
    pub(super) fn nonce(&self) -> Result<[u8; NONCE_BYTES], Thrown> {
        let failed = |message: String| Thrown::from(ErrorKind::Random { message });
        let mut nonce = [0; NONCE_BYTES];
        match &self.random_bytes {
            Some(random_bytes) => {
                let drawn = bytes(&random_bytes.call1(&JsValue::UNDEFINED, &NONCE_BYTES.into())?);
                nonce = drawn
                    .and_then(|drawn| drawn.try_into().ok())
                    .ok_or_else(|| failed(format!("randomBytes({NONCE_BYTES}) gave no Uint8Array of that length")))?;
            }
            None => {
                get_random_values(&mut nonce).map_err(|exception| failed(shown(&exception)))?;
            }
        }
        Ok(nonce)
    }

    /// An event's data as it travels: a string as it is and anything else as JSON, or sealed, where the channel is encrypted;
    /// what is sealed is JSON always, as in npm `pusher`. `None` for `undefined`.
    ///
    /// # Errors
    /// `missing_option` without a master key, `invalid_data`, and those of [`nonce`](Self::nonce).
    pub(super) fn event_data(&self, channel: &ChannelName<'_>, data: &JsValue) -> Result<Option<String>, Thrown> {
        let secret = self.config.secret_for_event(channel)?;
        let plain = match (text(data), &secret) {
            (Some(text), None) => Some(text),
            _ => json(data)?,
        };
        match (plain, secret) {
            (Some(plain), Some(secret)) => Ok(Some(secret.seal(&plain, &self.nonce()?))),
            (plain, _) => Ok(plain),
        }
    }

    /// The `config` object that callers see: frozen, its secrets not enumerable.
    pub(super) fn view(&self) -> JsValue {
        self.view.get_or_init(|| view(&self.config, &self.app_id)).into()
    }
}

fn view(config: &Config, app_id: &JsValue) -> Object {
    let view = Object::new();
    let set = |name: &str, value: &JsValue, enumerable| define(&view, &name.into(), value, enumerable);
    set("scheme", &config.scheme().as_str().into(), true);
    set("host", &config.host().into(), true);
    set("port", &config.port().map_or(JsValue::UNDEFINED, JsValue::from), true);
    set("appId", app_id, true);
    if let Ok(token) = config.token() {
        set("token", &Token::from(token.clone()).into(), true);
    }
    set("timeout", &config.timeout().into(), true);
    if let Some(key) = config.master_key() {
        set("encryptionMasterKey", &Uint8Array::from(key.as_bytes()), false);
    }
    Object::freeze(&view);
    view
}

/// Reads members, each by its type.
struct Reader<'a>(&'a JsValue);

impl Reader<'_> {
    fn options(&self) -> Result<Options, Thrown> {
        Ok(Options {
            app_id: self.number_or_text("appId")?,
            key: self.text("key")?,
            secret: self.text("secret")?.map(Zeroizing::new),
            cluster: self.text("cluster")?.filter(|cluster| !cluster.is_empty()),
            host: self.text("host")?.filter(|host| !host.is_empty()),
            port: self.number("port", config::port)?,
            scheme: self.scheme()?,
            path_prefix: self.text("pathPrefix")?,
            timeout: self.number("timeout", config::timeout)?,
            master_key: self.master_key()?,
        })
    }

    fn get(&self, name: &'static str) -> Result<JsValue, Thrown> {
        Ok(member(self.0, name)?)
    }

    fn given(&self, name: &'static str) -> Result<Option<JsValue>, Thrown> {
        Ok(Some(self.get(name)?).filter(|value| !is_absent(value)))
    }

    /// A member that `read` must understand; `expected` ends the sentence "it must be …".
    fn read<T>(
        &self,
        name: &'static str,
        expected: &str,
        read: impl FnOnce(&JsValue) -> Option<T>,
    ) -> Result<Option<T>, Thrown> {
        let Some(value) = self.given(name)? else { return Ok(None) };
        // Its type, not the value: it may be a secret in the wrong place.
        let given_type = || value.js_typeof().as_string().unwrap_or_default();
        let wrong = || config::invalid(name, format!("Invalid {name}: it must be {expected}, not a {}", given_type()));
        read(&value).map(Some).ok_or_else(|| wrong().into())
    }

    fn text(&self, name: &'static str) -> Result<Option<String>, Thrown> {
        self.read(name, "a string", text)
    }

    fn function(&self, name: &'static str) -> Result<Option<Function>, Thrown> {
        self.read(name, "a function", |value| value.dyn_ref().cloned())
    }

    fn object(&self, name: &'static str) -> Result<Option<Object>, Thrown> {
        self.read(name, "an object", |value| is_object(value).then(|| value.clone().unchecked_into()))
    }

    fn boolean(&self, name: &'static str) -> Result<Option<bool>, Thrown> {
        self.read(name, "true or false", JsValue::as_bool)
    }

    /// A number that `check` accepts, also as the text in which environment variables hold it; an empty text is none.
    fn number<T>(
        &self,
        name: &'static str,
        check: impl FnOnce(f64, &str) -> Result<T, Error>,
    ) -> Result<Option<T>, Thrown> {
        let number = |value: &JsValue| {
            let is_number = value.is_string() || value.as_f64().is_some();
            is_number.then(|| (f64::try_from(value.clone()).unwrap_or(f64::NAN), shown(value)))
        };
        match self.read(name, "a number", number)? {
            Some((number, shown)) if !shown.is_empty() => Ok(Some(check(number, &shown)?)),
            _ => Ok(None),
        }
    }

    fn number_or_text(&self, name: &'static str) -> Result<Option<String>, Thrown> {
        self.read(name, "a string or a number", |value| text(value).or_else(|| value.as_f64().map(|_| shown(value))))
    }

    fn scheme(&self) -> Result<Option<Scheme>, Thrown> {
        let (use_tls, encrypted) = (self.boolean("useTLS")?, self.boolean("encrypted")?);
        if use_tls.is_some() && encrypted.is_some() {
            let message = "Cannot set both `useTLS` and `encrypted` configuration options";
            return Err(config::invalid("useTLS", message).into());
        }
        if encrypted.is_some() {
            warn("`encrypted` option is deprecated in favor of `useTLS`");
        }
        let by_flag = use_tls.or(encrypted).map(|tls| if tls { Scheme::Https } else { Scheme::Http });
        match self.text("scheme")?.filter(|scheme| !scheme.is_empty()) {
            Some(scheme) => Ok(Some(Scheme::parse(&scheme)?)),
            None => Ok(by_flag),
        }
    }

    fn master_key(&self) -> Result<Option<MasterKey>, Thrown> {
        const RAW: &str = "encryptionMasterKey";
        const BASE64: &str = "encryptionMasterKeyBase64";
        let (raw, base64) = (self.given(RAW)?, self.given(BASE64)?);
        let must_be_text = |name: &'static str, value: &JsValue| {
            text(value).map(Zeroizing::new).ok_or_else(|| config::invalid(name, format!("{name} must be a string")))
        };
        match (raw, base64) {
            (None, None) => Ok(None),
            (None, Some(base64)) => Ok(Some(MasterKey::from_base64(&must_be_text(BASE64, &base64)?)?)),
            (Some(_), Some(_)) => {
                let message = "Do not specify both encryptionMasterKey and encryptionMasterKeyBase64. \
                               encryptionMasterKey is deprecated, please specify only encryptionMasterKeyBase64.";
                Err(config::invalid(RAW, message).into())
            }
            (Some(raw), None) => {
                warn("`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`");
                let raw = must_be_text(RAW, &raw)?;
                Ok(Some(MasterKey::from_bytes(raw.as_bytes()).ok_or_else(|| {
                    let message = format!(
                        "encryptionMasterKey must be {KEY_BYTES} bytes long, but the provided key is {} bytes long",
                        raw.len()
                    );
                    config::invalid(RAW, message)
                })?))
            }
        }
    }
}

/// npm `pusher` gives the id of a connection URL as a number; one that is none stays a string.
fn number_or_text(app_id: &str) -> JsValue {
    let digits = app_id.len() < 16 && app_id.bytes().all(|byte| byte.is_ascii_digit());
    // Fifteen digits are exact in a double.
    #[allow(clippy::cast_precision_loss)]
    app_id.parse::<u64>().ok().filter(|_| digits).map_or_else(|| app_id.into(), |id| JsValue::from(id as f64))
}
