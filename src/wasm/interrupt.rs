//! What can end an exchange before its answer: the configured timeout, or the caller's `AbortSignal`.

use js_sys::{Array, Function, Promise};
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

use super::{
    convert::{is_absent, member, wrong_argument},
    errors::Thrown,
    fetch::{Code, Failure},
    host::{clear_timeout, set_timeout},
};

/// Ends one exchange early. Dropping it stops its timer and its listening.
pub(super) struct Interrupt {
    controller: AbortController,
    /// Never resolves; rejects when it is time to give up.
    never: Promise,
    /// Rejects `never`.
    give_up: Function,
    timer: Option<JsValue>,
    caller: Option<AbortSignal>,
}

impl Interrupt {
    /// Starts the timeout (milliseconds, 0 for none) and listens to the caller's signal.
    ///
    /// # Errors
    /// What the host throws when it has no `AbortController`.
    pub(super) fn new(timeout: u32, caller: Option<AbortSignal>) -> Result<Self, JsValue> {
        let controller = AbortController::new()?;
        let mut give_up = None;
        let never = Promise::new(&mut |_, reject| give_up = Some(reject));
        // The executor has run by now, so this is never `None`.
        let give_up = give_up.ok_or(JsValue::UNDEFINED)?;
        if let Some(caller) = &caller {
            caller.add_event_listener_with_callback("abort", &give_up)?;
        }
        let timer = if timeout > 0 { Some(set_timeout(&give_up, timeout, &controller)?) } else { None };
        Ok(Self { controller, never, give_up, timer, caller })
    }

    /// The signal for the host's `fetch`.
    pub(super) fn signal(&self) -> AbortSignal {
        self.controller.signal()
    }

    /// Whether the caller's signal has aborted.
    pub(super) fn is_aborted(&self) -> bool {
        self.caller
            .as_ref()
            .and_then(|caller| member(caller, "aborted").ok())
            .is_some_and(|aborted| aborted.is_truthy())
    }

    /// Waits for one step of the exchange, but not if its caller has aborted or its time is over: then the host's part
    /// is aborted too.
    ///
    /// # Errors
    /// Why there is no result: the step's own failure, or the interruption.
    pub(super) async fn race(&self, step: &Promise) -> Result<JsValue, Failure> {
        let first = Promise::race(&Array::of2(step, &self.never));
        JsFuture::from(first).await.map_err(|error| {
            if self.is_aborted() {
                self.aborted()
            } else if js_sys::Object::is(&error, &self.controller) {
                self.controller.abort();
                Failure::new(Code::Timeout, reason_of(&self.signal()))
            } else {
                Failure::new(Code::Network, error)
            }
        })
    }

    /// The failure of an exchange that its caller has aborted; its cause is the caller's own reason.
    pub(super) fn aborted(&self) -> Failure {
        self.controller.abort();
        Failure::new(Code::Aborted, self.caller.as_ref().map_or(JsValue::UNDEFINED, reason_of))
    }
}

impl Drop for Interrupt {
    fn drop(&mut self) {
        // Nothing can be done, or is lost, if the host or the caller's signal refuses.
        if let Some(timer) = &self.timer {
            let _ = clear_timeout(timer);
        }
        if let Some(caller) = &self.caller {
            let _ = caller.remove_event_listener_with_callback("abort", &self.give_up);
        }
    }
}

/// The caller's `signal`, if there is one.
///
/// # Errors
/// `invalid_argument`, when it is no `AbortSignal`.
pub(super) fn caller_signal(signal: JsValue) -> Result<Option<AbortSignal>, Thrown> {
    if is_absent(&signal) {
        return Ok(None);
    }
    // By its shape: there are polyfills, and signals of other realms.
    if member(&signal, "aborted")?.as_bool().is_some() && member(&signal, "addEventListener")?.is_function() {
        return Ok(Some(signal.unchecked_into()));
    }
    Err(wrong_argument("signal", "Invalid signal: it must be an AbortSignal".into()))
}

fn reason_of(signal: &AbortSignal) -> JsValue {
    member(signal, "reason").unwrap_or(JsValue::UNDEFINED)
}
