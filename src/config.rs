//! Where requests go, and with which credentials.

use std::mem;

use zeroize::Zeroizing;

use crate::{
    encrypt::{MasterKey, SharedSecret},
    error::{
        Error, INVALID_APP_ID, INVALID_CLUSTER, INVALID_HOST, INVALID_LIMIT, INVALID_PORT, INVALID_PREFIX,
        INVALID_SCHEME, INVALID_TIMEOUT, MASTER_KEY_FOR_EVENTS, MASTER_KEY_FOR_SECRET, MISSING_OPTION,
        PAYLOAD_TOO_LARGE, Rule,
    },
    event::Event,
    query::push_encoded,
    sign::Token,
    text::{
        Characters, all_belong, before, belongs, concat, decimal, has_dot_segment, letters_digits_and, number_of,
        owned, push_all, split_at_byte,
    },
    validate::ChannelName,
};

/// The host without a cluster or host; it is the cluster mt1.
const DEFAULT_HOST: &str = "api.pusherapp.com";
/// Bytes that the data of one event may have on Pusher's own servers.
const MAX_PAYLOAD: u32 = 10_240;
/// Milliseconds that an exchange may take by default.
const DEFAULT_TIMEOUT: u32 = 10_000;
/// Timers know no more milliseconds: some 24 days.
const LONGEST_TIMEOUT: u32 = 0x7fff_ffff;

const CLUSTER: Characters = letters_digits_and(b"-");
/// Of a host's name. Those beyond ASCII are left to the host's URL parser.
const NAME: Characters = letters_digits_and(b"-._");
/// Of an IPv6 address: hexadecimal digits, `:` and `.`.
const ADDRESS: Characters = [0x07ff_4000_0000_0000, 0x0000_007e_0000_007e];

/// How requests travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// In the clear: for servers on one's own machine.
    Http,
    /// Over TLS.
    #[default]
    Https,
}

impl Scheme {
    /// The scheme as it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// What can be set in a [`Config`], each by a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// The app's id.
    AppId,
    /// The app's key.
    Key,
    /// The app's secret.
    Secret,
    /// A host's name or address; wins over the cluster.
    Host,
    /// A cluster's name, such as `eu`.
    Cluster,
    /// A path before `/apps`, for servers behind a prefix. It is not signed.
    PathPrefix,
    /// `http` or `https`; TLS is on by default.
    Scheme,
    /// The key of end-to-end encrypted channels: a text of 32 bytes.
    MasterKey,
    /// The same in Base64.
    MasterKeyBase64,
    /// A port, 1 to 65 535; by default the scheme's own.
    Port,
    /// Milliseconds that a whole exchange may take, the body included; 0 for no limit. 10 000 by default, 2³¹ − 1 at most.
    Timeout,
    /// Bytes of UTF-8 that the data of one event may have, after encryption, or `Infinity`. 10 240 by default on Pusher's own hosts, and
    /// on others as many as the server takes.
    MaxPayloadBytes,
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
    /// Empty for none.
    cluster: String,
    /// 0 for the scheme's own.
    port: u16,
    path_prefix: String,
    timeout: u32,
    master_key: Option<MasterKey>,
    /// 0 for what the host takes.
    max_payload: u32,
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
            port: 0,
            path_prefix: String::new(),
            timeout: DEFAULT_TIMEOUT,
            master_key: None,
            max_payload: 0,
        }
    }
}

