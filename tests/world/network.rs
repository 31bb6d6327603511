//! What lies between the television and the server, and what it does to which poll.

use std::time::Duration;

use device_flow::{HttpResponse, TransportError};

/// Delay, and a list of misfortunes.
#[derive(Clone, Debug)]
pub struct Network {
    /// One way.
    pub(crate) latency: Duration,
    faults: Vec<(usize, Fault)>,
}

/// What happens to one device access token request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Somebody on the way, or the server's own front, answers in its place.
    Answered(HttpResponse),
    /// The request arrives, the answer does not.
    AnswerLost(TransportError),
    /// The request arrives twice, and the answer to the second one comes back.
    Repeated,
    /// The request never arrives.
    RequestLost(TransportError),
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
    /// Does `fault` to the polls of these numbers, counted from one.
    #[must_use]
    pub fn with(mut self, polls: impl IntoIterator<Item = usize>, fault: &Fault) -> Self {
        self.faults.extend(polls.into_iter().map(|poll| (poll, fault.clone())));
        self
    }

    /// Answers the polls of these numbers with `status` and `body`.
    #[must_use]
    pub fn answering(self, polls: impl IntoIterator<Item = usize>, status: u16, body: &[u8]) -> Self {
        let headers = vec![("content-type".into(), "application/json".into())];
        self.with(
            polls,
            &Fault::Answered(HttpResponse {
                status,
                headers,
                body: body.into(),
            }),
        )
    }

    pub(crate) fn fault(&self, poll: usize) -> Option<&Fault> {
        self.faults
            .iter()
            .find(|(number, _)| *number == poll)
            .map(|(_, fault)| fault)
    }
}
