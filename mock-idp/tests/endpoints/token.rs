//! The token endpoint (RFC 8628 sections 3.4 and 3.5; section 6.1 of the facts).

use crate::support::{ALL_SCOPES, Bench, DEVICE_CODE, assert_golden, decode, golden, names};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock_idp::{Client, Request, Response};
use serde_json::Value;

#[test]
fn a_poll_in_time_is_pending() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/authorization_pending"),
        (Bench::okta(), "okta/authorization_pending"),
        (Bench::okta_org(), "okta/authorization_pending"),
        (Bench::authentik(), "authentik/authorization_pending"),
    ] {
        let started = bench.start("openid");
        bench.wait(5);
        assert_golden(&bench.poll(&started.device_code), 400, file);
    }
}

#[test]
fn two_polls_within_a_second_hear_slow_down_but_not_from_authentik() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/slow_down"),
        (Bench::okta(), "okta/slow_down"),
        (Bench::authentik(), "authentik/authorization_pending"), // A-53
    ] {
        let started = bench.start("openid");
        bench.wait(5);
        bench.poll(&started.device_code);
        bench.wait(1);
        assert_golden(&bench.poll(&started.device_code), 400, file);
    }
}

#[test]
fn an_unknown_code_is_an_invalid_grant() {
    assert_golden(&Bench::rfc().poll("nope"), 400, "rfc/invalid_grant");
    assert_golden(&Bench::okta().poll("nope"), 400, "okta/unknown_device_code");
    assert_golden(&Bench::authentik().poll("nope"), 400, "authentik/invalid_grant");
}

#[test]
fn another_client_s_code_is_an_invalid_grant() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/invalid_grant"),
        (Bench::okta(), "okta/other_clients_code"),
        (Bench::authentik(), "authentik/invalid_grant"),
    ] {
        let started = bench.start("openid");
        assert_golden(&bench.poll_as("other", &started.device_code), 400, file);
    }
}

#[test]
fn a_code_of_the_org_server_is_unknown_to_the_custom_one() {
    let mut bench = Bench::okta_org();
    let started = bench.start("openid");
    let fields = [
        ("grant_type", DEVICE_CODE),
        ("device_code", started.device_code.as_str()),
        ("client_id", "tv"),
    ];
    assert_golden(
        &bench.post("/oauth2/default/v1/token", &fields),
        400,
        "okta/unknown_device_code",
    );
}

#[test]
fn a_misspelt_or_missing_grant_type_is_refused() {
    for (mut bench, misspelt, missing) in [
        (Bench::rfc(), "rfc/unsupported_grant_type", "rfc/invalid_request"),
        (Bench::okta(), "okta/unsupported_grant_type", "okta/missing_grant_type"),
        (
            Bench::authentik(),
            "authentik/unsupported_grant_type",
            "authentik/unsupported_grant_type",
        ), // A-51
    ] {
        let path = bench.paths().token;
        assert_golden(
            &bench.post(path, &[("client_id", "tv"), ("grant_type", "device_code")]),
            400,
            misspelt,
        );
        assert_golden(&bench.post(path, &[("client_id", "tv")]), 400, missing);
    }
}

#[test]
fn a_missing_device_code_is_refused() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/invalid_request"),
        (Bench::okta(), "okta/missing_device_code"),
        (Bench::authentik(), "authentik/invalid_grant"), // A-52
    ] {
        let path = bench.paths().token;
        assert_golden(
            &bench.post(path, &[("client_id", "tv"), ("grant_type", DEVICE_CODE)]),
            400,
            file,
        );
    }
}

#[test]
fn a_denial_is_told_but_authentik_has_none() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/access_denied"),
        (Bench::okta(), "okta/access_denied"),
        (Bench::authentik(), "authentik/authorization_pending"), // A-56
    ] {
        let started = bench.start("openid");
        bench.idp.deny(bench.now, &started.user_code).unwrap();
        assert_golden(&bench.poll(&started.device_code), 400, file);
    }
}

