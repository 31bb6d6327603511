//! A good client passes everywhere, and each bad habit is found for what it is.

use std::time::Duration;

use mock_idp::{Grade, Product, Request};
use serde_json::json;

use crate::scene::{DEVICE_CODE, Scene, scene};

#[test]
fn a_good_client_passes_everywhere() {
    for product in [Product::Rfc, Product::Okta, Product::Authentik] {
        let mut scene = scene(product);
        scene.start();
        scene.poll_after(5.0);
        scene.switch_on("X-01");
        scene.poll_after(5.0);
        scene.poll_after(10.0);
        scene.start();
        scene.switch_on("X-03");
        scene.poll_after(5.0);
        scene.poll_after(30.0);
        for id in ["X-27", "X-23"] {
            scene.start();
            scene.poll_after(5.0);
            scene.switch_on(id);
            scene.poll_after(5.0);
            scene.poll_after(10.0);
            scene.poll_after(5.0);
        }
        scene.start();
        scene.approve();
        let tokens = scene.poll_after(5.0).json();
        scene.refresh(tokens["refresh_token"].as_str().unwrap());
        let verdict = scene.verdict();
        assert_eq!(
            (verdict.grade, verdict.findings.as_slice()),
            (Grade::Pass, [].as_slice())
        );
        assert_eq!((verdict.starts, verdict.polls, verdict.refreshes), (5, 14, 1));
    }
}

#[test]
fn an_early_poll_breaks_the_interval() {
    let mut scene = scene(Product::Authentik); // A-53: nobody else would say so
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(4.8);
    assert_eq!(scene.rules(), [""; 0]);
    scene.poll_after(2.1);
    let verdict = scene.verdict();
    let finding = &verdict.findings[0];
    assert_eq!((verdict.grade, finding.rule, finding.entry), (Grade::Fail, "S-31", 4));
    assert_eq!(
        finding.text,
        "polled 2.1 s after the previous answer; the interval is 5.0 s"
    );
}

#[test]
fn slow_down_lasts() {
    let mut scene = scene(Product::Authentik);
    scene.start();
    scene.switch_on("X-01");
    scene.poll_after(5.0);
    scene.poll_after(10.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), ["S-33"]);
}

#[test]
fn a_larger_interval_told_with_slow_down_counts() {
    let mut scene = scene(Product::Authentik);
    scene.start();
    scene.switch_on("X-03");
    scene.poll_after(5.0);
    scene.poll_after(29.0);
    assert_eq!(scene.rules(), ["S-33"]);
}

#[test]
fn the_interval_that_was_told_counts() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-10");
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(4.0);
    assert_eq!(scene.rules(), ["S-31"]);
}

#[test]
fn nobody_polls_after_the_end() {
    for (end, rule) in [("deny", "S-34"), ("expire", "S-35"), ("approve", "S-36")] {
        let mut scene = scene(Product::Rfc);
        scene.start();
        let (now, user_code) = (scene.now, scene.user_code.clone());
        match end {
            "deny" => scene.idp.deny(now, &user_code).unwrap(),
            "expire" => scene.idp.expire(now, &user_code).unwrap(),
            _ => scene.approve(),
        }
        scene.poll_after(5.0);
        assert_eq!(scene.rules(), [""; 0]);
        scene.poll_after(60.0);
        assert_eq!(scene.rules(), [rule]);
    }
}

#[test]
fn a_lost_answer_is_followed_by_a_longer_wait() {
    // RFC 8628 section 3.5 speaks of a connection timeout alone.
    for (id, variant, rule, grade, said) in [
        ("X-27", "closed", "S-37", Grade::Fail, "that answer was lost"),
        ("X-27", "reset", "S-37", Grade::Fail, "that answer was lost"),
        ("X-26", "short", "S-37", Grade::Fail, "that answer was lost"),
        ("X-23", "502", "X-23", Grade::Warn, "that answer was 502: wait"),
        ("X-23", "429", "X-23", Grade::Warn, "that answer was 429: wait"),
        (
            "X-26",
            "truncated",
            "X-23",
            Grade::Warn,
            "that answer was 400, which nobody can read",
        ),
    ] {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.switch_on_as(id, variant);
        scene.poll_after(5.0);
        scene.poll_after(5.0);
        assert_eq!(
            (scene.rules(), scene.verdict().grade),
            (vec![rule], grade),
            "{id} {variant}"
        );
        let text = &scene.verdict().findings[0].text;
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_server_that_asks_to_be_left_alone_is_left_alone() {
    for (variant, seconds) in [
        ("503_retry_after", 17.0),
        ("503_retry_after_date", 23.0),
        ("429_retry_after", 17.0),
    ] {
        for (wait, expected) in [(seconds, &[][..]), (seconds - 1.0, &["X-23"][..])] {
            let mut scene = scene(Product::Rfc);
            scene.start();
            scene.poll_after(5.0);
            scene.switch_on_as("X-23", variant);
            scene.poll_after(5.0);
            scene.poll_after(wait);
            assert_eq!(scene.rules(), expected, "{variant} {wait}");
        }
    }
}

#[test]
fn nobody_is_left_alone_for_ever_or_past_the_end() {
    for seconds in ["86400", "500"] {
        let mut scene = scene(Product::Rfc);
        scene.run(&json!({ "facts": { "expires_in": 310 } }));
        scene.run(&json!({ "endpoint": "token", "request": 1, "answer": { "status": 503, "headers": { "Retry-After": seconds } } }));
        scene.start();
        scene.poll_after(5.0);
        scene.poll_after(305.0);
        assert_eq!(scene.rules(), [""; 0], "{seconds}");
    }
}

#[test]
fn the_wait_begins_when_the_answer_is_there() {
    for (wait, expected) in [(7.0, &[][..]), (6.0, &["S-31"][..])] {
        let mut scene = scene(Product::Rfc);
        // 33 bytes: the second half leaves two seconds after the first.
        let answer = json!({ "status": 400, "json": { "error": "authorization_pending" } });
        scene.run(&json!({ "endpoint": "token", "answer": answer, "trickle": { "bytes": 17, "every": 2 } }));
        scene.start();
        scene.poll_after(5.0);
        scene.poll_after(wait);
        assert_eq!(scene.rules(), expected, "{wait}");
        let answered = scene.journal.entries().last().unwrap();
        assert_eq!(answered.answered_at.since(answered.arrived_at).as_secs(), 2);
    }
}

#[test]
fn one_last_ask_is_sound_and_more_are_not() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-40");
    scene.start();
    scene.poll_after(1801.0);
    assert_eq!(scene.rules(), [""; 0]);
    scene.poll_after(5.0);
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["S-39"], Grade::Warn));
}

