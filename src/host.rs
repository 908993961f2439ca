//! Which hosts requests may go to: names, addresses, and the hosts of clusters.
//!
//! Source of the rules: the Channels documentation, "Clusters"; RFC 3986, section 3.2.2; npm `pusher` for `name:port`.

use crate::{
    error::{Error, INVALID_CLUSTER, INVALID_HOST},
    text::{AsciiSet, concat, parse_u32, split_at_byte, until_byte},
};

/// The host when neither a cluster nor a host is set; it serves the cluster mt1.
pub(crate) const DEFAULT_HOST: &str = "api.pusherapp.com";

const CLUSTER_CHARS: AsciiSet = AsciiSet::letters_digits_and(b"-");
/// Those of a name or an IPv4 address. Characters beyond ASCII are left to the URL parser of whoever sends the request.
const HOST_CHARS: AsciiSet = AsciiSet::letters_digits_and(b"-._");
const IPV6_CHARS: AsciiSet = AsciiSet::of(b"0123456789abcdefABCDEF:.");

/// Returns the host of a cluster's HTTP API.
///
/// # Errors
/// `invalid_option`, unless the cluster is letters, digits and hyphens. Clusters are not listed: new ones keep working.
pub(crate) fn cluster_host(cluster: &str) -> Result<String, Error> {
    if !cluster.is_empty() && CLUSTER_CHARS.contains_all(cluster) {
        Ok(concat(&["api-", cluster, ".pusher.com"]))
    } else {
        Err(Error::of_option(INVALID_CLUSTER, cluster))
    }
}

/// Checks that `host` is a name, an IPv4 address, or an IPv6 address in brackets. As in npm `pusher`, `name:port` will do
/// while no `port` is set beside it.
///
/// # Errors
/// `invalid_option`.
pub(crate) fn check_host(host: &str, port: Option<u16>) -> Result<(), Error> {
    let in_brackets = host.strip_prefix("[").and_then(|rest| split_at_byte(rest, b']'));
    let (name, rest) = in_brackets.unwrap_or_else(|| host.split_at(until_byte(host, b':').len()));
    let is_name = if in_brackets.is_some() {
        IPV6_CHARS.contains_all(name)
    } else {
        name.bytes().all(|byte| !byte.is_ascii() || HOST_CHARS.contains(byte))
    };
    let is_only_port = || port.is_none() && rest.strip_prefix(":").and_then(parse_u32).is_some_and(is_port);
    if is_name && !name.is_empty() && (rest.is_empty() || is_only_port()) {
        return Ok(());
    }
    Err(Error::of_option(INVALID_HOST, host))
}

/// Tells whether a number is a port: 1 to 65 535.
pub(crate) fn is_port(number: u32) -> bool {
    matches!(number, 1..=0xffff)
}

/// Tells whether the host is one of Pusher's, whose limits are known.
pub(crate) fn is_pushers_own(host: &str) -> bool {
    let name = until_byte(host, b':').to_ascii_lowercase();
    name.ends_with(".pusher.com") || name.ends_with(".pusherapp.com")
}
