//! How many requests the products take (O-58, O-97 to O-100, A-30 to A-33), and how that is lifted or changed.

use mock_idp::{Request, Response, Script};
use serde_json::json;

use crate::support::{Bench, OKTA_CUSTOM_AS, OKTA_ORG, assert_golden};

/// O-100: requests a minute in each of a free org's buckets.
const BUCKET: usize = 300;

fn limited(bench: Bench, limits: &[&str]) -> Bench {
    bench.with(|setup| limits.iter().for_each(|text| setup.rate_limits.read(text).unwrap()))
}

fn ask(bench: &mut Bench, path: &str) -> Response {
    bench.post(path, &[("client_id", "tv")])
}

/// Asks so often that the next request is one too many.
fn fill(bench: &mut Bench, path: &str, requests: usize) {
    for _ in 0..requests {
        assert_ne!(ask(bench, path).status, 429);
    }
}

/// What the headers of O-97 say: limit, remaining, and seconds from now to the reset.
fn headers(bench: &Bench, answer: &Response) -> [u64; 3] {
    let number = |name| answer.header(name).unwrap().parse::<u64>().unwrap();
    [
        number("x-rate-limit-limit"),
        number("x-rate-limit-remaining"),
        number("x-rate-limit-reset") - bench.now.seconds(),
    ]
}

#[test]
fn okta_counts_down_and_refuses_until_the_window_ends() {
    let mut bench = Bench::okta();
    let token = bench.paths().token;
    let first = ask(&mut bench, token);
    assert_eq!(headers(&bench, &first), [300, 299, 60]);
    bench.wait(10);
    let second = ask(&mut bench, token);
    assert_eq!(headers(&bench, &second), [300, 298, 50]);
    fill(&mut bench, token, BUCKET - 2);
    let refused = ask(&mut bench, token);
    assert_golden(&refused, 429, "okta/too_many_requests");
    assert_eq!(headers(&bench, &refused), [300, 0, 50]);
    assert_eq!(refused.header("retry-after"), None); // O-99
    bench.wait(49);
    assert_eq!(ask(&mut bench, token).status, 429);
    bench.wait(1);
    let next = ask(&mut bench, token);
    assert_eq!((next.status, headers(&bench, &next)), (400, [300, 299, 60]));
}

#[test]
fn okta_has_a_bucket_for_tokens_and_one_for_the_rest_and_none_for_metadata_and_keys() {
    let mut bench = Bench::okta();
    let paths = bench.paths();
    fill(&mut bench, paths.token, BUCKET);
    assert_ne!(ask(&mut bench, paths.device).status, 429);
    fill(&mut bench, paths.revoke, BUCKET - 1);
    for path in [paths.device, paths.introspect, paths.userinfo] {
        assert_eq!(ask(&mut bench, path).status, 429, "{path}");
    }
    for path in [
        paths.jwks,
        "/oauth2/default/.well-known/openid-configuration",
        paths.page,
    ] {
        let answers: Vec<_> = (0..=BUCKET).map(|_| bench.get(path)).collect();
        assert!(answers.iter().all(|answer| answer.status == 200), "{path}");
        // O-97: they say it all the same.
        assert_eq!(headers(&bench, &answers[BUCKET]), [300, 299, 60]);
    }
    // Okta's support, "How the rate limits work for authorization servers": the org server has its own.
    assert_ne!(ask(&mut bench, OKTA_ORG.token).status, 429);
    assert_eq!(ask(&mut bench, OKTA_CUSTOM_AS.token).status, 429);
}

#[test]
fn preflights_fill_no_bucket() {
    let mut bench = Bench::okta();
    let token = bench.paths().token;
    for _ in 0..=BUCKET {
        assert_eq!(bench.send(Request::new("OPTIONS", token)).status, 204);
    }
    let answer = ask(&mut bench, token);
    assert_eq!(headers(&bench, &answer), [300, 299, 60]);
}

#[test]
fn okta_hands_out_four_token_answers_a_second_to_one_person() {
    let mut bench = Bench::okta();
    let refresh_token = bench.sign_in("openid offline_access").json()["refresh_token"].clone();
    let refresh = |bench: &mut Bench| bench.refresh(&[("refresh_token", refresh_token.as_str().unwrap())]);
    for _ in 0..3 {
        assert_eq!(refresh(&mut bench).status, 200);
    }
    assert_golden(&refresh(&mut bench), 429, "okta/too_many_tokens");
    let started = bench.start("openid");
    bench.idp.approve(bench.now, &started.user_code, Some("jane")).unwrap();
    assert_golden(&bench.poll(&started.device_code), 429, "okta/too_many_tokens");
    // The code and the token are as good as before.
    bench.wait(5);
    assert_eq!(bench.poll(&started.device_code).status, 200);
    assert_eq!(refresh(&mut bench).status, 200);
}

