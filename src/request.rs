//! Whole requests, ready to send: each a pure function of configuration, operation and timestamp.

use crate::{
    config::Config,
    error::{Error, PATH_WITH_DOTS, PATH_WITHOUT_SLASH},
    event::{Batch, Event, trigger_body},
    query::{Params, Signable, Timestamp, push_encoded, push_encoded_segment, push_signed},
    text::{concat, decimal, has_dot_segment, owned, push_all},
    validate::{ChannelName, UserId, batch_size, channels_together},
};

/// What the header `x-pusher-library` tells the server.
pub const LIBRARY: &str = concat!("pusher-http-wasm ", env!("CARGO_PKG_VERSION"));

/// The methods that the HTTP API knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// Asks.
    #[default]
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
#[derive(Debug, Clone, Default)]
pub struct Call<'a> {
    method: Method,
    /// Below `/apps/{app_id}`, percent-encoded.
    path: String,
    params: Params<'a>,
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

impl<'a> Call<'a> {
    /// Triggers an event on 1 to 100 channels.
    ///
    /// # Errors
    /// Those of [`channels_together`].
    pub fn trigger(event: &Event<'_>, channels: &[ChannelName<'_>]) -> Result<Self, Error> {
        Self::of(|call| call.set_trigger(event, channels))
    }

    /// Triggers 1 to 10 events, each on its own channel.
    ///
    /// # Errors
    /// `invalid_batch`.
    pub fn trigger_batch(batch: Batch) -> Result<Self, Error> {
        batch_size(batch.count())?;
        let mut call = Self::default();
        call.set_batch(batch);
        Ok(call)
    }

    /// Closes all connections of a signed-in user.
    ///
    /// # Errors
    /// `invalid_path`, for the ids `.` and `..`, which no URL can carry as a segment of its path.
    pub fn terminate_user_connections(user_id: UserId<'_>) -> Result<Self, Error> {
        Self::of(|call| call.set_termination(user_id))
    }

    /// Asks for the occupied channels: those whose name begins with `prefix`, with the attributes `info`, a list joined by
    /// commas.
    pub fn channels(prefix: Option<&'a str>, info: Option<&'a str>) -> Self {
        let mut call = Self::default();
        call.set_channels(prefix, info);
        call
    }

    /// Asks for one channel's state, with the attributes `info`, a list joined by commas.
    ///
    /// # Errors
    /// `invalid_path`, for the names `.` and `..`, which no URL can carry as a segment of its path.
    pub fn channel(channel: ChannelName<'_>, info: Option<&'a str>) -> Result<Self, Error> {
        Self::of(|call| call.set_channel(channel, "", info))
    }

    /// Asks for the users of a presence channel.
    ///
    /// # Errors
    /// As [`channel`](Self::channel).
    pub fn channel_users(channel: ChannelName<'_>) -> Result<Self, Error> {
        Self::of(|call| call.set_channel(channel, "/users", None))
    }

    /// Any call, also of endpoints yet to come. `path` is below `/apps/{app_id}`, starts with a slash, and is given
    /// decoded.
    ///
    /// # Errors
    /// `invalid_path`, when it does not start with a slash, or has a `.` or `..` segment.
    pub fn other(method: Method, path: &str, params: Params<'a>, body: Option<&str>) -> Result<Self, Error> {
        Self::of(|call| {
            call.params = params;
            call.set_other(method, path, body)
        })
    }

    fn of(set: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<Self, Error> {
        let mut call = Self::default();
        set(&mut call)?;
        Ok(call)
    }

    pub(crate) fn set_trigger(&mut self, event: &Event<'_>, channels: &[ChannelName<'_>]) -> Result<(), Error> {
        channels_together(channels)?;
        self.publish("/events", trigger_body(event, channels));
        Ok(())
    }

    /// Of as many events as there may be.
    pub(crate) fn set_batch(&mut self, batch: Batch) {
        self.publish("/batch_events", batch.into_body());
    }

    pub(crate) fn set_termination(&mut self, user_id: UserId<'_>) -> Result<(), Error> {
        self.publish("", owned("{}"));
        self.set_path("/users/", user_id.as_str(), "/terminate_connections")
    }

    pub(crate) fn set_channels(&mut self, prefix: Option<&'a str>, info: Option<&'a str>) {
        self.path.push_str("/channels");
        self.params.set("filter_by_prefix", prefix);
        self.params.set("info", info);
    }

    /// Asks for `what` of a channel: a path below its own.
    pub(crate) fn set_channel(
        &mut self,
        channel: ChannelName<'_>,
        what: &str,
        info: Option<&'a str>,
    ) -> Result<(), Error> {
        self.params.set("info", info);
        self.set_path("/channels/", channel.as_str(), what)
    }

    /// With what [`add_param`](Self::add_param) added.
    pub(crate) fn set_other(&mut self, method: Method, path: &str, body: Option<&str>) -> Result<(), Error> {
        if !path.starts_with('/') {
            return Err(Error::new(PATH_WITHOUT_SLASH, path));
        }
        if has_dot_segment(path) {
            return Err(Error::new(PATH_WITH_DOTS, path));
        }
        self.method = method;
        push_encoded(&mut self.path, path);
        self.body = body.map(owned);
        Ok(())
    }

    /// Adds one of the caller's parameters.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn add_param(&mut self, key: &str, value: &'a str) -> Result<(), Error> {
        self.params.add(key, value)
    }

    fn publish(&mut self, path: &str, body: String) {
        self.method = Method::Post;
        self.path.push_str(path);
        self.body = Some(body);
    }

    /// A path around a name, percent-encoded. Refuses dot segments: every URL parser resolves them, so the path sent would not be the path
    /// signed.
    fn set_path(&mut self, before: &str, name: &str, behind: &str) -> Result<(), Error> {
        if matches!(name, "." | "..") {
            return Err(Error::new(PATH_WITH_DOTS, name));
        }
        self.path.push_str(before);
        push_encoded_segment(&mut self.path, name);
        self.path.push_str(behind);
        Ok(())
    }

    /// The path below `/apps/{app_id}`, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The method.
    pub fn method(&self) -> Method {
        self.method
    }

    /// The body.
    pub fn body(&self) -> Option<&str> {
        self.body.as_deref()
    }

    /// The request as it is sent at `timestamp`.
    ///
    /// # Errors
    /// `missing_option`, when `appId`, `key` or `secret` is not configured.
    pub fn signed(self, config: &Config, timestamp: Timestamp) -> Result<Request, Error> {
        let mut url = String::new();
        self.push_url(&mut url, config, timestamp)?;
        Ok(Request { method: self.method, url, body: self.body })
    }

    /// Adds the signed URL.
    pub(crate) fn push_url(&self, url: &mut String, config: &Config, timestamp: Timestamp) -> Result<(), Error> {
        config.push_base_url(url);
        let mut path = owned("/apps/");
        push_encoded_segment(&mut path, config.app_id()?);
        path.push_str(&self.path);
        push_all(url, &[&path, "?"]);
        let (path, params, body) = (&path, &self.params, self.body().unwrap_or_default().as_bytes());
        push_signed(url, config.token()?, &Signable { method: self.method.as_str(), path, params, body }, timestamp);
        Ok(())
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

/// What is wrong with a request that failed with the status (0 for one without an answer), and what to do about it, where
/// the server's words alone may not tell.
pub fn about_status(status: u16) -> (String, &'static str) {
    let message = match status {
        0 => owned("Request failed with an error"),
        200..=299 => owned("The server's answer is not JSON"),
        _ => concat(&["Unexpected status code ", &decimal(status.into())]),
    };
    let hint = HINTS.iter().find(|(first, last, _)| (*first..=*last).contains(&status)).map_or("", |(.., hint)| hint);
    (message, hint)
}

/// What to do about statuses, from the first to the last.
const HINTS: [(u16, u16, &str); 7] = [
    (300, 399, "Redirects are not followed: check `host`, `port` and `useTLS`."),
    (401, 401, "Check `key` and `secret`, and that this machine's clock is right (within 600 s of the server's)."),
    (403, 403, "The app is disabled or over its quota: look at its dashboard."),
    (404, 404, "Check `appId`, and that `cluster` or `host` is the app's own."),
    (413, 413, "The event is larger than the server allows (10 KB by default): send less, or a reference to it."),
    (429, 429, "Too many requests: wait, then try again."),
    (500, 599, "The server has a problem: try again later."),
];
