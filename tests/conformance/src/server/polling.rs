//! Judges of the token endpoint while nobody has decided, and of its refusals (RFC 8628 sections 3.4 and 3.5, RFC 6749
//! section 5.2).

use std::rc::Rc;
use std::time::Duration;

use super::device::{Answer, Asked, DEVICE_CODE, Device, basic};
use super::starting::{NOBODY, ask_as_nobody, ask_twice, ask_without_client, refused};
use crate::check::{Otherwise, Ruling, broken, untested};

/// A device code that no server has made.
const NO_CODE: &str = "device-flow-conformance-no-such-code";

/// Sends a poll of a code that is none, with the fields as they are.
fn ask_with(device: &mut Device, name: &'static str, fields: &'static [(&'static str, &'static str)]) -> Asked {
    device.once(name, |device| {
        let url = device.endpoint("token_endpoint")?;
        device.post(&url, fields)
    })
}

fn ask_unknown_code(device: &mut Device) -> Asked {
    ask_with(
        device,
        "poll.unknown-code",
        &[("grant_type", DEVICE_CODE), ("device_code", NO_CODE)],
    )
}

fn ask_no_code(device: &mut Device) -> Asked {
    ask_with(device, "poll.no-device-code", &[("grant_type", DEVICE_CODE)])
}

fn ask_no_grant_type(device: &mut Device) -> Asked {
    ask_with(device, "poll.no-grant-type", &[("device_code", NO_CODE)])
}

fn ask_unknown_grant_type(device: &mut Device) -> Asked {
    let fields = &[("grant_type", "urn:example:no-such-grant"), ("device_code", NO_CODE)];
    ask_with(device, "poll.unknown-grant-type", fields)
}

fn ask_repeated(device: &mut Device) -> Asked {
    let fields = &[
        ("grant_type", DEVICE_CODE),
        ("device_code", NO_CODE),
        ("device_code", NO_CODE),
    ];
    ask_with(device, "poll.repeated", fields)
}

fn ask_as(device: &mut Device, name: &'static str, client: Option<&str>) -> Asked {
    let grant = device.main_grant()?;
    device.once(name, |device| {
        let url = device.endpoint("token_endpoint")?;
        let own = [("grant_type", DEVICE_CODE), ("device_code", &*grant.device_code)];
        let client: Vec<_> = client.iter().map(|id| ("client_id", *id)).collect();
        device.post_as(&url, &[&own, &client[..]].concat(), None)
    })
}

fn ask_no_client(device: &mut Device) -> Asked {
    ask_as(device, "poll.no-client", None)
}

fn ask_unknown_client(device: &mut Device) -> Asked {
    ask_as(device, "poll.unknown-client", Some(NOBODY))
}

/// Every refusal that the kit provokes on purpose.
fn refusals(device: &mut Device) -> Vec<Rc<Answer>> {
    let asks: [fn(&mut Device) -> Asked; 11] = [
        ask_without_client,
        ask_as_nobody,
        ask_twice,
        |device| device.pending(),
        ask_unknown_code,
        ask_no_code,
        ask_no_grant_type,
        ask_unknown_grant_type,
        ask_repeated,
        ask_no_client,
        ask_unknown_client,
    ];
    let answers = asks.into_iter().filter_map(|ask| ask(device).ok());
    answers
        .filter(|answer| answer.status != 200 || answer.error().is_some())
        .collect()
}

pub(super) fn pending(device: &mut Device) -> Ruling {
    let answer = device.pending()?;
    match answer.error().as_deref() {
        Some("authorization_pending") => Ok(answer.in_words()),
        _ => broken(format!(
            "answered {}; expected authorization_pending",
            answer.in_words()
        )),
    }
}

pub(super) fn pending_status(device: &mut Device) -> Ruling {
    let answer = device.pending()?;
    match answer.status {
        400 => Ok("400".to_owned()),
        other => broken(format!("the status is {other}; RFC 6749 section 5.2 has 400 for it")),
    }
}

