//! authentik as it deviates from the RFCs.
//!
//! Ids in comments name the facts of `tests/data/index.toml`.

use std::time::Duration;

use self::refusals::refuse;
use super::rfc::RFC_ONLY;
use super::{
    AfterExpiry, Allow, Claim, CodeShape, Cors, HeaderSets, HeaderValue, Intake, Issuers, Page, Paths, Personality,
    Preflight, Refresh, SignIn, Source, StartLimit, TokenRules, TooFast, UnknownScope, UserCodeMatch, Words, WrongCode,
};
use crate::json::JsonStyle;
use crate::random::ALPHANUMERIC;

/// Letters, digits and all 32 ASCII punctuation marks.
const PRINTABLE: &str =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

/// The authentication context of every sign-in.
const ACR: &str = "goauthentik.io/providers/oauth2/default";

mod metadata;
mod refusals;

/// A release whose behaviour the mock can take on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AuthentikVersion {
    /// 2026.2: an expired code stays pending until a job deletes it, unknown scopes are kept.
    #[default]
    V2026_2,
    /// 2026.5: an expired code is an invalid grant at once, unknown scopes are dropped.
    V2026_5,
}

/// What lives on one host.
pub(super) fn issuers(version: AuthentikVersion) -> Issuers {
    static V2026_2: Issuers = &[(&AUTHENTIK_2026_2, "tv")];
    static V2026_5: Issuers = &[(&AUTHENTIK_2026_5, "tv")];
    match version {
        AuthentikVersion::V2026_2 => V2026_2,
        AuthentikVersion::V2026_5 => V2026_5,
    }
}

static AUTHENTIK_2026_2: Personality = BASE;

/// 2026.5 as it deviates from 2026.2; in which release each change came is unverified (U-12).
static AUTHENTIK_2026_5: Personality = Personality {
    metadata: &[metadata::ENDPOINTS, metadata::FRONT_CHANNEL, metadata::REST], // section 3.10
    intake: Intake {
        checks_grants: true,
        unknown_scope: UnknownScope::Dropped,
        ..BASE.intake
    },
    after_expiry: AfterExpiry::Unknown,
    ..BASE
};

