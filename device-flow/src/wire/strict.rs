//! All that is forgiven to servers, for those who would rather know: with `strict` in the configuration each is an error.
//!
//! Each function names the first rule of its exchange that an answer breaks. How the same answers are understood without
//! `strict` stands where they are read; `tests/data/tolerated` has one of each.
//! One more breaks no rule: `invalid_grant` about a code that has run out, in [`token`](super::token).

use crate::http::HttpResponse;
use crate::names::{DEVICE_CODE_GRANT, JSON, error_code};
use crate::url::HttpUrl;
use crate::wire::json::{Object, has_media_type};

const INTERVAL: &str = "RFC 8628 section 3.2: `interval` is a whole number of seconds";

/// Of the device authorization endpoint.
pub(super) fn codes(response: &HttpResponse, answer: &Object) -> Option<&'static str> {
    let positive = |member| answer.plain_number(member).is_some_and(|number| number > 0);
    oauth(response, answer).or_else(|| {
        if has_error(answer) {
            None
        } else if !answer.has("verification_uri") {
            Some("RFC 8628 section 3.2: the address is called `verification_uri`")
        } else if !positive("expires_in") {
            Some("RFC 8628 section 3.2: `expires_in` is there, a whole number of seconds")
        } else if answer.has("interval") && !positive("interval") {
            Some(INTERVAL)
        } else if answer.has("verification_uri_complete") && !is_url(answer, "verification_uri_complete") {
            Some("RFC 8628 section 3.2: `verification_uri_complete` is an address")
        } else {
            None
        }
    })
}

/// Of the token endpoint.
pub(super) fn token(response: &HttpResponse, answer: &Object) -> Option<&'static str> {
    let is_odd = |member| answer.has(member) && answer.plain_number(member).is_none();
    oauth(response, answer).or_else(|| {
        if has_error(answer) {
            // GitHub tells one with `slow_down` (X-03).
            is_odd("interval").then_some(INTERVAL)
        } else if !answer.has("access_token") {
            Some("RFC 6749 section 5.1: a success has an `access_token`")
        } else if is_odd("expires_in") {
            Some("RFC 6749 section 5.1: `expires_in` is a whole number of seconds")
        } else {
            None
        }
    })
}

/// Of an ID token: a time that is no number (RFC 7519 section 2). That there is one audience alone (OpenID Connect Core 1.0
/// section 3.1.3.7) is seen where the audience is.
pub(crate) fn has_odd_time(claims: &Object) -> bool {
    !["exp", "iat", "nbf"].iter().all(|time| claims.is_number_at_most(time))
}

/// Of the revocation endpoint.
pub(super) fn revocation(_: &HttpResponse, answer: &Object) -> Option<&'static str> {
    (answer.text("error") == Some(error_code::INVALID_TOKEN))
        .then_some("RFC 7009 section 2.2: a token that is not valid is a success")
}

/// Of the metadata: without a list there are only other grants (RFC 8414 section 2).
pub(super) fn metadata(_: &HttpResponse, metadata: &Object) -> Option<&'static str> {
    let grant_types = metadata.texts("grant_types_supported").unwrap_or_default();
    (!has_error(metadata) && !grant_types.contains(&DEVICE_CODE_GRANT))
        .then_some("RFC 8628 section 4: `grant_types_supported` names the device grant")
}

/// Of the keys, which are taken as they are.
pub(super) fn jwks(_: &HttpResponse, _: &Object) -> Option<&'static str> {
    None
}

/// What holds for every answer of RFC 6749.
fn oauth(response: &HttpResponse, answer: &Object) -> Option<&'static str> {
    let error = answer.text("error");
    if !has_media_type(response, JSON) {
        Some("RFC 6749 section 5.1: answers are `application/json`")
    } else if error.is_none() && has_error(answer) {
        Some("RFC 6749 section 5.2: the error is called `error`")
    } else if error.is_some_and(|error| !has_status_of(error, response.status)) {
        Some("RFC 6749 section 5.2: an error has status 400, or 401 if it is `invalid_client`")
    } else {
        None
    }
}

fn has_error(answer: &Object) -> bool {
    ["error", "errorCode", "error_code"]
        .iter()
        .any(|member| answer.has(member))
}

fn has_status_of(error: &str, status: u16) -> bool {
    status == 400 || (status == 401 && error == error_code::INVALID_CLIENT)
}

fn is_url(answer: &Object, member: &str) -> bool {
    answer.text(member).and_then(HttpUrl::parse).is_some()
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::{metadata, revocation};
    use crate::http::HttpResponse;
    use crate::wire::json::Object;

    type Rules = fn(&HttpResponse, &Object) -> Option<&'static str>;

    #[track_caller]
    fn check(rules: Rules, body: &str, section: Option<&str>) {
        let response = HttpResponse {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        };
        let object = Object::parse(&response.body).expect("an object");
        let rule = rules(&response, &object).and_then(|rule| rule.split(':').next());
        assert_eq!(rule, section, "{body}");
    }

    #[test]
    fn metadata_name_the_device_grant_and_may_name_others() {
        const DEVICE: &str = "urn:ietf:params:oauth:grant-type:device_code";
        let list = |types: &str| alloc::format!("{{\"grant_types_supported\":[{types}]}}");
        check(metadata, &list(&alloc::format!("\"{DEVICE}\"")), None);
        check(metadata, &list(&alloc::format!("\"refresh_token\",\"{DEVICE}\"")), None);
        check(metadata, &list("\"refresh_token\""), Some("RFC 8628 section 4"));
        // RFC 8414 section 2: without it there are `authorization_code` and `implicit`.
        check(metadata, "{}", Some("RFC 8628 section 4"));
    }

    #[test]
    fn a_revocation_may_fail_but_not_for_want_of_a_token() {
        check(revocation, "{}", None);
        check(revocation, r#"{"error":"unsupported_token_type"}"#, None);
        check(revocation, r#"{"error":"invalid_token"}"#, Some("RFC 7009 section 2.2"));
    }
}
