//! Okta as it deviates from the RFCs: the org authorization server, and custom ones beside it.
//!
//! Ids in comments (O-12) name the facts of `tests/data/index.md`.

use std::time::Duration;

use serde_json::json;

use super::rfc::{BASE20, RFC_ONLY};
use super::{
    AfterExpiry, Allow, Claim, CodeShape, Cors, Endpoint, HeaderSets, HeaderValue, Intake, Issuers, Metadata, Page,
    Paths, Personality, Preflight, Refresh, SignIn, Source, TokenRules, UserCodeMatch, Words, WrongCode,
};
use crate::random::{BASE64URL, base64url};
use crate::refusal::{Refusal, Reply};
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};

/// What lives on one host.
pub(super) static ISSUERS: Issuers = &[(&OKTA_ORG, ""), (&OKTA_CUSTOM_AS, "default")];

/// The org authorization server: its issuer is the org's own address.
static OKTA_ORG: Personality = ORG;

/// A custom authorization server, such as `default`.
static OKTA_CUSTOM_AS: Personality = Personality {
    name: "okta-custom-as",
    paths: Paths {
        issuer: "/oauth2/{id}",                                   // O-01
        device_authorization: "/oauth2/{id}/v1/device/authorize", // O-02
        token: "/oauth2/{id}/v1/token",                           // O-03
        userinfo: "/oauth2/{id}/v1/userinfo",                     // O-04
        jwks: "/oauth2/{id}/v1/keys",                             // O-04
        metadata: &[
            "/oauth2/{id}/.well-known/openid-configuration",       // O-05
            "/oauth2/{id}/.well-known/oauth-authorization-server", // O-06: appended, against RFC 8414 section 3
        ],
        verification: "/activate", // O-08: at the org root all the same
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
        access_token: Some(&[
            Claim::new("ver", Source::Number(1)),
            Claim::new("jti", Source::Random("AT.", BASE64URL, 43)),
            Claim::new("iss", Source::Issuer),
            Claim::new("aud", Source::Text("api://default")), // O-123
            Claim::new("iat", Source::IssuedAt),
            Claim::new("exp", Source::ExpiresAt),
            Claim::new("cid", Source::ClientId),
            Claim::new("uid", Source::PrefixedUserId("00u")),
            Claim::new("scp", Source::ScopeList),
            Claim::new("auth_time", Source::ApprovedAt),
            Claim::new("sub", Source::Email), // O-123: the login, which looks like an address
        ]),
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
        userinfo: "/oauth2/v1/userinfo",
        jwks: "/oauth2/v1/keys",
        metadata: &["/.well-known/openid-configuration"],
        verification: "/activate",
    },
    metadata: METADATA,
    headers: HeaderSets {
        // O-97, without its content security policy and cookies, whose values no source gives.
        always: &[
            ("Server", HeaderValue::Text("nginx")),
            ("X-Okta-Request-Id", HeaderValue::RequestId),
            ("X-Rate-Limit-Limit", HeaderValue::Text("300")), // O-100
            ("X-Rate-Limit-Remaining", HeaderValue::Text("299")),
            ("X-Rate-Limit-Reset", HeaderValue::EpochIn(60)),
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
        userinfo: Allow::Registered,
        metadata: Allow::Registered,
        jwks: Allow::Registered,
        exposed: "Date, Link, X-Okta-Edge-Log, X-Okta-Request-Id, X-Rate-Limit-Limit, X-Rate-Limit-Remaining, \
                  X-Rate-Limit-Reset", // O-109
        preflight: Preflight {
            max_age: Some("3600"), // O-106
            echoes_headers: false,
            any_origin: false,
            ..RFC_ONLY.cors.preflight
        },
        token_refuses_foreign_origins: true, // O-79; its trigger is unverified: U-08
        ..RFC_ONLY.cors
    },
    intake: Intake {
        refuses_credentials_in_query: true, // O-67
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
    user_code_match: UserCodeMatch::Folded(BASE20),                    // O-141, U-07
    code_lifetime: Duration::from_secs(600),                           // O-16
    after_expiry: AfterExpiry::ExpiredToken(Duration::from_secs(600)), // U-05
    tokens: TokenRules {
        members: &[
            "token_type",
            "expires_in",
            "access_token",
            "scope",
            "refresh_token",
            "id_token",
        ], // O-20
        access_token: Some(&[
            Claim::new("ver", Source::Number(1)), // O-122
            Claim::new("jti", Source::Random("AT.", BASE64URL, 43)),
            Claim::new("iss", Source::Issuer),
            Claim::new("aud", Source::Host), // O-123
            Claim::new("iat", Source::IssuedAt),
            Claim::new("exp", Source::ExpiresAt),
            Claim::new("cid", Source::ClientId),
            Claim::new("uid", Source::PrefixedUserId("00u")),
            Claim::new("scp", Source::ScopeList),
            Claim::new("auth_time", Source::ApprovedAt),
            Claim::new("sub", Source::Email),
        ]),
        id_token: &[
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
        ],
        userinfo: &[
            Claim::new("sub", Source::PrefixedUserId("00u")),
            Claim::of("profile", "name", Source::Name),
            Claim::of("profile", "preferred_username", Source::Email),
            Claim::of("email", "email", Source::Email),
            Claim::of("email", "email_verified", Source::Flag(true)),
        ],
        refresh_token: CodeShape::Characters(BASE64URL, 43), // O-125
        refresh: Refresh {
            rotates: false,                                // O-128: native apps keep the same token
            lifetime: Duration::from_secs(90 * 24 * 3600), // O-127
            scope_must_keep_offline_access: false,
        },
        jws_header: &["kid", "alg"],                  // O-120
        jwk: &["kty", "alg", "kid", "use", "e", "n"], // O-126
        ..RFC_ONLY.tokens
    },
    page: Page {
        sign_in: SignIn::AfterCode,                                  // O-145
        wrong_code: WrongCode::AskAgain("Invalid code. Try again."), // O-142
        has_deny: true,
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
    refuse,
    ..RFC_ONLY
};

/// The members of section 2.8, in captured order.
const METADATA: &[(&str, Metadata)] = &[
    ("issuer", Metadata::Issuer),
    ("authorization_endpoint", Metadata::BesideToken("authorize")),
    ("token_endpoint", Metadata::Endpoint(Endpoint::Token)),
    ("userinfo_endpoint", Metadata::Endpoint(Endpoint::UserInfo)),
    ("registration_endpoint", Metadata::Elsewhere("/oauth2/v1/clients")), // O-07
    ("jwks_uri", Metadata::Endpoint(Endpoint::Jwks)),
    (
        "response_types_supported",
        Metadata::Strings(&[
            "code",
            "id_token",
            "code id_token",
            "code token",
            "id_token token",
            "code id_token token",
        ]),
    ),
    (
        "response_modes_supported",
        Metadata::Strings(&["query", "fragment", "form_post", "okta_post_message"]),
    ),
    ("grant_types_supported", Metadata::Strings(GRANT_TYPES)),
    ("subject_types_supported", Metadata::Strings(&["public"])),
    ("id_token_signing_alg_values_supported", Metadata::SigningAlgorithm),
    (
        "id_token_encryption_alg_values_supported",
        Metadata::Strings(&["RSA-OAEP-256", "RSA-OAEP-384", "RSA-OAEP-512"]),
    ),
    (
        "id_token_encryption_enc_values_supported",
        Metadata::Strings(&["A256GCM"]),
    ),
    ("scopes_supported", Metadata::Scopes),
    ("token_endpoint_auth_methods_supported", Metadata::Strings(AUTH_METHODS)),
    (
        "claims_supported",
        Metadata::Strings(&[
            "iss",
            "ver",
            "sub",
            "aud",
            "iat",
            "exp",
            "jti",
            "auth_time",
            "amr",
            "idp",
            "nonce",
            "name",
            "nickname",
            "preferred_username",
            "given_name",
            "middle_name",
            "family_name",
            "email",
            "email_verified",
            "profile",
            "zoneinfo",
            "locale",
            "address",
            "phone_number",
            "picture",
            "website",
            "gender",
            "birthdate",
            "updated_at",
            "at_hash",
            "c_hash",
        ]),
    ),
    ("code_challenge_methods_supported", Metadata::Strings(&["S256"])),
    ("introspection_endpoint", Metadata::BesideToken("introspect")),
    (
        "introspection_endpoint_auth_methods_supported",
        Metadata::Strings(AUTH_METHODS),
    ),
    ("revocation_endpoint", Metadata::BesideToken("revoke")),
    (
        "revocation_endpoint_auth_methods_supported",
        Metadata::Strings(AUTH_METHODS),
    ),
    ("end_session_endpoint", Metadata::BesideToken("logout")),
    ("request_parameter_supported", Metadata::Flag(true)),
    (
        "request_object_signing_alg_values_supported",
        Metadata::Strings(&[
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
        ]),
    ),
    (
        "device_authorization_endpoint",
        Metadata::Endpoint(Endpoint::DeviceAuthorization),
    ),
    ("pushed_authorization_request_endpoint", Metadata::BesideToken("par")),
    (
        "backchannel_token_delivery_modes_supported",
        Metadata::Strings(&["poll"]),
    ),
    (
        "backchannel_authentication_request_signing_alg_values_supported",
        Metadata::Strings(&[
            "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "ES256", "ES384", "ES512",
        ]),
    ),
    (
        "dpop_signing_alg_values_supported",
        Metadata::Strings(&["RS256", "RS384", "RS512", "ES256", "ES384", "ES512"]),
    ),
];

const GRANT_TYPES: &[&str] = &[
    "authorization_code",
    "implicit",
    REFRESH_TOKEN,
    "password",
    DEVICE_CODE,
    "urn:openid:params:grant-type:ciba",
    "urn:okta:params:oauth:grant-type:otp",
    "http://auth0.com/oauth/grant-type/mfa-otp",
    "urn:okta:params:oauth:grant-type:oob",
    "http://auth0.com/oauth/grant-type/mfa-oob",
];

const AUTH_METHODS: &[&str] = &[
    "client_secret_basic",
    "client_secret_post",
    "client_secret_jwt",
    "private_key_jwt",
    "none",
];

fn refuse(refusal: &Refusal, request_id: &str) -> Reply {
    let oauth = |status, error: &str, description: &str| {
        Reply::json(status, json!({ "error": error, "error_description": description }))
    };
    let native = |status, code: &str, summary: &str| native(status, code, summary, request_id);
    match refusal {
        // The numbers are O-30 and so on.
        Refusal::AuthorizationPending => {
            oauth(
                400,
                "authorization_pending",
                "The device authorization is pending. Please try again later.",
            ) // O-30
        }
        Refusal::SlowDown => {
            oauth(
                400,
                "slow_down",
                "Slow down the polling frequency. Please try again later.",
            ) // O-31
        }
        Refusal::ExpiredToken => oauth(400, "expired_token", "The device code has expired."), // O-32
        Refusal::UnknownDeviceCode => {
            oauth(400, "invalid_grant", "The device code is invalid or has expired.") // O-33, O-37
        }
        Refusal::OtherClientsCode => oauth(
            400,
            "invalid_grant",
            "The grant was issued to another client. Please make sure the 'client_id' matches the one used at the \
             authorize request.",
        ), // O-34
        Refusal::AccessDenied => {
            // O-35; the status is unverified: U-01
            oauth(
                400,
                "access_denied",
                "The resource owner or authorization server denied the request.",
            )
        }
        Refusal::MissingClient => oauth(401, "invalid_client", "No client credentials found."), // O-50
        Refusal::UnknownClient => {
            // O-54; at the device authorization endpoint unverified: U-03
            native(400, "invalid_client", "Invalid value for 'client_id' parameter.")
        }
        Refusal::GrantNotAllowed(configured) => oauth(
            400,
            "unauthorized_client",
            &format!(
                "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
                configured.join(", ")
            ),
        ), // O-55
        Refusal::UnsupportedGrantType(configured) => oauth(
            400,
            "unsupported_grant_type",
            &format!(
                "The authorization grant type is not supported by the authorization server. Configured grant types: \
                 [{}].",
                configured.join(", ")
            ),
        ), // O-57
        Refusal::TooManyStarts => {
            oauth(
                429,
                "too_many_user_codes",
                "Too many user codes generated. Please try again later.",
            ) // O-59
        }
        Refusal::UnknownScope | Refusal::WidenedScope => oauth(
            400,
            "invalid_scope",
            "One or more scopes are not configured for the authorization server resource.",
        ), // O-60
        Refusal::MissingScope => oauth(400, "invalid_scope", "No scopes were requested."), // O-61
        Refusal::MissingGrantType => oauth(
            400,
            "invalid_request",
            &format!(
                "The token request must specify a 'grant_type'. Valid values: [{}]",
                GRANT_TYPES.join(", ")
            ),
        ), // O-64
        Refusal::MissingParameter(name) => {
            oauth(
                400,
                "invalid_request",
                &format!("The required parameter '{name}' is missing."),
            ) // O-65
        }
        Refusal::DuplicateParameter => {
            oauth(
                400,
                "invalid_request",
                "The request contained multiple parameters with the same name.",
            ) // O-66
        }
        Refusal::CredentialsInQuery => {
            oauth(
                400,
                "invalid_request",
                "Client credentials cannot be supplied via query parameters.",
            ) // O-67
        }
        Refusal::InvalidRefreshToken => oauth(400, "invalid_grant", "The refresh token is invalid or expired."), // O-70
        Refusal::ForeignOrigin => oauth(
            400,
            "invalid_request",
            "Browser requests to the token endpoint must be made from one of the registered Trusted Origins.",
        ), // O-79
        // O-132
        Refusal::InvalidAccessToken => Reply::empty(401).with(
            "WWW-Authenticate",
            r#"Bearer error="invalid_token", error_description="The access token is invalid""#,
        ),
        Refusal::InsufficientScope => {
            Reply::empty(403).with("WWW-Authenticate", r#"Bearer error="insufficient_scope""#)
        }
        // O-10 and the table after O-91
        Refusal::UnknownIssuer(id) => {
            let summary = format!("Not found: Resource not found: {id} (AuthorizationServer)");
            native(404, "E0000007", &summary)
        }
        Refusal::UnknownPath => native(404, "E0000008", "The requested path was not found"),
        Refusal::MethodNotAllowed(_) => native(
            405,
            "E0000022",
            "The endpoint does not support the provided HTTP method",
        ),
        Refusal::NotAForm => native(
            400,
            "E0000021",
            "Bad request.  Accept and/or Content-Type headers likely do not match supported values.",
        ),
        Refusal::BodyTooLarge => native(400, "E0000003", "The request body was not well-formed."),
    }
}

/// The error object of everything decided before OAuth (O-90): `errorId` is `oae` and 22 characters of base64url.
fn native(status: u16, code: &str, summary: &str, request_id: &str) -> Reply {
    let bytes: Vec<u8> = (0..request_id.len() / 2)
        .filter_map(|at| u8::from_str_radix(request_id.get(2 * at..2 * at + 2)?, 16).ok())
        .collect();
    Reply::json(
        status,
        json!({
            "errorCode": code,
            "errorSummary": summary,
            "errorLink": code,
            "errorId": format!("oae{}", base64url(&bytes)),
            "errorCauses": [],
        }),
    )
}
