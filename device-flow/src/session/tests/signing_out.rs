use super::*;

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
