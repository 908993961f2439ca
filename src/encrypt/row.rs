//! Four 32-bit words that are worked on as one: a vector in wasm, where the compiler does not find it by itself, and an array
//! elsewhere.

// Where the rest is compiled for size, the compiler would not take these few instructions into the loops that they are for.
#![allow(clippy::inline_always)]
// The places of bytes and words.
#![allow(clippy::many_single_char_names)]

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub(super) use array::Row;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub(super) use vector::Row;

impl Row {
    /// The same word four times.
    #[inline(always)]
    pub(super) fn all(word: u32) -> Self {
        Self::new([word; 4])
    }

    /// Words that lie in memory with their lowest byte first.
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

    /// The words as [`read`](Self::read) takes them.
    #[inline(always)]
    pub(super) fn bytes(self) -> [u8; 16] {
        let [one, two, three, four] = self.words();
        let ([a, b, c, d], [e, f, g, h]) = (one.to_le_bytes(), two.to_le_bytes());
        let ([i, j, k, l], [m, n, o, p]) = (three.to_le_bytes(), four.to_le_bytes());
        [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p]
    }

    /// Words that lie in memory as three bytes each, the highest first.
    #[inline(always)]
    pub(super) fn read_triples([a, b, c, d, e, f, g, h, i, j, k, l]: [u8; 12]) -> Self {
        Self::read([a, b, c, d, e, f, g, h, i, j, k, l, 0, 0, 0, 0]).spread_triples()
    }

    #[inline(always)]
    pub(super) fn rotated_left(self, bits: u32) -> Self {
        self.shifted_left(bits).or(self.shifted_right(32_u32.wrapping_sub(bits)))
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vector {
    use std::arch::wasm32::{
        i8x16, i8x16_shuffle, i8x16_swizzle, u8x16_add, u8x16_lt, u8x16_splat, u8x16_sub_sat, u32x4, u32x4_add,
        u32x4_extract_lane, u32x4_shl, u32x4_shr, u32x4_shuffle, v128, v128_and, v128_or, v128_xor,
    };

    #[derive(Clone, Copy)]
    pub(in super::super) struct Row(v128);

    impl Row {
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

        /// The words from that place on, then those before it.
        #[inline(always)]
        pub(in super::super) fn moved<const PLACE: usize>(self) -> Self {
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

        /// Twelve bytes as three to a word, the first of them highest.
        #[inline(always)]
        pub(in super::super) fn spread_triples(self) -> Self {
            Self(i8x16_shuffle::<2, 1, 0, 15, 5, 4, 3, 15, 8, 7, 6, 15, 11, 10, 9, 15>(self.0, self.0))
        }

        /// The character of the Base64 digit, 0 to 63, in each byte.
        #[inline(always)]
        pub(in super::super) fn base64(self) -> Self {
            // How far characters are from their digits: A to Z come last here, then a to z, 0 to 9, + and / from the start.
            let steps = i8x16(71, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -19, -16, 65, 0, 0);
            let upper_case = v128_and(u8x16_lt(self.0, u8x16_splat(26)), u8x16_splat(13));
            let step = i8x16_swizzle(steps, v128_or(u8x16_sub_sat(self.0, u8x16_splat(51)), upper_case));
            Self(u8x16_add(self.0, step))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod array {
    #[derive(Clone, Copy)]
    pub(in super::super) struct Row([u32; 4]);

    impl Row {
        pub(in super::super) fn new(words: [u32; 4]) -> Self {
            Self(words)
        }

        pub(in super::super) fn words(self) -> [u32; 4] {
            self.0
        }

        /// The words from that place on, then those before it.
        pub(in super::super) fn moved<const PLACE: usize>(self) -> Self {
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

        /// Twelve bytes as three to a word, the first of them highest.
        pub(in super::super) fn spread_triples(self) -> Self {
            let bytes = self.bytes();
            let mut words = bytes.as_chunks().0.iter().map(|[high, middle, low]| [*low, *middle, *high, 0]);
            Self(std::array::from_fn(|_| words.next().map_or(0, u32::from_le_bytes)))
        }

        /// The character of the Base64 digit, 0 to 63, in each byte.
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
