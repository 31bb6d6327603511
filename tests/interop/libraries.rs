//! `openid-client` and `oauth4webapi`, unmodified, at every issuer.
//!
//! Both check what they are told: the members and types of every answer, issuer, audience, lifetime and signature of
//! every ID token, and that userinfo speaks of the same subject. Whatever they object to ends their story.

use mock_idp::{AuthentikVersion, Client, ControlError, GrantState, MockIdp, Switch};

use crate::story::{Library, Story};

/// An issuer of the mock, and whether it replaces a refresh token that is used.
#[derive(Debug)]
struct Server {
    issuer: &'static str,
    authentik: AuthentikVersion,
    rotates: bool,
}

const RFC: Server = server("rfc", true); // RFC 9700 section 4.14.2
const OKTA_ORG: Server = server("okta-org", false); // O-128
const AUTHENTIK_2026_5: Server = authentik(AuthentikVersion::V2026_5);

const SERVERS: [Server; 6] = [
    RFC,
    OKTA_ORG,
    server("okta-custom-as", false), // O-128
    authentik(AuthentikVersion::V2025_6),
    authentik(AuthentikVersion::V2026_2),
    AUTHENTIK_2026_5,
];

const fn server(issuer: &'static str, rotates: bool) -> Server {
    Server {
        issuer,
        authentik: AuthentikVersion::V2026_2,
        rotates,
    }
}

/// every use makes a new one.
const fn authentik(version: AuthentikVersion) -> Server {
    Server {
        issuer: "authentik",
        authentik: version,
        rotates: true,
    }
}

/// The steps once somebody has approved; what is thrown is the answer to a refresh with the token that was revoked.
const SIGNED_IN: [&str; 5] = ["tokens", "userinfo", "refreshed", "revoked", "thrown"];

fn mock(authentik: AuthentikVersion) -> MockIdp {
    let builder = MockIdp::builder().authentik_version(authentik);
    builder.start().expect("free ports")
}

/// Somebody approves after the first poll.
fn sign_in(library: Library, mock: &MockIdp, client: &[&str]) -> Story {
    Story::of(library, client, |wait| {
        if wait.number == 2 {
            mock.approve(wait.user_code, Some("jane")).expect("the code is known");
        }
        mock.advance(wait.span);
    })
}

#[test]
fn they_sign_in_refresh_and_revoke_everywhere() {
    for library in Library::ALL {
        for server in &SERVERS {
            let mock = mock(server.authentik);
            let issuer = mock.issuer(server.issuer);
            let story = sign_in(library, &mock, &[&issuer]);
            let about = format!("{library:?} at {server:?}: {story:#?}");

            let steps: Vec<_> = story.steps().collect();
            let started = ["metadata", "device_authorization", "wait", "wait"];
            assert_eq!(steps, [&started[..], &SIGNED_IN].concat(), "{about}");
            assert_eq!(story.step("wait")["seconds"], 5, "{about}");
            assert_eq!(mock.grants()[0].state, GrantState::Redeemed, "{about}");

            let claims = &story.step("tokens")["claims"];
            assert_eq!(claims["iss"], issuer, "{about}");
            assert_eq!(claims["name"], "Jane Doe", "{about}");
            assert_eq!(story.text("userinfo", "email"), "jane@example.test", "{about}");

            let renewed = |member| story.text("refreshed", member) != story.text("tokens", member);
            assert!(renewed("access_token"), "{about}");
            assert_eq!(renewed("refresh_token"), server.rotates, "{about}");
            assert_eq!(story.step("refreshed")["claims"]["sub"], claims["sub"], "{about}");

            // A refresh with the token that was revoked (S-52).
            assert_eq!(story.text("thrown", "error"), "invalid_grant", "{about}");
        }
    }
}

#[test]
fn they_tell_a_denial_from_an_expired_code() {
    type Act = fn(&MockIdp, &str) -> Result<(), ControlError>;
    let endings: [(&Server, Act, &str); 5] = [
        (&RFC, MockIdp::deny, "access_denied"),                // S-34
        (&OKTA_ORG, MockIdp::deny, "access_denied"),           // O-35
        (&RFC, MockIdp::expire, "expired_token"),              // S-35
        (&OKTA_ORG, MockIdp::expire, "expired_token"),         // O-32
        (&AUTHENTIK_2026_5, MockIdp::expire, "invalid_grant"),
    ];
    for library in Library::ALL {
        for (server, act, error) in endings {
            let mock = mock(server.authentik);
            let story = Story::of(library, &[&mock.issuer(server.issuer)], |wait| {
                if wait.number == 2 {
                    act(&mock, wait.user_code).expect("the code is known");
                }
                mock.advance(wait.span);
            });
            assert_eq!(story.text("thrown", "error"), error, "{library:?} at {server:?}");
        }
    }
}

