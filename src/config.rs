//! Where requests go, and with which credentials.

use zeroize::Zeroizing;

use crate::{
    encrypt::{MasterKey, SharedSecret},
    error::{Error, MASTER_KEY_FOR_EVENTS, MASTER_KEY_FOR_SECRET, MISSING_OPTION, OPTION, PAYLOAD_TOO_LARGE, Rule},
    event::Event,
    query::encode,
    sign::Token,
    text::{concat, decimal, has_dot_segment, split_at_byte},
    validate::ChannelName,
};

/// The host without `cluster` or `host`; it is the cluster mt1.
const DEFAULT_HOST: &str = "api.pusherapp.com";
/// Bytes that the data of one event may have on Pusher's own servers.
const MAX_PAYLOAD: u32 = 10_240;
/// Milliseconds that an exchange may take by default.
const DEFAULT_TIMEOUT: u32 = 10_000;

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
    /// Reads `http` or `https`.
    ///
    /// # Errors
    /// `invalid_option`, for anything else.
    #[cfg_attr(npm, optimize(size))]
    pub fn parse(scheme: &str) -> Result<Self, Error> {
        match scheme {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            _ => Err(invalid("scheme", &["Unknown scheme '", scheme, "': it must be 'http' or 'https'"])),
        }
    }

    /// The scheme as it stands in a URL.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

/// What a [`Config`] is made of, as the user gives it. Everything may be left out; text that is empty is as good as left out.
#[derive(Debug, Default)]
pub struct Options {
    /// The app's id.
    pub app_id: Option<String>,
    /// The app's key.
    pub key: Option<String>,
    /// The app's secret.
    pub secret: Option<Zeroizing<String>>,
    /// A cluster's name, such as `eu`.
    pub cluster: Option<String>,
    /// A host's name or address; wins over `cluster`.
    pub host: Option<String>,
    /// A port, 1 to 65 535; by default the scheme's own.
    pub port: Option<u16>,
    /// `http` or `https`; TLS is on by default.
    pub scheme: Option<Scheme>,
    /// A path before `/apps`, for servers behind a prefix. It is not signed.
    pub path_prefix: Option<String>,
    /// Milliseconds that a whole exchange may take, the body included; 0 for no limit. 10 000 by default.
    pub timeout: Option<u32>,
    /// The key of end-to-end encrypted channels.
    pub master_key: Option<MasterKey>,
    /// Bytes of UTF-8 that the data of one event may have, after encryption. 10 240 by default on Pusher's own hosts, and
    /// on others as many as the server takes.
    pub max_payload: Option<PayloadLimit>,
}

/// How large the data of one event may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PayloadLimit {
    /// As large as the server takes.
    Unlimited,
    /// So many bytes.
    Bytes(u32),
}

/// A checked configuration. Secrets are wiped when it is dropped, and are not in its `Debug` form.
#[derive(Debug)]
pub struct Config {
    app_id: Option<String>,
    has_key: bool,
    token: Option<Token>,
    scheme: Scheme,
    host: String,
    port: Option<u16>,
    path_prefix: String,
    timeout: u32,
    master_key: Option<MasterKey>,
    max_payload: PayloadLimit,
}

impl Config {
    /// Checks the options.
    ///
    /// # Errors
    /// `invalid_option`, naming the option. Missing credentials are reported where they are first needed.
    pub fn new(mut options: Options) -> Result<Self, Error> {
        Self::of(&mut options)
    }

    /// [`new`](Self::new), of options that stay where they are, so that the module need not be ready to drop each of them at each step.
    #[cfg_attr(npm, optimize(size))]
    pub(crate) fn of(options: &mut Options) -> Result<Self, Error> {
        let mut host = DEFAULT_HOST.to_owned();
        if let Some(given) = given(options.host.as_ref()) {
            check_host(given, options.port.is_some())?;
            given.clone_into(&mut host);
        } else if let Some(cluster) = given(options.cluster.as_ref()) {
            host = cluster_host(cluster)?;
        }
        if let Some(dots @ ("." | "..")) = options.app_id.as_deref() {
            // Every URL parser resolves them, so the path sent would not be the path signed.
            return Err(invalid("appId", &["Invalid appId '", dots, "': no URL can carry it"]));
        }
        let path_prefix = path_prefix(options.path_prefix.as_deref().unwrap_or_default())?;
        let (key, secret) = (given(options.key.as_ref()), options.secret.take());
        let token = match (key, secret) {
            (Some(key), Some(secret)) if !secret.is_empty() => Some(Token::new(key, secret)),
            _ => None,
        };
        let own_limit = if is_pushers_own(&host) { PayloadLimit::Bytes(MAX_PAYLOAD) } else { PayloadLimit::Unlimited };
        Ok(Self {
            app_id: given(options.app_id.as_ref()).map(ToOwned::to_owned),
            has_key: key.is_some(),
            token,
            scheme: options.scheme.unwrap_or_default(),
            host,
            port: options.port,
            path_prefix,
            timeout: options.timeout.unwrap_or(DEFAULT_TIMEOUT),
            master_key: options.master_key.take(),
            max_payload: options.max_payload.unwrap_or(own_limit),
        })
    }

