//! Device access token request and response (RFC 8628 sections 3.4 and 3.5).

use alloc::string::String;
use alloc::vec;
use core::time::Duration;

use crate::error::{ErrorResponse, LostCause, PeerMisbehaved};
use crate::http::{HttpRequest, HttpResponse};
use crate::names::{self, error_code};
use crate::secret::{AccessToken, CodeVerifier, DeviceCode, IdToken, RefreshToken};
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::json::Object;
use crate::wire::{Intake, strict};

pub(super) const ENDPOINT: &str = "token endpoint";
const EXCHANGE: Exchange = Exchange {
    endpoint: ENDPOINT,
    is_verdict,
    deviation: strict::token,
};

/// Ours: how near to its end, by our clock, a code may be called unknown before that means "expired" (X-41).
const EXPIRY_LEEWAY: Duration = Duration::from_secs(5);

/// A token response (RFC 6749 section 5.1).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Tokens {
    /// The access token.
    pub access_token: AccessToken,
    /// How to use it, such as `Bearer`.
    pub token_type: String,
    /// Lifetime of the access token, where the server says it.
    pub expires_in: Option<Duration>,
    /// For new access tokens, where one was granted.
    pub refresh_token: Option<RefreshToken>,
    /// Who signed in, where `openid` was asked for.
    pub id_token: Option<IdToken>,
    /// Granted scope, where the server says it.
    pub scope: Option<String>,
}

/// What the token endpoint said, as far as it says something about this device code.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum TokenAnswer {
    /// The person refused, or a policy did; the text is kept (O-36, O-40).
    AccessDenied(ErrorResponse),
    /// Not yet.
    AuthorizationPending,
    /// The code has run out.
    ExpiredToken,
    /// Tokens.
    Granted(Tokens),
    /// Poll less often.
    SlowDown {
        /// GitHub tells the new interval along with it (X-03).
        interval: Option<Duration>,
    },
}

/// Asks for the tokens of a device code, with PKCE for one that is bound to a verifier (RFC 7636 section 4.5).
pub(crate) fn request(
    endpoint: &HttpUrl,
    client_id: &str,
    device_code: &DeviceCode,
    verifier: Option<&CodeVerifier>,
) -> HttpRequest {
    let mut fields = vec![
        ("grant_type", names::DEVICE_CODE_GRANT),
        ("device_code", device_code.expose()),
        ("client_id", client_id),
    ];
    fields.extend(verifier.map(|verifier| ("code_verifier", verifier.expose())));
    HttpRequest::post_form(endpoint.as_str(), &fields)
}

/// Reads the answer about a code of whose life so much is `left` by our clock.
///
/// # Errors
///
/// [`AnswerError`] says whether to ask again, or what the server refused or broke.
pub(crate) fn response(response: &HttpResponse, intake: Intake, left: Duration) -> Result<TokenAnswer, AnswerError> {
    match error::read(&EXCHANGE, response, intake) {
        // Neither an error nor a token: that is not this server's voice either.
        Ok(answer) if !answer.has("access_token") => {
            Err(error::lost(response, intake, LostCause::Unreadable(response.status)))
        }
        Ok(answer) => read(&answer).map(TokenAnswer::Granted).map_err(AnswerError::Misbehaved),
        Err(AnswerError::Refused(refused)) => match refused.error.as_str() {
            error_code::ACCESS_DENIED => Ok(TokenAnswer::AccessDenied(refused)),
            error_code::AUTHORIZATION_PENDING => Ok(TokenAnswer::AuthorizationPending),
            error_code::EXPIRED_TOKEN => Ok(TokenAnswer::ExpiredToken),
            // Some servers have forgotten a code that has run out (A-55, X-41).
            error_code::INVALID_GRANT if left <= EXPIRY_LEEWAY && !intake.strict => Ok(TokenAnswer::ExpiredToken),
            error_code::SLOW_DOWN => {
                let told = Object::read(response).and_then(|answer| answer.number("interval"));
                Ok(TokenAnswer::SlowDown {
                    interval: told.map(Duration::from_secs),
                })
            }
            _ => Err(AnswerError::Refused(refused)),
        },
        // Somebody on the way, such as a hotel's network, said something else: the code still counts (X-26).
        Err(AnswerError::Misbehaved(PeerMisbehaved::AnswerUnreadable { status, .. })) => {
            Err(error::lost(response, intake, LostCause::Unreadable(status)))
        }
        Err(other) => Err(other),
    }
}

