//! Everything that a mock is started with, as a value and as the file `mock-idp.toml`.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use serde::Deserialize;

use crate::fault::{FaultError, Faults, Script};
use crate::journal::USUAL_LENGTH;
use crate::personality::{Assumptions, AuthentikVersion};
use crate::setup::{AuthorizationServer, Client, DEFAULT, Flows, RateLimits, Setup, User};
use crate::signer::Signer;

mod address;
mod beginning;
mod check;
mod listeners;
mod page_origin;
mod problem;
mod scenario;

pub use address::Address;
pub use beginning::{ClockSettings, KeySettings};
pub use listeners::Listeners;
pub use page_origin::PageOrigin;
pub use problem::ConfigError;
pub use scenario::ScenarioSettings;

/// What a mock is started with.
///
/// As a file it is TOML. What the file leaves out is as [`Default`] has it; the lists of a file replace the built-in
/// ones.
///
/// ```
/// use mock_idp::{Config, MockIdp};
///
/// let config = Config::parse("[[clients]]\nid = 'box'\nname = 'Set-top box'\n")?;
/// let mock = MockIdp::builder().config(config).free_ports().start()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The same seed yields the same codes and tokens. Without one it is 0, or another in every run of `serve`.
    pub seed: Option<u64>,
    /// Which authentik the authentik is.
    pub authentik_version: AuthentikVersion,
    /// What flows that authentik has for devices.
    pub flows: Flows,
    /// How products behave where nobody has verified it.
    pub assumptions: Assumptions,
    /// How many requests the products take.
    pub rate_limits: RateLimits,
    /// Origins of pages that call these servers: Okta's Trusted Origins (O-108), authentik's redirect URIs (A-90).
    pub page_origins: Vec<PageOrigin>,
    /// How many requests the journal keeps; with 0 nothing is kept and nobody judged.
    pub journal: usize,
    /// Where everything listens.
    pub listen: Listeners,
    /// How the clock begins.
    pub clock: ClockSettings,
    /// What signs tokens.
    pub keys: KeySettings,
    /// Who may ask for codes.
    pub clients: Vec<Client>,
    /// Who may approve.
    pub users: Vec<User>,
    /// Okta's custom authorization servers.
    pub authorization_servers: Vec<AuthorizationServer>,
    /// Scenarios that are on from the start.
    pub scenarios: Vec<ScenarioSettings>,
    /// Scripts that are on from the start.
    pub scripts: Vec<Script>,
}

impl Default for Config {
    /// The usual ports, and the demo's world: client `tv` and user `jane` with password `password`.
    fn default() -> Self {
        Self {
            seed: None,
            authentik_version: AuthentikVersion::default(),
            flows: Flows::default(),
            assumptions: Assumptions::default(),
            rate_limits: RateLimits::default(),
            page_origins: Vec::new(),
            journal: USUAL_LENGTH,
            listen: Listeners::default(),
            clock: ClockSettings::default(),
            keys: KeySettings::default(),
            clients: vec![Client::demo()],
            users: vec![User::demo()],
            authorization_servers: vec![AuthorizationServer::new(DEFAULT)],
            scenarios: Vec::new(),
            scripts: Vec::new(),
        }
    }
}

impl Config {
    /// The name that `serve` looks for in the current folder.
    pub const FILE_NAME: &str = "mock-idp.toml";

    /// A file with every setting, each with its default and explained: what `mock-idp init` writes.
    pub const COMMENTED: &str = include_str!("../mock-idp.toml");

    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, ConfigError> {
        let text = fs::read_to_string(file);
        let text = text.map_err(|problem| {
            let text = format!("cannot be read: {problem} (`mock-idp init FILE` writes such a file)");
            ConfigError::of_file(text).in_file(file)
        })?;
        Self::parse(&text).map_err(|problem| problem.in_file(file))
    }

    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text).map_err(|problem| ConfigError::of_toml(text, &problem))?;
        config.check().map_err(|misfit| ConfigError::of_entry(text, misfit))?;
        Ok(config)
    }

    /// What every host is made from. Scenarios and scripts come [apart](Self::faults), because they may be wrong.
    pub(crate) fn setup(&self, signer: Arc<dyn Signer>) -> Setup {
        Setup {
            clients: self.clients.clone(),
            users: self.users.clone(),
            page_origins: self
                .page_origins
                .iter()
                .map(|origin| origin.as_str().to_owned())
                .collect(),
            authorization_servers: self.authorization_servers.clone(),
            authentik_version: self.authentik_version,
            flows: self.flows.clone(),
            assumptions: self.assumptions,
            rate_limits: self.rate_limits.clone(),
            skew: self.clock.skew,
            seed: self.seed.unwrap_or_default(),
            ..Setup::demo(signer)
        }
    }

    /// What is to go wrong from the start.
    pub(crate) fn faults(&self) -> Result<Faults, FaultError> {
        let faults = Faults::default();
        for scenario in &self.scenarios {
            faults.switch_on(&scenario.id, scenario.switch())?;
        }
        for script in &self.scripts {
            faults.run(script.clone())?;
        }
        Ok(faults)
    }
}
