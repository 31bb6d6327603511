//! What was asked and answered, and what that says about each client.
//!
//! Pure: it is told what happened, by a socket or by a simulation, and reads no clock.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use crate::delivery::{Delivery, Ending};
use crate::http::{Request, Response};
use crate::idp::{About, Exchange};
use crate::time::Instant;

mod answer;
mod case;
mod ledger;
mod pace;
mod secrets;
mod sessions;
mod verdict;

pub use secrets::ShownEntry;
pub use verdict::{Finding, Grade, Level, Verdict};

use ledger::Ledger;

/// So many requests are kept unless somebody says otherwise.
pub const USUAL_LENGTH: usize = 10_000;

/// So many bytes are kept at most, however many requests that is; the oldest make room.
pub const LARGEST_JOURNAL: usize = 64 * 1024 * 1024;

/// So much of each body is kept, in bytes; how long it was is kept too.
const BODY: usize = 4096;

/// So much of a target, and of all header fields together, is kept, in bytes.
const HEAD: usize = 8192;

/// Names of clients are known by their beginning, in bytes.
const NAME: usize = 256;

/// The last requests with their answers, and a verdict for each client.
#[derive(Debug)]
pub struct Journal {
    entries: VecDeque<Entry>,
    length: usize,
    /// The sizes of all entries.
    size: usize,
    next: u64,
    dropped: u64,
    ledger: Ledger,
}

/// One request with its answer. Texts from [`shown`](Self::shown) and `Debug` hold no secrets, the fields do.
#[derive(Clone)]
pub struct Entry {
    /// Counted from 1.
    pub number: u64,
    /// When it arrived.
    pub arrived_at: Instant,
    /// When the last of its answer left, or would have.
    pub answered_at: Instant,
    /// How long after the previous answer of the same kind to the same client, or to the same device code, it arrived.
    pub gap: Option<Duration>,
    /// What was asked.
    pub about: About,
    /// The method as sent.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// As they came.
    pub headers: Vec<(String, String)>,
    /// What was sent.
    pub body: Body,
    /// The answer's status.
    pub status: u16,
    /// The answer's header fields.
    pub answer_headers: Vec<(String, String)>,
    /// What was answered.
    pub answer_body: Body,
    /// How the answer travelled.
    pub delivery: Delivery,
}

/// The first bytes of a body, and how many there were.
#[derive(Clone, PartialEq, Eq)]
pub struct Body {
    /// Those that were kept.
    pub kept: Vec<u8>,
    /// How many there were.
    pub length: usize,
}

impl Body {
    fn of(mut bytes: Vec<u8>) -> Self {
        let length = bytes.len();
        if length > BODY {
            bytes.truncate(BODY);
            bytes.shrink_to_fit();
        }
        Self { kept: bytes, length }
    }
}

impl Journal {
    /// Keeps the last `length` requests, as many as fit into [`LARGEST_JOURNAL`]; with 0 none, and judges nobody.
    pub fn new(length: usize) -> Self {
        Self {
            entries: VecDeque::new(),
            length,
            size: 0,
            next: 1,
            dropped: 0,
            ledger: Ledger::default(),
        }
    }

    /// Notes one exchange that began at `arrived_at`; its entry, unless nothing is kept.
    pub fn record(&mut self, arrived_at: Instant, request: Request, exchange: &Exchange) -> Option<&Entry> {
        if self.length == 0 {
            return None;
        }
        let Exchange { response, about } = exchange;
        let answered_at = arrived_at + response.delivery.span(response.body.len());
        let number = self.next;
        self.next += 1;
        let gap = self.ledger.judge(number, arrived_at, answered_at, &request, exchange);
        let entry = Entry {
            number,
            arrived_at,
            answered_at,
            gap,
            about: About {
                client_id: about.client_id.as_deref().map(|id| shortened(id, NAME)),
                ..about.clone()
            },
            method: shortened(request.method, NAME),
            target: shortened(request.target, HEAD),
            headers: kept(request.headers),
            body: Body::of(request.body),
            status: response.status,
            answer_headers: kept(response.headers.clone()),
            answer_body: Body::of(response.body.clone()),
            delivery: response.delivery.clone(),
        };
        self.size += entry.size();
        self.entries.push_back(entry);
        while self.entries.len() > self.length || (self.size > LARGEST_JOURNAL && self.entries.len() > 1) {
            self.drop_oldest();
        }
        self.entries.back()
    }

    /// The clock that times come from was set back so far. Clients do not notice, so no poll comes too early for that.
    pub fn set_back(&mut self, span: Duration) {
        self.ledger.set_back(span);
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.entries.pop_front() {
            self.size -= oldest.size();
            self.dropped += 1;
        }
    }

    /// What is kept, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    /// The oldest that has this number or a greater one.
    pub fn from(&self, number: u64) -> Option<&Entry> {
        let first = self.entries.front()?.number;
        let at = usize::try_from(number.saturating_sub(first)).ok()?;
        self.entries.get(at)
    }

    /// The number that the next entry will have.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// How many entries had to make room.
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// What each client's requests say about it, also those whose entries made room.
    pub fn verdicts(&self) -> Vec<Verdict> {
        self.ledger.verdicts()
    }

    /// Forgets entries and verdicts; numbers go on.
    pub fn clear(&mut self) {
        let next = self.next;
        *self = Self::new(self.length);
        self.next = next;
    }
}

impl Entry {
    /// How many bytes it takes up.
    fn size(&self) -> usize {
        let texts = |texts: &[String]| texts.iter().map(|text| size_of::<String>() + text.len()).sum::<usize>();
        let fields = |fields: &[(String, String)]| -> usize {
            let field = |(name, value): &(String, String)| size_of::<(String, String)>() + name.len() + value.len();
            fields.iter().map(field).sum()
        };
        let about = texts(&self.about.faults) + self.about.client_id.as_ref().map_or(0, String::len);
        let heads = fields(&self.headers) + fields(&self.answer_headers);
        let bodies = self.body.kept.len() + self.answer_body.kept.len();
        size_of::<Self>() + self.method.len() + self.target.len() + about + heads + bodies
    }
}

impl Default for Journal {
    fn default() -> Self {
        Self::new(USUAL_LENGTH)
    }
}

/// The first header fields, as many as fit; the one that does not is cut, and those after it are left out.
fn kept(headers: Vec<(String, String)>) -> Vec<(String, String)> {
    let mut room = HEAD;
    let cut = |(name, value): (String, String)| {
        let left = room;
        room = room.saturating_sub(name.len() + value.len());
        (left > 0).then(|| (shortened(name, left), shortened(value, left)))
    };
    headers.into_iter().map_while(cut).collect()
}

/// A text, or its beginning and an ellipsis.
fn shortened<'a>(text: impl Into<Cow<'a, str>>, limit: usize) -> String {
    let text = text.into();
    if text.len() <= limit {
        return text.into_owned();
    }
    let end = (0..=limit).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    format!("{}…", &text[..end])
}

/// Whether a client could not read an answer to its end.
fn is_lost(response: &Response) -> bool {
    response.delivery.ending != Ending::Whole
}
