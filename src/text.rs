//! Text, without what the standard library brings along for any pattern, any join and any number: in the module, each of these weighs
//! more than all that is here.

/// The parts, one after the other.
pub(crate) fn concat(parts: &[&str]) -> String {
    let mut whole = String::with_capacity(parts.iter().map(|part| part.len()).fold(0, usize::saturating_add));
    for part in parts {
        whole.push_str(part);
    }
    whole
}

/// A number in decimal digits.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn decimal(mut number: u64) -> String {
    let mut digits = Vec::new();
    loop {
        digits.push(b'0' | u8::try_from(number % 10).unwrap_or_default());
        number /= 10;
        if number == 0 {
            break;
        }
    }
    digits.reverse();
    String::from_utf8(digits).unwrap_or_default()
}

/// The text before and behind the first such byte, an ASCII character.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn split_at_byte(text: &str, byte: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|other| other == byte)?;
    Some((text.get(..at)?, text.get(at.saturating_add(1)..)?))
}

/// The text before and behind where the separator stands last.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn split_at_last<'a>(text: &'a str, separator: &str) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(separator.len()).rposition(|window| window == separator.as_bytes())?;
    Some((text.get(..at)?, text.get(at.saturating_add(separator.len())..)?))
}

/// Whether one of the path's segments is `.` or `..`.
#[cfg_attr(npm, optimize(size))]
pub(crate) fn has_dot_segment(path: &str) -> bool {
    path.as_bytes().split(|byte| *byte == b'/').any(|segment| matches!(segment, b"." | b".."))
}
