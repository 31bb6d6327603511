//! Device authorization request and response (RFC 8628 sections 3.1 and 3.2).

use alloc::string::{String, ToString};
use alloc::vec;
use core::time::Duration;

use crate::error::PeerMisbehaved;
use crate::http::{HttpRequest, HttpResponse};
use crate::names::error_code;
use crate::pkce::{self, Pkce};
use crate::secret::DeviceCode;
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::json::{Object, line};
use crate::wire::{Intake, strict};

const ENDPOINT: &str = "device authorization endpoint";
const EXCHANGE: Exchange = Exchange {
    endpoint: ENDPOINT,
    is_verdict,
    deviation: strict::codes,
};

/// Section 3.2: what to use when the server names no `interval`.
const DEFAULT_INTERVAL: Duration = Duration::from_secs(5);
/// Ours, not the RFC's: an `interval` above this is a mistake (X-11), such as milliseconds, and nobody would wait for it.
/// So is one that is longer than the code lives.
const MAX_INTERVAL: Duration = Duration::from_secs(300);
/// Ours, not the RFC's: used when the required `expires_in` is missing (X-12). Short, since the server decides anyway.
const DEFAULT_LIFETIME: Duration = Duration::from_secs(300);
/// Ours, not the RFC's: no honest code lives longer than a day.
const MAX_LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Ours: nobody types a longer code; the widest known request for room is 15 characters.
const LONGEST_USER_CODE: usize = 64;

/// A device authorization response.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct DeviceAuthorization {
    /// For the token endpoint alone.
    pub device_code: DeviceCode,
    /// What the person types, exactly as the server sent it.
    pub user_code: String,
    /// Where the person goes.
    pub verification_uri: HttpUrl,
    /// The same with the code inside; absent at some servers (X-14).
    pub verification_uri_complete: Option<HttpUrl>,
    /// Lifetime of both codes; five minutes if the server does not say, a day at most.
    pub expires_in: Duration,
    /// Least time between polls; five seconds if the server does not say, five minutes at most, and no more than the code lives.
    pub interval: Duration,
}

/// Asks for a device code and a user code, with PKCE for one that is bound to its verifier (RFC 7636 section 4.3).
pub(crate) fn request(endpoint: &HttpUrl, client_id: &str, scope: &str, pkce: Option<&Pkce>) -> HttpRequest {
    let mut fields = vec![("client_id", client_id)];
    // An empty scope counts as absent (RFC 8628 section 3.1), so it is not sent.
    if !scope.is_empty() {
        fields.push(("scope", scope));
    }
    if let Some(pkce) = pkce {
        fields.extend([
            ("code_challenge", pkce.challenge.as_str()),
            ("code_challenge_method", pkce::S256),
        ]);
    }
    HttpRequest::post_form(endpoint.as_str(), &fields)
}

/// Reads the answer.
///
/// # Errors
///
/// [`AnswerError`] says whether to ask again, or what the server refused or broke.
pub(crate) fn response(response: &HttpResponse, intake: Intake) -> Result<DeviceAuthorization, AnswerError> {
    let answer = error::read(&EXCHANGE, response, intake)?;
    read(&answer, intake).map_err(AnswerError::Misbehaved)
}

/// Too many starts: asking again at once would only use up more of the allowance (O-59, A-34, X-49).
fn is_verdict(code: &str) -> bool {
    error::is_final(code) || matches!(code, error_code::SLOW_DOWN | error_code::TOO_MANY_USER_CODES)
}

fn read(answer: &Object, intake: Intake) -> Result<DeviceAuthorization, PeerMisbehaved> {
    let text = |member| {
        answer.text(member).ok_or(PeerMisbehaved::MemberMissing {
            endpoint: ENDPOINT,
            member,
        })
    };
    let url = |value: &str| HttpUrl::parse(value).filter(|url| url.is_allowed(intake.allow_insecure_http));
    let seconds = |member, default, max: Duration| {
        answer
            .number(member)
            .filter(|n| *n > 0)
            .map_or(default, |n| Duration::from_secs(n).min(max))
    };
    // Google and the old Azure spell it `verification_url` (X-13).
    let address = text("verification_uri").or_else(|missing| answer.text("verification_url").ok_or(missing))?;
    let expires_in = seconds("expires_in", DEFAULT_LIFETIME, MAX_LIFETIME);
    Ok(DeviceAuthorization {
        device_code: DeviceCode::new(text("device_code")?),
        user_code: user_code(text("user_code")?)?,
        verification_uri: url(address).ok_or_else(|| PeerMisbehaved::MemberNotUsable {
            member: "verification_uri",
            value: line(address),
        })?,
        verification_uri_complete: answer.text("verification_uri_complete").and_then(url),
        expires_in,
        interval: seconds("interval", DEFAULT_INTERVAL, MAX_INTERVAL.min(expires_in)),
    })
}

