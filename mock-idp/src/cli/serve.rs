//! `mock-idp serve`: the mock, until somebody stops it.

use std::fs;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use mock_idp::{Assumptions, AuthentikVersion, ConfigFile, Faults, MockIdp, RateLimits, Rs256Signer, Script, Switch};

use super::announcement::{Demo, announce};
use super::interrupt::interrupted;
use super::listeners::Listeners;
use super::value::{address, assumption, assumptions, authentik_version, origin, rate_limit};

#[derive(clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    listeners: Listeners,
    /// Where the control listener listens. Every ADDR is PORT or HOST:PORT, with port 0 for a free one.
    #[arg(long, value_name = "ADDR", value_parser = address)]
    #[arg(default_value = "8620", default_value_if("free_ports", "true", "0"))]
    control: SocketAddr,
    /// Listens on free ports wherever no other is given, so that many can run side by side.
    #[arg(long)]
    free_ports: bool,
    /// The origin of a page that calls these servers: a Trusted Origin of Okta, a redirect URI of authentik.
    #[arg(long, value_name = "URL", value_parser = origin)]
    page_origin: Vec<String>,
    /// Makes the same codes and tokens in every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Which authentik the authentik is: 2025.6, 2026.2 or 2026.5.
    #[arg(long, value_name = "VERSION", default_value = "2026.2", value_parser = authentik_version)]
    authentik_version: AuthentikVersion,
    /// What to assume where nobody has verified what a product does; as often as needed.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assumption, long_help = assumptions())]
    assume: Vec<(String, String)>,
    /// How many requests the products take: off, usual, or a number, for all issuers or for one (okta-org=600).
    #[arg(long, value_name = "[ISSUER=]LIMIT", value_parser = rate_limit)]
    rate_limits: Vec<String>,
    /// Clients, users and Okta's authorization servers, as TOML.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How many requests the journal keeps; 0 for none.
    #[arg(long, value_name = "N", default_value_t = mock_idp::USUAL_LENGTH)]
    journal: usize,
    /// A scenario that is on from the start, such as :503 for one of its variants.
    #[arg(long, value_name = "ID")]
    scenario: Vec<String>,
    /// A script that is on from the start, as JSON.
    #[arg(long, value_name = "FILE")]
    script: Vec<PathBuf>,
    /// Prints one line of JSON once ready, instead of text for people.
    #[arg(long)]
    json: bool,
    /// Makes new signing keys instead of using the published test-only one.
    #[arg(long)]
    fresh_keys: bool,
}

impl Serve {
    /// Serves until it is asked to stop.
    pub(super) fn run(&self) -> Result<(), String> {
        let config = match &self.config {
            Some(path) => ConfigFile::read(path)?,
            None => ConfigFile::default(),
        };
        let mut builder = MockIdp::builder()
            .control_address(self.control)
            .authentik_version(self.authentik_version)
            .journal(self.journal)
            .faults(&self.faults()?)
            .seed(self.seed.map_or_else(fresh_seed, Ok)?);
        for (product, address) in self.listeners.addresses(self.free_ports) {
            builder = builder.address(product, address);
        }
        for origin in &self.page_origin {
            builder = builder.page_origin(origin);
        }
        let mut demo = Demo::default();
        if let Some(clients) = config.clients {
            demo.client_id.clone_from(&clients[0].id);
            builder = builder.clients(clients);
        }
        if let Some(users) = config.users {
            demo.username.clone_from(&users[0].username);
            demo.password.clone_from(&users[0].password);
            builder = builder.users(users);
        }
        if let Some(servers) = config.authorization_servers {
            builder = builder.authorization_servers(servers);
        }
        if let Some(flows) = config.flows {
            builder = builder.flows(flows);
        }
        let mut assumptions = Assumptions::default();
        for (name, value) in &self.assume {
            assumptions.set(name, value)?;
        }
        let mut rate_limits = RateLimits::default();
        for text in &self.rate_limits {
            rate_limits.read(text)?;
        }
        builder = builder.assumptions(assumptions).rate_limits(rate_limits);
        if self.fresh_keys {
            let signer = Rs256Signer::fresh().map_err(|_| "no new signing key could be made".to_owned())?;
            builder = builder.signer(Arc::new(signer));
        }
        let addresses = self.listeners.addresses(self.free_ports).map(|(_, address)| address);
        for address in addresses.chain([self.control]) {
            if !address.ip().is_loopback() {
                let text = "others can reach it, and everybody knows its passwords and its signing key";
                let _ = writeln!(io::stderr(), "mock-idp: warning: listening on {address}: {text}");
            }
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|problem| format!("cannot wait for Ctrl-C: {problem}"))?;
        let mock = builder.start().map_err(|problem| problem.to_string())?;
        announce(&mock, &demo, self.json).map_err(|problem| format!("cannot write to standard output: {problem}"))?;
        runtime
            .block_on(interrupted())
            .map_err(|problem| format!("cannot wait for Ctrl-C: {problem}"))
    }

    /// What is to go wrong from the start.
    fn faults(&self) -> Result<Faults, String> {
        let faults = Faults::default();
        for name in &self.scenario {
            let (id, variant) = name
                .split_once(':')
                .map_or((name.as_str(), None), |(id, variant)| (id, Some(variant)));
            let switch = Switch {
                variant: variant.map(str::to_owned),
                ..Switch::default()
            };
            let switched = faults.switch_on(id, switch);
            switched.map_err(|problem| format!("--scenario {name}: {problem}"))?;
        }
        for path in &self.script {
            let shown = path.display();
            let text = fs::read_to_string(path).map_err(|problem| format!("cannot read {shown}: {problem}"))?;
            let script: Script = serde_json::from_str(&text).map_err(|problem| format!("{shown}: {problem}"))?;
            faults.run(script).map_err(|problem| format!("{shown}: {problem}"))?;
        }
        Ok(faults)
    }
}

/// A seed that nobody can guess, so that codes differ between runs.
fn fresh_seed() -> Result<u64, String> {
    getrandom::u64().map_err(|problem| format!("the system gave no randomness: {problem}; use --seed"))
}