#[test]
fn a_second_after_the_end_the_code_is_expired_but_authentik_still_waits() {
    for (mut bench, lifetime, file) in [
        (Bench::rfc(), 1800, "rfc/expired_token"),
        (Bench::okta(), 600, "okta/expired_token"),
        (Bench::authentik(), 60, "authentik/authorization_pending"), // A-54
    ] {
        let started = bench.start("openid");
        bench.wait(lifetime + 1);
        assert_golden(&bench.poll(&started.device_code), 400, file);
    }
}

#[test]
fn much_later_the_code_is_unknown() {
    for (mut bench, lifetime, file) in [
        (Bench::okta(), 600 + 600, "okta/unknown_device_code"),    // U-05
        (Bench::authentik(), 60 + 300, "authentik/invalid_grant"), // A-54
    ] {
        let started = bench.start("openid");
        bench.wait(lifetime);
        assert_golden(&bench.poll(&started.device_code), 400, file);
    }
}

#[test]
fn authentik_2026_5_forgets_a_code_as_it_expires() {
    // A-55
    let mut bench = Bench::authentik_2026_5();
    let started = bench.start("openid");
    bench.wait(60);
    assert_golden(&bench.poll(&started.device_code), 400, "authentik/invalid_grant");
}

#[test]
fn authentik_2026_5_drops_unknown_scopes() {
    // A-15
    assert_eq!(
        Bench::authentik_2026_5().sign_in("openid nope").json()["scope"],
        "openid"
    );
    assert_eq!(Bench::authentik().sign_in("openid nope").json()["scope"], "openid nope"); // A-14
}

#[test]
fn authentik_2025_6_refuses_in_fewer_words() {
    // A-13, A-34: without any at the device endpoint.
    let mut bench = Bench::authentik_2025_6();
    let device = bench.paths().device;
    let start = bench.post(device, &[("client_id", "nobody")]);
    assert_eq!((start.status, start.text().as_str()), (400, ""));
    assert_eq!(start.header("content-type"), Some("text/html; charset=utf-8"));
    for _ in 0..19 {
        bench.start("openid");
    }
    let throttled = bench.post(device, &[("client_id", "tv")]);
    assert_eq!((throttled.status, throttled.text().as_str()), (429, ""));
    // Section 3.5: `request_id` came with 2025.8.
    assert_eq!(names(&bench.poll("nope").text()), ["error", "error_description"]);
    assert_eq!(names(&Bench::authentik().poll("nope").text()).len(), 3);
}

#[test]
fn authentik_2025_6_takes_basic_at_the_token_endpoint_alone() {
    // A-11
    let mut bench = Bench::authentik_2025_6();
    let basic = |path| Request::form(path, &[("grant_type", "nope")]).with("Authorization", "Basic dHY6eA=="); // tv:x
    assert_eq!(bench.send(basic("/application/o/device/")).status, 400);
    let known = bench.send(basic("/application/o/token/")).json();
    assert_eq!(known["error"], "unsupported_grant_type");
    assert_eq!(Bench::authentik().send(basic("/application/o/device/")).status, 200);
}

#[test]
fn authentik_2025_6_calls_every_address_verified() {
    // A-74
    for (mut bench, verified) in [(Bench::authentik_2025_6(), true), (Bench::authentik(), false)] {
        let claims = decode(&bench.sign_in(ALL_SCOPES).json()["id_token"]).1;
        let claims: Value = serde_json::from_str(&claims).unwrap();
        assert_eq!(claims["email_verified"], verified);
    }
}

#[test]
fn an_approved_code_redeems_once() {
    for (mut bench, tokens, again) in [
        (Bench::rfc(), "rfc/token", "rfc/invalid_grant"),
        (Bench::okta(), "okta/token", "okta/unknown_device_code"), // O-37
        (Bench::okta_org(), "okta/token", "okta/unknown_device_code"),
        (Bench::authentik(), "authentik/token", "authentik/invalid_grant"), // A-59
    ] {
        let started = bench.start(ALL_SCOPES);
        bench.idp.approve(bench.now, &started.user_code, None).unwrap();
        bench.wait(5);
        assert_golden(&bench.poll(&started.device_code), 200, tokens);
        assert_golden(&bench.poll(&started.device_code), 400, again);
    }
}