/// A code is shown as the server sent it, so it must be one that can be seen: no characters that command a terminal, turn
/// a text around (U+202E) or cannot be told from nothing.
fn user_code(text: &str) -> Result<String, PeerMisbehaved> {
    let is_too_long = text.chars().nth(LONGEST_USER_CODE).is_some();
    if is_too_long || text.chars().all(|c| c == ' ') || !text.chars().all(is_visible) {
        return Err(PeerMisbehaved::MemberNotUsable {
            member: "user_code",
            value: line(text),
        });
    }
    Ok(text.to_string())
}

/// Whether the character has a picture of its own, as far as the Unicode Standard says that it has none: controls, spaces,
/// formats and what is ignored by default (its sections 23.1 to 23.4 and 5.21), the blocks of marks for any script (7.9), and
/// what is for private use or never a character (23.5 and 23.7).
const fn is_visible(c: char) -> bool {
    if c.is_ascii() {
        return matches!(c, ' '..='~');
    }
    // The last two of each plane are never characters.
    if c as u32 & 0xfffe == 0xfffe {
        return false;
    }
    !matches!(
        c,
        '\0'..='\u{a0}'
            | '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{1680}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{2000}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{205f}'..='\u{206f}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{3000}'
            | '\u{3164}'
            | '\u{e000}'..='\u{f8ff}'
            | '\u{fdd0}'..='\u{fdef}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{fe20}'..='\u{fe2f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::vec::Vec;

    fn read_body(body: &str) -> Result<DeviceAuthorization, AnswerError> {
        response(
            &HttpResponse {
                status: 200,
                headers: Vec::new(),
                body: body.into(),
            },
            Intake::default(),
        )
    }

    /// The members that every case needs, and those of the case.
    fn with(more: &str) -> DeviceAuthorization {
        let sound = r#""device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device""#;
        read_body(&format!("{{{sound}{more}}}")).expect(more)
    }

    #[test]
    fn the_request_of_the_rfc_is_built() {
        // RFC 8628 section 3.1 shows this body.
        let endpoint = HttpUrl::parse("https://server.example.com/device_authorization").expect("an address");
        let request = request(&endpoint, "1406020730", "example_scope", None);
        assert_eq!(request.body, b"client_id=1406020730&scope=example_scope");
    }

    #[test]
    fn interval_is_five_seconds_unless_told() {
        for more in [
            "",
            r#","interval":null"#,
            r#","interval":0"#,
            r#","interval":-3"#,
            r#","interval":"soon""#,
        ] {
            assert_eq!(with(more).interval, Duration::from_secs(5), "{more}");
        }
        assert_eq!(with(r#","interval":"7""#).interval, Duration::from_secs(7));
        assert_eq!(with(r#","interval":86400"#).interval, MAX_INTERVAL);
        assert_eq!(
            with(r#","expires_in":60,"interval":61"#).interval,
            Duration::from_secs(60)
        );
    }

    #[test]
    fn expires_in_is_bounded() {
        assert_eq!(with("").expires_in, DEFAULT_LIFETIME);
        assert_eq!(with(r#","expires_in":"1800""#).expires_in, Duration::from_secs(1800));
        assert_eq!(
            with(r#","expires_in":18446744073709551615"#).expires_in,
            Duration::from_secs(86_400)
        );
    }

    #[test]
    fn a_complete_address_that_is_none_is_left_out() {
        for more in [
            "",
            r#","verification_uri_complete":null"#,
            r#","verification_uri_complete":"javascript:alert(1)""#,
        ] {
            assert_eq!(with(more).verification_uri_complete, None, "{more}");
        }
    }

    #[test]
    fn the_spelling_of_google_is_understood() {
        let body = r#"{"device_code":"d","user_code":"GQVQ-JKEC","verification_url":"https://www.google.com/device"}"#;
        assert_eq!(
            read_body(body).expect("read").verification_uri.as_str(),
            "https://www.google.com/device"
        );
    }

    fn with_code(code: &str) -> Result<String, AnswerError> {
        let body =
            format!(r#"{{"device_code":"d","user_code":"{code}","verification_uri":"https://id.example/device"}}"#);
        read_body(&body).map(|authorization| authorization.user_code)
    }

    #[test]
    fn a_code_is_kept_as_it_is() {
        // X-19, and letters that RFC 8628 section 6.1 would not choose.
        for code in [
            "123456",
            "019-450-730",
            "wdjb mjht",
            "WDJB-MJHT-QXRZ",
            "\u{416}\u{4e2d}\u{e9}",
        ] {
            assert_eq!(with_code(code).as_deref(), Ok(code));
        }
    }

    #[test]
    fn a_code_that_is_not_what_it_seems_is_refused() {
        for code in [
            r"\u001b[8mABC",
            r"AB\nC",
            r"AB\u202eC",
            r"AB\u200bC",
            r"AB\u2066C",
            r"AB\u00adC",
            r"AB\ufeffC",
            r"AB\u00a0C",
            " ",
        ] {
            assert!(matches!(with_code(code), Err(AnswerError::Misbehaved(_))), "{code}");
        }
    }

    #[test]
    fn what_cannot_be_shown_is_refused() {
        for address in [
            "null",
            r#""""#,
            r#""/device""#,
            r#""http://id.example/device""#,
            r#""javascript:alert(1)""#,
        ] {
            let body = format!(r#"{{"device_code":"d","user_code":"c","verification_uri":{address}}}"#);
            assert!(matches!(read_body(&body), Err(AnswerError::Misbehaved(_))), "{address}");
        }
    }

    #[test]
    fn what_is_told_of_an_address_that_cannot_be_used_is_one_line_of_readable_length() {
        let script = format!("javascript:{}\u{202e}\u{1b}[2J{}", "a".repeat(20), "b".repeat(200_000));
        let script = serde_json::Value::from(script);
        let body = format!(r#"{{"device_code":"d","user_code":"c","verification_uri":{script}}}"#);
        let Err(AnswerError::Misbehaved(PeerMisbehaved::MemberNotUsable { value, .. })) = read_body(&body) else {
            panic!("it is refused")
        };
        assert!(value.starts_with("javascript:aaaaaaaaaaaaaaaaaaaa[2Jb"), "{value}");
        assert_eq!(value.len(), 500);
    }

    #[test]
    fn whatever_is_refused_has_no_picture() {
        // What Rust escapes has none, or is a mark on another character, or is no character yet.
        for c in ('\u{a0}'..='\u{10ffff}').filter(|c| !is_visible(*c)) {
            // Letters that are there to be nothing.
            let is_filler = matches!(c, '\u{115f}' | '\u{1160}' | '\u{3164}' | '\u{ffa0}');
            assert!(is_filler || c.escape_debug().len() > 1, "{}", c.escape_unicode());
        }
    }

    #[test]
    fn no_control_and_no_space_but_the_plain_one_is_a_picture() {
        for c in ('\0'..='\u{10ffff}').filter(|c| c.is_control() || (c.is_whitespace() && *c != ' ')) {
            assert!(!is_visible(c), "{}", c.escape_unicode());
        }
    }

    #[test]
    fn formats_fillers_marks_and_what_is_no_character_are_no_pictures() {
        // One of each row of the standard's own lists (DerivedCoreProperties: Default_Ignorable_Code_Point; PropList:
        // Noncharacter_Code_Point, Bidi_Control; Blocks: Combining Diacritical Marks and its likes, Private Use Area).
        let none = "\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{180e}\u{200b}\u{200e}\u{202e}\u{2060}\u{2066}\u{206f}\u{3164}\
                    \u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{1bca0}\u{1d173}\u{e0001}\u{e0100}\u{fdd0}\u{fffe}\u{1ffff}\u{10fffe}\
                    \u{300}\u{1ab0}\u{1dc0}\u{20d0}\u{fe20}\u{e000}\u{f0000}\u{100000}\u{fffb}";
        for c in none.chars() {
            assert!(!is_visible(c), "{}", c.escape_unicode());
        }
        assert!("WDJB-MJHT 0123 ÄЖ漢あ한ש".chars().all(is_visible));
    }

    #[test]
    fn a_code_of_64_characters_is_shown_and_a_longer_one_is_not() {
        assert!(user_code(&"W".repeat(64)).is_ok());
        assert!(user_code(&"W".repeat(65)).is_err());
    }
}
