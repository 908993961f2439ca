//! Whole requests, ready to send: each a pure function of configuration, call and timestamp.
//!
//! Source of the rules: the Channels HTTP API reference.

use crate::{
    config::Config,
    error::{Error, PATH_WITH_DOTS, PATH_WITHOUT_SLASH},
    event::{Batch, Event, trigger_body},
    query::{Params, Signable, Timestamp, encode_path, encode_segment, sign_query},
    text::{concat, has_dot_segment, is_dot_segment, to_string},
    validate::{ChannelName, UserId, batch_size, channels_together, path_without_query},
};

/// The value of the header `x-pusher-library`.
pub const LIBRARY: &str = concat!("pusher-http-wasm ", env!("CARGO_PKG_VERSION"));

/// The methods of the HTTP API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Asks.
    #[default]
    Get,
    /// Publishes or acts.
    Post,
}

impl Method {
    /// Returns the method's name as it is sent.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A call of the HTTP API, not signed yet: it can be signed again for each attempt.
#[derive(Debug, Clone)]
pub struct Call {
    method: Method,
    /// Below `/apps/{app_id}`, percent-encoded.
    path: String,
    params: Params,
    body: Option<String>,
}

/// A signed request. Its `url` holds a signature: keep it out of logs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// The whole URL, with the signed query.
    pub url: String,
    /// The JSON text to send, with `content-type: application/json`.
    pub body: Option<String>,
}

impl Call {
    /// Triggers an event on one channel or more, up to the [limit](Config::max_channels).
    ///
    /// # Errors
    /// Those of [`channels_together`].
    pub fn trigger(config: &Config, event: &Event<'_>, channels: &[ChannelName<'_>]) -> Result<Self, Error> {
        channels_together(channels, config.max_channels())?;
        Ok(Self::of(Method::Post, to_string("/events"), Some(trigger_body(event, channels))))
    }

    /// Triggers one event or more, each on its own channel, up to the [limit](Config::max_batch_events).
    ///
    /// # Errors
    /// `invalid_batch`.
    pub fn trigger_batch(config: &Config, batch: Batch) -> Result<Self, Error> {
        batch_size(batch.count(), config.max_batch_events())?;
        Ok(Self::of(Method::Post, to_string("/batch_events"), Some(batch.into_body())))
    }

    /// Closes all connections of a signed-in user.
    ///
    /// # Errors
    /// `invalid_path`, for the ids `.` and `..`, which no URL can carry as a segment of its path.
    pub fn terminate_user_connections(user_id: UserId<'_>) -> Result<Self, Error> {
        let path = path_with("/users/", user_id.as_str(), "/terminate_connections")?;
        Ok(Self::of(Method::Post, path, Some(to_string("{}"))))
    }

    /// Asks for the occupied channels: those whose names begin with `prefix`, with the attributes `info`, a list joined by
    /// commas.
    pub fn channels(prefix: Option<&str>, info: Option<&str>) -> Self {
        let mut call = Self::of(Method::Get, to_string("/channels"), None);
        call.params.add_known("filter_by_prefix", prefix);
        call.params.add_known("info", info);
        call
    }

    /// Asks for one channel's state, with the attributes `info`, a list joined by commas.
    ///
    /// # Errors
    /// `invalid_path`, for the names `.` and `..`, which no URL can carry as a segment of its path.
    pub fn channel(channel: ChannelName<'_>, info: Option<&str>) -> Result<Self, Error> {
        let mut call = Self::of(Method::Get, path_with("/channels/", channel.as_str(), "")?, None);
        call.params.add_known("info", info);
        Ok(call)
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// Those of [`channel`](Self::channel).
    pub fn channel_users(channel: ChannelName<'_>) -> Result<Self, Error> {
        Ok(Self::of(Method::Get, path_with("/channels/", channel.as_str(), "/users")?, None))
    }

    /// Calls any endpoint, including those that this library has no function for. `path` is below `/apps/{app_id}`, starts with a
    /// slash, and is not percent-encoded. A POST without a `body` sends `{}`, since some servers refuse one without JSON.
    ///
    /// ```
    /// use pusher_http_wasm::{query::Params, request::{Call, Method}};
    ///
    /// let call = Call::raw(Method::Get, "/channels/my channel", Params::new(), None)?;
    /// assert_eq!(call.path(), "/channels/my%20channel");
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_path`, if it does not start with a slash, or has a query, a fragment, or a `.` or `..` segment.
    pub fn raw(method: Method, path: &str, params: Params, body: Option<&str>) -> Result<Self, Error> {
        if !path.starts_with('/') {
            return Err(Error::new(PATH_WITHOUT_SLASH, path));
        }
        if has_dot_segment(path) {
            return Err(Error::new(PATH_WITH_DOTS, path));
        }
        path_without_query(path)?;
        let body = match (method, body) {
            (Method::Post, None | Some("")) => Some("{}"),
            _ => body,
        };
        Ok(Self { method, path: to_string(&encode_path(path)), params, body: body.map(to_string) })
    }

    fn of(method: Method, path: String, body: Option<String>) -> Self {
        Self { method, path, params: Params::new(), body }
    }

    /// Returns the path below `/apps/{app_id}`, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// Returns the body.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// Signs the call, to be sent at `timestamp`.
    ///
    /// # Errors
    /// `missing_option`, if `appId`, `key` or `secret` is not configured.
    pub fn sign(self, config: &Config, timestamp: Timestamp) -> Result<Request, Error> {
        let url = self.sign_url(config, timestamp)?;
        Ok(Request { method: self.method, url, body: self.body })
    }

    /// Returns the signed URL of the call, to be sent at `timestamp`; the call can be signed again.
    ///
    /// # Errors
    /// Those of [`sign`](Self::sign).
    pub fn sign_url(&self, config: &Config, timestamp: Timestamp) -> Result<String, Error> {
        let path = concat(&[config.signed_prefix(), "/apps/", &encode_segment(config.app_id()?), &self.path]);
        let (params, body) = (&self.params, self.body().unwrap_or_default().as_bytes());
        let signable = Signable { method: self.method.as_str(), path: &path, params, body };
        let query = sign_query(config.token()?, &signable, timestamp);
        Ok(concat(&[config.base_url(), &path, "?", &query]))
    }
}

/// Returns a path around a name, which is percent-encoded.
fn path_with(before: &str, name: &str, after: &str) -> Result<String, Error> {
    if is_dot_segment(name) {
        return Err(Error::new(PATH_WITH_DOTS, name));
    }
    Ok(concat(&[before, &encode_segment(name), after]))
}

impl Request {
    /// Returns the URL without its signature, for logs.
    pub fn redacted_url(&self) -> String {
        const SIGNATURE: &str = "&auth_signature=";
        let (rest, _) = self.url.rsplit_once(SIGNATURE).unwrap_or((&self.url, ""));
        concat(&[rest, SIGNATURE, "(signature)"])
    }

    /// Makes the signed request of [`Call::trigger`].
    ///
    /// # Errors
    /// Those of [`Call::trigger`] and of [`Call::sign`].
    pub fn trigger(
        config: &Config,
        event: &Event<'_>,
        channels: &[ChannelName<'_>],
        timestamp: Timestamp,
    ) -> Result<Self, Error> {
        Call::trigger(config, event, channels)?.sign(config, timestamp)
    }
}
