//! Clients, users and keys that come, change and go while the mock runs.

use mock_idp::{Config, MockIdp};
use serde_json::{Value, json};

use crate::support::{call, mock, request};

/// A device authorization request at every issuer: the statuses.
fn starts(mock: &MockIdp, client_id: &str) -> Vec<u16> {
    let metadata = |(_, issuer): (String, String)| {
        let slash = if issuer.ends_with('/') { "" } else { "/" };
        request("GET", &format!("{issuer}{slash}.well-known/openid-configuration"), "").1
    };
    let start = |metadata: Value| {
        let endpoint = metadata["device_authorization_endpoint"].as_str().unwrap();
        request("POST", endpoint, &format!("client_id={client_id}&scope=openid")).0
    };
    mock.issuers().into_iter().map(metadata).map(start).collect()
}

/// The `kid`s of the JWKS of `rfc`.
fn published(mock: &MockIdp) -> Vec<Value> {
    let jwks = request("GET", &format!("{}/jwks", mock.issuer("rfc")), "").1;
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].clone()).collect()
}

#[test]
fn clients_and_users_are_listed_without_their_passwords() {
    let mock = mock();
    let jane = json!([{ "username": "jane", "name": "Jane Doe", "email": "jane@example.test" }]);
    assert_eq!(call(&mock, "GET", "/users", ""), (200, jane));
    let (status, clients) = call(&mock, "GET", "/clients", "");
    assert_eq!((status, &clients[0]["id"]), (200, &json!("tv")));
}

