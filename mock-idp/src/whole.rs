//! Whole numbers in JSON and TOML: how they may be written, and how large they may be.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use serde_json::Number;

/// The largest whole number that every program reads alike (RFC 8259 section 6).
pub(crate) const LARGEST: i64 = (1 << 53) - 1;

/// A number as a whole one, also where a program wrote `5.0`: JSON does not tell them apart.
pub(crate) fn of(number: f64) -> Option<i64> {
    #[expect(clippy::cast_precision_loss, reason = "2^53 - 1 is exact")]
    let fits = number.fract() == 0.0 && number.abs() <= LARGEST as f64;
    #[expect(clippy::cast_possible_truncation, reason = "it is whole, and not too large")]
    fits.then_some(number as i64)
}

/// What a reader of JSON or TOML says, without the names that Rust has for numbers.
pub(crate) fn in_words(text: &str) -> String {
    let mut text = text.replace("expected f64", "expected a number");
    for name in ["u8", "u16", "u32", "u64", "usize", "i64"] {
        text = text.replace(&format!("expected {name}"), "expected a whole number");
    }
    text
}

/// The same, where there may be none.
pub(crate) fn some_count<'de, D: Deserializer<'de>, T: TryFrom<u64>>(deserializer: D) -> Result<Option<T>, D::Error> {
    #[derive(Deserialize)]
    #[serde(bound(deserialize = "T: TryFrom<u64>"))]
    struct Count<T>(#[serde(deserialize_with = "count")] T);

    Ok(Option::<Count<T>>::deserialize(deserializer)?.map(|Count(count)| count))
}

/// A number that may be below zero, where there may be none.
pub(crate) fn some_difference<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let Some(number) = Option::<Number>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let written_whole = number.as_i64().filter(|whole| (-LARGEST..=LARGEST).contains(whole));
    let whole = written_whole.or_else(|| number.as_f64().and_then(of));
    let wrong = || D::Error::custom(format!("{number} is no whole number from -{LARGEST} to {LARGEST}"));
    whole.map(Some).ok_or_else(wrong)
}

/// A number of things, for fields that serde first tries as something else.
pub(crate) fn count<'de, D: Deserializer<'de>, T: TryFrom<u64>>(deserializer: D) -> Result<T, D::Error> {
    struct Count;

    impl Visitor<'_> for Count {
        type Value = u64;

        fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
            write!(out, "a whole number from 0 to {LARGEST}")
        }

        fn visit_u64<E: Error>(self, number: u64) -> Result<u64, E> {
            let fits = number <= LARGEST.unsigned_abs();
            fits.then_some(number)
                .ok_or_else(|| E::invalid_value(Unexpected::Unsigned(number), &self))
        }

        /// TOML has signed numbers only.
        fn visit_i64<E: Error>(self, number: i64) -> Result<u64, E> {
            let count = u64::try_from(number).map_err(|_| E::invalid_value(Unexpected::Signed(number), &self))?;
            self.visit_u64(count)
        }

        fn visit_f64<E: Error>(self, number: f64) -> Result<u64, E> {
            let whole = of(number).and_then(|whole| u64::try_from(whole).ok());
            whole.ok_or_else(|| E::invalid_value(Unexpected::Float(number), &self))
        }
    }

    let number = deserializer.deserialize_any(Count)?;
    T::try_from(number).map_err(|_| D::Error::invalid_value(Unexpected::Unsigned(number), &Count))
}
