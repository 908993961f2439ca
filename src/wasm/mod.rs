//! The border: what the npm package's JavaScript (`pkg-template`) calls. Nothing is decided here that could be decided in the core.
//!
//! JavaScript finds out what a value is (its type, its members, its JSON) and writes all that a call needs into one [`frame`]. An operation
//! reads its fields, has the core do the work, and writes fields back; an error is an answer, too. Nothing is called back, none of the
//! caller's code runs meanwhile, and nothing is kept between two calls.

mod answers;
mod frame;
mod operations;
mod options;
mod recovery;
mod requests;

use std::cell::OnceCell;

use wasm_bindgen::prelude::*;
use web_sys::{RequestInit, RequestRedirect};

use self::{
    frame::{Answer, Fields, Kind},
    operations::{Operation, is_configuration},
};
use crate::{
    config::Config,
    error::{Error, FIELD_FAILED},
    query::Timestamp,
    text::decimal,
};

#[global_allocator]
static ALLOCATOR: rlsf::SmallGlobalTlsf = rlsf::SmallGlobalTlsf::new();

/// A client, or a token: the configuration, once an operation has set it.
#[wasm_bindgen]
#[derive(Default)]
pub struct Client(OnceCell<Config>);

#[wasm_bindgen]
impl Client {
    /// Makes a client without a configuration.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Self {
        Self::default()
    }

    /// Runs an operation on the frame that has been written: `length` bytes. Returns the answer's address. `time` is when to sign, in seconds.
    ///
    /// One export for all operations: each by itself would weigh a quarter of a kilobyte.
    pub fn call(&self, operation: Operation, time: f64, length: usize) -> usize {
        let (fields, mut answer) = (Fields::written(length), Answer::new());
        let result = match self.0.get() {
            None if is_configuration(operation) => options::read(operation, fields).map(|config| {
                options::answer(&config, &mut answer);
                // There is none yet.
                let _ = self.0.set(config);
                Kind::Plain
            }),
            None => {
                answers::answer_alone(operation, fields, &mut answer);
                Ok(Kind::Plain)
            }
            Some(config) => answers::answer(config, operation, fields, seconds(time), &mut answer),
        };
        match result {
            Ok(kind) => answer.finish(kind),
            Err(error) => answer_error(&error),
        }
    }

    /// Builds a request in the same way: writes method, body and redirect into `init`, and answers with the URL.
    pub fn build(&self, operation: Operation, time: f64, length: usize, init: &RequestInit) -> usize {
        let Some(config) = self.0.get() else { return Answer::new().finish(Kind::Plain) };
        let request = requests::call(config, operation, Fields::written(length))
            .and_then(|call| call.sign(config, seconds(time)));
        let request = match request {
            Ok(request) => request,
            Err(error) => return answer_error(&error),
        };
        init.set_method(request.method.as_str());
        if let Some(body) = &request.body {
            init.set_body(&JsValue::from_str(body));
        }
        init.set_redirect(RequestRedirect::Manual);
        let mut answer = Answer::new();
        answer.text(&request.url);
        answer.finish(Kind::Plain)
    }
}

/// Answers with an error: code, field, message, hint, and the event of the batch that it is about.
fn answer_error(error: &Error) -> usize {
    let mut answer = Answer::new();
    for text in [error.code(), error.field(), &error.message(), error.hint()] {
        answer.text(text);
    }
    answer.optional(error.event().map(|index| decimal(index as u64)).as_deref());
    answer.finish(if error.is(FIELD_FAILED) { Kind::Failure } else { Kind::Error })
}

// Whole and not negative, as JavaScript has checked.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn seconds(time: f64) -> Timestamp {
    time as Timestamp
}

#[cfg(test)]
#[path = "../../tests/border/mod.rs"]
mod tests;
