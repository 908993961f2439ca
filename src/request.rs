//! Whole requests, ready to send: each a pure function of configuration, operation and timestamp.

use crate::{
    config::Config,
    error::{Error, PATH_WITH_DOTS, PATH_WITHOUT_SLASH},
    event::{Batch, Event, trigger_body},
    query::{Params, Signable, Timestamp, encode, encode_segment, signed},
    text::{concat, decimal, has_dot_segment},
    validate::{ChannelName, UserId, batch_size, channels_together},
};

/// What the header `x-pusher-library` tells the server.
pub const LIBRARY: &str = concat!("pusher-http-wasm ", env!("CARGO_PKG_VERSION"));

/// The methods that the HTTP API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Asks.
    Get,
    /// Publishes or acts.
    Post,
}

impl Method {
    /// The method's name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
        }
    }
}

/// A call of the HTTP API that is not signed yet: it can be signed anew for each attempt.
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
    /// The JSON text to send, with `content-type: application/json`; also when signing changed nothing in it.
    pub body: Option<String>,
}

impl Call {
    /// Triggers an event on 1 to 100 channels.
    ///
    /// # Errors
    /// Those of [`channels_together`].
    pub fn trigger(event: &Event<'_>, channels: &[ChannelName<'_>]) -> Result<Self, Error> {
        channels_together(channels)?;
        Ok(Self::publishing("/events", trigger_body(event, channels)))
    }

    /// Triggers 1 to 10 events, each on its own channel.
    ///
    /// # Errors
    /// `invalid_batch`.
    pub fn trigger_batch(batch: Batch) -> Result<Self, Error> {
        batch_size(batch.count())?;
        Ok(Self::publishing("/batch_events", batch.into_body()))
    }

    /// Closes all connections of a signed-in user.
    ///
    /// # Errors
    /// `invalid_path`, for the ids `.` and `..`, which no URL can carry as a segment of its path.
    #[cfg_attr(npm, optimize(size))]
    pub fn terminate_user_connections(user_id: &UserId<'_>) -> Result<Self, Error> {
        let path = concat(&["/users/", &encode_segment(user_id.as_str()), "/terminate_connections"]);
        Ok(Self {
            method: Method::Post,
            path: checked(path, user_id.as_str())?,
            params: Params::new(),
            body: Some("{}".into()),
        })
    }

    /// Asks for the occupied channels: those whose name begins with `prefix`, with the attributes `info`, a list joined by
    /// commas.
    #[cfg_attr(npm, optimize(size))]
    pub fn channels(prefix: Option<&str>, info: Option<&str>) -> Self {
        Self::asking("/channels".into(), &[("filter_by_prefix", prefix), ("info", info)])
    }

    /// Asks for one channel's state, with the attributes `info`, a list joined by commas.
    ///
    /// # Errors
    /// `invalid_path`, for the names `.` and `..`, which no URL can carry as a segment of its path.
    #[cfg_attr(npm, optimize(size))]
    pub fn channel(channel: &ChannelName<'_>, info: Option<&str>) -> Result<Self, Error> {
        let path = concat(&["/channels/", &encode_segment(channel.as_str())]);
        Ok(Self::asking(checked(path, channel.as_str())?, &[("info", info)]))
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// As [`channel`](Self::channel).
    #[cfg_attr(npm, optimize(size))]
    pub fn channel_users(channel: &ChannelName<'_>) -> Result<Self, Error> {
        let path = concat(&["/channels/", &encode_segment(channel.as_str()), "/users"]);
        Ok(Self::asking(checked(path, channel.as_str())?, &[]))
    }

    /// Any call, also of endpoints yet to come. `path` is below `/apps/{app_id}`, starts with a slash, and is given
    /// decoded.
    ///
    /// # Errors
    /// `invalid_path`, when it does not start with a slash, or has a `.` or `..` segment.
    #[cfg_attr(npm, optimize(size))]
    pub fn other(method: Method, path: &str, params: Params, body: Option<String>) -> Result<Self, Error> {
        if !path.starts_with('/') {
            return Err(Error::new(&PATH_WITHOUT_SLASH, path));
        }
        Ok(Self { method, path: checked(encode(path), path)?, params, body })
    }

    /// The path below `/apps/{app_id}`, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The request as it is sent at `timestamp`.
    ///
    /// # Errors
    /// `missing_option`, when `appId`, `key` or `secret` is not configured.
    #[cfg_attr(npm, optimize(size))]
    pub fn signed(&self, config: &Config, timestamp: Timestamp) -> Result<Request, Error> {
        let path = concat(&["/apps/", &encode_segment(config.app_id()?), &self.path]);
        let signable = Signable {
            method: self.method.as_str(),
            path: &path,
            params: &self.params,
            body: self.body.as_deref().map(str::as_bytes),
        };
        let query = signed(config.token()?, &signable, timestamp);
        let url = concat(&[&config.base_url(), &path, "?", &query]);
        Ok(Request { method: self.method, url, body: self.body.clone() })
    }

    #[cfg_attr(npm, optimize(size))]
    fn asking(path: String, params: &[(&str, Option<&str>)]) -> Self {
        Self { method: Method::Get, path, params: Params::of(params), body: None }
    }

    fn publishing(path: &str, body: String) -> Self {
        Self { method: Method::Post, path: path.into(), params: Params::new(), body: Some(body) }
    }
}

impl Request {
    /// The URL without its signature, for logs.
    pub fn redacted_url(&self) -> String {
        const SIGNATURE: &str = "&auth_signature=";
        let (rest, _) = self.url.rsplit_once(SIGNATURE).unwrap_or((&self.url, ""));
        concat(&[rest, SIGNATURE, "(signature)"])
    }

    /// [`Call::trigger`], signed.
    ///
    /// # Errors
    /// Those of [`Call::trigger`] and of [`Call::signed`].
    pub fn trigger(
        config: &Config,
        event: &Event<'_>,
        channels: &[ChannelName<'_>],
        timestamp: Timestamp,
    ) -> Result<Self, Error> {
        Call::trigger(event, channels)?.signed(config, timestamp)
    }
}

/// Refuses dot segments: every URL parser resolves them, so the path sent would not be the path signed.
#[cfg_attr(npm, optimize(size))]
fn checked(path: String, given: &str) -> Result<String, Error> {
    if has_dot_segment(&path) { Err(Error::new(&PATH_WITH_DOTS, given)) } else { Ok(path) }
}

/// What is wrong with a request that failed with the status (0 for one without an answer), and what to do about it, where
/// the server's words alone may not tell.
#[cfg_attr(npm, optimize(size))]
pub fn about_status(status: u16) -> (String, &'static str) {
    let message = match status {
        0 => "Request failed with an error".into(),
        200..=299 => "The server's answer is not JSON".into(),
        _ => concat(&["Unexpected status code ", &decimal(status.into())]),
    };
    (message, hint_for_status(status))
}

/// What to do about a status, where the server's words alone may not tell.
#[cfg_attr(npm, optimize(size))]
fn hint_for_status(status: u16) -> &'static str {
    match status {
        300..=399 => "Redirects are not followed: check `host`, `port` and `useTLS`.",
        401 => "Check `key` and `secret`, and that this machine's clock is right (within 600 s of the server's).",
        403 => "The app is disabled or over its quota: look at its dashboard.",
        404 => "Check `appId`, and that `cluster` or `host` is the app's own.",
        413 => "The event is larger than the server allows (10 KB by default): send less, or a reference to it.",
        429 => "Too many requests: wait, then try again.",
        500..=599 => "The server has a problem: try again later.",
        _ => "",
    }
}
