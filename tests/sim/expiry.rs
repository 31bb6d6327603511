use expect_test::expect;
use tests::{Issuer, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn a_code_that_nobody_approves_runs_out() {
    with_each(
        |world| world,
        |issuer, log| {
            assert_eq!(log.end_text(), "expired");
            let last = *log.polls().last().expect("it was asked");
            // One last ask, not before the code's own end by our clock and not much after it.
            assert!(last >= secs(issuer.code_lifetime()), "{last:?}");
            assert!(last <= secs(issuer.code_lifetime() + 6), "{last:?}");
        },
    );
}

#[test]
fn authentik_keeps_saying_pending_and_the_device_ends_it() {
    // A-54: releases to 2026.2 do not test expiry when asked.
    let log = World::new(Issuer::Authentik).run();
    expect![[r#"
        0.0    tv     starts
        0.0    tv     GET /application/o/tv/.well-known/openid-configuration
        0.1    idp    200 metadata
        0.2    tv     POST /application/o/device/
        0.3    idp    200 a code for 60 s, every 5 s
        0.4    tv     shows the code
        5.7    tv     POST /application/o/token/
        5.8    idp    400 authorization_pending
        11.1   tv     POST /application/o/token/
        11.2   idp    400 authorization_pending
        16.6   tv     POST /application/o/token/
        16.6   idp    400 authorization_pending
        22.0   tv     POST /application/o/token/
        22.1   idp    400 authorization_pending
        27.4   tv     POST /application/o/token/
        27.6   idp    400 authorization_pending
        32.9   tv     POST /application/o/token/
        33.0   idp    400 authorization_pending
        38.4   tv     POST /application/o/token/
        38.5   idp    400 authorization_pending
        43.8   tv     POST /application/o/token/
        43.9   idp    400 authorization_pending
        49.2   tv     POST /application/o/token/
        49.4   idp    400 authorization_pending
        54.7   tv     POST /application/o/token/
        54.8   idp    400 authorization_pending
        60.1   tv     POST /application/o/token/
        60.2   idp    400 authorization_pending
        65.6   tv     POST /application/o/token/
        65.7   idp    400 authorization_pending
        65.8   tv     expired
    "#]]
    .assert_eq(&log.to_string());
}

#[test]
fn a_dead_code_that_a_person_still_types_in_is_for_the_server_to_judge() {
    // X-43: after the code's end, and before the last ask.
    for issuer in Issuer::ALL {
        let late = Viewer::ApprovesAfter(secs(issuer.code_lifetime() + 1));
        let log = World::new(issuer).scenario("X-43", "").viewer(late).run();
        assert!(log.has_met("X-43"), "{issuer:?}\n{log}");
        let typed_in = log.since(secs(issuer.code_lifetime()));
        // A-54: authentik does not look at the end of a code that somebody approves.
        let (page, end) = match issuer {
            Issuer::Authentik => ("viewer approves", SIGNED_IN),
            _ => ("viewer comes too late", "expired"),
        };
        assert!(typed_in.contains(page), "{issuer:?}\n{typed_in}");
        assert_eq!(log.end_text(), end, "{issuer:?}\n{typed_in}");
    }
}
