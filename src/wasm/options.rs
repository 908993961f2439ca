//! The members of the constructor's options, each read by its type.

use js_sys::{Function, Object};
use wasm_bindgen::{JsCast, prelude::*};
use zeroize::Zeroizing;

use super::{
    convert::{is_absent, is_object, member, shown, text},
    errors::Thrown,
    host::warn,
};
use crate::{
    config::{self, Options, Scheme},
    encrypt::{KEY_BYTES, MasterKey},
    error::Error,
};

/// Reads members of the options. `undefined` and `null` are members left out.
pub(super) struct Reader<'a>(pub(super) &'a JsValue);

impl Reader<'_> {
    /// What the core takes.
    ///
    /// # Errors
    /// `invalid_option`, naming the option; what a getter throws.
    pub(super) fn options(&self) -> Result<Options, Thrown> {
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
            max_payload: self.number("maxPayloadBytes", config::payload_limit)?,
        })
    }

    pub(super) fn get(&self, name: &'static str) -> Result<JsValue, Thrown> {
        Ok(member(self.0, name)?)
    }

    pub(super) fn given(&self, name: &'static str) -> Result<Option<JsValue>, Thrown> {
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

    pub(super) fn function(&self, name: &'static str) -> Result<Option<Function>, Thrown> {
        self.read(name, "a function", |value| value.dyn_ref().cloned())
    }

    pub(super) fn object(&self, name: &'static str) -> Result<Option<Object>, Thrown> {
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
            deprecated("`encrypted` option is deprecated in favor of `useTLS`");
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
                deprecated("`encryptionMasterKey` option is deprecated in favor of `encryptionMasterKeyBase64`");
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

fn deprecated(message: &str) {
    // Where there is no console, nobody reads it.
    let _ = warn(message);
}
