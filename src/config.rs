//! Where requests go, and with which credentials.

use std::mem;

use zeroize::Zeroizing;

use crate::{
    encrypt::{MasterKey, SharedSecret},
    error::{
        Error, INVALID_APP_ID, INVALID_COUNT, INVALID_LIMIT, INVALID_PORT, INVALID_PREFIX, INVALID_SCHEME,
        INVALID_TIMEOUT, MASTER_KEY_FOR_EVENTS, MASTER_KEY_FOR_SECRET, MISSING_OPTION, NOT_TRIMMED, Rule,
    },
    event::Event,
    host::{DEFAULT_HOST, check_host, cluster_host, is_port, is_pushers_own},
    query::encode_path,
    sign::Token,
    text::{concat, decimal, has_dot_segment, is_dot_segment, parse_u32, push_all, to_string},
    validate::{ChannelName, MAX_BATCH, MAX_CHANNELS},
};

/// Bytes that the data of one event may have on Pusher's own servers.
const MAX_PAYLOAD: u32 = 10_240;
/// Milliseconds that a request may take by default.
const DEFAULT_TIMEOUT: u32 = 10_000;
/// The longest time that JavaScript's timers can wait, in milliseconds: some 24 days.
const LONGEST_TIMEOUT: u32 = 0x7fff_ffff;

/// How requests travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// In the clear: for servers on your own machine.
    Http,
    /// Over TLS.
    #[default]
    Https,
}

impl Scheme {
    /// Returns the scheme as a URL has it: `http` or `https`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// A setting of a [`Config`]. Each is given as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The app's id.
    AppId,
    /// The app's key.
    Key,
    /// The app's secret.
    Secret,
    /// A host's name or address. Takes precedence over the cluster.
    Host,
    /// A cluster's name, such as `eu`.
    Cluster,
    /// A path before `/apps`, for servers that are reached through a prefix.
    PathPrefix,
    /// `true` if signatures cover the path prefix, because the server itself knows it. By default a proxy is expected to remove it.
    SignPathPrefix,
    /// `http` or `https`; TLS is on by default.
    Scheme,
    /// The key of end-to-end encrypted channels: a text of 32 bytes.
    MasterKey,
    /// The same key in base64.
    MasterKeyBase64,
    /// A port, 1 to 65 535; by default the scheme's own.
    Port,
    /// Milliseconds that a whole request may take, the answer's body included; 0 for no limit. 10 000 by default, at most 2³¹ − 1.
    Timeout,
    /// Bytes of UTF-8 that the data of one event may have, after encryption, or `Infinity`. 10 240 by default on Pusher's own hosts,
    /// without a limit on others.
    MaxPayloadBytes,
    /// Channels that one trigger may reach. 100 by default, which is Pusher's limit.
    MaxChannels,
    /// Events that one batch may hold. 10 by default, which is Pusher's limit.
    MaxBatchEvents,
}

/// Whether a configuration has a token when its key or secret is empty.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Credentials {
    /// An empty key or secret counts as missing.
    Required,
    /// An empty key or secret is one like any other.
    AllowEmpty,
}

/// A checked configuration. Secrets are wiped when it is dropped, and are not in its `Debug` form.
pub struct Config {
    app_id: String,
    key: String,
    secret: Zeroizing<String>,
    token: Option<Token>,
    scheme: Scheme,
    /// Empty for the cluster's.
    host: String,
    /// Empty for the default host's.
    cluster: String,
    /// `None` for the scheme's own.
    port: Option<u16>,
    /// As it was set.
    path_prefix: String,
    signs_prefix: bool,
    /// Empty until the configuration is finished.
    base_url: String,
    /// Empty if signatures do not cover the path prefix.
    signed_prefix: String,
    timeout: u32,
    master_key: Option<MasterKey>,
    /// 0 for the host's own limit.
    max_payload: u32,
    max_channels: u32,
    max_batch_events: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            app_id: String::new(),
            key: String::new(),
            secret: Zeroizing::default(),
            token: None,
            scheme: Scheme::Https,
            host: String::new(),
            cluster: String::new(),
            port: None,
            path_prefix: String::new(),
            signs_prefix: false,
            base_url: String::new(),
            signed_prefix: String::new(),
            timeout: DEFAULT_TIMEOUT,
            master_key: None,
            max_payload: 0,
            max_channels: MAX_CHANNELS,
            max_batch_events: MAX_BATCH,
        }
    }
}

