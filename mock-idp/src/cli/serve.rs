//! `mock-idp serve`: the mock, until somebody stops it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use mock_idp::{
    Address, AuthentikVersion, Config, Listeners, MockIdp, PageOrigin, ScenarioSettings, Script, StartError,
};

use super::Problem;
use super::announcement::announce;
use super::interrupt::interruption;
use super::listeners::ListenerOptions;
use super::switches::{assumption, assumptions, rate_limit};

#[derive(clap::Args)]
pub(super) struct Serve {
    #[command(flatten)]
    listeners: ListenerOptions,
    /// Where the control listener listens [default: 8620]. Every ADDR is PORT or HOST:PORT, with port 0 for a free one.
    #[arg(long, value_name = "ADDR")]
    control: Option<Address>,
    /// Listens on free ports wherever no option names another, so that many can run side by side.
    #[arg(long)]
    free_ports: bool,
    /// The origin of a page that calls these servers: a Trusted Origin of Okta, a redirect URI of authentik.
    #[arg(long, value_name = "URL")]
    page_origin: Vec<PageOrigin>,
    /// Makes the same codes and tokens in every run.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Which authentik the authentik is: 2025.6, 2026.2 or 2026.5 [default: 2026.2].
    #[arg(long, value_name = "VERSION")]
    authentik_version: Option<AuthentikVersion>,
    /// What to assume where nobody has verified what a product does; as often as needed.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assumption, long_help = assumptions())]
    assume: Vec<(String, String)>,
    /// How many requests the products take: off, usual, or a number, for all issuers or for one (okta-org=600).
    #[arg(long, value_name = "[ISSUER=]LIMIT", value_parser = rate_limit)]
    rate_limits: Vec<String>,
    /// The configuration, as `mock-idp init` writes it; options win over it [default: mock-idp.toml, if there is one].
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// How many requests the journal keeps; 0 for none [default: 10000].
    #[arg(long, value_name = "N")]
    journal: Option<usize>,
    /// A scenario that is on from the start, such as X-23, or X-23:503 for one of its variants.
    #[arg(long, value_name = "ID")]
    scenario: Vec<ScenarioSettings>,
    /// A script that is on from the start, as JSON.
    #[arg(long, value_name = "FILE")]
    script: Vec<PathBuf>,
    /// Prints one line of JSON once ready, instead of text for people.
    #[arg(long)]
    json: bool,
    /// Makes a new signing key instead of using the published test-only one.
    #[arg(long)]
    fresh_keys: bool,
}

impl Serve {
    /// Serves until it is asked to stop.
    pub(super) fn run(self) -> Result<(), Problem> {
        let file = self.file();
        let json = self.json;
        let config = self.config(file.as_deref()).map_err(Problem::Usage)?;
        warn_of_others(&config.listen);
        let cannot_wait = |problem| Problem::Failure(format!("cannot wait for Ctrl-C: {problem}"));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(cannot_wait)?;
        let mock = MockIdp::builder().config(config.clone()).start().map_err(|problem| {
            let text = problem.to_string();
            match problem {
                StartError::Fault(_) => Problem::Usage(text),
                _ => Problem::Failure(text),
            }
        })?;
        // Before anybody is told that it answers, and may stop it.
        let stopped = runtime.block_on(async { interruption() }).map_err(cannot_wait)?;
        announce(&mock, &config, file.as_deref(), json).map_err(|problem| Problem::output(&problem))?;
        runtime.block_on(stopped);
        Ok(())
    }

    /// The file to go by: the one that is named, or the one that is there.
    fn file(&self) -> Option<PathBuf> {
        let usual = || Some(PathBuf::from(Config::FILE_NAME)).filter(|file| file.exists());
        self.config.clone().or_else(usual)
    }

    /// What the file says, and in its place what the options say.
    fn config(self, file: Option<&Path>) -> Result<Config, String> {
        let mut config = match file {
            Some(file) => Config::read(file).map_err(|problem| problem.to_string())?,
            None => Config::default(),
        };
        if self.free_ports {
            config.listen = Listeners::free();
        }
        self.listeners.apply(&mut config.listen);
        if let Some(Address(address)) = self.control {
            config.listen.control = address;
        }
        config.authentik_version = self.authentik_version.unwrap_or(config.authentik_version);
        for (name, value) in &self.assume {
            config.assumptions.set(name, value)?;
        }
        for text in &self.rate_limits {
            config.rate_limits.read(text)?;
        }
        config.journal = self.journal.unwrap_or(config.journal);
        config.keys.fresh |= self.fresh_keys;
        config.page_origins.extend(self.page_origin);
        config.scenarios.extend(self.scenario);
        for file in &self.script {
            config.scripts.push(script(file)?);
        }
        config.listen.check()?;
        config.seed = match self.seed.or(config.seed) {
            Some(seed) => Some(seed),
            None => Some(fresh_seed()?),
        };
        Ok(config)
    }
}

fn script(file: &Path) -> Result<Script, String> {
    let shown = file.display();
    let example = r#"{"steps":[{"endpoint":"token","ending":"reset"}]}"#;
    let unread = |problem| format!("cannot read {shown}: {problem}; a script is a file of JSON such as {example}");
    let text = fs::read_to_string(file).map_err(unread)?;
    Script::from_json(&text).map_err(|problem| format!("{shown}: {problem}; a script is JSON such as {example}"))
}

/// Says so where somebody else's machine can come in.
fn warn_of_others(listeners: &Listeners) {
    let products = listeners.products().map(|(_, address)| address);
    for address in products.chain([listeners.control]) {
        if !address.ip().is_loopback() {
            let text = "others can reach it, and everybody knows its passwords and its signing key";
            let _ = writeln!(io::stderr(), "mock-idp: warning: listening on {address}: {text}");
        }
    }
}

/// A seed that nobody can guess, so that codes differ between runs.
fn fresh_seed() -> Result<u64, String> {
    getrandom::u64().map_err(|problem| format!("the system gave no randomness: {problem}; use --seed"))
}
