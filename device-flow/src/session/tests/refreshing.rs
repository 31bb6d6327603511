use super::*;

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
