//! One exchange with the server, over the host's `fetch` or the caller's.

use std::borrow::Cow;

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};

use super::{
    convert::{js_string, member},
    errors,
    host::{self, body_of, whole_of},
    interrupt::Interrupt,
    settings::Settings,
};
use crate::request::{LIBRARY, Request, hint_for_status};

/// The kinds of failure, which are the error's `code`.
#[derive(Clone, Copy)]
pub(super) enum Code {
    /// The server said no.
    Http,
    /// There was no answer, or none that could be read.
    Network,
    /// The timeout passed.
    Timeout,
    /// The caller's signal aborted.
    Aborted,
}

/// Why an exchange has no result.
pub(super) struct Failure {
    code: Code,
    /// The host's exception, or the signal's reason.
    pub(super) cause: JsValue,
    pub(super) status: Option<u16>,
    pub(super) body: Option<String>,
}

impl Failure {
    pub(super) fn new(code: Code, cause: JsValue) -> Self {
        Self { code, cause, status: None, body: None }
    }

    pub(super) fn code(&self) -> &'static str {
        match self.code {
            Code::Http => "http",
            Code::Network => "network",
            Code::Timeout => "timeout",
            Code::Aborted => "aborted",
        }
    }

    pub(super) fn message(&self) -> Cow<'static, str> {
        match (self.code, self.status) {
            (Code::Http, Some(200..300)) => "The server's answer is not JSON".into(),
            (Code::Http, Some(status)) => format!("Unexpected status code {status}").into(),
            _ => "Request failed with an error".into(),
        }
    }

    pub(super) fn hint(&self) -> &'static str {
        match (self.code, self.status) {
            (Code::Http, Some(status)) => hint_for_status(status),
            (Code::Timeout, _) => "The server did not answer within `timeout` milliseconds.",
            _ => "",
        }
    }
}

/// What a call resolves to.
#[derive(Clone, Copy)]
pub(super) enum Answer {
    /// The host's `Response`.
    Response,
    /// The value of the JSON in its body.
    Parsed,
}

/// Sends the request and waits for the whole answer. A status other than 2xx is a failure; redirects are not followed,
/// for a signature is made for one URL.
///
/// # Errors
/// A `PusherRequestError`.
pub(super) async fn exchange(
    settings: &Settings,
    request: &Request,
    idempotency_key: Option<&str>,
    interrupt: &Interrupt,
    answer: Answer,
) -> Result<JsValue, JsValue> {
    if interrupt.is_aborted() {
        return Err(errors::of_request(&request.url, interrupt.aborted()));
    }
    let attempt = settings.hooks.begin(request, 1);
    let result = send(settings, request, idempotency_key, interrupt, answer).await;
    attempt.end(result.as_ref().map(|(status, _)| *status));
    result.map(|(_, value)| value).map_err(|failure| errors::of_request(&request.url, failure))
}

async fn send(
    settings: &Settings,
    request: &Request,
    idempotency_key: Option<&str>,
    interrupt: &Interrupt,
    answer: Answer,
) -> Result<(u16, JsValue), Failure> {
    let host_failure = |exception| Failure::new(Code::Network, exception);
    let init = init(settings, request, idempotency_key, interrupt).map_err(host_failure)?;
    let response = interrupt.race(&host::send(settings.fetch.as_ref(), &request.url, &init)).await?;
    let status = member(&response, "status").ok().and_then(|status| status.as_f64());
    // A status is a whole number below 1000.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let status = status
        .map(|status| status as u16)
        .ok_or_else(|| host_failure(js_sys::Error::new("`fetch` resolved to something that is no Response").into()))?;
    match answer {
        Answer::Response if (200..300).contains(&status) => {
            // With its body: so the timeout covers the body, and the connection is free again whether the caller reads it or not.
            let body = interrupt.race(&body_of(&response, "arrayBuffer")).await?;
            let host_failure = |exception| Failure { status: Some(status), ..host_failure(exception) };
            Ok((status, whole_of(&response, status, &body).map_err(host_failure)?))
        }
        Answer::Parsed if (200..300).contains(&status) => {
            let text = interrupt.race(&body_of(&response, "text")).await?;
            let value = js_string(&text).map(|text| settings.codec.parse(text));
            let not_json = |cause| Failure { code: Code::Http, cause, status: Some(status), body: text.as_string() };
            Ok((status, value.unwrap_or(Err(JsValue::UNDEFINED)).map_err(not_json)?))
        }
        _ => {
            let body = interrupt.race(&body_of(&response, "text")).await?.as_string();
            Err(Failure { code: Code::Http, cause: JsValue::UNDEFINED, status: Some(status), body })
        }
    }
}

/// The plain object beside the URL: any function of `fetch`'s shape can take it.
fn init(
    settings: &Settings,
    request: &Request,
    idempotency_key: Option<&str>,
    interrupt: &Interrupt,
) -> Result<RequestInit, JsValue> {
    let headers = Object::assign(&Object::new(), &settings.headers);
    let set = |name: &str, value: &str| Reflect::set(&headers, &name.into(), &value.into());
    set("x-pusher-library", LIBRARY)?;
    // Only some servers honour it; Pusher's own do not.
    if let Some(key) = idempotency_key {
        set("x-idempotency-key", key)?;
    }
    let init = RequestInit::new();
    if let Some(own) = &settings.fetch_options {
        Object::assign(&init, own);
    }
    init.set_method(request.method.as_str());
    if let Some(body) = &request.body {
        set("content-type", "application/json")?;
        init.set_body(&body.into());
    }
    init.set_headers(&headers);
    init.set_redirect(RequestRedirect::Manual);
    init.set_signal(Some(&interrupt.signal()));
    Ok(init)
}
