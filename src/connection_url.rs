//! The one-string form of a configuration: `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`.
//!
//! Every part is percent-decoded, so that any key and secret can be written in it.

use crate::{
    config::{Options, Scheme, port_of_text},
    error::{Error, INVALID_URL},
    query::decode,
    text::{split_at_byte, split_at_last},
};

const SCHEME: &str = "the scheme (http or https)";
const KEY: &str = "the key (KEY:SECRET@ before the host)";
const PATH: &str = "the path /apps/APP_ID";

/// Reads a connection URL into options.
///
/// # Errors
/// `invalid_url`, naming the part that is missing or malformed; the URL itself is not in the message, for it holds
/// the secret.
#[cfg_attr(npm, optimize(size))]
pub fn parse(url: &str) -> Result<Options, Error> {
    let mut options = Options::default();
    read_into(&mut options, url)?;
    Ok(options)
}

/// [`parse`], over options: what the URL says counts.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn read_into(options: &mut Options, url: &str) -> Result<(), Error> {
    let (scheme, rest) = split_at_byte(url.trim_ascii(), b':').ok_or_else(|| bad(SCHEME))?;
    options.scheme = Some(Scheme::parse(&scheme.to_ascii_lowercase()).map_err(|_| bad(SCHEME))?);
    let rest = rest.strip_prefix("//").ok_or_else(|| bad(SCHEME))?;
    let rest = before(before(rest, b'?'), b'#');
    let authority = before(rest, b'/');
    let path = rest.get(authority.len()..).unwrap_or_default();
    // The last `@` ends the credentials, as in every URL parser.
    let (credentials, host) = split_at_last(authority, "@").ok_or_else(|| bad(KEY))?;
    let (key, secret) = split_at_byte(credentials, b':').unwrap_or((credentials, ""));
    let (host, port) = host_and_port(host)?;
    let (prefix, mut app_id) = split_at_last(path, "/apps/").ok_or_else(|| bad(PATH))?;
    while let Some(rest) = app_id.strip_suffix("/") {
        app_id = rest;
    }
    if split_at_byte(app_id, b'/').is_some() {
        return Err(bad(PATH));
    }
    options.app_id = Some(part(app_id, "the app id (behind /apps/)")?);
    options.key = Some(part(key, KEY)?);
    options.secret = Some(part(secret, "the secret (KEY:SECRET@ before the host)")?.into());
    options.host = Some(part(host, "the host")?);
    options.port = port;
    // Where the URL has no prefix, the options' own counts.
    if !prefix.is_empty() {
        options.path_prefix = Some(decode(prefix).ok_or_else(|| bad(PATH))?);
    }
    Ok(())
}

#[cfg_attr(npm, optimize(size))]
fn host_and_port(host: &str) -> Result<(&str, Option<u16>), Error> {
    match split_at_last(host, ":") {
        // A colon inside brackets belongs to an IPv6 address.
        Some((name, port)) if !host.ends_with(']') => match port {
            "" => Ok((name, None)),
            digits => port_of_text(digits).map(|port| (name, Some(port))).ok_or_else(|| bad("the port (1 to 65535)")),
        },
        _ => Ok((host, None)),
    }
}

#[cfg_attr(npm, optimize(size))]
fn before(text: &str, byte: u8) -> &str {
    split_at_byte(text, byte).map_or(text, |(before, _)| before)
}

#[cfg_attr(npm, optimize(size))]
fn part(encoded: &str, what: &str) -> Result<String, Error> {
    decode(encoded).filter(|part| !part.is_empty()).ok_or_else(|| bad(what))
}

#[cfg_attr(npm, optimize(size))]
fn bad(missing: &str) -> Error {
    Error::new(&INVALID_URL, missing)
}
