//! Google as it deviates from the RFCs, by its public documentation.
//!
//! Where no other source is named, a fact is from "OAuth 2.0 for TV and Limited-Input Device Applications"
//! (<https://developers.google.com/identity/protocols/oauth2/limited-input-device>); OIDC stands for "OpenID Connect"
//! (<https://developers.google.com/identity/openid-connect/openid-connect>). What several hosts of Google's share out lives
//! on one host here. G-01 and so on are assumptions with a switch each.

use std::time::Duration;

use serde_json::json;

use super::assumptions::{GoogleAfterExpiry, GoogleDescriptions, GoogleDeviceCors};
use super::rfc::{self, RFC_ONLY};
use super::{
    AccessToken, AfterExpiry, Allow, Assumptions, At, Claim, CodeShape, CodesMember, Cors, Credentials, Endpoint, Ends,
    Entry, Ids, Intake, Issuers, Metadata, OthersTokens, Page, Paths, Personality, Refresh, Revocation, Revoked,
    Source, TokenRules, UserCodeMatch, Words, WrongCode,
};
use crate::json::JsonStyle;
use crate::random::BASE64URL;
use crate::refusal::{Refusal, Reply};
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};

pub(super) const ENTRY: Entry = Entry {
    name: "google",
    title: "Google's server",
    usual_port: 8631,
    issuers: |_| ISSUERS,
};

/// What lives on one host.
static ISSUERS: Issuers = &[(&GOOGLE, Ids::Only(""))];

