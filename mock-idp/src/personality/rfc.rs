//! Exactly the RFCs: the base from which products deviate.

use std::time::Duration;

use serde_json::json;

use super::{
    AccessToken, AfterExpiry, Allow, At, Claim, CodeShape, CodesMember, Cors, CountedFrom, Credentials, Endpoint, Ends,
    Entry, Falsehoods, HeaderSets, HeaderValue, Ids, Intake, Introspection, Issuers, Limits, Metadata, OthersTokens,
    Page, Pages, Paths, Personality, PolicyAsked, Preflight, Refresh, Repeated, Revocation, Revoked, SignIn, Source,
    TokenRules, TooFast, UnknownScope, UserCodeMatch, Words, WrongCode,
};
use crate::json::JsonStyle;
use crate::random::BASE64URL;
use crate::refusal::{Refusal, Reply};
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};

/// Letters without vowels, so that no code spells a word (RFC 8628 section 6.1, S-25).
pub(super) const BASE20: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// Where clients prove who they are.
const AUTHENTICATED: &[Endpoint] = &[
    Endpoint::DeviceAuthorization,
    Endpoint::Token,
    Endpoint::Revocation,
    Endpoint::Introspection,
];

/// How they do (RFC 8414 section 2).
const AUTH_METHODS: &[&str] = &["none", "client_secret_basic", "client_secret_post"];

pub(super) const ENTRY: Entry = Entry {
    name: "rfc",
    title: "the server that is exactly the RFCs",
    usual_port: 8630,
    issuers: |_| ISSUERS,
};

/// What lives on one host.
static ISSUERS: Issuers = &[(&RFC, Ids::Only(""))];

static RFC: Personality = RFC_ONLY;

