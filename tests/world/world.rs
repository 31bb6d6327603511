//! Who takes part in a story, and what will happen to them.

mod checkup;
mod course;

use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{Config, Flow, Settings, SignatureAnswer, SignatureCheck};
use mock_idp::{Idp, RateLimits, Rs256Signer, Signer, Switch};

use crate::message::Message;
use crate::seal::{self, Seal};
use crate::television::Television;
use crate::witness::Witness;
use crate::{Issuer, Log, Network, Press, Viewer, page};

/// One story.
#[derive(Debug)]
pub struct World {
    now: Duration,
    settings: Settings,
    tv: Television,
    wake_at: Option<Duration>,
    presses: Vec<(Duration, Press)>,
    /// Of the page that the television is; a program has none.
    origin: Option<&'static str>,
    verify: fn(&SignatureCheck) -> SignatureAnswer,
    idp: Idp,
    viewer: Viewer,
    viewer_acts_at: Option<Duration>,
    network: Network,
    on_its_way: Vec<Message>,
    requests: usize,
    polls: usize,
    user_code: String,
    code_shown_at: Duration,
    witness: Witness,
    log: Log,
}

impl World {
    /// A television that is about to sign in, a person who is absent, a network without faults.
    pub fn new(issuer: Issuer) -> Self {
        Self::signed_by(
            issuer,
            Arc::new(Rs256Signer::test_only().expect("the test key is sound")),
        )
    }

    /// The same, but the server's tokens are signed by somebody else.
    pub fn signed_by(issuer: Issuer, signer: Arc<dyn Signer>) -> Self {
        Self {
            now: Duration::ZERO,
            settings: issuer.settings(),
            tv: Television::new(flow(issuer.settings())),
            wake_at: None,
            presses: vec![(Duration::ZERO, Press::Start)],
            origin: None,
            verify: client_term::signature::verify,
            idp: issuer.idp(signer),
            viewer: Viewer::Absent,
            viewer_acts_at: None,
            network: Network::default(),
            on_its_way: Vec::new(),
            requests: 0,
            polls: 0,
            user_code: String::new(),
            code_shown_at: Duration::ZERO,
            witness: Witness::default(),
            log: Log::default(),
        }
    }

    /// The same with signatures that cost nothing and prove nothing, for thousands of stories in a row.
    pub fn sealed(issuer: Issuer) -> Self {
        Self {
            verify: seal::verify,
            ..Self::signed_by(issuer, Arc::new(Seal::new()))
        }
    }

    /// With this person.
    #[must_use]
    pub fn viewer(self, viewer: Viewer) -> Self {
        Self { viewer, ..self }
    }

    /// With this network.
    #[must_use]
    pub fn network(self, network: Network) -> Self {
        Self { network, ..self }
    }

    /// With a server that misbehaves as a scenario of the mock's catalogue says, such as `X-23` in its form `429`; an
    /// empty name means the first form.
    #[must_use]
    pub fn scenario(self, id: &str, variant: &str) -> Self {
        let variant = Some(variant).filter(|name| !name.is_empty()).map(str::to_owned);
        let switch = Switch {
            variant,
            ..Switch::default()
        };
        self.idp.faults().switch_on(id, switch).expect("the catalogue has it");
        self
    }

    /// With a server that misbehaves as a script in the mock's own language says (`mock-idp/README.md`).
    #[must_use]
    pub fn script(self, json: &str) -> Self {
        let script = serde_json::from_str(json).expect("a script");
        self.idp.faults().run(script).expect("a sound script");
        self
    }

    /// With a server that takes so many requests, in the words of `mock-idp serve --rate-limits`.
    #[must_use]
    pub fn rate_limits(mut self, text: &str) -> Self {
        let mut limits = RateLimits::default();
        limits.read(text).expect("a rate limit");
        self.idp.change_rate_limits(limits);
        self
    }

    /// With other settings; call it before anything that happens to the television.
    #[must_use]
    pub fn settings(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self.tv = Television::new(flow(self.settings.clone()));
        self
    }

    /// With a television that is switched to standby for a while; its connections do not survive that.
    #[must_use]
    pub fn tv_sleeps(mut self, standby: Range<Duration>) -> Self {
        self.tv.sleeps(standby);
        self
    }

    /// With a television whose wall clock is set by so many seconds at that time, forwards or backwards.
    #[must_use]
    pub fn tv_clock_set(mut self, at: Duration, by: i64) -> Self {
        self.tv.clock_is_set(at, by);
        self
    }

    /// With somebody who also presses this key at that time; `Start` is pressed at the beginning of every story.
    #[must_use]
    pub fn press(mut self, at: Duration, press: Press) -> Self {
        self.presses.push((at, press));
        self
    }

    /// With a television that is a page from another origin, which reads of an answer what CORS lets it.
    #[must_use]
    pub fn on_a_page(self) -> Self {
        let origin = Some(page::ORIGIN);
        Self { origin, ..self }
    }

    /// With a television that is a packaged application, whose pages come from files.
    #[must_use]
    pub fn on_a_packaged_page(self) -> Self {
        let origin = Some(page::NO_ORIGIN);
        Self { origin, ..self }
    }
}

fn flow(settings: Settings) -> Flow {
    Flow::new(Config::new(settings).expect("a sound configuration"))
}
