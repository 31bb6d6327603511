//! Life cycle.

use std::time::Duration;

use mock_idp::{GrantState, Instant, Product, Request, Response};

use crate::support::{ALL, Kind, OKTA, RFC, Scene, heard, scene, sound, variant};

/// The first moment at which a code of this sign-in is over.
fn end_of(scene: &mut Scene) -> Instant {
    let now = scene.now;
    let expires_in = scene.start().json()["expires_in"].as_u64().unwrap();
    now + Duration::from_secs(expires_in)
}

#[test]
pub(crate) fn pending_goes_on_after_the_end() {
    for kind in ALL {
        let mut scene = scene(kind, "X-40");
        scene.now = end_of(&mut scene);
        assert_eq!(scene.poll_after(100), "authorization_pending");
        assert_eq!(scene.poll_after(300), "authorization_pending");
        assert_eq!(scene.poll_after(300), "invalid_grant");
    }
}

#[test]
pub(crate) fn an_expired_code_is_told_as_invalid_grant() {
    for kind in ALL {
        let mut scene = scene(kind, "X-41");
        scene.now = end_of(&mut scene);
        assert_eq!(scene.poll_after(0), "invalid_grant");
    }
    let mut rfc = sound(RFC);
    rfc.now = end_of(&mut rfc);
    assert_eq!(rfc.poll_after(0), "expired_token");
}

#[test]
pub(crate) fn a_code_lives_for_a_minute() {
    for kind in ALL {
        let mut scene = scene(kind, "X-42");
        assert_eq!(scene.start().json()["expires_in"], 60);
        let grants = scene.idp.grants(scene.now);
        assert_eq!(grants[0].expires_at.since(grants[0].issued_at).as_secs(), 60);
    }
}

#[test]
pub(crate) fn the_page_takes_an_expired_code_and_the_device_may_still_fail() {
    for kind in ALL {
        for &typed in Scene::ways(kind) {
            let mut scene = scene(kind, "X-43");
            // Past authentik's clean-up too, at minute 32 here.
            scene.now = end_of(&mut scene) + Duration::from_secs(360);
            let mut phone = scene.on_the_phone(typed);
            phone.sees(approved(kind));
            let grants = phone.bench.idp.grants(phone.bench.now);
            assert_eq!(grants[0].approved_by.as_deref(), Some("jane"));
            assert_ne!(phone.bench.poll_after(5), "tokens");
        }
    }
}

/// What the page says to somebody who has approved (O-143, A-118).
fn approved(kind: Kind) -> &'static str {
    match kind.product {
        Product::Okta => "Device activated",
        Product::Authentik => "You&#39;ve successfully authenticated your device.",
        Product::Google => "Success!",
        Product::Rfc => "Your device is signed in",
    }
}

/// Somebody whom the server turns away once they have signed in: what the device hears then.
#[track_caller]
fn turned_away(kind: Kind, id: &str) -> Response {
    let ways = Scene::ways(kind).iter();
    let mut answers = ways.map(|&typed| {
        let mut phone = scene(kind, id).at_the_page(typed);
        // A-114; O-143, which the others borrow.
        phone.sees(match kind.product {
            Product::Authentik => "Request has been denied",
            _ => "Device not activated",
        });
        phone.does_not_see(approved(kind));
        assert_eq!(phone.state(), GrantState::Denied);
        phone.bench.wait(5);
        phone.bench.poll()
    });
    answers.next_back().unwrap()
}

#[test]
pub(crate) fn somebody_signs_in_who_is_not_assigned() {
    for kind in ALL {
        let answer = turned_away(kind, "X-45");
        assert_eq!(heard(&answer), "access_denied");

        // Whoever approves by a call never saw the page.
        let mut scene = scene(kind, "X-45");
        scene.start();
        assert_eq!(scene.poll_after(5), "authorization_pending");
        scene.approve();
        scene.wait(5);
        let answer = scene.poll();
        assert_eq!((answer.status, heard(&answer).as_str()), (400, "access_denied"));
        // O-36
        assert_eq!(
            answer.json()["error_description"],
            "User is not assigned to the client application."
        );
    }
}

#[test]
pub(crate) fn the_access_policy_denies() {
    for kind in ALL {
        let word = match kind.product {
            Product::Google => "admin_policy_enforced", // "Other errors"
            _ => "access_denied",
        };
        let answer = turned_away(kind, "X-46");
        assert_eq!(heard(&answer), word);
        assert_eq!(answer.status == 401, kind.product == Product::Okta); // O-40

        let mut scene = scene(kind, "X-46");
        scene.start();
        assert_eq!(scene.poll_after(5), "authorization_pending");
        scene.approve();
        assert_eq!(scene.poll_after(5), word);
    }
    let mut okta = scene(OKTA, "X-46");
    assert_eq!(okta.sign_in().status, 401); // O-40
}

