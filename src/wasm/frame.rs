//! Frames: the one form in which text and bytes cross the border, both ways.
//!
//! A frame is a list of fields, each of which is a header (4 bytes, little-endian: length × 8 + kind) and as many bytes. An answer begins
//! with a header of its own, of the same form. `pkg-template/module/frame.js` is the other side; `DESIGN.md` draws both.
//!
//! JavaScript writes a frame into memory that stays where it is, and it is read there; an answer stays until the next one is begun.

use std::{cell::Cell, mem};

use wasm_bindgen::prelude::*;

use crate::{
    encrypt::wipe,
    error::{Error, FIELD_FAILED},
    text::{decimal, push_zeros, with_capacity},
};

/// Bytes that there is room for in an answer from the start.
const USUAL_ANSWER: usize = 512;
const HEADER: usize = 4;
const KIND_BITS: u32 = 3;
const KIND_MASK: u32 = 7;

thread_local! {
    static FRAME: Cell<&'static [u8]> = const { Cell::new(&[]) };
    static ANSWER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Makes room for frames of up to `length` bytes. Returns its address, or 0 where there is no memory.
///
/// What was there before is given up: lengths are powers of two, so all of it together is less than the largest.
#[wasm_bindgen]
pub fn reserve(length: usize) -> usize {
    let mut bytes = Vec::new();
    if bytes.try_reserve(length).is_err() {
        return 0;
    }
    push_zeros(&mut bytes, length);
    let address = bytes.as_mut_ptr() as usize;
    FRAME.set(bytes.leak());
    address
}

/// The fields of a frame that have not been read yet.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

impl Fields<'static> {
    /// Returns the fields of the frame that JavaScript has written: its first `length` bytes.
    pub(super) fn written(length: usize) -> Self {
        Fields(FRAME.get().get(..length).unwrap_or_default())
    }
}

impl<'a> Fields<'a> {
    /// Whether all have been read.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Reads the next field: an absent one after the last.
    #[inline(never)]
    pub(super) fn next(&mut self) -> Field<'a> {
        const ABSENT: Field<'_> = Field { kind: Field::ABSENT, bytes: &[] };
        // A field that is cut off is the last one: who reads until there are no more comes to an end.
        let unread = mem::take(&mut self.0);
        let Some((header, rest)) = unread.split_first_chunk() else { return ABSENT };
        let header = u32::from_le_bytes(*header);
        let Some((bytes, rest)) = rest.split_at_checked((header >> KIND_BITS) as usize) else { return ABSENT };
        self.0 = rest;
        Field { kind: header & KIND_MASK, bytes }
    }

    /// Reads a [name](Field::name).
    #[inline(never)]
    pub(super) fn name(&mut self) -> Result<&'a str, Error> {
        self.next().name()
    }

    /// Reads past some fields.
    pub(super) fn skip(&mut self, count: usize) {
        for _ in 0..count {
            self.next();
        }
    }
}

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    kind: u32,
    bytes: &'a [u8],
}

impl<'a> Field<'a> {
    const TEXT: u32 = 0;
    const BYTES: u32 = 1;
    /// Anything else.
    const ABSENT: u32 = 2;
    /// What JavaScript could not make: it throws the exception of the first such field that is met. Holds its own number in the frame.
    const FAILED: u32 = 3;

