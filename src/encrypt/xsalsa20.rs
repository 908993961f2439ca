//! `XSalsa20`: the stream cipher Salsa20/20 with a nonce of 24 bytes, of which the first 16 go into another key (`HSalsa20`).
//!
//! Source of the rules: Bernstein, "The Salsa20 family of stream ciphers" and "Extending the Salsa20 nonce".
//!
//! Between rounds a block is not the rows of its matrix but its diagonals: then a step of a round is the same for all four words
//! of a row.

// The rows and words of a matrix.
#![allow(clippy::many_single_char_names)]

use zeroize::optimization_barrier;

use super::row::Row;

/// A matrix of 4 by 4 words.
type Block = [Row; 4];

pub(super) const BLOCK_BYTES: usize = 64;
/// Blocks that go through the rounds together: enough to keep a processor busy while the steps of one wait for each other, few
/// enough for its nearest memory.
const TOGETHER: usize = 16;

/// Adds the keystream to all bytes of whole blocks, and to none behind them.
pub(super) fn apply(key: &[u8; 32], nonce: &[u8; 24], bytes: &mut [u8]) {
    let (input, nonce) = nonce.split_at(16);
    let mut other = [turned(matrix(key, input))];
    mix(&mut other);
    // The other key: the matrix' diagonal, and what stands where `input` stood.
    let [diagonals] = other;
    let ([diagonal, ..], [_, middle, center, _]) = (diagonals, turned(diagonals));
    let ([_, _, a, b], [c, d, _, _]) = (middle.words(), center.words());
    let [mut blocks, mut starts] = [[[Row::all(0); 4]; TOGETHER]; 2];
    let mut next = turned(matrix_of(diagonal.words(), words(nonce), [a, b, c, d]));
    for part in bytes.as_chunks_mut::<BLOCK_BYTES>().0.chunks_mut(TOGETHER) {
        let together = part.len();
        for (block, start) in blocks.iter_mut().zip(&mut starts).take(together) {
            (*block, *start) = (next, next);
            next = successor(next);
        }
        mix(blocks.get_mut(..together).unwrap_or_default());
        for ((block, start), bytes) in blocks.iter().zip(&starts).zip(part) {
            let [[a, b, c, d], [e, f, g, h]] = [*block, *start];
            let rows = turned([a.plus(e), b.plus(f), c.plus(g), d.plus(h)]);
            for (place, row) in bytes.as_chunks_mut().0.iter_mut().zip(rows) {
                *place = Row::read(*place).xor(row).bytes();
            }
        }
    }
    // They hold the key.
    for rows in [&mut blocks, &mut starts] {
        rows.fill([Row::all(0); 4]);
        optimization_barrier(rows);
    }
}

/// The matrix that the rounds start from, of a key and up to 16 bytes of nonce and counter.
fn matrix(key: &[u8; 32], input: &[u8]) -> Block {
    let (low, high) = key.split_at(16);
    matrix_of(words(low), words(input), words(high))
}

fn matrix_of([a, b, c, d]: [u32; 4], [i, j, k, l]: [u32; 4], [e, f, g, h]: [u32; 4]) -> Block {
    let [expa, nd_3, by_2, te_k] = words(b"expand 32-byte k");
    [Row::new([expa, a, b, c]), Row::new([d, nd_3, i, j]), Row::new([k, l, by_2, e]), Row::new([f, g, h, te_k])]
}

/// Words that lie in memory with their lowest byte first; those that are not there are 0.
fn words(bytes: &[u8]) -> [u32; 4] {
    let mut row = [0; 16];
    row.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    Row::read(row).words()
}

/// The start of the block after the one that starts so. Nobody seals the 256 GB after which its counter would need a second word.
fn successor([a, b, c, d]: Block) -> Block {
    [a, b, c.plus(Row::new([1, 0, 0, 0])), d]
}

/// Turns rows into diagonals, and diagonals into rows.
fn turned([a, b, c, d]: Block) -> Block {
    let [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]] =
        [a.words(), b.words(), c.words(), d.words()];
    [Row::new([a0, b1, c2, d3]), Row::new([d0, a1, b2, c3]), Row::new([c0, d1, a2, b3]), Row::new([b0, c1, d2, a3])]
}

/// The twenty rounds of each block. A round works on columns; then rows and columns change places for the next one.
#[inline(never)]
fn mix(blocks: &mut [Block]) {
    for _ in 0..20 {
        for block in &mut *blocks {
            let [a, d, c, b] = *block;
            let b = b.xor(a.plus(d).rotated_left(7));
            let c = c.xor(b.plus(a).rotated_left(9));
            let d = d.xor(c.plus(b).rotated_left(13));
            let a = a.xor(d.plus(c).rotated_left(18));
            *block = [a, b.moved::<3>(), c.moved::<2>(), d.moved::<1>()];
        }
    }
}
