use super::*;

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
    let tab = restored(EPOCH + 600);
    assert_eq!(tab.wake_at, Some(Instant::from_millis(2_940_000)));
    assert_eq!(tab.session.name(), Some("Jane Doe"));
    assert_eq!(tab.session.subject(), Some("jane"));
    assert_eq!(tab.session.token_type(), Some("Bearer"));
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
