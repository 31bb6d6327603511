//! Free-form scripts: whom they concern, when they act, what they refuse to be.

use mock_idp::{Config, FaultError, Request, Script, Switch};
use serde_json::json;

use crate::support::{RFC, Scene, heard, scene, sound};

/// A host with this script on.
#[track_caller]
fn with(script: serde_json::Value) -> Scene {
    let scene = sound(RFC);
    scene.idp.faults().run(serde_json::from_value(script).unwrap()).unwrap();
    scene
}

/// The README's example, as its call of curl and as its part of a configuration file.
fn examples() -> [Script; 2] {
    let readme = include_str!("../../README.md");
    let (_, story) = readme.split_once("answer the second with an HTML 502").unwrap();
    let json = story.split('\'').nth(1).unwrap();
    let file = story.split("```toml").nth(1).unwrap().split("```").next().unwrap();
    let config = Config::parse(file).unwrap();
    [serde_json::from_str(json).unwrap(), config.scripts[0].clone()]
}

#[test]
fn the_second_poll_hears_a_bad_gateway_and_the_third_is_followed_by_approval() {
    for script in examples() {
        let mut scene = sound(RFC);
        scene.idp.faults().run(script).unwrap();
        scene.start();
        assert_eq!(scene.poll_after(5), "authorization_pending");
        assert_eq!(scene.poll_after(5), "502 <h1>Bad Gateway</h1>");
        assert_eq!(scene.poll_after(5), "authorization_pending");
        assert_eq!(scene.poll_after(5), "tokens");
    }
}

#[test]
fn a_script_for_one_client_leaves_the_others_alone() {
    let mut scene = with(json!({ "client": "other", "steps": [{ "ending": "reset" }] }));
    assert!(scene.start().delivery.is_plain());
    let request = Request::form(RFC.device, &[("client_id", "other")]);
    assert!(!scene.send(request).delivery.is_plain());
}

#[test]
fn a_script_for_one_issuer_leaves_the_others_alone() {
    let mut scene = with(json!({ "issuer": "okta-org", "steps": [{ "ending": "reset" }] }));
    assert!(scene.start().delivery.is_plain());
    let mut scene = with(json!({ "issuer": "rfc", "steps": [{ "ending": "reset" }] }));
    assert!(!scene.start().delivery.is_plain());
}

#[test]
fn a_range_has_a_first_and_perhaps_a_last() {
    let mut scene = with(json!({ "steps": [
        { "endpoint": "token", "request": { "from": 2, "to": 3 }, "change": { "status": 500 } },
        { "endpoint": "token", "request": { "from": 5 }, "change": { "status": 501 } },
    ] }));
    scene.start();
    let statuses: Vec<_> = (0..6)
        .map(|_| {
            scene.wait(5);
            scene.poll().status
        })
        .collect();
    assert_eq!(statuses, [400, 500, 500, 400, 501, 501]);
}

#[test]
fn a_count_is_of_requests_acted_on() {
    let mut scene = with(json!({
        "count": 2,
        "steps": [{ "endpoint": "token", "when": "authorization_pending", "change": { "status": 428 } }],
    }));
    scene.start();
    let device_code = std::mem::replace(&mut scene.device_code, "unknown".to_owned());
    assert_eq!(scene.poll().status, 400);
    scene.device_code = device_code;
    let statuses: Vec<_> = (0..3)
        .map(|_| {
            scene.wait(5);
            scene.poll().status
        })
        .collect();
    assert_eq!(statuses, [428, 428, 400]);
}

