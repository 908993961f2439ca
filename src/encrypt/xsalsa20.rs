//! `XSalsa20`: the stream cipher Salsa20/20 with a nonce of 24 bytes, of which the first 16 go into another key (`HSalsa20`).
//!
//! Source of the rules: Bernstein, "The Salsa20 family of stream ciphers" and "Extending the Salsa20 nonce".
//!
//! Between rounds a block is not the rows of its matrix but its diagonals: then a step of a round is the same for all four words
//! of a row.

use std::slice;

use super::{row::Row, wipe};

/// A matrix of 4 by 4 words.
type Block = [[u8; 16]; 4];

const BLOCK_BYTES: usize = 64;
/// Blocks that go through the rounds together: enough to keep a processor busy while the steps of one wait for each other, few
/// enough for its nearest memory.
const TOGETHER: usize = 16;

/// The keystream in whole blocks, at least `length` bytes of it.
pub(super) fn keystream(key: &[u8; 32], nonce: &[u8; 24], length: usize) -> Vec<u8> {
    let (input, nonce) = nonce.split_at(16);
    let mut block = matrix(key, input);
    turn(slice::from_mut(&mut block));
    mix(slice::from_mut(&mut block));
    // The other key: the matrix' diagonal, and what stands where `input` stood.
    let mut other_key = [0; 32];
    let (low, high) = other_key.split_at_mut(16);
    let [diagonal, ..] = &block;
    low.copy_from_slice(diagonal);
    turn(slice::from_mut(&mut block));
    write(high, block.as_flattened().get(INPUT..).unwrap_or_default());
    block = matrix(&other_key, nonce);
    turn(slice::from_mut(&mut block));
    let start = block.map(Row::read);
    wipe(block.as_flattened_mut());
    wipe(&mut other_key);

    let mut bytes = Vec::new();
    bytes.resize(length.next_multiple_of(BLOCK_BYTES), 0);
    let blocks = bytes.as_chunks_mut().0.as_chunks_mut().0;
    let mut next = start;
    for block in &mut *blocks {
        *block = next.map(Row::bytes);
        next = successor(next);
    }
    for some in blocks.chunks_mut(TOGETHER) {
        mix(some);
    }
    next = start;
    for block in &mut *blocks {
        for (row, start) in block.iter_mut().zip(next) {
            *row = Row::read(*row).plus(start).bytes();
        }
        next = successor(next);
    }
    turn(blocks);
    bytes
}

/// Where a matrix holds up to 16 bytes of nonce and counter.
const INPUT: usize = 24;

/// The matrix that the rounds start from.
fn matrix(key: &[u8; 32], input: &[u8]) -> Block {
    let mut block =
        [*b"expa............", *b"....nd 3\0\0\0\0\0\0\0\0", *b"\0\0\0\0\0\0\0\x002-by....", *b"............te k"];
    let (low, high) = key.split_at(16);
    for (at, part) in [(4, low), (INPUT, input), (44, high)] {
        write(block.as_flattened_mut().get_mut(at..).unwrap_or_default(), part);
    }
    block
}

fn write(place: &mut [u8], bytes: &[u8]) {
    place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
}

/// The start of the block after the one that starts so. Nobody seals the 256 GB after which its counter would need a second word.
#[inline]
fn successor([a, b, c, d]: [Row; 4]) -> [Row; 4] {
    [a, b, c.plus(Row::new([1, 0, 0, 0])), d]
}

/// Turns rows into diagonals, and diagonals into rows.
#[inline(never)]
fn turn(blocks: &mut [Block]) {
    for block in blocks {
        let [[a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]] =
            block.map(|row| Row::read(row).words());
        let rows = [[a0, b1, c2, d3], [d0, a1, b2, c3], [c0, d1, a2, b3], [b0, c1, d2, a3]];
        *block = rows.map(|words| Row::new(words).bytes());
    }
}

/// The twenty rounds of each block. A round works on columns; then rows and columns change places for the next one.
#[inline(never)]
fn mix(blocks: &mut [Block]) {
    for _ in 0..20 {
        for block in &mut *blocks {
            let [a, d, c, b] = block.map(Row::read);
            let b = b.xor(a.plus(d).rotated_left(7));
            let c = c.xor(b.plus(a).rotated_left(9));
            let d = d.xor(c.plus(b).rotated_left(13));
            let a = a.xor(d.plus(c).rotated_left(18));
            let ([b0, b1, b2, b3], [c0, c1, c2, c3], [d0, d1, d2, d3]) = (b.words(), c.words(), d.words());
            let rows = [a.words(), [b3, b0, b1, b2], [c2, c3, c0, c1], [d1, d2, d3, d0]];
            *block = rows.map(|words| Row::new(words).bytes());
        }
    }
}