    /// The app's id.
    ///
    /// # Errors
    /// `missing_option`.
    pub fn app_id(&self) -> Result<&str, Error> {
        self.app_id.as_deref().ok_or_else(|| missing("appId"))
    }

    /// The app's key and secret.
    ///
    /// # Errors
    /// `missing_option`, naming the one that is missing.
    pub fn token(&self) -> Result<&Token, Error> {
        self.token.as_ref().ok_or_else(|| missing(if self.has_key { "secret" } else { "key" }))
    }

    /// The key of end-to-end encrypted channels.
    pub fn master_key(&self) -> Option<&MasterKey> {
        self.master_key.as_ref()
    }

    /// The secret that an event on the channel is sealed with; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
    #[cfg_attr(npm, optimize(size))]
    pub fn secret_for_event(&self, channel: &ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, &MASTER_KEY_FOR_EVENTS)
    }

    /// The secret that a client needs to subscribe to the channel; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
    #[cfg_attr(npm, optimize(size))]
    pub fn secret_for_client(&self, channel: &ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, &MASTER_KEY_FOR_SECRET)
    }

    #[cfg_attr(npm, optimize(size))]
    fn secret_of(&self, channel: &ChannelName<'_>, missing: &'static Rule) -> Result<Option<SharedSecret>, Error> {
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
    #[cfg_attr(npm, optimize(size))]
    pub fn required_master_key(&self) -> Result<&MasterKey, Error> {
        self.master_key().ok_or_else(|| Error::new(&MASTER_KEY_FOR_SECRET, ""))
    }

    /// Checks the size of an event's data as it travels, so after encryption.
    ///
    /// # Errors
    /// `payload_too_large`, with both sizes.
    #[cfg_attr(npm, optimize(size))]
    pub fn check_payload(&self, event: &Event<'_>) -> Result<(), Error> {
        let bytes = event.payload_len();
        match self.max_payload {
            PayloadLimit::Bytes(limit) if bytes > limit as usize => {
                let (bytes, limit) = (decimal(bytes as u64), decimal(limit.into()));
                let given = concat(&[event.name().as_str(), "' is ", &bytes, " bytes long, more than the ", &limit]);
                Err(Error::new(&PAYLOAD_TOO_LARGE, &given))
            }
            _ => Ok(()),
        }
    }

    /// How requests travel.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The host's name or address.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, if it is not the scheme's own.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// Milliseconds that an exchange may take; 0 for no limit.
    pub fn timeout(&self) -> u32 {
        self.timeout
    }

    /// Everything before `/apps`: scheme, host, port and path prefix, without a slash at the end.
    #[cfg_attr(npm, optimize(size))]
    pub fn base_url(&self) -> String {
        let (colon, port) = self.port.map_or(("", String::new()), |port| (":", decimal(port.into())));
        concat(&[self.scheme.as_str(), "://", &self.host, colon, &port, &self.path_prefix])
    }
}

/// The host of a cluster's HTTP API.
///
/// # Errors
/// `invalid_option`, when the name could not be part of a host's name.
#[cfg_attr(npm, optimize(size))]
pub fn cluster_host(cluster: &str) -> Result<String, Error> {
    let named = !cluster.is_empty() && cluster.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !named {
        let allowed = "': it must be a cluster's short name, such as 'eu' or 'mt1'";
        return Err(invalid("cluster", &["Invalid cluster '", cluster, allowed]));
    }
    Ok(concat(&["api-", cluster, ".pusher.com"]))
}

/// Checks a port that comes as any number; `shown` is how the message names it.
///
/// # Errors
/// `invalid_option`, for anything but a whole number from 1 to 65 535.
#[cfg_attr(npm, optimize(size))]
pub fn port(port: f64, shown: &str) -> Result<u16, Error> {
    // Just checked to be a whole number in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match port {
        1.0..=65_535.0 if port.fract() == 0.0 => Ok(port as u16),
        _ => Err(invalid("port", &["Invalid port '", shown, "': it must be a whole number from 1 to 65535"])),
    }
}

