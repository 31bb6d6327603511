//! Judges of a client: pure, over what the journal of each run holds.

use std::time::Duration;

use serde_json::Value;

use super::run::{End, Run, field, in_seconds};
use crate::check::{Ruling, broken, doubtful, untested};

/// How much sooner than told a request may come.
const TOLERANCE: Duration = Duration::from_millis(200);

/// The run that a check looks at.
fn one<'a>(runs: &[&'a Run]) -> Result<&'a Run, crate::check::Otherwise> {
    match runs {
        [] => untested("the client was not run"),
        [run, ..] => match &run.end {
            End::NotStarted(why) => untested(format!("the client did not start: {why}")),
            _ => Ok(run),
        },
    }
}

/// The run, if a code was asked for in it.
fn begun<'a>(runs: &[&'a Run]) -> Result<&'a Run, crate::check::Otherwise> {
    let run = one(runs)?;
    if run.starts().is_empty() {
        return untested(format!("the client asked for no code: {}", run.end_in_words()));
    }
    Ok(run)
}

/// The run, if something was polled in it.
fn polled<'a>(runs: &[&'a Run]) -> Result<&'a Run, crate::check::Otherwise> {
    let run = begun(runs)?;
    if run.polls().is_empty() {
        return untested(format!("the client did not poll: {}", run.end_in_words()));
    }
    Ok(run)
}

fn signs_in(run: &Run) -> Ruling {
    if run.has_tokens() && run.says_signed_in() {
        return Ok(format!("signed in after {} polls; {}", run.polls().len(), run.gaps()));
    }
    if run.has_tokens() {
        return broken(format!("it was given tokens, and {}", run.end_in_words()));
    }
    broken(format!("it was given no tokens: {}", run.end_in_words()))
}

/// It signs in at a server that does everything right. Whoever does not even begin has not shown anything.
pub(super) fn begins_and_goes_on(runs: &[&Run]) -> Ruling {
    let run = one(runs)?;
    if run.starts().is_empty() {
        return broken(format!("the client asked for no code: {}", run.end_in_words()));
    }
    signs_in(run)
}

/// It signs in all the same.
pub(super) fn goes_on(runs: &[&Run]) -> Ruling {
    signs_in(begun(runs)?)
}

/// The first fault by one of these rules, in any run.
fn no_fault(runs: &[&Run], rules: &[&str]) -> Ruling {
    let begun: Vec<_> = runs.iter().filter(|run| !run.starts().is_empty()).collect();
    if begun.is_empty() {
        one(runs)?;
        return untested("the client asked for no code in any run");
    }
    for run in &begun {
        if let Some(text) = run.fault(rules) {
            return broken(format!("in the run {:?}: {text}", run.scene.name));
        }
    }
    let requests: usize = begun.iter().map(|run| run.starts().len() + run.polls().len()).sum();
    Ok(format!("{requests} requests in {} runs", begun.len()))
}

pub(super) fn form(runs: &[&Run]) -> Ruling {
    no_fault(runs, &["S-01"])
}

pub(super) fn repeats(runs: &[&Run]) -> Ruling {
    no_fault(runs, &["S-06"])
}

pub(super) fn parameters(runs: &[&Run]) -> Ruling {
    no_fault(runs, &["S-30"])
}

pub(super) fn client_id(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    for start in run.starts() {
        let names = field(start, "client_id").is_some_and(|id| !id.is_empty());
        let authenticates = start
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        if !names && !authenticates {
            return broken("a request for a code names no client");
        }
    }
    Ok("the client is named".to_owned())
}

pub(super) fn scope(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    let scopes: Vec<_> = run
        .starts()
        .into_iter()
        .filter_map(|start| field(start, "scope"))
        .collect();
    let sound = |each: char| matches!(each, '!' | '#'..='[' | ']'..='~');
    for scope in &scopes {
        if scope.is_empty() || scope.split(' ').any(|word| word.is_empty() || !word.chars().all(sound)) {
            return broken(format!("the scope is {scope:?}"));
        }
    }
    Ok(scopes
        .first()
        .map_or("no scope is sent, which is allowed".to_owned(), |scope| {
            format!("{scope:?}")
        }))
}