/// A start of a client that gets a code, or not.
fn start(bench: &mut Bench, client_id: &str, address: &str) -> Response {
    let fields = [("client_id", client_id), ("scope", "openid")];
    bench.send(Request::form(bench.paths().device, &fields).with("X-Forwarded-For", address))
}

#[test]
fn okta_makes_sixty_codes_a_minute_for_one_client_at_one_address() {
    let mut bench = Bench::okta();
    for _ in 0..60 {
        assert_eq!(start(&mut bench, "tv", "203.0.113.7").status, 200);
    }
    let refused = start(&mut bench, "tv", "203.0.113.7");
    assert_golden(&refused, 429, "okta/too_many_user_codes");
    assert_eq!(start(&mut bench, "other", "203.0.113.7").status, 200);
    assert_eq!(start(&mut bench, "tv", "203.0.113.8").status, 200);
    bench.wait(60);
    assert_eq!(start(&mut bench, "tv", "203.0.113.7").status, 200);
    let mut lifted = limited(Bench::okta(), &["off"]);
    assert!((0..100).all(|_| start(&mut lifted, "tv", "203.0.113.7").status == 200));
}

/// Every poll is answered after 30 seconds.
fn slow(bench: Bench) -> Bench {
    let script = json!({ "steps": [{ "endpoint": "token", "delay": 30 }] });
    let script: Script = serde_json::from_value(script).unwrap();
    bench.idp.faults().run(script).unwrap();
    bench
}

#[test]
fn okta_works_on_35_requests_at_the_same_time() {
    let mut bench = slow(Bench::okta());
    let paths = bench.paths();
    fill(&mut bench, paths.token, 34);
    bench.wait(10);
    fill(&mut bench, paths.token, 1);
    // "Regardless of endpoint", and of the authorization server.
    for path in [paths.token, paths.device, OKTA_ORG.token] {
        let refused = ask(&mut bench, path);
        assert_golden(&refused, 429, "okta/too_many_requests");
        assert_eq!(headers(&bench, &refused), [0, 0, 20], "{path}"); // O-99
    }
    bench.wait(20);
    let next = ask(&mut bench, paths.token);
    assert_eq!((next.status, headers(&bench, &next)), (400, [300, 264, 30]));
    let mut lifted = slow(limited(Bench::okta(), &["off"]));
    fill(&mut lifted, paths.token, 100);
}

#[test]
fn what_a_gateway_answers_late_is_no_work_for_okta() {
    let mut bench = Bench::okta();
    let script = json!({ "steps": [{ "endpoint": "token", "answer": { "status": 502 }, "delay": 30 }] });
    let script: Script = serde_json::from_value(script).unwrap();
    bench.idp.faults().run(script).unwrap();
    let paths = bench.paths();
    fill(&mut bench, paths.token, 100);
    assert_ne!(ask(&mut bench, paths.device).status, 429);
}

#[test]
fn limits_are_lifted_for_all_issuers_or_for_one() {
    for (limits, custom_as, org) in [
        (vec!["off"], 400, 400),
        (vec!["okta-custom-as=off"], 400, 429),
        (vec!["off", "okta-org=usual"], 400, 429),
    ] {
        let mut bench = limited(Bench::okta(), &limits);
        for _ in 0..BUCKET {
            ask(&mut bench, OKTA_CUSTOM_AS.token);
            ask(&mut bench, OKTA_ORG.token);
        }
        let answer = ask(&mut bench, OKTA_CUSTOM_AS.token);
        assert_eq!((answer.status, headers(&bench, &answer)), (custom_as, [300, 299, 60]));
        assert_eq!(ask(&mut bench, OKTA_ORG.token).status, org, "{limits:?}");
    }
    let mut bench = limited(Bench::okta(), &["off"]);
    assert!((0..10).all(|_| bench.sign_in("openid").status == 200));
}

#[test]
fn limits_are_changed() {
    let mut bench = limited(Bench::okta(), &["okta-custom-as=2"]);
    let token = bench.paths().token;
    fill(&mut bench, token, 2);
    let refused = ask(&mut bench, token);
    assert_eq!((refused.status, headers(&bench, &refused)), (429, [2, 0, 60]));
}

#[test]
fn authentik_takes_twenty_starts_an_hour_or_as_many_as_somebody_says() {
    for (limits, taken) in [(vec![], 20), (vec!["authentik=3"], 3), (vec!["authentik=off"], 500)] {
        let mut bench = limited(Bench::authentik(), &limits);
        let device = bench.paths().device;
        fill(&mut bench, device, taken);
        if limits != ["authentik=off"] {
            assert_golden(&ask(&mut bench, device), 429, "authentik/slow_down");
        }
    }
}

#[test]
fn a_reset_forgets_what_was_counted() {
    let mut bench = limited(Bench::okta(), &["okta-custom-as=1"]);
    let token = bench.paths().token;
    fill(&mut bench, token, 1);
    assert_eq!(ask(&mut bench, token).status, 429);
    bench.idp.reset();
    assert_eq!(ask(&mut bench, token).status, 400);
}
