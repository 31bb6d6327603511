//! authentik's columns, by release. A-01 and so on are the facts' ids; U-12 and so on are what section 8 only assumes.

use mock_idp::AuthentikVersion;

use crate::vector::Step::{Approve, Deny, Repeat, Send, Wait};
use crate::vector::{
    At, Body, Column, DEVICE_CODE, Expected, FOREIGN, NARROW, POLL, Pairs, Request, START, Vector, answer, empty, file,
    foreign_preflight, post, request, vector,
};

pub(crate) const V2026_2: Column = Column {
    issuer: "authentik",
    version: AuthentikVersion::V2026_2,
    host: "auth.example.test",
    device: "/application/o/device/",                                  // A-01
    token: "/application/o/token/",                                    // A-02
    revoke: "/application/o/revoke/",                                  // A-03
    always: &[("X-Powered-By", "authentik"), ("X-authentik-id", "*")], // A-86
    never: &["Server", "Retry-After", "WWW-Authenticate"],             // A-86, A-34, A-12
    vectors: &[VECTORS, JSON_REFUSALS, &[STILL_PENDING]],
    not_applicable: &[(21, "there is no policy that ticks grants")],
};

/// In which release expiry came to be checked is U-12.
pub(crate) const V2026_5: Column = Column {
    version: AuthentikVersion::V2026_5,
    vectors: &[VECTORS, JSON_REFUSALS, &[GONE]],
    ..V2026_2
};

/// Not a column of the table: what came before the bodies of 2025.8.
pub(crate) const V2025_6: Column = Column {
    version: AuthentikVersion::V2025_6,
    vectors: &[EMPTY_REFUSALS],
    ..V2026_2
};

const STILL_PENDING: Vector = vector(
    17,
    "A-24, A-54",
    &[Send(START), Wait(61)],
    POLL,
    file(400, "authentik/authorization_pending"),
);

const GONE: Vector = vector(
    17,
    "A-24, A-55, U-12",
    &[Send(START), Wait(61)],
    POLL,
    file(400, "authentik/invalid_grant"),
);

/// A-85.
const NO_STORE: Pairs = &[("Cache-Control", "no-store"), ("Pragma", "no-cache")];

/// A start without a client, one with an unknown client, and one whose form cannot be seen (A-10).
const NO_CLIENT: Request = post(At::Device, &[("scope", "openid")]);
const NOBODY: Request = post(At::Device, &[("client_id", "nobody"), ("scope", "openid")]);
const JSON: Request = request(
    "POST",
    At::Device,
    &[],
    Body::Json(r#"{"client_id":"tv","scope":"openid"}"#),
);

#[rustfmt::skip] // a table
const JSON_REFUSALS: &[Vector] = &[
    vector(2, "A-12, A-40", &[], NO_CLIENT, file(400, "authentik/invalid_client").with(NO_STORE)),
    vector(3, "A-12, A-40", &[], NOBODY, file(400, "authentik/invalid_client").with(NO_STORE)),
    vector(6, "A-10, A-40", &[], JSON, file(400, "authentik/invalid_client").with(NO_STORE)),
    vector(9, "A-30 to A-34, A-42", &[Repeat(20, &Send(START))], START, file(429, "authentik/slow_down")),
];

#[rustfmt::skip] // a table
const EMPTY_REFUSALS: &[Vector] = &[
    vector(2, "A-13", &[], NO_CLIENT, empty(400).with(HTML)),
    vector(3, "A-13", &[], NOBODY, empty(400).with(HTML)),
    vector(6, "A-10, A-13", &[], JSON, empty(400).with(HTML)),
    vector(9, "A-34", &[Repeat(20, &Send(START))], START, empty(429)),
    // Bodies elsewhere have no `request_id` yet (section 3.5).
    vector(17, "A-24, A-54", &[Send(START), Wait(61)], POLL, answer(400, Expected::Members(&[
        ("error", "authorization_pending"),
        ("error_description", "*"),
    ]))),
];

/// A-13.
const HTML: Pairs = &[("Content-Type", "text/html; charset=utf-8")];

#[rustfmt::skip] // a table
const VECTORS: &[Vector] = &[
    vector(1, "A-20 to A-25, A-85", &[], START, file(200, "authentik/device_authorization").with(NO_STORE)),
    vector(4, "A-14", &[], post(At::Device, &[("client_id", "tv")]), file(200, "authentik/device_authorization")),
    vector(5, "A-14, A-15", &[], post(At::Device, &[("client_id", "tv"), ("scope", "nope")]), file(200, "authentik/device_authorization")),
    vector(7, "A-18", &[], request("GET", At::Device, &[], Body::None), empty(405).with(&[("Allow", "POST, OPTIONS")])),
    vector(8, "A-01, A-89", &[], post(At::Path("/application/o/device"), &[("client_id", "tv")]), answer(404, Expected::Html)),
    vector(10, "A-41, A-53", &[Send(START), Wait(5)], POLL, file(400, "authentik/authorization_pending").with(NO_STORE)),
    vector(11, "A-25, A-53", &[Send(START), Wait(5), Send(POLL), Wait(1)], POLL, file(400, "authentik/authorization_pending")),
    vector(12, "A-43, A-52", &[], post(At::Token, &[("client_id", "tv"), ("grant_type", DEVICE_CODE), ("device_code", "nope")]), file(400, "authentik/invalid_grant")),
    vector(13, "A-43, A-52", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "other"), ("grant_type", DEVICE_CODE), ("device_code", "{device_code}")]), file(400, "authentik/invalid_grant")),
    vector(14, "A-44, A-51", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("grant_type", "device_code"), ("device_code", "{device_code}")]), file(400, "authentik/unsupported_grant_type")),
    vector(15, "A-44, A-51", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("device_code", "{device_code}")]), file(400, "authentik/unsupported_grant_type")),
    vector(16, "A-41, A-56, A-119", &[Send(START), Deny, Wait(5)], POLL, file(400, "authentik/authorization_pending")),
    // 17 differs between releases; 2, 3, 6 and 9 had no body once.
    vector(18, "section 3.6, A-85", &[Send(START), Approve, Wait(5)], POLL, file(200, "authentik/token").with(NO_STORE)),
    vector(19, "A-43, A-59", &[Send(START), Approve, Wait(5), Send(POLL), Wait(5)], POLL, file(400, "authentik/invalid_grant")),
    vector(20, "section 3.6", &[Send(post(At::Device, &[("client_id", "tv"), ("scope", "profile")])), Approve, Wait(5)], POLL, answer(200, Expected::Members(&[
        ("access_token", "*"),
        ("token_type", "Bearer"),
        ("scope", "profile"),
        ("expires_in", "3600"),
        ("id_token", "*"),
    ]))),
    vector(22, "A-91", &[], foreign_preflight(At::Token), answer(200, Expected::Text("{}")).with(&[
        ("Access-Control-Allow-Origin", FOREIGN),
        ("Access-Control-Allow-Methods", "GET, POST, OPTIONS"),
        ("Access-Control-Allow-Headers", "x-asked"),
    ])),
    vector(23, "A-18, A-92", &[], foreign_preflight(At::Device), empty(200).with(&[("Allow", "POST, OPTIONS")]).without(&["Access-Control-Allow-Origin"])),
    vector(24, "A-45, A-79", &[Send(START), Approve, Wait(5), Send(POLL)], NARROW, file(400, "authentik/invalid_scope")),
    vector(25, "A-100", &[], post(At::Revoke, &[("client_id", "tv"), ("token", "nope")]), answer(200, Expected::Text("{}"))),
];