pub(super) const RFC_ONLY: Personality = Personality {
    name: "rfc",
    paths: Paths {
        issuer: "",
        device_authorization: "/device_authorization",
        token: "/token",
        revocation: "/revoke",
        introspection: Some("/introspect"),
        userinfo: "/userinfo",
        jwks: "/jwks",
        // RFC 8414 section 3 and OpenID Connect Discovery section 4.
        metadata: &[
            "/.well-known/oauth-authorization-server",
            "/.well-known/openid-configuration",
        ],
        // The shortest that a person can type (S-12).
        verification: "/device",
        pages: &[],
    },
    issuer_redirects: false,
    metadata: &[&[
        ("issuer", Metadata::Issuer),
        ("token_endpoint", Metadata::Endpoint(Endpoint::Token)),
        ("jwks_uri", Metadata::Endpoint(Endpoint::Jwks)),
        ("userinfo_endpoint", Metadata::Endpoint(Endpoint::UserInfo)),
        ("scopes_supported", Metadata::Scopes),
        ("response_types_supported", Metadata::Strings(&[])),
        (
            "grant_types_supported",
            Metadata::Strings(&[DEVICE_CODE, REFRESH_TOKEN]),
        ),
        ("token_endpoint_auth_methods_supported", Metadata::Strings(AUTH_METHODS)),
        ("subject_types_supported", Metadata::Strings(&["public"])),
        ("id_token_signing_alg_values_supported", Metadata::SigningAlgorithm),
        ("revocation_endpoint", Metadata::Endpoint(Endpoint::Revocation)),
        (
            "revocation_endpoint_auth_methods_supported",
            Metadata::Strings(AUTH_METHODS),
        ),
        ("introspection_endpoint", Metadata::Endpoint(Endpoint::Introspection)),
        (
            "introspection_endpoint_auth_methods_supported",
            Metadata::Strings(&["client_secret_basic", "client_secret_post"]),
        ),
        (
            "device_authorization_endpoint",
            Metadata::Endpoint(Endpoint::DeviceAuthorization),
        ),
    ]],
    metadata_json: JsonStyle::Compact,
    json: JsonStyle::Compact,
    headers: HeaderSets {
        always: &[],
        // RFC 6749 section 5.1 and the sample of RFC 8628 section 3.2 (S-16, S-41).
        tokens: &[
            ("Cache-Control", HeaderValue::Text("no-store")),
            ("Pragma", HeaderValue::Text("no-cache")),
        ],
        metadata: &[],
        jwks: &[],
    },
    // No RFC speaks of it (S-08): the widest door, so that any page can be tried against it.
    cors: Cors {
        device_authorization: Allow::Echo,
        token: Allow::Echo,
        revocation: Allow::Echo,
        introspection: Allow::Echo,
        userinfo: Allow::Echo,
        metadata: Allow::Echo,
        jwks: Allow::Echo,
        credentials: false,
        exposed: "Date, Retry-After",
        preflight: Preflight {
            status: 204,
            body: "",
            methods: None,
            max_age: None,
            any_origin: true,
        },
        token_refuses: Pages::NONE,
        hides_refusals: false,
    },
    intake: Intake {
        repeated: Repeated::Refused,     // S-06, S-40
        refuses_other_media_types: true, // S-01
        refuses_credentials_in_query: false,
        metadata_checks_client: false,
        checks_grants: true, // RFC 6749 section 5.2, unauthorized_client
        network_zones: false,
        scope_required: false, // S-03
        default_scope: "openid",
        unknown_scope: UnknownScope::Refused, // RFC 6749 section 5.2, invalid_scope
        scopes: &["openid", "profile", "email", "offline_access"],
    },
    // RFC 6749 sections 2.3 and 2.3.1; RFC 8628 section 3.1 and RFC 7009 section 2.1 ask for the same (S-04).
    credentials: Credentials {
        reads_basic: AUTHENTICATED,
        plus_is_blank: true,
        secret_at: AUTHENTICATED,
        secret_for: &[],
        refuses_several: true,
        refuses_unregistered: true,
    },
    device_code: CodeShape::Characters(BASE64URL, 41), // as long as the sample of RFC 8628 section 3.2
    user_code: CodeShape::Groups(BASE20, &[4, 4]),     // WDJB-MJHT in the samples (S-25)
    user_code_match: UserCodeMatch::Folded,            // S-26
    code_parameter: "user_code",                       // RFC 8628 section 3.2, the sample of verification_uri_complete
    device_authorization_members: &[
        ("device_code", CodesMember::DeviceCode),
        ("user_code", CodesMember::UserCode),
        ("verification_uri", CodesMember::VerificationUri),
        ("verification_uri_complete", CodesMember::VerificationUriComplete),
        ("expires_in", CodesMember::ExpiresIn),
        ("interval", CodesMember::Interval),
    ], // the order of the sample in RFC 8628 section 3.2
    code_lifetime: Duration::from_secs(1800),          // the sample of RFC 8628 section 3.2
    interval: Duration::from_secs(5),                  // S-15
    too_fast: TooFast::SlowDown,                       // S-33
    after_expiry: AfterExpiry::ExpiredToken(Duration::from_secs(600)), // S-35; for how long is ours
    opens_expired_codes: false,
    limits: Limits::NONE,
    policy_asked: PolicyAsked::OnceSignedIn,
    tokens: TokenRules {
        // The samples of RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3.
        members: &[
            "access_token",
            "token_type",
            "expires_in",
            "refresh_token",
            "scope",
            "id_token",
        ],
        told_scopes: &[],
        lifetime: Duration::from_secs(3600),
        access_token: AccessToken::Opaque(CodeShape::Characters(BASE64URL, 43)),
        // OpenID Connect Core sections 2 and 5.1.
        id_token: &[&[
            Claim::new("iss", Source::Issuer),
            Claim::new("sub", Source::Username),
            Claim::new("aud", Source::ClientId),
            Claim::new("exp", Source::ExpiresAt),
            Claim::new("iat", Source::IssuedAt),
            Claim::new("auth_time", Source::ApprovedAt),
            Claim::new("at_hash", Source::AccessTokenHash),
            Claim::of("profile", "name", Source::Name),
            Claim::of("email", "email", Source::Email),
        ]],
        id_token_needs_openid: true,
        userinfo: &[&[
            Claim::new("sub", Source::Username),
            Claim::of("profile", "name", Source::Name),
            Claim::of("email", "email", Source::Email),
        ]],
        refresh_token: CodeShape::Characters(BASE64URL, 43),
        // RFC 9700 section 4.14.2: a public client's refresh token is rotated, and a replay revokes what came of it.
        refresh: Refresh {
            asked_for_by: Some("offline_access"), // OpenID Connect Core section 11
            rotates: true,
            grace: Duration::ZERO,
            reuse_ends_sign_in: true,
            is_told_again: true,
            lifetime: Duration::from_secs(30 * 24 * 3600),
            counted_from: CountedFrom::SignIn,
            scope_must_keep_offline_access: false,
        },
        // S-52; the body means nothing (RFC 7009 sections 2.1 and 2.2).
        revocation: Revocation {
            answer: Revoked::Nothing,
            by_anybody: false,
            reads_query: false,
            token_required: true,
            unknown_is_refused: false,
            others_tokens: OthersTokens::Refused,
            ends: Ends::AccessTokensToo,
        },
        // RFC 7662 sections 2.1 and 2.2: in the order of the sample. A protected resource asks about its clients' tokens.
        introspection: Introspection {
            confidential_only: true,
            token_required: true,
            others_tokens: true,
            describes_used: false,
            access_token: &[TOLD],
            refresh_token: &[TOLD],
        },
        falsehoods: Falsehoods::NONE,
        jws_header: &["alg", "kid"],
        jwk: &["kty", "use", "alg", "kid", "n", "e"],
    },
    page: Page {
        sign_in: SignIn::AfterCode,
        flows: None,
        wrong_codes: None,
        wrong_code: WrongCode::AskAgain("That code is not valid. Compare it with your device and try again."),
        cookie: "session",
        has_deny: true, // S-24
        consent_by_client: false,
        turned_away: None,
        closed: None,
        loses_zeros: false,
        words: Words {
            brand: "Authorization server",
            enter_title: "Connect a device",
            enter_text: "Enter the code that your device shows.",
            code_label: "Code",
            next: "Continue",
            confirm_title: "Sign in on {client}?",
            approve: "Approve",
            deny: "Deny",
            approved_title: "Your device is signed in",
            approved_text: "You can put this phone away.",
            denied_title: "Nothing was signed in",
            denied_text: "You refused the request. The device stays signed out.",
        },
    },
    end_session: None, // no RFC has one
    refuse,
    assume: |_, _| {},
};

