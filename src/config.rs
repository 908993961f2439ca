//! Where requests go, and with which credentials.

use zeroize::Zeroizing;

use crate::{
    encrypt::{MasterKey, SharedSecret},
    error::{Error, ErrorKind},
    query::encode,
    sign::Token,
    validate::{ChannelName, EventName},
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
    pub fn parse(scheme: &str) -> Result<Self, Error> {
        match scheme {
            "http" => Ok(Self::Http),
            "https" => Ok(Self::Https),
            _ => Err(invalid("scheme", format!("Unknown scheme '{scheme}': it must be 'http' or 'https'"))),
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

/// What a [`Config`] is made of, as the user gives it. Everything may be left out.
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
    key: Option<String>,
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
    pub fn new(options: Options) -> Result<Self, Error> {
        let host = match (options.host, options.cluster) {
            (Some(host), _) => checked_host(host, options.port.is_some())?,
            (None, Some(cluster)) => cluster_host(&cluster)?,
            (None, None) => DEFAULT_HOST.into(),
        };
        let max_payload = options.max_payload.unwrap_or(if is_pushers_own(&host) {
            PayloadLimit::Bytes(MAX_PAYLOAD)
        } else {
            PayloadLimit::Unlimited
        });
        if let Some(dots @ ("." | "..")) = options.app_id.as_deref() {
            // Every URL parser resolves them, so the path sent would not be the path signed.
            return Err(invalid("appId", ["Invalid appId '", dots, "': no URL can carry it"].concat()));
        }
        let given = |text: Option<String>| text.filter(|text| !text.is_empty());
        let key = given(options.key);
        let secret = options.secret.filter(|secret| !secret.is_empty());
        let token = key.clone().zip(secret).map(|(key, secret)| Token::new(key, secret.as_str()));
        Ok(Self {
            app_id: given(options.app_id),
            key,
            token,
            scheme: options.scheme.unwrap_or_default(),
            host,
            port: options.port,
            path_prefix: options.path_prefix.as_deref().map(path_prefix).transpose()?.unwrap_or_default(),
            timeout: options.timeout.unwrap_or(DEFAULT_TIMEOUT),
            master_key: options.master_key,
            max_payload,
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
        self.token.as_ref().ok_or_else(|| missing(if self.key.is_none() { "key" } else { "secret" }))
    }

    /// The key of end-to-end encrypted channels.
    pub fn master_key(&self) -> Option<&MasterKey> {
        self.master_key.as_ref()
    }

    /// The secret that an event on the channel is sealed with; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
    pub fn secret_for_event(&self, channel: &ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, ErrorKind::MasterKeyForEvents)
    }

    /// The secret that a client needs to subscribe to the channel; `None` when the channel is not encrypted.
    ///
    /// # Errors
    /// `missing_option`, when the channel is encrypted and no master key is configured.
    pub fn secret_for_client(&self, channel: &ChannelName<'_>) -> Result<Option<SharedSecret>, Error> {
        self.secret_of(channel, ErrorKind::MasterKeyForSharedSecret)
    }

    fn secret_of(&self, channel: &ChannelName<'_>, missing: ErrorKind) -> Result<Option<SharedSecret>, Error> {
        match &self.master_key {
            _ if !channel.is_encrypted() => Ok(None),
            Some(key) => Ok(Some(key.shared_secret(channel))),
            None => Err(missing.into()),
        }
    }

    /// Checks the size of an event's data as it travels, so after encryption.
    ///
    /// # Errors
    /// `payload_too_large`, with both sizes.
    pub fn check_payload(&self, event: &EventName<'_>, data: &str) -> Result<(), Error> {
        match self.max_payload {
            PayloadLimit::Bytes(limit) if data.len() > limit as usize => {
                Err(ErrorKind::PayloadTooLarge { event: event.as_str().into(), bytes: data.len(), limit }.into())
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
    pub fn base_url(&self) -> String {
        let port = self.port.map(|port| format!(":{port}")).unwrap_or_default();
        [self.scheme.as_str(), "://", &self.host, &port, &self.path_prefix].concat()
    }
}

/// The host of a cluster's HTTP API.
///
/// # Errors
/// `invalid_option`, when the name could not be part of a host's name.
pub fn cluster_host(cluster: &str) -> Result<String, Error> {
    let named = !cluster.is_empty() && cluster.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !named {
        let message = format!("Invalid cluster '{cluster}': it must be a cluster's short name, such as 'eu' or 'mt1'");
        return Err(invalid("cluster", message));
    }
    Ok(["api-", cluster, ".pusher.com"].concat())
}

/// Checks a port that comes as any number; `shown` is how the message names it.
///
/// # Errors
/// `invalid_option`, for anything but a whole number from 1 to 65 535.
pub fn port(port: f64, shown: &str) -> Result<u16, Error> {
    // Just checked to be a whole number in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match port {
        1.0..=65_535.0 if port.fract() == 0.0 => Ok(port as u16),
        _ => Err(invalid("port", ["Invalid port '", shown, "': it must be a whole number from 1 to 65535"].concat())),
    }
}

/// Checks a timeout in milliseconds that comes as any number; `shown` is how the message names it. Timers know no more
/// than 2³¹ − 1 ms, some 24 days, so a longer one becomes that.
///
/// # Errors
/// `invalid_option`, for a number that is negative or not finite.
pub fn timeout(milliseconds: f64, shown: &str) -> Result<u32, Error> {
    const LONGEST: f64 = 2_147_483_647.0;
    // Just checked to be in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match milliseconds {
        0.0..f64::INFINITY => Ok(milliseconds.min(LONGEST).ceil() as u32),
        _ => Err(invalid(
            "timeout",
            ["Invalid timeout '", shown, "': it must be a number of milliseconds, 0 for none"].concat(),
        )),
    }
}

/// The error of an option that is set, but wrong.
pub(crate) fn invalid(name: &'static str, message: impl Into<String>) -> Error {
    ErrorKind::InvalidOption { name, message: message.into() }.into()
}

fn missing(name: &'static str) -> Error {
    ErrorKind::MissingOption { name }.into()
}

/// Checks a limit that comes as any number, infinity for none; `shown` is how the message names it.
///
/// # Errors
/// `invalid_option`, for anything but a whole number above 0 or infinity.
pub fn payload_limit(bytes: f64, shown: &str) -> Result<PayloadLimit, Error> {
    // Just checked to be a whole number in the range.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    match bytes {
        f64::INFINITY => Ok(PayloadLimit::Unlimited),
        1.0..=4_294_967_295.0 if bytes.fract() == 0.0 => Ok(PayloadLimit::Bytes(bytes as u32)),
        _ => Err(invalid(
            "maxPayloadBytes",
            ["Invalid maxPayloadBytes '", shown, "': it must be a whole number above 0, or Infinity"].concat(),
        )),
    }
}

/// A port as it stands in a URL: digits only.
pub(crate) fn port_of_text(digits: &str) -> Option<u16> {
    let port = digits.parse().ok().filter(|port| *port > 0);
    port.filter(|_| digits.bytes().all(|byte| byte.is_ascii_digit()))
}

fn is_pushers_own(host: &str) -> bool {
    let name = host.split_once(':').map_or(host, |(name, _)| name).to_ascii_lowercase();
    [".pusher.com", ".pusherapp.com"].iter().any(|domain| name.ends_with(domain))
}

/// A name, an IPv4 address, or an IPv6 address in brackets. `name:port` is let through, as npm `pusher` does, while
/// no `port` is given beside it.
fn checked_host(host: String, port_given: bool) -> Result<String, Error> {
    // Names beyond ASCII are left to the host's URL parser.
    let in_name = |char: char| char.is_ascii_alphanumeric() || matches!(char, '-' | '.' | '_') || !char.is_ascii();
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) if address.chars().all(|char| char.is_ascii_hexdigit() || matches!(char, ':' | '.')) => {
            (address, port)
        }
        _ => host.split_at(host.find(':').unwrap_or(host.len())),
    };
    let bare = name.chars().all(|char| in_name(char) || host.starts_with('[') && char == ':');
    let port_ok = match port.strip_prefix(':') {
        Some(digits) => !port_given && port_of_text(digits).is_some(),
        None => port.is_empty(),
    };
    if name.is_empty() || !bare || !port_ok {
        let message = format!(
            "Invalid host '{host}': it must be a host's name or address alone, such as 'api-eu.pusher.com'; \
             give the scheme in `scheme`, the port in `port`, a path in `pathPrefix`"
        );
        return Err(invalid("host", message));
    }
    Ok(host)
}

fn path_prefix(prefix: &str) -> Result<String, Error> {
    let prefix = prefix.trim_matches('/');
    if prefix.split('/').any(|segment| matches!(segment, "." | "..")) {
        let message = format!("Invalid pathPrefix '{prefix}': no segment of it can be '.' or '..'");
        return Err(invalid("pathPrefix", message));
    }
    Ok(if prefix.is_empty() { String::new() } else { ["/", &encode(prefix)].concat() })
}
