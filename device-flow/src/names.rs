//! Names the standards fix: parameters, grant type, error codes, well-known paths.

/// `grant_type` of the device access token request (RFC 8628 section 3.4).
pub(crate) const DEVICE_CODE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The hint for an access token (RFC 7009 section 2.1).
pub(crate) const ACCESS_TOKEN: &str = "access_token";
/// `grant_type` of the refresh request (RFC 6749 section 6), which is also the hint for such a token (RFC 7009).
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

/// Path appended to the issuer (OpenID Connect Discovery 1.0 section 4).
pub(crate) const OPENID_CONFIGURATION: &str = "/.well-known/openid-configuration";
/// Path inserted between host and issuer path (RFC 8414 section 3.1).
pub(crate) const OAUTH_AUTHORIZATION_SERVER: &str = "/.well-known/oauth-authorization-server";

/// Media type of every request body (RFC 8628 section 3.1).
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
/// Media type of every answer (RFC 6749 section 5.1).
pub(crate) const JSON: &str = "application/json";

/// Error codes of RFC 8628 section 3.5 and RFC 6749 section 5.2, two of its section 4.1.2.1, one of Okta's (O-59), and for what
/// comes after one each of RFC 7009 section 2.2.1 and RFC 6750 section 3.1.
pub(crate) mod error_code {
    pub(crate) const ACCESS_DENIED: &str = "access_denied";
    pub(crate) const AUTHORIZATION_PENDING: &str = "authorization_pending";
    pub(crate) const EXPIRED_TOKEN: &str = "expired_token";
    pub(crate) const INVALID_CLIENT: &str = "invalid_client";
    pub(crate) const INVALID_GRANT: &str = "invalid_grant";
    pub(crate) const INVALID_REQUEST: &str = "invalid_request";
    pub(crate) const INVALID_SCOPE: &str = "invalid_scope";
    pub(crate) const INVALID_TOKEN: &str = "invalid_token";
    pub(crate) const SERVER_ERROR: &str = "server_error";
    pub(crate) const SLOW_DOWN: &str = "slow_down";
    pub(crate) const TEMPORARILY_UNAVAILABLE: &str = "temporarily_unavailable";
    pub(crate) const TOO_MANY_USER_CODES: &str = "too_many_user_codes";
    pub(crate) const UNAUTHORIZED_CLIENT: &str = "unauthorized_client";
    pub(crate) const UNSUPPORTED_GRANT_TYPE: &str = "unsupported_grant_type";
    pub(crate) const UNSUPPORTED_TOKEN_TYPE: &str = "unsupported_token_type";
}
