//! Status, media type, body, tokens and keys.

use std::time::Duration;

use mock_idp::{Ending, Request, Response};
use serde_json::json;

use crate::support::{ALL, Kind, OKTA, Scene, heard, id_token, scene, sound, variant};

/// The answer to a poll that is in time.
fn poll(scene: &mut Scene) -> Response {
    scene.wait(60);
    scene.start();
    scene.wait(5);
    scene.poll()
}

#[test]
pub(crate) fn pending_comes_with_another_status() {
    for kind in ALL {
        for (name, status) in [("401", 401), ("403", 403), ("428", 428)] {
            let mut scene = variant(kind, "X-20", name);
            let answer = poll(&mut scene);
            assert_eq!(
                (answer.status, heard(&answer).as_str()),
                (status, "authorization_pending")
            );
            scene.approve();
            assert_eq!(scene.poll_after(5), "tokens");
        }
    }
}

#[test]
pub(crate) fn errors_come_with_status_200() {
    for kind in ALL {
        let mut scene = scene(kind, "X-21");
        let answer = poll(&mut scene);
        assert_eq!((answer.status, heard(&answer).as_str()), (200, "authorization_pending"));
        scene.device_code = "unknown".to_owned();
        let answer = scene.poll();
        assert_eq!((answer.status, heard(&answer).as_str()), (200, "invalid_grant"));
    }
}

#[test]
pub(crate) fn answers_are_forms_unless_json_is_accepted() {
    let form = "application/x-www-form-urlencoded; charset=utf-8";
    for kind in ALL {
        for (name, accept, media_type) in [
            (None, "text/html", form),
            (None, "text/html, application/json", "application/json"),
            (Some("always"), "application/json", form),
        ] {
            let mut scene = sound(kind);
            scene.start();
            scene.approve();
            scene.switch_on("X-22", name);
            // An error and a success of either endpoint.
            let starts = [
                &[("scope", kind.scope)][..],
                &[("client_id", "tv"), ("scope", kind.scope)],
            ];
            let starts = starts.map(|fields| Request::form(kind.device, fields));
            let polls = [Request::form(kind.token, &[("client_id", "tv")]), scene.poll_request()];
            for (request, word) in starts
                .into_iter()
                .chain(polls)
                .zip(["error", "interval", "error", "expires_in"])
            {
                let answer = scene.send(request.with("Accept", accept));
                assert_eq!(answer.header("content-type"), Some(media_type), "{}", answer.text());
                let is_form = answer.text().contains(&format!("{word}="));
                assert_eq!(is_form, media_type == form, "{}", answer.text());
            }
        }
    }
}

#[test]
pub(crate) fn a_gateway_answers_once() {
    for kind in ALL {
        for (name, status, retry_after) in [
            ("502", 502, None),
            ("503", 503, None),
            ("503_retry_after", 503, Some("17")),
            // 2026-01-01 00:01:05, and 23 seconds more.
            ("503_retry_after_date", 503, Some("Thu, 01 Jan 2026 00:01:28 GMT")),
            ("429", 429, None),
            ("429_retry_after", 429, Some("17")),
        ] {
            let mut scene = variant(kind, "X-23", name);
            let answer = poll(&mut scene);
            assert_eq!(
                (answer.status, answer.header("retry-after")),
                (status, retry_after),
                "{name}"
            );
            assert_eq!(answer.header("content-type"), Some("text/html"));
            assert!(answer.text().contains("</html>"));
            // Nothing of the server itself shows through, and it never saw the poll: the next one is not too fast.
            assert_eq!(
                answer.header("x-okta-request-id").or(answer.header("x-authentik-id")),
                None
            );
            assert_eq!(scene.poll_after(0), "authorization_pending");
        }
        for (name, accept, retry_after, expected) in GATEWAY_OF_AUTHENTIK {
            let mut scene = variant(kind, "X-23", name);
            scene.start();
            scene.wait(5);
            let mut request = scene.poll_request();
            request.headers.retain(|(name, _)| !name.eq_ignore_ascii_case("accept"));
            if let Some(accept) = accept {
                request = request.with("Accept", accept);
            }
            let answer = scene.send(request);
            let (status, media_type, body) = expected;
            assert_eq!(
                (
                    answer.status,
                    answer.header("content-type"),
                    answer.header("retry-after")
                ),
                (status, Some(media_type), retry_after),
                "{name}"
            );
            assert!(answer.text().starts_with(body), "{}", answer.text());
            assert_eq!(scene.poll_after(0), "authorization_pending");
        }
    }
}