pub(super) fn not_at_first_poll(device: &mut Device) -> Ruling {
    let answer = device.pending()?;
    match answer.error().as_deref() {
        Some("slow_down") => broken("the first poll after a whole interval was answered slow_down"),
        _ => Ok(format!(
            "the first poll after a whole interval was answered {}",
            answer.in_words()
        )),
    }
}

/// Polls twice at once; the second answer.
fn hurried(device: &mut Device) -> Asked {
    let grant = device.grant("start.unknown-parameter", &[("x-unknown", "1")])?;
    device.once("poll.first", |device| device.poll(&grant, &[]))?;
    device.once("poll.hurried", |device| device.poll_at_once(&grant, &[]))
}

pub(super) fn slow_down(device: &mut Device) -> Ruling {
    let answer = hurried(device)?;
    match answer.error().as_deref() {
        Some("slow_down") => Ok("the second of two polls at once was answered slow_down".to_owned()),
        _ => broken(format!(
            "the second of two polls at once was answered {}",
            answer.in_words()
        )),
    }
}

pub(super) fn slow_down_shape(device: &mut Device) -> Ruling {
    let answer = hurried(device)?;
    if answer.error().as_deref() != Some("slow_down") {
        return untested("nothing was answered slow_down");
    }
    match answer.status {
        400 => Ok("400 slow_down".to_owned()),
        other => broken(format!("the status is {other}; RFC 6749 section 5.2 has 400 for it")),
    }
}

pub(super) fn slow_down_passes(device: &mut Device) -> Ruling {
    if hurried(device)?.error().as_deref() != Some("slow_down") {
        return untested("nothing was answered slow_down");
    }
    let grant = device.grant("start.unknown-parameter", &[("x-unknown", "1")])?;
    let answer = device.once("poll.slower", |device| device.poll(&grant, &[]))?;
    let waited = device.interval(&grant).as_secs();
    match answer.error().as_deref() {
        Some("authorization_pending") => Ok("five seconds more, and the code is pending again".to_owned()),
        _ => broken(format!(
            "a poll {waited} s after slow_down is answered {}",
            answer.in_words()
        )),
    }
}

pub(super) fn slow_down_remembered(device: &mut Device) -> Ruling {
    slow_down_passes(device).map_err(|other| match other {
        Otherwise::Broken(words) => Otherwise::Untested(words),
        other => other,
    })?;
    let grant = device.grant("start.unknown-parameter", &[("x-unknown", "1")])?;
    let answer = device.once("poll.as-before", |device| {
        let longer = device.interval(&grant);
        // The pace from before, plus half of what was added: too fast now, and not then.
        device.wait(longer.saturating_sub(Duration::from_millis(2500)));
        device.poll_at_once(&grant, &[])
    })?;
    match answer.error().as_deref() {
        Some("slow_down") => Ok("the pace from before is answered slow_down".to_owned()),
        _ => broken(format!("the pace from before is answered {}", answer.in_words())),
    }
}

pub(super) fn unknown_code(device: &mut Device) -> Ruling {
    refused(&*ask_unknown_code(device)?, &["invalid_grant"])
}

pub(super) fn no_device_code(device: &mut Device) -> Ruling {
    refused(&*ask_no_code(device)?, &["invalid_request"])
}

pub(super) fn no_grant_type(device: &mut Device) -> Ruling {
    refused(&*ask_no_grant_type(device)?, &["invalid_request"])
}

pub(super) fn unknown_grant_type(device: &mut Device) -> Ruling {
    refused(&*ask_unknown_grant_type(device)?, &["unsupported_grant_type"])
}

pub(super) fn repeated(device: &mut Device) -> Ruling {
    refused(&*ask_repeated(device)?, &["invalid_request"])
}

pub(super) fn no_client(device: &mut Device) -> Ruling {
    refused(&*ask_no_client(device)?, &["invalid_request", "invalid_client"])
}

pub(super) fn unknown_client(device: &mut Device) -> Ruling {
    refused(&*ask_unknown_client(device)?, &["invalid_client"])
}

pub(super) fn other_client(device: &mut Device) -> Ruling {
    let Some(other) = device.target.other_client_id.clone() else {
        return untested("there is no other client: give --other-client-id");
    };
    refused(&*ask_as(device, "poll.other-client", Some(&other))?, &["invalid_grant"])
}