impl Config {
    /// A configuration of settings; a text that is empty is as good as left out, and what is set later counts.
    ///
    /// # Errors
    /// `invalid_option`, naming the option. Missing credentials are reported where they are first needed.
    pub fn new<'a>(settings: impl IntoIterator<Item = (Setting, &'a str)>) -> Result<Self, Error> {
        let mut config = Self::default();
        for (setting, text) in settings {
            config.set(setting, text)?;
        }
        config.complete(false)?;
        Ok(config)
    }

    /// Sets what can be said without the other settings; [`complete`](Self::complete) comes at the end.
    pub(crate) fn set(&mut self, setting: Setting, text: &str) -> Result<(), Error> {
        // A key that is empty is a mistake, and not one left out.
        if text.is_empty() && !matches!(setting, Setting::MasterKey | Setting::MasterKeyBase64) {
            return Ok(());
        }
        let place = match setting {
            Setting::AppId => &mut self.app_id,
            Setting::Key => &mut self.key,
            Setting::Secret => {
                // What another takes the place of is wiped, too.
                self.secret = Zeroizing::new(owned(text));
                return Ok(());
            }
            Setting::Host => &mut self.host,
            Setting::Cluster => &mut self.cluster,
            Setting::PathPrefix => &mut self.path_prefix,
            _ => return self.parse(setting, text),
        };
        *place = owned(text);
        Ok(())
    }

    fn parse(&mut self, setting: Setting, text: &str) -> Result<(), Error> {
        let number = number_of(text);
        match setting {
            Setting::Scheme => {
                self.scheme = match text {
                    "http" => Scheme::Http,
                    "https" => Scheme::Https,
                    _ => return Err(Error::new(INVALID_SCHEME, text)),
                }
            }
            Setting::MasterKey => self.master_key = Some(MasterKey::from_text(text)?),
            Setting::MasterKeyBase64 => self.master_key = Some(MasterKey::from_base64(text)?),
            Setting::Port => self.port = port(number).ok_or_else(|| Error::new(INVALID_PORT, text))?,
            Setting::Timeout => {
                self.timeout = number.ok_or_else(|| Error::new(INVALID_TIMEOUT, text))?.min(LONGEST_TIMEOUT);
            }
            Setting::MaxPayloadBytes => {
                self.max_payload = match number {
                    None if text == "Infinity" => u32::MAX,
                    None | Some(0) => return Err(Error::new(INVALID_LIMIT, text)),
                    Some(limit) => limit,
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Sets the cluster, which must be one, and counts in place of any host that was set.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn set_cluster(&mut self, cluster: &str) -> Result<(), Error> {
        self.host = cluster_host(cluster)?;
        Ok(())
    }

    /// Forgets scheme, host and port: something else will say them.
    pub(crate) fn forget_server(&mut self) {
        (self.scheme, self.port) = (Scheme::Https, 0);
        self.host.clear();
        self.cluster.clear();
    }

    /// Checks what depends on more than one setting, and keys the signatures: where `also_empty`, also with an empty key or secret.
    pub(crate) fn complete(&mut self, also_empty: bool) -> Result<(), Error> {
        if self.host.is_empty() && !self.cluster.is_empty() {
            self.host = cluster_host(&self.cluster)?;
        }
        check_host(self.host(), self.port > 0)?;
        if matches!(self.app_id.as_str(), "." | "..") {
            // Every URL parser resolves them, so the path sent would not be the path signed.
            return Err(Error::new(INVALID_APP_ID, &self.app_id));
        }
        self.encode_path_prefix()?;
        if self.max_payload == 0 {
            self.max_payload = if is_pushers_own(self.host()) { MAX_PAYLOAD } else { u32::MAX };
        }
        if also_empty || !self.key.is_empty() && !self.secret.is_empty() {
            self.token = Some(Token::new(&self.key, mem::take(&mut self.secret)));
        }
        Ok(())
    }

    fn encode_path_prefix(&mut self) -> Result<(), Error> {
        let given = mem::take(&mut self.path_prefix);
        let mut prefix = given.as_str();
        while let Some(rest) = prefix.strip_prefix("/").or_else(|| prefix.strip_suffix("/")) {
            prefix = rest;
        }
        if has_dot_segment(prefix) {
            return Err(Error::new(INVALID_PREFIX, prefix));
        }
        if !prefix.is_empty() {
            self.path_prefix.push('/');
            push_encoded(&mut self.path_prefix, prefix);
        }
        Ok(())
    }

    /// The app's id.
    ///
    /// # Errors
    /// `missing_option`.
    pub fn app_id(&self) -> Result<&str, Error> {
        if self.app_id.is_empty() { Err(missing("appId")) } else { Ok(&self.app_id) }
    }

    /// The app's key and secret.
    ///
    /// # Errors
    /// `missing_option`, naming the one that is missing.
    pub fn token(&self) -> Result<&Token, Error> {
        self.token.as_ref().ok_or_else(|| missing(if self.key.is_empty() { "key" } else { "secret" }))
    }

    /// The key of end-to-end encrypted channels.
    pub fn master_key(&self) -> Option<&MasterKey> {
        self.master_key.as_ref()
    }

    /// The secret that an event on the channel is sealed with; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
    pub fn secret_for_event(&self, channel: ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, MASTER_KEY_FOR_EVENTS)
    }

    /// The secret that a client needs to subscribe to the channel; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
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

    /// The master key, for what cannot be done without one.
    ///
    /// # Errors
    /// `missing_option`.
    pub fn required_master_key(&self) -> Result<&MasterKey, Error> {
        self.master_key().ok_or_else(|| Error::new(MASTER_KEY_FOR_SECRET, ""))
    }

    /// Checks the size of an event's data as it travels, so after encryption.
    ///
    /// # Errors
    /// `payload_too_large`, with both sizes.
    pub fn check_payload(&self, event: &Event<'_>) -> Result<(), Error> {
        // What it has at most is known at once.
        if self.max_payload == u32::MAX || event.longest_payload() <= self.max_payload as usize {
            return Ok(());
        }
        let bytes = event.payload_len();
        if bytes <= self.max_payload as usize {
            return Ok(());
        }
        let (bytes, limit) = (decimal(bytes as u64), decimal(self.max_payload.into()));
        let given = concat(&[event.name().as_str(), "' is ", &bytes, " bytes long, more than the ", &limit]);
        Err(Error::new(PAYLOAD_TOO_LARGE, &given))
    }

    /// How requests travel.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host's name or address.
    pub fn host(&self) -> &str {
        if self.host.is_empty() { DEFAULT_HOST } else { &self.host }
    }

    /// The port, if it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        Some(self.port).filter(|port| *port > 0)
    }

    /// Milliseconds that an exchange may take; 0 for no limit.
    pub fn timeout(&self) -> u32 {
        self.timeout
    }

    /// Everything before `/apps`: scheme, host, port and path prefix, without a slash at the end.
    pub fn base_url(&self) -> String {
        let mut url = String::new();
        self.push_base_url(&mut url);
        url
    }

    pub(crate) fn push_base_url(&self, url: &mut String) {
        push_all(url, &[self.scheme.as_str(), "://", self.host()]);
        if self.port > 0 {
            push_all(url, &[":", &decimal(self.port.into())]);
        }
        url.push_str(&self.path_prefix);
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

/// The host of a cluster's HTTP API.
fn cluster_host(cluster: &str) -> Result<String, Error> {
    if !cluster.is_empty() && all_belong(CLUSTER, cluster) {
        Ok(concat(&["api-", cluster, ".pusher.com"]))
    } else {
        Err(Error::new(INVALID_CLUSTER, cluster))
    }
}

fn missing(name: &str) -> Error {
    Error::new(MISSING_OPTION, name)
}

fn port(number: Option<u32>) -> Option<u16> {
    number?.try_into().ok().filter(|port| *port > 0)
}

fn is_pushers_own(host: &str) -> bool {
    let name = before(host, b':').as_bytes();
    [".pusher.com", ".pusherapp.com"].iter().any(|domain| {
        let tail = name.len().checked_sub(domain.len()).and_then(|start| name.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(domain.as_bytes()))
    })
}

/// A name, an IPv4 address, or an IPv6 address in brackets. `name:port` is let through, as npm `pusher` does, while
/// no port is given beside it.
fn check_host(host: &str, port_given: bool) -> Result<(), Error> {
    let in_brackets = host.strip_prefix("[").and_then(|rest| split_at_byte(rest, b']'));
    let (name, rest) = in_brackets.unwrap_or_else(|| host.split_at(before(host, b':').len()));
    let named = if in_brackets.is_some() {
        all_belong(ADDRESS, name)
    } else {
        name.bytes().all(|byte| !byte.is_ascii() || belongs(NAME, byte))
    };
    let port_is_right =
        || !port_given && rest.strip_prefix(":").is_some_and(|digits| port(number_of(digits)).is_some());
    if named && !name.is_empty() && (rest.is_empty() || port_is_right()) {
        return Ok(());
    }
    Err(Error::new(INVALID_HOST, host))
}