const BASE: Personality = Personality {
    name: "authentik",
    paths: Paths {
        issuer: "/application/o/{id}/",                 // with its trailing slash
        device_authorization: "/application/o/device/", // the slash is required
        token: "/application/o/token/",
        userinfo: "/application/o/userinfo/",
        jwks: "/application/o/{id}/jwks/",
        metadata: &[
            "/application/o/{id}/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/application/o/{id}/",
        ],
        verification: "/device", // without a slash
    },
    issuer_redirects: true,
    metadata: &[metadata::ENDPOINTS, metadata::REST],
    metadata_json: JsonStyle::PythonIndented, // section 3.10
    json: JsonStyle::Python,                  // section 3.3
    headers: HeaderSets {
        //
        always: &[
            ("X-authentik-id", HeaderValue::RequestId),
            ("X-Powered-By", HeaderValue::Text("authentik")),
        ],
        //
        tokens: &[
            ("Cache-Control", HeaderValue::Text("no-store")),
            ("Pragma", HeaderValue::Text("no-cache")),
        ],
        metadata: &[],
        jwks: &[],
    },
    cors: Cors {
        device_authorization: Allow::Nobody,
        token: Allow::Registered,
        userinfo: Allow::Registered,
        metadata: Allow::Registered,
        jwks: Allow::Star,
        credentials: true,
        exposed: "",
        //
        preflight: Preflight {
            status: 200,
            body: "{}",
            methods: Some("GET, POST, OPTIONS"),
            max_age: None,
            any_origin: true,
        },
        token_refuses_foreign_origins: false,
        hides_refusals: true,
    },
    intake: Intake {
        refuses_duplicates: false,           // section 6 item 6
        refuses_other_media_types: false,    // another body is an empty form
        refuses_credentials_in_query: false,
        metadata_checks_client: false,
        checks_grants: false,              // not before 2026.5
        reads_basic: true,
        scope_required: false,
        default_scope: "",
        unknown_scope: UnknownScope::Kept,
        scopes: &["email", "offline_access", "openid", "profile"],
    },
    device_code: CodeShape::Characters(PRINTABLE, 128),
    user_code: CodeShape::Characters("0123456789", 9),
    user_code_match: UserCodeMatch::Exact,
    code_parameter: "code",
    // section 3.3
    device_authorization_members: &[
        "device_code",
        "verification_uri",
        "verification_uri_complete",
        "user_code",
        "expires_in",
        "interval",
    ],
    code_lifetime: Duration::from_secs(60),
    too_fast: TooFast::Ignored,
    // minutes 2, 7, 12 … 57 of every hour
    after_expiry: AfterExpiry::UntilCleanup {
        every: Duration::from_secs(300),
        offset: Duration::from_secs(120),
    },
    //
    starts: Some(StartLimit {
        count: 20,
        window: Duration::from_secs(3600),
    }),
    tokens: TokenRules {
        members: &[
            "access_token",
            "token_type",
            "scope",
            "expires_in",
            "id_token",
            "refresh_token",
        ], // A-59 and after
        //
        access_token: Some(&[ID_TOKEN, SCOPE_CLAIMS, ACCESS_TOKEN]),
        id_token: &[ID_TOKEN, SCOPE_CLAIMS],
        id_token_needs_openid: false, // after A-61: always present
        //
        userinfo: &[&[Claim::new("sub", Source::HashedUserId)], SCOPE_CLAIMS],
        refresh_token: CodeShape::Characters(ALPHANUMERIC, 128),
        //
        refresh: Refresh {
            rotates: true,
            lifetime: Duration::from_secs(30 * 24 * 3600),
            scope_must_keep_offline_access: true,
        },
        jws_header: &["alg", "kid", "typ"],
        jwk: &["alg", "kid", "kty", "use", "n", "e"], // A-77, without the certificate members
        ..RFC_ONLY.tokens
    },
    page: Page {
        sign_in: SignIn::Before("/flows/-/default/authentication/"),
        wrong_code: WrongCode::Denied("Permission denied", "Request has been denied."), // A-114, A-115b
        cookie: "authentik_session",
        has_deny: false,
        words: Words {
            brand: "authentik",
            enter_title: "Sign in on a device",
            enter_text: "Please enter your code",
            code_label: "Device Code",
            next: "Continue",
            confirm_title: "You're about to sign into {client}.",
            approve: "Continue",
            deny: "",
            approved_title: "You've successfully authenticated your device.",
            approved_text: "You may close this page now.",
            denied_title: "",
            denied_text: "",
        },
    },
    refuse,
    ..RFC_ONLY
};

///
const ID_TOKEN: &[Claim] = &[
    Claim::new("iss", Source::Issuer),
    Claim::new("sub", Source::HashedUserId),
    Claim::new("aud", Source::ClientId),
    Claim::new("exp", Source::ExpiresAt),
    Claim::new("iat", Source::IssuedAt),
    Claim::new("auth_time", Source::IssuedAt), // the moment of redemption
    Claim::new("acr", Source::Text(ACR)),
    Claim::new("jti", Source::SharedId),
];

/// A-74; their order is a choice.
const SCOPE_CLAIMS: &[Claim] = &[
    Claim::of("email", "email", Source::Email),
    Claim::of("email", "email_verified", Source::Flag(false)),
    Claim::of("profile", "name", Source::Name),
    Claim::of("profile", "given_name", Source::Name),
    Claim::of("profile", "preferred_username", Source::Username),
    Claim::of("profile", "nickname", Source::Username),
    Claim::of("profile", "groups", Source::Strings(&[])),
];

/// What an access token has beyond an ID token.
const ACCESS_TOKEN: &[Claim] = &[
    Claim::new("azp", Source::ClientId),
    Claim::new("uid", Source::Random("", ALPHANUMERIC, 40)),
    Claim::new("scope", Source::ScopeText),
];
