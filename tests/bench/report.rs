//! What a run found: the file that other programs read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::spread::Spread;

/// Grows when members change their meaning; new members do not count.
pub(crate) const FORMAT: u32 = 1;

/// One subject, measured once.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Report {
    pub(crate) format: u32,
    /// What was measured, such as `mock`.
    pub(crate) subject: String,
    /// Whether rounds were few and short: good for a look, not for the docs.
    pub(crate) quick: bool,
    /// The day in Greenwich, such as `06 Nov 1994`.
    pub(crate) date: String,
    pub(crate) surroundings: Surroundings,
    pub(crate) measurements: Vec<Measurement>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) generator: Vec<GeneratorCheck>,
    /// What no figure says, such as who did not run at all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) notes: Vec<String>,
}

/// Where it was measured.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Surroundings {
    /// The processor's model as it names itself.
    pub(crate) processor: String,
    pub(crate) processors: usize,
    /// Operating system and architecture.
    pub(crate) system: String,
    /// Processes that wanted to run before the benchmark began, on average over a minute: near 0 on an idle machine.
    pub(crate) load_before: f64,
    /// Of everything that took part, by name.
    pub(crate) versions: BTreeMap<String, String>,
}

/// One thing, measured of several.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Measurement {
    /// Stable, such as `polls_64`.
    pub(crate) id: String,
    /// For people, such as `Pending polls, 64 connections`.
    pub(crate) what: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    /// Ours first.
    pub(crate) results: Vec<Outcome>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) target: Option<Target>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Better {
    Less,
    More,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Outcome {
    pub(crate) of: String,
    pub(crate) value: Spread,
    /// How many times better ours is, round by round; absent for ours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) times: Option<Spread>,
}

#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct Target {
    pub(crate) text: String,
    pub(crate) reached: bool,
}

/// Whether the load generator itself was the limit.
#[derive(Debug, Deserialize, Serialize)]
pub(crate) struct GeneratorCheck {
    pub(crate) connections: usize,
    /// Answers per second from a server that does not think.
    pub(crate) ceiling: Spread,
    /// Share of the time that the generator computed, by the server it asked.
    pub(crate) busy: BTreeMap<String, Spread>,
}

impl Measurement {
    /// From samples of ours and of others, of which those with the same index were taken one after the other.
    pub(crate) fn new(id: &str, what: &str, unit: &str, better: Better, samples: &[(&str, Vec<f64>)]) -> Self {
        let ours = samples.first().map_or(&[][..], |(_, samples)| samples);
        let results = samples.iter().enumerate().filter_map(|(index, (of, samples))| {
            let times = ours.iter().zip(samples).map(|(ours, theirs)| match better {
                Better::Less => theirs / ours,
                Better::More => ours / theirs,
            });
            Some(Outcome {
                of: (*of).to_owned(),
                value: Spread::of(samples)?,
                // Nothing is any number of times better than none, and what may be less than nothing has no ratio.
                times: Spread::of(&times.collect::<Vec<_>>())
                    .filter(|times| index > 0 && times.least > 0.0 && times.most.is_finite()),
            })
        });
        Self {
            id: id.to_owned(),
            what: what.to_owned(),
            unit: unit.to_owned(),
            better,
            results: results.collect(),
            target: None,
        }
    }

    /// With a limit for our median.
    pub(crate) fn under(mut self, limit: f64, text: &str) -> Self {
        let reached = self.results.first().is_some_and(|ours| ours.value.median < limit);
        self.target = Some(Target {
            text: text.to_owned(),
            reached,
        });
        self
    }

    /// With the most that ours may be: a share of what each of these has that was measured.
    pub(crate) fn at_most_shares(mut self, shares: &[(&str, f64)]) -> Self {
        let of = |of| self.results.iter().find(|result| result.of == of)?.times;
        let measured = shares
            .iter()
            .filter_map(|&(name, share)| Some((name, share, of(name)?)));
        let measured: Vec<_> = measured.collect();
        let texts = measured.iter().map(|(name, share, _)| format!("{share} of {name}'s"));
        let text = format!("at most {}", texts.collect::<Vec<_>>().join(" and "));
        let reached = measured.iter().all(|(_, share, times)| times.median >= 1.0 / share);
        self.target = (!measured.is_empty()).then_some(Target { text, reached });
        self
    }

    /// With a number of times that we must be better than the next one.
    pub(crate) fn at_least_times(mut self, times: f64, text: &str) -> Self {
        let next = self.results.get(1).and_then(|next| next.times);
        self.target = Some(Target {
            text: text.to_owned(),
            reached: next.is_some_and(|next| next.median >= times),
        });
        self
    }
}

#[cfg(test)]
mod tests {
    use super::{Better, Measurement};

    #[test]
    fn times_are_taken_round_by_round_and_say_how_much_better_ours_is() {
        let samples = [("ours", vec![10.0, 20.0, 30.0]), ("theirs", vec![20.0, 60.0, 30.0])];
        for (better, median) in [(Better::Less, 2.0), (Better::More, 0.5)] {
            let measurement = Measurement::new("id", "what", "ms", better, &samples);
            assert_eq!(measurement.results[0].times, None);
            let times = measurement.results[1].times.expect("a ratio");
            assert!((times.median - median).abs() < 1e-9, "{better:?}: {times:?}");
        }
    }

    #[test]
    fn targets_are_judged_by_medians() {
        let measure = || {
            Measurement::new(
                "id",
                "",
                "",
                Better::More,
                &[("ours", vec![60.0]), ("theirs", vec![2.0])],
            )
        };
        let reached = |measurement: Measurement| measurement.target.expect("a target").reached;
        assert!(reached(measure().at_least_times(30.0, "")));
        assert!(!reached(measure().at_least_times(31.0, "")));
        assert!(reached(measure().under(61.0, "")));
        assert!(!reached(measure().under(60.0, "")));
        // Ours is thirty times theirs, where more is better.
        assert!(reached(measure().at_most_shares(&[("theirs", 0.04)])));
        assert!(!reached(measure().at_most_shares(&[("theirs", 0.03)])));
    }

    #[test]
    fn nothing_has_no_ratio_that_json_could_say() {
        let samples = [("ours", vec![0.0]), ("theirs", vec![60.0])];
        let measurement = Measurement::new("id", "", "", Better::Less, &samples);
        assert_eq!(measurement.results[1].times, None);
    }

    #[test]
    fn the_file_has_these_members() {
        let measurement = Measurement::new("ready", "Ready", "ms", Better::Less, &[("ours", vec![4.0])]);
        expect_test::expect![[r#"{"id":"ready","what":"Ready","unit":"ms","better":"less","results":[{"of":"ours","value":{"median":4.0,"least":4.0,"most":4.0,"samples":1}}]}"#]]
            .assert_eq(&serde_json::to_string(&measurement).expect("JSON"));
    }
}
