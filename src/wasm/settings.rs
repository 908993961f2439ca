//! What a client is configured with, as `pkg-template/options.js` writes it.

use wasm_bindgen::prelude::*;

use super::{
    frame::{Fields, Frame},
    host::write_variable,
};
use crate::{
    config::{Config, Credentials, Setting},
    connection_url, environment,
    error::{Error, INVALID_URL},
    text::to_string,
};

/// The settings, in the order in which they are written.
const SETTINGS: [Setting; 12] = [
    Setting::AppId,
    Setting::Key,
    Setting::Secret,
    Setting::Host,
    Setting::Cluster,
    Setting::PathPrefix,
    Setting::Scheme,
    Setting::MasterKey,
    Setting::MasterKeyBase64,
    Setting::Port,
    Setting::Timeout,
    Setting::MaxPayloadBytes,
];

/// Reads and checks the options, and what takes precedence over them by `base`, whose numbers are those of `pkg-template/options.js`: nothing
/// (0), a connection URL (1), a cluster's name (2), or the environment variables (3) of `env`, or of the host where it is left out. Or only a
/// token (4), of any key and secret.
pub(super) fn read(config: &mut Config, base: u32, env: &JsValue) -> Result<(), Error> {
    let frame = Frame::take();
    let result = read_frame(config, base, frame.fields());
    frame.wipe();
    result?;
    if base == 3 {
        environment::apply(config, &|name| {
            write_variable(env, name);
            let frame = Frame::take();
            let value = frame.fields().next().text().map(to_string);
            frame.wipe();
            value
        })?;
    }
    config.finish(if base == 4 { Credentials::AllowEmpty } else { Credentials::Required })
}

fn read_frame(config: &mut Config, base: u32, mut fields: Fields<'_>) -> Result<(), Error> {
    let given = fields.next();
    for setting in SETTINGS {
        if let Some(text) = fields.next().text() {
            config.set(setting, text)?;
        }
    }
    match base {
        1 => connection_url::apply(
            config,
            given.text().ok_or_else(|| Error::new(INVALID_URL, "the URL itself (a string)"))?,
        ),
        2 => config.set_cluster(given.shown()),
        _ => Ok(()),
    }
}
