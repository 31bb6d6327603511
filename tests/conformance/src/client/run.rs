//! One run of a client: what it asked, how it ended, and what it wrote.

use std::time::Duration;

use mock_idp::Entry;

use super::Scene;
use crate::exchange::Exchange;

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The client exited, with this status.
    Exited(i32),
    /// A signal that was not the kit's ended it.
    Killed,
    /// It was still running when the scene was over.
    StillRunning,
    /// It did not start.
    NotStarted(String),
    /// Somebody at the terminal says whether it signed in.
    Said(bool),
}

/// One run.
#[derive(Clone, Debug)]
pub struct Run {
    /// What the server did.
    pub scene: &'static Scene,
    /// What was asked and answered.
    pub entries: Vec<Entry>,
    /// What the mock's journal says of it.
    pub faults: Vec<mock_idp::Finding>,
    /// How it ended.
    pub end: End,
    /// What the client wrote, to standard output and standard error.
    pub output: String,
}

impl Run {
    fn at(&self, endpoint: &'static str) -> impl Iterator<Item = &Entry> {
        let asked = move |entry: &&Entry| entry.about.endpoint == Some(endpoint) && entry.method != "OPTIONS";
        self.entries.iter().filter(asked)
    }

    /// Requests for a code.
    pub(crate) fn starts(&self) -> Vec<&Entry> {
        self.at("device_authorization").collect()
    }

    /// Requests for metadata.
    pub(crate) fn looks(&self) -> usize {
        self.at("metadata").count()
    }

    /// Requests for tokens, other than refreshes.
    pub(crate) fn polls(&self) -> Vec<&Entry> {
        self.at("token")
            .filter(|entry| field(entry, "refresh_token").is_none())
            .collect()
    }

    /// Refreshes.
    pub(crate) fn refreshes(&self) -> usize {
        self.at("token")
            .filter(|entry| field(entry, "refresh_token").is_some())
            .count()
    }

    /// The first thing that was found by one of these rules.
    pub(crate) fn fault(&self, rules: &[&str]) -> Option<&str> {
        let found = self.faults.iter().find(|fault| rules.contains(&fault.rule));
        found.map(|fault| &*fault.text)
    }

    /// Whether tokens were handed out.
    pub(crate) fn has_tokens(&self) -> bool {
        let tokens = |entry: &&Entry| {
            let body = String::from_utf8_lossy(&entry.answer_body.kept);
            entry.status == 200 && body.contains("\"access_token\"")
        };
        self.polls().iter().any(tokens)
    }

    /// Whether the client says that it signed in.
    pub(crate) fn says_signed_in(&self) -> bool {
        matches!(self.end, End::Exited(0) | End::Said(true))
    }

    /// The waits before each poll but the first, in words.
    pub(crate) fn gaps(&self) -> String {
        let polls = self.polls();
        let gaps = polls.iter().filter_map(|poll| poll.gap).map(in_seconds);
        let gaps: Vec<_> = gaps.collect();
        if gaps.is_empty() {
            "no second poll".to_owned()
        } else {
            format!("waits of {}", gaps.join(", "))
        }
    }

    /// How it ended, in words.
    pub(crate) fn end_in_words(&self) -> String {
        let end = match &self.end {
            End::Exited(0) => "it exited with 0".to_owned(),
            End::Exited(code) => format!("it exited with {code}"),
            End::Killed => "a signal ended it".to_owned(),
            End::StillRunning => format!("it was still running after {} s", self.scene.limit),
            End::NotStarted(why) => format!("it did not start: {why}"),
            End::Said(true) => "it signed in, as you say".to_owned(),
            End::Said(false) => "it did not sign in, as you say".to_owned(),
        };
        let last = self.output.lines().rev().map(str::trim).find(|line| !line.is_empty());
        let polls = self.polls().len();
        let said = last
            .map(|line| format!("; its last words: {}", shortened(line)))
            .unwrap_or_default();
        format!(
            "{end}, with {polls} {}{said}",
            if polls == 1 { "poll" } else { "polls" }
        )
    }

    /// What may be shown of it.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        self.entries.iter().filter_map(Exchange::of).collect()
    }
}

/// A form field of a request.
pub(crate) fn field(entry: &Entry, name: &str) -> Option<String> {
    let mut fields = form_urlencoded::parse(&entry.body.kept);
    fields
        .find(|(each, _)| each == name)
        .map(|(_, value)| value.into_owned())
}

/// In seconds with a tenth.
pub(crate) fn in_seconds(span: Duration) -> String {
    let tenths = (span.as_millis() + 50) / 100;
    format!("{}.{} s", tenths / 10, tenths % 10)
}

fn shortened(line: &str) -> String {
    let start: String = line.chars().take(160).collect();
    if start.len() < line.len() {
        format!("{start}…")
    } else {
        start
    }
}
