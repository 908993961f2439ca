//! Four 32-bit words that are worked on at once: a SIMD vector in wasm, which the compiler does not find by itself, and an array
//! elsewhere.

// When the crate is compiled for size, the compiler would not inline these few instructions into the loops that need them.
#![allow(clippy::inline_always)]
// Letters number bytes and words.
#![allow(clippy::many_single_char_names)]

#[cfg(not(target_feature = "simd128"))]
pub(super) use array::Words4;
#[cfg(target_feature = "simd128")]
pub(super) use vector::Words4;

impl Words4 {
    /// Repeats the word four times.
    #[inline(always)]
    pub(super) fn all(word: u32) -> Self {
        Self::new([word; 4])
    }

    /// Reads words whose lowest byte comes first.
    #[inline(always)]
    pub(super) fn read(bytes: [u8; 16]) -> Self {
        let [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p] = bytes;
        Self::new([
            u32::from_le_bytes([a, b, c, d]),
            u32::from_le_bytes([e, f, g, h]),
            u32::from_le_bytes([i, j, k, l]),
            u32::from_le_bytes([m, n, o, p]),
        ])
    }

    /// Returns the bytes that [`read`](Self::read) takes.
    #[inline(always)]
    pub(super) fn bytes(self) -> [u8; 16] {
        let [one, two, three, four] = self.words();
        let ([a, b, c, d], [e, f, g, h]) = (one.to_le_bytes(), two.to_le_bytes());
        let ([i, j, k, l], [m, n, o, p]) = (three.to_le_bytes(), four.to_le_bytes());
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    /// Reads words of three bytes each, the highest first.
    #[inline(always)]
    pub(super) fn read_triples([a, b, c, d, e, f, g, h, i, j, k, l]: [u8; 12]) -> Self {
        Self::read([a, b, c, d, e, f, g, h, i, j, k, l, 0, 0, 0, 0]).spread_triples()
    }

    /// Rotates each word left by `bits`, 1 to 31.
    #[inline(always)]
    pub(super) fn rotated_left(self, bits: u32) -> Self {
        self.shifted_left(bits).or(self.shifted_right(32_u32.wrapping_sub(bits)))
    }
}

#[cfg(target_feature = "simd128")]
mod vector {
    use std::arch::wasm32::{
        i8x16, i8x16_shuffle, i8x16_swizzle, u8x16_add, u8x16_lt, u8x16_splat, u8x16_sub_sat, u32x4, u32x4_add,
        u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle, v128, v128_and, v128_or, v128_xor,
    };

    #[derive(Clone, Copy)]
    pub(in super::super) struct Words4(v128);

    impl Words4 {
        #[inline(always)]
        pub(in super::super) fn new([a, b, c, d]: [u32; 4]) -> Self {
            Self(u32x4(a, b, c, d))
        }

        #[inline(always)]
        pub(in super::super) fn words(self) -> [u32; 4] {
            let Self(row) = self;
            [
                u32x4_extract_lane::<0>(row),
                u32x4_extract_lane::<1>(row),
                u32x4_extract_lane::<2>(row),
                u32x4_extract_lane::<3>(row),
            ]
        }

        /// Returns the words from place `PLACE` on, then those before it.
        #[inline(always)]
        pub(in super::super) fn rotate_lanes<const PLACE: usize>(self) -> Self {
            match PLACE {
                1 => Self(u32x4_shuffle::<1, 2, 3, 0>(self.0, self.0)),
                2 => Self(u32x4_shuffle::<2, 3, 0, 1>(self.0, self.0)),
                _ => Self(u32x4_shuffle::<3, 0, 1, 2>(self.0, self.0)),
            }
        }

        #[inline(always)]
        pub(in super::super) fn plus(self, other: Self) -> Self {
            Self(u32x4_add(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        pub(in super::super) fn shifted_left(self, bits: u32) -> Self {
            Self(u32x4_shl(self.0, bits))
        }

        #[inline(always)]
        pub(in super::super) fn shifted_right(self, bits: u32) -> Self {
            Self(u32x4_shr(self.0, bits))
        }

        /// Spreads twelve bytes, three to a word, the first of them highest.
        #[inline(always)]
        pub(in super::super) fn spread_triples(self) -> Self {
            Self(i8x16_shuffle::<2, 1, 0, 15, 5, 4, 3, 15, 8, 7, 6, 15, 11, 10, 9, 15>(self.0, self.0))
        }

        /// Turns each byte, the value of a base64 digit, 0 to 63, into the digit's character.
        #[inline(always)]
        pub(in super::super) fn base64(self) -> Self {
            // The distance from a value to its character, by kind of digit: a to z (0), 0 to 9 (1 to 10), + (11), / (12), A to Z (13).
            let steps = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0);
            let upper_case = v128_and(u8x16_lt(self.0, u8x16_splat(26)), u8x16_splat(13));
            let step = i8x16_swizzle(steps, v128_or(u8x16_sub_sat(self.0, u8x16_splat(51)), upper_case));
            Self(u8x16_add(self.0, step))
        }
    }
}

#[cfg(not(target_feature = "simd128"))]
mod array {
    #[derive(Clone, Copy)]
    pub(in super::super) struct Words4([u32; 4]);

    impl Words4 {
        pub(in super::super) fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(in super::super) fn words(self) -> [u32; 4] {
            self.0
        }

        /// Returns the words from place `PLACE` on, then those before it.
        pub(in super::super) fn rotate_lanes<const PLACE: usize>(self) -> Self {
            let mut words = self.0;
            words.rotate_left(PLACE);
            Self(words)
        }

        pub(in super::super) fn plus(self, other: Self) -> Self {
            self.with(other, u32::wrapping_add)
        }

        pub(in super::super) fn and(self, other: Self) -> Self {
            self.with(other, |one, other| one & other)
        }

        pub(in super::super) fn or(self, other: Self) -> Self {
            self.with(other, |one, other| one | other)
        }

        pub(in super::super) fn xor(self, other: Self) -> Self {
            self.with(other, |one, other| one ^ other)
        }

        pub(in super::super) fn shifted_left(self, bits: u32) -> Self {
            Self(self.0.map(|word| word.wrapping_shl(bits)))
        }

        pub(in super::super) fn shifted_right(self, bits: u32) -> Self {
            Self(self.0.map(|word| word.wrapping_shr(bits)))
        }

        /// Spreads twelve bytes, three to a word, the first of them highest.
        pub(in super::super) fn spread_triples(self) -> Self {
            let bytes = self.bytes();
            let mut words = bytes.as_chunks().0.iter().map(|[high, middle, low]| [*low, *middle, *high, 0]);
            Self(std::array::from_fn(|_| words.next().map_or(0, u32::from_le_bytes)))
        }

        /// Turns each byte, the value of a base64 digit, 0 to 63, into the digit's character.
        pub(in super::super) fn base64(self) -> Self {
            Self::read(self.bytes().map(|digit| {
                let from = |bound: u8, step: i8| u8::from(digit >= bound).wrapping_mul(step.cast_unsigned());
                [from(0, 65), from(26, 6), from(52, -75), from(62, -15), from(63, 3)]
                    .into_iter()
                    .fold(digit, u8::wrapping_add)
            }))
        }

        fn with(self, other: Self, operation: impl Fn(u32, u32) -> u32) -> Self {
            let mut others = other.0.into_iter();
            Self(self.0.map(|word| operation(word, others.next().unwrap_or_default())))
        }
    }
}