/// RFC 8628 section 3.2 requires `verification_uri`. Google calls it `verification_url`, and that alone is in the way.
#[test]
fn they_refuse_google_s_name_for_the_address_and_nothing_else() {
    for library in Library::ALL {
        let mock = mock(AuthentikVersion::default());
        let issuer = mock.issuer("google");
        let story = sign_in(library, &mock, &[&issuer]);
        assert_eq!(story.steps().collect::<Vec<_>>(), ["metadata", "thrown"], "{story:#?}");
        assert_eq!(story.text("thrown", "code"), "OAUTH_INVALID_RESPONSE", "{library:?}");

        mock.faults().switch_on("X-13", Switch::default()).expect("a scenario");
        let story = sign_in(library, &mock, &[&issuer]);
        let steps: Vec<_> = story.steps().collect();
        assert_eq!(steps[4..], SIGNED_IN, "{library:?}: {story:#?}");
        assert_eq!(story.text("userinfo", "email"), "jane@example.test", "{library:?}");
        // Its answer to a refresh has no refresh token: the first one stays.
        assert!(story.step("refreshed").get("refresh_token").is_none(), "{library:?}");
        assert_eq!(story.text("thrown", "error"), "invalid_grant", "{library:?}");
    }
}

/// The product's clock counts from answer to answer (S-33), and so does the library's.
#[test]
fn openid_client_waits_five_seconds_longer_after_slow_down() {
    for issuer in ["rfc", "okta-org"] {
        let mock = mock(AuthentikVersion::default());
        let story = Story::of(Library::OpenidClient, &[&mock.issuer(issuer)], |wait| {
            match wait.number {
                // Its second poll comes too early: the server's clock has not moved.
                2 => mock.approve(wait.user_code, None).expect("the code is known"),
                _ => mock.advance(wait.span),
            }
        });
        // The library waits at most five seconds at a stretch: once, once, then twice.
        assert_eq!(story.steps().filter(|step| *step == "wait").count(), 4, "{story:#?}");
        assert_eq!(story.text("refreshed", "token_type"), "bearer");
    }
}

/// What the catalogue calls false is false in the eyes of others as well. One library, as the other is its engine.
#[test]
fn openid_client_objects_to_false_id_tokens() {
    let falsehoods = [
        ("X-32", Some("expired"), "OAUTH_JWT_TIMESTAMP_CHECK_FAILED"),
        ("X-33", Some("unknown_kid"), "OAUTH_KEY_SELECTION_FAILED"),
        // Its algorithm is not among those of the metadata.
        ("X-33", Some("no_keys"), "OAUTH_INVALID_RESPONSE"),
        ("X-34", None, "OAUTH_JWT_CLAIM_COMPARISON_FAILED"),
    ];
    for (scenario, variant, code) in falsehoods {
        let mock = mock(AuthentikVersion::default());
        let switch = Switch {
            variant: variant.map(str::to_owned),
            ..Switch::default()
        };
        let switched = mock.faults().switch_on(scenario, switch);
        switched.expect("the catalogue has it");
        let story = sign_in(Library::OpenidClient, &mock, &[&mock.issuer("rfc")]);
        assert_eq!(story.text("thrown", "code"), code, "{scenario}");
        assert!(story.steps().all(|step| step != "tokens"), "{scenario}");
    }
}

/// The library encodes both halves of `Authorization: Basic` as a form does (RFC 6749 section 2.3.1).
#[test]
fn openid_client_shows_its_secret_and_only_a_blank_in_it_fails_at_authentik() {
    for server in &SERVERS {
        for secret in ["a+b%c:/d", "a b"] {
            let client = Client::new("tv", "Living Room TV").with_secret(secret);
            let builder = MockIdp::builder().authentik_version(server.authentik);
            let mock = builder.clients(vec![client]).start().expect("free ports");
            let client = [&mock.issuer(server.issuer), "client_secret_basic", secret];
            let story = sign_in(Library::OpenidClient, &mock, &client);
            // there a plus stays a plus.
            let misread = server.issuer == "authentik" && secret.contains(' ');
            let error = if misread { "invalid_client" } else { "invalid_grant" };
            assert_eq!(story.text("thrown", "error"), error, "{server:?}: {story:#?}");
            let revoked = story.steps().any(|step| step == "revoked");
            assert_eq!(revoked, !misread, "{server:?}: {story:#?}");
            if revoked {
                // RFC 7662 section 2.2
                assert_eq!(story.step("introspected")["active"], true, "{server:?}: {story:#?}");
                assert_eq!(story.step("revoked")["active"], false, "{server:?}: {story:#?}");
            }
        }
    }
}
