//! A configuration from environment variables: `PUSHER_URL`, or one variable for each part.

use zeroize::Zeroizing;

use crate::{
    config::{Config, Setting},
    connection_url,
    error::{Error, MISSING_VARIABLES},
    text::{before, push_all},
};

/// The parts, each with the names that it goes by.
const PARTS: [(Setting, &str); 7] = [
    (Setting::AppId, "PUSHER_APP_ID"),
    (Setting::Key, "PUSHER_KEY PUSHER_APP_KEY"),
    (Setting::Secret, "PUSHER_SECRET PUSHER_APP_SECRET"),
    (Setting::Host, "PUSHER_HOST"),
    (Setting::Cluster, "PUSHER_CLUSTER PUSHER_APP_CLUSTER"),
    (Setting::Port, "PUSHER_PORT"),
    (Setting::Scheme, "PUSHER_SCHEME"),
];
/// So many of them, from the first, must be there.
const REQUIRED: usize = 3;

const URL: &str = "PUSHER_URL";
const MASTER_KEY: &str = "PUSHER_ENCRYPTION_MASTER_KEY_BASE64";

/// The names of all variables that are looked up.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PARTS.iter().flat_map(|(_, names)| names.split(' ')).chain([URL, MASTER_KEY])
}

/// The configuration that variables tell, which `lookup` finds by name; an empty variable is none. `PUSHER_URL` wins over the
/// variables for single parts.
///
/// # Errors
/// `missing_option`, naming every variable that is missing; `invalid_url` and `invalid_option`.
pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Config, Error> {
    let mut config = Config::default();
    read_into(&mut config, lookup)?;
    config.complete(false)?;
    Ok(config)
}

/// [`read`], over settings: what the variables say counts.
pub(crate) fn read_into(config: &mut Config, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let url = given(lookup, URL);
    if url.is_empty() {
        read_parts(config, lookup)?;
    } else {
        connection_url::read_into(config, &url)?;
    }
    let key = given(lookup, MASTER_KEY);
    if key.is_empty() { Ok(()) } else { config.set(Setting::MasterKeyBase64, &key) }
}

fn read_parts(config: &mut Config, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let mut missing = String::new();
    config.forget_server();
    for (index, (setting, names)) in PARTS.iter().enumerate() {
        let value = given(lookup, names);
        if value.is_empty() && index < REQUIRED {
            let separator = if missing.is_empty() { "" } else { ", " };
            push_all(&mut missing, &[separator, before(names, b' ')]);
        }
        // What is wrong with another variable comes after those that are not there.
        if missing.is_empty() {
            config.set(*setting, &value)?;
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::new(MISSING_VARIABLES, &missing)) }
}

/// The first of the variables that is there and not empty; else an empty text.
fn given(lookup: &dyn Fn(&str) -> Option<String>, names: &str) -> Zeroizing<String> {
    let mut names = names;
    while !names.is_empty() {
        let name = before(names, b' ');
        names = names.get(name.len().saturating_add(1)..).unwrap_or_default();
        if let Some(value) = lookup(name).filter(|value| !value.is_empty()) {
            return Zeroizing::new(value);
        }
    }
    Zeroizing::default()
}
