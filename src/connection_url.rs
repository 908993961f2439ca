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
    let (scheme, rest) = split_at_byte(url.trim_ascii(), b':').ok_or_else(|| bad(SCHEME))?;
    let rest = rest.strip_prefix("//").ok_or_else(|| bad(SCHEME))?;
    let rest = before(before(rest, b'?'), b'#');
    let authority = before(rest, b'/');
    let path = rest.get(authority.len()..).unwrap_or_default();
    // The last `@` ends the credentials, as in every URL parser.
    let (credentials, host) = split_at_last(authority, "@").ok_or_else(|| bad(KEY))?;
    let key = before(credentials, b':');
    let secret = credentials.get(key.len().saturating_add(1)..).unwrap_or_default();
    // A colon inside brackets belongs to an IPv6 address.
    let (name, port) = split_at_last(host, ":").filter(|_| !host.ends_with(']')).unwrap_or((host, ""));
    let (prefix, mut app_id) = split_at_last(path, "/apps/").ok_or_else(|| bad(PATH))?;
    while let Some(rest) = app_id.strip_suffix("/") {
        app_id = rest;
    }
    if split_at_byte(app_id, b'/').is_some() {
        return Err(bad(PATH));
    }
    config.forget_server();
    for (setting, encoded, what) in [
        (Setting::Scheme, scheme, SCHEME),
        (Setting::Port, port, PORT),
        (Setting::AppId, app_id, APP_ID),
        (Setting::Key, key, KEY),
        (Setting::Secret, secret, SECRET),
        (Setting::Host, name, "the host"),
        (Setting::PathPrefix, prefix, PATH),
    ] {
        let mut part = decode(encoded).map(Zeroizing::new).ok_or_else(|| bad(what))?;
        // Where the URL has no port or no prefix, there is none, and the settings' own counts.
        if part.is_empty() && !matches!(setting, Setting::Port | Setting::PathPrefix) {
            return Err(bad(what));
        }
        if let Setting::Scheme = setting {
            part.make_ascii_lowercase();
        }
        // Of these parts, only the scheme and the port can be wrong by themselves.
        config.set(setting, &part).map_err(|_| bad(what))?;
    }
    Ok(())
}

fn bad(part: &str) -> Error {
    Error::new(INVALID_URL, part)
}
