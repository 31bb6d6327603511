//! What a client's requests say about it.

use serde::Serialize;

use crate::time::Instant;

/// One client, as judged by RFC 8628 section 3.5 and its neighbours.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Verdict {
    /// The client; empty for requests that name none.
    pub client_id: String,
    /// The worst of its findings.
    pub grade: Grade,
    /// Device authorization requests.
    pub starts: u64,
    /// Device access token requests.
    pub polls: u64,
    /// Refreshes.
    pub refreshes: u64,
    /// What it did wrong, oldest first; the first 100.
    pub findings: Vec<Finding>,
}

/// How good a client is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// It does what it must and what it should.
    Pass,
    /// It leaves undone what it should do.
    Warn,
    /// It breaks a rule.
    Fail,
}

/// One thing that a client did wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Finding {
    /// The rule's id, such as `S-31`.
    pub rule: &'static str,
    /// Where the rule comes from: a section, or `practice` where real clients and servers were hurt without it.
    pub source: &'static str,
    /// How strong the rule is.
    pub level: Level,
    /// What happened, with its numbers.
    pub text: String,
    /// The journal's number of the request.
    pub entry: u64,
    /// When it arrived, in seconds since 1970.
    #[serde(serialize_with = "seconds")]
    #[cfg_attr(feature = "server", schema(value_type = u64))]
    pub at: Instant,
}

// Where pointers are as small as WebAssembly's, a reference costs less.
#[cfg_attr(
    target_pointer_width = "64",
    expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")
)]
fn seconds<S: serde::Serializer>(at: &Instant, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(at.seconds())
}

/// How strong a rule is (RFC 2119).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub enum Level {
    /// Breaking it fails the client.
    #[serde(rename = "MUST")]
    Must,
    /// Breaking it is worth a warning.
    #[serde(rename = "SHOULD")]
    Should,
}

impl Level {
    pub(super) const fn grade(self) -> Grade {
        match self {
            Self::Must => Grade::Fail,
            Self::Should => Grade::Warn,
        }
    }
}

/// A rule that clients are judged by.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    pub(super) source: &'static str,
    pub(super) level: Level,
}

const fn rule(id: &'static str, source: &'static str, level: Level) -> Rule {
    Rule { id, source, level }
}

pub(super) const ENCODING: Rule = rule("S-01", "RFC 8628 sections 3.1 and 3.4", Level::Must);
pub(super) const REPEATED: Rule = rule("S-06", "RFC 8628 section 3.1", Level::Must);
pub(super) const MISSING: Rule = rule("S-30", "RFC 8628 section 3.4", Level::Must);
pub(super) const TOO_EARLY: Rule = rule("S-31", "RFC 8628 section 3.5", Level::Must);
pub(super) const NOT_SLOWER: Rule = rule("S-33", "RFC 8628 section 3.5", Level::Must);
pub(super) const AFTER_DENIAL: Rule = rule("S-34", "RFC 8628 section 3.5", Level::Must);
pub(super) const AFTER_EXPIRY: Rule = rule("S-35", "RFC 8628 section 3.5", Level::Must);
pub(super) const AFTER_THE_END: Rule = rule("S-36", "RFC 8628 section 3.5", Level::Must);
pub(super) const NO_BACK_OFF: Rule = rule("S-37", "RFC 8628 section 3.5", Level::Must);
pub(super) const LONG_AFTER_EXPIRES_IN: Rule = rule("S-39", "RFC 8628 section 3.5", Level::Should);
pub(super) const USED_REFRESH_TOKEN: Rule = rule("S-46", "RFC 6749 section 6", Level::Must);
pub(super) const WIDER_SCOPE: Rule = rule("S-46", "RFC 6749 section 6", Level::Must);
pub(super) const FIRST_POLL: Rule = rule("X-06", "practice", Level::Should);
pub(super) const MANGLED: Rule = rule("X-17", "RFC 6749 appendix B", Level::Must);
pub(super) const UNREADABLE: Rule = rule("X-23", "practice", Level::Should);
pub(super) const RETRY_AFTER: Rule = rule("X-23", "RFC 9110 section 10.2.3", Level::Should);
pub(super) const ELSEWHERE: Rule = rule("X-30", "RFC 6749 section 10.3", Level::Must);
pub(super) const MANY_STARTS: Rule = rule("X-49", "practice", Level::Should);