#[test]
fn claims_stand_in_the_product_s_order() {
    let okta = Bench::okta().sign_in(ALL_SCOPES).json();
    assert_eq!(names(&decode(&okta["id_token"]).1), names(&golden("okta/id_token")));
    assert_eq!(
        names(&decode(&okta["access_token"]).1),
        names(&golden("okta/access_token"))
    );
    assert_eq!(names(&decode(&okta["id_token"]).0), ["kid", "alg"]); // O-120
    let authentik = Bench::authentik().sign_in(ALL_SCOPES).json();
    assert_eq!(
        names(&decode(&authentik["id_token"]).1),
        names(&golden("authentik/id_token"))
    );
    assert_eq!(
        names(&decode(&authentik["access_token"]).1),
        names(&golden("authentik/access_token"))
    );
    assert_eq!(names(&decode(&authentik["id_token"]).0), ["alg", "kid", "typ"]); // A-76
    let rfc = Bench::rfc().sign_in(ALL_SCOPES).json();
    assert_eq!(names(&decode(&rfc["id_token"]).1), names(&golden("rfc/id_token")));
}

#[test]
fn authentik_2026_5_binds_tokens_to_the_session_of_whoever_approved() {
    // A-72
    let mut bench = Bench::authentik_2026_5();
    let started = bench.start(ALL_SCOPES);
    bench.idp.approve(bench.now, &started.user_code, Some("jane")).unwrap();
    bench.wait(10);
    let first = bench.poll(&started.device_code).json();
    let claims = |token| -> Value { serde_json::from_str(&decode(token).1).unwrap() };
    let expected = golden("authentik/id_token_2026_5");
    assert_eq!(names(&decode(&first["id_token"]).1), names(&expected));
    let id_token = claims(&first["id_token"]);
    assert_eq!(id_token["auth_time"], bench.now.seconds() - 10);
    assert_eq!(id_token["amr"], serde_json::json!(["pwd"]));
    assert_eq!(id_token["sid"].as_str().unwrap().len(), 64);
    assert_eq!(claims(&first["access_token"])["sid"], id_token["sid"]);
    bench.wait(60);
    let later = bench
        .refresh(&[("refresh_token", first["refresh_token"].as_str().unwrap())])
        .json();
    let later = claims(&later["id_token"]);
    assert_eq!(
        (&later["sid"], &later["auth_time"]),
        (&id_token["sid"], &id_token["auth_time"])
    );
    assert_ne!(
        claims(&bench.sign_in("openid").json()["id_token"])["sid"],
        id_token["sid"]
    );
}

#[test]
fn the_id_token_names_issuer_client_and_person() {
    let issuers = [
        (Bench::rfc(), "https://example.com"),
        (Bench::okta_org(), "https://org.example.test"),
        (Bench::okta(), "https://org.example.test/oauth2/default"),
        (Bench::authentik(), "https://auth.example.test/application/o/tv/"), // A-78: with the slash
    ];
    for (mut bench, issuer) in issuers {
        let claims: Value =
            serde_json::from_str(&decode(&bench.sign_in("openid profile").json()["id_token"]).1).unwrap();
        assert_eq!(claims["iss"], issuer);
        assert_eq!(claims["aud"], "tv");
        assert_eq!(claims["name"], "Jane Doe");
        assert_eq!(claims["iat"], 1_767_225_600);
        assert_eq!(claims["exp"], 1_767_229_200);
        assert_eq!(claims.get("email"), None);
    }
}

#[test]
fn an_access_token_is_meant_for_the_resources_of_its_server() {
    for (mut bench, audience) in [
        (Bench::okta(), "api://default"),                // O-123
        (Bench::okta_org(), "https://org.example.test"), // O-123
        (Bench::authentik(), "tv"),                      // A-70, A-75
    ] {
        let claims: Value = serde_json::from_str(&decode(&bench.sign_in("openid").json()["access_token"]).1).unwrap();
        assert_eq!(claims["aud"], audience);
    }
}

