//! What a call needs of JavaScript's text and bytes, in one crossing: `pkg-template/values.js` writes it, and says how.

use std::cell::RefCell;

use wasm_bindgen::prelude::*;
use zeroize::Zeroize;

use super::host::{large_frame, open_frame};
use crate::error::{Error, Rule};

/// Bytes of the buffer that frames are written into. Larger ones take a way round.
const BUFFER: usize = 1 << 16;
const HEADER: usize = 4;

thread_local! {
    static WRITTEN: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Tells JavaScript where to write, as the module starts.
#[wasm_bindgen(start)]
pub(super) fn open() {
    WRITTEN.with_borrow_mut(|buffer| {
        buffer.resize(BUFFER, 0);
        open_frame(&wasm_bindgen::memory(), buffer.as_mut_ptr(), BUFFER);
    });
}

/// A frame, whole.
pub(super) struct Frame(Vec<u8>);

impl Frame {
    /// Takes over what has just been written.
    pub(super) fn take() -> Self {
        WRITTEN.with_borrow_mut(|buffer| {
            let length = buffer.first_chunk().map_or(0, |length| u32::from_le_bytes(*length)) as usize;
            if length <= BUFFER {
                return Self(buffer.get(HEADER..length).unwrap_or_default().to_vec());
            }
            let mut frame = vec![0; length];
            large_frame(&mut frame);
            Self(frame.split_off(HEADER))
        })
    }

    /// [`take`](Self::take), of one with secrets: they do not stay in the buffer, nor in the frame.
    pub(super) fn take_secret() -> SecretFrame {
        let frame = Self::take();
        WRITTEN.with_borrow_mut(|buffer| buffer.fill(0));
        SecretFrame(frame)
    }

    /// Its fields, from the first.
    pub(super) fn fields(&self) -> Fields<'_> {
        Fields(&self.0)
    }
}

/// A frame that is wiped when dropped.
pub(super) struct SecretFrame(Frame);

impl SecretFrame {
    /// Its fields, from the first.
    pub(super) fn fields(&self) -> Fields<'_> {
        self.0.fields()
    }
}

impl Drop for SecretFrame {
    fn drop(&mut self) {
        self.0.0.zeroize();
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

    /// How many have not been read yet.
    pub(super) fn count(mut self) -> usize {
        let mut count = 0_usize;
        while !self.is_empty() {
            self.next();
            count = count.saturating_add(1);
        }
        count
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
    pub(super) fn text_or(self, rule: &'static Rule) -> Result<&'a str, Error> {
        self.text().ok_or_else(|| Error::new(rule, self.shown()))
    }

    /// The same, where it may be left out.
    ///
    /// # Errors
    /// As told.
    pub(super) fn optional_or(self, rule: &'static Rule) -> Result<Option<&'a str>, Error> {
        if self.kind == Self::ABSENT { Ok(None) } else { self.text_or(rule).map(Some) }
    }

    /// A string, or what JavaScript showed of another value.
    pub(super) fn shown(self) -> &'a str {
        // JavaScript's encoder writes nothing else; an `Option` says so without a panic.
        std::str::from_utf8(self.bytes).unwrap_or_default()
    }

    /// A string's UTF-8, or bytes; `None` for any other type.
    pub(super) fn bytes(self) -> Option<&'a [u8]> {
        if self.kind <= Self::BYTES { Some(self.bytes) } else { None }
    }

    /// A number; `None` where it is left out.
    pub(super) fn number(self) -> Option<f64> {
        if self.kind == Self::BYTES { self.bytes.try_into().ok().map(f64::from_le_bytes) } else { None }
    }
}
