//! `device-login`: signs in from a terminal, and keeps sessions for scripts.

#![forbid(unsafe_code)]

mod program {
    pub(crate) mod arguments;
    pub(crate) mod command;
    pub(crate) mod doctor;
    pub(crate) mod exit;
    mod failure;
    mod keeper;
    pub(crate) mod papers;
    mod profile;
    mod screens;
    mod sign_in;
    mod store;
}

use std::process::ExitCode;

use clap::Parser;
use program::arguments::{Arguments, Command};
use program::exit::Exit;
use program::{command, doctor, papers};

fn main() -> ExitCode {
    let Arguments { once, command } = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Nothing is left to say it with if this fails.
            let _ = error.print();
            return if error.use_stderr() {
                Exit::WrongUsage
            } else {
                Exit::Done
            }
            .into();
        }
    };
    let (result, json) = match &command {
        None => (command::once(&once), false),
        Some(Command::Login { common, look }) => (command::login(common, *look), common.json),
        Some(Command::Token(common)) => (command::token(common), common.json),
        Some(Command::Whoami(common)) => (command::whoami(common), common.json),
        Some(Command::Logout(common)) => (command::logout(common), common.json),
        Some(Command::Exec {
            common,
            variable,
            command,
        }) => (command::exec(common, variable, command), common.json),
        Some(Command::Doctor { common, sign_in }) => (doctor::run(common, *sign_in), common.json),
        Some(Command::Completions { shell }) => (papers::completions(*shell), false),
        Some(Command::Man { folder }) => (papers::manual(folder.as_deref()), false),
    };
    result.unwrap_or_else(|failure| failure.tell(json)).into()
}
