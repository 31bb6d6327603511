//! What touches HTTP, CORS or timers, told in a real browser: the rest is told in simulated time.

use std::time::Duration;

use mock_idp::Grade;
use serde_json::json;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::television::Television;

/// Whom to ask, as the configuration says.
const HELP: &str = "id.example/help";

/// A living room whose server misbehaves as a scenario of the mock's catalogue says.
fn with(scenario: &str, variant: Option<&str>, count: Option<u64>) -> LivingRoom {
    let room = LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("rfc"), "client_id": "tv", "help": HELP }));
    switch_on(room, scenario, variant, count)
}

/// The same at authentik behind the page's own origin, where every answer can be read, whatever its headers.
fn with_readable(scenario: &str, variant: Option<&str>, count: Option<u64>) -> LivingRoom {
    let config = |_: &_, origin: &str| {
        let issuer = format!("{origin}/application/o/tv/");
        json!({ "issuer": issuer, "client_id": "tv", "help": HELP })
    };
    switch_on(LivingRoom::with(config), scenario, variant, count)
}

fn switch_on(room: LivingRoom, scenario: &str, variant: Option<&str>, count: Option<u64>) -> LivingRoom {
    room.misbehave(scenario, variant, count);
    room
}

/// Starts, and fails at once with this code.
#[track_caller]
fn fails_at_the_start(room: &LivingRoom, code: &str) {
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), code);
}

/// Starts, is approved, and greets Jane.
#[track_caller]
fn signs_in(room: &LivingRoom) {
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
}

#[test]
fn a_device_endpoint_that_no_page_may_read_is_told_from_no_network() {
    for variant in ["405", "404", "200"] {
        fails_at_the_start(&with("X-60", Some(variant), None), "cross_origin_refused");
    }
    fails_at_the_start(&with("X-61", None, None), "cross_origin_refused");
}

#[test]
fn errors_that_a_page_may_not_read_are_waited_out() {
    let room = with("X-62", None, None);
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    tv.page
        .wait_for("the first poll to be lost", "document.querySelector('[data-trouble]')");
    assert_eq!(tv.user_code(), user_code, "the code still counts");
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
}

/// So long a page waits for an answer (`TIMEOUT` of `client-wasm/src/fetch.rs`), and so late is the slow one of X-27.
const PATIENCE: Duration = Duration::from_secs(30);

#[test]
fn an_answer_that_is_late_is_waited_for() {
    let room = with("X-27", Some("slow"), None);
    room.hurry(1800);
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    let requests = |endpoint| {
        let journal = room.mock.journal();
        let sent = journal.entries().filter(|entry| entry.about.endpoint == Some(endpoint));
        sent.count()
    };
    tv.page.wait_until("the poll", || requests("token") > 0);
    // The server's answer is due half a minute after it was made, whenever that is.
    tv.page.wait_until("the late answer", || {
        room.mock.advance(PATIENCE);
        requests("jwks") > 0
    });
    tv.wait_for_screen("signed-in");
    assert_eq!(requests("token"), 1);
}

#[test]
fn an_answer_that_never_comes_is_given_up_and_asked_for_again() {
    let room = with("X-27", Some("silent"), None);
    room.hurry(1800);
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    tv.page.watch_timers(PATIENCE);
    tv.press(&keys::OK);
    tv.wait_for_screen("code");
    let user_code = tv.user_code();
    let has_come = || !room.mock.faults().active().iter().any(|fault| fault.id == "X-27");
    tv.page.wait_until("the poll", has_come);
    tv.page.ring();
    tv.page
        .wait_for("the poll to be given up", "document.querySelector('[data-trouble]')");
    room.mock
        .approve(&user_code, Some("jane"))
        .expect("the code still counts");
    tv.wait_for_screen("signed-in");
}

#[test]
fn no_request_needs_a_preflight() {
    signs_in(&with("X-63", None, None));
}

