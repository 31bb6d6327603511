//! authentik as it deviates from the RFCs.
//!
//! Ids in comments name the facts of `tests/data/index.toml`.

use std::time::Duration;

use self::assumed::assume;
use self::refusals::refuse;
use super::rfc::RFC_ONLY;
use super::{
    AccessToken, AfterExpiry, Allow, Claim, CodeShape, CodesMember, Cors, CountedFrom, Credentials, End, EndSession,
    Endpoint, Ends, Entry, FlowPaths, HeaderSets, HeaderValue, Intake, Introspection, Limit, Limits, OthersTokens,
    Page, Pages, Paths, Personality, Preflight, Refresh, Repeated, Revocation, Revoked, SignIn, Source, TokenRules,
    TooFast, UnknownScope, UserCodeMatch, WayBack, Words, WrongCode,
};
use crate::json::JsonStyle;
use crate::random::ALPHANUMERIC;
use crate::setup::REFRESH_TOKEN;

/// The authentication context of every sign-in.
const ACR: &str = "goauthentik.io/providers/oauth2/default";

mod assumed;
mod metadata;
mod refusals;
mod versions;

pub use versions::AuthentikVersion;

pub(super) const ENTRY: Entry = Entry {
    name: "authentik",
    title: "authentik",
    usual_port: 8629,
    issuers: versions::issuers,
};

const BASE: Personality = Personality {
    name: "authentik",
    paths: Paths {
        issuer: "/application/o/{id}/",                    // with its trailing slash
        device_authorization: "/application/o/device/",    // the slash is required
        token: "/application/o/token/",
        revocation: "/application/o/revoke/",
        introspection: Some("/application/o/introspect/"),
        userinfo: "/application/o/userinfo/",
        jwks: "/application/o/{id}/jwks/",
        metadata: &[
            "/application/o/{id}/.well-known/openid-configuration",
            "/.well-known/oauth-authorization-server/application/o/{id}/",
        ],
        verification: "/device", // without a slash
        pages: &[
            (Endpoint::SignIn, "/flows/-/default/authentication/"),
            (Endpoint::EndSession, "/application/o/{id}/end-session/"),
            (Endpoint::EndSession, SIGN_OUT),
            (Endpoint::Verification, FLOWS.device_code),
            (Endpoint::Verification, FLOWS.explicit_consent),
            (Endpoint::Verification, FLOWS.implicit_consent),
        ],
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
        revocation: Allow::Nobody,           // not among those of A-90
        introspection: Allow::Nobody,        // nor this
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
        token_refuses: Pages::NONE,
        hides_refusals: true,
    },
    intake: Intake {
        repeated: Repeated::Last,            // section 6 item 6, U-14
        refuses_other_media_types: false,    // another body is an empty form
        refuses_credentials_in_query: false,
        metadata_checks_client: false,
        checks_grants: false, // not before 2026.5
        network_zones: false,
        scope_required: false,
        default_scope: "",
        unknown_scope: UnknownScope::Kept,
        scopes: &["email", "offline_access", "openid", "profile"],
    },
    credentials: Credentials {
        reads_basic: &[
            Endpoint::DeviceAuthorization,
            Endpoint::Token,
            Endpoint::Revocation,
            Endpoint::Introspection,
        ],
        plus_is_blank: false,
        secret_at: &[Endpoint::Revocation, Endpoint::Introspection], // no more
        secret_for: &[REFRESH_TOKEN],
        refuses_several: false,                                      // the header first
        refuses_unregistered: false,
    },
    device_code: CodeShape::PRINTABLE_128,
    user_code: CodeShape::Characters("0123456789", 9),
    user_code_match: UserCodeMatch::Exact,
    code_parameter: "code",
    // section 3.3
    device_authorization_members: &[
        ("device_code", CodesMember::DeviceCode),
        ("verification_uri", CodesMember::VerificationUri),
        ("verification_uri_complete", CodesMember::VerificationUriComplete),
        ("user_code", CodesMember::UserCode),
        ("expires_in", CodesMember::ExpiresIn),
        ("interval", CodesMember::Interval),
    ],
    code_lifetime: Duration::from_secs(60),
    too_fast: TooFast::Ignored,
    // minutes 2, 7, 12 … 57 of every hour
    after_expiry: AfterExpiry::UntilCleanup {
        every: Duration::from_secs(300),
        offset: Duration::from_secs(120),
    },
    //
    limits: Limits {
        starts: Some(Limit {
            count: 20,
            window: Duration::from_secs(3600),
        }),
        ..Limits::NONE
    },
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
        access_token: AccessToken::Jwt(&[ID_TOKEN, EMAIL, UNVERIFIED, PROFILE, ACCESS_TOKEN]),
        id_token: &[ID_TOKEN, EMAIL, UNVERIFIED, PROFILE],
        id_token_needs_openid: false, // after A-61: always present
        //
        userinfo: &[SUBJECT, EMAIL, UNVERIFIED, PROFILE],
        refresh_token: CodeShape::Characters(ALPHANUMERIC, 128),
        //
        refresh: Refresh {
            rotates: true,
            reuse_ends_sign_in: false,
            lifetime: Duration::from_secs(30 * 24 * 3600),
            counted_from: CountedFrom::LastUse, // goauthentik/authentik@02a34d2, views/token.py
            scope_must_keep_offline_access: true,
            ..RFC_ONLY.tokens.refresh
        },
        // A-100; all but the answer by goauthentik/authentik@02a34d2, views/token_revoke.py.
        revocation: Revocation {
            answer: Revoked::EmptyObject,
            token_required: false,
            others_tokens: OthersTokens::Revoked,
            ends: Ends::TokenAlone,
            ..RFC_ONLY.tokens.revocation
        },
        // A-101; all but the callers by goauthentik/authentik@02a34d2, views/introspection.py.
        introspection: Introspection {
            confidential_only: true,
            token_required: false,
            others_tokens: true,
            describes_used: true,
            access_token: &[ID_TOKEN, EMAIL, UNVERIFIED, PROFILE, TOLD],
            // The ID token that belongs to it, without its `at_hash`.
            refresh_token: &[ID_TOKEN, EMAIL, UNVERIFIED, PROFILE, TOLD],
        },
        jws_header: &["alg", "kid", "typ"],
        jwk: &["alg", "kid", "kty", "use", "n", "e"], // A-77, without the certificate members
        ..RFC_ONLY.tokens
    },
    page: Page {
        sign_in: SignIn::BeforeCode,
        wrong_code: WrongCode::Denied(DENIED.0, DENIED.1), // A-114, A-115b, U-14
        wrong_codes: None,
        cookie: "authentik_session",
        has_deny: false,
        consent_by_client: false,
        flows: Some(FLOWS),
        turned_away: None,
        closed: None,
        loses_zeros: false,
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
    end_session: Some(END_SESSION),
    refuse,
    assume,
    ..RFC_ONLY
};

