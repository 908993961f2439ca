//! What a client is configured with, as `pkg-template/options.js` writes it.

use wasm_bindgen::prelude::*;

use super::{
    errors::Thrown,
    frame::{Fields, Frame},
    host::write_variable,
};
use crate::{
    config::{Config, Options, Scheme, cluster_host, payload_limit, port, timeout},
    connection_url,
    encrypt::MasterKey,
    environment,
    error::{Error, INVALID_URL},
};

/// Reads and checks the options, and what takes precedence over them by `base`, whose numbers are those of `pkg-template/pusher.js`: nothing
/// (0), a connection URL (1), a cluster's name (2), or the environment variables (3) of `env`, or of the host where it is left out.
#[cfg_attr(npm, optimize(size))]
pub(super) fn read(base: u32, env: &JsValue) -> Result<Config, Thrown> {
    let frame = Frame::take_secret();
    let mut fields = frame.fields();
    let given = fields.next();
    let mut options = Options::default();
    read_fields(&mut options, fields)?;
    match base {
        1 => {
            let url = given.text().ok_or_else(|| Error::new(&INVALID_URL, "the URL itself (a string)"))?;
            connection_url::read_into(&mut options, url)?;
        }
        2 => options.host = Some(cluster_host(given.shown())?),
        3 => environment::read_into(&mut options, &|name| {
            write_variable(env, name);
            Frame::take_secret().fields().next().text().map(Into::into)
        })?,
        _ => {}
    }
    Ok(Config::of(&mut options)?)
}

/// The options that the core takes, in the order in which `pkg-template/options.js` writes them.
#[cfg_attr(npm, optimize(size))]
fn read_fields(options: &mut Options, mut fields: Fields<'_>) -> Result<(), Error> {
    options.app_id = text(&mut fields);
    options.key = text(&mut fields);
    options.secret = text(&mut fields).map(Into::into);
    options.cluster = text(&mut fields);
    options.host = text(&mut fields);
    options.path_prefix = text(&mut fields);
    if let Some(scheme) = fields.next().text() {
        options.scheme = Some(Scheme::parse(scheme)?);
    }
    if let Some(key) = fields.next().text() {
        options.master_key = Some(MasterKey::from_text(key)?);
    }
    if let Some(key) = fields.next().text() {
        options.master_key = Some(MasterKey::from_base64(key)?);
    }
    if let Some((given, shown)) = number(&mut fields) {
        options.port = Some(port(given, shown)?);
    }
    if let Some((given, shown)) = number(&mut fields) {
        options.timeout = Some(timeout(given, shown)?);
    }
    if let Some((given, shown)) = number(&mut fields) {
        options.max_payload = Some(payload_limit(given, shown)?);
    }
    Ok(())
}

#[cfg_attr(npm, optimize(size))]
fn text(fields: &mut Fields<'_>) -> Option<String> {
    fields.next().text().map(String::from)
}

/// A number, and as messages show it.
#[cfg_attr(npm, optimize(size))]
fn number<'a>(fields: &mut Fields<'a>) -> Option<(f64, &'a str)> {
    let (number, shown) = (fields.next().number(), fields.next().shown());
    number.map(|number| (number, shown))
}
