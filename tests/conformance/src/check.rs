//! A check as data: what is required, by whom, how strongly, and where it went wrong before.

use serde::{Serialize, Serializer};

/// How strongly something is required (RFC 2119, RFC 8174).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Level {
    /// Whoever breaks it does not conform.
    #[serde(rename = "MUST")]
    Must,
    /// Whoever breaks it should know why.
    #[serde(rename = "SHOULD")]
    Should,
    /// No RFC asks for it, but servers or clients in the field do.
    #[serde(rename = "FIELD")]
    Field,
}

impl Level {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::Field => "FIELD",
        }
    }

    /// What becomes of a check whose requirement is broken.
    pub const fn broken(self) -> Verdict {
        match self {
            Self::Must => Verdict::Fail,
            Self::Should | Self::Field => Verdict::Warn,
        }
    }
}

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// It is as required.
    Pass,
    /// A MUST is broken.
    Fail,
    /// A SHOULD, or a habit of the field, is broken.
    Warn,
    /// Nothing was seen that could be judged; the words say why.
    NotTested,
}

impl Verdict {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Fail => "fail",
            Self::Warn => "warn",
            Self::NotTested => "not tested",
        }
    }
}

/// One check.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Check {
    /// Its name, such as `client.slow-down`.
    pub id: &'static str,
    /// How strong the requirement is.
    pub level: Level,
    /// Where it stands, such as `RFC 8628 section 3.5`.
    pub source: &'static str,
    /// The ids of the kit's list of rules that it covers, such as `S-33`.
    pub rules: &'static [&'static str],
    /// Cases of the field by id, such as `X-01`, whose public issues are linked.
    pub cases: &'static [&'static str],
    /// What is required, in one sentence.
    pub requirement: &'static str,
    /// What the kit expects to see.
    pub expected: &'static str,
}

impl Check {
    /// Where the requirement can be read.
    pub fn link(&self) -> Option<String> {
        let rest = self.source.strip_prefix("RFC ")?;
        let (number, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        if let Some(letter) = rest.strip_prefix("appendix ") {
            return Some(format!("https://www.rfc-editor.org/rfc/rfc{number}#appendix-{letter}"));
        }
        let section = rest.trim_start_matches("sections ").trim_start_matches("section ");
        let section = section.split([',', ' ']).next().filter(|section| !section.is_empty());
        let anchor = section.map_or(String::new(), |section| format!("#section-{section}"));
        Some(format!("https://www.rfc-editor.org/rfc/rfc{number}{anchor}"))
    }

    /// Public issues in which the requirement was broken, as `owner/name#number`.
    pub fn issues(&self) -> Vec<&'static str> {
        let scenarios = mock_idp::catalogue().iter();
        let met = scenarios.filter(|scenario| self.cases.contains(&&*scenario.id));
        let mut issues: Vec<&str> = met
            .flat_map(|scenario| &scenario.seen_in)
            .map(String::as_str)
            .filter(|seen| seen.contains('#'))
            .collect();
        issues.dedup();
        issues
    }
}

/// The address of an issue `owner/name#number`.
pub fn issue_link(issue: &str) -> String {
    let (repository, number) = issue.split_once('#').unwrap_or((issue, ""));
    format!("https://github.com/{repository}/issues/{number}")
}

/// What a judge says: what it saw where all is well, or why it does not say that.
pub type Ruling = Result<String, Otherwise>;

/// Why a judge does not say that all is well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Otherwise {
    /// The requirement is broken, and so was it.
    Broken(String),
    /// Something weaker than the requirement is amiss: a warning, whatever the level.
    Doubtful(String),
    /// It could not be looked at.
    Untested(String),
}

/// A requirement is broken.
pub(crate) fn broken<T>(words: impl Into<String>) -> Result<T, Otherwise> {
    Err(Otherwise::Broken(words.into()))
}

/// Nothing could be judged.
pub(crate) fn untested<T>(words: impl Into<String>) -> Result<T, Otherwise> {
    Err(Otherwise::Untested(words.into()))
}

/// Something is amiss that no requirement names.
pub(crate) fn doubtful<T>(words: impl Into<String>) -> Result<T, Otherwise> {
    Err(Otherwise::Doubtful(words.into()))
}

/// Which half of the protocol is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Somebody's client.
    Client,
    /// Somebody's server.
    Server,
}

impl Serialize for Mode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

impl Mode {
    /// As it is written.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }
}
