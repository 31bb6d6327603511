//! What happened, one line per event: the text that golden tests compare.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::RangeBounds;
use std::time::Duration;

use device_flow::{HttpResponse, View};
use serde_json::Value;

/// The story as it went.
#[derive(Clone, Debug, Default)]
pub struct Log {
    lines: Vec<(Duration, String)>,
    polls: Vec<Duration>,
    met: BTreeSet<String>,
    faults_met: usize,
    trouble_at: Duration,
    are_tokens_spoilt: bool,
    codes_at_approval: usize,
    approval: Option<(Duration, Duration)>,
    granted_at: Option<Duration>,
    lost_since_granted: usize,
    has_heard_since_granted: bool,
    patience: Duration,
    codes: usize,
    end: String,
    ended_at: Duration,
}

impl Log {
    pub(crate) fn line(&mut self, at: Duration, who: &str, what: impl fmt::Display) {
        let line = format!("{:<6.1} {who:<6} {what}\n", at.as_secs_f64());
        self.lines.push((at, line));
    }

    pub(crate) fn poll(&mut self, at: Duration) {
        self.polls.push(at);
    }

    /// What the server answers, and which scenarios had a hand in it.
    pub(crate) fn answer(&mut self, at: Duration, response: &HttpResponse, faults: &[String]) {
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        let what = if let Some(error) = body["error"].as_str() {
            error.to_owned()
        } else if body["user_code"].is_string() {
            self.codes += 1;
            format!("a code for {} s, every {} s", body["expires_in"], body["interval"])
        } else if body["access_token"].is_string() {
            self.are_tokens_spoilt |= !faults.is_empty();
            "tokens".into()
        } else if body["keys"].is_array() {
            "keys".into()
        } else if body["issuer"].is_string() {
            "metadata".into()
        } else {
            "nothing readable".into()
        };
        for id in faults {
            self.meet(id.clone());
        }
        let faults = match faults {
            [] => String::new(),
            ids => format!(" ({})", ids.join(", ")),
        };
        self.line(at, "idp", format_args!("{} {what}{faults}", response.status));
    }

    /// What the television shows, if that is something else than before.
    pub(crate) fn view(&mut self, at: Duration, view: &View, is_new_code: bool) {
        let shows = match view {
            View::Idle => "nothing".into(),
            View::Connecting { .. } => "connecting".into(),
            View::Code(_) if is_new_code => "shows a new code".into(),
            View::Code(_) if self.end.starts_with("shows") => return,
            View::Code(_) => "shows the code".into(),
            View::Checking { .. } => "checking".into(),
            View::SignedIn { name, vouched_by } => {
                let name = name.as_deref().unwrap_or("somebody");
                format!(
                    "signed in as {name}, vouched by {}",
                    vouched_by.map_or("nobody", |v| v.as_str())
                )
            }
            View::Cancelled => "cancelled".into(),
            View::Denied { .. } => "denied".into(),
            View::Expired => "expired".into(),
            View::Failed(failure) => format!("failed: {}", failure.code()),
        };
        if shows == self.end && !is_new_code {
            return;
        }
        if !matches!(view, View::Connecting { .. } | View::Checking { .. }) {
            self.line(at, "tv", &shows);
        }
        self.end = shows;
        self.ended_at = at;
    }

    /// What happened from then on.
    pub fn since(&self, start: Duration) -> String {
        let lines = self.lines.iter().filter(|(at, _)| *at >= start);
        lines.map(|(_, line)| line.as_str()).collect()
    }

    /// The last thing the television showed.
    pub fn end_text(&self) -> &str {
        &self.end
    }

    /// Whether this scenario had a hand in any answer.
    pub fn has_met(&self, scenario: &str) -> bool {
        self.met.contains(scenario)
    }

    /// The faults of the network by name, and the scenarios by id, that had a hand in any answer.
    pub fn met(&self) -> impl Iterator<Item = &str> {
        self.met.iter().map(String::as_str)
    }

    pub(crate) fn meet(&mut self, fault: String) {
        self.met.insert(fault);
        self.faults_met += 1;
    }

    pub(crate) fn faults_met(&self) -> usize {
        self.faults_met
    }

    pub(crate) fn trouble(&mut self, at: Duration) {
        self.trouble_at = at;
    }

    /// When the last answer came that something or somebody had a hand in; zero if there was none.
    pub fn trouble_at(&self) -> Duration {
        self.trouble_at
    }

    /// Whether tokens that the server handed out were not what they should be, or never arrived.
    pub fn are_tokens_spoilt(&self) -> bool {
        self.are_tokens_spoilt
    }

    /// What the set may have waited for, and whether tokens left the server and never arrived.
    pub(crate) fn ended(&mut self, patience: Duration, are_tokens_lost: bool) {
        self.patience = patience;
        self.are_tokens_spoilt |= are_tokens_lost;
    }

    /// What was approved before is lost.
    pub(crate) fn begins_anew(&mut self) {
        self.approval = None;
        self.granted_at = None;
    }

    pub(crate) fn granted(&mut self, at: Duration) {
        if self.granted_at.is_none() {
            self.granted_at = Some(at);
            (self.lost_since_granted, self.has_heard_since_granted) = (0, false);
        }
    }

    /// An answer came, whatever it says, or there was none.
    pub(crate) fn heard(&mut self, is_answer: bool) {
        self.has_heard_since_granted |= is_answer;
        self.lost_since_granted += usize::from(!is_answer);
    }

    /// When the set got its tokens, if all that it asked for since then was lost.
    pub fn silent_since_granted(&self) -> Option<Duration> {
        let is_silent = self.lost_since_granted > 0 && !self.has_heard_since_granted;
        self.granted_at.filter(|_| is_silent)
    }

    pub(crate) fn approved(&mut self, at: Duration, ends_at: Duration) {
        self.approval = Some((at, ends_at));
        self.codes_at_approval = self.codes;
    }

    /// When somebody approved, and when the server ends that code.
    pub fn approval(&self) -> Option<(Duration, Duration)> {
        self.approval
    }

    /// Whether another code has taken the place of the one that was approved.
    pub fn is_renewed_since_approval(&self) -> bool {
        self.codes > self.codes_at_approval
    }

    /// The longest pause that the set may have made after any answer of the token endpoint, by what it was told.
    pub fn patience(&self) -> Duration {
        self.patience
    }

    /// When the television showed that for the first time.
    pub fn ended_at(&self) -> Duration {
        self.ended_at
    }

    /// When device access token requests went out.
    pub fn polls(&self) -> &[Duration] {
        &self.polls
    }

    /// How many of them did within a time, such as `secs(20)..`.
    pub fn polls_in(&self, time: impl RangeBounds<Duration>) -> usize {
        self.polls.iter().filter(|at| time.contains(at)).count()
    }

    /// How many codes the server handed out.
    pub fn codes(&self) -> usize {
        self.codes
    }

    /// Whole seconds between one poll and the next.
    pub fn gaps(&self) -> Vec<u64> {
        self.polls
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]).as_secs())
            .collect()
    }
}

/// A story whose test fails is shown.
impl Drop for Log {
    #[expect(clippy::print_stderr, reason = "that is where a failed test is read")]
    fn drop(&mut self) {
        if std::thread::panicking() && !self.lines.is_empty() {
            eprintln!("{self}");
        }
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|(_, line)| f.write_str(line))
    }
}