    /// Returns a string; `None` for any other value.
    pub(super) fn text(self) -> Option<&'a str> {
        if self.kind == Self::TEXT { Some(self.shown()) } else { None }
    }

    /// Returns a name: a string. JavaScript writes any other value as a field that it could not make, since it knows of what type that is.
    ///
    /// # Errors
    /// [`FIELD_FAILED`] if JavaScript could not make the field.
    pub(super) fn name(self) -> Result<&'a str, Error> {
        // No name is empty.
        if self.kind == Self::TEXT { Ok(self.shown()) } else { self.made().map(|_| "") }
    }

    /// Returns a name that may be left out.
    ///
    /// # Errors
    /// [`FIELD_FAILED`] if JavaScript could not make the field.
    pub(super) fn optional_name(self) -> Result<Option<&'a str>, Error> {
        if self.kind == Self::ABSENT { Ok(None) } else { self.name().map(Some) }
    }

    /// Returns the field, unless JavaScript could not make it.
    ///
    /// # Errors
    /// [`FIELD_FAILED`].
    pub(super) fn made(self) -> Result<Self, Error> {
        if self.kind == Self::FAILED { Err(Error::new(FIELD_FAILED, self.shown())) } else { Ok(self) }
    }

    /// Returns a string, or an empty one for an absent value.
    pub(super) fn shown(self) -> &'a str {
        // JavaScript's encoder writes nothing else; an `Option` says so without a panic.
        std::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// Whether it holds bytes.
    pub(super) fn is_bytes(self) -> bool {
        self.kind == Self::BYTES
    }

    /// Returns a string's UTF-8, or bytes; `None` for any other value.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        if self.kind <= Self::BYTES { Some(self.bytes) } else { None }
    }
}

/// What kind of answer it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    /// Ordinary fields.
    Plain = 0,
    /// Fields that JavaScript overwrites once it has read them.
    Secret = 1,
    /// An error: code, field, message, hint, and the event of the batch that it is about, if any.
    Error = 2,
    /// An error in the same form, of a field that JavaScript could not make: it throws the exception that it has kept. Its field is that
    /// field's number in the frame.
    Failure = 3,
}

/// An answer that is being written.
pub(super) struct Answer(Vec<u8>);

impl Answer {
    /// Begins an answer. The last one is given up.
    pub(super) fn new() -> Self {
        // Written over, unless it was a larger one: a new one each time would cost an authorisation 4 %.
        let mut bytes = ANSWER.take();
        if bytes.capacity() != USUAL_ANSWER {
            bytes = with_capacity(USUAL_ANSWER);
        }
        bytes.clear();
        bytes.extend_from_slice(&[0; HEADER]);
        Self(bytes)
    }

    /// Adds a field of text.
    pub(super) fn text(&mut self, text: &str) {
        self.field(Field::TEXT, text.as_bytes());
    }

    /// Adds a number, as text.
    #[inline(never)]
    pub(super) fn number(&mut self, number: usize) {
        self.text(&decimal(number as u64));
    }

    /// Adds a number, or an absent field.
    pub(super) fn optional_number(&mut self, number: Option<usize>) {
        match number {
            Some(number) => self.number(number),
            None => self.field(Field::ABSENT, &[]),
        }
    }

    /// Adds a field of text, or an absent one.
    pub(super) fn optional(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.text(text),
            None => self.field(Field::ABSENT, &[]),
        }
    }

    /// Completes the answer, which stays where it is until the next one. Returns its address.
    pub(super) fn finish(mut self, kind: Kind) -> usize {
        let header = header(self.0.len().saturating_sub(HEADER), kind as u32);
        self.0.first_chunk_mut().into_iter().for_each(|place| *place = header);
        let address = self.0.as_ptr() as usize;
        ANSWER.set(self.0);
        address
    }

    #[inline(never)]
    fn field(&mut self, kind: u32, bytes: &[u8]) {
        let more = bytes.len().saturating_add(HEADER);
        if self.0.capacity().saturating_sub(self.0.len()) < more {
            // Not by `reserve`, which would leave a copy of what may be a secret where it was.
            let mut moved = with_capacity(self.0.len().saturating_add(more).saturating_add(USUAL_ANSWER));
            moved.extend_from_slice(&self.0);
            wipe(&mut self.0);
            self.0 = moved;
        }
        self.0.extend_from_slice(&header(bytes.len(), kind));
        self.0.extend_from_slice(bytes);
    }
}

#[allow(clippy::cast_possible_truncation)]
fn header(length: usize, kind: u32) -> [u8; HEADER] {
    ((length as u32) << KIND_BITS | kind).to_le_bytes()
}

#[cfg(any(test, fuzzing))]
#[path = "../../tests/border/frames.rs"]
pub(super) mod frames;
