mod tab;

use std::format;

use expect_test::{Expect, expect};

use super::*;
use tab::{EPOCH, Tab, config, plain, tokens};

/// Tells a story with a store that has been written already; the log begins afterwards.
fn kept(script: &str, expected: &Expect) -> Tab {
    let mut tab = Tab::new(plain(), Store::Shared, tokens("a1", Some("r1"), Some(3600))).tell("wake; ok; ok");
    tab.log.clear();
    let tab = tab.tell(script);
    expected.assert_eq(&tab.log);
    tab
}

/// Tells one without a store.
fn unkept(tokens: crate::Tokens, script: &str, expected: &Expect) -> Tab {
    let tab = Tab::new(plain(), Store::None, tokens).tell(script);
    expected.assert_eq(&tab.log);
    tab
}

fn an_hour() -> crate::Tokens {
    tokens("a1", Some("r1"), Some(3600))
}

#[test]
fn a_sign_in_is_written_down_under_the_lock() {
    let tab = Tab::new(plain(), Store::Shared, an_hour()).tell("wake; ok; ok");
    expect![[r#"
        0      wake         lock
        0      ok           keep a1 r1 (locked)
        0      ok           until 3540
    "#]]
    .assert_eq(&tab.log);
}

#[test]
fn new_tokens_are_at_rest_before_they_are_used() {
    let tab = kept(
        "wait; ok; tokens a2 r2",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   tokens a2 r2 keep a2 r2 (locked)
        "#]],
    );
    assert_eq!(tab.session.access_token(tab.now).map(AccessToken::expose), Some("a1"));
    let tab = tab.tell("ok");
    assert_eq!(tab.session.access_token(tab.now).map(AccessToken::expose), Some("a2"));
}

#[test]
fn a_refresh_token_that_does_not_come_back_stays() {
    // X-50; RFC 6749 section 6.
    kept(
        "wait; ok; tokens a2; ok; wait; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   tokens a2    keep a2 r1 (locked)
            3540   ok           until 7080
            7080   wait         lock
            7080   ok           POST /token refresh_token=r1 (locked)
        "#]],
    );
}

#[test]
fn another_tabs_tokens_are_taken_over_and_nothing_is_sent() {
    let tab = kept(
        "pass 3000; theirs jane a2 r2; wait; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           until 6540
        "#]],
    );
    assert_eq!(tab.session.access_token(tab.now).map(AccessToken::expose), Some("a2"));
    kept(
        "theirs jane a2 r2; changed; ok",
        &expect![[r#"
            0      changed      lock
            0      ok           until 3540
        "#]],
    );
}

#[test]
fn without_a_lock_the_slower_tab_finds_the_tokens_of_the_other() {
    kept(
        "wait; ok; theirs jane a2 r2; error invalid_grant; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   error invalid_grant lock (locked)
            3540   ok           until 7080
        "#]],
    );
}

#[test]
fn a_refusal_ends_the_session_once_and_clears_the_store() {
    let tab = kept(
        "wait; ok; error invalid_grant; ok; ok; wake; leave",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   error invalid_grant lock (locked)
            3540   ok           forget (locked)
            3540   ok          , ended: invalid_grant (your access has ended: invalid_grant)
            3540   wake
            3540   leave
        "#]],
    );
    assert!(tab.store.is_none());
    unkept(
        an_hour(),
        "wake; wait; error invalid_client",
        &expect![[r#"
            0      wake         until 3540
            3540   wait         POST /token refresh_token=r1
            3540   error invalid_client, ended: invalid_client (your access has ended: invalid_client)
        "#]],
    );
}

#[test]
fn lost_answers_are_waited_out() {
    let tab = kept(
        "wait; ok; lost; wait; ok; status 503; wanted; wait; ok; status 302; wait; ok; tokens a2 r2; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   lost         until 3541
            3541   wait         lock
            3541   ok           POST /token refresh_token=r1 (locked)
            3541   status 503   until 3543
            3541   wanted       until 3543
            3543   wait         lock
            3543   ok           POST /token refresh_token=r1 (locked)
            3543   status 302   until 3547
            3547   wait         lock
            3547   ok           POST /token refresh_token=r1 (locked)
            3547   tokens a2 r2 keep a2 r2 (locked)
            3547   ok           until 7087
        "#]],
    );
    assert_eq!(tab.session.trouble(tab.now), None);
}

#[test]
fn somebody_who_waits_shortens_our_own_wait_and_no_other() {
    let lost = "lost; wait; lost; wait; lost; wait; lost; wait; lost; wanted; wanted";
    unkept(
        an_hour(),
        &format!("wake; wait; {lost}"),
        &expect![[r#"
            0      wake         until 3540
            3540   wait         POST /token refresh_token=r1
            3540   lost         until 3541
            3541   wait         POST /token refresh_token=r1
            3541   lost         until 3543
            3543   wait         POST /token refresh_token=r1
            3543   lost         until 3547
            3547   wait         POST /token refresh_token=r1
            3547   lost         until 3555
            3555   wait         POST /token refresh_token=r1
            3555   lost         until 3571
            3555   wanted       until 3560
            3555   wanted       until 3560
        "#]],
    );
}

#[test]
fn a_refused_access_token_is_replaced_but_not_for_ever() {
    // X-53.
    unkept(
        an_hour(),
        "wake; refused a0; refused a1; tokens a2; refused a1; refused a2; wait",
        &expect![[r#"
            0      wake         until 3540
            0      refused a0   until 3540
            0      refused a1   POST /token refresh_token=r1
            0      tokens a2    until 3540
            0      refused a1   until 3540
            0      refused a2   until 60
            60     wait         POST /token refresh_token=r1
        "#]],
    );
}

#[test]
fn without_a_refresh_token_the_session_ends_with_the_access_token() {
    unkept(
        tokens("a1", None, Some(3600)),
        "wake; wait",
        &expect![[r#"
            0      wake         until 3600
            3600   wait        , ended: session_expired (your time here is over)
        "#]],
    );
    unkept(
        tokens("a1", None, None),
        "wake; refused a1",
        &expect![[r#"
            0      wake
            0      refused a1  , ended: session_expired (your time here is over)
        "#]],
    );
}

#[test]
fn tokens_of_any_life_are_replaced_ahead() {
    for (expires_in, refreshed_at) in [(3600, 3540), (300, 240), (180, 120), (90, 60), (30, 20), (1, 5)] {
        let tab = Tab::new(plain(), Store::None, tokens("a1", Some("r1"), Some(expires_in))).tell("wake");
        assert_eq!(
            tab.wake_at.map(|at| at.as_millis() / 1000),
            Some(refreshed_at),
            "{expires_in}"
        );
    }
    for expires_in in [None, Some(0)] {
        let tab = Tab::new(plain(), Store::None, tokens("a1", Some("r1"), expires_in)).tell("wake");
        assert_eq!(tab.wake_at, None, "{expires_in:?} says nothing about an end");
    }
    let tab = Tab::new(plain(), Store::None, tokens("a1", Some("r1"), Some(u64::MAX))).tell("wake");
    assert_eq!(
        tab.wake_at,
        Some(Instant::default() + LONGEST_NAP),
        "no timer is too long"
    );
}

#[test]
fn a_sign_out_clears_the_store_before_it_asks_anybody() {
    let mut tab = kept(
        "leave; ok; ok; ok; ok",
        &expect![[r#"
            0      leave        lock
            0      ok           forget (locked)
            0      ok           POST /revoke token=r1&token_type_hint=refresh_token
            0      ok           POST /revoke token=a1&token_type_hint=access_token
            0      ok          , ended: signed_out (you are signed out)
        "#]],
    );
    assert_eq!(
        tab.session.take_end_session_url().as_ref().map(EndSessionUrl::expose),
        Some("https://id.example/logout?id_token_hint=i1&client_id=tv")
    );
    assert_eq!(tab.session.take_end_session_url(), None);
}

#[test]
fn a_sign_out_during_a_refresh_takes_the_new_tokens_back() {
    kept(
        "wait; ok; leave; tokens a2 r2; ok; ok; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   leave        (locked)
            3540   tokens a2 r2 forget (locked)
            3540   ok           POST /revoke token=r2&token_type_hint=refresh_token
            3540   ok           POST /revoke token=a2&token_type_hint=access_token
            3540   ok          , ended: signed_out (you are signed out)
        "#]],
    );
    kept(
        "wait; ok; leave; lost; ok; ok; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   leave        (locked)
            3540   lost         forget (locked)
            3540   ok           POST /revoke token=r1&token_type_hint=refresh_token
            3540   ok           POST /revoke token=a1&token_type_hint=access_token
            3540   ok          , ended: signed_out (you are signed out)
        "#]],
    );
}

#[test]
fn a_sign_out_that_the_server_does_not_hear_says_so() {
    unkept(
        an_hour(),
        "wake; leave; lost; wait; lost; wait; lost; wait; lost",
        &expect![[r#"
            0      wake         until 3540
            0      leave        POST /revoke token=r1&token_type_hint=refresh_token
            0      lost         until 1
            1      wait         POST /revoke token=r1&token_type_hint=refresh_token
            1      lost         until 3
            3      wait         POST /revoke token=r1&token_type_hint=refresh_token
            3      lost         until 7
            7      wait         POST /revoke token=r1&token_type_hint=refresh_token
            7      lost        , ended: signed_out_not_revoked (you are signed out on this device, but the server could not be told: the connection broke off)
        "#]],
    );
    unkept(
        an_hour(),
        "wake; leave; error invalid_client; ok",
        &expect![[r#"
            0      wake         until 3540
            0      leave        POST /revoke token=r1&token_type_hint=refresh_token
            0      error invalid_client POST /revoke token=a1&token_type_hint=access_token
            0      ok          , ended: signed_out_not_revoked (you are signed out on this device, but the server could not be told: invalid_client)
        "#]],
    );
    // RFC 7009 section 2.2.1.
    unkept(
        an_hour(),
        "wake; leave; ok; error unsupported_token_type",
        &expect![[r#"
            0      wake         until 3540
            0      leave        POST /revoke token=r1&token_type_hint=refresh_token
            0      ok           POST /revoke token=a1&token_type_hint=access_token
            0      error unsupported_token_type, ended: signed_out (you are signed out)
        "#]],
    );
}

#[test]
fn a_sign_out_in_another_tab_ends_the_session_here() {
    kept(
        "cleared; changed; ok",
        &expect![[r#"
            0      changed      lock
            0      ok          , ended: signed_out_elsewhere (you signed out, or somebody signed in, in another window)
        "#]],
    );
    let tab = kept(
        "theirs bob b1 s1; changed; ok",
        &expect![[r#"
            0      changed      lock
            0      ok          , ended: signed_out_elsewhere (you signed out, or somebody signed in, in another window)
        "#]],
    );
    assert!(tab.store.is_some(), "what is somebody else's stays");
    let tab = kept(
        "theirs bob b1 s1; leave; ok; ok; ok",
        &expect![[r#"
            0      leave        lock
            0      ok           POST /revoke token=r1&token_type_hint=refresh_token
            0      ok           POST /revoke token=a1&token_type_hint=access_token
            0      ok          , ended: signed_out (you are signed out)
        "#]],
    );
    assert!(tab.store.is_some());
}

#[test]
fn a_store_that_fails_costs_no_session() {
    let tab = kept(
        "wait; ok; tokens a2 r2; fail; ok; wait; ok; tokens a3 r3; ok",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   tokens a2 r2 keep a2 r2 (locked)
            3540   fail         forget (locked), not kept
            3540   ok           until 7080
            7080   wait         lock
            7080   ok           POST /token refresh_token=r2 (locked)
            7080   tokens a3 r3 keep a3 r3 (locked)
            7080   ok           until 10620
        "#]],
    );
    assert_eq!(tab.session.access_token(tab.now).map(AccessToken::expose), Some("a3"));
    // Nothing at all works there: what it holds is not believed again.
    kept(
        "wait; fail; tokens a2 r2; fail; fail; wait; ok; error invalid_grant; ok; fail",
        &expect![[r#"
            3540   wait         lock
            3540   fail         POST /token refresh_token=r1 (locked)
            3540   tokens a2 r2 keep a2 r2 (locked)
            3540   fail         forget (locked), not kept
            3540   fail         until 7080
            7080   wait         lock
            7080   ok           POST /token refresh_token=r2 (locked)
            7080   error invalid_grant lock (locked)
            7080   ok           forget (locked)
            7080   fail        , ended: invalid_grant (your access has ended: invalid_grant), left behind
        "#]],
    );
}

#[test]
fn a_session_goes_on_after_a_restart() {
    let tab = Tab::new(plain(), Store::Shared, an_hour()).tell("wake; ok; ok");
    let record = tab.store.expect("it was kept");
    let restored = |unix_time| {
        let session = Session::restore(plain(), &record, Instant::default(), UnixTime::from_secs(unix_time));
        let mut tab = Tab::of(session.expect("it is sound")).tell("wake");
        tab.store = Some(record.clone());
        tab
    };
    assert_eq!(restored(EPOCH + 600).wake_at, Some(Instant::from_millis(2_940_000)));
    // Run out; and a set that does not know the date cannot tell.
    for unix_time in [EPOCH + 4000, 12] {
        assert_eq!(restored(unix_time).log.trim(), "0      wake         lock");
    }
}

#[test]
fn what_is_not_ours_is_not_restored() {
    let tab = Tab::new(plain(), Store::Shared, an_hour()).tell("wake; ok; ok");
    let record = tab.store.expect("it was kept");
    let restore = |text: &str| {
        let record = SessionRecord::new(text);
        Session::restore(plain(), &record, Instant::default(), UnixTime::from_secs(EPOCH)).is_some()
    };
    assert!(restore(record.expose()));
    for (from, to) in [
        ("{", ""),
        (r#""version":1"#, r#""version":2"#),
        (r#""client_id":"tv""#, r#""client_id":"radio""#),
        ("https://id.example/token", "https://evil.example/token"),
        (r#""access_token":"a1","#, ""),
    ] {
        assert!(!restore(&record.expose().replace(from, to)), "{from} -> {to}");
    }
}

#[test]
fn a_record_of_another_issuer_or_without_tls_is_not_restored() {
    let at = |text: &str| {
        let settings = r#"{"issuer":"https://id.example","client_id":"tv"}"#;
        let record = SessionRecord::new(text);
        Session::restore(
            config(settings),
            &record,
            Instant::default(),
            UnixTime::from_secs(EPOCH),
        )
        .is_some()
    };
    let record = r#"{"version":1,"client_id":"tv","issuer":"https://id.example","token_endpoint":"https://id.example/token","access_token":"a","token_type":"Bearer"}"#;
    assert!(at(record));
    assert!(!at(
        &record.replace(r#"issuer":"https://id"#, r#"issuer":"https://other"#)
    ));
    assert!(!at(
        &record.replace("https://id.example/token", "http://id.example/token")
    ));
}

#[test]
fn a_strict_configuration_ends_at_the_first_broken_rule() {
    let mut config = plain();
    config.strict = true;
    // RFC 6749 section 5.1: answers are `application/json`.
    let tab = Tab::new(config, Store::None, an_hour()).tell("wake; wait; tokens a2");
    expect![[r#"
        0      wake         until 3540
        3540   wait         POST /token refresh_token=r1
        3540   tokens a2   , ended: deviates (the token endpoint deviates from RFC 6749 section 5.1: answers are `application/json`)
    "#]].assert_eq(&tab.log);
}

#[test]
fn debug_text_holds_no_token() {
    let tab = kept(
        "wait; ok; tokens a2 s3cret",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   tokens a2 s3cret keep a2 s3cret (locked)
        "#]],
    );
    let text = format!("{:?} {:?}", tab.session, tab.asked);
    assert!(!text.contains("s3cret"), "{text}");
}
