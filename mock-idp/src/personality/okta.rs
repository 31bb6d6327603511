//! Okta as it deviates from the RFCs: the org authorization server, and custom ones beside it.
//!
//! Ids in comments (O-12) name the facts of `tests/data/index.toml`.

use std::time::Duration;

use self::assumed::{assume, assume_org};
use self::metadata::METADATA;
use self::refusals::refuse;
use super::rfc::{BASE20, RFC_ONLY};
use super::{
    AccessToken, AfterExpiry, Allow, Buckets, Claim, CodeShape, Cors, CountedFrom, End, EndSession, Endpoint, Entry,
    HeaderSets, HeaderValue, Ids, Intake, Introspection, Issuers, Limit, Limits, NOT_ACTIVATED, OthersTokens, Page,
    Pages, Paths, Personality, Preflight, Refresh, Revocation, Shown, SignIn, Source, TokenRules, UserCodeMatch,
    WayBack, Words, WrongCode,
};
use crate::random::BASE64URL;

mod assumed;
mod metadata;
mod refusals;

pub(super) const ENTRY: Entry = Entry {
    name: "okta",
    title: "the Okta org",
    usual_port: 8628,
    issuers: |_| ISSUERS,
};

/// What lives on one host.
static ISSUERS: Issuers = &[(&OKTA_ORG, Ids::Only("")), (&OKTA_CUSTOM_AS, Ids::AuthorizationServers)];

/// The org authorization server: its issuer is the org's own address.
static OKTA_ORG: Personality = Personality {
    assume: assume_org,
    ..ORG
};

/// A custom authorization server, such as `default`.
static OKTA_CUSTOM_AS: Personality = Personality {
    name: "okta-custom-as",
    paths: Paths {
        issuer: "/oauth2/{id}",                                   // O-01
        device_authorization: "/oauth2/{id}/v1/device/authorize", // O-02
        token: "/oauth2/{id}/v1/token",                           // O-03
        revocation: "/oauth2/{id}/v1/revoke",                     // O-04
        introspection: Some("/oauth2/{id}/v1/introspect"),        // O-04
        userinfo: "/oauth2/{id}/v1/userinfo",                     // O-04
        jwks: "/oauth2/{id}/v1/keys",                             // O-04
        metadata: &[
            "/oauth2/{id}/.well-known/openid-configuration",       // O-05
            "/oauth2/{id}/.well-known/oauth-authorization-server", // O-06: appended, against RFC 8414 section 3
        ],
        verification: "/activate", // O-08: at the org root all the same
        pages: &[
            (Endpoint::EndSession, "/oauth2/{id}/v1/logout"),
            (Endpoint::SignIn, SIGN_IN),
        ], // O-04
    },
    intake: Intake {
        scopes: &[
            "openid",
            "profile",
            "email",
            "address",
            "phone",
            "offline_access",
            "device_sso",
        ], // section 2.8
        ..ORG.intake
    },
    tokens: TokenRules {
        // O-127: without an end of its own, idle for seven days
        refresh: Refresh {
            lifetime: Duration::from_secs(7 * 24 * 3600),
            counted_from: CountedFrom::LastUse,
            ..ORG.tokens.refresh
        },
        ..ORG.tokens
    },
    ..ORG
};

