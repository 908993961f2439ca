//! Base64 with the standard digits and padding (RFC 4648, section 4). Master keys and shared secrets pass through it, so neither
//! the path it takes nor the memory it reads depends on the bytes.

use super::words::Words4;
use crate::text::{push_zeros, with_capacity};

/// Bytes that are encoded at once, as four digits in each of four words.
const GROUP: usize = 12;
/// Digits that [`encode_into`] writes at most after the last one, and takes back.
pub(super) const OVERHANG: usize = 16;

/// Returns how many digits `bytes` bytes take, with padding.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// Appends the digits of `bytes` to `text`.
#[inline(never)]
pub(super) fn encode_into(text: &mut Vec<u8>, bytes: &[u8]) {
    let from = text.len();
    let len = from.saturating_add(encoded_len(bytes.len()));
    let whole = bytes.len().div_ceil(GROUP);
    push_zeros(text, whole.saturating_mul(OVERHANG));
    let places = text.get_mut(from..).unwrap_or_default().as_chunks_mut().0;
    let (groups, rest) = bytes.as_chunks();
    let mut last = [0; GROUP];
    last.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    for (place, group) in places.iter_mut().zip(groups.iter().chain([&last])) {
        let bits = Words4::read_triples(*group);
        // Each word's digits, the first in its lowest byte.
        let digits = bits
            .shifted_right(18)
            .or(bits.shifted_right(4).and(Words4::all(0x0000_3f00)))
            .or(bits.shifted_left(10).and(Words4::all(0x003f_0000)))
            .or(bits.shifted_left(24).and(Words4::all(0x3f00_0000)));
        *place = digits.base64().bytes();
    }
    text.truncate(len);
    let padding = 3_usize.wrapping_sub(bytes.len() % 3) % 3;
    text.iter_mut().rev().take(padding).for_each(|digit| *digit = b'=');
}

/// Reads a text that is base64 throughout; otherwise returns `None`. The spare bits of its last digit must be 0: so no two texts stand for
/// the same bytes.
#[inline(never)]
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    let mut bytes = with_capacity((text.len() / 4).saturating_mul(3));
    // Characters that are not digits, and those that are missing from the last group of four.
    let mut others = text.len() % 4;
    // A 1, then the bits of up to four digits.
    let mut bits = 1_u32;
    for character in text {
        let digit = digit(*character);
        others = others.wrapping_add(usize::from(digit == 0));
        bits = bits << 6 | digit.saturating_sub(1);
        if bits >> 24 == 1 {
            let [_, group @ ..] = bits.to_be_bytes();
            bytes.extend_from_slice(&group);
            bits = 1;
        }
    }
    let padding = text.iter().rev().take(2).take_while(|character| **character == b'=').count();
    for _ in 0..padding {
        others = others.wrapping_add(bytes.pop().unwrap_or_default().into());
    }
    (others == padding).then_some(bytes)
}

/// Returns the value of a digit plus 1, or 0 for any other character.
#[inline]
fn digit(character: u8) -> u32 {
    let within = |first: u8, last: u8, value: u8| {
        let place = character.wrapping_sub(first);
        u8::from(place <= last.wrapping_sub(first)).wrapping_neg() & place.wrapping_add(value).wrapping_add(1)
    };
    let digit = within(b'A', b'Z', 0)
        | within(b'a', b'z', 26)
        | within(b'0', b'9', 52)
        | within(b'+', b'+', 62)
        | within(b'/', b'/', 63);
    digit.into()
}
