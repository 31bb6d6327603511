//! The program: arguments in, a report out. See `--help`.

#![forbid(unsafe_code)]

mod arguments;

use std::fs;
use std::io::Write;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use clap::Parser;
use device_flow_conformance::client::{self, Client, End, Setting};
use device_flow_conformance::report::{self, terminal};
use device_flow_conformance::server::{self, Authentication, Device, Hooks, Network, Target};
use device_flow_conformance::{Check, Finding, Mode, Profile, Report, clock};

use arguments::{Arguments, ClientAuthentication, Command, Common, Server};

const FAILED: u8 = 1;
const NOT_JUDGED: u8 = 2;
const USAGE: u8 = 64;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(problem) => {
            let code = if problem.use_stderr() { USAGE } else { 0 };
            let _ = problem.print();
            return code.into();
        }
    };
    let ended = match arguments.command {
        Command::Client(client) => run_client(client),
        Command::Server(server) => run_server(server),
    };
    ended.unwrap_or_else(|Stop(code, words)| {
        say(&format!("device-flow-conformance: {words}\n"));
        code.into()
    })
}

/// Why there is no report.
struct Stop(u8, String);

fn usage<T>(words: String) -> Result<T, Stop> {
    Err(Stop(USAGE, words))
}

/// Words for people.
fn say(words: &str) {
    let _ = anstream::stderr().write_all(words.as_bytes());
}

fn run_server(server: Server) -> Result<ExitCode, Stop> {
    let common = &server.common;
    let chosen = chosen(common, server::CHECKS.iter().map(|check| check.about))?;
    if common.list {
        return Ok(list(&chosen));
    }
    let Some((issuer, client_id)) = server.issuer.zip(server.client_id) else {
        return usage("give --issuer and --client-id".to_owned());
    };
    let explicit = server.device_authorization_endpoint.is_some() && server.token_endpoint.is_some();
    let target = Target {
        issuer: issuer.clone(),
        client_id,
        client_secret: server.client_secret,
        authentication: match server.client_authentication {
            ClientAuthentication::Basic => Authentication::Basic,
            ClientAuthentication::Post => Authentication::Post,
        },
        other_client_id: server.other_client_id,
        scope: server.scope,
        device_authorization_endpoint: server.device_authorization_endpoint,
        token_endpoint: server.token_endpoint,
        patience: Duration::from_secs(server.patience),
    };
    let mut wire = Network::default();
    let mut person = Hooks {
        approve: server.approve,
        deny: server.deny,
    };
    let mut device = Device::new(target, &mut wire, &mut person);
    if !explicit && let Err(why) = device.greet() {
        return Err(Stop(
            NOT_JUDGED,
            format!("{why}\nIs {issuer} the issuer, and does it answer?"),
        ));
    }
    let profile = profile(common);
    let checks = server::CHECKS
        .iter()
        .filter(|check| chosen.iter().any(|each| each.id == check.about.id));
    let findings = server::judge(&mut device, checks, |finding| tell(finding, profile));
    finish(common, Mode::Server, issuer, findings)
}

