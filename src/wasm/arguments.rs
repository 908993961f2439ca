//! The arguments of the client's methods, read from JavaScript's values.

use js_sys::Object;
use wasm_bindgen::prelude::*;
use web_sys::AbortSignal;

use super::{
    codec::json,
    convert::{define, is_absent, is_object, member, shown, text, wrong_argument},
    errors::{Thrown, found_by_host},
    host::{joined, members_of},
    interrupt::caller_signal,
    settings::Settings,
};
use crate::{
    error::{Error, ErrorKind},
    event::{Event, JsonObject},
    query::Params,
    validate::{ChannelName, EventName, SocketId},
};

/// The text of a channel's name, not checked any further.
pub(super) fn channel_text(value: &JsValue) -> Result<String, Error> {
    named(value, |given| ErrorKind::InvalidChannel { given })
}

/// The text of an event's name, not checked any further.
pub(super) fn event_text(value: &JsValue) -> Result<String, Error> {
    named(value, |given| ErrorKind::InvalidEvent { given })
}

/// The text of a socket id, not checked any further.
pub(super) fn socket_text(value: &JsValue) -> Result<String, Error> {
    named(value, |given| ErrorKind::InvalidSocketId { given })
}

/// The text of a user id, not checked any further.
pub(super) fn user_text(value: &JsValue) -> Result<String, Error> {
    named(value, |given| ErrorKind::InvalidUserId { given })
}

fn named(value: &JsValue, otherwise: impl FnOnce(String) -> ErrorKind) -> Result<String, Error> {
    text(value).ok_or_else(|| otherwise(shown(value)).into())
}

/// A member that must be a string.
pub(super) fn required(options: &JsValue, name: &'static str) -> Result<String, Thrown> {
    let value = member(options, name)?;
    text(&value).ok_or_else(|| wrong_argument(name, format!("Invalid {name} '{}': it must be a string", shown(&value))))
}

/// The member `params` of a call: what goes into the query beside the signature. `undefined` and `null` are left out.
pub(super) fn query_params(options: &JsValue) -> Result<Params, Thrown> {
    let given = member(options, "params")?;
    let mut params = Params::new();
    if is_absent(&given) {
        return Ok(params);
    }
    if !is_object(&given) {
        return Err(wrong_argument("params", format!("Invalid params '{}': they must be an object", shown(&given))));
    }
    for (key, value) in members(&given)? {
        if !is_absent(&value) {
            params.add(&shown(&key), shown(&value))?;
        }
    }
    Ok(params)
}

/// The attributes `info` of a question, as the server takes them.
///
/// # Errors
/// `invalid_argument`, where it is neither a string nor a list.
pub(super) fn info(options: &JsValue) -> Result<Option<String>, Thrown> {
    optional("info", &joined_info(&member(options, "info")?)?)
}

/// A member that may be left out and else must be a string.
pub(super) fn optional(name: &'static str, value: &JsValue) -> Result<Option<String>, Thrown> {
    match text(value) {
        None if !is_absent(value) => {
            Err(wrong_argument(name, format!("Invalid {name} '{}': it must be a string", shown(value))))
        }
        text => Ok(text),
    }
}

/// The last argument of a call, which may be left out.
pub(super) struct CallOptions<'a>(&'a JsValue);

