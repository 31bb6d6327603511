//! One sign-in on this terminal.

use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::{env, fmt};

use client_term::http::Http;
use client_term::qr::{Cells, Manner};
use client_term::screen::{Abilities, Screen};
use client_term::{Shell, checkup, digest};
use device_flow::{Config, ConfigError, Ending, NotSignedIn, Settings, SignedIn};

use super::arguments::{Look, Once};
use super::command::write_out;
use super::exit::Exit;
use super::failure::Failure;

impl Once {
    pub(crate) fn config(&self) -> Result<Config, Failure> {
        let settings = Settings {
            issuer: self.issuer.clone(),
            client_id: self.client_id.clone().unwrap_or_default(),
            scope: self.scope.clone(),
            renewals: self.renewals,
            pkce: self.pkce,
            seed: self.pkce.then(digest::seed).flatten(),
            strict: self.strict,
            allow_insecure_http: self.allow_insecure_http,
            ..Settings::default()
        };
        Config::new(settings).map_err(|error| usage(&error))
    }
}

/// The error in the words of the command line: a setting is an option here.
pub(crate) fn usage(error: &ConfigError) -> Failure {
    let option = |setting: &str| format!("--{}", setting.replace('_', "-"));
    let what = match error {
        ConfigError::Insecure { setting, value } => format!(
            "{} is plain http to another machine ({value}); use https, or {} for a test network",
            option(setting),
            option("allow_insecure_http")
        ),
        ConfigError::Invalid {
            setting,
            value,
            must_be,
        } => format!("{} must be {must_be}; it is {value:?}", option(setting)),
        ConfigError::Missing { setting, why } => format!("{} is missing: {why}", option(setting)),
        ConfigError::Unreadable(detail) => detail.clone(),
    };
    Failure::usage(what)
}

pub(crate) fn http(ca_file: Option<&Path>) -> Result<Http, Failure> {
    let Some(file) = ca_file else {
        return Ok(Http::default());
    };
    Http::with_ca_file(file).map_err(|error| Failure::usage(format!("--ca-file cannot be used: {error}")))
}

/// Shows the code and waits.
pub(crate) fn run(config: Config, http: Http, look: Look) -> Result<SignedIn, NotSignedIn> {
    let shell = Shell::new(config, http);
    let canceller = shell.canceller();
    if let Err(error) = ctrlc::set_handler(move || canceller.cancel()) {
        complain(&format_args!("device-login: Ctrl-C will not be tidy: {error}."));
    }
    let mut screen = Screen::new(io::stderr(), abilities(look));
    shell.sign_in(|view| {
        // A closed standard error is no reason to stop signing in.
        let _ = screen.show(view);
    })
}

pub(crate) fn exit(not_signed_in: &NotSignedIn) -> Exit {
    match not_signed_in {
        NotSignedIn::Ended(Ending::Cancelled) => Exit::Interrupted,
        NotSignedIn::Ended(Ending::Denied(_)) => Exit::Denied,
        NotSignedIn::Ended(Ending::Expired) => Exit::Expired,
        NotSignedIn::Failed(_) => Exit::Failed,
    }
}

/// For programs; people have read it on the screen.
pub(crate) fn failure(not_signed_in: &NotSignedIn) -> Failure {
    let (code, what) = match not_signed_in {
        NotSignedIn::Ended(Ending::Cancelled) => ("cancelled".into(), "it was cancelled".into()),
        NotSignedIn::Ended(Ending::Denied(response)) => (response.error.clone(), response.to_string()),
        NotSignedIn::Ended(Ending::Expired) => ("expired_token".into(), "nobody approved the code in time".into()),
        NotSignedIn::Failed(error) => (error.code().to_owned(), error.to_string()),
    };
    Failure::new(
        exit(not_signed_in),
        &code,
        what,
        "`device-login doctor` looks for the cause.",
    )
}

pub(crate) fn check(config: Config, http: Http, page_origin: Option<&str>, json: bool) -> Result<Exit, Failure> {
    let http = match page_origin {
        Some(origin) => http.for_page(origin.trim_end_matches('/')),
        None => http,
    };
    let checkup = checkup::run(config, &http);
    let findings = checkup.findings().unwrap_or_default();
    if findings.is_empty() {
        complain(&"Nothing stands in the way of a sign-in.");
    }
    for finding in findings {
        complain(&checkup::words(finding));
    }
    if json {
        write_out(&checkup::to_json(findings))?;
    }
    let is_fatal = findings.iter().any(|finding| finding.is_fatal);
    Ok(if is_fatal { Exit::Failed } else { Exit::Done })
}

/// What is known of the terminal that people look at.
fn abilities(look: Look) -> Abilities {
    let is_dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    let is_terminal = io::stderr().is_terminal() && !is_dumb;
    let is_plain = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let cells = match (is_utf8(|name| env::var(name).ok()), is_plain) {
        (true, false) => Some(Cells::Coloured),
        (true, true) => Some(Cells::Plain),
        (false, false) => Some(Cells::Blanks),
        (false, true) => None,
    };
    let invert = look.invert;
    let size = terminal_size::terminal_size_of(io::stderr());
    Abilities {
        qr: cells
            .filter(|_| is_terminal && !look.no_qr)
            .map(|cells| Manner { cells, invert }),
        rewrite: is_terminal,
        size: size.map(|(columns, rows)| (columns.0.into(), rows.0.into())),
    }
}

/// Whether text is UTF-8 here, by the first variable that says so (POSIX.1-2017 section 8.2). Where none is set nothing
/// says that it is not.
fn is_utf8(variable: impl Fn(&str) -> Option<String>) -> bool {
    let values = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(variable);
    let locale = values.into_iter().find(|value| !value.is_empty());
    locale.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

/// One line to people.
pub(crate) fn complain(text: &dyn fmt::Display) {
    let _ = writeln!(io::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_strongest_locale_variable_that_is_set_decides() {
        let is_utf8 = |set: &[(&str, &str)]| {
            is_utf8(|name| {
                let mut found = set.iter().filter(|(known, _)| *known == name);
                found.next().map(|(_, value)| (*value).to_owned())
            })
        };
        assert!(is_utf8(&[("LANG", "de_DE.UTF-8")]));
        assert!(is_utf8(&[("LANG", "C.utf8"), ("LC_ALL", "")]));
        assert!(!is_utf8(&[("LANG", "de_DE.UTF-8"), ("LC_ALL", "C")]));
        assert!(!is_utf8(&[("LANG", "en_US.ISO-8859-1")]));
        assert!(is_utf8(&[]));
    }
}
