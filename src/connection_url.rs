//! The one-string form of a configuration: `https://KEY:SECRET@HOST:PORT/prefix/apps/APP_ID`.
//!
//! Every part is percent-decoded, so that any key and secret can be written in it.

use zeroize::Zeroizing;

use crate::{
    config::{Options, Scheme, port_of_text},
    error::{Error, ErrorKind},
    query::decode,
};

/// Reads a connection URL into options.
///
/// # Errors
/// `invalid_url`, naming the part that is missing or malformed; the URL itself is not in the message, for it holds
/// the secret.
pub fn parse(url: &str) -> Result<Options, Error> {
    let (scheme, rest) = url.trim().split_once("://").ok_or_else(|| bad("the scheme (http or https)"))?;
    let scheme = Scheme::parse(&scheme.to_ascii_lowercase()).map_err(|_| bad("the scheme (http or https)"))?;
    let end_of_path = rest.find(['?', '#']).unwrap_or(rest.len());
    let (rest, _) = rest.split_at(end_of_path);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    // The last `@` ends the credentials, as in every URL parser.
    let (credentials, host) = authority.rsplit_once('@').ok_or_else(|| bad("the key (KEY:SECRET@ before the host)"))?;
    let (key, secret) = credentials.split_once(':').unwrap_or((credentials, ""));
    let (host, port) = host_and_port(host)?;
    let (prefix, app_id) = path.rsplit_once("/apps/").ok_or_else(|| bad("the path /apps/APP_ID"))?;
    let app_id = app_id.trim_end_matches('/');
    if app_id.contains('/') {
        return Err(bad("the path /apps/APP_ID"));
    }
    Ok(Options {
        app_id: Some(part(app_id, "the app id (behind /apps/)")?),
        key: Some(part(key, "the key (KEY:SECRET@ before the host)")?),
        secret: Some(Zeroizing::new(part(secret, "the secret (KEY:SECRET@ before the host)")?)),
        host: Some(part(host, "the host")?.to_ascii_lowercase()),
        port,
        scheme: Some(scheme),
        path_prefix: Some(decode(prefix).ok_or_else(|| bad("the path /apps/APP_ID"))?),
        ..Options::default()
    })
}

fn host_and_port(host: &str) -> Result<(&str, Option<u16>), Error> {
    let digits_begin = match host.rfind(':') {
        // A colon inside brackets belongs to an IPv6 address.
        Some(colon) if !host.ends_with(']') => colon,
        _ => return Ok((host, None)),
    };
    let (name, port) = host.split_at(digits_begin);
    match port.strip_prefix(':') {
        None | Some("") => Ok((name, None)),
        Some(digits) => port_of_text(digits).map(|port| (name, Some(port))).ok_or_else(|| bad("the port (1 to 65535)")),
    }
}

fn part(encoded: &str, what: &'static str) -> Result<String, Error> {
    decode(encoded).filter(|part| !part.is_empty()).ok_or_else(|| bad(what))
}

fn bad(missing: &'static str) -> Error {
    ErrorKind::InvalidUrl { missing }.into()
}
