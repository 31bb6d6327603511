//! What will not work here, told to whoever sets an app up, before a person sees anything.
//!
//! A [`Checkup`] begins a sign-in as a [`Flow`] would, goes on until the token endpoint has answered once, and gives the
//! code up. It needs nobody; what it costs is one code, of which authentik gives out twenty an hour.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use crate::config::Config;
use crate::error::{LostCause, TransportError};
use crate::flow::{Flow, Input, State, Step};
use crate::time::Instant;
use crate::url::HttpUrl;
use crate::view::{Failure, View};

/// Ours: fewer people than one would like find their phone, sign in and approve in this time.
const SHORT_LIFETIME: Duration = Duration::from_secs(120);

/// Something that will not work, or not well.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Finding {
    /// Stable name: that of the failure a person would meet, or one of the hints below.
    ///
    /// Hints: `refusals_hidden`, `short_lifetime`, `verification_uri_complete_missing`, or the name of why the token
    /// endpoint's answer got lost.
    pub code: String,
    /// Nobody can sign in; otherwise it is a hint.
    pub is_fatal: bool,
    /// Who answered, or should have.
    pub endpoint: &'static str,
    /// What was found, as one sentence without a full stop.
    pub what: String,
    /// What to do about it, as a whole sentence.
    pub advice: &'static str,
}

/// One look at an authorization server; driven by a shell exactly as a [`Flow`] is.
#[derive(Debug)]
pub struct Checkup {
    flow: Flow,
    findings: Vec<Finding>,
    verification_uri: Option<HttpUrl>,
    is_over: bool,
}

impl Checkup {
    /// With the configuration that people are to sign in with. [`Input::Start`] begins.
    pub fn new(config: Config) -> Self {
        Self {
            flow: Flow::new(config),
            findings: Vec::new(),
            verification_uri: None,
            is_over: false,
        }
    }

    /// Takes in what happened and says what to do next, as [`Flow::step`] does.
    pub fn step(&mut self, now: Instant, input: Input) -> Step {
        if self.is_over {
            return Step {
                ask: None,
                wake_at: None,
            };
        }
        let endpoint = endpoint(self.flow.state());
        let (was_pending, was_polling) = (self.is_pending(), self.flow.is_polling());
        let step = self.flow.step(now, input);
        let view = self.flow.view(now);
        if !was_pending {
            self.look_at_code(&view);
        }
        if let View::Failed(failure) = view {
            self.findings.push(fatal(endpoint, &failure));
        } else if let View::Denied { .. } | View::Expired = view {
            self.findings.push(refused(matches!(view, View::Expired)));
        } else if was_polling && !self.flow.is_polling() {
            self.look_at_poll();
        } else if self.flow.is_active() {
            return step;
        }
        self.is_over = true;
        self.flow.step(now, Input::Cancel)
    }

    /// What was found, the worst last; `None` while the server is still being asked. Nothing found is an empty list.
    pub fn findings(&self) -> Option<&[Finding]> {
        self.is_over.then_some(&self.findings)
    }

    /// Where people would have been sent, if it came to that.
    pub fn verification_uri(&self) -> Option<&HttpUrl> {
        self.verification_uri.as_ref()
    }

    fn is_pending(&self) -> bool {
        matches!(self.flow.state(), State::Pending { .. })
    }

    fn look_at_code(&mut self, view: &View) {
        let View::Code(code) = view else { return };
        self.verification_uri = Some(code.verification_uri.clone());
        let mut hint = |code: &str, what: &str, advice| {
            self.findings.push(Finding {
                code: code.into(),
                is_fatal: false,
                endpoint: DEVICE_AUTHORIZATION,
                what: what.into(),
                advice,
            });
        };
        if code.verification_uri_complete.is_none() {
            hint(
                "verification_uri_complete_missing",
                "the answer has no address with the code inside",
                "The QR will hold the plain address, and people will have to type the code.",
            );
        }
        if code.lifetime <= SHORT_LIFETIME {
            hint(
                "short_lifetime",
                "codes live for two minutes at most",
                "Give people more time in the server’s settings, or set `renewals`.",
            );
        }
    }

    /// The first poll of a code that nobody knows of is pending; what else came of it is worth a hint.
    fn look_at_poll(&mut self) {
        let Some(setback) = self.flow.setback() else { return };
        let (code, what, advice) = match setback.cause {
            LostCause::Transport(TransportError::CrossOriginRefused) => (
                "refusals_hidden",
                "this page may not read what the token endpoint refuses with (CORS)".into(),
                "People will be asked to wait where they were denied; a proxy on the page’s own origin helps.",
            ),
            cause => (
                cause.code(),
                cause.to_string(),
                "If this lasts, nobody can sign in; look again in a few minutes.",
            ),
        };
        self.findings.push(Finding {
            code: code.into(),
            is_fatal: false,
            endpoint: TOKEN,
            what,
            advice,
        });
    }
}

const DEVICE_AUTHORIZATION: &str = "device authorization endpoint";
const TOKEN: &str = "token endpoint";

fn endpoint(state: &State) -> &'static str {
    match state {
        State::Idle | State::Discovering { .. } | State::Done(_) => "metadata endpoint",
        State::Challenging { .. } | State::Authorizing { .. } => DEVICE_AUTHORIZATION,
        State::Pending { .. } => TOKEN,
        State::FetchingKeys { .. } | State::CheckingSignature { .. } | State::CheckingAccessToken { .. } => {
            "JWKS endpoint"
        }
    }
}

/// The first poll ended the sign-in: whoever ends a code that nobody has seen ends every one.
fn refused(is_expired: bool) -> Finding {
    let (code, what) = if is_expired {
        ("expired_token", "a code that nobody has seen yet has expired")
    } else {
        ("access_denied", "a code that nobody has seen yet is denied")
    };
    Finding {
        code: code.into(),
        is_fatal: true,
        endpoint: TOKEN,
        what: what.into(),
        advice: "Nobody can sign in: look at the server’s access policies, and at its clock.",
    }
}

fn fatal(endpoint: &'static str, failure: &Failure) -> Finding {
    Finding {
        code: failure.code().into(),
        is_fatal: true,
        endpoint,
        what: failure.what(),
        advice: failure.advice(),
    }
}
