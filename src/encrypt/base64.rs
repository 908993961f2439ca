//! Base64 with its standard digits and padding (RFC 4648, section 4). Master keys and shared secrets pass through it, so neither
//! the path that it takes nor the memory that it reads depends on the bytes.

use super::row::Row;
use crate::text::{push_zeros, with_room};

/// Bytes that are encoded together, as four digits in each of four words.
const GROUP: usize = 12;
/// Digits that [`encode_into`] writes for a moment behind those that it leaves.
pub(super) const OVERHANG: usize = 16;

/// Digits of so many bytes, with padding.
pub(super) const fn encoded_len(bytes: usize) -> usize {
    bytes.div_ceil(3).saturating_mul(4)
}

/// Adds the digits of `bytes` to `text`.
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
        let bits = Row::read_triples(*group);
        // Each word's digits, the first in its lowest byte.
        let digits = bits
            .shifted_right(18)
            .or(bits.shifted_right(4).and(Row::all(0x0000_3f00)))
            .or(bits.shifted_left(10).and(Row::all(0x003f_0000)))
            .or(bits.shifted_left(24).and(Row::all(0x3f00_0000)));
        *place = digits.base64().bytes();
    }
    text.truncate(len);
    let padding = 3_usize.wrapping_sub(bytes.len() % 3) % 3;
    text.iter_mut().rev().take(padding).for_each(|digit| *digit = b'=');
}

/// The bytes of a text that is Base64 throughout. Spare bits of its last digit count for nothing, as with every host's decoder.
#[inline(never)]
pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
    let text = text.as_bytes();
    let mut bytes = with_room((text.len() / 4).saturating_mul(3));
    let mut others = text.len() % 4;
    // A 1, then the bits of up to four digits.
    let mut bits = 1_u32;
    for character in text {
        let digit = digit(*character);
        others = others.wrapping_add(usize::from(digit == 0));
        bits = bits << 6 | (digit.wrapping_sub(1) & 63);
        if bits >> 24 == 1 {
            let [_, group @ ..] = bits.to_be_bytes();
            bytes.extend_from_slice(&group);
            bits = 1;
        }
    }
    let padding = text.iter().rev().take(2).take_while(|character| **character == b'=').count();
    bytes.truncate(bytes.len().saturating_sub(padding));
    (others == padding).then_some(bytes)
}

/// The value of a digit plus 1; 0 for everything else.
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
