//! Okta's custom authorization servers come and go (O-01, O-06, O-10).

use mock_idp::{AuthorizationServer, Client, Request};
use serde_json::json;

use crate::support::{Bench, DEVICE_CODE, assert_golden, decode};

fn fields<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("client_id", "tv")];
    fields.extend(more);
    fields
}

/// A sign-in at the server of this id.
fn sign_in(bench: &mut Bench, id: &str, scope: &str) -> serde_json::Value {
    let path = |end: &str| format!("/oauth2/{id}/v1/{end}");
    let started = bench
        .post(&path("device/authorize"), &fields(&[("scope", scope)]))
        .json();
    let user_code = started["user_code"].as_str().unwrap();
    bench.idp.approve(bench.now, user_code, None).unwrap();
    let device_code = started["device_code"].as_str().unwrap();
    let poll = [("grant_type", DEVICE_CODE), ("device_code", device_code)];
    bench.post(&path("token"), &fields(&poll)).json()
}

#[test]
fn each_server_is_an_issuer_of_its_own() {
    let mut bench = Bench::okta().with(|setup| {
        let mut server = AuthorizationServer::new("living-room");
        server.audience = Some("https://api.example.test".to_owned());
        setup.authorization_servers.push(server);
    });
    let issuers = bench.idp.issuers("http://okta.test");
    let issuers: Vec<_> = issuers
        .iter()
        .map(|(name, url)| (name.as_str(), url.as_str()))
        .collect();
    let expected = [
        ("okta-org", "http://okta.test"),
        ("okta-custom-as", "http://okta.test/oauth2/default"),
        ("okta-custom-as/living-room", "http://okta.test/oauth2/living-room"),
    ];
    assert_eq!(issuers, expected);

    let issuer = "https://org.example.test/oauth2/living-room";
    for suffix in ["openid-configuration", "oauth-authorization-server"] {
        let metadata = bench.get(&format!("/oauth2/living-room/.well-known/{suffix}")).json();
        assert_eq!(metadata["issuer"], issuer);
        assert_eq!(metadata["token_endpoint"], format!("{issuer}/v1/token"));
    }
    let tokens = sign_in(&mut bench, "living-room", "openid");
    let claims: serde_json::Value = serde_json::from_str(&decode(&tokens["access_token"]).1).unwrap();
    assert_eq!(claims["iss"], issuer);
    assert_eq!(claims["aud"], "https://api.example.test"); // O-123
    let token = tokens["access_token"].as_str().unwrap();
    let told = bench
        .post("/oauth2/living-room/v1/introspect", &fields(&[("token", token)]))
        .json();
    assert_eq!(told["aud"], "https://api.example.test"); // O-130: as the token says
}

#[test]
fn codes_and_tokens_of_one_server_are_unknown_to_the_others() {
    let mut bench = Bench::okta().with(|setup| {
        setup.authorization_servers.push(AuthorizationServer::new("other"));
    });
    let started = bench.start("openid");
    let poll = [("grant_type", DEVICE_CODE), ("device_code", &started.device_code)];
    let answer = bench.post("/oauth2/other/v1/token", &fields(&poll));
    assert_golden(&answer, 400, "okta/unknown_device_code");
    let tokens = sign_in(&mut bench, "other", "openid");
    let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
    for (id, status) in [("other", 200), ("default", 401)] {
        let ask = Request::get(&format!("/oauth2/{id}/v1/userinfo")).with("Authorization", &token);
        assert_eq!(bench.send(ask).status, status, "{id}");
    }
}

#[test]
fn a_server_that_is_not_there_is_unknown_at_each_of_its_paths() {
    // O-10; the tokens of one that went are alive again if it comes back.
    let mut bench = Bench::okta();
    let started = bench.start("openid");
    assert!(bench.idp.remove_authorization_server("default"));
    assert!(!bench.idp.remove_authorization_server("default"));
    assert_eq!(bench.idp.issuers("http://okta.test").len(), 1);
    let unknown = bench.get("/oauth2/default/v1/keys");
    assert_eq!(unknown.status, 404);
    let body = unknown.json();
    let expected = "Not found: Resource not found: default (AuthorizationServer)";
    assert_eq!(
        (&body["errorCode"], &body["errorSummary"]),
        (&json!("E0000007"), &json!(expected))
    );
    assert_eq!(bench.poll(&started.device_code).status, 404);
    let metadata = bench.get("/oauth2/default/.well-known/openid-configuration");
    assert_eq!(metadata.status, 404);
    assert_eq!(bench.get("/.well-known/openid-configuration").status, 200);

    bench.idp.put_authorization_server(AuthorizationServer::new("default"));
    bench.idp.approve(bench.now, &started.user_code, None).unwrap();
    assert_eq!(bench.poll(&started.device_code).status, 200);
}

#[test]
fn a_server_has_scopes_of_its_own() {
    let mut bench = Bench::okta();
    let mut server = AuthorizationServer::new("default");
    server.scopes = vec!["tv:play".to_owned()];
    bench.idp.put_authorization_server(server);
    assert_eq!(
        sign_in(&mut bench, "default", "openid tv:play")["scope"],
        "openid tv:play"
    );
    let mut org = Bench::okta_org();
    let device = org.paths().device;
    let refused = org.post(device, &fields(&[("scope", "tv:play")]));
    assert_golden(&refused, 400, "okta/unknown_scope");
}

#[test]
fn some_clients_may_use_the_org_server_only() {
    // O-56
    for (mut bench, refused) in [(Bench::okta(), true), (Bench::okta_org(), false)] {
        let started = bench.start("openid");
        let mut client = Client::new("tv", "Living Room TV");
        client.org_server_only = true;
        bench.idp.put_client(client);
        let path = bench.paths().device;
        let start = bench.post(path, &fields(&[("scope", "openid")]));
        if refused {
            assert_golden(&start, 400, "okta/org_server_only");
            assert_golden(&bench.poll(&started.device_code), 400, "okta/org_server_only");
        } else {
            assert_eq!(start.status, 200);
        }
    }
}

#[test]
fn a_client_asks_from_its_network_zone_alone() {
    // O-43; with either of Okta's servers, and with no other product.
    let benches = [
        (Bench::okta(), true),
        (Bench::okta_org(), true),
        (Bench::authentik(), false),
        (Bench::rfc(), false),
    ];
    for (mut bench, asks) in benches {
        let mut client = Client::new("tv", "Living Room TV");
        client.network_zone = Some(vec!["203.0.113.7".parse().unwrap()]);
        bench.idp.put_client(client);
        let path = bench.paths().device;
        let start = Request::form(path, &fields(&[("scope", "openid")]));
        let inside = start.clone().with("X-Forwarded-For", "203.0.113.7, 127.0.0.1");
        assert_eq!(bench.send(inside).status, 200);
        let outside = bench.send(start);
        if asks {
            assert_golden(&outside, 403, "okta/outside_network_zone");
            assert_golden(&bench.poll("any"), 403, "okta/outside_network_zone");
        } else {
            assert_eq!(outside.status, 200);
        }
    }
}
