//! The members of Okta's metadata document, in the order of a capture (section 2.8 of the facts).

use crate::personality::{Endpoint, Metadata};
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};

pub(super) const METADATA: &[(&str, Metadata)] = &[
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
    ("introspection_endpoint", Metadata::Endpoint(Endpoint::Introspection)),
    (
        "introspection_endpoint_auth_methods_supported",
        Metadata::Strings(AUTH_METHODS),
    ),
    ("revocation_endpoint", Metadata::Endpoint(Endpoint::Revocation)),
    (
        "revocation_endpoint_auth_methods_supported",
        Metadata::Strings(AUTH_METHODS),
    ),
    ("end_session_endpoint", Metadata::Endpoint(Endpoint::EndSession)),
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

pub(super) const GRANT_TYPES: &[&str] = &[
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
