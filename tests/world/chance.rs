//! Dice that fall the same way for the same seed, on every machine (`SplitMix64`, by Steele, Lea and Flood, 2014).

use std::ops::Range;

/// Dice with a seed.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// Dice that fall as this seed has it.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number of the range.
    pub fn of(&mut self, range: Range<u64>) -> u64 {
        range.start + self.next() % (range.end - range.start)
    }

    /// One of them.
    pub fn pick<T: Clone>(&mut self, choice: &[T]) -> T {
        let index = self.next() % choice.len() as u64;
        choice[usize::try_from(index).expect("an index")].clone()
    }

    /// True so many times of a hundred.
    pub fn percent(&mut self, percent: u64) -> bool {
        self.of(0..100) < percent
    }
}