const ORG: Personality = Personality {
    name: "okta-org",
    paths: Paths {
        issuer: "", // O-01: no trailing slash
        device_authorization: "/oauth2/v1/device/authorize",
        token: "/oauth2/v1/token",
        revocation: "/oauth2/v1/revoke",
        introspection: Some("/oauth2/v1/introspect"),
        userinfo: "/oauth2/v1/userinfo",
        jwks: "/oauth2/v1/keys",
        metadata: &["/.well-known/openid-configuration"],
        verification: "/activate",
        pages: &[(Endpoint::EndSession, "/oauth2/v1/logout"), (Endpoint::SignIn, SIGN_IN)],
    },
    metadata: &[METADATA],
    headers: HeaderSets {
        // O-97, without its content security policy and cookies, whose values no source gives.
        always: &[
            ("Server", HeaderValue::Text("nginx")),
            ("X-Okta-Request-Id", HeaderValue::RequestId),
            ("X-Rate-Limit-Limit", HeaderValue::Limit),
            ("X-Rate-Limit-Remaining", HeaderValue::Remaining),
            ("X-Rate-Limit-Reset", HeaderValue::Reset),
            (
                "Strict-Transport-Security",
                HeaderValue::Text("max-age=315360000; includeSubDomains"),
            ),
            ("X-Content-Type-Options", HeaderValue::Text("nosniff")),
            ("X-Xss-Protection", HeaderValue::Text("0")),
            ("Referrer-Policy", HeaderValue::Text("strict-origin-when-cross-origin")),
            ("P3p", HeaderValue::Text("CP=\"HONK\"")),
            ("Accept-Ch", HeaderValue::Text("Sec-CH-UA-Platform-Version")),
            ("Vary", HeaderValue::Text("Origin")),
        ],
        // O-96
        tokens: &[
            ("Cache-Control", HeaderValue::Text("no-cache, no-store")),
            ("Pragma", HeaderValue::Text("no-cache")),
            ("Expires", HeaderValue::Text("0")),
        ],
        // O-98
        metadata: &[
            ("Cache-Control", HeaderValue::Text("max-age=86400, must-revalidate")),
            ("Expires", HeaderValue::DateIn(86_400)),
        ],
        jwks: &[("Cache-Control", HeaderValue::Text("max-age=86400, must-revalidate"))],
    },
    cors: Cors {
        device_authorization: Allow::Registered, // O-105, O-108; unverified: U-06
        token: Allow::Echo,                      // O-107
        revocation: Allow::Registered,           // O-105, O-108
        introspection: Allow::Registered,        // O-105, O-108
        userinfo: Allow::Registered,
        metadata: Allow::Registered,
        jwks: Allow::Registered,
        exposed: "Date, Link, X-Okta-Edge-Log, X-Okta-Request-Id, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, \
                  X-Rate-Limit-Reset", // O-109
        preflight: Preflight {
            max_age: Some("3600"), // O-106
            any_origin: false,
            ..RFC_ONLY.cors.preflight
        },
        // O-79, U-08
        token_refuses: Pages {
            foreign: Shown::ByBrowser,
            ..Pages::NONE
        },
        ..RFC_ONLY.cors
    },
    intake: Intake {
        refuses_credentials_in_query: true, // O-67
        metadata_checks_client: true,       // O-09
        network_zones: true,                // O-43
        scope_required: true,               // O-12
        scopes: &[
            "openid",
            "email",
            "profile",
            "address",
            "phone",
            "offline_access",
            "groups",
        ], // section 2.8
        ..RFC_ONLY.intake
    },
    device_code: CodeShape::Uuid,                                      // O-14
    user_code: CodeShape::Characters(BASE20, 8),                       // O-15
    user_code_match: UserCodeMatch::Folded,                            // O-141, U-07
    code_lifetime: Duration::from_secs(600),                           // O-16
    after_expiry: AfterExpiry::ExpiredToken(Duration::from_secs(600)), // U-05
    limits: Limits {
        // O-59, O-100
        codes: Some(Limit {
            count: 60,
            window: Duration::from_secs(60),
        }),
        // O-58
        tokens: Some(Limit {
            count: 4,
            window: Duration::from_secs(1),
        }),
        // O-100: a free org's; keys and metadata are not limited.
        requests: Some(Buckets {
            groups: &[
                &[Endpoint::Token],
                &[
                    Endpoint::DeviceAuthorization,
                    Endpoint::Revocation,
                    Endpoint::Introspection,
                    Endpoint::UserInfo,
                ],
            ],
            limit: Limit {
                count: 300,
                window: Duration::from_secs(60),
            },
            counts: true,
        }),
        // O-99; how many is told by Okta's reference, "Concurrency limits", of a free org.
        at_once: Some(35),
        ..Limits::NONE
    },
    tokens: TokenRules {
        members: &[
            "token_type",
            "expires_in",
            "access_token",
            "scope",
            "refresh_token",
            "id_token",
        ], // O-20
        access_token: AccessToken::Jwt(&[&[VERSION, JTI], ACCESS_TOKEN]),
        id_token: &[&[
            Claim::new("sub", Source::PrefixedUserId("00u")), // O-121
            Claim::of("profile", "name", Source::Name),
            Claim::of("email", "email", Source::Email),
            Claim::new("ver", Source::Number(1)),
            Claim::new("iss", Source::Issuer),
            Claim::new("aud", Source::ClientId),
            Claim::new("iat", Source::IssuedAt),
            Claim::new("exp", Source::ExpiresAt),
            Claim::new("jti", Source::Random("ID.", BASE64URL, 43)),
            Claim::new("amr", Source::Strings(&["pwd"])),
            Claim::new("idp", Source::PrefixedHostId("00o")),
            Claim::of("profile", "preferred_username", Source::Email),
            Claim::new("auth_time", Source::ApprovedAt),
            Claim::new("at_hash", Source::AccessTokenHash),
        ]],
        userinfo: &[&[
            Claim::new("sub", Source::PrefixedUserId("00u")),
            Claim::of("profile", "name", Source::Name),
            Claim::of("profile", "preferred_username", Source::Email),
            Claim::of("email", "email", Source::Email),
            Claim::of("email", "email_verified", Source::Flag(true)),
        ]],
        refresh_token: CodeShape::Characters(BASE64URL, 43), // O-125
        refresh: Refresh {
            rotates: false,                                // O-128: native apps keep the same token
            grace: Duration::from_secs(30),                // O-128: where they do not
            lifetime: Duration::from_secs(90 * 24 * 3600), // O-127
            ..RFC_ONLY.tokens.refresh
        },
        // O-131: an empty 200. What becomes of a token of another client is a choice.
        revocation: Revocation {
            others_tokens: OthersTokens::Kept,
            ..RFC_ONLY.tokens.revocation
        },
        // O-130, with the samples of OK-REF; `device_id` needs a registered device. S-53: of one's own tokens alone.
        introspection: Introspection {
            confidential_only: false,
            others_tokens: false,
            access_token: &[TOLD, TOLD_OF_ACCESS],
            refresh_token: &[TOLD, &[Claim::new("sub", Source::Email)]],
            ..RFC_ONLY.tokens.introspection
        },
        jws_header: &["kid", "alg"],                  // O-120
        jwk: &["kty", "alg", "kid", "use", "e", "n"], // O-126
        ..RFC_ONLY.tokens
    },
    page: Page {
        sign_in: SignIn::AfterCode,                                  // O-145
        wrong_code: WrongCode::AskAgain("Invalid code. Try again."), // O-142
        wrong_codes: None,                                           // U-09
        cookie: "sid",                                               // O-97
        has_deny: true,
        consent_by_client: true, // O-145
        flows: None,
        // O-143, O-145
        turned_away: Some(NOT_ACTIVATED),
        closed: None,
        loses_zeros: false,
        words: Words {
            brand: "Okta",
            enter_title: "Activate your device", // O-140
            enter_text: "Follow the instructions on your device to get an activation code.",
            code_label: "Activation Code",
            next: "Next",
            confirm_title: "Sign in on {client}?",
            approve: "Approve",
            deny: "Decline",
            approved_title: "Device activated", // O-143
            approved_text: "Go back to your device. You can close this window.",
            denied_title: "Device not activated",
            denied_text: "Your device was not activated, because you declined.",
        },
    },
    // O-133 and what OK-REF says of it.
    end_session: Some(EndSession {
        methods: &["GET", "POST"],
        hint_required: true,
        asks_to_sign_in: false,
        flow: None,
        way_back: WayBack::RefusedUnlessRegistered,
        end: End::SignIn,
    }),
    refuse,
    assume,
    ..RFC_ONLY
};

