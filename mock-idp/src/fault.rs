//! Misfortunes on demand: which exchange goes wrong, and how.
//!
//! A [`Script`] is what somebody writes, a [`Scenario`] is a script from the catalogue, and [`Faults`] are those
//! switched on. The server asks them twice: before it decides ([`Plan`]) and when it has an answer.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::grant::device::GrantState;
use crate::http::Request;
use crate::idp::About;

mod answer;
mod catalogue;
mod change;
mod facts;
mod placeholder;
mod script;

pub use answer::CannedAnswer;
pub use catalogue::{Scenario, Variant, catalogue};
pub use change::Change;
pub use facts::{CodesAfterExpiry, DeviceCodes, FactChanges, Pacing, TurnsAway, UserCodes};
pub(crate) use placeholder::Scene;
pub use script::{Forced, GrantType, Requests, Script, Step, Then, Trickle};

/// The scenarios and scripts that are switched on. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<State>>);

#[derive(Clone, Debug, Default)]
struct State {
    active: Vec<Active>,
    scripts_made: u64,
}

/// One scenario or script that is switched on.
#[derive(Clone, Debug)]
struct Active {
    id: String,
    variant: Option<String>,
    script: Arc<Script>,
    /// How many requests fitted each step.
    fitted: Vec<u64>,
    applied: u64,
}

/// One scenario or script that is switched on, as a test sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct ActiveFault {
    /// A scenario's id such as `X-23`, or `script-1` and so on.
    pub id: String,
    /// Which form of the scenario.
    pub variant: Option<String>,
    /// What it does, and to whom.
    pub script: Script,
    /// How many requests it has acted on.
    pub applied: u64,
}

/// How a scenario is switched on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Switch {
    /// Which form of it, by name; without one, its first.
    pub variant: Option<String>,
    /// For this client alone.
    pub client: Option<String>,
    /// At this issuer alone, by name such as `okta-org`.
    pub issuer: Option<String>,
    /// For so many requests; without a number as many as the scenario says, else until it is switched off.
    pub count: Option<u64>,
}

/// Why a scenario or script was not switched on or off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultError {
    /// The catalogue has no such scenario.
    UnknownScenario(String),
    /// The scenario has no such variant; those it has come along.
    UnknownVariant(String, String, Vec<String>),
    /// It acts on requests that name no client, so it cannot be kept to one.
    NotByClient(String),
    /// The script or scenario is asked for something that cannot be done.
    Script(String),
    /// Nothing of this id is switched on.
    NotActive(String),
}

impl fmt::Display for FaultError {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::UnknownScenario(id) => match id.as_str() {
                "X-44" => write!(
                    out,
                    "X-44 is no server's doing (somebody approves after the client has stopped): \
                     POST /grants/{{user_code}}/approve does it"
                ),
                "X-48b" => write!(out, "X-48b looks like X-47 to a device: switch that one on"),
                _ => {
                    let nearest = catalogue::nearest(id).join(", ");
                    write!(
                        out,
                        "there is no scenario {id:?}; the nearest are {nearest}; SCENARIOS.md lists them all"
                    )
                }
            },
            Self::UnknownVariant(id, variant, known) if known.is_empty() => {
                write!(out, "scenario {id} has no variants, so not {variant:?} either")
            }
            Self::UnknownVariant(id, variant, known) => {
                write!(
                    out,
                    "scenario {id} has no variant {variant:?}; there are: {}",
                    known.join(", ")
                )
            }
            Self::NotByClient(id) => write!(
                out,
                "{id} acts on requests that name no client, such as preflights, metadata and keys: leave `client` out"
            ),
            Self::Script(problem) => write!(out, "{problem}"),
            Self::NotActive(id) => {
                write!(
                    out,
                    "nothing called {id:?} is switched on; GET /scenarios lists what is, under \"active\""
                )
            }
        }
    }
}

impl std::error::Error for FaultError {}

/// What faults know of a request before the server has decided.
pub(crate) struct Matter<'a> {
    pub(crate) about: &'a About,
    pub(crate) request: &'a Request,
    pub(crate) grant_type: Option<&'a str>,
    /// Where the grant of the `device_code` stands, if there is one.
    pub(crate) state: Option<GrantState>,
    /// Whether it submits a code that somebody typed on the person's page.
    pub(crate) is_typed_code: bool,
}

/// The steps that fit one request, in the order in which they were switched on.
#[derive(Debug, Default)]
pub(crate) struct Plan(Vec<Planned>);

#[derive(Debug)]
struct Planned {
    id: String,
    script: Arc<Script>,
    step: usize,
}

impl Planned {
    fn step(&self) -> &Step {
        &self.script.steps[self.step]
    }
}

