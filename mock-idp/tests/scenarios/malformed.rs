//! Malformed or sparse answers with a code: X-10 to X-19.

use mock_idp::{GrantState, Product, Request};
use serde_json::{Value, json};

use crate::support::{ALL, AUTHENTIK, GOOGLE, OKTA, RFC, Scene, scene, sound, variant};

/// A started sign-in's answer, and that it still ends in tokens.
#[track_caller]
fn started(mut scene: Scene) -> Value {
    let answer = scene.start();
    assert_eq!(answer.status, 200, "{}", answer.text());
    scene.approve();
    assert_eq!(scene.poll_after(5), "tokens");
    answer.json()
}

#[test]
pub(crate) fn interval_is_absent() {
    for kind in ALL {
        assert!(started(sound(kind)).get("interval").is_some());
        assert!(started(scene(kind, "X-10")).get("interval").is_none());
    }
}

#[test]
pub(crate) fn interval_is_absurd() {
    for kind in ALL {
        for (name, value) in [
            ("zero", json!(0)),
            ("negative", json!(-5)),
            ("huge", json!(86_400_000)),
            ("text", json!("5")),
        ] {
            assert_eq!(started(variant(kind, "X-11", name))["interval"], value);
        }
    }
}

#[test]
pub(crate) fn expires_in_is_a_text_or_missing() {
    for kind in ALL {
        let sound = started(sound(kind))["expires_in"].to_string();
        assert_eq!(started(variant(kind, "X-12", "text"))["expires_in"], sound);
        assert!(started(variant(kind, "X-12", "missing")).get("expires_in").is_none());
    }
}

#[test]
pub(crate) fn verification_uri_has_its_other_name() {
    for kind in ALL {
        let other = match kind.address {
            "verification_uri" => "verification_url",
            _ => "verification_uri",
        };
        let answer = started(scene(kind, "X-13"));
        assert_eq!(answer[other], started(sound(kind))[kind.address]);
        assert!(answer[other].is_string() && answer.get(kind.address).is_none());
    }
}

#[test]
pub(crate) fn there_is_no_complete_address() {
    for kind in ALL {
        let sound = started(sound(kind));
        assert_eq!(
            sound.get("verification_uri_complete").is_some(),
            kind.product != Product::Google
        );
        assert!(started(scene(kind, "X-14")).get("verification_uri_complete").is_none());
    }
}

#[test]
pub(crate) fn verification_uri_cannot_be_opened() {
    for kind in ALL {
        for (name, value) in [
            ("null", Value::Null),
            ("empty", json!("")),
            ("relative", json!("/device")),
            ("script", json!("javascript:alert(1)")),
        ] {
            let answer = started(variant(kind, "X-15", name));
            let names = ["verification_uri", "verification_url", "verification_uri_complete"];
            let found = names.map(|name| answer.get(name));
            let expected = names.map(|name| (name == kind.address).then_some(&value));
            assert_eq!(found, expected, "{name}");
        }
    }
}

#[test]
pub(crate) fn members_come_in_another_order_among_unknown_ones_and_escaped() {
    for kind in ALL {
        let mut scene = scene(kind, "X-16");
        let answer = scene.start();
        assert!(
            answer
                .text()
                .starts_with(r#"{"\u006e\u0065\u0073\u0074\u0065\u0064":{"#),
            "{}",
            answer.text()
        );
        let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        let mut expected = names(&sound(kind).start().json());
        expected.extend(["x_trace".to_owned(), "nested".to_owned()]);
        expected.reverse();
        assert_eq!(names(&answer.json()), expected);
        scene.wait(5);
        let pending = scene.poll().json();
        let (first, last) = (names(&pending)[0].clone(), names(&pending).pop());
        assert_eq!((first.as_str(), last.as_deref()), ("nested", Some("error")));
        scene.approve();
        assert_eq!(scene.poll_after(5), "tokens");
    }
}

#[test]
pub(crate) fn the_device_code_holds_punctuation() {
    for kind in ALL {
        let answer = started(scene(kind, "X-17"));
        let code = answer["device_code"].as_str().unwrap();
        assert_eq!(code.len(), 128);
        assert!(
            code.contains(|character: char| character.is_ascii_punctuation() && !"-_".contains(character)),
            "{code}"
        );
    }
}

#[test]
pub(crate) fn the_complete_address_is_long_and_still_opens() {
    // Google has no such address that could be long.
    assert!(
        started(scene(GOOGLE, "X-18"))
            .get("verification_uri_complete")
            .is_none()
    );
    for kind in [RFC, OKTA, AUTHENTIK] {
        let mut scene = scene(kind, "X-18");
        let answer = scene.start().json();
        let complete = answer["verification_uri_complete"].as_str().unwrap();
        assert!(
            complete.len() > 300 && complete.contains(&scene.user_code),
            "{complete}"
        );
        let page = scene.send(Request::get(complete.strip_prefix("https://id.example").unwrap()));
        assert!([200, 302].contains(&page.status));
    }
}

#[test]
pub(crate) fn the_user_code_has_another_look_and_works_on_the_page() {
    for kind in ALL {
        for (name, looks) in [
            ("six_digits", "000000"),
            ("grouped_digits", "000-000-000"),
            ("eight_letters", "AAAAAAAA"),
            ("twelve_letters", "AAAA-AAAA-AAAA"),
            ("lower_case", "aaaa-aaaa"),
        ] {
            let mut scene = variant(kind, "X-19", name);
            scene.start();
            let shape = |character: char| match character {
                '0'..='9' => '0',
                'A'..='Z' => 'A',
                'a'..='z' => 'a',
                other => other,
            };
            assert_eq!(scene.user_code.chars().map(shape).collect::<String>(), looks);
            for &typed in Scene::ways(kind) {
                let mut phone = variant(kind, "X-19", name).at_the_page(typed);
                assert_eq!(
                    phone.state(),
                    GrantState::Approved,
                    "{name} at {}, typed: {typed}",
                    kind.device
                );
                assert_eq!(phone.bench.poll_after(5), "tokens", "{name}");
            }
        }
    }
}
