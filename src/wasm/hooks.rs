//! The caller's logging hooks. Nothing that a hook does can break a call.

use js_sys::Function;
use serde::Serialize;

use super::{
    convert::to_object,
    errors::Thrown,
    fetch::Failure,
    host::{date_now, notify},
    options::Reader,
};
use crate::request::Request;

/// The hooks `onRequest` and `onResponse`.
pub(super) struct Hooks {
    on_request: Option<Function>,
    on_response: Option<Function>,
}

#[derive(Serialize)]
struct RequestEvent<'a> {
    method: &'static str,
    url: &'a str,
    attempt: u32,
}

#[derive(Serialize)]
struct ResponseEvent<'a> {
    method: &'static str,
    url: &'a str,
    attempt: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    ms: f64,
}

/// One attempt that hooks are told of.
pub(super) struct Attempt<'a> {
    hooks: &'a Hooks,
    request: &'a Request,
    number: u32,
    begun: f64,
}

impl Hooks {
    /// # Errors
    /// `invalid_option`, for a hook that is no function.
    pub(super) fn read(options: &Reader<'_>) -> Result<Self, Thrown> {
        Ok(Self { on_request: options.function("onRequest")?, on_response: options.function("onResponse")? })
    }

    /// An attempt begins, counted from 1.
    pub(super) fn begin<'a>(&'a self, request: &'a Request, number: u32) -> Attempt<'a> {
        if let Some(hook) = &self.on_request {
            let url = &request.redacted_url();
            tell(hook, &RequestEvent { method: request.method.as_str(), url, attempt: number });
        }
        let begun = if self.on_response.is_some() { now() } else { 0.0 };
        Attempt { hooks: self, request, number, begun }
    }
}

impl Attempt<'_> {
    /// The attempt has ended, with a status or without one.
    pub(super) fn end(&self, result: Result<u16, &Failure>) {
        let Some(hook) = &self.hooks.on_response else { return };
        let (status, code) = match result {
            Ok(status) => (Some(status), None),
            Err(failure) => (failure.status, Some(failure.code())),
        };
        tell(
            hook,
            &ResponseEvent {
                method: self.request.method.as_str(),
                url: &self.request.redacted_url(),
                attempt: self.number,
                status,
                code,
                // A clock may be set back meanwhile.
                ms: (now() - self.begun).max(0.0),
            },
        );
    }
}

fn tell(hook: &Function, event: &impl Serialize) {
    if let Ok(event) = to_object(event) {
        notify(hook, &event);
    }
}

fn now() -> f64 {
    date_now().ok().and_then(|now| now.as_f64()).unwrap_or_default()
}
