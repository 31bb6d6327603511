//! Google's column, by its public documentation as `src/personality/google.rs` cites it. G-01 and so on are assumptions.

use mock_idp::AuthentikVersion;

use crate::vector::Step::{Approve, Deny, Repeat, Send, Wait};
use crate::vector::{
    At, Body, Column, DEVICE_CODE, Expected, FOREIGN, NARROW, POLL, Request, Vector, answer, empty, file,
    foreign_preflight, post, request, vector,
};

pub(crate) const GOOGLE: Column = Column {
    issuer: "google",
    version: AuthentikVersion::V2026_2,
    host: "accounts.example.test",
    device: "/device/code",
    token: "/token",
    revoke: "/revoke",
    always: &[],
    never: &["Server", "Retry-After", "WWW-Authenticate"],
    vectors: &[VECTORS],
    not_applicable: &[(21, "there is no policy that ticks grants")],
};

/// A sound start: no scope asks for a refresh token ("always returned for devices").
const START: Request = post(At::Device, &[("client_id", "tv"), ("scope", "openid profile email")]);

#[rustfmt::skip] // a table
const VECTORS: &[Vector] = &[
    vector(1, "step 2", &[], START, file(200, "google/device_authorization")),
    vector(2, "G-03", &[], post(At::Device, &[("scope", "openid")]), file(400, "google/missing_client")),
    vector(3, "Other errors", &[], post(At::Device, &[("client_id", "nobody"), ("scope", "openid")]), file(401, "google/invalid_client")),
    vector(4, "step 1, G-03", &[], post(At::Device, &[("client_id", "tv")]), file(400, "google/missing_scope")),
    vector(5, "Allowed scopes, G-03", &[], post(At::Device, &[("client_id", "tv"), ("scope", "openid nope")]), file(400, "google/invalid_scope")),
    // Nothing is documented of the next two.
    vector(6, "S-01, S-43", &[], request("POST", At::Device, &[], Body::Json(r#"{"client_id":"tv","scope":"openid"}"#)), answer(400, Expected::Members(&[("error", "invalid_request")]))),
    vector(7, "RFC 9110 section 15.5.6", &[], request("GET", At::Device, &[], Body::None), empty(405).with(&[("Allow", "POST")])),
    // The path without a slash at its end is the documented one.
    vector(8, "step 1", &[], START, file(200, "google/device_authorization")),
    // There is a quota, but no source tells how much it is.
    vector(9, "step 2", &[Repeat(20, &Send(START))], START, file(200, "google/device_authorization")),
    vector(10, "step 6", &[Send(START), Wait(5)], POLL, file(428, "google/authorization_pending")),
    vector(11, "step 6", &[Send(START), Wait(5), Send(POLL), Wait(1)], POLL, file(403, "google/slow_down")),
    vector(12, "Other errors", &[], post(At::Token, &[("client_id", "tv"), ("grant_type", DEVICE_CODE), ("device_code", "nope")]), file(400, "google/invalid_grant")),
    vector(13, "Other errors", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "other"), ("grant_type", DEVICE_CODE), ("device_code", "{device_code}")]), file(400, "google/invalid_grant")),
    vector(14, "Other errors, G-03", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("grant_type", "device_code"), ("device_code", "{device_code}")]), file(400, "google/unsupported_grant_type")),
    vector(15, "Other errors, G-03", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("device_code", "{device_code}")]), answer(400, Expected::Members(&[
        ("error", "unsupported_grant_type"),
        ("error_description", "*"),
    ]))),
    vector(16, "step 6", &[Send(START), Deny, Wait(5)], POLL, file(403, "google/access_denied")),
    vector(17, "step 2, Other errors, G-02", &[Send(START), Wait(1801)], POLL, file(400, "google/invalid_grant")),
    vector(18, "step 6", &[Send(START), Approve, Wait(5)], POLL, file(200, "google/token")),
    // "Has already been claimed".
    vector(19, "Other errors", &[Send(START), Approve, Wait(5), Send(POLL), Wait(5)], POLL, file(400, "google/invalid_grant")),
    vector(20, "step 6", &[Send(post(At::Device, &[("client_id", "tv"), ("scope", "profile")])), Approve, Wait(5)], POLL, answer(200, Expected::Members(&[
        ("access_token", "*"),
        ("expires_in", "3920"),
        ("scope", "https://www.googleapis.com/auth/userinfo.profile"),
        ("token_type", "Bearer"),
        ("refresh_token", "*"),
    ]))),
    vector(22, "G-01", &[], foreign_preflight(At::Token), empty(204).with(&[("Access-Control-Allow-Origin", FOREIGN)])),
    vector(23, "G-01", &[], foreign_preflight(At::Device), empty(200).without(&["Access-Control-Allow-Origin"])),
    vector(24, "Refreshing an access token, S-46", &[Send(START), Approve, Wait(5), Send(POLL)], NARROW, answer(200, Expected::Members(&[
        ("access_token", "*"),
        ("expires_in", "3920"),
        ("scope", "openid"),
        ("token_type", "Bearer"),
        ("id_token", "*"),
    ]))),
    vector(25, "Token revocation, G-03", &[], post(At::Revoke, &[("client_id", "tv"), ("token", "nope")]), file(400, "google/invalid_token")),
];
