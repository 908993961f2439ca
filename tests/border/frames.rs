//! Writes frames and reads answers, as `pkg-template/module/frame.js` does. `src/wasm/frame.rs` takes this file in: its memory is private.

// What only runs as wasm, and the fuzz target, use a part of it.
#![cfg_attr(any(target_arch = "wasm32", fuzzing), allow(dead_code))]
// Clippy does not know a test that is more than that.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::{ANSWER, FRAME, Field, Fields, Kind};

/// A value of JavaScript's, as it is written into a field.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::wasm) enum Value {
    /// A string.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// Anything else.
    Absent,
    /// What JavaScript could not make.
    Failed,
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&[u8]> for Value {
    fn from(bytes: &[u8]) -> Self {
        Self::Bytes(bytes.to_vec())
    }
}

impl From<[u8; 24]> for Value {
    fn from(nonce: [u8; 24]) -> Self {
        Self::Bytes(nonce.to_vec())
    }
}

/// Returns the frame of the values.
pub(in crate::wasm) fn encode(values: &[Value]) -> Vec<u8> {
    let mut frame = Vec::new();
    for (number, value) in values.iter().enumerate() {
        let number = number.to_string();
        let (kind, content) = match value {
            Value::Text(text) => (Field::TEXT, text.as_bytes()),
            Value::Bytes(bytes) => (Field::BYTES, bytes.as_slice()),
            Value::Absent => (Field::ABSENT, &[][..]),
            Value::Failed => (Field::FAILED, number.as_bytes()),
        };
        let length = u32::try_from(content.len()).unwrap();
        frame.extend_from_slice(&(length << 3 | kind).to_le_bytes());
        frame.extend_from_slice(content);
    }
    frame
}

/// Returns the fields of a frame.
pub(in crate::wasm) fn fields(frame: &[u8]) -> Fields<'_> {
    Fields(frame)
}

/// Puts a frame where JavaScript would have written it. Returns its length.
pub(in crate::wasm) fn write(frame: Vec<u8>) -> usize {
    let length = frame.len();
    FRAME.set(frame.leak());
    length
}

/// An answer that has been read.
#[derive(Debug, PartialEq)]
pub(in crate::wasm) struct Answered {
    pub(in crate::wasm) kind: Kind,
    /// `None` for an absent one.
    pub(in crate::wasm) fields: Vec<Option<String>>,
}

/// Takes the bytes of the last answer, which must be at that address.
pub(in crate::wasm) fn take_answer(address: usize) -> Vec<u8> {
    let answer = ANSWER.take();
    assert_eq!(answer.as_ptr() as usize, address, "the answer's address");
    answer
}

/// Reads an answer.
pub(in crate::wasm) fn decode(answer: &[u8]) -> Answered {
    let (header, frame) = answer.split_first_chunk().expect("an answer begins with a header");
    let header = u32::from_le_bytes(*header);
    assert_eq!((header >> 3) as usize, frame.len(), "the answer's length");
    let kind = [Kind::Plain, Kind::Secret, Kind::Error, Kind::Failure][(header & 7) as usize];
    let mut unread = Fields(frame);
    let mut fields = Vec::new();
    while !unread.is_empty() {
        let field = unread.next();
        assert!(field.kind == Field::TEXT || field.kind == Field::ABSENT, "an answer has texts");
        fields.push(field.text().map(str::to_owned));
    }
    Answered { kind, fields }
}

/// Returns an answer of ordinary fields.
pub(in crate::wasm) fn plain<'a>(fields: impl IntoIterator<Item = impl Into<Option<&'a str>>>) -> Answered {
    answered(Kind::Plain, fields)
}

/// Returns an answer that holds a secret.
pub(in crate::wasm) fn secret<'a>(fields: impl IntoIterator<Item = impl Into<Option<&'a str>>>) -> Answered {
    answered(Kind::Secret, fields)
}

fn answered<'a>(kind: Kind, fields: impl IntoIterator<Item = impl Into<Option<&'a str>>>) -> Answered {
    let fields = fields.into_iter().map(|field| field.into().map(str::to_owned)).collect();
    Answered { kind, fields }
}

/// What an error's answer says.
#[derive(Debug, PartialEq)]
pub(in crate::wasm) struct Mistake {
    pub(in crate::wasm) code: String,
    pub(in crate::wasm) field: String,
    pub(in crate::wasm) message: String,
    pub(in crate::wasm) hint: String,
    /// The event of the batch that it is about.
    pub(in crate::wasm) index: Option<String>,
}

impl Answered {
    /// Returns the error that the answer is; of a field that failed as well.
    pub(in crate::wasm) fn mistake(self) -> Mistake {
        assert!(matches!(self.kind, Kind::Error | Kind::Failure), "no error: {self:?}");
        let Ok([Some(code), Some(field), Some(message), Some(hint), index]) = <[_; 5]>::try_from(self.fields) else {
            panic!("an error has four texts, and an index or none");
        };
        Mistake { code, field, message, hint, index }
    }
}
