//! What will not work, told to whoever sets a page or a program up.

use std::thread;

use device_flow::{Checkup, Clock, Config, Finding, Input};
use serde_json::{Value, json};

use crate::http::Http;
use crate::shell::{SystemClocks, answer};

/// Looks at the server, for a page if that is whom `http` stands for; takes as long as one interval between polls.
///
/// A page reads less than a program does: [`crate::cors`] says what is left.
pub fn run(config: Config, http: &Http) -> Checkup {
    let clocks = SystemClocks::new();
    let mut clock = Clock::starting_at(clocks.read());
    let mut checkup = Checkup::new(config);
    let mut input = Input::Start;
    loop {
        let step = checkup.step(clock.read(clocks.read()), input);
        input = if let Some((id, ask)) = step.ask {
            Input::Answer(id, answer(&ask, http, clocks))
        } else if let Some(at) = step.wake_at {
            thread::sleep(at.since(clock.read(clocks.read())));
            Input::Wake
        } else {
            return checkup;
        };
    }
}

/// The findings as JSON: `[{"code":"…","fatal":true,"endpoint":"…","what":"…","advice":"…"}]`.
pub fn to_json(findings: &[Finding]) -> Value {
    let findings = findings.iter().map(|finding| {
        json!({
            "code": finding.code,
            "fatal": finding.is_fatal,
            "endpoint": finding.endpoint,
            "what": finding.what,
            "advice": finding.advice,
        })
    });
    findings.collect()
}

/// One finding in words for people, as one line.
pub fn words(finding: &Finding) -> String {
    let Finding {
        code,
        is_fatal,
        endpoint,
        what,
        advice,
    } = finding;
    let weight = if *is_fatal {
        "Nobody can sign in"
    } else {
        "Worth knowing"
    };
    format!("{weight} ({code}, {endpoint}): {what}. {advice}")
}
