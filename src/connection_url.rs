//! The one-string form of a configuration: `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`.
//!
//! Every part is percent-decoded, so that any key and secret can be written in it. Source of the form: npm `pusher`'s `forURL` and the
//! `PUSHER_URL` of hosting services.

use zeroize::Zeroizing;

use crate::{
    config::{Config, Credentials, Setting},
    error::{Error, INVALID_URL},
    host::check_host,
    query::decode,
    text::{split_at_byte, split_at_last, to_ascii_lowercase, until_byte},
};

const SCHEME: &str = "the scheme (http or https)";
const KEY: &str = "the key";
const SECRET: &str = "the secret";
const HOST: &str = "the host";
const PORT: &str = "the port (1 to 65535)";
const PATH: &str = "the path /apps/APP_ID";
const APP_ID: &str = "the app id";

/// Makes the configuration that a connection URL describes.
///
/// ```
/// use pusher_http_wasm::connection_url;
///
/// let config = connection_url::parse("https://key:secret@api-eu.pusher.com/apps/3")?;
/// assert_eq!(config.base_url(), "https://api-eu.pusher.com");
/// assert_eq!(config.app_id()?, "3");
/// # Ok::<(), pusher_http_wasm::error::Error>(())
/// ```
///
/// # Errors
/// `invalid_url`, naming the part that is missing or malformed; the URL itself is not in the message, because it holds
/// the secret. `invalid_option` as in [`Config::new`].
pub fn parse(url: &str) -> Result<Config, Error> {
    let mut config = Config::default();
    apply(&mut config, url)?;
    config.finish(Credentials::Required)?;
    Ok(config)
}

/// Sets what the URL says; it takes precedence over what was set before.
pub(crate) fn apply(config: &mut Config, url: &str) -> Result<(), Error> {
    let mut part = SCHEME;
    apply_parts(config, url.trim_ascii(), &mut part).ok_or_else(|| Error::new(INVALID_URL, part))
}

/// Sets part after part. Returns `None` if one is missing or malformed; `part` then names it.
fn apply_parts(config: &mut Config, url: &str, part: &mut &str) -> Option<()> {
    let (scheme, rest) = split_at_byte(url, b':')?;
    let rest = until_byte(until_byte(rest.strip_prefix("//")?, b'?'), b'#');
    config.clear_endpoint();
    config.set(Setting::Scheme, &to_ascii_lowercase(scheme)).ok()?;

    *part = KEY;
    let authority = until_byte(rest, b'/');
    // The last `@` ends the credentials, as in every URL parser.
    let (credentials, host) = split_at_last(authority, "@")?;
    let key = until_byte(credentials, b':');
    set_required(config, Setting::Key, key)?;
    *part = SECRET;
    set_required(config, Setting::Secret, credentials.get(key.len().saturating_add(1)..)?)?;

    *part = PORT;
    // A colon inside brackets belongs to an IPv6 address.
    let (name, digits) = split_at_last(host, ":").filter(|_| !host.ends_with(']')).unwrap_or((host, ""));
    config.set(Setting::Port, digits).ok()?;
    *part = HOST;
    set_required(config, Setting::Host, name)?;
    // The option's `name:port` is no part of a URL.
    check_host(config.host(), Some(0)).ok()?;

    *part = PATH;
    let (prefix, mut app_id) = split_at_last(rest.get(authority.len()..)?, "/apps/")?;
    while let Some(rest) = app_id.strip_suffix("/") {
        app_id = rest;
    }
    if split_at_byte(app_id, b'/').is_some() {
        return None;
    }
    // If the URL has no prefix, the one that was set before stays.
    config.set(Setting::PathPrefix, &decode(prefix)?).ok()?;
    *part = APP_ID;
    set_required(config, Setting::AppId, app_id)
}

/// Sets a part that must not be empty, once it is decoded.
fn set_required(config: &mut Config, setting: Setting, encoded: &str) -> Option<()> {
    let part = Zeroizing::new(decode(encoded)?);
    if part.is_empty() {
        return None;
    }
    config.set(setting, &part).ok()
}