type Case = (
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
    (u16, &'static str, &'static str),
);

/// variant, `Accept`, `Retry-After`; status, media type and how the body begins.
const GATEWAY_OF_AUTHENTIK: [Case; 5] = [
    (
        "authentik_starting",
        Some("application/json"),
        Some("5"),
        (503, "application/json", "{\"error\":\"authentik starting\"}"),
    ),
    (
        "authentik_starting",
        Some("text/html,*/*"),
        Some("5"),
        (503, "text/html", "<html>"),
    ),
    (
        "authentik_starting",
        None,
        Some("5"),
        (503, "text/plain", "authentik starting"),
    ),
    (
        "authentik_backend_gone",
        Some("application/json"),
        None,
        (
            502,
            "application/json",
            "{\"error\":\"failed to connect to authentik backend: ",
        ),
    ),
    (
        "authentik_backend_gone",
        None,
        None,
        (502, "text/plain", "failed to connect to authentik backend: "),
    ),
];

#[test]
pub(crate) fn the_start_is_refused_without_a_word() {
    for kind in ALL {
        let answer = scene(kind, "X-24").start();
        assert_eq!(
            (answer.status, answer.header("content-type"), answer.text().as_str()),
            (400, Some("text/html"), "")
        );
    }
}

#[test]
pub(crate) fn an_error_object_comes_in_place_of_an_oauth_error() {
    let members = ["errorCode", "errorSummary", "errorLink", "errorId", "errorCauses"]; // O-90
    for kind in ALL {
        for (name, status) in [("start", 400), ("poll", 400), ("poll_401", 401)] {
            let mut scene = variant(kind, "X-25", name);
            let answer = if name == "start" {
                scene.start()
            } else {
                poll(&mut scene)
            };
            let names: Vec<_> = answer.json().as_object().unwrap().keys().cloned().collect();
            assert_eq!((answer.status, names), (status, members.map(str::to_owned).to_vec()));
        }
    }
}

#[test]
pub(crate) fn an_answer_is_damaged_once() {
    for kind in ALL {
        let whole = poll(&mut sound(kind)).body;
        let damaged = |name| {
            let mut scene = variant(kind, "X-26", name);
            let answer = poll(&mut scene);
            assert_eq!(scene.poll_after(5), "authorization_pending");
            answer
        };
        assert_eq!(damaged("truncated").body.len(), 20);
        let short = damaged("short");
        assert_eq!(
            (short.body.len(), short.delivery.ending),
            (whole.len(), Ending::ClosedAfter(20))
        );
        assert_eq!(damaged("huge").body.len(), 2 * 1024 * 1024);
        assert!(String::from_utf8(damaged("not_utf8").body).is_err());
        let pace = damaged("trickling").delivery.pace.unwrap();
        assert_eq!((pace.bytes, pace.every), (7, Duration::from_millis(500)));
    }
}

#[test]
pub(crate) fn the_connection_breaks_once() {
    for kind in ALL {
        for (name, ending) in [
            ("closed", Ending::NoAnswer),
            ("reset", Ending::Reset),
            ("reset_after_headers", Ending::ResetAfter(0)),
            ("silent", Ending::Stall),
        ] {
            let mut scene = variant(kind, "X-27", name);
            assert_eq!(poll(&mut scene).delivery.ending, ending);
            scene.wait(5);
            assert!(scene.poll().delivery.is_plain());
        }
        let slow = poll(&mut variant(kind, "X-27", "slow")).delivery;
        assert_eq!((slow.delay, slow.ending), (Duration::from_secs(30), Ending::Whole));
    }
}

