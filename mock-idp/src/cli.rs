//! The command line.

use std::io::{self, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

mod announcement;
mod interrupt;
mod listeners;
mod serve;
mod value;

use serve::Serve;

/// An authorization server for tests of the device authorization grant: Okta, authentik, Google and the plain RFCs.
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

/// Does what the command line says.
pub(crate) fn run() -> ExitCode {
    let Command::Serve(serve) = Arguments::parse().command;
    match serve.run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            let _ = writeln!(io::stderr(), "mock-idp: {problem}");
            ExitCode::FAILURE
        }
    }
}