#[test]
fn nobody_polls_at_once() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.poll_after(0.0);
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["X-06"], Grade::Warn));
}

#[test]
fn requests_are_forms_in_the_body_of_a_post() {
    type Bad = fn(&Scene) -> Request;
    let cases: [(Bad, &str); 6] = [
        (
            |scene| Request::new("GET", &format!("{}?client_id=tv", scene.device)),
            "S-01",
        ),
        (
            |scene| {
                let mut request = Request::new("POST", &scene.device).with("Content-Type", "application/json");
                request.body = br#"{"client_id":"tv"}"#.to_vec();
                request
            },
            "S-01",
        ),
        (
            |scene| {
                let fields = [("client_id", "tv"), ("grant_type", DEVICE_CODE), ("device_code", "x")];
                Request::form(&format!("{}?device_code=x", scene.token), &fields)
            },
            "S-01",
        ),
        (
            |scene| {
                Request::form(
                    &scene.device,
                    &[("client_id", "tv"), ("scope", "openid"), ("scope", "openid")],
                )
            },
            "S-06",
        ),
        (
            |scene| {
                Request::form(
                    &scene.token,
                    &[("client_id", "tv"), ("device_code", &scene.device_code)],
                )
            },
            "S-30",
        ),
        (
            |scene| Request::form(&scene.token, &[("client_id", "tv"), ("grant_type", DEVICE_CODE)]),
            "S-30",
        ),
    ];
    for (number, (request, rule)) in cases.into_iter().enumerate() {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.now = scene.now + Duration::from_secs(5);
        let request = request(&scene);
        scene.send(request);
        let verdicts = scene.journal.verdicts();
        let mut found = verdicts
            .iter()
            .flat_map(|verdict| &verdict.findings)
            .map(|finding| finding.rule);
        assert_eq!(found.next(), Some(rule), "case {number}");
    }
}

#[test]
fn a_device_code_with_punctuation_is_encoded() {
    for unencoded in [false, true] {
        let mut scene = scene(Product::Rfc);
        scene.switch_on("X-17");
        scene.start();
        // The seed's codes hold what a form cannot carry as it is; what follows `&` or `#` differs by library.
        assert!(scene.device_code.contains(['+', '&', '%']), "{}", scene.device_code);
        scene.now = scene.now + Duration::from_secs(5);
        let mut request = scene.poll_request(&scene.device_code);
        if unencoded {
            let body = format!(
                "client_id=tv&grant_type={DEVICE_CODE}&device_code={}",
                scene.device_code
            );
            request.body = body.into_bytes();
        }
        scene.send(request);
        let expected: &[&str] = if unencoded { &["X-17"] } else { &[] };
        assert_eq!(scene.rules(), expected);
    }
}

#[test]
fn a_device_code_stays_where_it_is_from() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.now = scene.now + Duration::from_secs(5);
    let request = scene.poll_request(&scene.device_code);
    scene.send_to("elsewhere.example", request);
    assert_eq!(scene.rules(), ["X-30"]);
}

#[test]
fn a_replaced_refresh_token_is_not_used_again() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.approve();
    let tokens = scene.poll_after(5.0).json();
    let first = tokens["refresh_token"].as_str().unwrap();
    scene.refresh(first);
    assert_eq!(scene.rules(), [""; 0]);
    scene.refresh(first);
    assert_eq!(scene.rules(), ["S-46"]);
}

#[test]
fn a_refresh_asks_for_no_more_than_was_granted() {
    for (scope, expected) in [("openid", &[][..]), ("openid profile", &["S-46"][..])] {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.approve();
        let mut tokens = scene.poll_after(5.0).json();
        tokens = scene.refresh(tokens["refresh_token"].as_str().unwrap()).json();
        let fields = [
            ("client_id", "tv"),
            ("grant_type", "refresh_token"),
            ("refresh_token", tokens["refresh_token"].as_str().unwrap()),
            ("scope", scope),
        ];
        let request = Request::form(&scene.token, &fields);
        scene.send(request);
        assert_eq!(scene.rules(), expected, "{scope}");
    }
}

#[test]
fn starting_over_and_over_is_noticed() {
    let mut scene = scene(Product::Rfc);
    for _ in 0..20 {
        scene.start();
    }
    assert_eq!(scene.rules(), [""; 0]);
    scene.start();
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["X-49"], Grade::Warn));
}
