//! What travels between the television and the server.

use std::time::Duration;

use device_flow::{Answer, AskId, HttpRequest};

/// A request or an answer.
#[derive(Debug)]
pub(crate) enum Message {
    ToIdp {
        at: Duration,
        id: AskId,
        request: HttpRequest,
        number: usize,
        poll: Option<usize>,
    },
    ToTv {
        at: Duration,
        sent_at: Duration,
        id: AskId,
        answer: Answer,
        /// Something or somebody had a hand in it.
        is_disturbed: bool,
    },
}

impl Message {
    /// When it arrives.
    pub(crate) fn at(&self) -> Duration {
        match self {
            Self::ToIdp { at, .. } | Self::ToTv { at, .. } => *at,
        }
    }
}