impl Config {
    /// Makes a configuration of settings. An empty text is as good as none, except for a master key; a later setting replaces an
    /// earlier one.
    ///
    /// ```
    /// use pusher_http_wasm::config::{Config, Setting};
    ///
    /// let config = Config::new([(Setting::AppId, "3"), (Setting::Cluster, "eu")])?;
    /// assert_eq!(config.base_url(), "https://api-eu.pusher.com");
    /// assert_eq!(config.token().unwrap_err().to_string(), "The option `key` is not set");
    /// # Ok::<(), pusher_http_wasm::error::Error>(())
    /// ```
    ///
    /// # Errors
    /// `invalid_option`, naming the option. Missing credentials are reported on first use.
    pub fn new<'a>(settings: impl IntoIterator<Item = (Setting, &'a str)>) -> Result<Self, Error> {
        let mut config = Self::unfinished(settings)?;
        config.finish(Credentials::Required)?;
        Ok(config)
    }

    /// Sets the settings of a new configuration. [`finish`](Self::finish) comes last.
    fn unfinished<'a>(settings: impl IntoIterator<Item = (Setting, &'a str)>) -> Result<Self, Error> {
        let mut config = Self::default();
        for (setting, text) in settings {
            config.set(setting, text)?;
        }
        Ok(config)
    }

    /// Makes a configuration of settings for a cluster, such as `eu`, which takes precedence over their host.
    ///
    /// # Errors
    /// `invalid_option`, naming the option; also for an empty cluster.
    pub fn for_cluster<'a>(
        cluster: &str,
        settings: impl IntoIterator<Item = (Setting, &'a str)>,
    ) -> Result<Self, Error> {
        let mut config = Self::unfinished(settings)?;
        config.set_cluster(cluster)?;
        config.finish(Credentials::Required)?;
        Ok(config)
    }

    /// Makes a configuration of nothing but a token, for signing and verifying. Key and secret may be empty.
    ///
    /// # Errors
    /// `invalid_option`, if there is white space or there are quotes around the key or the secret.
    pub fn for_token(key: &str, secret: &str) -> Result<Self, Error> {
        let mut config = Self::unfinished([(Setting::Key, key), (Setting::Secret, secret)])?;
        config.finish(Credentials::AllowEmpty)?;
        Ok(config)
    }

    /// Sets one setting, checked as far as it can be by itself. [`finish`](Self::finish) comes last.
    pub(crate) fn set(&mut self, setting: Setting, text: &str) -> Result<(), Error> {
        // An empty master key is a mistake rather than left out.
        if text.is_empty() && !matches!(setting, Setting::MasterKey | Setting::MasterKeyBase64) {
            return Ok(());
        }
        // The name of a setting that may have nothing around it.
        let (place, name) = match setting {
            Setting::AppId => (&mut self.app_id, "appId"),
            Setting::Key => (&mut self.key, "key"),
            Setting::Secret => (&mut *self.secret, "secret"),
            Setting::PathPrefix => (&mut self.path_prefix, "pathPrefix"),
            Setting::Host => (&mut self.host, ""),
            Setting::Cluster => (&mut self.cluster, ""),
            _ => return self.parse(setting, text),
        };
        if !name.is_empty() && is_surrounded(text) {
            return Err(Error::new(NOT_TRIMMED, name));
        }
        // Wipes what it replaces, which may be a secret.
        drop(Zeroizing::new(mem::replace(place, to_string(text))));
        Ok(())
    }

    fn parse(&mut self, setting: Setting, text: &str) -> Result<(), Error> {
        let number = parse_u32(text);
        match setting {
            Setting::Scheme => {
                self.scheme = match text {
                    "http" => Scheme::Http,
                    "https" => Scheme::Https,
                    _ => return Err(Error::of_option(INVALID_SCHEME, text)),
                }
            }
            Setting::MasterKey => self.master_key = Some(MasterKey::from_text(text)?),
            Setting::MasterKeyBase64 => self.master_key = Some(MasterKey::from_base64(text)?),
            Setting::Port => {
                let port = number.filter(|port| is_port(*port)).ok_or_else(|| Error::of_option(INVALID_PORT, text))?;
                self.port = port.try_into().ok();
            }
            Setting::Timeout => {
                self.timeout = number.ok_or_else(|| Error::of_option(INVALID_TIMEOUT, text))?.min(LONGEST_TIMEOUT);
            }
            Setting::MaxPayloadBytes => {
                self.max_payload = match number {
                    None if text == "Infinity" => u32::MAX,
                    None | Some(0) => return Err(Error::of_option(INVALID_LIMIT, text)),
                    Some(limit) => limit,
                }
            }
            Setting::MaxChannels | Setting::MaxBatchEvents => {
                let (place, name) = match setting {
                    Setting::MaxChannels => (&mut self.max_channels, "maxChannels"),
                    _ => (&mut self.max_batch_events, "maxBatchEvents"),
                };
                *place = number.filter(|count| *count > 0).ok_or_else(|| Error::new(INVALID_COUNT, name))?;
            }
            Setting::SignPathPrefix => self.signs_prefix = text == "true",
            _ => {}
        }
        Ok(())
    }

    /// Sets the cluster, which must not be empty; it takes precedence over a host.
    pub(crate) fn set_cluster(&mut self, cluster: &str) -> Result<(), Error> {
        self.host = cluster_host(cluster)?;
        Ok(())
    }

    /// Clears scheme, host, cluster and port, before another source sets them.
    pub(crate) fn clear_endpoint(&mut self) {
        (self.scheme, self.port) = (Scheme::Https, None);
        self.host.clear();
        self.cluster.clear();
    }

    /// Checks what depends on several settings, and makes the token.
    pub(crate) fn finish(&mut self, credentials: Credentials) -> Result<(), Error> {
        if self.host.is_empty() && !self.cluster.is_empty() {
            self.host = cluster_host(&self.cluster)?;
        }
        check_host(self.host(), self.port)?;
        if is_dot_segment(&self.app_id) {
            return Err(Error::new(INVALID_APP_ID, &self.app_id));
        }
        (self.base_url, self.signed_prefix) = self.join_base_url()?;
        if self.max_payload == 0 {
            self.max_payload = if is_pushers_own(self.host()) { MAX_PAYLOAD } else { u32::MAX };
        }
        if credentials == Credentials::AllowEmpty || !self.key.is_empty() && !self.secret.is_empty() {
            self.token = Some(Token::new(&self.key, mem::take(&mut self.secret)));
        }
        Ok(())
    }

    /// Returns the base URL, and the path prefix if signatures cover it.
    fn join_base_url(&self) -> Result<(String, String), Error> {
        let mut prefix = self.path_prefix.as_str();
        while let Some(rest) = prefix.strip_prefix("/").or_else(|| prefix.strip_suffix("/")) {
            prefix = rest;
        }
        if has_dot_segment(prefix) {
            return Err(Error::of_option(INVALID_PREFIX, prefix));
        }
        let port = self.port.map_or_else(String::new, |port| decimal(port.into()));
        let colon = if port.is_empty() { "" } else { ":" };
        let mut base_url = concat(&[self.scheme.as_str(), "://", self.host(), colon, &port]);
        let mut signed_prefix = String::new();
        if !prefix.is_empty() {
            let place = if self.signs_prefix { &mut signed_prefix } else { &mut base_url };
            push_all(place, &["/", &encode_path(prefix)]);
        }
        Ok((base_url, signed_prefix))
    }

    /// Returns the app's id.
    ///
    /// # Errors
    /// `missing_option`.
    pub fn app_id(&self) -> Result<&str, Error> {
        if self.app_id.is_empty() { Err(missing("appId")) } else { Ok(&self.app_id) }
    }

    /// Returns the app's key and secret, ready to sign.
    ///
    /// # Errors
    /// `missing_option`, naming the one that is missing.
    pub fn token(&self) -> Result<&Token, Error> {
        self.token.as_ref().ok_or_else(|| missing(if self.key.is_empty() { "key" } else { "secret" }))
    }

    /// Returns the key of end-to-end encrypted channels.
    pub fn master_key(&self) -> Option<&MasterKey> {
        self.master_key.as_ref()
    }

    /// Returns the key of end-to-end encrypted channels, where nothing can be done without one.
    ///
    /// # Errors
    /// `missing_option`.
    pub fn required_master_key(&self) -> Result<&MasterKey, Error> {
        self.master_key().ok_or_else(|| Error::new(MASTER_KEY_FOR_SECRET, ""))
    }

    /// Returns the secret that an event on the channel is sealed with; `None` if the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, if the channel is encrypted and no master key is configured.
    pub fn secret_for_event(&self, channel: ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, MASTER_KEY_FOR_EVENTS)
    }

    /// Returns the secret that a client needs to subscribe to the channel; `None` if the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, if the channel is encrypted and no master key is configured.
    pub fn secret_for_client(&self, channel: ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, MASTER_KEY_FOR_SECRET)
    }

    fn secret_of(&self, channel: ChannelName<'_>, missing: Rule) -> Result<Option<SharedSecret>, Error> {
        match &self.master_key {
            _ if !channel.is_encrypted() => Ok(None),
            Some(key) => Ok(Some(key.shared_secret(channel))),
            None => Err(Error::new(missing, "")),
        }
    }

    /// Checks the size of an event's data as it travels: after encryption, in bytes of UTF-8.
    ///
    /// # Errors
    /// `payload_too_large`, with both sizes.
    pub fn check_payload(&self, event: &Event<'_>) -> Result<(), Error> {
        // The upper bound is known at once; the exact length takes a look at every byte.
        if self.max_payload == u32::MAX || event.payload_upper_bound() <= self.max_payload as usize {
            return Ok(());
        }
        let bytes = event.payload_len();
        if bytes <= self.max_payload as usize {
            return Ok(());
        }
        Err(Error::payload_too_large(event.name().as_str(), bytes, self.max_payload))
    }

    /// Returns how requests travel.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Returns the host's name or address.
    pub fn host(&self) -> &str {
        if self.host.is_empty() { DEFAULT_HOST } else { &self.host }
    }

    /// Returns the port, unless it is the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Returns the milliseconds that a request may take; 0 for no limit.
    pub fn timeout(&self) -> u32 {
        self.timeout
    }

    /// Returns everything before the path that is signed: scheme, host, port, and the path prefix unless it is signed as well. There is no slash
    /// at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Returns the path prefix as it is sent, if signatures cover it; otherwise nothing.
    pub fn signed_prefix(&self) -> &str {
        &self.signed_prefix
    }

    /// Returns the most bytes that an event's data may have, as [`Config::check_payload`] counts them; `u32::MAX` for no limit.
    pub fn max_payload_bytes(&self) -> u32 {
        self.max_payload
    }

    /// Returns the most channels that one trigger may reach.
    pub fn max_channels(&self) -> usize {
        self.max_channels as usize
    }

    /// Returns the most events that one batch may hold.
    pub fn max_batch_events(&self) -> usize {
        self.max_batch_events as usize
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let token = self.token.as_ref();
        formatter
            .debug_struct("Config")
            .field("url", &self.base_url())
            .field("app_id", &self.app_id)
            .field("token", &token)
            .finish_non_exhaustive()
    }
}

/// Tells whether a text has something around it that a file or a line of a shell leaves there: a line break, or the quotes of a string.
fn is_surrounded(text: &str) -> bool {
    let (first, last) = (text.bytes().next(), text.bytes().next_back());
    first.min(last) <= Some(b' ') || first == last && matches!(last, Some(b'"' | b'\''))
}

fn missing(name: &str) -> Error {
    Error::new(MISSING_OPTION, name)
}
