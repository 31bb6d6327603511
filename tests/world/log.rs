//! What happened, one line per event: the text that golden tests compare.

use std::fmt;
use std::time::Duration;

/// The story as it went.
#[derive(Clone, Debug, Default)]
pub struct Log {
    lines: Vec<String>,
    polls: Vec<Duration>,
    end: String,
}

impl Log {
    pub(crate) fn line(&mut self, at: Duration, who: &str, what: impl fmt::Display) {
        self.lines.push(format!("{:<6.1} {who:<6} {what}", at.as_secs_f64()));
    }

    pub(crate) fn poll(&mut self, at: Duration) {
        self.polls.push(at);
    }

    pub(crate) fn end(&mut self, end: String) {
        self.end = end;
    }

    /// The last thing the television showed.
    pub fn end_text(&self) -> &str {
        &self.end
    }

    /// When device access token requests went out.
    pub fn polls(&self) -> &[Duration] {
        &self.polls
    }

    /// Whole seconds between one poll and the next.
    pub fn gaps(&self) -> Vec<u64> {
        self.polls
            .windows(2)
            .map(|pair| pair[1].saturating_sub(pair[0]).as_secs())
            .collect()
    }
}

impl fmt::Display for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.lines.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}
