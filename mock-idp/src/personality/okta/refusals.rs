//! How Okta spells a refusal: an OAuth error, or its own error object for everything decided before OAuth.

use serde_json::json;

use super::metadata::GRANT_TYPES;
use crate::personality::At;
use crate::personality::assumptions::{OktaDeniedStatus, OktaUnknownClient};
use crate::random::base64url;
use crate::refusal::{Refusal, Reply};
use crate::setup::TOKEN;

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn refuse(refusal: &Refusal, at: At) -> Reply {
    let oauth = |status, error: &str, description: &str| {
        Reply::json(status, json!({ "error": error, "error_description": description }))
    };
    let native = |status, code: &str, summary: &str| native(status, code, summary, at.request_id);
    let assumed = at.assumptions;
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
            // O-35
            oauth(
                match assumed.okta_denied_status {
                    OktaDeniedStatus::BadRequest => 400,
                    OktaDeniedStatus::Forbidden => 403,
                }, // U-01
                "access_denied",
                "The resource owner or authorization server denied the request.",
            )
        }
        Refusal::NotAssigned => {
            oauth(400, "access_denied", "User is not assigned to the client application.") // O-36
        }
        Refusal::DeniedByPolicy => oauth(
            401,
            "access_denied",
            "Policy evaluation failed for this request, please check the policy configurations.",
        ), // O-40
        Refusal::AllScopesDenied => oauth(
            400,
            "access_denied",
            "Policy evaluation succeeded, but all the requested scopes were rejected.",
        ), // O-41
        Refusal::ScopesDenied(denied) => oauth(
            400,
            "access_denied",
            &format!(
                "Some of the requested scopes were denied by the policy. Denied scopes: [{}].",
                denied.join(", ")
            ),
        ), // O-42
        Refusal::MissingClient => oauth(401, "invalid_client", "No client credentials found."), // O-50
        Refusal::InvalidCredentials => oauth(
            401,
            "invalid_client",
            "Found Authentication header but was not valid client credentials.",
        ), // O-53
        Refusal::WrongAuthenticationMethod => oauth(
            401,
            "invalid_client",
            "Client authentication failed. Either the client or the client credentials are invalid.",
        ), // O-51
        Refusal::WrongSecret => oauth(
            401,
            "invalid_client",
            "The client secret supplied for a confidential client is invalid.",
        ), // O-52
        Refusal::SeveralCredentials => oauth(
            401,
            "invalid_request",
            "Cannot supply multiple client credentials. Use one of the following: credentials in the Authorization \
             header, credentials in the post body, or a client_assertion in the post body.",
        ), // O-67b
        Refusal::UnknownClient => {
            // O-54, U-03
            let text = "Invalid value for 'client_id' parameter.";
            match assumed.okta_unknown_client {
                OktaUnknownClient::Native400 => native(400, "invalid_client", text),
                OktaUnknownClient::Native401 => native(401, "invalid_client", text),
                OktaUnknownClient::OAuth401 => oauth(401, "invalid_client", text),
            }
        }
        Refusal::UnknownClientInQuery => {
            native(400, "invalid_client", "Invalid value for `client_id` parameter") // O-09
        }
        Refusal::OrgServerOnly => oauth(
            400,
            "unauthorized_client",
            "This client cannot use a custom authorization server.",
        ), // O-56
        Refusal::OutsideNetworkZone => oauth(
            403,
            "access_denied",
            "The request is made from outside the client's permitted network zones.",
        ), // O-43
        Refusal::StartNotAllowed(configured) | Refusal::GrantNotAllowed(configured) => oauth(
            400,
            "unauthorized_client",
            &format!(
                "The client is not authorized to use the provided grant type. Configured grant types: [{}].",
                configured.join(", ")
            ),
        ), // O-55
        Refusal::UnsupportedGrantType { configured, .. } => oauth(
            400,
            "unsupported_grant_type",
            &format!(
                "The authorization grant type is not supported by the authorization server. Configured grant types: \
                 [{}].",
                configured.join(", ")
            ),
        ), // O-57
        Refusal::TooManyRequests | Refusal::TooManyAtOnce => native(429, "E0000047", RATE_LIMIT),
        Refusal::TooManyTokens => oauth(429, "invalid_grant", RATE_LIMIT), // O-58
        Refusal::TooManyStarts => {
            oauth(
                429,
                "too_many_user_codes",
                "Too many user codes generated. Please try again later.",
            ) // O-59
        }
        Refusal::UnknownScope(_) | Refusal::WidenedScope => oauth(
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
        Refusal::MissingParameter(TOKEN) => oauth(400, "invalid_request", "The 'token' parameter is required."), // O-131
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
        Refusal::InvalidRefreshToken | Refusal::OtherClientsToken | Refusal::UnknownToken => {
            oauth(400, "invalid_grant", "The refresh token is invalid or expired.")
        } // O-70
        Refusal::ForeignOrigin => oauth(
            400,
            "invalid_request",
            "Browser requests to the token endpoint must be made from one of the registered Trusted Origins.",
        ), // O-79
        Refusal::BrowserGrant => oauth(
            400,
            "unauthorized_client",
            "Browser requests to the token endpoint may only use the authorization_code grant_type.",
        ), // O-75
        // O-132
        Refusal::InvalidAccessToken => Reply::empty(401).with(
            "WWW-Authenticate",
            r#"Bearer error="invalid_token", error_description="The access token is invalid""#,
        ),
        Refusal::InsufficientScope => {
            Reply::empty(403).with("WWW-Authenticate", r#"Bearer error="insufficient_scope""#)
        }
        Refusal::InvalidHint => error_page("The 'id_token_hint' parameter is missing or invalid."), // O-133
        Refusal::UnregisteredWayBack(uri) => error_page(&format!(
            "The 'post_logout_redirect_uri' parameter must be a Logout redirect URI in the client app settings: {uri}"
        )),
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

/// The words of E0000047, and of O-58.
const RATE_LIMIT: &str = "API call exceeded rate limit due to too many requests.";

/// The page that a browser gets (O-133).
fn error_page(text: &str) -> Reply {
    Reply::notice(
        400,
        "400 Bad Request",
        format!("Your request resulted in an error. {text}"),
    )
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
