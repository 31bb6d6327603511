//! The story that a client library tells while it signs in at the mock.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

/// A client library that the project did not write.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Library {
    OpenidClient,
    Oauth4webapi,
}

impl Library {
    pub(crate) const ALL: [Self; 2] = [Self::OpenidClient, Self::Oauth4webapi];

    fn script(self) -> &'static str {
        match self {
            Self::OpenidClient => "openid-client.mjs",
            Self::Oauth4webapi => "oauth4webapi.mjs",
        }
    }
}

/// A wait of the client before a poll: what the test does meanwhile happens before that poll.
pub(crate) struct Wait<'a> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) span: Duration,
    pub(crate) user_code: &'a str,
}

/// Every step that a client took, in order.
#[derive(Debug)]
pub(crate) struct Story(Vec<Value>);

impl Story {
    /// Runs a client until it ends: an issuer and, if it has a secret, its `token_endpoint_auth_method` and the secret.
    pub(crate) fn of(library: Library, client: &[&str], mut meanwhile: impl FnMut(Wait)) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("peers")
            .join(library.script());
        let mut client = Command::new("node")
            .arg(script)
            .args(client)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node runs");
        let mut answers = client.stdin.take().expect("piped");
        let mut story = Self(Vec::new());
        for line in BufReader::new(client.stdout.take().expect("piped")).lines() {
            let step: Value = serde_json::from_str(&line.expect("text")).expect("a line of JSON");
            let seconds = step["seconds"].as_u64();
            story.0.push(step);
            if let Some(seconds) = seconds {
                meanwhile(Wait {
                    number: story.steps().filter(|step| *step == "wait").count(),
                    span: Duration::from_secs(seconds),
                    user_code: story.text("device_authorization", "user_code"),
                });
                answers.write_all(b"\n").expect("the client listens");
            }
        }
        let end = client.wait().expect("it ends");
        assert!(end.success(), "{library:?}: {end}; is tests/node_modules there?");
        story
    }

    /// The names of all steps.
    pub(crate) fn steps(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| step["step"].as_str())
    }

    /// What was told of the step of that name; of the last one, if there are several.
    #[track_caller]
    pub(crate) fn step(&self, name: &str) -> &Value {
        let found = self.0.iter().rfind(|step| step["step"] == name);
        found.unwrap_or_else(|| panic!("no {name} in {self:#?}"))
    }

    /// A text that was told of a step.
    #[track_caller]
    pub(crate) fn text(&self, step: &str, member: &str) -> &str {
        let found = self.step(step)[member].as_str();
        found.unwrap_or_else(|| panic!("no text {member} of {step} in {self:#?}"))
    }
}
