//! How an answer travels: at once and whole, unless a test wants it otherwise.
//!
//! The pure server only says what should happen; whoever carries the answer, socket or simulation, does it.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What happens to an answer on its way.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Delivery {
    /// How long it waits before it leaves, by the mock's own clock.
    pub delay: Duration,
    /// Its body leaves in pieces.
    pub pace: Option<Pace>,
    /// How far it gets.
    pub ending: Ending,
}

impl Delivery {
    /// At once and whole.
    pub fn is_plain(&self) -> bool {
        *self == Self::default()
    }

    /// How long it takes until the last byte of a body of this length has left, or would have.
    pub fn span(&self, length: usize) -> Duration {
        let sent = match self.ending {
            Ending::Whole => length,
            Ending::NoAnswer | Ending::Reset | Ending::Stall => 0,
            Ending::ClosedAfter(bytes) | Ending::ResetAfter(bytes) | Ending::StalledAfter(bytes) => bytes.min(length),
        };
        let pauses = |pace: &Pace| sent.div_ceil(pace.bytes.max(1)).saturating_sub(1);
        let trickling = self.pace.as_ref().map(|pace| {
            let pauses = u32::try_from(pauses(pace)).unwrap_or(u32::MAX);
            pace.every.saturating_mul(pauses)
        });
        self.delay.saturating_add(trickling.unwrap_or_default())
    }
}

/// A body that trickles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// So many bytes at a time.
    pub bytes: usize,
    /// So long between one piece and the next, by the mock's own clock.
    pub every: Duration,
}

/// How far an answer gets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It arrives.
    #[default]
    Whole,
    /// The connection is closed, and nothing was said.
    NoAnswer,
    /// The connection is reset (TCP RST), and nothing was said.
    Reset,
    /// Nothing is said, and the connection stays open.
    Stall,
    /// The headers arrive, and so many bytes of the body; then the connection is closed.
    ClosedAfter(usize),
    /// The headers arrive, and so many bytes of the body; then the connection is reset.
    ResetAfter(usize),
    /// The headers arrive, and so many bytes of the body; then nothing more, and the connection stays open.
    StalledAfter(usize),
}
