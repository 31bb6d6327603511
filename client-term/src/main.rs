//! `device-login`: signs in from a terminal.

#![forbid(unsafe_code)]

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::{env, fmt};

use clap::Parser;
use client_term::screen::{Abilities, Screen};
use client_term::{Shell, checkup, digest, tokens};
use device_flow::{Config, ConfigError, Ending, NotSignedIn, Settings};

/// Signs in on this terminal with a phone or another computer (OAuth 2.0 Device Authorization Grant, RFC 8628).
///
/// Everything for people goes to standard error. Exit codes: 0 signed in, 1 denied, 2 expired, 3 failed,
/// 64 wrong usage, 130 interrupted.
#[derive(Parser)]
#[command(name = "device-login", version)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
struct Arguments {
    /// The authorization server's issuer, exactly as it spells it, such as `https://id.example/tenant`
    #[arg(long, value_name = "URL")]
    issuer: String,
    /// Client id of a public client with the device grant
    #[arg(long, value_name = "ID")]
    client_id: String,
    /// Scopes, separated by spaces
    /// [default: openid profile]
    #[arg(long, value_name = "S", verbatim_doc_comment)]
    scope: Option<String>,
    /// Ask for so many new codes, one whenever a code runs out
    #[arg(long, value_name = "N", default_value_t = 0)]
    renewals: u8,
    /// Bind each code to this device by PKCE (RFC 7636), for servers that look at it with this grant
    #[arg(long)]
    pkce: bool,
    /// Write the token set, or with `--check` the findings, to standard output, as one line of JSON
    #[arg(long)]
    json: bool,
    /// Sign nobody in: ask the server for one code, give it up, and say what will not work; exits with 0 or 3
    #[arg(long)]
    check: bool,
    /// Look with the eyes of a page of this origin, which reads only what CORS lets it
    #[arg(long, value_name = "URL", requires = "check")]
    page_origin: Option<String>,
    /// Refuse what the RFCs do not allow, and name the rule; for testing authorization servers
    #[arg(long)]
    strict: bool,
    /// Let everything travel over plain http to other machines; for test networks only
    #[arg(long)]
    allow_insecure_http: bool,
}

/// Part of the stable surface; 64 is `EX_USAGE`, 130 what shells report after an interrupt.
#[derive(Clone, Copy)]
enum Exit {
    SignedIn = 0,
    Denied = 1,
    Expired = 2,
    Failed = 3,
    WrongUsage = 64,
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to say it with if this fails.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::WrongUsage
            } else {
                Exit::SignedIn
            }
            .into();
        }
    };
    let settings = Settings {
        issuer: Some(arguments.issuer),
        client_id: arguments.client_id,
        scope: arguments.scope,
        renewals: arguments.renewals,
        pkce: arguments.pkce,
        seed: arguments.pkce.then(digest::seed).flatten(),
        strict: arguments.strict,
        allow_insecure_http: arguments.allow_insecure_http,
        ..Settings::default()
    };
    match Config::new(settings) {
        Ok(config) if arguments.check => check(config, arguments.page_origin.as_deref(), arguments.json).into(),
        Ok(config) => sign_in(config, arguments.json).into(),
        Err(error) => {
            complain(&format_args!("device-login: {}", usage(&error)));
            Exit::WrongUsage.into()
        }
    }
}

/// The error in the words of the command line: a setting is an option here.
fn usage(error: &ConfigError) -> String {
    let option = |setting: &str| format!("--{}", setting.replace('_', "-"));
    match error {
        ConfigError::Insecure { setting, value } => format!(
            "{} is plain http to another machine ({value}). Use https, or {} for a test network.",
            option(setting),
            option("allow_insecure_http")
        ),
        ConfigError::Invalid {
            setting,
            value,
            must_be,
        } => format!("{} must be {must_be}; it is {value:?}.", option(setting)),
        ConfigError::Missing { setting, why } => format!("{} is missing: {why}.", option(setting)),
        ConfigError::Unreadable(detail) => detail.clone(),
    }
}

fn check(config: Config, page_origin: Option<&str>, json: bool) -> Exit {
    let findings = checkup::run(config, page_origin.map(|origin| origin.trim_end_matches('/')));
    if findings.is_empty() {
        complain(&"Nothing stands in the way of a sign-in.");
    }
    for finding in &findings {
        complain(&checkup::words(finding));
    }
    if json && let Err(error) = writeln!(io::stdout(), "{}", checkup::to_json(&findings)) {
        complain(&format_args!(
            "device-login: the findings could not be written: {error}."
        ));
        return Exit::Failed;
    }
    if findings.iter().any(|finding| finding.is_fatal) {
        Exit::Failed
    } else {
        Exit::SignedIn
    }
}

fn sign_in(config: Config, json: bool) -> Exit {
    let shell = Shell::new(config);
    let canceller = shell.canceller();
    if let Err(error) = ctrlc::set_handler(move || canceller.cancel()) {
        complain(&format_args!("device-login: Ctrl-C will not be tidy: {error}."));
    }
    let mut screen = Screen::new(io::stderr(), abilities());
    let result = shell.sign_in(|view| {
        // A closed standard error is no reason to stop signing in.
        let _ = screen.show(view);
    });
    match result {
        Ok(signed_in) => {
            if json && let Err(error) = writeln!(io::stdout(), "{}", tokens::to_json(&signed_in.tokens)) {
                complain(&format_args!("device-login: the tokens could not be written: {error}."));
                return Exit::Failed;
            }
            Exit::SignedIn
        }
        Err(NotSignedIn::Ended(Ending::Cancelled)) => Exit::Interrupted,
        Err(NotSignedIn::Ended(Ending::Denied(_))) => Exit::Denied,
        Err(NotSignedIn::Ended(Ending::Expired)) => Exit::Expired,
        Err(NotSignedIn::Failed(_)) => Exit::Failed,
    }
}

fn abilities() -> Abilities {
    let terminal = io::stderr().is_terminal();
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    Abilities {
        colours: terminal && !dumb && !set("NO_COLOR"),
        qr: !dumb,
        rewrite: terminal && !dumb,
    }
}

fn complain(text: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}
