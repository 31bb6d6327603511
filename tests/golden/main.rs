//! Every answer in `tests/data`, read by the client at the point of the exchange where it would come; and every screen.
//!
//! The mock is held to the same files by its own tests (`mock-idp/tests`); neither knows the other's types.

#![forbid(unsafe_code)]

mod client;
mod terminal;

use std::fs;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::Client;
use expect_test::expect;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Index {
    answer: Vec<Entry>,
    screens: Vec<Screens>,
}

/// What a shell shows.
#[derive(Deserialize)]
struct Screens {
    file: String,
    source: String,
}

#[derive(Deserialize)]
struct Entry {
    file: String,
    exchange: String,
    #[serde(default)]
    status: u16,
    #[serde(default = "json")]
    media_type: String,
    /// How many seconds after the code it comes, where that matters.
    #[serde(default)]
    after: u64,
    source: String,
}

fn json() -> String {
    "application/json".into()
}

fn data(file: &str) -> Vec<u8> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(file);
    let mut bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    // The line break at the file's end is not part of the answer.
    assert_eq!(bytes.pop(), Some(b'\n'), "{file}");
    bytes
}

fn index() -> Index {
    let text = String::from_utf8(data("index.toml")).expect("UTF-8");
    toml::from_str(&text).expect("an index")
}

fn check(entry: &Entry, strict: bool) -> String {
    let (product, name) = entry.file.split_once('/').expect("a file in a product's folder");
    let issuer = match (product, name) {
        ("rfc" | "tolerated", _) => "https://example.com",
        ("okta", "metadata_org.json") => "https://org.example.test",
        ("okta", _) => "https://org.example.test/oauth2/default",
        ("authentik", _) => "https://auth.example.test/application/o/tv/",
        ("google", _) => "https://accounts.example.test",
        _ => panic!("no issuer is known for {product}"),
    };
    let product = product.replace("tolerated", "rfc");
    let metadata = format!(
        "{product}/{}",
        if product == "okta" {
            "metadata_custom_as.json"
        } else {
            "metadata.json"
        }
    );
    let on_the_way = match entry.exchange.as_str() {
        "metadata" => 0,
        "device_authorization" => 1,
        "token" | "id_token" => 2,
        "jwks" => 3,
        "revocation" => 4,
        // Claims inside of access tokens, and endpoints that the client does not call.
        _ => return "not read by the client".into(),
    };
    // Strictly read, Google's codes end the story before it comes to tokens.
    let codes = if product == "google" && strict { "rfc" } else { &product };
    let before = [
        metadata,
        format!("{codes}/device_authorization.json"),
        format!("{product}/token.json"),
        format!("{product}/jwks.json"),
    ];
    let mut client = Client::new(issuer, strict);
    for file in &before[..on_the_way] {
        client.read(200, &json(), data(file));
    }
    client.pass(Duration::from_secs(entry.after));
    let body = data(&entry.file);
    match entry.exchange.as_str() {
        "id_token" => {
            client.read(200, &json(), with_claims(&data(&before[2]), body));
            if client.asks() {
                client.read(200, &json(), data(&before[3]));
            }
            client.outcome()
        }
        "revocation" => client.sign_out(entry.status, &entry.media_type, &body),
        _ => {
            client.read(entry.status, &entry.media_type, body);
            client.outcome()
        }
    }
}

/// A token response whose ID token makes these claims.
fn with_claims(tokens: &[u8], claims: Vec<u8>) -> Vec<u8> {
    let mut tokens: Value = serde_json::from_slice(tokens).expect("an object");
    let id_token = tokens["id_token"].as_str().expect("an ID token");
    let [header, _, signature] = id_token.split('.').collect::<Vec<_>>()[..] else {
        panic!("three parts: {id_token}")
    };
    tokens["id_token"] = format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims)).into();
    tokens.to_string().into_bytes()
}

