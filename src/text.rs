//! Text, without the standard library's patterns, joins and number formatting: in the module, each of those weighs more than this whole
//! file.

/// A set of ASCII characters: one bit each, 64 to a word.
#[derive(Clone, Copy)]
pub(crate) struct AsciiSet([u64; 2]);

impl AsciiSet {
    /// Makes the set of all letters, all digits and the given other characters.
    pub(crate) const fn letters_digits_and(others: &[u8]) -> Self {
        let (mut set, mut at) = ([0, 0], 0_u8);
        while at < 128 {
            let mut is_member = at.is_ascii_alphanumeric();
            let mut rest = others;
            while let [other, tail @ ..] = rest {
                is_member |= *other == at;
                rest = tail;
            }
            let [low, high] = &mut set;
            *(if at < 64 { low } else { high }) |= (is_member as u64) << (at & 63);
            at = at.saturating_add(1);
        }
        Self(set)
    }

    /// Makes the set of exactly the given characters.
    pub(crate) const fn of(characters: &[u8]) -> Self {
        let (mut set, mut rest) = ([0, 0], characters);
        while let [character, tail @ ..] = rest {
            let [low, high] = &mut set;
            *(if *character < 64 { low } else { high }) |= 1 << (*character & 63);
            rest = tail;
        }
        Self(set)
    }

    /// Tells whether the character is in the set. One look-up, where a comparison with each range would be ten.
    #[inline]
    pub(crate) const fn contains(self, byte: u8) -> bool {
        let Self([low, high]) = self;
        let word = if byte < 64 { low } else { high };
        byte < 128 && (word >> (byte & 63)) & 1 == 1
    }

    /// Tells whether all of the text's characters are in the set.
    #[cfg_attr(size_optimized, optimize(speed))]
    pub(crate) fn contains_all(self, text: &str) -> bool {
        for byte in text.as_bytes() {
            if !self.contains(*byte) {
                return false;
            }
        }
        true
    }
}

/// Copies the text.
#[inline(never)]
pub(crate) fn to_string(text: &str) -> String {
    // All of the crate allocates by growing: a `String` that is made with its capacity would bring a second way along.
    let mut copy = String::new();
    copy.push_str(text);
    copy
}

/// Copies the text, ASCII letters in lower case.
pub(crate) fn to_ascii_lowercase(text: &str) -> String {
    let mut copy = to_string(text);
    copy.make_ascii_lowercase();
    copy
}

/// Makes an empty vector with room for `count` bytes.
#[inline(never)]
// Not `Vec::with_capacity`: see `to_string`.
#[allow(clippy::reserve_after_initialization)]
pub(crate) fn with_capacity(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.reserve(count);
    bytes
}

/// Returns the bytes as text: an empty one if they are not UTF-8.
#[inline(never)]
pub(crate) fn into_text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_default()
}

/// Joins the parts, without a separator.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    whole.reserve(parts.iter().map(|part| part.len()).fold(0, usize::saturating_add));
    push_all(&mut whole, parts);
    whole
}

/// Appends the parts, without a separator.
pub(crate) fn push_all(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

/// Appends `count` zeros, in long pieces: `Vec::resize`, compiled for size, goes byte by byte.
pub(crate) fn push_zeros(bytes: &mut Vec<u8>, count: usize) {
    const ZEROS: [u8; 1024] = [0; 1024];
    let len = bytes.len().saturating_add(count);
    bytes.reserve(count);
    while bytes.len() < len {
        bytes.extend_from_slice(ZEROS.get(..len.saturating_sub(bytes.len())).unwrap_or(&ZEROS));
    }
}

/// Writes a number in decimal digits.
pub(crate) fn decimal(mut number: u64) -> String {
    // As many as the largest has.
    let mut digits = [b'0'; 20];
    let mut count = 0_usize;
    for digit in digits.iter_mut().rev() {
        *digit |= u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
        count = count.saturating_add(1);
        if number == 0 {
            break;
        }
    }
    let digits = digits.get(digits.len().saturating_sub(count)..).unwrap_or_default();
    to_string(std::str::from_utf8(digits).unwrap_or_default())
}

/// Reads decimal digits, and nothing but digits; a number that is too large becomes the largest there is.
pub(crate) fn parse_u32(digits: &str) -> Option<u32> {
    let mut number = 0_u32;
    for byte in digits.bytes() {
        let digit = byte.wrapping_sub(b'0');
        if digit > 9 {
            return None;
        }
        number = number.saturating_mul(10).saturating_add(digit.into());
    }
    Some(number).filter(|_| !digits.is_empty())
}

/// Splits the text before and after the first `byte`, an ASCII character.
pub(crate) fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|other| other == byte)?;
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

/// Returns the text before the first `byte`, an ASCII character, or all of it if there is none.
pub(crate) fn until_byte(text: &str, byte: u8) -> &str {
    split_at_byte(text, byte).map_or(text, |(before, _)| before)
}

/// Splits the text before and after the last `separator`.
pub(crate) fn split_at_last<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(separator.len()).rposition(|window| window == separator.as_bytes())?;
    Some((text.get(..at)?, text.get(at.saturating_add(separator.len())..)?))
}

/// Tells whether the segment of a path is `.` or `..`. Every URL parser resolves those, so the path sent would not be the path signed.
pub(crate) fn is_dot_segment(segment: &str) -> bool {
    matches!(segment, "." | "..")
}

/// Tells whether one of the path's segments is `.` or `..`; see [`is_dot_segment`].
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.as_bytes().split(|byte| *byte == b'/').any(|segment| matches!(segment, b"." | b".."))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "../tests/inner/text.rs"]
mod tests;
