//! The device authorization endpoint (RFC 8628 sections 3.1 and 3.2; section 6.1 of the facts).

use crate::support::{ALL_SCOPES, Bench, assert_golden};
use mock_idp::{Request, Response};

fn start(mut bench: Bench, fields: &[(&str, &str)]) -> Response {
    let path = bench.paths().device;
    bench.post(path, fields)
}

#[test]
fn each_product_answers_as_its_documentation_shows() {
    let fields = [("client_id", "tv"), ("scope", ALL_SCOPES)];
    assert_golden(&start(Bench::rfc(), &fields), 200, "rfc/device_authorization");
    assert_golden(&start(Bench::okta(), &fields), 200, "okta/device_authorization");
    assert_golden(&start(Bench::okta_org(), &fields), 200, "okta/device_authorization");
    assert_golden(
        &start(Bench::authentik(), &fields),
        200,
        "authentik/device_authorization",
    );
}

#[test]
fn codes_have_the_shape_of_their_product() {
    let okta = Bench::okta().start("openid");
    assert_eq!(okta.user_code.len(), 8); // O-15
    assert!(okta.user_code.chars().all(|each| "BCDFGHJKLMNPQRSTVWXZ".contains(each)));
    assert_eq!(okta.device_code.len(), 36); // O-14
    let authentik = Bench::authentik().start("openid");
    assert_eq!(authentik.user_code.len(), 9);
    assert!(authentik.user_code.chars().all(|each| each.is_ascii_digit()));
    assert_eq!(authentik.device_code.len(), 128);
    assert!(authentik.device_code.chars().any(|each| each.is_ascii_punctuation()));
    let rfc = Bench::rfc().start("openid");
    assert_eq!(rfc.user_code.len(), 9); // WDJB-MJHT
    assert_eq!(rfc.user_code.as_bytes()[4], b'-');
}

#[test]
fn the_complete_uri_carries_the_code_under_the_products_name() {
    let fields = [("client_id", "tv"), ("scope", "openid")];
    let complete = |answer: &Response| answer.json()["verification_uri_complete"].as_str().unwrap().to_owned();
    let code = |answer: &Response| answer.json()["user_code"].as_str().unwrap().to_owned();
    let okta = start(Bench::okta(), &fields);
    assert_eq!(
        complete(&okta),
        format!("https://org.example.test/activate?user_code={}", code(&okta))
    ); // O-08
    let authentik = start(Bench::authentik(), &fields);
    assert_eq!(
        complete(&authentik),
        format!("https://auth.example.test/device?code={}", code(&authentik))
    );
}

#[test]
fn a_missing_client_is_refused() {
    let fields = [("scope", "openid")];
    assert_golden(&start(Bench::rfc(), &fields), 400, "rfc/invalid_client");
    assert_golden(&start(Bench::okta(), &fields), 401, "okta/missing_client");
    assert_golden(&start(Bench::authentik(), &fields), 400, "authentik/invalid_client");
    // S-05: an empty value is an absent one.
    assert_golden(&start(Bench::okta(), &[("client_id", "")]), 401, "okta/missing_client");
}

#[test]
fn an_unknown_client_is_refused() {
    let fields = [("client_id", "nobody"), ("scope", "openid")];
    assert_golden(&start(Bench::rfc(), &fields), 400, "rfc/invalid_client");
    assert_golden(&start(Bench::okta(), &fields), 400, "okta/unknown_client");
    assert_golden(&start(Bench::authentik(), &fields), 400, "authentik/invalid_client");
}

#[test]
fn a_missing_scope_is_okta_s_business_alone() {
    let fields = [("client_id", "tv")];
    assert_eq!(start(Bench::rfc(), &fields).status, 200); // S-03
    assert_golden(&start(Bench::okta(), &fields), 400, "okta/missing_scope");
    assert_eq!(start(Bench::authentik(), &fields).status, 200);
}

#[test]
fn an_unknown_scope_is_refused_but_by_authentik() {
    let fields = [("client_id", "tv"), ("scope", "openid nope")];
    assert_golden(&start(Bench::rfc(), &fields), 400, "rfc/invalid_scope");
    assert_golden(&start(Bench::okta(), &fields), 400, "okta/unknown_scope");
    assert_eq!(start(Bench::authentik(), &fields).status, 200);
}

