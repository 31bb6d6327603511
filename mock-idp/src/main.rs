//! The program: `mock-idp serve`.

#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use mock_idp::{AuthentikVersion, ConfigFile, MockIdp, Product, Rs256Signer, Script, Switch};

/// An authorization server for tests of the device authorization grant: Okta, authentik and the plain RFCs.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers on loopback until interrupted.
    Serve(Serve),
}

#[derive(clap::Args)]
struct Serve {
    /// Where the Okta org listens: PORT or HOST:PORT, port 0 for a free one.
    #[arg(long, value_name = "ADDR", value_parser = address)]
    #[arg(default_value = "8628", default_value_if("free_ports", "true", "0"))]
    okta: SocketAddr,
    /// Where authentik listens.
    #[arg(long, value_name = "ADDR", value_parser = address)]
    #[arg(default_value = "8629", default_value_if("free_ports", "true", "0"))]
    authentik: SocketAddr,
    /// Where the server that is exactly the RFCs listens.
    #[arg(long, value_name = "ADDR", value_parser = address)]
    #[arg(default_value = "8630", default_value_if("free_ports", "true", "0"))]
    rfc: SocketAddr,
    /// Where the control listener listens.
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
    /// Clients, users and the access policy, as TOML.
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

/// Who can be used to try it: the first client and the first user.
struct Demo {
    client_id: String,
    username: String,
    password: String,
}

impl Default for Demo {
    fn default() -> Self {
        Self {
            client_id: "tv".to_owned(),
            username: "jane".to_owned(),
            password: "password".to_owned(),
        }
    }
}

fn main() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    match run(&serve) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "mock-idp: {problem}");
            ExitCode::FAILURE
        }
    }
}

fn run(serve: &Serve) -> Result<(), String> {
    let config = match &serve.config {
        Some(path) => ConfigFile::read(path)?,
        None => ConfigFile::default(),
    };
    let mut builder = MockIdp::builder()
        .address(Product::Okta, serve.okta)
        .address(Product::Authentik, serve.authentik)
        .address(Product::Rfc, serve.rfc)
        .control_address(serve.control)
        .authentik_version(serve.authentik_version)
        .journal(serve.journal)
        .seed(serve.seed.map_or_else(fresh_seed, Ok)?);
    for origin in &serve.page_origin {
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
    if let Some(policy) = config.access_policy {
        builder = builder.access_policy(policy);
    }
    if serve.fresh_keys {
        let signer = Rs256Signer::fresh().map_err(|_| "no new signing key could be made".to_owned())?;
        builder = builder.signer(Arc::new(signer));
    }
    for address in [serve.okta, serve.authentik, serve.rfc, serve.control] {
        if !address.ip().is_loopback() {
            let text = "others can reach it, and everybody knows its passwords and its signing key";
            let _ = writeln!(io::stderr(), "mock-idp: warning: listening on {address}: {text}");
        }
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|problem| format!("cannot wait for Ctrl-C: {problem}"))?;
    let mock = builder.start().map_err(|problem| problem.to_string())?;
    switch_on(&mock, serve)?;
    announce(&mock, &demo, serve.json).map_err(|problem| format!("cannot write to standard output: {problem}"))?;
    runtime
        .block_on(interrupted())
        .map_err(|problem| format!("cannot wait for Ctrl-C: {problem}"))
}

/// What is to go wrong from the start.
fn switch_on(mock: &MockIdp, serve: &Serve) -> Result<(), String> {
    for name in &serve.scenario {
        let (id, variant) = name
            .split_once(':')
            .map_or((name.as_str(), None), |(id, variant)| (id, Some(variant)));
        let switch = Switch {
            variant: variant.map(str::to_owned),
            ..Switch::default()
        };
        let switched = mock.faults().switch_on(id, switch);
        switched.map_err(|problem| format!("--scenario {name}: {problem}"))?;
    }
    for path in &serve.script {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|problem| format!("cannot read {shown}: {problem}"))?;
        let script: Script = serde_json::from_str(&text).map_err(|problem| format!("{shown}: {problem}"))?;
        mock.faults()
            .run(script)
            .map_err(|problem| format!("{shown}: {problem}"))?;
    }
    Ok(())
}

/// Returns once the program is asked to stop: Ctrl-C, or the polite signal of a process manager.
async fn interrupted() -> io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate())?;
        tokio::select! {
            pressed = tokio::signal::ctrl_c() => pressed,
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

fn announce(mock: &MockIdp, demo: &Demo, json: bool) -> io::Result<()> {
    let mut out = io::stdout().lock();
    if json {
        let issuers: serde_json::Map<_, _> = mock
            .issuers()
            .into_iter()
            .map(|(name, url)| (name, url.into()))
            .collect();
        let line = serde_json::json!({ "ready": true, "control": mock.control(), "issuers": issuers });
        writeln!(out, "{line}")?;
    } else {
        writeln!(out, "Ready. Issuers:")?;
        for (name, url) in mock.issuers() {
            writeln!(out, "  {name:15}{url}")?;
        }
        writeln!(out, "Control:          {}", mock.control())?;
        writeln!(out, "Client id:        {}", demo.client_id)?;
        writeln!(out, "Demo user:        {}, password: {}", demo.username, demo.password)?;
        writeln!(out, "Ctrl-C stops it.")?;
    }
    out.flush()
}

/// `PORT`, on loopback, or `HOST:PORT`.
fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let mut found = text
        .to_socket_addrs()
        .map_err(|_| "expected PORT or HOST:PORT".to_owned())?;
    found.next().ok_or_else(|| "the host has no address".to_owned())
}

/// A release of authentik by its own number.
fn authentik_version(text: &str) -> Result<AuthentikVersion, String> {
    let known = AuthentikVersion::ALL.into_iter().find(|version| version.name() == text);
    known.ok_or_else(|| {
        format!(
            "expected {}",
            AuthentikVersion::ALL.map(AuthentikVersion::name).join(", ")
        )
    })
}

/// Scheme and host of a page, with nothing behind.
fn origin(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let host = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://"));
    match host.map(|host| host.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => Ok(lower),
        _ => Err("expected a scheme and a host, such as http://127.0.0.1:8080".to_owned()),
    }
}

/// A seed that nobody can guess, so that codes differ between runs.
fn fresh_seed() -> Result<u64, String> {
    getrandom::u64().map_err(|problem| format!("the system gave no randomness: {problem}; use --seed"))
}
