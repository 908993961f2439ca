//! Whole requests, ready to send: each a pure function of configuration, operation and timestamp.

use crate::{
    config::Config,
    error::{Error, PATH_WITH_DOTS, PATH_WITHOUT_SLASH},
    event::{Batch, Event, trigger_body},
    query::{Params, Signable, Timestamp, encode, push_encoded_segment, push_signed},
    text::{concat, decimal, has_dot_segment, owned},
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
pub struct Call<'a> {
    method: Method,
    /// Below `/apps/{app_id}`, percent-encoded.
    path: String,
    params: Params<'a>,
    /// Empty for none.
    body: String,
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

impl<'a> Call<'a> {
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
    pub fn terminate_user_connections(user_id: UserId<'_>) -> Result<Self, Error> {
        let path = path_of("/users/", user_id.as_str(), "/terminate_connections")?;
        Ok(Self::new(Method::Post, path, Params::new(), owned("{}")))
    }

    /// Asks for the occupied channels: those whose name begins with `prefix`, with the attributes `info`, a list joined by
    /// commas.
    pub fn channels(prefix: Option<&'a str>, info: Option<&'a str>) -> Self {
        let params = Params::new().with("filter_by_prefix", prefix).with("info", info);
        Self::new(Method::Get, owned("/channels"), params, String::new())
    }

    /// Asks for one channel's state, with the attributes `info`, a list joined by commas.
    ///
    /// # Errors
    /// `invalid_path`, for the names `.` and `..`, which no URL can carry as a segment of its path.
    pub fn channel(channel: ChannelName<'_>, info: Option<&'a str>) -> Result<Self, Error> {
        Self::about(channel, "", info)
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// As [`channel`](Self::channel).
    pub fn channel_users(channel: ChannelName<'_>) -> Result<Self, Error> {
        Self::about(channel, "/users", None)
    }

    fn about(channel: ChannelName<'_>, what: &str, info: Option<&'a str>) -> Result<Self, Error> {
        let path = path_of("/channels/", channel.as_str(), what)?;
        Ok(Self::new(Method::Get, path, Params::new().with("info", info), String::new()))
    }

    /// Any call, also of endpoints yet to come. `path` is below `/apps/{app_id}`, starts with a slash, and is given
    /// decoded.
    ///
    /// # Errors
    /// `invalid_path`, when it does not start with a slash, or has a `.` or `..` segment.
    pub fn other(method: Method, path: &str, params: Params<'a>, body: Option<&str>) -> Result<Self, Error> {
        if !path.starts_with('/') {
            return Err(Error::new(PATH_WITHOUT_SLASH, path));
        }
        if has_dot_segment(path) {
            return Err(Error::new(PATH_WITH_DOTS, path));
        }
        Ok(Self::new(method, encode(path), params, owned(body.unwrap_or_default())))
    }

    fn publishing(path: &str, body: String) -> Self {
        Self::new(Method::Post, owned(path), Params::new(), body)
    }

    fn new(method: Method, path: String, params: Params<'a>, body: String) -> Self {
        Self { method, path, params, body }
    }

    /// The path below `/apps/{app_id}`, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The request as it is sent at `timestamp`.
    ///
    /// # Errors
    /// `missing_option`, when `appId`, `key` or `secret` is not configured.
    pub fn signed(self, config: &Config, timestamp: Timestamp) -> Result<Request, Error> {
        let mut url = String::new();
        config.push_base_url(&mut url);
        let before_path = url.len();
        url.push_str("/apps/");
        push_encoded_segment(&mut url, config.app_id()?);
        url.push_str(&self.path);
        let path = url.get(before_path..).unwrap_or_default();
        let path = owned(path);
        let Self { method, params, body, .. } = self;
        let signable = Signable { method: method.as_str(), path: &path, params: &params, body: body.as_bytes() };
        url.push('?');
        push_signed(&mut url, config.token()?, &signable, timestamp);
        Ok(Request { method, url, body: Some(body).filter(|body| !body.is_empty()) })
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

/// A path around a name, percent-encoded. Refuses dot segments: every URL parser resolves them, so the path sent would not be the path signed.
fn path_of(before: &str, name: &str, behind: &str) -> Result<String, Error> {
    if let "." | ".." = name {
        return Err(Error::new(PATH_WITH_DOTS, name));
    }
    let mut path = owned(before);
    push_encoded_segment(&mut path, name);
    path.push_str(behind);
    Ok(path)
}

/// What is wrong with a request that failed with the status (0 for one without an answer), and what to do about it, where
/// the server's words alone may not tell.
pub fn about_status(status: u16) -> (String, &'static str) {
    let message = match status {
        0 => owned("Request failed with an error"),
        200..=299 => owned("The server's answer is not JSON"),
        _ => concat(&["Unexpected status code ", &decimal(status.into())]),
    };
    (message, hint_for_status(status))
}

/// What to do about a status, where the server's words alone may not tell.
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