#[test]
fn a_client_without_the_grant_is_refused() {
    let fields = [("client_id", "no-device-grant"), ("scope", "openid")];
    assert_golden(&start(Bench::rfc(), &fields), 400, "rfc/unauthorized_client");
    assert_golden(&start(Bench::okta(), &fields), 400, "okta/grant_not_allowed");
    // authentik lets grants be ticked since 2026.5.
    assert_eq!(start(Bench::authentik(), &fields).status, 200);
    assert_golden(
        &start(Bench::authentik_2026_5(), &fields),
        400,
        "authentik/invalid_client",
    );
}

#[test]
fn okta_is_reached_by_get_with_a_native_405_and_authentik_with_an_empty_one() {
    let get = |mut bench: Bench| bench.get(bench.paths().device);
    assert_golden(&get(Bench::okta()), 405, "okta/method_not_allowed");
    let authentik = get(Bench::authentik());
    assert_eq!((authentik.status, authentik.text().as_str()), (405, ""));
    assert_eq!(authentik.header("allow"), Some("POST, OPTIONS"));
    // of JSON answers alone.
    assert_eq!(
        (authentik.header("cache-control"), authentik.header("pragma")),
        (None, None)
    );
    assert_eq!(get(Bench::rfc()).status, 405);
}

#[test]
fn authentik_wants_its_trailing_slash() {
    //
    let mut bench = Bench::authentik();
    let answer = bench.post("/application/o/device", &[("client_id", "tv")]);
    assert_eq!(answer.status, 404);
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
}

#[test]
fn authentik_reads_the_client_from_a_basic_header_first() {
    // A-11; "tv:secret" and "t%76:": the halves are percent-decoded.
    for (credentials, status) in [
        ("dHY6c2VjcmV0", 200),
        ("dCU3Njo=", 200),
        ("bm9ib2R5Og==", 400),
        ("???", 400),
    ] {
        let mut bench = Bench::authentik();
        let request = Request::form(bench.paths().device, &[("client_id", "tv")]);
        let answer = bench.send(request.with("Authorization", &format!("Basic {credentials}")));
        assert_eq!(answer.status, status, "{credentials}");
    }
}

#[test]
fn a_client_that_only_tries_the_authorization_header_hears_401() {
    let header = |mut bench: Bench| {
        let request = Request::form(bench.paths().device, &[("scope", "openid")]);
        bench.send(request.with("Authorization", "Basic dHY6c2VjcmV0"))
    };
    let rfc = header(Bench::rfc()); // S-44
    assert_golden(&rfc, 401, "rfc/invalid_client");
    assert_eq!(rfc.header("www-authenticate"), Some("Basic realm=\"clients\""));
    assert_golden(&header(Bench::okta()), 401, "okta/wrong_authentication_method"); // O-51
}

#[test]
fn authentik_refuses_the_twenty_first_start_of_an_hour() {
    // counted per caller, before anything is read; no `Retry-After`.
    let mut bench = Bench::authentik();
    let path = bench.paths().device;
    for _ in 0..19 {
        bench.post(path, &[("client_id", "tv")]);
    }
    bench.get(path);
    let refused = bench.post(path, &[("client_id", "tv")]);
    assert_golden(&refused, 429, "authentik/slow_down");
    assert_eq!(refused.header("retry-after"), None);

    let elsewhere = Request::form(path, &[("client_id", "tv")]).with("X-Forwarded-For", "198.51.100.7, 10.0.0.1");
    assert_eq!(bench.send(elsewhere).status, 200);
    bench.wait(3600);
    assert_eq!(bench.post(path, &[("client_id", "tv")]).status, 200);
}

#[test]
fn okta_and_the_rfc_do_not_count_starts() {
    for mut bench in [Bench::okta(), Bench::rfc()] {
        for _ in 0..40 {
            bench.start("openid");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_codes_whatever_else_was_asked() {
    let mut quiet = Bench::okta();
    let mut busy = Bench::okta();
    assert_eq!(quiet.start("openid").user_code, busy.start("openid").user_code);
    busy.get("/oauth2/v1/keys");
    busy.get("/activate");
    busy.sign_in("openid");
    quiet.start("openid");
    assert_eq!(quiet.start("openid").device_code, busy.start("openid").device_code);
}

#[test]
fn answers_are_not_to_be_cached() {
    let fields = [("client_id", "tv"), ("scope", "openid")];
    let cache = |answer: Response| answer.header("cache-control").map(str::to_owned);
    assert_eq!(cache(start(Bench::rfc(), &fields)).as_deref(), Some("no-store")); // S-16
    assert_eq!(cache(start(Bench::authentik(), &fields)).as_deref(), Some("no-store"));
    assert_eq!(
        cache(start(Bench::okta(), &fields)).as_deref(),
        Some("no-cache, no-store")
    ); // O-96
}
