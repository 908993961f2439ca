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
pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Options, Error> {
    let given = |names: &[&str]| names.iter().find_map(|name| lookup(name).filter(|value| !value.is_empty()));
    let mut options = match given(&["PUSHER_URL"]) {
        Some(url) => connection_url::parse(&url)?,
        None => parts(&given)?,
    };
    if let Some(key) = given(&["PUSHER_ENCRYPTION_MASTER_KEY_BASE64"]).map(Zeroizing::new) {
        options.master_key = Some(MasterKey::from_base64(&key)?);
    }
    Ok(options)
}

fn parts(given: &dyn Fn(&[&str]) -> Option<String>) -> Result<Options, Error> {
    let mut missing = String::new();
    let mut required = |names: &[&str]| {
        let value = given(names);
        if value.is_none() {
            missing.push_str(if missing.is_empty() { "" } else { ", " });
            missing.push_str(names.first().copied().unwrap_or_default());
        }
        value
    };
    let (app_id, key, secret) = (required(APP_ID), required(KEY), required(SECRET));
    if !missing.is_empty() {
        return Err(Error::new(&MISSING_VARIABLES, &missing));
    }
    Ok(Options {
        app_id,
        key,
        secret: secret.map(Zeroizing::new),
        cluster: given(CLUSTER),
        host: given(&["PUSHER_HOST"]),
        // What is no number at all is as wrong as a number that is no port.
        port: given(&["PUSHER_PORT"])
            .map(|text| port(port_of_text(&text).map_or(f64::NAN, f64::from), &text))
            .transpose()?,
        scheme: given(&["PUSHER_SCHEME"]).map(|scheme| Scheme::parse(&scheme)).transpose()?,
        ..Options::default()
    })
}