#[test]
pub(crate) fn the_tokens_are_lost_on_their_way() {
    for kind in ALL {
        let mut scene = scene(kind, "X-28");
        assert!(poll(&mut scene).delivery.is_plain());
        scene.approve();
        scene.wait(5);
        assert_eq!(scene.poll().delivery.ending, Ending::NoAnswer);
        assert_eq!(scene.poll_after(5), "invalid_grant");
    }
}

#[test]
pub(crate) fn a_poll_hears_a_code_that_no_rfc_has() {
    for kind in ALL {
        for name in ["authorization_declined", "too_many_user_codes", "server_error"] {
            let answer = poll(&mut variant(kind, "X-29", name));
            assert_eq!((answer.status, answer.json()), (400, json!({ "error": name })));
        }
    }
}

#[test]
pub(crate) fn the_token_endpoint_redirects_elsewhere() {
    for kind in ALL {
        for (name, status) in [("307", 307), ("308", 308), ("302", 302)] {
            let answer = poll(&mut variant(kind, "X-30", name));
            let elsewhere = format!("https://elsewhere.id.example{}", kind.token);
            assert_eq!(
                (answer.status, answer.header("location")),
                (status, Some(elsewhere.as_str()))
            );
        }
    }
}

#[test]
pub(crate) fn the_first_poll_wants_a_nonce() {
    for kind in ALL {
        let mut scene = scene(kind, "X-31");
        let answer = poll(&mut scene);
        assert_eq!(heard(&answer), "use_dpop_nonce"); // O-85
        assert!(answer.header("dpop-nonce").is_some());
        assert_eq!(scene.poll_after(0), "authorization_pending");
    }
}

#[test]
pub(crate) fn the_tokens_times_are_wrong() {
    for kind in ALL {
        for (name, off_by) in [("a_minute_ahead", 60), ("an_hour_ahead", 3600), ("expired", -86_400)] {
            let mut scene = variant(kind, "X-32", name);
            let (_, claims) = id_token(&scene.sign_in());
            let now = i64::try_from(scene.now.seconds()).unwrap();
            assert_eq!(claims["iat"].as_i64(), Some(now + off_by));
            assert_eq!(claims["exp"].as_i64(), Some(now + off_by + kind.lifetime));
        }
    }
}

#[test]
pub(crate) fn the_keys_do_not_fit_the_tokens() {
    let jwks = |scene: &mut Scene| scene.send(Request::get(scene.kind.jwks)).json();
    for kind in ALL {
        let mut late = variant(kind, "X-33", "late_key");
        assert_eq!(jwks(&mut late), json!({ "keys": [] }));
        assert_eq!(jwks(&mut late)["keys"].as_array().map(Vec::len), Some(1));

        let mut unknown = variant(kind, "X-33", "unknown_kid");
        let (header, _) = id_token(&unknown.sign_in());
        let keys = jwks(&mut unknown);
        assert!(header["kid"].is_string() && keys["keys"][0]["kid"].is_string());
        assert_ne!(header["kid"], keys["keys"][0]["kid"]);

        let mut none = variant(kind, "X-33", "no_keys");
        assert_eq!(id_token(&none.sign_in()).0["alg"], "HS256");
        assert_eq!(jwks(&mut none), json!({}));
    }
}

#[test]
pub(crate) fn the_id_token_s_issuer_differs_by_a_slash() {
    let issuer = |kind: Kind, mut scene: Scene| {
        let _ = kind;
        id_token(&scene.sign_in()).1["iss"].as_str().unwrap().to_owned()
    };
    for kind in ALL {
        let right = issuer(kind, sound(kind));
        let wrong = issuer(kind, scene(kind, "X-34"));
        let other = right.strip_suffix('/').map_or(format!("{right}/"), str::to_owned);
        assert_eq!(wrong, other);
    }
    assert_eq!(issuer(OKTA, scene(OKTA, "X-34")), "https://id.example/oauth2/default/");
}