static GOOGLE: Personality = Personality {
    name: "google",
    // At Google on accounts.google.com, oauth2.googleapis.com, openidconnect.googleapis.com, www.googleapis.com and
    // www.google.com.
    paths: Paths {
        issuer: "",
        device_authorization: "/device/code",
        token: "/token",
        revocation: "/revoke",
        introspection: None,
        userinfo: "/v1/userinfo",
        jwks: "/oauth2/v3/certs",
        metadata: &["/.well-known/openid-configuration"],
        verification: "/device",
        pages: &[],
    },
    // The sample of OIDC; `grant_types_supported` as coreos/go-oidc has it of the live document.
    metadata: &[&[
        ("issuer", Metadata::Issuer),
        ("authorization_endpoint", Metadata::Elsewhere("/o/oauth2/v2/auth")),
        (
            "device_authorization_endpoint",
            Metadata::Endpoint(Endpoint::DeviceAuthorization),
        ),
        ("token_endpoint", Metadata::Endpoint(Endpoint::Token)),
        ("userinfo_endpoint", Metadata::Endpoint(Endpoint::UserInfo)),
        ("revocation_endpoint", Metadata::Endpoint(Endpoint::Revocation)),
        ("jwks_uri", Metadata::Endpoint(Endpoint::Jwks)),
        (
            "response_types_supported",
            Metadata::Strings(&[
                "code",
                "token",
                "id_token",
                "code token",
                "code id_token",
                "token id_token",
                "code token id_token",
                "none",
            ]),
        ),
        ("subject_types_supported", Metadata::Strings(&["public"])),
        ("id_token_signing_alg_values_supported", Metadata::SigningAlgorithm),
        ("scopes_supported", Metadata::Strings(&["openid", "email", "profile"])),
        (
            "token_endpoint_auth_methods_supported",
            Metadata::Strings(&["client_secret_post", "client_secret_basic"]),
        ),
        (
            "claims_supported",
            Metadata::Strings(&[
                "aud",
                "email",
                "email_verified",
                "exp",
                "family_name",
                "given_name",
                "iat",
                "iss",
                "locale",
                "name",
                "picture",
                "sub",
            ]),
        ),
        (
            "code_challenge_methods_supported",
            Metadata::Strings(&["plain", "S256"]),
        ),
        (
            "grant_types_supported",
            Metadata::Strings(&[
                "authorization_code",
                REFRESH_TOKEN,
                DEVICE_CODE,
                "urn:ietf:params:oauth:grant-type:jwt-bearer",
            ]),
        ),
    ]],
    metadata_json: JsonStyle::Indented, // the samples' spacing
    json: JsonStyle::Indented,
    // G-01
    cors: Cors {
        device_authorization: Allow::Nobody,
        revocation: Allow::Nobody,
        ..RFC_ONLY.cors
    },
    intake: Intake {
        checks_grants: true,  // 401 invalid_client: "the OAuth client type is incorrect"
        scope_required: true, // step 1
        // "Allowed scopes"
        scopes: &[
            "email",
            "openid",
            "profile",
            "https://www.googleapis.com/auth/drive.appdata",
            "https://www.googleapis.com/auth/drive.file",
            "https://www.googleapis.com/auth/youtube",
            "https://www.googleapis.com/auth/youtube.readonly",
        ],
        ..RFC_ONLY.intake
    },
    // Step 1 sends no secret, step 4 does, and to refresh it is optional.
    credentials: Credentials {
        reads_basic: &[Endpoint::Token], // client_secret_basic
        secret_at: &[],
        secret_for: &[DEVICE_CODE],
        refuses_several: false,
        refuses_unregistered: false,
        ..RFC_ONLY.credentials
    },
    device_code: CodeShape::Prefixed("4/", BASE64URL, 43), // the sample of step 2
    user_code: CodeShape::Groups("ABCDEFGHIJKLMNOPQRSTUVWXYZ", &[4, 4]), // GQVQ-JKEC in the sample of step 2
    user_code_match: UserCodeMatch::Exact,                 // step 3: "case-sensitive"
    // The sample of step 2. There is no complete address.
    device_authorization_members: &[
        ("device_code", CodesMember::DeviceCode),
        ("user_code", CodesMember::UserCode),
        ("verification_url", CodesMember::VerificationUri),
        ("expires_in", CodesMember::ExpiresIn),
        ("interval", CodesMember::Interval),
    ],
    code_lifetime: Duration::from_secs(1800), // the sample of step 2
    interval: Duration::from_secs(5),
    after_expiry: AfterExpiry::Unknown, // G-02
    tokens: TokenRules {
        // The sample of step 6; where the ID token stands is ours.
        members: &[
            "access_token",
            "expires_in",
            "scope",
            "token_type",
            "id_token",
            "refresh_token",
        ],
        // The sample of step 6.
        told_scopes: &[
            ("profile", "https://www.googleapis.com/auth/userinfo.profile"),
            ("email", "https://www.googleapis.com/auth/userinfo.email"),
        ],
        lifetime: Duration::from_secs(3920),
        access_token: AccessToken::Opaque(CodeShape::Prefixed("1/", BASE64URL, 22)),
        refresh_token: CodeShape::Prefixed("1/", BASE64URL, 43),
        refresh: Refresh {
            asked_for_by: None, // step 6: "always returned for devices"
            rotates: false,
            is_told_again: false, // the sample of "Refreshing an access token"
            ..RFC_ONLY.tokens.refresh
        },
        // The sample of OIDC, and its table.
        id_token: &[&[
            Claim::new("iss", Source::Issuer),
            Claim::new("azp", Source::ClientId),
            Claim::new("aud", Source::ClientId),
            Claim::new("sub", Source::NumericUserId),
            Claim::new("at_hash", Source::AccessTokenHash),
            Claim::of("email", "email", Source::Email),
            Claim::of("email", "email_verified", Source::Flag(true)),
            Claim::of("profile", "name", Source::Name),
            Claim::new("iat", Source::IssuedAt),
            Claim::new("exp", Source::ExpiresAt),
        ]],
        userinfo: &[&[
            Claim::new("sub", Source::NumericUserId),
            Claim::of("profile", "name", Source::Name),
            Claim::of("email", "email", Source::Email),
            Claim::of("email", "email_verified", Source::Flag(true)),
        ]],
        // "Token revocation": whoever has a token may, in the query too, and the others of the sign-in end with it.
        revocation: Revocation {
            answer: Revoked::EmptyObject,
            by_anybody: true,
            reads_query: true,
            unknown_is_refused: true,
            others_tokens: OthersTokens::Revoked,
            ends: Ends::SignIn,
            ..RFC_ONLY.tokens.revocation
        },
        jws_header: &["alg", "kid", "typ"],
        jwk: &["kty", "alg", "use", "kid", "n", "e"],
        ..RFC_ONLY.tokens
    },
    // Step 5: code, sign-in, consent. The words are ours.
    page: Page {
        wrong_code: WrongCode::AskAgain("That code didn't work. Try again."),
        cookie: "SID",
        words: Words {
            brand: "Google",
            enter_title: "Connect a device",
            enter_text: "Enter the code displayed on your device.",
            code_label: "Code",
            next: "Next",
            confirm_title: "{client} wants to access your account",
            approve: "Allow", // step 6
            deny: "Cancel",
            approved_title: "Success!",
            approved_text: "Your device is now connected.",
            denied_title: "Access denied",
            denied_text: "Your device was not connected.",
        },
        ..RFC_ONLY.page
    },
    refuse,
    assume,
    ..RFC_ONLY
};

