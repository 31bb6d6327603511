//! Benchmarks: a subject beside its peers, in one run. Nothing here is asserted about time.

#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use tokio::task::LocalSet;

use progress::say;
use report::{FORMAT, GeneratorCheck, Measurement, Report, Surroundings};

mod canned;
mod connection;
mod device;
mod docs;
mod growth;
mod headless;
mod load;
mod mock;
mod page;
mod plot;
mod progress;
mod qr;
mod report;
mod script;
mod server;
mod spread;
mod ssh;
mod stopwatch;
mod surroundings;
mod table;
mod terminal;
mod usage;

// The machine that the SSH tests sign in to, and the person in front of it.
#[path = "../ssh/client.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod client;
#[path = "../ssh/machine.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod machine;
#[path = "../ssh/syslog.rs"]
#[expect(dead_code, reason = "the tests need more of it")]
mod syslog;

/// Measures a subject beside its peers: a table here, JSON in target/bench, and page and plot in the docs.
#[derive(Parser)]
#[command(name = "bench", bin_name = "npx --yes rust-just bench")]
struct Arguments {
    /// What to measure; everything if none is named
    subjects: Vec<Subject>,
    /// Few and short rounds, in a minute or two each; leaves the docs as they are
    #[arg(long)]
    quick: bool,
    /// Measures nothing: writes the pages again from the JSON of the last run
    #[arg(long, conflicts_with = "quick")]
    rewrite: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// A million televisions at one server, through an outage, beside clients that know less
    Growth,
    /// The sign-in without a screen beside openid-client with lean-qr, in a page and in Node
    Headless,
    /// mock-idp beside oidc-provider and oauth2-mock-server
    Mock,
    /// The page beside React with openid-client and Preact with oauth4webapi
    Page,
    /// Encoders of QR codes in Rust and in JavaScript
    Qr,
    /// What three readers read of symbols that are far away, tilted, blurred and noisy
    Scans,
    /// A sign-in over SSH by the PAM module beside one by password (needs root)
    Ssh,
    /// The program for terminals beside scripts in Node and Python
    Terminal,
}

impl Subject {
    const fn name(self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::Headless => "headless",
            Self::Mock => "mock",
            Self::Page => "page",
            Self::Qr => "qr",
            Self::Scans => "scans",
            Self::Ssh => "ssh",
            Self::Terminal => "terminal",
        }
    }
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let subjects = if arguments.subjects.is_empty() {
        Subject::value_variants()
    } else {
        &arguments.subjects
    };
    let run = || {
        if cfg!(debug_assertions) && !arguments.rewrite {
            return Err("build it with --release, or this side is what is measured".to_owned());
        }
        subjects.iter().try_for_each(|&subject| {
            if arguments.rewrite {
                rewrite(subject)
            } else {
                run(subject, arguments.quick)
            }
        })
    };
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&problem);
            ExitCode::FAILURE
        }
    }
}

fn run(subject: Subject, quick: bool) -> Result<(), String> {
    let table = match subject {
        Subject::Growth => growth::measure(quick, &root())?,
        _ => measure(subject, quick)?,
    };
    writeln!(io::stdout(), "{table}").map_err(|problem| problem.to_string())
}

fn measure(subject: Subject, quick: bool) -> Result<String, String> {
    let versions = match subject {
        Subject::Growth | Subject::Mock => mock::versions()?,
        Subject::Headless => headless::versions()?,
        Subject::Page => page::versions()?,
        Subject::Qr | Subject::Scans => qr::versions()?,
        Subject::Ssh => ssh::versions(),
        Subject::Terminal => terminal::versions()?,
    };
    let mut report = Report {
        format: FORMAT,
        subject: subject.name().to_owned(),
        quick,
        date: stopwatch::today(),
        surroundings: Surroundings::look(versions)?,
        measurements: Vec::new(),
        generator: Vec::new(),
        notes: Vec::new(),
    };
    let mock_idp = server::build_mock_idp;
    match subject {
        Subject::Growth | Subject::Mock => {
            (report.measurements, report.generator) = measure_mock(quick, &mock_idp()?)?;
        }
        Subject::Headless => (report.measurements, report.notes) = headless::measure(quick, &mock_idp()?)?,
        Subject::Page => (report.measurements, report.notes) = page::measure(quick, &mock_idp()?)?,
        Subject::Qr => report.measurements = qr::encoders(quick)?,
        Subject::Scans => report.measurements = qr::scans(quick)?,
        Subject::Ssh => report.measurements = ssh::measure(quick)?,
        Subject::Terminal => (report.measurements, report.notes) = terminal::measure(quick, &mock_idp()?)?,
    }
    write_all(subject, &report)?;
    Ok(table::table(&report))
}

fn measure_mock(quick: bool, mock_idp: &Path) -> Result<(Vec<Measurement>, Vec<GeneratorCheck>), String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|problem| problem.to_string())?;
    let effort = mock::Effort::new(quick);
    LocalSet::new().block_on(&runtime, mock::measure(&effort, mock_idp))
}

fn root() -> PathBuf {
    server::tests().join("..")
}

fn rewrite(subject: Subject) -> Result<(), String> {
    if matches!(subject, Subject::Growth) {
        // It keeps no figures beside its pages.
        return Ok(());
    }
    let path = json_of(subject);
    let json = fs::read_to_string(&path).map_err(|problem| format!("{}: {problem}", path.display()))?;
    let report = serde_json::from_str(&json).map_err(|problem| format!("{}: {problem}", path.display()))?;
    write_pages(subject, &report)
}

fn json_of(subject: Subject) -> PathBuf {
    root().join("target/bench").join(format!("{}.json", subject.name()))
}

fn write_all(subject: Subject, report: &Report) -> Result<(), String> {
    let json = serde_json::to_string_pretty(report).map_err(|problem| problem.to_string())?;
    write(&json_of(subject), &(json + "\n"))?;
    write_pages(subject, report)
}

/// Figures of few rounds are not for the docs.
fn write_pages(subject: Subject, report: &Report) -> Result<(), String> {
    if report.quick {
        return Ok(());
    }
    let picture = format!("{}.svg", report.subject);
    let (title, text): (&str, &str) = match subject {
        Subject::Growth | Subject::Mock => {
            let folder = root().join("mock-idp/bench");
            write(&folder.join("README.md"), &docs::mock(report))?;
            return write(&folder.join(picture), &plot::plot(report, |_| true));
        }
        Subject::Headless => ("The sign-in without a screen beside libraries", headless::TEXT),
        Subject::Page => ("The page beside React and Preact", page::TEXT),
        Subject::Qr => ("QR codes beside other encoders", qr::ENCODERS_TEXT),
        Subject::Scans => ("Which QR codes are read from afar", qr::SCANS_TEXT),
        Subject::Ssh => ("A sign-in over SSH beside a password", ssh::TEXT),
        Subject::Terminal => ("The terminal program beside scripts", terminal::TEXT),
    };
    let is_drawn = match subject {
        Subject::Page => page::is_drawn,
        Subject::Scans => qr::is_drawn,
        _ => |_: &Measurement| true,
    };
    let results = server::tests().join("bench/results");
    write(
        &results.join(format!("{}.md", report.subject)),
        &docs::page(report, title, text),
    )?;
    write(&results.join(picture), &plot::plot(report, is_drawn))
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|problem| format!("cannot write {}: {problem}", path.display()))?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}