/// When somebody approves the code.
#[derive(Clone, Copy, PartialEq)]
enum Approved {
    AtOnce,
    /// Not before the misfortune has happened.
    Then,
    Never,
}
use Approved::{AtOnce, Never, Then};

/// One line: a scenario of the mock's catalogue, the form of it, for how many requests (as many as the catalogue says
/// without a number), when somebody approves, and the screen that it ends with; a failure's with its code.
type Row = (&'static str, &'static str, Option<u64>, Approved, &'static str);

const GO_ON: &[Row] = &[
    ("X-01", "", None, Then, "signed-in"),
    ("X-02", "", Some(2), Then, "signed-in"),
    ("X-03", "", None, AtOnce, "signed-in"),
    ("X-04", "", None, Then, "signed-in"),
    ("X-05", "", None, Then, "signed-in"),
    ("X-06", "", None, Then, "signed-in"),
    ("X-07", "", None, Then, "signed-in"),
    ("X-08", "", None, Then, "signed-in"),
    ("X-20", "401", None, Then, "signed-in"),
    ("X-20", "403", None, Then, "signed-in"),
    ("X-20", "428", None, Then, "signed-in"),
    ("X-21", "", None, Then, "signed-in"),
    ("X-22", "always", None, Then, "signed-in"),
    ("X-23", "502", None, Then, "signed-in"),
    ("X-23", "503", None, Then, "signed-in"),
    ("X-23", "429", None, Then, "signed-in"),
    ("X-23", "authentik_backend_gone", None, Then, "signed-in"),
    ("X-26", "truncated", None, Then, "signed-in"),
    ("X-26", "short", None, Then, "signed-in"),
    ("X-26", "huge", None, Then, "signed-in"),
    ("X-26", "not_utf8", None, Then, "signed-in"),
    ("X-26", "trickling", None, Then, "signed-in"),
    ("X-27", "closed", None, Then, "signed-in"),
    ("X-27", "reset", None, Then, "signed-in"),
    ("X-27", "reset_after_headers", None, Then, "signed-in"),
    ("X-32", "a_minute_ahead", None, AtOnce, "signed-in"),
    ("X-33", "late_key", None, AtOnce, "signed-in"),
];

const END: &[Row] = &[
    ("X-24", "", None, Never, "failed: answer_unreadable"),
    ("X-25", "start", None, Never, "failed: invalid_client"),
    ("X-25", "poll", None, Never, "failed: invalid_client"),
    ("X-25", "poll_401", None, Never, "failed: invalid_client"),
    ("X-28", "", None, AtOnce, "failed: invalid_grant"),
    (
        "X-29",
        "authorization_declined",
        None,
        Never,
        "failed: authorization_declined",
    ),
    (
        "X-29",
        "too_many_user_codes",
        None,
        Never,
        "failed: too_many_user_codes",
    ),
    ("X-29", "server_error", None, Never, "failed: server_error"),
    ("X-30", "307", None, Never, "failed: redirected"),
    ("X-30", "308", None, Never, "failed: redirected"),
    ("X-30", "302", None, Never, "failed: redirected"),
    ("X-31", "", None, Never, "failed: use_dpop_nonce"),
    (
        "X-32",
        "an_hour_ahead",
        None,
        AtOnce,
        "failed: id_token_issued_in_the_future",
    ),
    ("X-32", "expired", None, AtOnce, "failed: id_token_expired"),
    ("X-33", "unknown_kid", None, AtOnce, "failed: id_token_key_not_found"),
    ("X-33", "no_keys", None, AtOnce, "failed: id_token_algorithm_refused"),
    ("X-34", "", None, AtOnce, "failed: id_token_issuer_mismatch"),
    ("X-40", "", None, Never, "expired"),
    ("X-41", "", None, Never, "expired"),
    ("X-43", "", None, Never, "expired"),
    ("X-45", "", None, AtOnce, "denied"),
    ("X-46", "", None, AtOnce, "denied"),
    ("X-47", "", None, Never, "expired"),
    ("X-51", "start", None, Never, "failed: invalid_client"),
    ("X-51", "poll", None, Never, "failed: invalid_grant"),
];

/// Tells all rows at the same time, each in a tab of one browser: they mostly wait. Says what their servers saw.
fn tell(rows: &[Row], with: impl Fn(&str, Option<&str>, Option<u64>) -> LivingRoom) -> Vec<LivingRoom> {
    let room = |(scenario, variant, count, approved, _): &Row| {
        let variant = Some(*variant).filter(|name| !name.is_empty());
        let room = with(scenario, variant, *count);
        room.hurry(if *approved == Never { 8 } else { 1800 });
        room
    };
    let rooms: Vec<_> = rows.iter().map(room).collect();
    let mut tvs = Television::in_tabs(&rooms.iter().map(LivingRoom::page).collect::<Vec<_>>());
    for tv in &mut tvs {
        tv.wait_for_screen("idle");
        tv.press(&keys::OK);
    }
    for ((scenario, .., approved, _), (tv, room)) in rows.iter().zip(tvs.iter_mut().zip(&rooms)) {
        if *approved == Never {
            continue;
        }
        tv.wait_for_screen("code");
        if *approved == Then {
            // Those that are for a number of requests leave when they have had them.
            let has_happened = || {
                let active = room.mock.faults().active();
                let fault = active.iter().find(|fault| fault.id == *scenario);
                fault.is_none_or(|fault| fault.applied > 0 && fault.script.count.is_none())
            };
            tv.page.wait_until(scenario, has_happened);
        }
        let user_code = tv.user_code();
        room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    }
    for ((scenario, variant, _, _, end), tv) in rows.iter().zip(&mut tvs) {
        let (screen, code) = end.split_once(": ").unwrap_or((end, ""));
        let text = "(document.querySelector('[data-failure-code]') || { textContent: '' }).textContent";
        let is_shown = format!(
            "document.querySelector('[data-screen]').getAttribute('data-screen') === '{screen}' && {text} === '{code}'"
        );
        tv.page
            .wait_for(&format!("{end} after {scenario} {variant}"), &is_shown);
        // Whoever is left without a sign-in reads whom to ask.
        let names_help = tv.page.text().contains(HELP);
        assert_eq!(names_help, screen != "signed-in", "{scenario} {variant}");
    }
    rooms
}

#[test]
fn what_costs_a_moment_does_not_cost_the_sign_in() {
    for (room, (scenario, variant, ..)) in tell(GO_ON, with).iter().zip(GO_ON) {
        // The pace that the mock judges is that of the page's own timers; but a request whose connection breaks is sent
        // again by Chromium itself, at once.
        let (grade, findings) = room.verdict();
        assert!(
            grade == Grade::Pass || *scenario == "X-27",
            "{scenario} {variant}: {findings:?}"
        );
    }
}

#[test]
fn what_ends_a_sign_in_ends_it_with_the_screen_for_that() {
    for (room, (scenario, variant, ..)) in tell(END, with_readable).iter().zip(END) {
        // what the token endpoint redirects to is the mock itself by another name.
        let journal = room.mock.journal();
        let hosts = journal.entries().flat_map(|entry| &entry.headers);
        let strayed = hosts.filter(|(name, value)| name.eq_ignore_ascii_case("host") && value.starts_with("localhost"));
        assert_eq!(strayed.count(), 0, "{scenario} {variant} was asked elsewhere");
    }
}

#[test]
fn a_server_that_hands_out_no_more_codes_is_not_asked_again() {
    //
    let room = with_readable("X-49", None, None);
    let url = format!("{}application/o/device/", room.page());
    for _ in 0..20 {
        ureq::post(&url).send_form([("client_id", "tv")]).expect("a code");
    }
    fails_at_the_start(&room, "slow_down");
}