/// Checks a timeout in milliseconds that comes as any number; `shown` is how the message names it. Timers know no more
/// than 2³¹ − 1 ms, some 24 days, so a longer one becomes that.
///
/// # Errors
/// `invalid_option`, for a number that is negative or not finite.
#[cfg_attr(npm, optimize(size))]
pub fn timeout(milliseconds: f64, shown: &str) -> Result<u32, Error> {
    const LONGEST: f64 = 2_147_483_647.0;
    // Just checked to be in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match milliseconds {
        0.0..f64::INFINITY => Ok(milliseconds.min(LONGEST).ceil() as u32),
        _ => {
            Err(invalid("timeout", &["Invalid timeout '", shown, "': it must be a number of milliseconds, 0 for none"]))
        }
    }
}

/// The error of an option that is set, but wrong; the message comes in parts.
#[cold]
#[cfg_attr(npm, optimize(size))]
pub(crate) fn invalid(name: &'static str, message: &[&str]) -> Error {
    Error::of(&OPTION, name, &concat(message))
}

#[cfg_attr(npm, optimize(size))]
fn missing(name: &str) -> Error {
    Error::new(&MISSING_OPTION, name)
}

/// Checks a limit that comes as any number, infinity for none; `shown` is how the message names it.
///
/// # Errors
/// `invalid_option`, for anything but a whole number above 0 or infinity.
#[cfg_attr(npm, optimize(size))]
pub fn payload_limit(bytes: f64, shown: &str) -> Result<PayloadLimit, Error> {
    // Just checked to be a whole number in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match bytes {
        f64::INFINITY => Ok(PayloadLimit::Unlimited),
        1.0..=4_294_967_295.0 if bytes.fract() == 0.0 => Ok(PayloadLimit::Bytes(bytes as u32)),
        _ => Err(invalid(
            "maxPayloadBytes",
            &["Invalid maxPayloadBytes '", shown, "': it must be a whole number above 0, or Infinity"],
        )),
    }
}

/// A port as it stands in a URL: digits only.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn port_of_text(digits: &str) -> Option<u16> {
    let mut port = 0_u16;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        port = port.checked_mul(10)?.checked_add(digit.into())?;
    }
    Some(port).filter(|port| *port > 0)
}

#[cfg_attr(npm, optimize(size))]
fn is_pushers_own(host: &str) -> bool {
    let name = split_at_byte(host, b':').map_or(host, |(name, _)| name).as_bytes();
    [".pusher.com", ".pusherapp.com"].iter().any(|domain| {
        let tail = name.len().checked_sub(domain.len()).and_then(|start| name.get(start..));
        tail.is_some_and(|tail| tail.eq_ignore_ascii_case(domain.as_bytes()))
    })
}

/// A name, an IPv4 address, or an IPv6 address in brackets. `name:port` is let through, as npm `pusher` does, while
/// no `port` is given beside it.
#[cfg_attr(npm, optimize(size))]
fn check_host(host: &str, port_given: bool) -> Result<(), Error> {
    // Names beyond ASCII are left to the host's URL parser.
    let in_name = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_') || !byte.is_ascii();
    let in_address = |byte: u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let (named, port) = match host.strip_prefix("[").and_then(|rest| split_at_byte(rest, b']')) {
        Some((address, "")) => (!address.is_empty() && address.bytes().all(in_address), None),
        Some((address, port)) => {
            (!address.is_empty() && address.bytes().all(in_address), Some(port.strip_prefix(":").unwrap_or_default()))
        }
        None => {
            let (name, port) = split_at_byte(host, b':').map_or((host, None), |(name, port)| (name, Some(port)));
            (!name.is_empty() && name.bytes().all(in_name), port)
        }
    };
    if named && port.is_none_or(|digits| !port_given && port_of_text(digits).is_some()) {
        return Ok(());
    }
    let allowed = "': it must be a host's name or address alone, such as 'api-eu.pusher.com'; \
                   give the scheme in `scheme`, the port in `port`, a path in `pathPrefix`";
    Err(invalid("host", &["Invalid host '", host, allowed]))
}

/// A text that is there and not empty.
#[cfg_attr(npm, optimize(size))]
fn given(text: Option<&String>) -> Option<&str> {
    text.map(String::as_str).filter(|text| !text.is_empty())
}

#[cfg_attr(npm, optimize(size))]
fn path_prefix(prefix: &str) -> Result<String, Error> {
    let mut prefix = prefix;
    while let Some(rest) = prefix.strip_prefix("/").or_else(|| prefix.strip_suffix("/")) {
        prefix = rest;
    }
    if has_dot_segment(prefix) {
        return Err(invalid("pathPrefix", &["Invalid pathPrefix '", prefix, "': no segment of it can be '.' or '..'"]));
    }
    Ok(if prefix.is_empty() { String::new() } else { concat(&["/", &encode(prefix)]) })
}
