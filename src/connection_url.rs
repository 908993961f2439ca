//! The one-string form of a configuration: `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`.
//!
//! Every part is percent-decoded, so that any key and secret can be written in it.

use zeroize::Zeroizing;

use crate::{
    config::{Config, Setting},
    error::{Error, INVALID_URL},
    query::decode,
    text::{before, split_at_byte, split_at_last},
};

const SCHEME: &str = "the scheme (http or https)";
const KEY: &str = "the key (KEY:SECRET@ before the host)";
const SECRET: &str = "the secret (KEY:SECRET@ before the host)";
const HOST: &str = "the host";
const PORT: &str = "the port (1 to 65535)";
const PATH: &str = "the path /apps/APP_ID";
const APP_ID: &str = "the app id (behind /apps/)";

/// The configuration that a connection URL tells.
///
/// # Errors
/// `invalid_url`, naming the part that is missing or malformed; the URL itself is not in the message, for it holds
/// the secret. `invalid_option` as of [`Config::new`].
pub fn parse(url: &str) -> Result<Config, Error> {
    let mut config = Config::default();
    read_into(&mut config, url)?;
    config.complete(false)?;
    Ok(config)
}

/// [`parse`], over settings: what the URL says counts.
pub(crate) fn read_into(config: &mut Config, url: &str) -> Result<(), Error> {
    let mut part = SCHEME;
    read_parts(config, url.trim_ascii(), &mut part).ok_or_else(|| Error::new(INVALID_URL, part))
}

/// Sets part after part; `None` where the one that `part` names is missing or malformed.
fn read_parts(config: &mut Config, url: &str, part: &mut &str) -> Option<()> {
    let (scheme, rest) = split_at_byte(url, b':')?;
    let rest = before(before(rest.strip_prefix("//")?, b'?'), b'#');
    config.forget_server();
    config.set(Setting::Scheme, &scheme.to_ascii_lowercase()).ok()?;

    *part = KEY;
    let authority = before(rest, b'/');
    // The last `@` ends the credentials, as in every URL parser.
    let (credentials, host) = split_at_last(authority, "@")?;
    let key = before(credentials, b':');
    set(config, Setting::Key, key)?;
    *part = SECRET;
    set(config, Setting::Secret, credentials.get(key.len().saturating_add(1)..)?)?;

    *part = PORT;
    // A colon inside brackets belongs to an IPv6 address.
    let (name, digits) = split_at_last(host, ":").filter(|_| !host.ends_with(']')).unwrap_or((host, ""));
    config.set(Setting::Port, digits).ok()?;
    *part = HOST;
    set(config, Setting::Host, name)?;

    *part = PATH;
    let (prefix, mut app_id) = split_at_last(rest.get(authority.len()..)?, "/apps/")?;
    while let Some(rest) = app_id.strip_suffix("/") {
        app_id = rest;
    }
    if split_at_byte(app_id, b'/').is_some() {
        return None;
    }
    // Where the URL has no prefix, the setting's own counts.
    config.set(Setting::PathPrefix, &decode(prefix)?).ok()?;
    *part = APP_ID;
    set(config, Setting::AppId, app_id)
}

/// A part that must be there.
fn set(config: &mut Config, setting: Setting, encoded: &str) -> Option<()> {
    let part = Zeroizing::new(decode(encoded)?);
    if part.is_empty() {
        return None;
    }
    config.set(setting, &part).ok()
}
