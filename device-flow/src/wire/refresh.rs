//! Refreshing an access token (RFC 6749 section 6).

use core::time::Duration;

use super::token;
use crate::error::{LostCause, PeerMisbehaved};
use crate::http::{HttpRequest, HttpResponse};
use crate::names::{self, error_code};
use crate::secret::RefreshToken;
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::json::Object;
use crate::wire::token::Tokens;
use crate::wire::{Intake, strict};

const EXCHANGE: Exchange = Exchange {
    endpoint: token::ENDPOINT,
    is_verdict: error::is_final,
    deviation: strict::token,
};

/// Asks for new tokens. No scope is sent: the new ones are to have what was granted (X-50, A-79).
pub(crate) fn request(endpoint: &HttpUrl, client_id: &str, refresh_token: &RefreshToken) -> HttpRequest {
    HttpRequest::post_form(
        endpoint.as_str(),
        &[
            ("grant_type", names::REFRESH_TOKEN),
            ("refresh_token", refresh_token.expose()),
            ("client_id", client_id),
        ],
    )
}

/// Reads the answer.
///
/// # Errors
///
/// Only the server's own words are a refusal: whatever cannot be read counts as lost, for a session is not to end by a
/// hotel's network. What `strict` finds stays [`AnswerError::Misbehaved`].
pub(crate) fn response(response: &HttpResponse, intake: Intake) -> Result<Tokens, AnswerError> {
    let unreadable = || error::lost(response, intake, LostCause::Unreadable(response.status));
    match error::read(&EXCHANGE, response, intake) {
        Ok(answer) => token::read(&answer).map_err(|_| unreadable()),
        Err(AnswerError::Refused(refused)) if is_delay(&refused.error) => {
            let cause = LostCause::Unavailable(refused.status);
            let told = Object::read(response).and_then(|answer| answer.number("interval"));
            Err(match error::lost(response, intake, cause) {
                AnswerError::Lost(mut lost) => {
                    lost.retry_after = lost.retry_after.or(told.map(Duration::from_secs));
                    AnswerError::Lost(lost)
                }
                other => other,
            })
        }
        Err(AnswerError::Misbehaved(error)) if !matches!(error, PeerMisbehaved::Deviates { .. }) => Err(unreadable()),
        Err(other) => Err(other),
    }
}

/// Errors that say something about the moment, not about the token.
fn is_delay(error: &str) -> bool {
    matches!(
        error,
        error_code::SERVER_ERROR | error_code::SLOW_DOWN | error_code::TEMPORARILY_UNAVAILABLE
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    #[test]
    fn the_request_of_the_rfc_is_built_without_a_scope() {
        // RFC 6749 section 6 shows this body; a public client names itself (section 3.2.1).
        let endpoint = HttpUrl::parse("https://server.example.com/token").expect("an address");
        let request = request(&endpoint, "s6BhdRkqt3", &RefreshToken::new("tGzv3JOkF0XG5Qx2TlKWIA"));
        assert_eq!(
            core::str::from_utf8(&request.body),
            Ok("grant_type=refresh_token&refresh_token=tGzv3JOkF0XG5Qx2TlKWIA&client_id=s6BhdRkqt3")
        );
    }

    #[test]
    fn only_the_servers_own_words_are_a_refusal() {
        let check = |status, body: &str, expected: &str| {
            let answer = HttpResponse {
                status,
                headers: Vec::new(),
                body: body.into(),
            };
            let found: String = match response(&answer, Intake::default()) {
                Ok(_) => "tokens".into(),
                Err(AnswerError::Lost(lost)) => alloc::format!("{} {:?}", lost.cause.code(), lost.retry_after),
                Err(AnswerError::Misbehaved(error)) => error.code().into(),
                Err(AnswerError::Refused(refused)) => refused.to_string(),
            };
            assert_eq!(found, expected, "{status} {body}");
        };
        check(200, r#"{"access_token":"a","token_type":"Bearer"}"#, "tokens");
        // A-43, and O-70.
        check(
            400,
            r#"{"error":"invalid_grant","error_description":"The refresh token is invalid or expired."}"#,
            "The refresh token is invalid or expired",
        );
        check(401, r#"{"error":"invalid_client"}"#, "invalid_client");
        check(429, r#"{"error":"invalid_grant"}"#, "server_unavailable None"); // O-58
        check(
            400,
            r#"{"error":"slow_down","interval":7}"#,
            "server_unavailable Some(7s)",
        );
        check(400, r#"{"error":"temporarily_unavailable"}"#, "server_unavailable None");
        check(200, r#"{"access_token":"a"}"#, "answer_unreadable None");
        check(200, "<html>", "answer_unreadable None");
        check(302, "", "answer_unreadable None");
        check(404, "<html>", "answer_unreadable None");
    }
}
