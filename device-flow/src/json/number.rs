//! Numbers without floating point: nothing in a sign-in is counted in fractions.

/// 2^53, beyond which the doubles of other readers (RFC 8259 section 6) miss whole numbers.
const EXACT: u64 = 1 << 53;

/// A number, as far as it is a whole one.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Number {
    is_negative: bool,
    /// Written without a sign, a fraction and an exponent.
    is_plain: bool,
    /// The whole part without its sign, where a `u64` can hold it.
    whole: Option<u64>,
}

impl Number {
    /// From the parts of its text: the sign, the digits before and after the point, and the exponent.
    ///
    /// The digits are ASCII.
    pub(super) fn new(has_minus: bool, before: &[u8], after: &[u8], exponent: Option<i32>) -> Self {
        Self {
            // Minus nothing is nothing.
            is_negative: has_minus && before.iter().chain(after).any(|digit| *digit != b'0'),
            is_plain: !has_minus && after.is_empty() && exponent.is_none(),
            whole: whole(before, after, exponent.unwrap_or_default()),
        }
    }

    /// A whole number written as one, with any `u64`.
    pub fn as_plain(self) -> Option<u64> {
        self.whole.filter(|_| self.is_plain)
    }

    /// The whole part of a number that is not negative; beyond 2^53 only of one that is written as a whole number.
    pub fn whole_part(self) -> Option<u64> {
        self.whole
            .filter(|whole| !self.is_negative && (self.is_plain || *whole < EXACT))
    }
}

/// The digits before the point once the exponent has moved it.
fn whole(before: &[u8], after: &[u8], exponent: i32) -> Option<u64> {
    let count = i64::try_from(before.len()).ok()?.saturating_add(exponent.into());
    let mut digits = before.iter().chain(after);
    let mut whole = 0u64;
    for _ in 0..count {
        let digit = match digits.next() {
            Some(digit) => u64::from(digit - b'0'),
            // Only zeros follow.
            None if whole == 0 => break,
            None => 0,
        };
        whole = whole.checked_mul(10)?.checked_add(digit)?;
    }
    Some(whole)
}
