//! A configuration from environment variables: `PUSHER_URL`, or one variable for each part.

use zeroize::Zeroizing;

use crate::{
    config::{Options, Scheme, port, port_of_text},
    connection_url,
    encrypt::MasterKey,
    error::{Error, MISSING_VARIABLES},
};

/// The parts that must be there, each with the names that it goes by.
const APP_ID: &[&str] = &["PUSHER_APP_ID"];
const KEY: &[&str] = &["PUSHER_KEY", "PUSHER_APP_KEY"];
const SECRET: &[&str] = &["PUSHER_SECRET", "PUSHER_APP_SECRET"];
/// The parts that may be there.
const CLUSTER: &[&str] = &["PUSHER_CLUSTER", "PUSHER_APP_CLUSTER"];

/// Reads options from variables, which `lookup` finds by name; an empty variable is none. `PUSHER_URL` wins over the
/// variables for single parts.
///
/// # Errors
/// `missing_option`, naming every variable that is missing; `invalid_url` and `invalid_option`.
#[cfg_attr(npm, optimize(size))]
pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Options, Error> {
    let mut options = Options::default();
    read_into(&mut options, lookup)?;
    Ok(options)
}

/// [`read`], over options: what the variables say counts.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn read_into(options: &mut Options, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    if let Some(url) = given(lookup, &["PUSHER_URL"]) {
        connection_url::read_into(options, &url)?;
    } else {
        read_parts(options, lookup)?;
    }
    if let Some(key) = given(lookup, &["PUSHER_ENCRYPTION_MASTER_KEY_BASE64"]).map(Zeroizing::new) {
        options.master_key = Some(MasterKey::from_base64(&key)?);
    }
    Ok(())
}

#[cfg_attr(npm, optimize(size))]
fn read_parts(options: &mut Options, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let mut missing = String::new();
    let mut required = |names: &[&str]| {
        let value = given(lookup, names);
        if value.is_none() {
            missing.push_str(if missing.is_empty() { "" } else { ", " });
            missing.push_str(names.first().copied().unwrap_or_default());
        }
        value
    };
    options.app_id = required(APP_ID);
    options.key = required(KEY);
    options.secret = required(SECRET).map(Zeroizing::new);
    if !missing.is_empty() {
        return Err(Error::new(&MISSING_VARIABLES, &missing));
    }
    options.cluster = given(lookup, CLUSTER);
    options.host = given(lookup, &["PUSHER_HOST"]);
    options.port = None;
    if let Some(digits) = given(lookup, &["PUSHER_PORT"]) {
        // What is no number at all is as wrong as a number that is no port.
        options.port = Some(port(port_of_text(&digits).map_or(f64::NAN, f64::from), &digits)?);
    }
    options.scheme = None;
    if let Some(scheme) = given(lookup, &["PUSHER_SCHEME"]) {
        options.scheme = Some(Scheme::parse(&scheme)?);
    }
    Ok(())
}

/// The first of the variables that is there and not empty.
#[cfg_attr(npm, optimize(size))]
fn given(lookup: &dyn Fn(&str) -> Option<String>, names: &[&str]) -> Option<String> {
    names.iter().find_map(|name| lookup(name).filter(|value| !value.is_empty()))
}
