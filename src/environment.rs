//! A configuration from environment variables: `PUSHER_URL`, or one variable for each setting.

use zeroize::Zeroizing;

use crate::{
    config::{Config, Credentials, Setting},
    connection_url,
    error::{Error, MISSING_VARIABLES},
    text::push_all,
};

/// The settings, each with the variables that it is looked for in, in that order.
const VARIABLES: [(Setting, &[&str]); 7] = [
    (Setting::AppId, &["PUSHER_APP_ID"]),
    (Setting::Key, &["PUSHER_KEY", "PUSHER_APP_KEY"]),
    (Setting::Secret, &["PUSHER_SECRET", "PUSHER_APP_SECRET"]),
    (Setting::Host, &["PUSHER_HOST"]),
    (Setting::Cluster, &["PUSHER_CLUSTER", "PUSHER_APP_CLUSTER"]),
    (Setting::Port, &["PUSHER_PORT"]),
    (Setting::Scheme, &["PUSHER_SCHEME"]),
];
/// Takes precedence over all of them.
const URL: &str = "PUSHER_URL";
const MASTER_KEY: &str = "PUSHER_ENCRYPTION_MASTER_KEY_BASE64";
/// The first three are required.
const REQUIRED: usize = 3;

/// Returns the names of all variables that are looked up: that of the URL first.
pub fn names() -> impl Iterator<Item = &'static str> {
    [URL, MASTER_KEY].into_iter().chain(VARIABLES.iter().flat_map(|(_, names)| *names).copied())
}

/// Makes the configuration that environment variables describe. `lookup` returns the value of a variable by its name; an empty
/// value is as good as none. `PUSHER_URL` takes precedence over the variables for single settings.
///
/// ```
/// use pusher_http_wasm::environment;
///
/// let config = environment::read(&|name| (name == "PUSHER_URL").then(|| "https://key:secret@localhost/apps/3".into()))?;
/// assert_eq!(config.base_url(), "https://localhost");
/// # Ok::<(), pusher_http_wasm::error::Error>(())
/// ```
///
/// # Errors
/// `missing_option`, naming every variable that is missing; `invalid_url` and `invalid_option`.
pub fn read(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Config, Error> {
    let mut config = Config::default();
    apply(&mut config, lookup)?;
    config.finish(Credentials::Required)?;
    Ok(config)
}

/// Sets what the variables say; they take precedence over what was set before.
pub(crate) fn apply(config: &mut Config, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let url = find(lookup, &[URL]);
    if url.is_empty() {
        apply_variables(config, lookup)?;
    } else {
        connection_url::apply(config, &url)?;
    }
    let key = find(lookup, &[MASTER_KEY]);
    if key.is_empty() { Ok(()) } else { config.set(Setting::MasterKeyBase64, &key) }
}

fn apply_variables(config: &mut Config, lookup: &dyn Fn(&str) -> Option<String>) -> Result<(), Error> {
    let mut missing = String::new();
    config.clear_endpoint();
    for (index, (setting, names)) in VARIABLES.iter().enumerate() {
        let value = find(lookup, names);
        if value.is_empty() && index < REQUIRED {
            let separator = if missing.is_empty() { "" } else { ", " };
            push_all(&mut missing, &[separator, names.first().copied().unwrap_or_default()]);
        }
        // Missing variables are reported before an invalid one.
        if missing.is_empty() {
            config.set(*setting, &value)?;
        }
    }
    if missing.is_empty() { Ok(()) } else { Err(Error::new(MISSING_VARIABLES, &missing)) }
}

/// Returns the first of the variables that is set and not empty; otherwise an empty text.
fn find(lookup: &dyn Fn(&str) -> Option<String>, names: &[&str]) -> Zeroizing<String> {
    for name in names {
        if let Some(value) = lookup(name).filter(|value| !value.is_empty()) {
            return Zeroizing::new(value);
        }
    }
    Zeroizing::default()
}
