//! What a checkup tells whoever sets a page or a program up, with every issuer.

use std::fmt::Write;

use expect_test::expect;
use tests::{Issuer, World};

/// One line for each issuer that differs: what is found, fatal findings with an exclamation mark.
fn found(what: &str, world: impl Fn(World) -> World) -> String {
    let mut lines: Vec<(String, Vec<Issuer>)> = Vec::new();
    for issuer in Issuer::ALL {
        let findings = world(World::new(issuer)).checkup();
        let line = findings.iter().map(|finding| {
            let mark = if finding.is_fatal { "!" } else { "" };
            format!("{mark}{} ({})", finding.code, finding.endpoint)
        });
        let line = line.collect::<Vec<_>>().join(", ");
        let line = if line.is_empty() { "nothing".into() } else { line };
        match lines.iter_mut().find(|(known, _)| *known == line) {
            Some((_, issuers)) => issuers.push(issuer),
            None => lines.push((line, vec![issuer])),
        }
    }
    let mut text = String::new();
    for (line, issuers) in lines {
        writeln!(text, "{what} {issuers:?}: {line}").expect("memory takes it");
    }
    text
}

#[test]
fn a_sound_server_is_found_sound() {
    expect![[r#"
        program [Rfc, OktaOrg, OktaCustomAs]: nothing
        program [Authentik]: short_lifetime (device authorization endpoint)
        program [Google]: verification_uri_complete_missing (device authorization endpoint)
        page [Rfc, OktaOrg, OktaCustomAs]: nothing
        page [Authentik, Google]: !cross_origin_refused (device authorization endpoint)
    "#]]
    .assert_eq(&(found("program", |world| world) + &found("page", World::on_a_page)));
}

#[test]
fn what_would_end_every_sign_in_is_found_before_anybody_tries() {
    let no_device_grant =
        r#"{"steps":[{"endpoint":"metadata","change":{"set":{"grant_types_supported":["authorization_code"]}}}]}"#;
    let no_endpoint = r#"{"steps":[{"endpoint":"metadata","change":{"remove":["device_authorization_endpoint"]}}]}"#;
    let mut text = found("another issuer", |world| {
        world.settings(|settings| {
            let issuer = settings.issuer.take().expect("it has one");
            settings.issuer = Some(issuer.strip_suffix('/').map_or(format!("{issuer}/"), str::to_owned));
        })
    });
    text += &found("no device grant", |world| world.script(no_device_grant));
    text += &found("no endpoint", |world| world.script(no_endpoint));
    for (id, variant) in [
        ("X-15", "script"),
        ("X-24", ""),
        ("X-25", "start"),
        ("X-30", "307"),
        ("X-31", ""),
        ("X-51", "start"),
        ("X-51", "poll"),
    ] {
        text += &found(&format!("{id} {variant}"), |world| world.scenario(id, variant));
    }
    for error in ["access_denied", "expired_token"] {
        let at_once =
            format!(r#"{{"steps":[{{"endpoint":"token","answer":{{"status":400,"json":{{"error":"{error}"}}}}}}]}}"#);
        text += &found(&format!("{error} at once"), |world| world.script(&at_once));
    }
    expect![[r#"
        another issuer [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !issuer_mismatch (metadata endpoint)
        no device grant [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !device_grant_not_offered (metadata endpoint)
        no endpoint [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !member_missing (metadata endpoint)
        X-15 script [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !member_not_usable (device authorization endpoint)
        X-24  [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !answer_unreadable (device authorization endpoint)
        X-25 start [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !invalid_client (device authorization endpoint)
        X-30 307 [Rfc, OktaOrg, OktaCustomAs]: !redirected (token endpoint)
        X-30 307 [Authentik]: short_lifetime (device authorization endpoint), !redirected (token endpoint)
        X-30 307 [Google]: verification_uri_complete_missing (device authorization endpoint), !redirected (token endpoint)
        X-31  [Rfc, OktaOrg, OktaCustomAs]: !use_dpop_nonce (token endpoint)
        X-31  [Authentik]: short_lifetime (device authorization endpoint), !use_dpop_nonce (token endpoint)
        X-31  [Google]: verification_uri_complete_missing (device authorization endpoint), !use_dpop_nonce (token endpoint)
        X-51 start [Rfc, OktaOrg, OktaCustomAs]: !unauthorized_client (device authorization endpoint)
        X-51 start [Authentik, Google]: !invalid_client (device authorization endpoint)
        X-51 poll [Rfc, OktaOrg, OktaCustomAs]: !unauthorized_client (token endpoint)
        X-51 poll [Authentik]: short_lifetime (device authorization endpoint), !invalid_grant (token endpoint)
        X-51 poll [Google]: verification_uri_complete_missing (device authorization endpoint), !invalid_client (token endpoint)
        access_denied at once [Rfc, OktaOrg, OktaCustomAs]: !access_denied (token endpoint)
        access_denied at once [Authentik]: short_lifetime (device authorization endpoint), !access_denied (token endpoint)
        access_denied at once [Google]: verification_uri_complete_missing (device authorization endpoint), !access_denied (token endpoint)
        expired_token at once [Rfc, OktaOrg, OktaCustomAs]: !expired_token (token endpoint)
        expired_token at once [Authentik]: short_lifetime (device authorization endpoint), !expired_token (token endpoint)
        expired_token at once [Google]: verification_uri_complete_missing (device authorization endpoint), !expired_token (token endpoint)
    "#]].assert_eq(&text);
}

#[test]
fn what_a_browser_forbids_is_found() {
    let mut text = String::new();
    for (id, variant) in [
        ("X-60", "405"),
        ("X-60", "404"),
        ("X-60", "200"),
        ("X-61", ""),
        ("X-62", ""),
    ] {
        let what = format!("{id} {variant}");
        text += &found(&what, |world| world.on_a_page().scenario(id, variant));
    }
    for variant in ["refused", "echoed"] {
        let what = format!("X-64 {variant}");
        text += &found(&what, |world| world.on_a_packaged_page().scenario("X-64", variant));
    }
    expect![[r#"
        X-60 405 [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !cross_origin_refused (device authorization endpoint)
        X-60 404 [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !cross_origin_refused (device authorization endpoint)
        X-60 200 [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !cross_origin_refused (device authorization endpoint)
        X-61  [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !cross_origin_refused (device authorization endpoint)
        X-62  [Rfc, OktaOrg, OktaCustomAs]: refusals_hidden (token endpoint)
        X-62  [Authentik, Google]: !cross_origin_refused (device authorization endpoint)
        X-64 refused [Rfc, OktaOrg, OktaCustomAs, Authentik, Google]: !cross_origin_refused (metadata endpoint)
        X-64 echoed [Rfc, OktaOrg, OktaCustomAs]: nothing
        X-64 echoed [Authentik]: short_lifetime (device authorization endpoint)
        X-64 echoed [Google]: verification_uri_complete_missing (device authorization endpoint)
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_busy_server_is_worth_a_hint() {
    expect![[r#"
        X-23 [Rfc, OktaOrg, OktaCustomAs]: server_unavailable (token endpoint)
        X-23 [Authentik]: short_lifetime (device authorization endpoint), server_unavailable (token endpoint)
        X-23 [Google]: verification_uri_complete_missing (device authorization endpoint), server_unavailable (token endpoint)
    "#]].assert_eq(&found("X-23", |world| world.scenario("X-23", "503")));
}
