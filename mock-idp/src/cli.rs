//! The command line.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod announcement;
mod init;
mod interrupt;
mod listeners;
mod serve;
mod switches;

use init::Init;
use serve::Serve;

/// Promised, also in the README.
const EXIT_CODES: &str = "Exit codes: 0 done, or stopped as asked; 1 it cannot run (a port is taken, a file cannot be \
    written); 2 wrong options or a wrong configuration.";

/// An authorization server for tests of the device authorization grant: Okta, authentik, Google and the plain RFCs.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Answers on loopback until interrupted.
    #[command(after_help = EXIT_CODES)]
    Serve(Box<Serve>),
    /// Writes a configuration file with every setting, explained.
    #[command(after_help = EXIT_CODES)]
    Init(Init),
}

/// Why a run ended badly, in words.
enum Problem {
    /// The person has to change an option or a file. clap exits with the same code.
    Usage(String),
    /// It is right what was asked for, but cannot be done.
    Failure(String),
}

impl Problem {
    /// Nobody reads what is said.
    fn output(problem: &io::Error) -> Self {
        Self::Failure(format!("cannot write to standard output: {problem}"))
    }
}

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let ran = match Arguments::parse().command {
        Command::Serve(serve) => serve.run(),
        Command::Init(init) => init.run(),
    };
    let (code, text) = match ran {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Problem::Failure(text)) => (1, text),
        Err(Problem::Usage(text)) => (2, text),
    };
    // Nothing is left to say it with if this fails.
    let _ = writeln!(io::stderr(), "mock-idp: {text}");
    ExitCode::from(code)
}