#[test]
fn the_id_token_holds_half_the_hash_of_the_access_token_but_not_on_authentik() {
    for mut bench in [Bench::okta(), Bench::rfc()] {
        let tokens = bench.sign_in("openid").json();
        let claims: Value = serde_json::from_str(&decode(&tokens["id_token"]).1).unwrap();
        // OpenID Connect Core section 3.1.3.6.
        let hash = digest(&SHA256, tokens["access_token"].as_str().unwrap().as_bytes());
        assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&hash.as_ref()[..16]));
    }
    // A-73
    assert!(
        !decode(&Bench::authentik().sign_in("openid").json()["id_token"])
            .1
            .contains("at_hash")
    );
}

#[test]
fn both_tokens_of_authentik_share_their_id() {
    // A-75: the access token holds the ID token's claims.
    let tokens = Bench::authentik().sign_in("openid").json();
    let id = |name: &str| serde_json::from_str::<Value>(&decode(&tokens[name]).1).unwrap()["jti"].clone();
    assert_eq!(id("access_token"), id("id_token"));
}

#[test]
fn an_id_token_needs_openid_but_not_on_authentik() {
    assert_eq!(Bench::rfc().sign_in("profile").json().get("id_token"), None);
    assert_eq!(Bench::okta().sign_in("profile").json().get("id_token"), None); // O-21
    assert!(Bench::authentik().sign_in("profile").json()["id_token"].is_string()); // after A-61
}

