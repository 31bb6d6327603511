//! Okta's column. O-01 and so on are the facts' ids; U-01 and so on are what section 8 only assumes.

use mock_idp::AuthentikVersion;

use crate::vector::Step::{Approve, Deny, Repeat, Send, Wait};
use crate::vector::{
    At, Body, Column, DEVICE_CODE, Expected, FOREIGN, NARROW, POLL, Pairs, START, Vector, answer, empty, file,
    foreign_preflight, post, request, vector,
};

/// The org authorization server.
pub(crate) const ORG: Column = Column {
    issuer: "okta-org",
    version: AuthentikVersion::V2026_2,
    host: "org.example.test",
    device: "/oauth2/v1/device/authorize", // O-02
    token: "/oauth2/v1/token",             // O-03
    revoke: "/oauth2/v1/revoke",           // O-04
    // O-97
    always: &[
        ("Server", "nginx"),
        ("X-Okta-Request-Id", "*"),
        ("X-Rate-Limit-Limit", "*"),
        ("X-Rate-Limit-Remaining", "*"),
        ("X-Rate-Limit-Reset", "*"),
        ("Strict-Transport-Security", "max-age=315360000; includeSubDomains"),
        ("X-Content-Type-Options", "nosniff"),
        ("X-Xss-Protection", "0"),
        ("Referrer-Policy", "strict-origin-when-cross-origin"),
        ("P3p", "CP=\"HONK\""),
        ("Vary", "Origin"),
        ("Accept-Ch", "Sec-CH-UA-Platform-Version"),
    ],
    never: &["Retry-After"], // O-99
    vectors: &[VECTORS, &[NO_POLICY]],
    not_applicable: &[],
};

/// The custom authorization server `default`.
pub(crate) const CUSTOM_AS: Column = Column {
    issuer: "okta-custom-as",
    device: "/oauth2/default/v1/device/authorize", // O-02
    token: "/oauth2/default/v1/token",             // O-03
    revoke: "/oauth2/default/v1/revoke",           // O-04
    vectors: &[VECTORS, &[NO_TICK]],
    ..ORG
};

/// The rule does not tick the device grant; that this is found out at the token endpoint is U-02.
const NO_TICK: Vector = vector(
    21,
    "O-40, U-02",
    &[Send(START), Approve, Wait(5)],
    POLL,
    file(401, "okta/policy_denied"),
)
.without_the_policy_s_tick();

/// The same beside it: the org server has no such rule.
const NO_POLICY: Vector = vector(
    21,
    "section 2.12",
    &[Send(START), Approve, Wait(5)],
    POLL,
    file(200, "okta/token"),
)
.without_the_policy_s_tick();

/// O-96.
const NO_CACHE: Pairs = &[
    ("Cache-Control", "no-cache, no-store"),
    ("Pragma", "no-cache"),
    ("Expires", "0"),
];

#[rustfmt::skip] // a table
const VECTORS: &[Vector] = &[
    vector(1, "O-13 to O-18", &[], START, file(200, "okta/device_authorization")),
    vector(2, "O-50", &[], post(At::Device, &[("scope", "openid")]), file(401, "okta/missing_client")),
    vector(3, "O-54, U-03", &[], post(At::Device, &[("client_id", "nobody"), ("scope", "openid")]), file(400, "okta/unknown_client")),
    vector(4, "O-12, O-61", &[], post(At::Device, &[("client_id", "tv")]), file(400, "okta/missing_scope")),
    vector(5, "O-60", &[], post(At::Device, &[("client_id", "tv"), ("scope", "nope")]), file(400, "okta/unknown_scope")),
    vector(6, "E0000021", &[], request("POST", At::Device, &[], Body::Json(r#"{"client_id":"tv","scope":"openid"}"#)), file(400, "okta/not_a_form")),
    vector(7, "E0000022", &[], request("GET", At::Device, &[], Body::None), file(405, "okta/method_not_allowed")),
    // The path without a slash at its end is the canonical one.
    vector(8, "O-02", &[], START, file(200, "okta/device_authorization")),
    vector(9, "O-100", &[Repeat(20, &Send(START))], START, file(200, "okta/device_authorization")),
    vector(10, "O-30", &[Send(START), Wait(5)], POLL, file(400, "okta/authorization_pending")),
    // How much too soon is too soon is U-04.
    vector(11, "O-31, U-04", &[Send(START), Wait(5), Send(POLL), Wait(1)], POLL, file(400, "okta/slow_down")),
    vector(12, "O-33", &[], post(At::Token, &[("client_id", "tv"), ("grant_type", DEVICE_CODE), ("device_code", "nope")]), file(400, "okta/unknown_device_code")),
    vector(13, "O-34", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "other"), ("grant_type", DEVICE_CODE), ("device_code", "{device_code}")]), file(400, "okta/other_clients_code")),
    vector(14, "O-57", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("grant_type", "device_code"), ("device_code", "{device_code}")]), file(400, "okta/unsupported_grant_type")),
    vector(15, "O-64", &[Send(START), Wait(5)], post(At::Token, &[("client_id", "tv"), ("device_code", "{device_code}")]), file(400, "okta/missing_grant_type")),
    // The status is U-01.
    vector(16, "O-35, U-01", &[Send(START), Deny, Wait(5)], POLL, file(400, "okta/access_denied")),
    // How long it is remembered is U-05.
    vector(17, "O-16, O-32, U-05", &[Send(START), Wait(601)], POLL, file(400, "okta/expired_token")),
    vector(18, "O-20, O-96", &[Send(START), Approve, Wait(5)], POLL, file(200, "okta/token").with(NO_CACHE)),
    vector(19, "O-22, O-33, O-37", &[Send(START), Approve, Wait(5), Send(POLL), Wait(5)], POLL, file(400, "okta/unknown_device_code")),
    vector(20, "O-20, O-21", &[Send(post(At::Device, &[("client_id", "tv"), ("scope", "profile")])), Approve, Wait(5)], POLL, answer(200, Expected::Members(&[
        ("token_type", "Bearer"),
        ("expires_in", "3600"),
        ("access_token", "*"),
        ("scope", "profile"),
    ]))),
    // 21 differs between the two servers.
    vector(22, "O-106", &[], foreign_preflight(At::Token), empty(204).with(&[
        ("Access-Control-Allow-Origin", FOREIGN),
        ("Access-Control-Allow-Methods", "POST"),
        ("Access-Control-Max-Age", "3600"),
    ])),
    // The status is that of O-106 as well, by U-06.
    vector(23, "O-105, O-108, U-06", &[], foreign_preflight(At::Device), empty(204).without(&["Access-Control-Allow-Origin"])),
    // The refresh token is the same one again (O-128).
    vector(24, "S-46, O-20, O-128", &[Send(START), Approve, Wait(5), Send(POLL)], NARROW, answer(200, Expected::Members(&[
        ("token_type", "Bearer"),
        ("expires_in", "3600"),
        ("access_token", "*"),
        ("scope", "openid"),
        ("refresh_token", "{refresh_token}"),
        ("id_token", "*"),
    ]))),
    vector(25, "O-131", &[], post(At::Revoke, &[("client_id", "tv"), ("token", "nope")]), empty(200)),
];
