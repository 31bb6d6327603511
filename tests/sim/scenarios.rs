//! Every scenario of the mock's catalogue, in each of its forms, with each issuer.
//!
//! A scenario that is added there is told here too; `UPDATE_EXPECT=1` writes its line, which then is read against what
//! its row in `mock-idp/SCENARIOS.md` expects.

use std::fmt::Write;

use expect_test::expect;
use mock_idp::catalogue;
use tests::{Issuer, Viewer, World, secs};

/// One line for each form of the scenarios that `story` meets: how it ends, and the seconds between polls. Issuers share
/// a line where the story is the same.
fn table(ids: impl Fn(&str) -> bool, story: impl Fn(World) -> World) -> String {
    let mut table = String::new();
    for scenario in catalogue().iter().filter(|scenario| ids(&scenario.id)) {
        for variant in &scenario.variants {
            let mut endings: Vec<(String, Vec<Issuer>)> = Vec::new();
            for issuer in Issuer::ALL {
                let log = story(World::new(issuer).scenario(&scenario.id, &variant.name)).run();
                if !log.has_met(&scenario.id) {
                    continue;
                }
                let end = log.end_text().trim_end_matches(" as Jane Doe, vouched by signature");
                let ending = format!("{end}{}", short(&log.gaps()));
                match endings.iter_mut().find(|(known, _)| *known == ending) {
                    Some((_, issuers)) => issuers.push(issuer),
                    None => endings.push((ending, vec![issuer])),
                }
            }
            for (ending, issuers) in endings {
                let whom = if issuers.len() == Issuer::ALL.len() {
                    String::new()
                } else {
                    format!(" {issuers:?}")
                };
                let name = [&*scenario.id, &*variant.name].join(" ");
                writeln!(table, "{}{whom}: {ending}", name.trim_end()).expect("memory takes it");
            }
        }
    }
    table
}

/// Gaps as they follow each other, such as `, 5 s × 3, 10 s`.
fn short(gaps: &[u64]) -> String {
    gaps.chunk_by(|a, b| a == b)
        .map(|same| match same {
            [gap] => format!(", {gap} s"),
            same => format!(", {} s × {}", same[0], same.len()),
        })
        .collect()
}

