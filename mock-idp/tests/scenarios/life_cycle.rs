//! Life cycle.

use mock_idp::{Instant, Product, Request};

use crate::support::{ALL, OKTA, RFC, Scene, heard, scene, sound, variant};

/// The first moment at which a code of this sign-in is over.
fn end_of(scene: &mut Scene) -> Instant {
    let now = scene.now;
    let expires_in = scene.start().json()["expires_in"].as_u64().unwrap();
    now + std::time::Duration::from_secs(expires_in)
}

#[test]
fn pending_goes_on_after_the_end() {
    for kind in ALL {
        let mut scene = scene(kind, "X-40");
        scene.now = end_of(&mut scene);
        assert_eq!(scene.poll_after(100), "authorization_pending");
        assert_eq!(scene.poll_after(300), "authorization_pending");
        assert_eq!(scene.poll_after(300), "invalid_grant");
    }
}

#[test]
fn an_expired_code_is_told_as_invalid_grant() {
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
fn a_code_lives_for_a_minute() {
    for kind in ALL {
        let mut scene = scene(kind, "X-42");
        assert_eq!(scene.start().json()["expires_in"], 60);
        let grants = scene.idp.grants(scene.now);
        assert_eq!(grants[0].expires_at.since(grants[0].issued_at).as_secs(), 60);
    }
}

#[test]
fn the_page_takes_an_expired_code_and_the_device_may_still_fail() {
    for (id, opens) in [(None, false), (Some("X-43"), true)] {
        let mut scene = id.map_or_else(|| sound(RFC), |id| scene(RFC, id));
        scene.now = end_of(&mut scene);
        let target = format!("/device?user_code={}", scene.user_code);
        let page = scene.send(Request::get(&target)).text();
        assert_eq!(page.contains("That code is not valid"), !opens, "{page}");
        assert_eq!(scene.poll_after(5), "expired_token");
    }
}

#[test]
fn somebody_approves_who_is_not_assigned() {
    for kind in ALL {
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
fn the_access_policy_denies() {
    for kind in ALL {
        let mut scene = scene(kind, "X-46");
        scene.start();
        assert_eq!(scene.poll_after(5), "authorization_pending");
        scene.approve();
        let word = match kind.product {
            Product::Google => "admin_policy_enforced", // "Other errors"
            _ => "access_denied",
        };
        assert_eq!(scene.poll_after(5), word);
    }
    let mut okta = scene(OKTA, "X-46");
    assert_eq!(okta.sign_in().status, 401); // O-40
}

#[test]
fn the_person_s_page_is_not_there() {
    for kind in ALL {
        let mut scene = scene(kind, "X-47");
        assert_eq!(scene.start().status, 200);
        assert_eq!(scene.send(Request::get(kind.page)).status, 404);
        assert_eq!(scene.poll_after(5), "authorization_pending");
    }
}

#[test]
fn a_typed_code_fails_while_the_complete_address_works() {
    for kind in ALL {
        for (name, status) in [("405", 405), ("home", 302)] {
            let mut scene = variant(kind, "X-48", name);
            scene.start();
            let typed = Request::form(kind.page, &[("user_code", "any")]);
            let answer = scene.send(typed);
            assert_eq!(answer.status, status);
            assert_eq!(answer.header("location"), (name == "home").then_some("/"));
            let opened = scene.send(Request::get(kind.page));
            assert_ne!(opened.header("location"), Some("/"));
            assert!([200, 302].contains(&opened.status));
        }
    }
}

#[test]
fn one_caller_gets_twenty_codes_an_hour() {
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
fn refreshing_has_rules_of_its_own() {
    for kind in ALL {
        let signed_in = |name| {
            let mut scene = variant(kind, "X-50", name);
            let token = scene.sign_in().json()["refresh_token"].as_str().unwrap().to_owned();
            (scene, token)
        };
        let (mut rotates, first) = signed_in("rotates");
        let second = rotates.refresh(&first, &[]).json();
        assert!(second["refresh_token"].is_string() && second["refresh_token"] != first);
        assert_eq!(heard(&rotates.refresh(&first, &[])), "invalid_grant");

        let (mut none_back, token) = signed_in("none_back");
        let answer = none_back.refresh(&token, &[]).json();
        assert!(answer["access_token"].is_string() && answer.get("refresh_token").is_none());

        let (mut needs, token) = signed_in("needs_offline_access");
        assert_eq!(heard(&needs.refresh(&token, &[("scope", "openid")])), "invalid_scope");
    }
}

#[test]
fn the_grant_is_not_enabled() {
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
fn what_comes_after_the_sign_in_is_refused() {
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