/// Where people sign in who come without a code. The path is that of Okta's classic engine.
const SIGN_IN: &str = "/login/login.htm";

/// What an introspection tells of either token (O-130).
const TOLD: &[Claim] = &[
    Claim::new("active", Source::Active),
    Claim::new("token_type", Source::Text("Bearer")),
    Claim::new("scope", Source::ScopeText),
    Claim::new("client_id", Source::ClientId),
    Claim::new("username", Source::Email),
    Claim::new("exp", Source::ExpiresAt),
];

/// What it tells of an access token besides; the values are the token's own.
const TOLD_OF_ACCESS: &[Claim] = &[
    Claim::new("iat", Source::IssuedAt),
    Claim::new("sub", Source::Email),
    Claim::new("aud", Source::Audience),
    Claim::new("iss", Source::Issuer),
    Claim::new("jti", Source::Random("AT.", BASE64URL, 43)),
    Claim::new("uid", Source::PrefixedUserId("00u")),
];

/// O-122.
const VERSION: Claim = Claim::new("ver", Source::Number(1));

/// O-122, U-11.
const JTI: Claim = Claim::new("jti", Source::Random("AT.", BASE64URL, 43));

/// What an access token has after those two (O-122).
const ACCESS_TOKEN: &[Claim] = &[
    Claim::new("iss", Source::Issuer),
    Claim::new("aud", Source::Audience), // O-123
    Claim::new("iat", Source::IssuedAt),
    Claim::new("exp", Source::ExpiresAt),
    Claim::new("cid", Source::ClientId),
    Claim::new("uid", Source::PrefixedUserId("00u")),
    Claim::new("scp", Source::ScopeList),
    Claim::new("auth_time", Source::ApprovedAt),
    Claim::new("sub", Source::Email), // O-123: the login, which looks like an address
];