pub(super) fn authentication(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    let way = |entry: &mock_idp::Entry| {
        let header = entry
            .headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"));
        match (
            header,
            field(entry, "client_secret").is_some() || field(entry, "client_assertion").is_some(),
        ) {
            (true, _) => "the Authorization header",
            (false, true) => "the form",
            (false, false) => "nothing",
        }
    };
    let ways: Vec<_> = run.starts().into_iter().chain(run.polls()).map(way).collect();
    match ways.iter().find(|way| **way == "nothing") {
        Some(_) => broken(format!("it proves itself by {}", ways.join(", then by "))),
        None => Ok(format!("it proves itself by {}", ways.first().unwrap_or(&"nothing"))),
    }
}

pub(super) fn public(runs: &[&Run]) -> Ruling {
    begun(runs)?;
    untested("the client was run as one without a secret: give --client-secret to test one that has")
}

pub(super) fn interval(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    if let Some(text) = run.fault(&["S-31"]) {
        return broken(text);
    }
    if run.polls().len() < 2 {
        return untested(format!("there was no second poll: {}", run.end_in_words()));
    }
    Ok(run.gaps())
}

pub(super) fn usual_interval(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    if let Some(text) = run.fault(&["S-31"]) {
        return broken(text);
    }
    signs_in(run)
}

pub(super) fn first_poll(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    match run.fault(&["X-06"]) {
        Some(text) => broken(text),
        None => Ok("the first poll gave the person time".to_owned()),
    }
}

pub(super) fn slow_down(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    if let Some(text) = run.fault(&["S-33", "S-31"]) {
        return broken(text);
    }
    signs_in(run)
}

pub(super) fn slow_down_with_interval(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    if let Some(text) = run.fault(&["S-33", "S-31"]) {
        return broken(text);
    }
    signs_in(run)
}

/// It stopped, and does not claim to have signed in.
fn stops(run: &Run, rules: &[&str]) -> Ruling {
    if let Some(text) = run.fault(rules) {
        return broken(text);
    }
    if run.polls().len() < 2 {
        return untested(format!("there was no second poll: {}", run.end_in_words()));
    }
    told(run)
}

fn told(run: &Run) -> Ruling {
    match run.end {
        _ if run.says_signed_in() => broken("it says that it signed in"),
        End::StillRunning => doubtful(format!(
            "it stopped asking, but had not exited after {} s",
            run.scene.limit
        )),
        _ => Ok(format!("it stopped, and {}", run.end_in_words())),
    }
}

pub(super) fn denied(runs: &[&Run]) -> Ruling {
    stops(polled(runs)?, &["S-34"])
}

pub(super) fn expired(runs: &[&Run]) -> Ruling {
    stops(polled(runs)?, &["S-35"])
}

pub(super) fn waits_for_person(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    if run.polls().len() < 2 {
        return untested(format!("there was no second poll: {}", run.end_in_words()));
    }
    match run.starts().len() {
        1 => Ok("no new code was asked for".to_owned()),
        many => broken(format!("it asked for {} new codes by itself", many - 1)),
    }
}

pub(super) fn other_error(runs: &[&Run]) -> Ruling {
    stops(polled(runs)?, &["S-36"])
}

pub(super) fn nonce(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    if let Some(text) = run.fault(&["S-36"]) {
        return broken(text);
    }
    let proofs = run
        .polls()
        .into_iter()
        .filter(|poll| poll.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("dpop")));
    match proofs.count() {
        0 => told(run),
        many => Ok(format!("{many} polls with a DPoP proof")),
    }
}

pub(super) fn own_clock(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    match run.fault(&["S-39"]) {
        Some(text) => broken(text),
        None if run.says_signed_in() => broken("it says that it signed in"),
        None => Ok(format!("no polls beyond the code's life; {}", run.end_in_words())),
    }
}

/// A retry after a lost answer, if there was one.
fn retried<'a>(runs: &[&'a Run]) -> Result<&'a Run, crate::check::Otherwise> {
    let run = polled(runs)?;
    let polls = run.polls();
    if polls.len() < 2 {
        return untested(format!("there was no second poll: {}", run.end_in_words()));
    }
    if polls.len() < 3 {
        let words = match run.end {
            End::StillRunning => "it was still waiting for the answer",
            _ => "it gave up, so that there is no pace of retries to judge",
        };
        return untested(format!("{words}: {}", run.end_in_words()));
    }
    Ok(run)
}

