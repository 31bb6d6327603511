//! Why a command did not do what it was told.

use std::io::{self, Write};

use serde_json::json;

use super::exit::Exit;

/// In words for people, with a stable code for programs.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) code: String,
    /// What is wrong, as one sentence without a full stop.
    pub(crate) what: String,
    /// What to do about it, as a whole sentence.
    pub(crate) advice: String,
}

impl Failure {
    pub(crate) fn new(exit: Exit, code: &str, what: String, advice: impl Into<String>) -> Self {
        Self {
            exit,
            code: code.into(),
            what,
            advice: advice.into(),
        }
    }

    pub(crate) fn usage(what: String) -> Self {
        Self::new(Exit::WrongUsage, "usage", what, "`device-login --help` tells more.")
    }

    /// To whoever reads, and for programs to standard output.
    pub(crate) fn tell(&self, json: bool) -> Exit {
        let Self { code, what, advice, .. } = self;
        // Nothing is left to say it with if this fails.
        let _ = writeln!(io::stderr(), "device-login: {what}. {advice}");
        if json {
            let error = json!({"error": {"code": code, "what": what, "advice": advice}});
            let _ = writeln!(io::stdout(), "{error}");
        }
        self.exit
    }
}
