//! Text, without what the standard library brings along for any pattern, any join and any number: in the module, each of these weighs
//! more than all that is here.

/// Which ASCII characters belong to a set, 64 to a word.
pub(crate) type Characters = [u64; 2];

/// Letters, digits and the other characters.
pub(crate) const fn letters_digits_and(others: &[u8]) -> Characters {
    let (mut set, mut at) = ([0, 0], 0_u8);
    while at < 128 {
        let mut belongs = at.is_ascii_alphanumeric();
        let mut rest = others;
        while let [other, tail @ ..] = rest {
            belongs |= *other == at;
            rest = tail;
        }
        let [low, high] = &mut set;
        *(if at < 64 { low } else { high }) |= (belongs as u64) << (at & 63);
        at = at.saturating_add(1);
    }
    set
}

/// Whether the character belongs to the set: one look, where a comparison with each range would be ten.
#[inline]
pub(crate) const fn belongs([low, high]: Characters, byte: u8) -> bool {
    let word = if byte < 64 { low } else { high };
    byte < 128 && (word >> (byte & 63)) & 1 == 1
}

/// Whether all characters belong to the set.
#[cfg_attr(npm, optimize(speed))]
pub(crate) fn all_belong(set: Characters, text: &str) -> bool {
    for byte in text.as_bytes() {
        if !belongs(set, *byte) {
            return false;
        }
    }
    true
}

/// A copy.
#[inline(never)]
pub(crate) fn owned(text: &str) -> String {
    // One way to come by memory, here as elsewhere: a `String` that is made with room is another.
    let mut copy = String::new();
    copy.push_str(text);
    copy
}

/// The parts, one after the other.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut whole = String::new();
    whole.reserve(parts.iter().map(|part| part.len()).fold(0, usize::saturating_add));
    push_all(&mut whole, parts);
    whole
}

/// Adds the parts.
pub(crate) fn push_all(text: &mut String, parts: &[&str]) {
    for part in parts {
        text.push_str(part);
    }
}

/// Bytes with room for so many.
#[inline(never)]
// Not `with_capacity`: see `owned`.
#[allow(clippy::reserve_after_initialization)]
pub(crate) fn with_room(count: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    bytes.reserve(count);
    bytes
}

/// Adds so many zeros, in long pieces: `Vec::resize`, compiled for size, goes byte by byte.
pub(crate) fn push_zeros(bytes: &mut Vec<u8>, count: usize) {
    const ZEROS: [u8; 1024] = [0; 1024];
    let len = bytes.len().saturating_add(count);
    bytes.reserve(count);
    while bytes.len() < len {
        bytes.extend_from_slice(ZEROS.get(..len.saturating_sub(bytes.len())).unwrap_or(&ZEROS));
    }
}

/// A number in decimal digits.
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
    owned(std::str::from_utf8(digits).unwrap_or_default())
}

/// The number that decimal digits, and nothing else, are; the largest there is for those beyond it.
pub(crate) fn number_of(digits: &str) -> Option<u32> {
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

/// The text before and behind the first such byte, an ASCII character.
pub(crate) fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|other| other == byte)?;
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

/// The text before the first such byte, or all of it.
pub(crate) fn before(text: &str, byte: u8) -> &str {
    split_at_byte(text, byte).map_or(text, |(before, _)| before)
}

/// The text before and behind where the separator stands last.
pub(crate) fn split_at_last<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(separator.len()).rposition(|window| window == separator.as_bytes())?;
    Some((text.get(..at)?, text.get(at.saturating_add(separator.len())..)?))
}

/// Whether one of the path's segments is `.` or `..`.
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.as_bytes().split(|byte| *byte == b'/').any(|segment| matches!(segment, b"." | b".."))
}