fn assume(facts: &mut Personality, assumed: &Assumptions) {
    let allow = match assumed.google_device_cors {
        GoogleDeviceCors::NoOrigin => Allow::Nobody,
        GoogleDeviceCors::AnyOrigin => RFC_ONLY.cors.device_authorization,
    };
    facts.cors.device_authorization = allow;
    facts.cors.revocation = allow;
    facts.after_expiry = match assumed.google_after_expiry {
        GoogleAfterExpiry::InvalidGrant => AfterExpiry::Unknown,
        GoogleAfterExpiry::ExpiredToken => RFC_ONLY.after_expiry,
    };
}

fn refuse(refusal: &Refusal, at: At) -> Reply {
    let documented = |status, code: &str, description: &str| {
        Reply::json(status, json!({ "error": code, "error_description": description }))
    };
    // G-03
    let error = |status, code: &str, description: &str| match at.assumptions.google_descriptions {
        GoogleDescriptions::Quoted => documented(status, code, description),
        GoogleDescriptions::Nothing => Reply::json(status, json!({ "error": code })),
    };
    match refusal {
        // Step 6.
        Refusal::AuthorizationPending => documented(428, "authorization_pending", "Precondition Required"),
        Refusal::SlowDown => documented(403, "slow_down", "Forbidden"),
        Refusal::AccessDenied | Refusal::NotAssigned => documented(403, "access_denied", "Forbidden"),
        // The table of "Other errors" has codes and statuses.
        Refusal::DeniedByPolicy => error(400, "admin_policy_enforced", "Bad Request"),
        // G-02
        Refusal::ExpiredToken if at.assumptions.google_after_expiry == GoogleAfterExpiry::ExpiredToken => {
            error(400, "expired_token", "Bad Request")
        }
        Refusal::UnknownDeviceCode | Refusal::OtherClientsCode | Refusal::ExpiredToken => {
            error(400, "invalid_grant", "Bad Request")
        }
        Refusal::UnknownClient => error(401, "invalid_client", "The OAuth client was not found."),
        Refusal::WrongSecret => error(401, "invalid_client", "Unauthorized"),
        Refusal::StartNotAllowed(_) | Refusal::GrantNotAllowed(_) => {
            error(401, "invalid_client", "Invalid client type.")
        }
        Refusal::UnsupportedGrantType { asked, .. } => {
            error(400, "unsupported_grant_type", &format!("Invalid grant_type: {asked}"))
        }
        Refusal::MissingGrantType => error(400, "unsupported_grant_type", "Invalid grant_type: "),
        // Step 2: "Quota exceeded response".
        Refusal::TooManyStarts => Reply::json(403, json!({ "error_code": "rate_limit_exceeded" })),
        // As clients quote it.
        Refusal::WrongAuthenticationMethod => error(400, "invalid_request", "client_secret is missing."),
        Refusal::MissingClient | Refusal::InvalidCredentials => {
            error(400, "invalid_request", "Could not determine client ID from request.")
        }
        Refusal::MissingScope => error(400, "invalid_request", "Missing required parameter: scope"),
        Refusal::MissingParameter(name) => {
            error(400, "invalid_request", &format!("Missing required parameter: {name}"))
        }
        Refusal::UnknownScope(scope) => error(400, "invalid_scope", &format!("Invalid device flow scope: {scope}")),
        Refusal::InvalidRefreshToken => error(400, "invalid_grant", "Token has been expired or revoked."),
        // "Token revocation": 400 and an error code.
        Refusal::UnknownToken => error(400, "invalid_token", "Token expired or revoked"),
        // Nothing is documented.
        _ => rfc::refuse(refusal, at),
    }
}