impl<'a> CallOptions<'a> {
    /// The argument left out.
    pub(super) const NONE: CallOptions<'static> = CallOptions(&JsValue::UNDEFINED);
    /// The members of `trigger`'s options that are not for the event's body, or may not overwrite it.
    const NOT_IN_BODY: [&'static str; 5] = ["name", "data", "channels", "signal", "idempotencyKey"];

    /// # Errors
    /// `invalid_argument`, where it is no object.
    pub(super) fn read(name: &'static str, options: &'a JsValue) -> Result<Self, Thrown> {
        if is_absent(options) || is_object(options) {
            return Ok(Self(options));
        }
        Err(wrong_argument(name, format!("Invalid {name} '{}': they must be an object", shown(options))))
    }

    /// # Errors
    /// `invalid_socket_id`, where there is a `socket_id` and it is none.
    pub(super) fn check_socket_id(&self) -> Result<(), Thrown> {
        check_socket_id(self.0)
    }

    /// What goes into the event's body.
    pub(super) fn body_params(&self) -> Result<Option<JsonObject>, Thrown> {
        if is_absent(self.0) { Ok(None) } else { other_members(self.0, &Self::NOT_IN_BODY) }
    }

    /// The signal that ends the call.
    pub(super) fn signal(&self) -> Result<Option<AbortSignal>, Thrown> {
        caller_signal(member(self.0, "signal")?)
    }

    /// The key by which a server that knows such keys recognises a repeated call.
    pub(super) fn idempotency_key(&self) -> Result<Option<String>, Thrown> {
        optional("idempotencyKey", &member(self.0, "idempotencyKey")?)
    }
}

/// One event of a batch, its data ready to travel.
pub(super) struct BatchEvent {
    channel: String,
    name: String,
    data: Option<String>,
    params: Option<JsonObject>,
}

impl BatchEvent {
    const OWN: [&'static str; 3] = ["channel", "name", "data"];

    /// Reads and checks an event; on an encrypted channel its data is sealed.
    ///
    /// # Errors
    /// A `PusherValidationError`.
    pub(super) fn read(event: &JsValue, settings: &Settings) -> Result<Self, Thrown> {
        if !is_object(event) {
            return Err(wrong_argument("events", format!("Invalid event '{}': it must be an object", shown(event))));
        }
        let channel = channel_text(&member(event, "channel")?)?;
        let name = event_text(&member(event, "name")?)?;
        let parsed = ChannelName::parse(&channel)?;
        let parsed_name = EventName::parse(&name)?;
        check_socket_id(event)?;
        let data = settings.event_data(&parsed, &parsed_name, &member(event, "data")?)?;
        Ok(Self { params: other_members(event, &Self::OWN)?, channel, name, data })
    }

    /// The event as the core takes it.
    pub(super) fn parsed(&self) -> Result<(ChannelName<'_>, Event<'_>), Error> {
        let event = Event::new(EventName::parse(&self.name)?, self.data.as_deref());
        Ok((ChannelName::parse(&self.channel)?, event.with_params(self.params.as_ref())))
    }
}

fn check_socket_id(options: &JsValue) -> Result<(), Thrown> {
    let socket_id = member(options, "socket_id")?;
    if !is_absent(&socket_id) {
        SocketId::parse(&socket_text(&socket_id)?)?;
    }
    Ok(())
}

/// The members of an event's body that are the caller's own: all but those named in `without`, absent ones left out,
/// and an `info` list joined.
fn other_members(object: &JsValue, without: &[&str]) -> Result<Option<JsonObject>, Thrown> {
    let own = Object::new();
    let mut any = false;
    for (key, value) in members(object)? {
        let name = shown(&key);
        if without.contains(&name.as_str()) || is_absent(&value) {
            continue;
        }
        let value = if name == "info" { joined_info(&value)? } else { value };
        define(&own, &key, &value, true);
        any = true;
    }
    if any { Ok(json(&own)?.and_then(JsonObject::from_text)) } else { Ok(None) }
}

/// A list of attributes as one string, anything else as it is.
fn joined_info(info: &JsValue) -> Result<JsValue, Thrown> {
    joined(info).map_err(|exception| {
        found_by_host(exception, |why| ErrorKind::InvalidArgument {
            name: "info",
            message: ["Invalid info: it must be a string or a list of strings: ", why].concat(),
        })
    })
}

/// An object's own members: names and values.
fn members(object: &JsValue) -> Result<Vec<(JsValue, JsValue)>, JsValue> {
    let flat = members_of(object)?;
    let mut flat = flat.iter();
    Ok(std::iter::from_fn(|| flat.next().zip(flat.next())).collect())
}
