//! How authentik spells a refusal.

use serde_json::json;

use crate::personality::{At, Endpoint};
use crate::refusal::{Body, Refusal, Reply};

#[expect(clippy::too_many_lines, reason = "a table")]
pub(super) fn refuse(refusal: &Refusal, at: At) -> Reply {
    let error = |status, code: &str, description: &str| {
        Reply::json(
            status,
            json!({ "error": code, "error_description": description, "request_id": at.request_id }),
        )
    };
    let invalid_grant = || {
        // A-43
        error(
            400,
            "invalid_grant",
            "The provided authorization grant or refresh token is invalid, expired, revoked, does not match the \
             redirection URI used in the authorization request, or was issued to another client",
        )
    };
    match refusal {
        Refusal::AuthorizationPending => error(
            400,
            "authorization_pending",
            "The authorization request is still pending as the end user hasn't yet completed the user-interaction \
             steps",
        ), // A-41
        // A-52, A-55, A-58
        Refusal::ExpiredToken
        | Refusal::UnknownDeviceCode
        | Refusal::OtherClientsCode
        | Refusal::InvalidRefreshToken
        | Refusal::OtherClientsToken
        | Refusal::UnknownToken
        | Refusal::MissingParameter(_)
        | Refusal::GrantNotAllowed(_) => invalid_grant(),
        // A-101
        Refusal::MissingClient
        | Refusal::InvalidCredentials
        | Refusal::WrongSecret
        | Refusal::WrongAuthenticationMethod
        | Refusal::UnknownClient
            if at.endpoint == Some(Endpoint::Introspection) =>
        {
            Reply::json(200, json!({ "active": false }))
        }
        // A-12, A-16, A-50, A-100
        Refusal::MissingClient
        | Refusal::InvalidCredentials
        | Refusal::WrongSecret
        | Refusal::WrongAuthenticationMethod
        | Refusal::UnknownClient
        | Refusal::UnknownClientInQuery
        | Refusal::OrgServerOnly
        | Refusal::OutsideNetworkZone
        | Refusal::StartNotAllowed(_) => error(
            if at.endpoint == Some(Endpoint::Revocation) {
                401
            } else {
                400
            },
            "invalid_client",
            "Client authentication failed (e.g., unknown client, no client authentication included, or unsupported \
             authentication method)",
        ), // A-40
        // A-51
        Refusal::MissingGrantType | Refusal::UnsupportedGrantType { .. } => error(
            400,
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server",
        ), // A-44
        Refusal::MissingScope | Refusal::UnknownScope(_) | Refusal::WidenedScope => error(
            400,
            "invalid_scope",
            "The requested scope is invalid, unknown, malformed, or exceeds the scope granted by the resource owner",
        ), // A-45
        Refusal::DuplicateParameter
        | Refusal::CredentialsInQuery
        | Refusal::SeveralCredentials
        | Refusal::NotAForm
        | Refusal::ForeignOrigin
        | Refusal::InvalidHint
        | Refusal::UnregisteredWayBack(_)
        | Refusal::BrowserGrant => {
            error(400, "invalid_request", "The request is otherwise malformed") // A-46
        }
        // A-48: defined, never raised
        Refusal::AccessDenied
        | Refusal::NotAssigned
        | Refusal::DeniedByPolicy
        | Refusal::AllScopesDenied
        | Refusal::ScopesDenied(_) => error(400, "access_denied", "The authorization request was denied."),
        // A-34 with the text of A-42, whose two missing blanks are real
        Refusal::SlowDown
        | Refusal::TooManyStarts
        | Refusal::TooManyRequests
        | Refusal::TooManyAtOnce
        | Refusal::TooManyTokens => error(
            429,
            "slow_down",
            "A variant of \"authorization_pending\", the authorization request isstill pending and polling should \
             continue, but the interval MUSTbe increased by 5 seconds for this and all subsequent requests.",
        ),
        // A-102: without the word Bearer
        Refusal::InvalidAccessToken => Reply::empty(401).with(
            "WWW-Authenticate",
            r#"error="invalid_token", error_description="The access token provided is expired, revoked, malformed, or invalid for other reasons""#,
        ),
        Refusal::InsufficientScope => Reply::empty(403).with(
            "WWW-Authenticate",
            r#"error="insufficient_scope", error_description="The request requires higher privileges than provided by the access token""#,
        ),
        Refusal::UnknownPath | Refusal::UnknownIssuer(_) => {
            // A-89: the page is HTML; its words are ours.
            Reply::notice(404, "Not Found", "The page you asked for does not exist.")
        }
        // A-18, A-60
        Refusal::MethodNotAllowed(methods) => {
            let head = if methods.contains(&"GET") { ", HEAD" } else { "" };
            Reply::empty(405)
                .with("Content-Type", HTML)
                .with("Allow", format!("{}{head}, OPTIONS", methods.join(", ")))
        }
        Refusal::BodyTooLarge => Reply::empty(413),
    }
}

/// Before 2025.8: bodies without `request_id` (section 3.5), and none at all from the device endpoint (A-13, A-34).
pub(super) fn refuse_2025_6(refusal: &Refusal, at: At) -> Reply {
    let mut reply = refuse(refusal, at);
    let Body::Json(body) = &mut reply.body else {
        return reply;
    };
    if at.endpoint == Some(Endpoint::DeviceAuthorization) {
        return Reply::empty(reply.status).with("Content-Type", HTML);
    }
    if let Some(members) = body.as_object_mut() {
        members.shift_remove("request_id");
    }
    reply
}

/// The media type of answers without a type of their own.
const HTML: &str = "text/html; charset=utf-8";
