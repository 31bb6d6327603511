//! Okta's authorization servers, opened, judged by and closed while the mock runs.

use mock_idp::MockIdp;
use serde_json::{Value, json};

use crate::support::{call, mock, request};

/// A sign-in of `jane` on client `tv` at the issuer: status and body of the token answer.
fn sign_in(mock: &MockIdp, issuer: &str) -> (u16, Value) {
    let start = format!("{issuer}/v1/device/authorize");
    let (status, started) = request("POST", &start, "client_id=tv&scope=openid");
    if status != 200 {
        return (status, started);
    }
    let approve = format!("/grants/{}/approve", started["user_code"].as_str().unwrap());
    assert_eq!(call(mock, "POST", &approve, r#"{"user":"jane"}"#).0, 204);
    let device_code = started["device_code"].as_str().unwrap();
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    let poll = format!("client_id=tv&grant_type={grant}&device_code={device_code}");
    request("POST", &format!("{issuer}/v1/token"), &poll)
}

#[test]
fn a_server_is_opened_changed_and_closed() {
    let mock = mock();
    let everything = json!({ "id": "default", "policies": [{ "rules": [{}] }] });
    let servers = call(&mock, "GET", "/authorization-servers", "");
    assert_eq!(servers, (200, json!([everything])));

    let family = json!({
        "id": "living-room",
        "audience": "https://api.example.test",
        "scopes": ["tv:play"],
        "policies": [{ "clients": ["tv"], "rules": [{ "people": { "groups": ["family"] }, "scopes": ["openid"] }] }],
    });
    let path = "/authorization-servers/living-room";
    assert_eq!(call(&mock, "PUT", path, &family.to_string()), (201, family.clone()));
    assert_eq!(call(&mock, "GET", path, ""), (200, family.clone()));
    assert_eq!(
        call(&mock, "GET", "/authorization-servers", "").1,
        json!([everything, family])
    );
    let issuer = mock.issuer("okta-custom-as/living-room");
    assert!(issuer.ends_with("/oauth2/living-room"));
    assert_eq!(
        call(&mock, "GET", "/", "").1["issuers"]["okta-custom-as/living-room"],
        issuer
    );

    let (status, refused) = sign_in(&mock, &issuer);
    assert_eq!((status, &refused["error"]), (401, &json!("access_denied"))); // O-40
    let jane = r#"{"password":"password","name":"Jane Doe","email":"jane@example.test","groups":["family"]}"#;
    assert_eq!(call(&mock, "PUT", "/users/jane", jane).1["groups"], json!(["family"]));
    assert_eq!(sign_in(&mock, &issuer).0, 200);
    assert_eq!(call(&mock, "PUT", path, r#"{"policies":[]}"#).0, 200);
    assert_eq!(sign_in(&mock, &issuer).0, 401);
    let tv = r#"{"name":"Living Room TV","assigned_to":{"users":["john"]}}"#;
    assert_eq!(
        call(&mock, "PUT", "/clients/tv", tv).1["assigned_to"],
        json!({ "users": ["john"] })
    );
    assert_eq!(sign_in(&mock, &issuer).0, 400); // O-36

    assert_eq!(call(&mock, "DELETE", path, "").0, 204);
    let (status, gone) = sign_in(&mock, &issuer);
    assert_eq!((status, &gone["errorCode"]), (404, &json!("E0000007"))); // O-10
    assert_eq!(call(&mock, "DELETE", "/authorization-servers/default", "").0, 204);
    let left = mock.issuers();
    assert!(
        left.iter().all(|(name, _)| !name.starts_with("okta-custom-as")),
        "{left:?}"
    );

    call(&mock, "POST", "/reset", "");
    assert_eq!(call(&mock, "GET", "/authorization-servers", ""), servers);
}

#[test]
fn what_no_server_can_be_is_said() {
    let mock = mock();
    for (method, path, body, status, word) in [
        ("GET", "tv", "", 404, "there are: default"),
        ("DELETE", "tv", "", 404, "there are: default"),
        ("PUT", "tv", r#"{"id":"box"}"#, 422, "the path says \"tv\""),
        ("PUT", "tv", r#"{"policy":[]}"#, 400, "`policy`"),
        ("PUT", "t.v", "", 422, "letters, digits"),
        ("PUT", "tv", r#"{"policies":[{}]}"#, 400, "missing field `rules`"),
        (
            "PUT",
            "tv",
            r#"{"policies":[{"rules":[{"grant_types":["device_code"]}]}]}"#,
            422,
            "urn:ietf:params:oauth:grant-type:device_code",
        ),
    ] {
        let (answered, answer) = call(&mock, method, &format!("/authorization-servers/{path}"), body);
        assert_eq!(answered, status, "{path} {body}");
        assert!(answer["error"].as_str().unwrap().contains(word), "{path}: {answer}");
    }
    assert_eq!(call(&mock, "PUT", "/authorization-servers/tv", "").0, 201);
    assert_eq!(call(&mock, "PUT", "/authorization-servers/tv", "null").0, 200);
}
