//! What lies between the television and the server, and what it does to which request.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use device_flow::{HttpResponse, MAX_BODY_BYTES, TransportError};
use mock_idp::{Delivery, Ending};

/// How long a shell waits for one whole answer, as both of ours do.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(30);

/// Delay, and a list of misfortunes.
#[derive(Clone, Debug)]
pub struct Network {
    /// One way.
    pub(crate) latency: Duration,
    faults: Vec<(Which, Fault)>,
}

/// What happens to one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Somebody on the way, or the server's own front, answers in its place.
    Answered(HttpResponse),
    /// The request arrives, the answer does not.
    AnswerLost(TransportError),
    /// An attacker answers in the server's place, or a server that is broken.
    Forged(HttpResponse),
    /// The connection is dropped, and a browser cannot tell that from a server that forbids its answers to be read, as
    /// the next connection holds; for a program it just broke off.
    Misjudged,
    /// The request arrives twice, and the answer to the second one comes back.
    Repeated,
    /// The request never arrives.
    RequestLost(TransportError),
}

/// Its name, for counting.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered(response) => write!(f, "somebody else answers {}", response.status),
            Self::AnswerLost(_) => f.write_str("answer lost"),
            Self::Forged(_) => f.write_str("answer forged"),
            Self::Misjudged => f.write_str("dropped connection taken for CORS"),
            Self::Repeated => f.write_str("request repeated"),
            Self::RequestLost(error) => write!(f, "request lost: {}", error.code()),
        }
    }
}

/// Which request, counted from one.
#[derive(Clone, Copy, Debug)]
enum Which {
    /// Those that arrive, or would, between these moments.
    During(Duration, Duration),
    /// Of all.
    Request(usize),
    /// Of those to the token endpoint.
    Poll(usize),
}

impl Default for Network {
    fn default() -> Self {
        Self {
            latency: Duration::from_millis(100),
            faults: Vec::new(),
        }
    }
}

impl Network {
    /// Takes so long for one way.
    #[must_use]
    pub fn latency(self, latency: Duration) -> Self {
        Self { latency, ..self }
    }

    /// Does `fault` to the polls of these numbers, counted from one.
    #[must_use]
    pub fn with_polls(mut self, polls: impl IntoIterator<Item = usize>, fault: &Fault) -> Self {
        let polls = polls.into_iter().map(|poll| (Which::Poll(poll), fault.clone()));
        self.faults.extend(polls);
        self
    }

    /// Does `fault` to the requests of these numbers, counted from one, whatever they ask for.
    #[must_use]
    pub fn with_requests(mut self, requests: impl IntoIterator<Item = usize>, fault: &Fault) -> Self {
        let requests = requests
            .into_iter()
            .map(|request| (Which::Request(request), fault.clone()));
        self.faults.extend(requests);
        self
    }

    /// Answers the polls of these numbers with `status` and `body`.
    #[must_use]
    pub fn answering(self, polls: impl IntoIterator<Item = usize>, status: u16, body: &[u8]) -> Self {
        let headers = vec![("content-type".into(), "application/json".into())];
        self.with_polls(
            polls,
            &Fault::Answered(HttpResponse {
                status,
                headers,
                body: body.into(),
            }),
        )
    }

    /// Does `fault` to all requests for a while.
    #[must_use]
    pub fn during(mut self, outage: Range<Duration>, fault: Fault) -> Self {
        self.faults.push((Which::During(outage.start, outage.end), fault));
        self
    }

    /// What happens at `now` to the request of this number, which is the poll of that number if it is one.
    pub(crate) fn fault(&self, now: Duration, request: usize, poll: Option<usize>) -> Option<&Fault> {
        let is_meant = |which: Which| match which {
            Which::During(start, end) => (start..end).contains(&now),
            Which::Poll(number) => poll == Some(number),
            Which::Request(number) => request == number,
        };
        self.faults
            .iter()
            .find(|(which, _)| is_meant(*which))
            .map(|(_, fault)| fault)
    }
}

/// How long the answer takes beside the way, and what of it comes through to a shell that reads as ours do.
pub(crate) fn carry(answer: HttpResponse, delivery: &Delivery) -> (Duration, Result<HttpResponse, TransportError>) {
    let trickling = delivery.pace.map_or(Duration::ZERO, |pace| {
        let pieces = answer.body.len().div_ceil(pace.bytes).saturating_sub(1);
        pace.every * u32::try_from(pieces).unwrap_or(u32::MAX)
    });
    let span = delivery.delay.saturating_add(trickling);
    let stalls = matches!(delivery.ending, Ending::Stall | Ending::StalledAfter(_));
    if stalls || span >= TIMEOUT {
        return (TIMEOUT, Err(TransportError::TimedOut));
    }
    let answer = match delivery.ending {
        Ending::Whole if answer.body.len() > MAX_BODY_BYTES => Err(TransportError::BodyTooLarge),
        Ending::Whole => Ok(answer),
        _ => Err(TransportError::Interrupted),
    };
    (span, answer)
}
