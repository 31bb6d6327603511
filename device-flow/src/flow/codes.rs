//! The code on the screen, and after a renewal the one before it, which somebody may be typing in still.

use super::pending::{Pending, Verdict};
use crate::flow::Ending;
use crate::secret::CodeVerifier;
use crate::setback::own_share;
use crate::time::{Instant, UnixTime};
use crate::wire::AnswerError;
use crate::wire::device_authorization::DeviceAuthorization;
use crate::wire::token::TokenAnswer;

/// One code, and when to ask about it.
#[derive(Debug)]
pub(crate) struct Code {
    pub(crate) authorization: DeviceAuthorization,
    pub(crate) pending: Pending,
    /// What proves that this device asked for the code; with PKCE alone.
    pub(crate) verifier: Option<CodeVerifier>,
}

impl Code {
    /// One that came at `now`, with an answer that told that time.
    pub(crate) fn new(
        now: Instant,
        date: Option<UnixTime>,
        authorization: DeviceAuthorization,
        verifier: Option<CodeVerifier>,
    ) -> Self {
        let own_share = own_share(authorization.device_code.expose(), authorization.interval);
        let pending = Pending::new(now, date, authorization.expires_in, authorization.interval, own_share);
        Self {
            authorization,
            pending,
            verifier,
        }
    }
}

/// What the person may be typing in: each code is asked about in its own time, one at a time.
#[derive(Debug)]
pub(crate) struct Codes {
    shown: Code,
    /// Has run out, and waits for its last answer.
    old: Option<Code>,
    /// The poll under way, or the last one, is about the old one.
    asked_old: bool,
    /// Another code may take the place of the one shown when that runs out.
    renewable: bool,
}

impl Codes {
    pub(crate) fn new(shown: Code, old: Option<Code>, renewable: bool) -> Self {
        Self {
            shown,
            old,
            asked_old: false,
            renewable,
        }
    }

    pub(crate) fn shown(&self) -> &Code {
        &self.shown
    }

    pub(crate) fn into_shown(self) -> Code {
        self.shown
    }

    /// Whether it is time for a new code.
    pub(crate) fn need_renewal(&self, now: Instant) -> bool {
        self.renewable && self.shown.pending.left(now).is_zero()
    }

    /// Whether a poll goes out at `now`; if so the caller sends it, with [`Codes::asked`].
    pub(crate) fn due(&mut self, now: Instant) -> bool {
        self.asked_old = self.old.as_mut().is_some_and(|old| old.pending.due(now));
        self.asked_old || self.shown.pending.due(now)
    }

    /// What the poll is about.
    pub(crate) fn asked(&self) -> &Code {
        let old = self.old.as_ref().filter(|_| self.asked_old);
        old.unwrap_or(&self.shown)
    }

    /// When the next poll may go out.
    pub(crate) fn next_poll_at(&self) -> Instant {
        let shown = self.shown.pending.next_poll_at();
        self.old
            .as_ref()
            .map_or(shown, |old| shown.min(old.pending.next_poll_at()))
    }

    /// When there is something to do next.
    pub(crate) fn wake_at(&self) -> Instant {
        let next_poll_at = self.next_poll_at();
        if self.renewable {
            next_poll_at.min(self.shown.pending.expires_at())
        } else {
            next_poll_at
        }
    }

    /// Judges the answer that arrived at `now` and told that time. Only yes and no count for the old code.
    pub(crate) fn judge(
        &mut self,
        now: Instant,
        date: Option<UnixTime>,
        answer: Result<TokenAnswer, AnswerError>,
    ) -> Verdict {
        let Some(old) = self.old.as_mut().filter(|_| self.asked_old) else {
            return self.shown.pending.judge(now, date, answer);
        };
        match old.pending.judge(now, date, answer) {
            verdict @ (Verdict::Granted(_) | Verdict::Ended(Ending::Denied(_))) => return verdict,
            Verdict::Again => {}
            Verdict::Ended(_) | Verdict::Failed(_) => self.old = None,
        }
        Verdict::Again
    }
}
