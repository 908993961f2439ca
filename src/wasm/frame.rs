//! What a call needs of JavaScript's text and bytes, in one crossing: `pkg-template/values.js` writes it, and says how.

use std::{cell::Cell, mem, ptr};

use wasm_bindgen::prelude::*;

use super::host::{leave_text, open_frame};
use crate::{
    encrypt::wipe,
    error::{Error, Rule},
    request::LIBRARY,
    text::push_zeros,
};

/// Bytes of the buffer that frames are written into, as a rule.
const BUFFER: usize = 1 << 16;
const HEADER: usize = 4;

thread_local! {
    static BUFFERED: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
    static LARGE: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Tells JavaScript where to write, as the module starts.
#[wasm_bindgen(start)]
pub(super) fn open() {
    let mut buffer = Vec::new();
    push_zeros(&mut buffer, BUFFER);
    open_frame(&wasm_bindgen::memory(), buffer.as_mut_ptr(), BUFFER, LIBRARY);
    BUFFERED.with(|buffered| buffered.set(buffer));
}

/// Where the next frame may be written that is larger than the buffer: so many bytes; nowhere, if there is no memory for it.
#[wasm_bindgen]
pub fn room(length: usize) -> *mut u8 {
    let mut large = Vec::new();
    if large.try_reserve(length).is_err() {
        return ptr::null_mut();
    }
    push_zeros(&mut large, length);
    let address = large.as_mut_ptr();
    LARGE.with(|cell| cell.set(large));
    address
}

/// A frame, whole, where it was written; when dropped, the next one may be.
pub(super) struct Frame(Vec<u8>);

impl Frame {
    /// Takes over what has just been written: what is in the buffer, unless the length there is 0. A large frame from before that, which
    /// nothing has taken, since the call was refused, counts no more.
    pub(super) fn take() -> Self {
        let buffered = Self(BUFFERED.with(Cell::take));
        let large = LARGE.with(Cell::take);
        if buffered.len() == 0 && !large.is_empty() { Self(large) } else { buffered }
    }

    /// Its fields, from the first.
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields(self.0.get(HEADER..self.len()).unwrap_or_default())
    }

    /// Leaves a text where JavaScript looks for it: its length, if that is in the buffer. What is secret must not stay there.
    pub(super) fn answer(&mut self, text: &str, secret: bool) -> i32 {
        if let (BUFFER, false, Some(place)) = (self.0.len(), secret, self.0.get_mut(..text.len())) {
            place.copy_from_slice(text.as_bytes());
            return i32::try_from(text.len()).unwrap_or_default();
        }
        leave_text(text);
        i32::MAX
    }

    /// Leaves nothing of secrets that were in it.
    pub(super) fn wipe(mut self) {
        let length = self.len();
        wipe(self.0.get_mut(..length).unwrap_or_default());
    }

    /// Bytes that have been written, with the header.
    fn len(&self) -> usize {
        self.0.first_chunk().map_or(0, |length| u32::from_le_bytes(*length)) as usize
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        if self.0.len() == BUFFER {
            BUFFERED.with(|buffered| buffered.set(mem::take(&mut self.0)));
        }
    }
}

/// The fields of a frame that have not been read yet.
#[derive(Clone, Copy)]
pub(super) struct Fields<'a>(&'a [u8]);

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field<'a> {
    kind: u32,
    bytes: &'a [u8],
}

impl<'a> Fields<'a> {
    /// Whether all have been read.
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// The next field; an absent one behind the last.
    pub(super) fn next(&mut self) -> Field<'a> {
        const ABSENT: Field<'_> = Field { kind: Field::ABSENT, bytes: &[] };
        let Some((header, rest)) = self.0.split_first_chunk() else { return ABSENT };
        let header = u32::from_le_bytes(*header);
        let Some((bytes, rest)) = rest.split_at_checked((header >> 2) as usize) else { return ABSENT };
        self.0 = rest;
        Field { kind: header & 3, bytes }
    }
}

impl<'a> Field<'a> {
    const TEXT: u32 = 0;
    const BYTES: u32 = 1;
    const ABSENT: u32 = 3;

    /// What was a string; `None` for any other type.
    pub(super) fn text(self) -> Option<&'a str> {
        if self.kind == Self::TEXT { Some(self.shown()) } else { None }
    }

    /// What was a string, or else the rule's error with what was given.
    ///
    /// # Errors
    /// As told.
    pub(super) fn text_or(self, rule: Rule) -> Result<&'a str, Error> {
        self.text().ok_or_else(|| Error::new(rule, self.shown()))
    }

    /// The same, where it may be left out.
    ///
    /// # Errors
    /// As told.
    pub(super) fn optional_or(self, rule: Rule) -> Result<Option<&'a str>, Error> {
        if self.is_absent() { Ok(None) } else { self.text_or(rule).map(Some) }
    }

    /// A string, or what JavaScript showed of another value.
    pub(super) fn shown(self) -> &'a str {
        // JavaScript's encoder writes nothing else; an `Option` says so without a panic.
        std::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// Whether it was left out.
    pub(super) fn is_absent(self) -> bool {
        self.kind == Self::ABSENT
    }

    /// A string's UTF-8, or bytes; `None` for any other type.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        if self.kind <= Self::BYTES { Some(self.bytes) } else { None }
    }
}