#[test]
fn several_act_at_once_in_the_order_in_which_they_were_switched_on() {
    let mut scene = scene(RFC, "X-20");
    scene.idp.faults().switch_on("X-16", Switch::default()).unwrap();
    scene.start();
    scene.wait(5);
    let answer = scene.poll();
    assert_eq!((answer.status, heard(&answer).as_str()), (401, "authorization_pending"));
    assert!(answer.text().starts_with(r#"{"\u006e"#));
}

#[test]
fn then_ends_a_grant_in_every_way() {
    for (then, expected) in [
        ("approve", "tokens"),
        ("deny", "access_denied"),
        ("expire", "expired_token"),
    ] {
        let mut scene = with(json!({ "steps": [{ "endpoint": "device_authorization", "then": then }] }));
        scene.start();
        assert_eq!(scene.poll_after(5), expected);
    }
}

#[test]
fn what_is_switched_off_no_longer_acts() {
    let mut scene = with(json!({ "steps": [{ "change": { "status": 500 } }] }));
    scene.idp.faults().switch_on("X-24", Switch::default()).unwrap();
    scene.idp.faults().switch_off("script-1").unwrap();
    assert_eq!(scene.start().status, 400);
    scene.idp.faults().clear();
    assert_eq!(scene.start().status, 200);
    let gone = scene.idp.faults().switch_off("X-24");
    assert_eq!(gone, Err(FaultError::NotActive("X-24".to_owned())));
}

#[test]
fn a_scenario_that_meets_no_client_cannot_be_kept_to_one() {
    let switch = Switch {
        client: Some("tv".to_owned()),
        ..Switch::default()
    };
    let refused = sound(RFC).idp.faults().switch_on("X-60", switch);
    assert_eq!(refused, Err(FaultError::NotByClient("X-60".to_owned())));
}

#[test]
fn an_unknown_scenario_or_variant_is_named() {
    let faults = sound(RFC).idp.faults().clone();
    let error = faults.switch_on("X-99", Switch::default()).unwrap_err().to_string();
    assert!(
        error.contains("\"X-99\"; the nearest are X-64, X-63, X-62; SCENARIOS.md"),
        "{error}"
    );
    // Facts that are no server's doing have their ids too.
    for (id, what) in [("X-44", "/approve"), ("X-48b", "X-47")] {
        let error = faults.switch_on(id, Switch::default()).unwrap_err().to_string();
        assert!(error.contains(what) && !error.contains("there is no"), "{error}");
    }
    let switch = Switch {
        variant: Some("500".to_owned()),
        ..Switch::default()
    };
    let error = faults.switch_on("X-20", switch).unwrap_err().to_string();
    assert!(error.contains("401, 403, 428"), "{error}");
}

#[test]
fn a_script_that_cannot_be_done_is_refused_and_says_why() {
    for (script, problem) in [
        (json!({ "steps": [] }), "`steps` is empty"),
        (json!({ "steps": [{ "endpoint": "token" }] }), "step 1: it does nothing"),
        (json!({ "count": 0, "steps": [{ "ending": "reset" }] }), "`count` is 0"),
        (
            json!({ "steps": [{ "ending": "reset", "request": 0 }] }),
            "counts from 1",
        ),
        (
            json!({ "steps": [{ "ending": "reset", "request": { "from": 3, "to": 2 } }] }),
            "before it begins",
        ),
        (
            json!({ "steps": [{ "endpoint": "jwks", "then": "approve" }] }),
            "`then` is for the grant",
        ),
        (
            json!({ "steps": [{ "endpoint": "token", "grant_type": "refresh_token", "then": "deny" }] }),
            "`then` is for the grant",
        ),
        (
            json!({ "steps": [{ "endpoint": "userinfo", "state": "pending", "ending": "reset" }] }),
            "are of token requests",
        ),
        (
            json!({ "steps": [{ "endpoint": "token", "typed_code": true, "ending": "reset" }] }),
            "`verification` alone",
        ),
        (
            json!({ "steps": [{ "endpoint": "token", "when": "pending", "ending": "reset" }] }),
            "where a grant stands is `state`",
        ),
        (json!({ "steps": [{ "delay": -1.0 }] }), "`delay` must be"),
        (
            json!({ "steps": [{ "trickle": { "bytes": 0, "every": 1.0 } }] }),
            "`trickle.bytes` is 0",
        ),
        (
            json!({ "steps": [{ "answer": { "status": 700 } }] }),
            "`answer.status` is 700",
        ),
        (
            json!({ "steps": [{ "answer": { "status": 200, "body": "a", "json": 1 } }] }),
            "more than one of",
        ),
        (
            json!({ "steps": [{ "answer": { "status": 200, "base64": "?" } }] }),
            "not base64",
        ),
        (
            json!({ "steps": [{ "answer": { "status": 200, "body": "aa", "repeat": 9_000_000 } }] }),
            "the most",
        ),
        (
            json!({ "steps": [{ "answer": { "status": 200, "headers": { "a b": "c" } } }] }),
            "no header name",
        ),
        (
            json!({ "steps": [{ "change": { "headers": { "A": "b\r\nc" } } }] }),
            "control characters",
        ),
        (
            json!({ "steps": [{ "change": { "headers": { "Content-Length": "9" } } }] }),
            "cannot set Content-Length",
        ),
        (
            json!({ "steps": [{ "refuse": "slow_down", "when": "error" }] }),
            "cannot wait for `when`",
        ),
        (
            json!({ "client": "tv", "steps": [{ "endpoint": "jwks", "ending": "reset" }] }),
            "leave `client` out",
        ),
    ] {
        let script: Script = serde_json::from_value(script).unwrap();
        let error = sound(RFC).idp.faults().run(script).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn a_whole_number_may_be_written_with_a_fraction_of_nothing() {
    let script = json!({ "steps": [{ "facts": {
        "interval": 7.0, "expires_in": 60.0, "starts_per_hour": 3.0, "tokens_off_by": -60.0,
    } }] });
    let script: Script = serde_json::from_value(script).unwrap();
    let facts = script.steps[0].facts.as_ref().unwrap();
    assert_eq!((facts.interval, facts.expires_in), (Some(7), Some(60)));
    assert_eq!((facts.starts_per_hour, facts.tokens_off_by), (Some(3), Some(-60)));
    for wrong in [json!(0.5), json!(1_u64 << 53), json!("3")] {
        let script = json!({ "steps": [{ "facts": { "tokens_off_by": wrong } }] });
        assert!(serde_json::from_value::<Script>(script).is_err());
    }
}