/// Title and text of the page that says no.
const DENIED: (&str, &str) = ("Permission denied", "Request has been denied.");

/// authentik's own issue 24012, and `views/end_session.py` before the change of its pull request 20011.
const END_SESSION: EndSession = EndSession {
    methods: &["GET"],
    hint_required: false,
    asks_to_sign_in: true,
    flow: Some(SIGN_OUT),
    way_back: WayBack::Ignored,
    end: End::Notice("You've logged out", "You may close this page now."),
};

/// the slugs of authentik's own flows; that of the device code flow is up to whoever makes it.
const FLOWS: FlowPaths = FlowPaths {
    device_code: "/if/flow/default-device-code-flow/",
    explicit_consent: "/if/flow/default-provider-authorization-explicit-consent/",
    implicit_consent: "/if/flow/default-provider-authorization-implicit-consent/",
};

/// The brand's flow to sign out, which a provider without one of its own takes.
const SIGN_OUT: &str = "/if/flow/default-invalidation-flow/";

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

/// What an introspection tells beyond the ID token. Its client is the one that asks, whosever token it is
/// (goauthentik/authentik@02a34d2, views/introspection.py).
const TOLD: &[Claim] = &[
    Claim::new("active", Source::Active),
    Claim::new("scope", Source::ScopeText),
    Claim::new("client_id", Source::Caller),
];

/// before the scope claims.
const SUBJECT: &[Claim] = &[Claim::new("sub", Source::HashedUserId)];

/// A-74; the order of the scope claims is a choice.
const EMAIL: &[Claim] = &[Claim::of("email", "email", Source::Email)];

/// Since 2025.10.
const UNVERIFIED: &[Claim] = &[Claim::of("email", "email_verified", Source::Flag(false))];

///
const PROFILE: &[Claim] = &[
    Claim::of("profile", "name", Source::Name),
    Claim::of("profile", "given_name", Source::Name),
    Claim::of("profile", "preferred_username", Source::Username),
    Claim::of("profile", "nickname", Source::Username),
    Claim::of("profile", "groups", Source::Groups),
];

/// What an access token has beyond an ID token.
const ACCESS_TOKEN: &[Claim] = &[
    Claim::new("azp", Source::ClientId),
    Claim::new("uid", Source::Random("", ALPHANUMERIC, 40)),
    Claim::new("scope", Source::ScopeText),
];