pub(super) fn backs_off(runs: &[&Run]) -> Ruling {
    let run = retried(runs)?;
    match run.fault(&["S-37", "S-31"]) {
        Some(text) => broken(text),
        None => Ok(run.gaps()),
    }
}

pub(super) fn retry_after(runs: &[&Run]) -> Ruling {
    let run = retried(runs)?;
    if let Some(text) = run.fault(&["X-23"]) {
        return broken(text);
    }
    let gap = run.polls().get(2).and_then(|poll| poll.gap).unwrap_or_default();
    if gap + TOLERANCE < Duration::from_secs(3) {
        return broken(format!(
            "polled {} after an answer with a Retry-After of 3 s",
            in_seconds(gap)
        ));
    }
    Ok(run.gaps())
}

pub(super) fn no_busy_loop(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    if run.polls().is_empty() {
        return broken(format!("it takes the answer for unusable: {}", run.end_in_words()));
    }
    match run.fault(&["S-31"]) {
        Some(text) => broken(text),
        None => signs_in(run),
    }
}

pub(super) fn encoding(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    match run.fault(&["X-17"]) {
        Some(text) => broken(text),
        None => signs_in(run),
    }
}

pub(super) fn without_complete(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    let words = signs_in(run)?;
    let empty = |word: &&str| {
        run.output
            .split(|each: char| !each.is_alphanumeric())
            .any(|each| each == *word)
    };
    match ["null", "undefined", "None"].iter().find(|word| empty(word)) {
        Some(word) => doubtful(format!("it signs in, but writes {word:?}")),
        None => Ok(words),
    }
}

pub(super) fn other_issuer(runs: &[&Run]) -> Ruling {
    let run = one(runs)?;
    if run.looks() == 0 {
        return untested("the client asks for no metadata");
    }
    if !run.starts().is_empty() {
        return broken("it goes on with metadata that names another issuer");
    }
    if run.says_signed_in() {
        return broken("it says that it signed in");
    }
    Ok(format!("it does not go on; {}", run.end_in_words()))
}

pub(super) fn no_code(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    if !run.polls().is_empty() {
        return broken(format!("it polls, although it has no code: {}", run.end_in_words()));
    }
    told(run)
}

pub(super) fn shows(runs: &[&Run]) -> Ruling {
    let run = begun(runs)?;
    let starts = run.starts();
    let answer: Value = starts
        .first()
        .and_then(|start| serde_json::from_slice(&start.answer_body.kept).ok())
        .unwrap_or_default();
    let plain = |text: &str| -> String {
        let kept = text.chars().filter(char::is_ascii_alphanumeric);
        kept.map(|each| each.to_ascii_uppercase()).collect()
    };
    let code = answer["user_code"].as_str().unwrap_or_default();
    let uri = answer["verification_uri"].as_str().unwrap_or_default();
    let bare = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    // The complete address holds both: what is asked for is what a person types.
    let complete = answer["verification_uri_complete"].as_str().unwrap_or_default();
    let rest = if complete.is_empty() {
        run.output.clone()
    } else {
        run.output.replace(complete, " ")
    };
    let (has_code, has_uri) = (plain(&rest).contains(&plain(code)), rest.contains(bare));
    match (has_code, has_uri) {
        (true, true) => Ok(format!("{code} and {uri}")),
        (false, false) if !run.output.contains(complete) || complete.is_empty() => {
            untested("neither code nor address is in what the client wrote; where it shows them the kit cannot see")
        }
        (false, _) => broken("the address is in what the client wrote, the code by itself is not"),
        (true, false) => broken("the code is in what the client wrote, verification_uri is not"),
    }
}

pub(super) fn stays(runs: &[&Run]) -> Ruling {
    let run = polled(runs)?;
    match run.fault(&["X-30"]) {
        Some(text) => broken(text),
        None => Ok(format!("the device code stays with its server; {}", run.end_in_words())),
    }
}

pub(super) fn refreshes(runs: &[&Run]) -> Ruling {
    let many: usize = runs.iter().map(|run| run.refreshes()).sum();
    if many == 0 {
        one(runs)?;
        return untested("the client refreshed nothing while it was watched");
    }
    for run in runs {
        if let Some(text) = run.fault(&["S-46"]) {
            return broken(format!("in the run {:?}: {text}", run.scene.name));
        }
    }
    Ok(format!("{many} refreshes"))
}
