//! What came of all checks.

pub mod html;
pub mod junit;
pub mod terminal;

use serde::Serialize;

use crate::check::{Check, Mode, Otherwise, Ruling, Verdict};
use crate::exchange::Exchange;
use crate::profile::{Deviation, Profile};

/// What came of one check.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    /// The check.
    #[serde(flatten)]
    pub check: Check,
    /// In client mode, what the server did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scene: Option<&'static str>,
    /// What came of it.
    pub verdict: Verdict,
    /// What was seen, in words; or why it was not tested.
    pub seen: String,
    /// Where the profile says that the product deviates here: how, and who says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub known_deviation: Option<Deviation>,
    /// The exchanges that were looked at.
    pub exchanges: Vec<Exchange>,
}

impl Finding {
    /// A finding from what the judge says.
    pub fn of(check: Check, ruling: Ruling, exchanges: Vec<Exchange>) -> Self {
        let (verdict, seen) = match ruling {
            Ok(words) => (Verdict::Pass, words),
            Err(Otherwise::Broken(words)) => (check.level.broken(), words),
            Err(Otherwise::Doubtful(words)) => (Verdict::Warn, words),
            Err(Otherwise::Untested(words)) => (Verdict::NotTested, words),
        };
        Self {
            check,
            scene: None,
            verdict,
            seen,
            known_deviation: None,
            exchanges,
        }
    }

    /// The same finding, of what a server did.
    #[must_use]
    pub const fn in_scene(mut self, what: &'static str) -> Self {
        self.scene = Some(what);
        self
    }

    /// The same finding as somebody sees it who knows the product.
    #[must_use]
    pub fn known_to(mut self, profile: Profile) -> Self {
        self.known_deviation = profile.deviation(self.check.id);
        self
    }

    /// Whether something is amiss, and the profile does not say so.
    pub fn is_news(&self) -> bool {
        [Verdict::Fail, Verdict::Warn].contains(&self.verdict) && self.known_deviation.is_none()
    }
}

/// A whole run.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// What was judged: an issuer, or a command.
    pub subject: String,
    /// Which half of the protocol.
    pub mode: Mode,
    /// The profile whose deviations are known.
    pub profile: &'static str,
    /// The day, as in `Fri, 27 Nov 2026`.
    pub date: String,
    /// The kit's version.
    pub kit: &'static str,
    /// What came of each check.
    pub findings: Vec<Finding>,
}

impl Report {
    /// How many findings have this verdict and are news.
    pub fn count(&self, verdict: Verdict) -> usize {
        let counts = |finding: &&Finding| match verdict {
            Verdict::Fail | Verdict::Warn => finding.verdict == verdict && finding.is_news(),
            _ => finding.verdict == verdict,
        };
        self.findings.iter().filter(counts).count()
    }

    /// How many findings are what the profile says.
    pub fn known_deviations(&self) -> usize {
        let amiss = |finding: &&Finding| [Verdict::Fail, Verdict::Warn].contains(&finding.verdict);
        self.findings
            .iter()
            .filter(amiss)
            .filter(|finding| !finding.is_news())
            .count()
    }

    /// Whether no MUST is broken, other than by known deviations.
    pub fn conforms(&self) -> bool {
        self.count(Verdict::Fail) == 0
    }
}
