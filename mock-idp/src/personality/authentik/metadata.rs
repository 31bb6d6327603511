//! The members of authentik's metadata document, in order (section 3.10 of the facts).

use super::ACR;
use crate::personality::{Endpoint, Metadata};
use crate::setup::DEVICE_CODE;

/// Up to where 2026.5 inserts two members.
pub(super) const ENDPOINTS: &[(&str, Metadata)] = &[
    ("issuer", Metadata::Issuer),
    (
        "authorization_endpoint",
        Metadata::Elsewhere("/application/o/authorize/"),
    ),
    ("token_endpoint", Metadata::Endpoint(Endpoint::Token)),
    ("userinfo_endpoint", Metadata::Endpoint(Endpoint::UserInfo)),
    ("end_session_endpoint", Metadata::Endpoint(Endpoint::EndSession)),
    ("introspection_endpoint", Metadata::Endpoint(Endpoint::Introspection)),
    ("revocation_endpoint", Metadata::Endpoint(Endpoint::Revocation)),
    (
        "device_authorization_endpoint",
        Metadata::Endpoint(Endpoint::DeviceAuthorization),
    ),
    ("backchannel_logout_supported", Metadata::Flag(true)),
    ("backchannel_logout_session_supported", Metadata::Flag(true)),
];

/// From 2026.5 on.
pub(super) const FRONT_CHANNEL: &[(&str, Metadata)] = &[
    ("frontchannel_logout_supported", Metadata::Flag(true)),
    ("frontchannel_logout_session_supported", Metadata::Flag(true)),
];

/// What follows.
pub(super) const REST: &[(&str, Metadata)] = &[
    (
        "response_types_supported",
        Metadata::Strings(&[
            "code",
            "id_token",
            "id_token token",
            "code token",
            "code id_token",
            "code id_token token",
        ]),
    ),
    (
        "response_modes_supported",
        Metadata::Strings(&["query", "fragment", "form_post"]),
    ),
    ("jwks_uri", Metadata::Endpoint(Endpoint::Jwks)),
    (
        "grant_types_supported",
        Metadata::Strings(&[
            "authorization_code",
            "refresh_token",
            "implicit",
            "client_credentials",
            "password",
            DEVICE_CODE,
        ]),
    ),
    ("id_token_signing_alg_values_supported", Metadata::SigningAlgorithm),
    ("subject_types_supported", Metadata::Strings(&["public"])),
    // `none` is missing although public clients work.
    (
        "token_endpoint_auth_methods_supported",
        Metadata::Strings(&["client_secret_post", "client_secret_basic"]),
    ),
    ("acr_values_supported", Metadata::Strings(&[ACR])),
    ("scopes_supported", Metadata::Scopes),
    ("request_parameter_supported", Metadata::Flag(false)),
    (
        "claims_supported",
        Metadata::Strings(&[
            "sub",
            "iss",
            "aud",
            "exp",
            "iat",
            "auth_time",
            "acr",
            "amr",
            "nonce",
            "email",
            "email_verified",
            "name",
            "given_name",
            "preferred_username",
            "nickname",
            "groups",
        ]),
    ),
    ("claims_parameter_supported", Metadata::Flag(false)),
    (
        "code_challenge_methods_supported",
        Metadata::Strings(&["plain", "S256"]),
    ),
];