#[test]
pub(crate) fn the_person_s_page_is_not_there() {
    for kind in ALL {
        let mut scene = scene(kind, "X-47");
        assert_eq!(scene.start().status, 200);
        assert_eq!(scene.send(Request::get(kind.page)).status, 404);
        assert_eq!(scene.poll_after(5), "authorization_pending");
    }
}

#[test]
pub(crate) fn a_typed_code_fails_while_the_complete_address_works() {
    for kind in ALL {
        for (name, status) in [("405", 405), ("home", 404), ("zeros", 200)] {
            for &typed in Scene::ways(kind) {
                let phone = variant(kind, "X-48", name).at_the_page(typed);
                let state = if typed {
                    GrantState::Pending
                } else {
                    GrantState::Approved
                };
                assert_eq!(phone.state(), state, "{name} at {}", kind.device);
                if typed {
                    // Nothing lives at "/".
                    assert_eq!(phone.page.status, status, "{name} at {}", kind.device);
                }
            }
        }
        let mut scene = variant(kind, "X-48", "zeros");
        scene.start();
        let digits = scene.user_code.strip_prefix('0').unwrap();
        assert!(digits.len() == 8 && digits.bytes().all(|byte| byte.is_ascii_digit()));
    }
}

#[test]
pub(crate) fn one_caller_gets_twenty_codes_an_hour() {
    for kind in ALL {
        let mut scene = scene(kind, "X-49");
        for _ in 0..20 {
            assert_eq!(scene.start().status, 200);
        }
        let status = match kind.product {
            Product::Google => 403, // "Quota exceeded response"
            _ => 429,
        };
        assert_eq!(scene.start().status, status);
        scene.wait(3600);
        assert_eq!(scene.start().status, 200);
    }
}

#[test]
pub(crate) fn refreshing_has_rules_of_its_own() {
    for kind in ALL {
        let signed_in = |name| {
            let mut scene = variant(kind, "X-50", name);
            let token = scene.sign_in().json()["refresh_token"].as_str().unwrap().to_owned();
            (scene, token)
        };
        let (mut rotates, first) = signed_in("rotates");
        let second = rotates.refresh(&first, &[]).json();
        assert!(second["refresh_token"].is_string() && second["refresh_token"] != first);
        if kind.product == Product::Okta {
            // O-128: the old one works for 30 more seconds.
            rotates.wait(29);
            assert!(rotates.refresh(&first, &[]).json()["refresh_token"].is_string());
            rotates.wait(2);
        }
        assert_eq!(heard(&rotates.refresh(&first, &[])), "invalid_grant");
        // O-128: it takes the newest with it, but not on authentik.
        let newest = rotates.refresh(second["refresh_token"].as_str().unwrap(), &[]);
        assert_eq!(newest.status == 200, kind.product == Product::Authentik);

        let (mut none_back, token) = signed_in("none_back");
        let answer = none_back.refresh(&token, &[]).json();
        assert!(answer["access_token"].is_string() && answer.get("refresh_token").is_none());

        let (mut needs, token) = signed_in("needs_offline_access");
        assert_eq!(heard(&needs.refresh(&token, &[("scope", "openid")])), "invalid_scope");
    }
}

#[test]
pub(crate) fn the_grant_is_not_enabled() {
    for kind in ALL {
        let start = variant(kind, "X-51", "start").start();
        let mut scene = variant(kind, "X-51", "poll");
        scene.start();
        let (status, words) = match kind.product {
            Product::Authentik => (400, ["invalid_client", "invalid_grant"]),
            Product::Google => (401, ["invalid_client"; 2]),                  // "Other errors"
            _ => (400, ["unauthorized_client"; 2]),                           // RFC 6749 section 5.2, O-55
        };
        for (answer, word) in [start, scene.poll()].iter().zip(words) {
            assert_eq!((answer.status, heard(answer).as_str()), (status, word));
        }
    }
}

#[test]
pub(crate) fn what_comes_after_the_sign_in_is_refused() {
    for kind in ALL {
        for (id, status, text) in [("X-52", 403, "assurance requirements"), ("X-53", 400, "")] {
            let mut scene = scene(kind, id);
            let tokens = scene.sign_in().json();
            let refused = scene.refresh(tokens["refresh_token"].as_str().unwrap(), &[]);
            assert_eq!((refused.status, heard(&refused).as_str()), (400, "invalid_grant"));
            let description = refused.json()["error_description"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            assert!(description.contains(text), "{description}");
            let bearer = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
            let request = Request::get(kind.userinfo).with("Authorization", &bearer);
            assert_eq!(scene.send(request).status, status);
        }
    }
}
