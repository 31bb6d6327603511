//! Metadata and keys (section 6.1 and 6.11 of the facts).

use aws_lc_rs::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::support::{ALL_SCOPES, Bench, assert_golden};

#[test]
fn each_issuer_describes_itself_in_the_order_of_its_product() {
    let wellknown = "/.well-known/openid-configuration";
    for path in [wellknown, "/.well-known/oauth-authorization-server"] {
        assert_golden(&Bench::rfc().get(path), 200, "rfc/metadata");
    }
    assert_golden(&Bench::okta().get(wellknown), 200, "okta/metadata_org");
    for path in ["openid-configuration", "oauth-authorization-server"] {
        let path = format!("/oauth2/default/.well-known/{path}"); // O-06: appended
        assert_golden(&Bench::okta().get(&path), 200, "okta/metadata_custom_as");
    }
    for path in [
        "/application/o/tv/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/application/o/tv/", // inserted
    ] {
        assert_golden(&Bench::authentik().get(path), 200, "authentik/metadata");
    }
}

#[test]
fn an_unknown_issuer_is_not_found() {
    let path = "/oauth2/nope/.well-known/openid-configuration";
    assert_golden(&Bench::okta().get(path), 404, "okta/unknown_authorization_server");
    let authentik = Bench::authentik().get("/application/o/nope/.well-known/openid-configuration");
    assert_eq!(authentik.status, 404);
}

#[test]
fn okta_s_metadata_refuses_an_unknown_client() {
    // O-09
    let path = |id: &str| format!("/.well-known/openid-configuration?client_id={id}");
    assert_golden(&Bench::okta().get(&path("tv")), 200, "okta/metadata_org");
    let answer = Bench::okta().get(&path("nobody"));
    assert_eq!(answer.status, 400);
    assert_eq!(answer.json()["errorCode"], "invalid_client");
    assert_eq!(answer.json()["errorSummary"], "Invalid value for `client_id` parameter");
    assert_golden(&Bench::rfc().get(&path("nobody")), 200, "rfc/metadata");
}

#[test]
fn authentik_s_issuer_leads_to_its_metadata() {
    //
    let answer = Bench::authentik().get("/application/o/tv/");
    assert_eq!(answer.status, 302);
    let target = "/application/o/tv/.well-known/openid-configuration";
    assert_eq!(answer.header("location"), Some(target));
    assert_eq!(Bench::authentik().get("/application/o/nope/").status, 404);
}

#[test]
fn an_unknown_path_is_not_found_in_the_product_s_words() {
    assert_golden(&Bench::okta().get("/nope"), 404, "okta/not_found");
    assert_eq!(
        Bench::authentik().get("/nope").header("content-type"),
        Some("text/html; charset=utf-8")
    );
    assert_eq!(Bench::rfc().get("/nope").status, 404);
}

#[test]
fn every_url_follows_the_host_it_was_asked_at() {
    let mut bench = Bench::okta();
    let request = mock_idp::Request::get("/.well-known/openid-configuration").with("Host", "192.0.2.1:8628");
    let metadata = bench.idp.handle(bench.now, &request).json();
    assert_eq!(metadata["issuer"], "http://192.0.2.1:8628");
    assert_eq!(metadata["token_endpoint"], "http://192.0.2.1:8628/oauth2/v1/token");
}

#[test]
fn keys_have_the_members_of_their_product() {
    for (mut bench, file) in [
        (Bench::rfc(), "rfc/jwks"),
        (Bench::okta(), "okta/jwks"),
        (Bench::okta_org(), "okta/jwks"),
        (Bench::authentik(), "authentik/jwks"),
    ] {
        let path = bench.paths().jwks;
        assert_golden(&bench.get(path), 200, file);
    }
}

#[test]
fn a_key_id_is_43_characters_long() {
    // O-120
    let jwks = Bench::okta().get("/oauth2/v1/keys").json();
    assert_eq!(jwks["keys"][0]["kid"].as_str().unwrap().len(), 43);
}

#[test]
fn tokens_verify_with_the_published_key() {
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        let token = bench.sign_in(ALL_SCOPES).json()["id_token"]
            .as_str()
            .unwrap()
            .to_owned();
        let path = bench.paths().jwks;
        let key = bench.get(path).json()["keys"][0].clone();
        let number = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str().unwrap()).unwrap();
        let (input, signature) = token.rsplit_once('.').unwrap();
        let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
        let key = RsaPublicKeyComponents {
            n: number("n"),
            e: number("e"),
        };
        key.verify(&RSA_PKCS1_2048_8192_SHA256, input.as_bytes(), &signature)
            .unwrap();
    }
}

#[test]
fn okta_lets_metadata_and_keys_be_cached_for_a_day() {
    // O-98
    let mut bench = Bench::okta();
    let metadata = bench.get("/.well-known/openid-configuration");
    assert_eq!(metadata.header("cache-control"), Some("max-age=86400, must-revalidate"));
    assert_eq!(metadata.header("date"), Some("Thu, 01 Jan 2026 00:00:00 GMT"));
    assert_eq!(metadata.header("expires"), Some("Fri, 02 Jan 2026 00:00:00 GMT"));
    // The documents alone.
    let error = bench.get("/.well-known/openid-configuration?client_id=nobody");
    assert_eq!((error.status, error.header("expires")), (400, None));
    assert_ne!(error.header("cache-control"), metadata.header("cache-control"));
}
