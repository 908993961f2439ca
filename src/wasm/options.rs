//! What a client is configured with: the fields that `pkg-template/input/options.js` writes.

use super::{
    frame::{Answer, Fields},
    operations::{FOR_CLUSTER, FROM_ENVIRONMENT, FROM_URL, Operation, TOKEN},
};
use crate::{
    config::{Config, Credentials, Setting},
    connection_url,
    encrypt::MasterKey,
    environment,
    error::{Error, INVALID_URL},
    sign::Token,
    text::to_string,
};

/// The settings, in the order in which they are written.
pub const SETTINGS: [Setting; 15] = [
    Setting::AppId,
    Setting::Key,
    Setting::Secret,
    Setting::Host,
    Setting::Cluster,
    Setting::PathPrefix,
    Setting::SignPathPrefix,
    Setting::Scheme,
    Setting::MasterKey,
    Setting::MasterKeyBase64,
    Setting::Port,
    Setting::Timeout,
    Setting::MaxPayloadBytes,
    Setting::MaxChannels,
    Setting::MaxBatchEvents,
];

/// Reads the settings, then what takes precedence over them: a connection URL, a cluster, or environment variables.
pub(super) fn read(source: Operation, mut fields: Fields<'_>) -> Result<Config, Error> {
    let mut config = Config::default();
    let value = fields.next();
    // A loop of its own: what `Config::new` does, by an iterator over the fields, weighs 0.16 KB of brotli more.
    for setting in SETTINGS {
        if let Some(text) = fields.next().text() {
            config.set(setting, text)?;
        }
    }
    match source {
        FROM_URL => {
            let url = value.text().ok_or_else(|| Error::new(INVALID_URL, "the URL itself (a string)"))?;
            connection_url::apply(&mut config, url)?;
        }
        // What is no string is no cluster's name, either.
        FOR_CLUSTER => config.set_cluster(value.text().unwrap_or_default())?,
        FROM_ENVIRONMENT => environment::apply(&mut config, &|name| variable(fields, name))?,
        _ => {}
    }
    config.finish(if source == TOKEN { Credentials::AllowEmpty } else { Credentials::Required })?;
    Ok(config)
}

/// Finds a variable among fields that are names and values by turns.
fn variable(mut fields: Fields<'_>, wanted: &str) -> Option<String> {
    while !fields.is_empty() {
        let (name, value) = (fields.next().shown(), fields.next());
        if name == wanted {
            return value.text().map(to_string);
        }
    }
    None
}

/// Answers with what JavaScript needs of a configuration: app id, timeout in milliseconds, most bytes of an event's data, most channels of a
/// trigger, most events of a batch.
pub(super) fn answer(config: &Config, answer: &mut Answer) {
    answer.text(config.app_id().unwrap_or_default());
    let (timeout, max_payload) = (config.timeout() as usize, config.max_payload_bytes() as usize);
    for number in [timeout, max_payload, config.max_channels(), config.max_batch_events()] {
        answer.number(number);
    }
}

/// Answers with what `config` shows: scheme, host, port, timeout, key, secret, and the master key in base64.
pub(super) fn describe(config: &Config, answer: &mut Answer) {
    let token = config.token().ok();
    answer.text(config.scheme().as_str());
    answer.text(config.host());
    answer.optional_number(config.port().map(usize::from));
    answer.number(config.timeout() as usize);
    answer.text(token.map_or("", Token::key));
    answer.text(token.map_or("", Token::secret));
    let master_key = config.master_key().map(MasterKey::to_base64);
    answer.optional(master_key.as_ref().map(|key| key.as_str()));
}
