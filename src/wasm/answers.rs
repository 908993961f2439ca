//! Operations whose answer is the result itself.

use zeroize::Zeroizing;

use super::{
    frame::{Answer, Field, Fields, Kind},
    operations::{
        AUTHENTICATE, AUTHORIZE, DECRYPT, DESCRIBE, ENVIRONMENT_NAMES, IS_JSON, Operation, PACK, SHARED_SECRET, SIGN,
        SIGN_QUERY, VERIFY,
    },
    options, requests,
};
use crate::{
    auth,
    config::Config,
    environment,
    error::Error,
    publish::{Limits, Part, first_request},
    query::{self, Signable, Timestamp},
    validate::{ChannelName, path_without_query},
    webhook,
};

/// Stands in an answer for "yes".
const YES: &str = "";

/// Runs an operation. Returns what kind of answer it has written.
pub(super) fn answer(
    config: &Config,
    operation: Operation,
    fields: Fields<'_>,
    time: Timestamp,
    answer: &mut Answer,
) -> Result<Kind, Error> {
    match operation {
        DESCRIBE => {
            options::describe(config, answer);
            Ok(Kind::Secret)
        }
        AUTHORIZE => authorize(config, fields, answer),
        AUTHENTICATE => authenticate(config, fields, answer),
        SIGN_QUERY => sign_query(config, fields, time, answer),
        SHARED_SECRET => shared_secret(config, fields, answer),
        DECRYPT => decrypt(config, fields, answer),
        SIGN => sign(config, fields, answer),
        VERIFY => Ok(verify(config, fields, answer)),
        PACK => pack(config, fields, answer),
        _ => Ok(Kind::Plain),
    }
}

/// Runs an operation that needs no configuration.
pub(super) fn answer_alone(operation: Operation, mut fields: Fields<'_>, answer: &mut Answer) {
    match operation {
        ENVIRONMENT_NAMES => environment::names().for_each(|name| answer.text(name)),
        IS_JSON => answer.optional(is_json(fields.next())),
        _ => {}
    }
}

fn authorize(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    let socket_id = requests::socket_id(&mut fields)?;
    let channel = requests::channel(&mut fields)?;
    let data = fields.next().made()?.text();
    if channel.is_presence() {
        requests::user_id(&mut fields)?;
    }
    let token = config.token()?;
    let secret = config.secret_for_client(channel)?;
    answer.text(&auth::authorize_channel(token, socket_id, channel, data));
    let Some(secret) = secret else { return Ok(Kind::Plain) };
    answer.text(&secret.to_base64());
    Ok(Kind::Secret)
}

fn authenticate(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    let socket_id = requests::socket_id(&mut fields)?;
    let user_data = fields.next().made()?.shown();
    requests::user_id(&mut fields)?;
    answer.text(&auth::authenticate_user(config.token()?, socket_id, user_data));
    Ok(Kind::Plain)
}

fn sign_query(config: &Config, mut fields: Fields<'_>, time: Timestamp, answer: &mut Answer) -> Result<Kind, Error> {
    let (method, path) = (fields.next().shown(), fields.next().shown());
    path_without_query(path)?;
    let body = fields.next().bytes().unwrap_or_default();
    let params = requests::params(fields)?;
    answer.text(&query::sign_query(config.token()?, &Signable { method, path, params: &params, body }, time));
    Ok(Kind::Plain)
}

fn shared_secret(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    let channel = fields.next().name()?;
    let key = config.required_master_key()?;
    answer.text(&key.shared_secret(ChannelName::parse(channel)?).to_base64());
    Ok(Kind::Secret)
}

fn decrypt(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    let channel = requests::channel(&mut fields)?;
    let secret = config.required_master_key()?.shared_secret(channel);
    let mut part = || fields.next().text().unwrap_or_default();
    answer.text(&Zeroizing::new(secret.open(part(), part())?));
    Ok(Kind::Secret)
}

fn sign(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    match fields.next().bytes() {
        Some(message) => answer.text(config.token()?.signature(message).as_str()),
        None => answer.optional(None),
    }
    Ok(Kind::Plain)
}

/// Whether the signature is that of the message, and whether the content type is JSON's.
fn verify(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Kind {
    let (signature, message) = (fields.next().text(), fields.next().bytes());
    let is_signed = match (config.token(), signature, message) {
        (Ok(token), Some(signature), Some(message)) => token.verify(message, signature),
        _ => false,
    };
    answer.optional(is_signed.then_some(YES));
    answer.optional(is_json(fields.next()));
    Kind::Plain
}

/// Packs events, and answers with the request that is to be sent first. All their channels are checked, so that none is sent by halves.
fn pack(config: &Config, mut fields: Fields<'_>, answer: &mut Answer) -> Result<Kind, Error> {
    let (channels, events) = (config.max_channels(), config.max_batch_events());
    let limits = Limits { channels, events, bytes: requests::count(fields.next()) };
    let mut parts = Vec::new();
    while !fields.is_empty() {
        let (bytes, count) = (requests::count(fields.next()), requests::count(fields.next()));
        let mut channels = Vec::new();
        for _ in 0..count {
            let channel = requests::target(&mut fields).map_err(|error| error.of_event(parts.len()))?;
            channels.push(channel.as_str());
        }
        parts.push(Part { channels, bytes });
    }
    for (part, channel) in first_request(&parts, limits) {
        answer.number(part);
        answer.text(channel);
    }
    Ok(Kind::Plain)
}

fn is_json(content_type: Field<'_>) -> Option<&'static str> {
    webhook::is_json(content_type.text().unwrap_or_default()).then_some(YES)
}