pub(super) fn refuse(refusal: &Refusal, at: At) -> Reply {
    let error = |code: &str| Reply::json(400, json!({ "error": code }));
    match refusal {
        // RFC 8628 section 3.5, with the status of RFC 6749 section 5.2 (S-38).
        Refusal::AuthorizationPending => error("authorization_pending"),
        Refusal::SlowDown => error("slow_down"),
        Refusal::AccessDenied
        | Refusal::NotAssigned
        | Refusal::DeniedByPolicy
        | Refusal::AllScopesDenied
        | Refusal::ScopesDenied(_) => error("access_denied"),
        Refusal::ExpiredToken => error("expired_token"),
        // RFC 6749 section 5.2.
        Refusal::UnknownDeviceCode
        | Refusal::OtherClientsCode
        | Refusal::InvalidRefreshToken
        | Refusal::OtherClientsToken
        | Refusal::UnknownToken => error("invalid_grant"),
        Refusal::MissingClient
        | Refusal::UnknownClient
        | Refusal::UnknownClientInQuery
        | Refusal::InvalidCredentials
        | Refusal::WrongSecret
        | Refusal::WrongAuthenticationMethod => invalid_client(error("invalid_client"), at),
        Refusal::OrgServerOnly
        | Refusal::OutsideNetworkZone
        | Refusal::StartNotAllowed(_)
        | Refusal::GrantNotAllowed(_)
        | Refusal::ForeignOrigin
        | Refusal::BrowserGrant => error("unauthorized_client"),
        Refusal::UnsupportedGrantType { .. } => error("unsupported_grant_type"),
        Refusal::MissingScope | Refusal::UnknownScope(_) | Refusal::WidenedScope => error("invalid_scope"),
        Refusal::InvalidHint
        | Refusal::UnregisteredWayBack(_)
        | Refusal::MissingGrantType
        | Refusal::MissingParameter(_)
        | Refusal::DuplicateParameter
        | Refusal::CredentialsInQuery
        | Refusal::SeveralCredentials
        | Refusal::NotAForm => error("invalid_request"),
        // RFC 6750 section 3.1.
        Refusal::InvalidAccessToken => Reply::empty(401).with("WWW-Authenticate", r#"Bearer error="invalid_token""#),
        Refusal::InsufficientScope => {
            Reply::empty(403).with("WWW-Authenticate", r#"Bearer error="insufficient_scope""#)
        }
        // RFC 9110 sections 15.5.5, 15.5.6 and 15.5.14; RFC 6585 section 4.
        Refusal::UnknownPath | Refusal::UnknownIssuer(_) => Reply::empty(404),
        Refusal::MethodNotAllowed(methods) => Reply::empty(405).with("Allow", methods.join(", ")),
        Refusal::BodyTooLarge => Reply::empty(413),
        Refusal::TooManyStarts | Refusal::TooManyRequests | Refusal::TooManyAtOnce | Refusal::TooManyTokens => {
            Reply::empty(429)
        }
    }
}

/// What an introspection tells of either token.
const TOLD: &[Claim] = &[
    Claim::new("active", Source::Active),
    Claim::new("client_id", Source::ClientId),
    Claim::new("username", Source::Username),
    Claim::new("scope", Source::ScopeText),
    Claim::new("sub", Source::Username),
    Claim::new("iss", Source::Issuer),
    Claim::new("exp", Source::ExpiresAt),
    Claim::new("iat", Source::IssuedAt),
];

/// 401 with a challenge for whoever tried the header (S-44), and for every caller of introspection (RFC 7662 section 2.3).
fn invalid_client(reply: Reply, at: At) -> Reply {
    if !at.by_header && at.endpoint != Some(Endpoint::Introspection) {
        return reply;
    }
    reply
        .with_status(401)
        .with("WWW-Authenticate", r#"Basic realm="clients""#)
}
