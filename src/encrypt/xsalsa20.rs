//! `XSalsa20`: the stream cipher Salsa20/20 with a nonce of 24 bytes, whose first 16 go into a key of its own (`HSalsa20`).
//!
//! Source of the rules: Bernstein, "The Salsa20 family of stream ciphers" and "Extending the Salsa20 nonce".
//!
//! Between rounds a block holds the diagonals of its matrix instead of its rows: then a step of a round is the same for four words
//! at once.

// Letters number the rows and words of a matrix.
#![allow(clippy::many_single_char_names)]

use zeroize::optimization_barrier;

use super::words::Words4;

/// A matrix of 4 by 4 words.
type Block = [Words4; 4];

pub(super) const BLOCK_BYTES: usize = 64;
/// Blocks that go through the rounds together: enough to keep a processor busy while the steps of one block wait for each other, few
/// enough to stay in its nearest cache.
const TOGETHER: usize = 16;

/// Adds the keystream to all whole blocks of `bytes`; bytes after the last whole block stay.
pub(super) fn apply(key: &[u8; 32], nonce: &[u8; 24], bytes: &mut [u8]) {
    let (input, nonce) = nonce.split_at(16);
    let mut other = [transpose_diagonals(matrix(key, input))];
    mix(&mut other);
    // The derived key: the diagonal of the matrix, and the words in the place of `input`.
    let [diagonals] = other;
    let ([diagonal, ..], [_, middle, center, _]) = (diagonals, transpose_diagonals(diagonals));
    let ([_, _, a, b], [c, d, _, _]) = (middle.words(), center.words());
    let [mut blocks, mut starts] = [[[Words4::all(0); 4]; TOGETHER]; 2];
    let mut next = transpose_diagonals(matrix_of(diagonal.words(), words(nonce), [a, b, c, d]));
    for part in bytes.as_chunks_mut::<BLOCK_BYTES>().0.chunks_mut(TOGETHER) {
        let together = part.len();
        for (block, start) in blocks.iter_mut().zip(&mut starts).take(together) {
            (*block, *start) = (next, next);
            next = successor(next);
        }
        mix(blocks.get_mut(..together).unwrap_or_default());
        for ((block, start), bytes) in blocks.iter().zip(&starts).zip(part) {
            let [[a, b, c, d], [e, f, g, h]] = [*block, *start];
            let rows = transpose_diagonals([a.plus(e), b.plus(f), c.plus(g), d.plus(h)]);
            for (place, row) in bytes.as_chunks_mut().0.iter_mut().zip(rows) {
                *place = Words4::read(*place).xor(row).bytes();
            }
        }
    }
    // Both hold the key.
    for rows in [&mut blocks, &mut starts] {
        rows.fill([Words4::all(0); 4]);
        optimization_barrier(rows);
    }
}

/// Returns the matrix that the rounds start from, of a key and up to 16 bytes of nonce and counter.
fn matrix(key: &[u8; 32], input: &[u8]) -> Block {
    let (low, high) = key.split_at(16);
    matrix_of(words(low), words(input), words(high))
}

fn matrix_of([a, b, c, d]: [u32; 4], [i, j, k, l]: [u32; 4], [e, f, g, h]: [u32; 4]) -> Block {
    let [expa, nd_3, by_2, te_k] = words(b"expand 32-byte k");
    [
        Words4::new([expa, a, b, c]),
        Words4::new([d, nd_3, i, j]),
        Words4::new([k, l, by_2, e]),
        Words4::new([f, g, h, te_k]),
    ]
}

/// Reads up to four words, whose lowest byte comes first; those that are not there are 0.
fn words(bytes: &[u8]) -> [u32; 4] {
    let mut row = [0; 16];
    row.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    Words4::read(row).words()
}

/// Returns the start of the next block. Its counter has one word: enough for 256 GB.
fn successor([a, b, c, d]: Block) -> Block {
    [a, b, c.plus(Words4::new([1, 0, 0, 0])), d]
}

/// Turns rows into diagonals, and diagonals into rows.
fn transpose_diagonals([a, b, c, d]: Block) -> Block {
    let [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]] =
        [a.words(), b.words(), c.words(), d.words()];
    [
        Words4::new([a0, b1, c2, d3]),
        Words4::new([d0, a1, b2, c3]),
        Words4::new([c0, d1, a2, b3]),
        Words4::new([b0, c1, d2, a3]),
    ]
}

/// Runs the twenty rounds of each block. A round works on columns; then rows and columns change places for the next one.
#[inline(never)]
fn mix(blocks: &mut [Block]) {
    for _ in 0..20 {
        for block in &mut *blocks {
            let [a, d, c, b] = *block;
            let b = b.xor(a.plus(d).rotated_left(7));
            let c = c.xor(b.plus(a).rotated_left(9));
            let d = d.xor(c.plus(b).rotated_left(13));
            let a = a.xor(d.plus(c).rotated_left(18));
            *block = [a, b.rotate_lanes::<3>(), c.rotate_lanes::<2>(), d.rotate_lanes::<1>()];
        }
    }
}
