//! The person with the phone, and the remote control.

use std::time::Duration;

/// What the person does, counted from when the code appears.
#[derive(Clone, Copy, Debug, Default)]
pub enum Viewer {
    /// Signs in as jane and approves.
    ApprovesAfter(Duration),
    /// Says no; where nobody can, closes the page.
    DeniesAfter(Duration),
    /// Has left the room.
    #[default]
    Absent,
}

impl Viewer {
    pub(crate) fn acts_after(self) -> Option<Duration> {
        match self {
            Self::ApprovesAfter(span) | Self::DeniesAfter(span) => Some(span),
            Self::Absent => None,
        }
    }
}

/// A key on the remote control.
#[derive(Clone, Copy, Debug)]
pub enum Press {
    /// `Input::Start`.
    Start,
    /// `Input::Cancel`.
    Cancel,
}