impl Faults {
    /// Switches a scenario of the catalogue on, also one that is on already.
    pub fn switch_on(&self, id: &str, switch: Switch) -> Result<(), FaultError> {
        let scenario = catalogue().iter().find(|scenario| scenario.id == id);
        let scenario = scenario.ok_or_else(|| FaultError::UnknownScenario(id.to_owned()))?;
        let variant = scenario.variant(switch.variant.as_deref())?;
        if switch.count == Some(0) {
            let text = "`count` is 0: leave it out to let the scenario stay on";
            return Err(FaultError::Script(text.to_owned()));
        }
        let script = Script {
            client: switch.client,
            issuer: switch.issuer,
            count: switch.count.or(scenario.count),
            steps: variant.steps.clone(),
        };
        if script.client.is_some() && script.steps.iter().any(Step::names_no_client) {
            return Err(FaultError::NotByClient(id.to_owned()));
        }
        let name = (!variant.name.is_empty()).then(|| variant.name.clone());
        self.add(id.to_owned(), name, script);
        Ok(())
    }

    /// Switches a script on; the answer is its id.
    pub fn run(&self, script: Script) -> Result<String, FaultError> {
        script.check().map_err(FaultError::Script)?;
        let mut state = self.state();
        state.scripts_made += 1;
        let id = format!("script-{}", state.scripts_made);
        drop(state);
        self.add(id.clone(), None, script);
        Ok(id)
    }

    /// Switches one scenario (all its forms) or script off.
    pub fn switch_off(&self, id: &str) -> Result<(), FaultError> {
        let mut state = self.state();
        let before = state.active.len();
        state.active.retain(|active| active.id != id);
        if state.active.len() == before {
            return Err(FaultError::NotActive(id.to_owned()));
        }
        Ok(())
    }

    /// Switches everything off.
    pub fn clear(&self) {
        *self.state() = State::default();
    }

    /// What is switched on, in the order in which it acts.
    pub fn active(&self) -> Vec<ActiveFault> {
        let view = |active: &Active| ActiveFault {
            id: active.id.clone(),
            variant: active.variant.clone(),
            script: Script::clone(&active.script),
            applied: active.applied,
        };
        self.state().active.iter().map(view).collect()
    }

    /// What is switched on now, in a value that shares nothing with this one.
    #[cfg(feature = "server")]
    pub(crate) fn copied(&self) -> Self {
        Self(Arc::new(Mutex::new(self.state().clone())))
    }

    /// Switches on what is on in the other, and off what is not.
    #[cfg(feature = "server")]
    pub(crate) fn reset_to(&self, other: &Self) {
        let state = other.state().clone();
        *self.state() = state;
    }

    fn add(&self, id: String, variant: Option<String>, script: Script) {
        let fitted = vec![0; script.steps.len()];
        self.state().active.push(Active {
            id,
            variant,
            script: Arc::new(script),
            fitted,
            applied: 0,
        });
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing is switched on.
    pub(crate) fn is_quiet(&self) -> bool {
        self.state().active.is_empty()
    }

    /// The steps that fit a request. Each request is counted once by every step that it fits.
    pub(crate) fn plan(&self, matter: &Matter) -> Plan {
        let mut plan = Plan::default();
        for active in &mut self.state().active {
            let Active { id, script, fitted, .. } = active;
            if !script.concerns(matter.about) {
                continue;
            }
            for (index, (step, fitted)) in script.steps.iter().zip(fitted).enumerate() {
                if !step.fits(matter) {
                    continue;
                }
                *fitted += 1;
                if step.request.is_none_or(|requests| requests.contains(*fitted)) {
                    plan.0.push(Planned {
                        id: id.clone(),
                        script: Arc::clone(script),
                        step: index,
                    });
                }
            }
        }
        plan
    }

    /// Takes one from what is left of a fault's count, unless it already acted on this request.
    fn spend(&self, planned: &Planned, about: &mut About) -> bool {
        if about.faults.contains(&planned.id) {
            return true;
        }
        let mut state = self.state();
        let own = |active: &&mut Active| Arc::ptr_eq(&active.script, &planned.script);
        let Some(active) = state.active.iter_mut().find(own) else {
            return false;
        };
        active.applied += 1;
        about.faults.push(planned.id.clone());
        let applied = active.applied;
        if active.script.count.is_some_and(|count| applied >= count) {
            state
                .active
                .retain(|active| !Arc::ptr_eq(&active.script, &planned.script));
        }
        true
    }

    /// The steps that act before the server has decided, and therefore whatever its answer will be.
    pub(crate) fn before<'a>(&self, plan: &'a Plan, about: &mut About) -> Vec<&'a Step> {
        let early = plan.0.iter().filter(|planned| planned.step().when.is_none());
        let due = early.filter(|planned| self.spend(planned, about));
        due.map(Planned::step).collect()
    }

    /// The steps that waited for an answer of this outcome: an error code, or `None` for success.
    pub(crate) fn after<'a>(&self, plan: &'a Plan, outcome: Option<&str>, about: &mut About) -> Vec<&'a Step> {
        let late = plan.0.iter().filter(|planned| planned.step().waits_for(outcome));
        let due = late.filter(|planned| self.spend(planned, about));
        due.map(Planned::step).collect()
    }
}

impl Plan {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