#[expect(clippy::too_many_lines, reason = "a table")]
#[test]
fn every_answer_is_understood() {
    let mut table = String::new();
    for entry in index()
        .answer
        .iter()
        .filter(|entry| !entry.file.starts_with("tolerated/"))
    {
        table.extend([&entry.file, ": ", &check(entry, false), "\n"]);
    }
    expect![[r#"
        rfc/metadata.json: asks https://example.com/device_authorization
        rfc/device_authorization.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
        rfc/token.json: asks https://example.com/jwks
        rfc/id_token.json: signed in as Jane Doe
        rfc/authorization_pending.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
        rfc/slow_down.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 10 s
        rfc/access_denied.json: denied / no words
        rfc/expired_token.json: expired
        rfc/invalid_request.json: failed: invalid_request / invalid_request
        rfc/invalid_client.json: failed: invalid_client / invalid_client
        rfc/invalid_grant.json: failed: invalid_grant / invalid_grant
        rfc/unauthorized_client.json: failed: unauthorized_client / unauthorized_client
        rfc/unsupported_grant_type.json: failed: unsupported_grant_type / unsupported_grant_type
        rfc/invalid_scope.json: failed: invalid_scope / invalid_scope
        rfc/jwks.json: signed in as Jane Doe
        rfc/userinfo.json: not read by the client
        okta/metadata_org.json: asks https://org.example.test/oauth2/v1/device/authorize
        okta/metadata_custom_as.json: asks https://org.example.test/oauth2/default/v1/device/authorize
        okta/device_authorization.json: shows RGTCFDTL at https://org.example.test/activate?user_code=RGTCFDTL, asks in 5 s
        okta/token.json: asks https://org.example.test/oauth2/default/v1/keys
        okta/id_token.json: signed in as Jane Doe
        okta/access_token.json: not read by the client
        okta/authorization_pending.json: shows RGTCFDTL at https://org.example.test/activate?user_code=RGTCFDTL, asks in 5 s
        okta/slow_down.json: shows RGTCFDTL at https://org.example.test/activate?user_code=RGTCFDTL, asks in 10 s
        okta/expired_token.json: expired
        okta/unknown_device_code.json: failed: invalid_grant / The device code is invalid or has expired
        okta/other_clients_code.json: failed: invalid_grant / The grant was issued to another client. Please make sure the 'client_id' matches the one used at the authorize request
        okta/access_denied.json: denied / The resource owner or authorization server denied the request.
        okta/not_assigned.json: denied / User is not assigned to the client application.
        okta/policy_denied.json: denied / Policy evaluation failed for this request, please check the policy configurations.
        okta/all_scopes_denied.json: denied / Policy evaluation succeeded, but all the requested scopes were rejected.
        okta/scopes_denied.json: denied / Some of the requested scopes were denied by the policy. Denied scopes: [email, phone].
        okta/outside_network_zone.json: failed: access_denied / The request is made from outside the client's permitted network zones
        okta/org_server_only.json: failed: unauthorized_client / This client cannot use a custom authorization server
        okta/missing_client.json: failed: invalid_client / No client credentials found
        okta/wrong_authentication_method.json: failed: invalid_client / Client authentication failed. Either the client or the client credentials are invalid
        okta/wrong_secret.json: failed: invalid_client / The client secret supplied for a confidential client is invalid
        okta/invalid_credentials.json: failed: invalid_client / Found Authentication header but was not valid client credentials
        okta/several_credentials.json: failed: invalid_request / Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body
        okta/grant_not_allowed.json: failed: unauthorized_client / The client is not authorized to use the provided grant type. Configured grant types: [refresh_token]
        okta/unsupported_grant_type.json: failed: unsupported_grant_type / The authorization grant type is not supported by the authorization server. Configured grant types: [urn:ietf:params:oauth:grant-type:device_code, refresh_token]
        okta/too_many_requests.json: shows RGTCFDTL at https://org.example.test/activate?user_code=RGTCFDTL, asks in 10 s
        okta/too_many_tokens.json: shows RGTCFDTL at https://org.example.test/activate?user_code=RGTCFDTL, asks in 10 s
        okta/too_many_user_codes.json: failed: too_many_user_codes / Too many user codes generated. Please try again later
        okta/unknown_scope.json: failed: invalid_scope / One or more scopes are not configured for the authorization server resource
        okta/missing_scope.json: failed: invalid_scope / No scopes were requested
        okta/missing_grant_type.json: failed: invalid_request / The token request must specify a 'grant_type'. Valid values: [authorization_code, implicit, refresh_token, password, urn:ietf:params:oauth:grant-type:device_code, urn:openid:params:grant-type:ciba, urn:okta:params:oauth:grant-type:otp, http://auth0.com/oauth/grant-type/mfa-otp, urn:okta:params:oauth:grant-type:oob, http://auth0.com/oauth/grant-type/mfa-oob]
        okta/missing_device_code.json: failed: invalid_request / The required parameter 'device_code' is missing
        okta/duplicate_parameter.json: failed: invalid_request / The request contained multiple parameters with the same name
        okta/credentials_in_query.json: failed: invalid_request / Client credentials cannot be supplied via query parameters
        okta/invalid_refresh_token.json: failed: invalid_grant / The refresh token is invalid or expired
        okta/missing_token.json: you are signed out on this device, but the server could not be told: The 'token' parameter is required
        okta/browser_grant.json: failed: unauthorized_client / Browser requests to the token endpoint may only use the authorization_code grant_type
        okta/foreign_origin.json: failed: invalid_request / Browser requests to the token endpoint must be made from one of the registered Trusted Origins
        okta/unknown_client.json: failed: invalid_client / Invalid value for 'client_id' parameter
        okta/unknown_authorization_server.json: asks https://org.example.test/.well-known/oauth-authorization-server/oauth2/default
        okta/not_found.json: not read by the client
        okta/method_not_allowed.json: failed: E0000022 / The endpoint does not support the provided HTTP method
        okta/not_a_form.json: failed: E0000021 / Bad request.  Accept and/or Content-Type headers likely do not match supported values
        okta/jwks.json: signed in as Jane Doe
        authentik/metadata.json: asks https://auth.example.test/application/o/device/
        authentik/device_authorization.json: shows 019450730 at https://auth.example.test/device?code=019450730, asks in 5 s
        authentik/token.json: asks https://auth.example.test/application/o/tv/jwks/
        authentik/id_token.json: signed in as Jane Doe
        authentik/id_token_2026_5.json: signed in as Jane Doe
        authentik/access_token.json: not read by the client
        authentik/invalid_client.json: failed: invalid_client / Client authentication failed (e.g., unknown client, no client authentication included, or unsupported authentication method)
        authentik/authorization_pending.json: shows 019450730 at https://auth.example.test/device?code=019450730, asks in 5 s
        authentik/slow_down.json: failed: slow_down / A variant of "authorization_pending", the authorization request isstill pending and polling should continue, but the interval MUSTbe increased by 5 seconds for this and all subsequent requests
        authentik/invalid_grant.json: failed: invalid_grant / The provided authorization grant or refresh token is invalid, expired, revoked, does not match the redirection URI used in the authorization request, or was issued to another client
        authentik/unsupported_grant_type.json: failed: unsupported_grant_type / The authorization grant type is not supported by the authorization server
        authentik/invalid_scope.json: failed: invalid_scope / The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner
        authentik/jwks.json: signed in as Jane Doe
        google/metadata.json: asks https://accounts.example.test/device/code
        google/device_authorization.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 5 s
        google/token.json: asks https://accounts.example.test/oauth2/v3/certs
        google/refreshed.json: asks https://accounts.example.test/oauth2/v3/certs
        google/id_token.json: signed in as Jane Doe
        google/authorization_pending.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 5 s
        google/slow_down.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 10 s
        google/access_denied.json: denied / Forbidden
        google/invalid_grant.json: failed: invalid_grant / Bad Request
        google/unsupported_grant_type.json: failed: unsupported_grant_type / Invalid grant_type: device_code
        google/invalid_client.json: failed: invalid_client / The OAuth client was not found
        google/wrong_client_type.json: failed: invalid_client / Invalid client type
        google/wrong_secret.json: failed: invalid_client / Unauthorized
        google/missing_secret.json: failed: invalid_request / client_secret is missing
        google/missing_client.json: failed: invalid_request / Could not determine client ID from request
        google/missing_scope.json: failed: invalid_request / Missing required parameter: scope
        google/invalid_scope.json: failed: invalid_scope / Invalid device flow scope: nope
        google/rate_limit_exceeded.json: failed: rate_limit_exceeded / rate_limit_exceeded
        google/invalid_refresh_token.json: failed: invalid_grant / Token has been expired or revoked
        google/invalid_token.json: you are signed out
        google/userinfo.json: not read by the client
        google/jwks.json: signed in as Jane Doe
    "#]]
    .assert_eq(&table);
}

#[test]
fn what_is_forgiven_has_a_rule_that_it_breaks() {
    let mut table = String::new();
    for entry in &index().answer {
        let (outcome, strict) = (check(entry, false), check(entry, true));
        if entry.file.starts_with("tolerated/") || outcome != strict {
            table.extend([&entry.file, ": ", &outcome, "\n"]);
            let rule = strict.rsplit(" from ").next().filter(|_| outcome != strict);
            table.extend(["    strict: ", rule.unwrap_or("the same"), "\n"]);
        }
    }
    expect![[r#"
        okta/policy_denied.json: denied / Policy evaluation failed for this request, please check the policy configurations.
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        okta/outside_network_zone.json: failed: access_denied / The request is made from outside the client's permitted network zones
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        okta/several_credentials.json: failed: invalid_request / Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization header, credentials in the post body, or a client_assertion in the post body
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        okta/too_many_user_codes.json: failed: too_many_user_codes / Too many user codes generated. Please try again later
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        okta/unknown_client.json: failed: invalid_client / Invalid value for 'client_id' parameter
            strict: RFC 6749 section 5.2: the error is called `error`
        okta/method_not_allowed.json: failed: E0000022 / The endpoint does not support the provided HTTP method
            strict: RFC 6749 section 5.2: the error is called `error`
        okta/not_a_form.json: failed: E0000021 / Bad request.  Accept and/or Content-Type headers likely do not match supported values
            strict: RFC 6749 section 5.2: the error is called `error`
        authentik/slow_down.json: failed: slow_down / A variant of "authorization_pending", the authorization request isstill pending and polling should continue, but the interval MUSTbe increased by 5 seconds for this and all subsequent requests
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        google/device_authorization.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 5 s
            strict: RFC 8628 section 3.2: the address is called `verification_uri`
        google/authorization_pending.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 5 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        google/slow_down.json: shows GQVQ-JKEC at https://accounts.example.test/device, asks in 10 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        google/access_denied.json: denied / Forbidden
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        google/rate_limit_exceeded.json: failed: rate_limit_exceeded / rate_limit_exceeded
            strict: RFC 6749 section 5.2: the error is called `error`
        google/invalid_token.json: you are signed out
            strict: RFC 7009 section 2.2: a token that is not valid is a success
        tolerated/interval_zero.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `interval` is a whole number of seconds
        tolerated/interval_negative.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `interval` is a whole number of seconds
        tolerated/interval_text.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `interval` is a whole number of seconds
        tolerated/interval_huge.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 300 s
            strict: the same
        tolerated/expires_in_text.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `expires_in` is there, a whole number of seconds
        tolerated/expires_in_missing.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `expires_in` is there, a whole number of seconds
        tolerated/verification_url.json: shows GQVQ-JKEC at https://www.google.com/device, asks in 5 s
            strict: RFC 8628 section 3.2: the address is called `verification_uri`
        tolerated/complete_script.json: shows WDJB-MJHT at https://example.com/device, asks in 5 s
            strict: RFC 8628 section 3.2: `verification_uri_complete` is an address
        tolerated/pending_401.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        tolerated/pending_403.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        tolerated/pending_428.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        tolerated/slow_down_200.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 10 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        tolerated/slow_down_429.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 10 s
            strict: RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`
        tolerated/codes.form: shows WDJB-MJHT at https://example.com/login/device, asks in 5 s
            strict: RFC 6749 section 5.1: answers are `application/json`
        tolerated/pending.form: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 6749 section 5.1: answers are `application/json`
        tolerated/tokens.form: signed in as 
            strict: RFC 6749 section 5.1: answers are `application/json`
        tolerated/grant_types_missing.json: asks https://example.com/device_authorization
            strict: asks https://example.com/.well-known/oauth-authorization-server
        tolerated/no_tokens.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 10 s
            strict: RFC 6749 section 5.1: a success has an `access_token`
        tolerated/interval_fraction.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 8628 section 3.2: `interval` is a whole number of seconds
        tolerated/slow_down_interval_text.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 30 s
            strict: RFC 8628 section 3.2: `interval` is a whole number of seconds
        tolerated/pending_html.json: shows WDJB-MJHT at https://example.com/device?user_code=WDJB-MJHT, asks in 5 s
            strict: RFC 6749 section 5.1: answers are `application/json`
        tolerated/expired_invalid_grant.json: expired
            strict: failed: invalid_grant / invalid_grant
        tolerated/token_expires_in_text.json: asks https://example.com/jwks
            strict: RFC 6749 section 5.1: `expires_in` is a whole number of seconds
        tolerated/token_expires_in_fraction.json: asks https://example.com/jwks
            strict: RFC 6749 section 5.1: `expires_in` is a whole number of seconds
        tolerated/id_token_times_text.json: signed in as Jane Doe
            strict: failed: id_token_malformed / the ID token cannot be read
        tolerated/id_token_other_audiences.json: signed in as Jane Doe
            strict: failed: id_token_audience_mismatch / the ID token is for another client (aud)
        tolerated/revocation_endpoint_relative.json: asks https://example.com/device_authorization
            strict: the same
    "#]].assert_eq(&table);
}

#[test]
fn the_documentation_lists_all_that_is_forgiven() {
    let readme = include_str!("../../device-flow/README.md");
    let forgiven = index().answer.into_iter().map(|entry| entry.file);
    let forgiven = forgiven.filter(|file| file.starts_with("tolerated/"));
    let missing: Vec<_> = forgiven.filter(|file| !readme.contains(&format!("`{file}`"))).collect();
    assert_eq!(missing, [""; 0]);
}

#[test]
fn every_file_is_in_the_index_and_has_a_source() {
    let Index { answer, screens } = index();
    let answers = answer.into_iter().map(|entry| (entry.file, entry.source));
    let all = answers.chain(screens.into_iter().map(|screens| (screens.file, screens.source)));
    let (mut listed, sources): (Vec<_>, Vec<_>) = all.unzip();
    assert!(sources.iter().all(|source| !source.is_empty()));
    listed.sort();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    let products = fs::read_dir(&folder)
        .expect("a folder")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir());
    let files = products.flat_map(|product| fs::read_dir(product.path()).expect("a folder").filter_map(Result::ok));
    let mut there: Vec<_> = files
        .map(|file| {
            file.path()
                .strip_prefix(&folder)
                .expect("inside")
                .to_str()
                .expect("UTF-8")
                .replace('\\', "/")
        })
        .collect();
    there.sort();
    assert_eq!(listed, there);
}
