//! What a test does behind the product's back.

use crate::support::Bench;
use mock_idp::{ControlError, GrantState};

fn states(bench: &Bench) -> Vec<GrantState> {
    bench.idp.grants(bench.now).iter().map(|grant| grant.state).collect()
}

#[test]
fn a_grant_goes_from_pending_to_redeemed() {
    let mut bench = Bench::okta();
    let started = bench.start("openid");
    assert_eq!(states(&bench), [GrantState::Pending]);
    bench.idp.approve(bench.now, &started.user_code, Some("jane")).unwrap();
    assert_eq!(states(&bench), [GrantState::Approved]);
    bench.poll(&started.device_code);
    assert_eq!(states(&bench), [GrantState::Redeemed]);
}

#[test]
fn a_grant_tells_who_asked_whom_and_when() {
    let mut bench = Bench::okta();
    let started = bench.start("openid");
    let grant = &bench.idp.grants(bench.now)[0];
    assert_eq!(grant.user_code, started.user_code);
    assert_eq!(grant.client_id, "tv");
    assert_eq!(grant.issuer, "https://org.example.test/oauth2/default");
    assert_eq!(grant.issued_at, bench.now);
    assert_eq!(grant.expires_at.since(grant.issued_at).as_secs(), 600);
}

#[test]
fn denial_and_expiry_show() {
    let mut bench = Bench::rfc();
    let (denied, expired) = (bench.start("openid"), bench.start("openid"));
    bench.idp.deny(bench.now, &denied.user_code).unwrap();
    bench.idp.expire(bench.now, &expired.user_code).unwrap();
    assert_eq!(states(&bench), [GrantState::Denied, GrantState::Expired]);
    assert_eq!(bench.poll(&expired.device_code).json()["error"], "expired_token");
}

#[test]
fn authentik_stays_pending_when_denied() {
    let mut bench = Bench::authentik();
    let started = bench.start("openid");
    bench.idp.deny(bench.now, &started.user_code).unwrap();
    assert_eq!(states(&bench), [GrantState::Pending]);
}

#[test]
fn a_code_may_be_typed_as_a_person_would() {
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        let code = bench.start("openid").user_code.to_lowercase().replace('-', "");
        let grouped = format!("{} {}-{}", &code[..3], &code[3..6], &code[6..]);
        bench.idp.approve(bench.now, &grouped, None).unwrap();
        assert_eq!(states(&bench), [GrantState::Approved]);
    }
}

#[test]
fn what_cannot_be_done_is_said() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let now = bench.now;
    assert_eq!(
        bench.idp.deny(now, "NOPE"),
        Err(ControlError::UnknownUserCode("NOPE".to_owned()))
    );
    let unknown = ControlError::UnknownUser("bob".to_owned(), vec!["jane".to_owned()]);
    assert_eq!(bench.idp.approve(now, &code, Some("bob")), Err(unknown));
    bench.idp.deny(now, &code).unwrap();
    assert_eq!(
        bench.idp.approve(now, &code, None),
        Err(ControlError::TooLate(code.clone(), GrantState::Denied))
    );
    assert_eq!(
        bench.idp.expire(now, &code),
        Err(ControlError::TooLate(code, GrantState::Denied))
    );
}

#[test]
fn reset_forgets_grants_and_throttles_and_starts_the_seed_over() {
    let mut bench = Bench::authentik();
    let first = bench.start("openid").user_code;
    for _ in 0..19 {
        bench.start("openid");
    }
    bench.idp.reset();
    assert_eq!(states(&bench), []);
    assert_eq!(bench.start("openid").user_code, first);
}
