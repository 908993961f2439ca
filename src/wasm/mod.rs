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

use self::{
    frame::{Answer, Fields, Kind},
    operations::{Operation, is_configuration, is_request},
};
use crate::{
    config::Config,
    error::{Error, FIELD_FAILED},
    query::Timestamp,
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
    /// One export for all operations: each by itself would weigh a quarter of a kilobyte. Numbers in and a number out: each JavaScript value
    /// would cost a place in wasm-bindgen's table.
    pub fn call(&self, operation: Operation, time: f64, length: usize) -> usize {
        let mut answer = Answer::new();
        match self.run(operation, Fields::written(length), seconds(time), &mut answer) {
            Ok(kind) => answer.finish(kind),
            Err(error) => answer_error(&error),
        }
    }
}

impl Client {
    fn run(
        &self,
        operation: Operation,
        fields: Fields<'_>,
        time: Timestamp,
        answer: &mut Answer,
    ) -> Result<Kind, Error> {
        let Some(config) = self.0.get() else {
            if is_configuration(operation) {
                let config = options::read(operation, fields)?;
                options::answer(&config, answer);
                // There is none yet.
                let _ = self.0.set(config);
            } else {
                answers::answer_alone(operation, fields, answer);
            }
            return Ok(Kind::Plain);
        };
        if is_request(operation) {
            requests::answer(config, operation, fields, time, answer)
        } else {
            answers::answer(config, operation, fields, time, answer)
        }
    }
}

/// Answers with an error: code, field, message, hint, and the event of the batch that it is about.
fn answer_error(error: &Error) -> usize {
    let mut answer = Answer::new();
    for text in [error.code(), error.field(), &error.message(), error.hint()] {
        answer.text(text);
    }
    answer.optional_number(error.event());
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

#[cfg(fuzzing)]
#[path = "../../tests/border/fuzzing.rs"]
mod fuzzing;
#[cfg(fuzzing)]
pub use fuzzing::answer_any_frame;
#[cfg(fuzzing)]
pub use options::SETTINGS;