/// Those of section 3.5 that are no end count with any status too (X-04).
fn is_verdict(code: &str) -> bool {
    error::is_final(code) || matches!(code, error_code::AUTHORIZATION_PENDING | error_code::SLOW_DOWN)
}

pub(super) fn read(answer: &Object) -> Result<Tokens, PeerMisbehaved> {
    let text = |member| {
        answer.owned_text(member).ok_or(PeerMisbehaved::MemberMissing {
            endpoint: ENDPOINT,
            member,
        })
    };
    Ok(Tokens {
        access_token: AccessToken::new(text("access_token")?),
        token_type: text("token_type")?,
        expires_in: answer.number("expires_in").map(Duration::from_secs),
        refresh_token: answer.owned_text("refresh_token").map(RefreshToken::new),
        id_token: answer.owned_text("id_token").map(IdToken::new),
        scope: answer.owned_text("scope"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn answer(status: u16, body: &str) -> Result<TokenAnswer, AnswerError> {
        answer_with(600, status, body)
    }

    fn answer_with(left: u64, status: u16, body: &str) -> Result<TokenAnswer, AnswerError> {
        let answer = HttpResponse {
            status,
            headers: Vec::new(),
            body: body.into(),
        };
        response(&answer, Intake::default(), Duration::from_secs(left))
    }

    #[test]
    fn the_request_of_the_rfc_is_built() {
        // RFC 8628 section 3.4 shows this body.
        let endpoint = HttpUrl::parse("https://server.example.com/token").expect("an address");
        let request = request(
            &endpoint,
            "1406020730",
            &DeviceCode::new("GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"),
            None,
        );
        assert_eq!(
            core::str::from_utf8(&request.body),
            Ok("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code\
                &device_code=GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS&client_id=1406020730")
        );
    }

    #[test]
    fn slow_down_may_tell_the_interval() {
        let told = |body| answer(400, body);
        assert_eq!(
            told(r#"{"error":"slow_down"}"#),
            Ok(TokenAnswer::SlowDown { interval: None })
        );
        assert_eq!(
            told(r#"{"error":"slow_down","interval":10}"#),
            Ok(TokenAnswer::SlowDown {
                interval: Some(Duration::from_secs(10))
            })
        );
    }

    #[test]
    fn an_unknown_code_near_its_end_has_expired() {
        // X-41.
        let unknown = |left| answer_with(left, 400, r#"{"error":"invalid_grant"}"#);
        assert_eq!(unknown(0), Ok(TokenAnswer::ExpiredToken));
        assert_eq!(unknown(5), Ok(TokenAnswer::ExpiredToken));
        assert!(matches!(unknown(6), Err(AnswerError::Refused(_))), "{:?}", unknown(6));
        let other = answer_with(0, 400, r#"{"error":"invalid_client"}"#);
        assert!(matches!(other, Err(AnswerError::Refused(_))), "{other:?}");
    }

    #[test]
    fn what_speaks_of_no_token_and_no_error_is_not_the_servers_answer() {
        for body in ["{}", r#"{"login":"https://wifi.example"}"#] {
            assert!(matches!(answer(200, body), Err(AnswerError::Lost(_))), "{body}");
        }
    }

    #[test]
    fn success_needs_token_and_type() {
        for body in [
            r#"{"access_token":"a"}"#,
            r#"{"access_token":7,"token_type":"Bearer"}"#,
            r#"{"access_token":"","token_type":"Bearer"}"#,
        ] {
            assert!(matches!(answer(200, body), Err(AnswerError::Misbehaved(_))), "{body}");
        }
    }
}
