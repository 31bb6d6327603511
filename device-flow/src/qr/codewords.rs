//! From data to the codewords of a symbol: in blocks, each with a Reed-Solomon code (ISO/IEC 18004 section 7.5).
//!
//! `qrcode` does this with tables that weigh three kilobytes in a page; the test holds both to the same codewords.

use alloc::vec;
use alloc::vec::Vec;

use qrcode::EcLevel;

/// Into how many blocks the data are cut, by level (L, M, Q, H) and version (table 9).
#[rustfmt::skip]
const BLOCKS: [[u8; 40]; 4] = [
    [1, 1, 1, 1, 1, 2, 2, 2, 2, 4, 4, 4, 4, 4, 6, 6, 6, 6, 7, 8, 8, 9, 9, 10, 12, 12, 12, 13, 14, 15, 16, 17, 18, 19, 19, 20, 21, 22, 24, 25],
    [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10, 10, 11, 13, 14, 16, 17, 17, 18, 20, 21, 23, 25, 26, 28, 29, 31, 33, 35, 37, 38, 40, 43, 45, 47, 49],
    [1, 1, 2, 2, 4, 4, 6, 6, 8, 8, 8, 10, 12, 16, 12, 17, 16, 18, 21, 20, 23, 23, 25, 27, 29, 34, 34, 35, 38, 40, 43, 45, 48, 51, 53, 56, 59, 62, 65, 68],
    [1, 1, 2, 4, 4, 4, 5, 6, 8, 8, 11, 11, 16, 16, 18, 16, 19, 21, 25, 25, 25, 34, 30, 32, 35, 37, 40, 42, 45, 48, 51, 54, 57, 60, 63, 66, 70, 74, 77, 81],
];

/// The data and their error correction, each in the order in which it is drawn.
///
/// The data fill a symbol of this `version`, 1 to 40, with this `level`.
pub(super) fn codewords(data: &[u8], version: usize, level: EcLevel) -> (Vec<u8>, Vec<u8>) {
    let count = usize::from(BLOCKS[level as usize][version - 1]);
    let divisor = divisor((capacity(version) - data.len()) / count);
    // What is left over makes the last ones longer by one.
    let (short, longer) = (data.len() / count, data.len() % count);
    let mut rest = data;
    let mut blocks = Vec::new();
    let mut corrections = Vec::new();
    for index in 0..count {
        let (block, after) = rest.split_at(short + usize::from(index >= count - longer));
        rest = after;
        blocks.push(block.to_vec());
        corrections.push(remainder(block, &divisor));
    }
    (interleave(&blocks), interleave(&corrections))
}

/// Codewords of a symbol (table 1): its modules, without those of all patterns and of what is said of the format.
fn capacity(version: usize) -> usize {
    let side = 17 + 4 * version;
    let modules = side * side - 3 * 64 - 31 - 2 * (side - 16);
    let patterns = if version == 1 {
        0
    } else {
        let a_side = version / 7 + 2;
        // Those on the timing patterns share five modules with each.
        (a_side * a_side - 3) * 25 - 2 * (a_side - 2) * 5
    };
    let version_information = if version < 7 { 0 } else { 36 };
    (modules - patterns - version_information) / 8
}

/// First those that come first in their blocks.
fn interleave(blocks: &[Vec<u8>]) -> Vec<u8> {
    let longest = blocks.last().map_or(0, Vec::len);
    let mut all = Vec::new();
    for at in 0..longest {
        all.extend(blocks.iter().filter_map(|block| block.get(at)));
    }
    all
}

/// The generator polynomial of this degree (annex A), without its leading 1.
fn divisor(degree: usize) -> Vec<u8> {
    let mut divisor = vec![0; degree];
    divisor[degree - 1] = 1;
    let mut root = 1;
    for _ in 0..degree {
        for at in 0..degree {
            let next = divisor.get(at + 1).copied().unwrap_or_default();
            divisor[at] = multiply(divisor[at], root) ^ next;
        }
        root = multiply(root, 2);
    }
    divisor
}

fn remainder(block: &[u8], divisor: &[u8]) -> Vec<u8> {
    let mut remainder = vec![0; divisor.len()];
    for byte in block {
        let factor = byte ^ remainder[0];
        for (at, coefficient) in divisor.iter().enumerate() {
            let next = remainder.get(at + 1).copied().unwrap_or_default();
            remainder[at] = next ^ multiply(*coefficient, factor);
        }
    }
    remainder
}

/// In the field of 256 elements whose polynomial is x^8 + x^4 + x^3 + x^2 + 1 (section 7.5.2).
fn multiply(x: u8, y: u8) -> u8 {
    (0..8).rev().fold(0, |product: u8, bit| {
        let carry = (product >> 7) * 0x1d;
        (product << 1) ^ carry ^ ((y >> bit & 1) * x)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use qrcode::Version;
    use qrcode::bits::Bits;
    use qrcode::ec::construct_codewords;

    #[test]
    fn every_symbol_has_the_codewords_that_others_give_it() {
        for number in 1..=40 {
            for level in [EcLevel::L, EcLevel::M, EcLevel::Q, EcLevel::H] {
                let version = Version::Normal(number);
                let length = Bits::new(version).max_len(level).expect("a symbol") / 8;
                let data: Vec<u8> = (0..=255).cycle().step_by(89).take(length).collect();
                let expected = construct_codewords(&data, version, level).expect("codewords");
                let version = usize::try_from(number).expect("small");
                assert_eq!(codewords(&data, version, level), expected, "{number} {level:?}");
            }
        }
    }
}