#[test]
fn somebody_approves_soon() {
    let table = table(|id| id < "X-40", |world| world.viewer(Viewer::ApprovesAfter(secs(22))));
    expect![[r#"
        X-01: signed in, 10 s × 2
        X-02: signed in, 10 s, 15 s
        X-03: signed in, 30 s
        X-04: signed in, 10 s × 2
        X-05: signed in, 10 s × 2
        X-06: signed in, 10 s × 2
        X-07: signed in, 5 s × 4
        X-08: signed in, 5 s × 4
        X-10: signed in, 5 s × 4
        X-11 zero: signed in, 5 s × 4
        X-11 negative: signed in, 5 s × 4
        X-11 huge: signed in
        X-11 text: signed in, 5 s × 4
        X-12 text: signed in, 5 s × 4
        X-12 missing: signed in, 5 s × 4
        X-13: signed in, 5 s × 4
        X-14: signed in, 5 s × 4
        X-15 null: failed: member_missing
        X-15 empty: failed: member_missing
        X-15 relative: failed: member_not_usable
        X-15 script: failed: member_not_usable
        X-16: signed in, 5 s × 4
        X-17: signed in, 5 s × 4
        X-18: signed in, 5 s × 4
        X-19 six_digits: signed in, 5 s × 4
        X-19 grouped_digits: signed in, 5 s × 4
        X-19 eight_letters: signed in, 5 s × 4
        X-19 twelve_letters: signed in, 5 s × 4
        X-19 lower_case: signed in, 5 s × 4
        X-20 401: signed in, 5 s × 4
        X-20 403: signed in, 5 s × 4
        X-20 428: signed in, 5 s × 4
        X-21: signed in, 5 s × 4
        X-22 always: signed in, 5 s × 4
        X-23 502: signed in, 10 s, 5 s × 2
        X-23 503: signed in, 10 s, 5 s × 2
        X-23 503_retry_after: signed in, 17 s
        X-23 503_retry_after_date [Rfc]: signed in, 25 s
        X-23 503_retry_after_date [OktaOrg, OktaCustomAs]: signed in, 26 s
        X-23 503_retry_after_date [Authentik, Google]: signed in, 27 s
        X-23 429: signed in, 10 s, 5 s × 2
        X-23 429_retry_after: signed in, 17 s
        X-23 authentik_starting: signed in, 5 s × 4
        X-23 authentik_backend_gone: signed in, 10 s, 5 s × 2
        X-24: failed: answer_unreadable
        X-25 start: failed: invalid_client
        X-25 poll: failed: invalid_client
        X-25 poll_401: failed: invalid_client
        X-26 truncated: signed in, 10 s, 5 s × 2
        X-26 short: signed in, 10 s, 5 s × 2
        X-26 huge: signed in, 10 s, 5 s × 2
        X-26 not_utf8: signed in, 10 s, 5 s × 2
        X-26 trickling [Rfc]: signed in, 7 s, 5 s × 2
        X-26 trickling [OktaOrg, OktaCustomAs]: signed in, 13 s, 5 s
        X-26 trickling [Authentik]: signed in, 20 s
        X-26 trickling [Google]: signed in, 11 s, 5 s
        X-27 closed: signed in, 10 s, 5 s × 2
        X-27 reset: signed in, 10 s, 5 s × 2
        X-27 reset_after_headers: signed in, 10 s, 5 s × 2
        X-27 slow: signed in, 40 s
        X-27 silent: signed in, 40 s
        X-28: failed: invalid_grant, 5 s × 4, 10 s
        X-29 authorization_declined: failed: authorization_declined
        X-29 too_many_user_codes: failed: too_many_user_codes
        X-29 server_error: failed: server_error
        X-30 307: failed: redirected
        X-30 308: failed: redirected
        X-30 302: failed: redirected
        X-31: failed: use_dpop_nonce
        X-32 a_minute_ahead: signed in, 5 s × 4
        X-32 an_hour_ahead: failed: id_token_issued_in_the_future, 5 s × 4
        X-32 expired: failed: id_token_expired, 5 s × 4
        X-33 late_key: signed in, 5 s × 4
        X-33 unknown_kid: failed: id_token_key_not_found, 5 s × 4
        X-33 no_keys: failed: id_token_algorithm_refused, 5 s × 4
        X-34: failed: id_token_issuer_mismatch, 5 s × 4
    "#]]
    .assert_eq(&table);
}

#[test]
fn somebody_approves_and_the_server_has_its_own_mind() {
    let table = table(
        |id| ("X-45".."X-60").contains(&id),
        |world| world.viewer(Viewer::ApprovesAfter(secs(22))),
    );
    expect![[r#"
        X-45: denied, 5 s × 4
        X-46 [Rfc, OktaOrg, OktaCustomAs, Authentik]: denied, 5 s × 4
        X-46 [Google]: failed: admin_policy_enforced, 5 s × 4
        X-48 zeros: signed in, 5 s × 4
        X-49: signed in, 5 s × 4
        X-51 start [Rfc, OktaOrg, OktaCustomAs]: failed: unauthorized_client
        X-51 start [Authentik, Google]: failed: invalid_client
        X-51 poll [Rfc, OktaOrg, OktaCustomAs]: failed: unauthorized_client
        X-51 poll [Authentik]: failed: invalid_grant
        X-51 poll [Google]: failed: invalid_client
    "#]]
    .assert_eq(&table);
}

#[test]
fn nobody_approves() {
    let table = table(|id| ("X-40".."X-44").contains(&id), |world| world);
    expect![[r#"
        X-40 [Rfc, Google]: expired, 5 s × 330
        X-40 [OktaOrg, OktaCustomAs]: expired, 5 s × 110
        X-40 [Authentik]: expired, 5 s × 11
        X-41 [Rfc, Google]: expired, 5 s × 330
        X-41 [OktaOrg, OktaCustomAs]: expired, 5 s × 110
        X-41 [Authentik]: expired, 5 s × 11
        X-42: expired, 5 s × 11
        X-43 [Rfc, Google]: expired, 5 s × 330
        X-43 [OktaOrg, OktaCustomAs]: expired, 5 s × 110
        X-43 [Authentik]: expired, 5 s × 11
    "#]]
    .assert_eq(&table);
}

#[test]
fn on_a_page_of_another_origin() {
    let table = table(
        |id| id >= "X-60" || id == "X-23",
        |world| world.on_a_page().viewer(Viewer::ApprovesAfter(secs(22))),
    );
    expect![[r#"
        X-23 502 [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 503 [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 503_retry_after [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 503_retry_after_date [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 429 [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 429_retry_after [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 authentik_starting [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-23 authentik_backend_gone [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 5 s × 2
        X-60 405: failed: cross_origin_refused
        X-60 404: failed: cross_origin_refused
        X-60 200: failed: cross_origin_refused
        X-61: failed: cross_origin_refused
        X-62 [Rfc, OktaOrg, OktaCustomAs]: signed in, 10 s, 15 s
    "#]]
    .assert_eq(&table);
}

#[test]
fn in_a_packaged_application() {
    let table = table(
        |id| id == "X-64",
        |world| world.on_a_packaged_page().viewer(Viewer::ApprovesAfter(secs(22))),
    );
    expect![[r#"
        X-64 refused: failed: cross_origin_refused
        X-64 echoed: signed in, 5 s × 4
    "#]]
    .assert_eq(&table);
}
