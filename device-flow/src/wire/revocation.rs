//! Taking a token back (RFC 7009).

use crate::http::{HttpRequest, HttpResponse};
use crate::names::error_code;
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::{Intake, strict};

const EXCHANGE: Exchange = Exchange {
    endpoint: "revocation endpoint",
    is_verdict: |code| {
        error::is_final(code) || [error_code::INVALID_TOKEN, error_code::UNSUPPORTED_TOKEN_TYPE].contains(&code)
    },
    deviation: strict::revocation,
};

/// Takes `token` back; `hint` is the name of its kind (section 2.1).
pub(crate) fn request(endpoint: &HttpUrl, client_id: &str, token: &str, hint: &str) -> HttpRequest {
    HttpRequest::post_form(
        endpoint.as_str(),
        &[("token", token), ("token_type_hint", hint), ("client_id", client_id)],
    )
}

/// Reads the answer: the status says everything, and the body of a success is not looked at (section 2.2).
///
/// # Errors
///
/// [`AnswerError`] says whether to ask again, or what the server refused or broke.
pub(crate) fn response(response: &HttpResponse, intake: Intake) -> Result<(), AnswerError> {
    match response.status {
        200..=299 => Ok(()),
        _ => match error::read(&EXCHANGE, response, intake) {
            // Google's words for a token that has ended already, where section 2.2 asks for a success.
            Err(AnswerError::Refused(refused)) if refused.error == error_code::INVALID_TOKEN => Ok(()),
            answer => answer.map(|_| ()),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::PeerMisbehaved;
    use alloc::vec::Vec;

    #[test]
    fn the_request_of_the_rfc_is_built() {
        // RFC 7009 section 2.1 shows this body; a public client names itself.
        let endpoint = HttpUrl::parse("https://server.example.com/revoke").expect("an address");
        let request = request(&endpoint, "s6BhdRkqt3", "45ghiukldjahdnhzdauz", "refresh_token");
        assert_eq!(
            core::str::from_utf8(&request.body),
            Ok("token=45ghiukldjahdnhzdauz&token_type_hint=refresh_token&client_id=s6BhdRkqt3")
        );
    }

    fn read(status: u16, body: &str, intake: Intake) -> Result<(), AnswerError> {
        let answer = HttpResponse {
            status,
            headers: Vec::new(),
            body: body.into(),
        };
        response(&answer, intake)
    }

    #[test]
    fn who_wants_no_tolerance_hears_of_an_error_for_a_token_that_is_over() {
        let intake = Intake {
            strict: true,
            ..Intake::default()
        };
        let answer = read(400, r#"{"error":"invalid_token"}"#, intake);
        assert!(
            matches!(answer, Err(AnswerError::Misbehaved(PeerMisbehaved::Deviates { .. }))),
            "{answer:?}"
        );
    }

    #[test]
    fn the_status_says_it_all() {
        let read = |status, body| read(status, body, Intake::default());
        assert_eq!(read(200, ""), Ok(())); // Okta
        assert_eq!(read(200, "{}"), Ok(())); // authentik
        assert_eq!(read(400, r#"{"error":"invalid_token"}"#), Ok(())); // Google, of one that is over
        assert!(matches!(read(503, ""), Err(AnswerError::Lost(_))));
        assert!(matches!(
            read(400, r#"{"error":"unsupported_token_type"}"#),
            Err(AnswerError::Refused(_))
        ));
        assert!(matches!(read(404, "<html>"), Err(AnswerError::Misbehaved(_))));
        // What settles the matter does so with any status.
        assert!(matches!(
            read(503, r#"{"error":"unsupported_token_type"}"#),
            Err(AnswerError::Refused(_))
        ));
    }
}
