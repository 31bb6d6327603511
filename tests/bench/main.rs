//! Benchmarks: a subject beside its peers, in one run. Nothing here is asserted about time.

#![forbid(unsafe_code)]

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use clap::{Parser, ValueEnum};
use tokio::task::LocalSet;

use progress::say;
use report::{FORMAT, Report, Surroundings};

mod canned;
mod connection;
mod device;
mod docs;
mod growth;
mod load;
mod mock;
mod plot;
mod progress;
mod report;
mod server;
mod spread;
mod stopwatch;
mod surroundings;
mod table;
mod usage;

/// Measures a subject beside its peers: a table here, JSON in target/bench, and page and plot in the docs.
#[derive(Parser)]
#[command(name = "bench", bin_name = "npx --yes rust-just bench")]
struct Arguments {
    /// What to measure; everything if none is named
    subjects: Vec<Subject>,
    /// Few and short rounds, in about a minute; leaves the docs as they are
    #[arg(long)]
    quick: bool,
}

#[derive(Clone, Copy, ValueEnum)]
enum Subject {
    /// A million televisions at one server, through an outage, beside clients that know less
    Growth,
    /// mock-idp beside oidc-provider and oauth2-mock-server
    Mock,
}

impl Subject {
    const fn name(self) -> &'static str {
        match self {
            Self::Growth => "growth",
            Self::Mock => "mock",
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
        if cfg!(debug_assertions) {
            return Err("build it with --release, or this side is what is measured".to_owned());
        }
        subjects.iter().try_for_each(|&subject| run(subject, arguments.quick))
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
        Subject::Growth => growth::measure(quick, &server::tests().join(".."))?,
        Subject::Mock => measure_mock(quick)?,
    };
    writeln!(io::stdout(), "{table}").map_err(|problem| problem.to_string())
}

fn measure_mock(quick: bool) -> Result<String, String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|problem| problem.to_string())?;
    let mock_idp = server::build_mock_idp()?;
    let surroundings = Surroundings::look(&mock::ALL)?;
    let effort = mock::Effort::new(quick);
    let (measurements, generator) = LocalSet::new().block_on(&runtime, mock::measure(&effort, &mock_idp))?;
    let report = Report {
        format: FORMAT,
        subject: Subject::Mock.name().to_owned(),
        quick,
        date: stopwatch::today(),
        surroundings,
        measurements,
        generator,
    };
    write_all(&report)?;
    Ok(table::table(&report))
}

fn write_all(report: &Report) -> Result<(), String> {
    let root = server::tests().join("..");
    let json = serde_json::to_string_pretty(report).map_err(|problem| problem.to_string())?;
    let file = format!("{}.json", report.subject);
    write(&root.join("target/bench").join(file), &(json + "\n"))?;
    if report.quick {
        return Ok(());
    }
    let folder = root.join("mock-idp/bench");
    write(&folder.join("README.md"), &docs::mock(report))?;
    write(&folder.join("mock.svg"), &plot::plot(report))
}

pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().unwrap_or(path);
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, text))
        .map_err(|problem| format!("cannot write {}: {problem}", path.display()))?;
    say(&format!("wrote {}", path.display()));
    Ok(())
}