pub(super) fn unknown_parameter(device: &mut Device) -> Ruling {
    let grant = device.main_grant()?;
    device.pending()?;
    let more = [("x-unknown", "1"), ("x-empty", "")];
    let answer = device.once("poll.unknown-parameter", |device| device.poll(&grant, &more))?;
    match answer.error().as_deref() {
        Some("authorization_pending" | "slow_down") => Ok(answer.in_words()),
        _ => broken(format!(
            "with unknown parameters a pending code is answered {}",
            answer.in_words()
        )),
    }
}

pub(super) fn by_get(device: &mut Device) -> Ruling {
    let answer = device.once("poll.get", |device| {
        let url = device.endpoint("token_endpoint")?;
        device.get(&url)
    })?;
    if (400..500).contains(&answer.status) {
        return Ok(format!("a GET is answered {}", answer.status));
    }
    broken(format!("a GET is answered {}", answer.status))
}

pub(super) fn challenge(device: &mut Device) -> Ruling {
    let answer = device.once("poll.basic", |device| {
        let url = device.endpoint("token_endpoint")?;
        let fields = [("grant_type", DEVICE_CODE), ("device_code", NO_CODE)];
        device.post_as(&url, &fields, Some(&basic(NOBODY, "wrong")))
    })?;
    let challenge = answer.header("www-authenticate").unwrap_or_default();
    let matches = challenge.to_ascii_lowercase().starts_with("basic");
    if answer.status == 401 && matches {
        return Ok(format!("401 with WWW-Authenticate: {challenge}"));
    }
    broken(format!(
        "answered {} with WWW-Authenticate {challenge:?}; expected 401 and Basic",
        answer.in_words()
    ))
}

pub(super) fn secret_required(device: &mut Device) -> Ruling {
    if device.target.client_secret.is_none() {
        return untested("the client has no secret: give --client-secret to test one that has");
    }
    let id = device.target.client_id.clone();
    refused(&*ask_as(device, "poll.no-secret", Some(&id))?, &["invalid_client"])
}

pub(super) fn error_shape(device: &mut Device) -> Ruling {
    let all = refusals(device);
    if all.is_empty() {
        return untested("nothing was refused");
    }
    for answer in &all {
        if answer.error().is_none() {
            return broken(format!("one refusal is {}", answer.in_words()));
        }
        if answer.media_type() != "application/json" {
            return broken(format!("{} comes as {:?}", answer.in_words(), answer.media_type()));
        }
    }
    Ok(format!("{} refusals, each JSON with `error`", all.len()))
}

pub(super) fn error_status(device: &mut Device) -> Ruling {
    let all: Vec<_> = refusals(device)
        .into_iter()
        .filter(|answer| answer.error().is_some())
        .collect();
    if all.is_empty() {
        return untested("nothing was refused");
    }
    let allowed = |answer: &&Rc<Answer>| match answer.error().as_deref() {
        Some("invalid_client") => [400, 401].contains(&answer.status),
        _ => answer.status == 400,
    };
    match all.iter().find(|answer| !allowed(answer)) {
        Some(answer) => broken(format!("one refusal is {}", answer.in_words())),
        None => Ok(format!("{} refusals, each 400, or 401 for invalid_client", all.len())),
    }
}

pub(super) fn error_characters(device: &mut Device) -> Ruling {
    let mut all = refusals(device);
    all.extend(hurried(device).ok());
    let mut texts = 0;
    for answer in &all {
        let body = answer.json();
        for member in ["error", "error_description"] {
            let Some(text) = body[member].as_str() else {
                continue;
            };
            texts += 1;
            let allowed = |each: char| matches!(each, ' '..='!' | '#'..='[' | ']'..='~');
            if let Some(other) = text.chars().find(|each| !allowed(*each)) {
                return broken(format!("{member} of {} has {other:?} in it", answer.in_words()));
            }
        }
    }
    if texts == 0 {
        return untested("no refusal has words");
    }
    Ok(format!("{texts} texts"))
}