fn run_client(arguments: arguments::Client) -> Result<ExitCode, Stop> {
    let common = &arguments.common;
    let chosen = chosen(common, client::CHECKS.iter().map(|check| check.about))?;
    if common.list {
        return Ok(list(&chosen));
    }
    let issuer = match profile(common) {
        Profile::Rfc => "rfc",
        Profile::Okta => "okta-org",
        Profile::Authentik => "authentik",
        Profile::Google => "google",
        Profile::GitHub => {
            return usage("there is no server of the profile github for clients; leave --profile out".to_owned());
        }
    };
    let checks = || {
        client::CHECKS
            .iter()
            .filter(|check| chosen.iter().any(|each| each.id == check.about.id))
    };
    let scenes = client::scenes_of(checks());
    let subject = if arguments.words.is_empty() {
        "a client by hand".to_owned()
    } else {
        arguments.words.join(" ")
    };
    let runner = if arguments.words.is_empty() {
        Client::ByHand
    } else {
        Client::Command(arguments.words)
    };
    let has_secret = arguments.secret.is_some();
    let setting = Setting {
        issuer,
        client_secret: arguments.secret,
        page_origin: arguments.page_origin,
        jobs: arguments.jobs,
    };
    let (all, done) = (scenes.len(), AtomicUsize::new(0));
    let runs = client::play_all(&runner, &setting, &scenes, |run| {
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        say(&format!("run {done} of {all}: {} {}\n", run.scene.name, run.scene.what));
    });
    let runs = runs.map_err(|why| Stop(NOT_JUDGED, why))?;
    if let Some(End::NotStarted(why)) = runs
        .iter()
        .map(|run| &run.end)
        .find(|end| matches!(end, End::NotStarted(_)))
        && matches!(runner, Client::Command(_))
    {
        return Err(Stop(NOT_JUDGED, format!("the client does not start: {why}")));
    }
    if runs.iter().all(|run| run.entries.is_empty()) {
        let last = runs.first().map(|run| run.output.trim().to_owned()).unwrap_or_default();
        let words = format!(
            "the client asked for nothing in any run. Does it start a sign-in at the issuer that it is given ({{issuer}}, or \
             CONFORMANCE_ISSUER), over plain http to 127.0.0.1? It wrote:\n{last}"
        );
        return Err(Stop(NOT_JUDGED, words));
    }
    say("\n");
    let findings = client::judge(checks(), &runs, has_secret);
    for finding in &findings {
        say(&terminal::finding(finding));
    }
    finish(common, Mode::Client, subject, findings)
}

fn profile(common: &Common) -> Profile {
    Profile::of(&common.profile).unwrap_or(Profile::Rfc)
}

fn tell(finding: &Finding, profile: Profile) {
    say(&terminal::finding(&finding.clone().known_to(profile)));
}

/// The checks that were asked for.
fn chosen(common: &Common, all: impl Iterator<Item = Check>) -> Result<Vec<Check>, Stop> {
    let all: Vec<_> = all.collect();
    let is_meant =
        |id: &str, asked: &str| id == asked || id.strip_prefix(asked).is_some_and(|rest| rest.starts_with('.'));
    if let Some(none) = common
        .only
        .iter()
        .find(|asked| !all.iter().any(|check| is_meant(check.id, asked)))
    {
        return usage(format!("there is no check {none:?}; --list shows all of them"));
    }
    let meant = |check: &Check| common.only.is_empty() || common.only.iter().any(|asked| is_meant(check.id, asked));
    Ok(all.into_iter().filter(meant).collect())
}

fn list(checks: &[Check]) -> ExitCode {
    let mut out = anstream::stdout();
    for check in checks {
        let line = format!(
            "{:<32} {:<6} {:<24} {:<12} {}",
            check.id,
            check.level.word(),
            check.source,
            check.rules.join(" "),
            check.requirement
        );
        if writeln!(out, "{line}").is_err() {
            break;
        }
    }
    ExitCode::SUCCESS
}

/// Writes what was asked for, and ends as the report says.
fn finish(common: &Common, mode: Mode, subject: String, findings: Vec<Finding>) -> Result<ExitCode, Stop> {
    let profile = profile(common);
    let report = Report {
        subject,
        mode,
        profile: profile.name(),
        date: clock::today(),
        kit: env!("CARGO_PKG_VERSION"),
        findings: match mode {
            // A profile knows a product's servers; to a client it is the dialect that is spoken.
            Mode::Client => findings,
            Mode::Server => findings.into_iter().map(|finding| finding.known_to(profile)).collect(),
        },
    };
    say(&terminal::summary(&report));
    if common.json {
        let text = serde_json::to_string_pretty(&report).map_err(|why| Stop(NOT_JUDGED, why.to_string()))?;
        let written = writeln!(anstream::stdout(), "{text}");
        written.map_err(|why| Stop(NOT_JUDGED, format!("standard output cannot be written: {why}")))?;
    }
    let files = [
        (&common.junit, report::junit::document as fn(&Report) -> String),
        (&common.html, report::html::page),
    ];
    for (file, write) in files {
        let Some(file) = file else { continue };
        let written = fs::write(file, write(&report));
        written.map_err(|why| Stop(NOT_JUDGED, format!("{} cannot be written: {why}", file.display())))?;
    }
    Ok(if report.conforms() {
        ExitCode::SUCCESS
    } else {
        FAILED.into()
    })
}
