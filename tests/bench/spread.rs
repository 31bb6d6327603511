//! What many samples of one thing come to.

use serde::{Deserialize, Serialize};

/// Samples in short: half of them are at most the median.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) most: f64,
    pub(crate) samples: usize,
}

impl Spread {
    /// `None` without samples.
    pub(crate) fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (&least, &most) = (sorted.first()?, sorted.last()?);
        let middle = sorted.len() / 2;
        let median = if sorted.len() % 2 == 1 {
            sorted[middle]
        } else {
            f64::midpoint(sorted[middle - 1], sorted[middle])
        };
        Some(Self {
            median,
            least,
            most,
            samples: sorted.len(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_median_is_the_middle_or_between_the_middle_two() {
        for (samples, median) in [
            (&[3.0][..], 3.0),
            (&[9.0, 1.0, 2.0], 2.0),
            (&[4.0, 1.0, 100.0, 2.0], 3.0),
        ] {
            assert_eq!(
                Spread::of(samples).map(|spread| spread.median),
                Some(median),
                "{samples:?}"
            );
        }
        assert_eq!(Spread::of(&[]), None);
    }

    #[test]
    fn the_spread_is_from_the_least_to_the_most() {
        let spread = Spread::of(&[9.0, 1.0, 2.0]).expect("samples");
        assert_eq!((spread.least, spread.most, spread.samples), (1.0, 9.0, 3));
    }
}
