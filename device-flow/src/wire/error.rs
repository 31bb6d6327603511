//! What every answer has in common: decide by `error`, then by status.

use crate::error::{ErrorResponse, Lost, LostCause, PeerMisbehaved};
use crate::http::HttpResponse;
use crate::names::error_code;
use crate::wire::json::Object;
use crate::wire::{Intake, retry_after};

/// Why an answer holds no value.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum AnswerError {
    /// No verdict: ask again later.
    Lost(Lost),
    /// The server broke a rule.
    Misbehaved(PeerMisbehaved),
    /// An OAuth error response.
    Refused(ErrorResponse),
}

/// What tells one exchange from another before its members are read.
pub(crate) struct Exchange {
    /// Who answers.
    pub(crate) endpoint: &'static str,
    /// Whether an error code settles the matter with any status.
    pub(crate) is_verdict: fn(&str) -> bool,
    /// The first rule that an answer breaks and that is forgiven unless the configuration is strict.
    pub(crate) deviation: fn(&HttpResponse, &Object) -> Option<&'static str>,
}

/// Reads the body of an answer: the object of a success, or why there is none.
///
/// An `error` member is believed whatever the status (X-20, X-21), save that 408, 429 and 5xx only delay
/// unless [`Exchange::is_verdict`] says that this error code settles the matter (X-04, X-23): servers and what stands before them
/// put all manner of words into those, such as "authentik starting" (A-87).
pub(crate) fn read(exchange: &Exchange, response: &HttpResponse, intake: Intake) -> Result<Object, AnswerError> {
    let (endpoint, status) = (exchange.endpoint, response.status);
    let object = Object::read(response);
    let refused = object.as_ref().and_then(|object| error_response(status, object));
    let is_delay = matches!(status, 408 | 429 | 500..=599);
    let is_success = matches!(status, 200..=299);
    let answer = match (refused, object) {
        (Some(refused), Some(object)) if !is_delay || (exchange.is_verdict)(&refused.error) => (object, Some(refused)),
        _ if is_delay => return Err(lost(response, intake, LostCause::Unavailable(status))),
        (_, Some(object)) if is_success => (object, None),
        (_, None) if is_success => return Err(lost(response, intake, LostCause::Unreadable(status))),
        // Status 0 is how a browser hands over a redirect that it was told not to follow.
        _ if matches!(status, 0 | 300..=399) => {
            return Err(AnswerError::Misbehaved(PeerMisbehaved::Redirected { endpoint, status }));
        }
        _ => {
            return Err(AnswerError::Misbehaved(PeerMisbehaved::AnswerUnreadable {
                endpoint,
                status,
            }));
        }
    };
    let (object, refused) = answer;
    if intake.strict
        && let Some(rule) = (exchange.deviation)(response, &object)
    {
        return Err(AnswerError::Misbehaved(PeerMisbehaved::Deviates { endpoint, rule }));
    }
    refused.map_or(Ok(object), |refused| Err(AnswerError::Refused(refused)))
}

/// No verdict, and when to ask again.
pub(super) fn lost(response: &HttpResponse, intake: Intake, cause: LostCause) -> AnswerError {
    let told = retry_after::read(response, intake.server_time);
    AnswerError::Lost(Lost {
        cause,
        is_moment: told.as_ref().is_some_and(|told| told.is_moment),
        retry_after: told.map(|told| told.wait),
    })
}

/// Whether an RFC says what this error means to a client that cannot mend it: that is a verdict with any status.
///
/// `invalid_grant` is left out, because Okta also says it of too many requests (O-58).
pub(super) fn is_final(code: &str) -> bool {
    use error_code::{
        ACCESS_DENIED, EXPIRED_TOKEN, INVALID_CLIENT, INVALID_REQUEST, INVALID_SCOPE, UNAUTHORIZED_CLIENT,
        UNSUPPORTED_GRANT_TYPE,
    };
    [
        ACCESS_DENIED,
        EXPIRED_TOKEN,
        INVALID_CLIENT,
        INVALID_REQUEST,
        INVALID_SCOPE,
        UNAUTHORIZED_CLIENT,
        UNSUPPORTED_GRANT_TYPE,
    ]
    .contains(&code)
}

fn error_response(status: u16, object: &Object) -> Option<ErrorResponse> {
    // Okta answers what it decides before its OAuth layer with an object of its own (O-54, O-90, X-25).
    let (error, description) = match object.line("error") {
        Some(error) => (error, object.line("error_description")),
        None => match object.line("errorCode") {
            Some(error) => (error, object.line("errorSummary")),
            // Google, of too many codes ("Quota exceeded response").
            None => (object.line("error_code")?, None),
        },
    };
    Some(ErrorResponse {
        status,
        error,
        error_description: description,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use alloc::vec;

    const EXCHANGE: Exchange = Exchange {
        endpoint: "token endpoint",
        is_verdict: |code| code == "slow_down",
        deviation: |_, _| None,
    };

    fn check(status: u16, body: &str, expected: &str) {
        let headers = vec![("Retry-After".to_string(), "2".to_string())];
        let response = HttpResponse {
            status,
            headers,
            body: body.into(),
        };
        let text: String = match read(&EXCHANGE, &response, Intake::default()) {
            Ok(_) => "read".into(),
            Err(AnswerError::Lost(lost)) => {
                alloc::format!("{} after {:?}", lost.cause.code(), lost.retry_after.unwrap_or_default())
            }
            Err(AnswerError::Misbehaved(error)) => error.code().into(),
            Err(AnswerError::Refused(response)) => response.to_string(),
        };
        assert_eq!(text, expected, "{status} {body}");
    }

    #[test]
    fn the_error_member_decides_before_the_status() {
        let pending = r#"{"error":"authorization_pending"}"#;
        for status in [200, 400, 401, 403, 428] {
            check(status, pending, "authorization_pending");
        }
    }

    #[test]
    fn a_busy_server_is_asked_again_unless_it_gave_a_verdict() {
        check(429, "<html>", "server_unavailable after 2s");
        check(503, r#"{"error":"authentik starting"}"#, "server_unavailable after 2s");
        check(429, r#"{"error":"slow_down"}"#, "slow_down");
        check(408, "", "server_unavailable after 2s");
    }

    #[test]
    fn an_unreadable_success_may_come_from_a_hotel_network() {
        check(200, "<html>Welcome to our Wi-Fi", "answer_unreadable after 2s");
    }

    #[test]
    fn a_refusal_without_words_ends_the_sign_in() {
        check(400, "", "answer_unreadable"); // authentik before 2025.8 (A-13, X-24)
        check(404, r#"{"status":"nothing here"}"#, "answer_unreadable");
    }

    #[test]
    fn a_redirect_is_not_followed() {
        check(307, "", "redirected");
    }

    #[test]
    fn words_that_say_nothing_give_way_to_the_code() {
        // Found by fuzzing: nothing was left of these to be shown.
        for words in [".", "...", " . ", " "] {
            let body = alloc::format!(r#"{{"error":"invalid_scope","error_description":"{words}"}}"#);
            check(400, &body, "invalid_scope");
        }
        check(400, r#"{"error":"..."}"#, "...");
    }

    #[test]
    fn the_native_object_of_okta_is_an_error() {
        check(
            400,
            r#"{"errorCode":"invalid_client","errorSummary":"Invalid value for 'client_id' parameter.","errorLink":"invalid_client","errorId":"oae","errorCauses":[]}"#,
            "Invalid value for 'client_id' parameter",
        );
    }
}
