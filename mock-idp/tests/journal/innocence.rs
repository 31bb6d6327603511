//! What looks like a bad habit and is none: nobody is blamed for it.

use std::time::Duration;

use mock_idp::{Product, Request};
use serde_json::json;

use crate::scene::{DEVICE_CODE, Scene, scene};

const NOTHING: [&str; 0] = [];

/// A poll of a client that proves possession of a key.
fn poll_with_proof(scene: &mut Scene, seconds: f64) {
    scene.now = scene.now + Duration::from_secs_f64(seconds);
    let request = scene.poll_request(&scene.device_code).with("DPoP", "a.b.c");
    scene.send(request);
}

#[test]
fn an_absurd_interval_is_clamped() {
    for variant in ["zero", "negative", "huge", "text"] {
        let mut scene = scene(Product::Rfc);
        scene.switch_on_as("X-11", variant);
        scene.start();
        scene.poll_after(5.0);
        scene.poll_after(5.0);
        assert_eq!(scene.rules(), NOTHING, "{variant}");
        // But there is no busy loop.
        scene.poll_after(1.0);
        assert_eq!(scene.rules(), ["S-31"], "{variant}");
    }
}

#[test]
fn an_interval_as_long_as_the_code_lives_is_absurd() {
    let mut scene = scene(Product::Authentik);
    scene.run(&json!({ "facts": { "expires_in": 60, "interval": 60 } }));
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn an_absurd_interval_told_with_slow_down_is_clamped_too() {
    let mut scene = scene(Product::Authentik);
    scene.run(&json!({ "endpoint": "token", "request": 1, "refuse": "slow_down", "change": { "set": { "interval": 86_400_000 } } }));
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(10.0);
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn the_first_poll_need_not_wait_for_the_interval() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.poll_after(1.0);
    assert_eq!(scene.rules(), NOTHING);
}

/// S-64.
#[test]
fn a_nonce_is_used_at_once() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-31");
    scene.start();
    poll_with_proof(&mut scene, 5.0);
    poll_with_proof(&mut scene, 0.0);
    poll_with_proof(&mut scene, 5.0);
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn a_nonce_is_no_reason_to_go_on_without_a_proof_or_to_go_round_in_circles() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-31");
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), ["S-36"]);

    let mut scene = self::scene(Product::Rfc);
    scene.run(&json!({ "endpoint": "token", "answer": { "status": 400, "json": { "error": "use_dpop_nonce" } } }));
    scene.start();
    poll_with_proof(&mut scene, 5.0);
    poll_with_proof(&mut scene, 0.0);
    assert_eq!(scene.rules(), NOTHING);
    poll_with_proof(&mut scene, 0.0);
    assert_eq!(scene.rules(), ["S-31"]);
}

#[test]
fn the_last_ask_comes_when_the_code_ends_also_after_a_lost_answer() {
    let mut scene = scene(Product::Rfc);
    scene.run(&json!({ "facts": { "expires_in": 15 } }));
    scene.start();
    scene.poll_after(5.0);
    scene.switch_on("X-27");
    scene.poll_after(5.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn a_last_ask_that_nobody_answered_is_made_again() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-40");
    scene.start();
    scene.poll_after(5.0);
    scene.switch_on("X-27");
    scene.poll_after(1800.0);
    scene.poll_after(10.0);
    assert_eq!(scene.rules(), NOTHING);
    scene.poll_after(10.0);
    assert_eq!(scene.rules(), ["S-39"]);
}

#[test]
fn nobody_has_to_wait_for_an_answer_that_is_late() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.poll_after(5.0);
    scene.switch_on_as("X-27", "slow"); // 30 s
    scene.poll_after(5.0);
    scene.poll_after(20.0);
    assert_eq!(scene.rules(), NOTHING);
    // What nobody waited for was not heard either.
    scene.run(&json!({ "endpoint": "token", "request": 1, "refuse": "slow_down", "delay": 30 }));
    scene.poll_after(5.0);
    scene.poll_after(20.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn starts_that_somebody_approved_are_no_loop() {
    let mut scene = scene(Product::Rfc);
    for _ in 0..30 {
        scene.start();
        scene.approve();
        scene.poll_after(5.0);
    }
    assert_eq!(scene.rules(), NOTHING);
}

#[test]
fn other_grants_are_not_polls() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    for grant_type in ["client_credentials", "urn:example:new"] {
        let fields = [("client_id", "tv"), ("grant_type", grant_type)];
        scene.send(Request::form(&scene.token, &fields));
    }
    assert_eq!((scene.rules(), scene.verdict().polls), (NOTHING.to_vec(), 0));
}

/// What is written in the wrong way is not missing as well.
#[test]
fn one_mistake_is_found_once() {
    type Bad = fn(&Scene, serde_json::Value) -> Request;
    let fields =
        |scene: &Scene| json!({ "client_id": "tv", "grant_type": DEVICE_CODE, "device_code": scene.device_code });
    let cases: [Bad; 3] = [
        |scene, fields| {
            let mut request = Request::new("POST", &scene.token).with("Content-Type", "application/json");
            request.body = fields.to_string().into_bytes();
            request
        },
        |scene, _| {
            let form = scene.poll_request(&scene.device_code);
            Request::new(
                "GET",
                &format!("{}?{}", scene.token, String::from_utf8_lossy(&form.body)),
            )
        },
        |scene, _| {
            let mut request = Request::new("POST", &scene.token).with("Content-Type", "text/plain");
            request.body = scene.poll_request(&scene.device_code).body;
            request
        },
    ];
    for (number, bad) in cases.into_iter().enumerate() {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.now = scene.now + Duration::from_secs(5);
        let request = bad(&scene, fields(&scene));
        scene.send(request);
        assert_eq!(
            (scene.rules(), scene.verdict().polls),
            (vec!["S-01"], 1),
            "case {number}"
        );
    }
}

#[test]
fn a_code_with_another_grant_type_is_a_poll_that_is_written_wrong() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.now = scene.now + Duration::from_secs(5);
    let fields = [
        ("client_id", "tv"),
        ("grant_type", "device_code"),
        ("device_code", &*scene.device_code),
    ];
    let request = Request::form(&scene.token, &fields);
    scene.send(request);
    assert_eq!((scene.rules(), scene.verdict().polls), (vec!["S-30"], 1));
}

/// A client that lost the answer may not know the new token yet.
#[test]
fn a_refresh_whose_answer_is_late_may_be_repeated() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.approve();
    let tokens = scene.poll_after(5.0).json();
    let token = tokens["refresh_token"].as_str().unwrap();
    scene.run(&json!({ "grant_type": "refresh_token", "request": 1, "delay": 30 }));
    scene.refresh(token);
    scene.now = scene.now + Duration::from_secs(20);
    scene.refresh(token);
    assert_eq!(scene.rules(), NOTHING);
    scene.now = scene.now + Duration::from_secs(20);
    scene.refresh(token);
    assert_eq!(scene.rules(), ["S-46"]);
}