#[test]
fn a_client_id_has_visible_ascii_and_spaces_alone() {
    // RFC 6749 appendix A.1
    let mock = mock();
    for (id, status) in [
        ("a%20b", 201),
        ("~", 201),
        ("a%20b%0a", 422),
        ("%7f", 422),
        ("%C3%BC", 422),
    ] {
        let (answered, answer) = call(&mock, "PUT", &format!("/clients/{id}"), r#"{"name":"A"}"#);
        assert_eq!(answered, status, "{answer}");
    }
}

#[test]
fn a_client_comes_changes_and_goes_at_every_issuer() {
    let mock = mock();
    assert!(starts(&mock, "box").iter().all(|status| *status >= 400));
    let (status, client) = call(&mock, "PUT", "/clients/box", r#"{"name":"Set-top box"}"#);
    assert_eq!((status, &client["name"]), (201, &json!("Set-top box")));
    assert_eq!(call(&mock, "GET", "/clients/box", ""), (200, client.clone()));
    assert_eq!(call(&mock, "GET", "/clients", "").1[1], client);
    assert!(starts(&mock, "box").iter().all(|status| *status == 200));

    // What was read can be sent back, and nothing changes.
    assert_eq!(
        call(&mock, "PUT", "/clients/box", &client.to_string()),
        (200, client.clone())
    );
    let body = r#"{"name":"Set-top box","grant_types":["refresh_token"]}"#;
    let changed = call(&mock, "PUT", "/clients/box", body).1;
    assert_eq!(changed["grant_types"], json!(["refresh_token"]));
    assert!(starts(&mock, "box").iter().any(|status| *status >= 400)); // O-55

    assert_eq!(call(&mock, "DELETE", "/clients/box", "").0, 204);
    assert!(starts(&mock, "box").iter().all(|status| *status >= 400));
    assert_eq!(call(&mock, "DELETE", "/clients/box", "").0, 404);
}

#[test]
fn a_user_comes_and_goes() {
    let mock = mock();
    let body = r#"{"password":"p","name":"John Doe","email":"john@example.test"}"#;
    let (status, john) = call(&mock, "PUT", "/users/john", body);
    assert_eq!(status, 201);
    assert_eq!(
        john,
        json!({ "username": "john", "name": "John Doe", "email": "john@example.test" })
    );
    assert_eq!(call(&mock, "PUT", "/users/john", body), (200, john.clone()));
    assert_eq!(call(&mock, "GET", "/users/john", ""), (200, john));

    let endpoint = format!("{}/device_authorization", mock.issuer("rfc"));
    let started = request("POST", &endpoint, "client_id=tv&scope=openid").1;
    let approve = format!("/grants/{}/approve", started["user_code"].as_str().unwrap());
    assert_eq!(call(&mock, "DELETE", "/users/jane", "").0, 204);
    assert_eq!(call(&mock, "POST", &approve, r#"{"user":"jane"}"#).0, 422);
    assert_eq!(call(&mock, "POST", &approve, "").0, 204);
    assert_eq!(mock.grants()[0].approved_by.as_deref(), Some("john"));

    assert_eq!(call(&mock, "DELETE", "/users/john", "").0, 204);
    let (status, answer) = call(&mock, "POST", &approve, "");
    let text = answer["error"].as_str().unwrap();
    assert!(status == 422 && text.contains("PUT /users/"), "{text}");
}

#[test]
fn keys_are_shown_and_rotated() {
    let mock = mock();
    let before = published(&mock);
    let key = |kid: &Value, signing| json!({ "kid": kid, "alg": "RS256", "signing": signing });
    assert_eq!(call(&mock, "GET", "/keys", ""), (200, json!([key(&before[0], true)])));
    let (status, keys) = call(&mock, "POST", "/keys/rotate", "");
    let after = published(&mock);
    assert_eq!(after[1..], before); // O-126
    assert_eq!(
        (status, &keys),
        (200, &json!([key(&after[0], true), key(&after[1], false)]))
    );
    assert_eq!(call(&mock, "GET", "/keys", "").1, keys);
}

#[test]
fn what_cannot_be_registered_is_said() {
    let mock = mock();
    for (method, path, body, status, word) in [
        ("PUT", "/clients/box", "", 400, "missing field `name`"),
        ("PUT", "/clients/box", r#"{"name":"B","colour":"x"}"#, 400, "`colour`"),
        (
            "PUT",
            "/clients/box",
            r#"{"id":"tv","name":"B"}"#,
            422,
            "the path says \"box\"",
        ),
        (
            "PUT",
            "/clients/box",
            r#"{"name":"B","secret":""}"#,
            422,
            "leave it out",
        ),
        (
            "PUT",
            "/clients/box",
            r#"{"name":"B","grant_types":["device_code"]}"#,
            422,
            "urn:ietf:params:oauth:grant-type:device_code",
        ),
        ("GET", "/clients/box", "", 404, "there are: tv"),
        ("DELETE", "/clients/box", "", 404, "there are: tv"),
        (
            "PUT",
            "/users/john",
            r#"{"name":"J","email":"e"}"#,
            400,
            "missing field `password`",
        ),
        (
            "PUT",
            "/users/john",
            r#"{"password":"","name":"J","email":"e"}"#,
            422,
            "`password`",
        ),
        ("GET", "/users/john", "", 404, "there are: jane"),
        ("DELETE", "/users/john", "", 404, "there are: jane"),
        ("GET", "/keys/rotate", "", 405, "GET /"),
    ] {
        let (answered, answer) = call(&mock, method, path, body);
        assert_eq!(answered, status, "{method} {path} {body}");
        let text = answer["error"].as_str().unwrap();
        assert!(text.contains(word), "{method} {path} {body}: {text}");
    }
    assert_eq!(call(&mock, "GET", "/clients", "").1.as_array().unwrap().len(), 1);
}

#[test]
fn reset_brings_back_what_stood_at_the_start() {
    let config = "clock = { now = 7, frozen = true, skew = 30 }\nscenarios = [{ id = 'X-23' }]";
    let config = Config::parse(config).unwrap();
    let mock = MockIdp::builder().config(config).free_ports().start().unwrap();
    let shown = |mock: &MockIdp| {
        let paths = ["/clients", "/users", "/keys", "/clock", "/grants", "/journal"];
        let mut shown = paths.map(|path| call(mock, "GET", path, "").1).to_vec();
        shown.push(call(mock, "GET", "/scenarios", "").1["active"].clone());
        shown
    };
    let before = shown(&mock);
    assert_eq!(before[6][0]["id"], "X-23");

    for (method, path, body) in [
        ("DELETE", "/clients/tv", ""),
        ("PUT", "/clients/box", r#"{"name":"Set-top box"}"#),
        ("DELETE", "/users/jane", ""),
        ("POST", "/keys/rotate", ""),
        ("PUT", "/clock", r#"{"now":8,"skew":0,"frozen":false}"#),
        ("DELETE", "/scenarios", ""),
        ("POST", "/scenarios/X-01", ""),
    ] {
        assert!(call(&mock, method, path, body).0 < 300, "{method} {path}");
    }
    assert_eq!(starts(&mock, "box").len(), mock.issuers().len());
    let changed = shown(&mock);
    assert!(
        changed.iter().zip(&before).all(|(now, then)| now != then),
        "{changed:?}"
    );

    assert_eq!(call(&mock, "POST", "/reset", "").0, 204);
    let mut after = shown(&mock);
    assert_eq!(after[5]["entries"], json!([]));
    after[5] = before[5].clone(); // Its numbers go on.
    assert_eq!(after, before);
}