#[test]
fn authentik_tells_the_groups_of_whoever_signs_in() {
    // A-74
    let mut bench = Bench::authentik().with(|setup| setup.users[0].groups = vec!["ssh-admins".to_owned()]);
    let tokens = bench.sign_in("openid profile").json();
    let claims = decode(&tokens["id_token"]).1;
    assert!(claims.contains(r#""groups":["ssh-admins"]"#), "{claims}");
}

#[test]
fn a_refresh_token_needs_offline_access() {
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        assert_eq!(bench.sign_in("openid").json().get("refresh_token"), None);
        assert!(bench.sign_in("openid offline_access").json()["refresh_token"].is_string());
    }
}

#[test]
fn a_client_that_may_not_refresh_gets_no_refresh_token() {
    // O-21
    for mut bench in [Bench::okta_org(), Bench::okta()] {
        let mut client = Client::new("tv", "Living Room TV");
        client.grant_types = vec![DEVICE_CODE.to_owned()];
        bench.idp.put_client(client);
        let tokens = bench.sign_in("openid offline_access").json();
        assert!(tokens["access_token"].is_string());
        assert_eq!(tokens.get("refresh_token"), None);
    }
}

#[test]
fn okta_keeps_a_refresh_token_and_the_others_replace_it() {
    for (mut bench, rotates, again) in [
        (Bench::okta(), false, None),                                // O-128
        (Bench::authentik(), true, Some("authentik/invalid_grant")), // A-79
        (Bench::rfc(), true, Some("rfc/invalid_grant")),             // RFC 9700 section 4.14.2
    ] {
        let first = bench.sign_in("openid offline_access").json()["refresh_token"]
            .as_str()
            .unwrap()
            .to_owned();
        let refreshed = bench.refresh(&[("refresh_token", &first)]);
        assert_eq!(refreshed.status, 200, "{}", refreshed.text());
        assert_eq!(refreshed.json()["refresh_token"] != first.as_str(), rotates);
        let second = bench.refresh(&[("refresh_token", &first)]);
        match again {
            Some(file) => assert_golden(&second, 400, file),
            None => assert_eq!(second.status, 200),
        }
    }
}

#[test]
fn a_refresh_token_ends_by_the_sign_in_or_by_its_last_use() {
    const DAY: u64 = 24 * 3600;
    // How often it is used every six days, and how many days after the last use it ends.
    for (mut bench, uses, days) in [
        (Bench::okta_org(), 14, 6),   // O-127: 90 days after the sign-in
        (Bench::okta(), 30, 7),       // O-127: without an end, unless it is not used for seven days
        (Bench::authentik(), 30, 30), // A-79: each new one has 30 days of its own
    ] {
        let text = |answer: &Response| answer.json()["refresh_token"].as_str().unwrap().to_owned();
        let mut token = text(&bench.sign_in(ALL_SCOPES));
        for _ in 0..uses {
            bench.wait(6 * DAY);
            token = text(&bench.refresh(&[("refresh_token", &token)]));
        }
        bench.wait(days * DAY);
        let late = bench.refresh(&[("refresh_token", &token)]);
        assert_eq!(
            (late.status, late.json()["error"].as_str()),
            (400, Some("invalid_grant"))
        );
    }
}

#[test]
fn a_replayed_refresh_token_ends_its_sign_in_but_not_on_authentik() {
    // RFC 9700 section 4.14.2, A-79
    for (mut bench, status) in [(Bench::rfc(), 400), (Bench::authentik(), 200)] {
        let text = |tokens: &Value, name: &str| tokens[name].as_str().unwrap().to_owned();
        let first = text(&bench.sign_in(ALL_SCOPES).json(), "refresh_token");
        let newest = bench.refresh(&[("refresh_token", &first)]).json();
        let bystander = text(&bench.sign_in(ALL_SCOPES).json(), "refresh_token");
        assert_eq!(bench.refresh(&[("refresh_token", &first)]).status, 400);
        let bearer = format!("Bearer {}", text(&newest, "access_token"));
        let userinfo = Request::get(bench.paths().userinfo).with("Authorization", &bearer);
        assert_eq!(bench.send(userinfo).status == 200, status == 200);
        assert_eq!(
            bench
                .refresh(&[("refresh_token", &text(&newest, "refresh_token"))])
                .status,
            status
        );
        assert_eq!(bench.refresh(&[("refresh_token", &bystander)]).status, 200);
    }
}

#[test]
fn a_refresh_for_openid_alone_is_narrower_but_refused_by_authentik() {
    let mut okta = Bench::okta();
    let token = okta.sign_in(ALL_SCOPES).json()["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        okta.refresh(&[("refresh_token", &token), ("scope", "openid")]).json()["scope"],
        "openid"
    );
    let mut authentik = Bench::authentik();
    let token = authentik.sign_in(ALL_SCOPES).json()["refresh_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let refused = authentik.refresh(&[("refresh_token", &token), ("scope", "openid")]);
    assert_golden(&refused, 400, "authentik/invalid_scope");
}

#[test]
fn an_unknown_refresh_token_is_an_invalid_grant() {
    assert_golden(
        &Bench::okta().refresh(&[("refresh_token", "nope")]),
        400,
        "okta/invalid_refresh_token",
    );
    assert_golden(
        &Bench::authentik().refresh(&[("refresh_token", "nope")]),
        400,
        "authentik/invalid_grant",
    );
    assert_golden(
        &Bench::rfc().refresh(&[("refresh_token", "nope")]),
        400,
        "rfc/invalid_grant",
    );
}

#[test]
fn the_issuer_of_a_token_is_the_one_the_code_was_asked_from() {
    let mut bench = Bench::authentik();
    let form = [("client_id", "tv"), ("scope", "openid")];
    let through_proxy = Request::form(bench.paths().device, &form).with("Host", "127.0.0.1:8080");
    let started = bench.idp.handle(bench.now, &through_proxy).json();
    assert_eq!(started["verification_uri"], "http://127.0.0.1:8080/device"); // A-22
    bench
        .idp
        .approve(bench.now, started["user_code"].as_str().unwrap(), None)
        .unwrap();
    let tokens = bench.poll(started["device_code"].as_str().unwrap()).json();
    assert!(
        decode(&tokens["id_token"])
            .1
            .contains(r#""iss":"http://127.0.0.1:8080/application/o/tv/""#)
    );
}
