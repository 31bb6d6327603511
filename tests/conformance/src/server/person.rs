//! Who approves and denies: a command, somebody at the terminal, or nobody.

use std::io::{BufRead, Write, stderr, stdin};
use std::process::{Command, Stdio};

/// What a device shows to its person.
#[derive(Clone, Debug, Default)]
pub struct Shown {
    /// `user_code`.
    pub user_code: String,
    /// `verification_uri`.
    pub verification_uri: String,
    /// `verification_uri_complete`, if there is one; else empty.
    pub verification_uri_complete: String,
}

/// What the person is to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Yes.
    Approve,
    /// No.
    Deny,
}

/// Somebody with a phone.
pub trait Person {
    /// Decides, and comes back when that is done; `None` if there is nobody who would.
    fn decide(&mut self, decision: Decision, shown: &Shown) -> Option<Result<(), String>>;
}

/// One way of deciding.
#[derive(Clone, Debug)]
pub enum Way {
    /// These words, with placeholders, are a command.
    Command(Vec<String>),
    /// Somebody at the terminal is asked.
    Prompt,
}

impl Way {
    /// Reads `prompt`, or a command line.
    ///
    /// # Errors
    ///
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        if text == "prompt" {
            return Ok(Self::Prompt);
        }
        match shlex::split(text) {
            Some(words) if !words.is_empty() => Ok(Self::Command(words)),
            _ => Err(format!("{text:?} is no command: is a quotation mark open?")),
        }
    }
}

/// The person of the command line.
#[derive(Clone, Debug, Default)]
pub struct Hooks {
    /// How to say yes.
    pub approve: Option<Way>,
    /// How to say no.
    pub deny: Option<Way>,
}

impl Person for Hooks {
    fn decide(&mut self, decision: Decision, shown: &Shown) -> Option<Result<(), String>> {
        let way = match decision {
            Decision::Approve => self.approve.as_ref(),
            Decision::Deny => self.deny.as_ref(),
        };
        Some(match way? {
            Way::Prompt => prompt(decision, shown),
            Way::Command(words) => run(words, shown),
        })
    }
}

fn prompt(decision: Decision, shown: &Shown) -> Result<(), String> {
    let what = match decision {
        Decision::Approve => "APPROVE",
        Decision::Deny => "DENY",
    };
    let mut out = stderr();
    let asked = write!(
        out,
        "\nPlease {what}: open {} and enter {}\n  {}\nThen press Enter here. ",
        shown.verification_uri, shown.user_code, shown.verification_uri_complete
    );
    asked.and_then(|()| out.flush()).map_err(|why| why.to_string())?;
    match stdin().lock().read_line(&mut String::new()) {
        Ok(0) => Err("standard input has ended, so nobody can be asked".to_owned()),
        Ok(_) => Ok(()),
        Err(why) => Err(why.to_string()),
    }
}

/// No shell is in between: a server's words stay words.
fn run(words: &[String], shown: &Shown) -> Result<(), String> {
    let fill = |word: &String| {
        word.replace("{user_code}", &shown.user_code)
            .replace("{verification_uri_complete}", &shown.verification_uri_complete)
            .replace("{verification_uri}", &shown.verification_uri)
    };
    let mut words = words.iter().map(fill);
    let command = words.next().unwrap_or_default();
    let run = Command::new(&command)
        .args(words)
        .env("USER_CODE", &shown.user_code)
        .env("VERIFICATION_URI", &shown.verification_uri)
        .env("VERIFICATION_URI_COMPLETE", &shown.verification_uri_complete)
        .stdin(Stdio::null())
        .output();
    match run {
        Err(why) => Err(format!("the command {command} does not start: {why}")),
        Ok(end) if end.status.success() => Ok(()),
        Ok(end) => {
            let said = String::from_utf8_lossy(&[end.stdout, end.stderr].concat())
                .trim()
                .to_owned();
            Err(format!("the command {command} failed ({}): {said}", end.status))
        }
    }
}
