//! Operations whose answer is a request: the call of the HTTP API that they ask for.
//!
//! Fields are read in the order in which mistakes are told: names first, data second (a missing master key before the data that it would
//! seal). What the credentials lack comes third, when the call is signed.

use std::iter;

use super::{
    frame::{Answer, Field, Fields, Kind},
    operations::{BATCH, CHANNEL, CHANNEL_USERS, CHANNELS, GET, Operation, TERMINATE, TRIGGER},
};
use crate::{
    config::Config,
    error::{Error, NO_CHANNELS},
    event::{Batch, Event, JsonObject},
    query::{Params, Timestamp},
    request::{Call, Method},
    text::parse_u32,
    validate::{ChannelName, EventName, SocketId, UserId, batch_size, channel_count, channels_together},
};

/// Fields of an event after its names: data, nonce, and the caller's own members of its body.
const EVENT_FIELDS: usize = 3;

/// Answers with the request that an operation asks for: URL, and body. What has a body is a POST, anything else a GET.
pub(super) fn answer(
    config: &Config,
    operation: Operation,
    fields: Fields<'_>,
    time: Timestamp,
    answer: &mut Answer,
) -> Result<Kind, Error> {
    let call = call(config, operation, fields)?;
    answer.text(&call.sign_url(config, time)?);
    answer.optional(call.body());
    Ok(Kind::Plain)
}

/// Builds the call that an operation asks for.
fn call(config: &Config, operation: Operation, mut fields: Fields<'_>) -> Result<Call, Error> {
    match operation {
        CHANNELS => Ok(Call::channels(fields.next().text(), fields.next().text())),
        CHANNEL => Call::channel(channel(&mut fields)?, fields.next().text()),
        CHANNEL_USERS => Call::channel_users(channel(&mut fields)?),
        TERMINATE => Call::terminate_user_connections(user_id(&mut fields)?),
        TRIGGER => {
            optional_socket_id(&mut fields)?;
            let name = event_name(&mut fields)?;
            let mut channels = fields;
            channels.skip(EVENT_FIELDS);
            let channels = channel_list(channels, config.max_channels())?;
            let first = channels.first().ok_or_else(|| Error::new(NO_CHANNELS, ""))?;
            Call::trigger(config, &event(config, name, &mut fields, *first)?, &channels)
        }
        BATCH => batch(config, fields),
        GET => raw(Method::Get, fields),
        // POST
        _ => raw(Method::Post, fields),
    }
}

fn raw(method: Method, mut fields: Fields<'_>) -> Result<Call, Error> {
    let (path, body) = (fields.next().shown(), fields.next().text());
    Call::raw(method, path, params(fields)?, body)
}

fn batch(config: &Config, mut fields: Fields<'_>) -> Result<Call, Error> {
    batch_size(count(fields.next()), config.max_batch_events())?;
    // A wrong name in any event is reported before wrong data in another.
    let (mut names, mut index) = (fields, 0_usize);
    while !names.is_empty() {
        event_names(&mut names).map_err(|error| error.of_event(index))?;
        names.skip(EVENT_FIELDS);
        index = index.saturating_add(1);
    }
    let mut batch = Batch::new();
    while !fields.is_empty() {
        let (channel, name) = event_names(&mut fields)?;
        let event = event(config, name, &mut fields, channel).map_err(|error| error.of_event(batch.count()))?;
        batch.push(channel, &event);
    }
    Call::trigger_batch(config, batch)
}

/// Reads what an event of a batch begins with: channel, name, and a socket id, which only has to be right.
fn event_names<'a>(fields: &mut Fields<'a>) -> Result<(ChannelName<'a>, EventName<'a>), Error> {
    let (channel, name) = (target(fields)?, event_name(fields)?);
    optional_socket_id(fields)?;
    Ok((channel, name))
}

/// Reads an event: data (JSON where it is to be sealed, otherwise a JSON string), nonce, and the caller's own members.
fn event<'a>(
    config: &Config,
    name: EventName<'a>,
    fields: &mut Fields<'a>,
    channel: ChannelName<'_>,
) -> Result<Event<'a>, Error> {
    let secret = config.secret_for_event(channel)?;
    let data = fields.next().made()?.text();
    let nonce = fields.next().bytes();
    let params = fields.next().text().and_then(JsonObject::from_text);
    let event = Event::for_channel(name, secret, data, nonce)?;
    config.check_payload(&event)?;
    Ok(event.with_params(params))
}

/// Reads a number of channels, at most `max`, then the channels.
fn channel_list(mut fields: Fields<'_>, max: usize) -> Result<Vec<ChannelName<'_>>, Error> {
    channel_count(count(fields.next()), max)?;
    let mut channels = Vec::new();
    while !fields.is_empty() {
        channels.push(target(&mut fields)?);
    }
    channels_together(&channels, max)?;
    Ok(channels)
}

/// Reads what an event is for: a channel, or a user's, which is written as bytes.
pub(super) fn target<'a>(fields: &mut Fields<'a>) -> Result<ChannelName<'a>, Error> {
    let field = fields.next();
    if field.is_bytes() { ChannelName::parse_user(field.shown()) } else { ChannelName::parse(field.name()?) }
}

pub(super) fn count(field: Field<'_>) -> usize {
    parse_u32(field.shown()).unwrap_or_default() as usize
}

/// Reads query parameters: names and values by turns.
pub(super) fn params(mut fields: Fields<'_>) -> Result<Params, Error> {
    Params::from_pairs(iter::from_fn(|| {
        let is_left = !fields.is_empty();
        is_left.then(|| (fields.next().shown(), fields.next().shown()))
    }))
}

pub(super) fn channel<'a>(fields: &mut Fields<'a>) -> Result<ChannelName<'a>, Error> {
    ChannelName::parse(fields.name()?)
}

fn event_name<'a>(fields: &mut Fields<'a>) -> Result<EventName<'a>, Error> {
    EventName::parse(fields.name()?)
}

pub(super) fn socket_id<'a>(fields: &mut Fields<'a>) -> Result<SocketId<'a>, Error> {
    SocketId::parse(fields.name()?)
}

pub(super) fn user_id<'a>(fields: &mut Fields<'a>) -> Result<UserId<'a>, Error> {
    UserId::parse(fields.name()?)
}

fn optional_socket_id(fields: &mut Fields<'_>) -> Result<(), Error> {
    match fields.next().optional_name()? {
        Some(id) => SocketId::parse(id).map(|_| ()),
        None => Ok(()),
    }
}
