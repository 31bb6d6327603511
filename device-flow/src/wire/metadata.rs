//! Authorization server metadata (RFC 8414) and OpenID Connect discovery.

use alloc::boxed::Box;
use alloc::string::ToString;

use crate::config::Endpoints;
use crate::error::PeerMisbehaved;
use crate::http::{HttpRequest, HttpResponse};
use crate::names;
use crate::url::HttpUrl;
use crate::wire::error::{self, AnswerError, Exchange};
use crate::wire::json::{Object, line};
use crate::wire::{Intake, strict};

const ENDPOINT: &str = "metadata endpoint";
const EXCHANGE: Exchange = Exchange {
    endpoint: ENDPOINT,
    is_verdict: |_| false,
    deviation: strict::metadata,
};

/// Where metadata may stand; tried in this order, since Okta and authentik both answer the first (O-05, A-04).
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum WellKnown {
    /// Appended to the issuer (OpenID Connect Discovery 1.0 section 4).
    OpenidConfiguration,
    /// Inserted between host and path (RFC 8414 section 3.1).
    OauthAuthorizationServer,
}

/// Asks for the metadata of `issuer`.
pub(crate) fn request(issuer: &HttpUrl, place: WellKnown) -> HttpRequest {
    let path = issuer.after_authority().trim_end_matches('/');
    let host = issuer.before_path();
    let parts = match place {
        WellKnown::OpenidConfiguration => [host, path, names::OPENID_CONFIGURATION],
        WellKnown::OauthAuthorizationServer => [host, names::OAUTH_AUTHORIZATION_SERVER, path],
    };
    HttpRequest::get(parts.into_iter().collect())
}

/// Reads the metadata of `issuer`.
pub(crate) fn response(
    response: &HttpResponse,
    issuer: &HttpUrl,
    intake: Intake,
    wants_id_token: bool,
) -> Result<Box<Endpoints>, AnswerError> {
    let metadata = error::read(&EXCHANGE, response, intake)?;
    endpoints(&metadata, issuer, intake, wants_id_token).map_err(AnswerError::Misbehaved)
}

fn endpoints(
    metadata: &Object,
    issuer: &HttpUrl,
    intake: Intake,
    wants_id_token: bool,
) -> Result<Box<Endpoints>, PeerMisbehaved> {
    let missing = |member| PeerMisbehaved::MemberMissing {
        endpoint: ENDPOINT,
        member,
    };
    let optional = |member| {
        let Some(value) = metadata.text(member) else {
            return Ok(None);
        };
        match HttpUrl::parse(value).filter(|url| url.is_allowed(intake.allow_insecure_http)) {
            Some(url) => Ok(Some(url)),
            None => Err(PeerMisbehaved::MemberNotUsable {
                member,
                value: line(value),
            }),
        }
    };
    let required = |member| optional(member)?.ok_or_else(|| missing(member));

    let found = metadata.text("issuer").ok_or_else(|| missing("issuer"))?;
    if found != issuer.as_str() {
        return Err(PeerMisbehaved::IssuerMismatch {
            expected: issuer.as_str().into(),
            found: line(found),
        });
    }
    // An absent list says nothing about this grant here: the endpoint below is the better witness.
    if metadata
        .texts("grant_types_supported")
        .is_some_and(|list| !list.contains(&names::DEVICE_CODE_GRANT))
    {
        return Err(PeerMisbehaved::DeviceGrantNotOffered);
    }
    Ok(Box::new(Endpoints {
        issuer: Some(found.to_string()),
        device_authorization_endpoint: required("device_authorization_endpoint")?,
        token_endpoint: required("token_endpoint")?,
        // OpenID Connect Discovery 1.0 section 3 requires it; better said now than after the approval.
        jwks_uri: if wants_id_token {
            Some(required("jwks_uri")?)
        } else {
            None
        },
        // Nobody needs them to sign in: what cannot be used counts as absent.
        revocation_endpoint: optional("revocation_endpoint").unwrap_or_default(),
        end_session_endpoint: optional("end_session_endpoint").unwrap_or_default(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn issuer(text: &str) -> HttpUrl {
        HttpUrl::parse(text).expect(text)
    }

    #[test]
    fn openid_appends_and_the_rfc_inserts() {
        // RFC 8414 section 3.1 has this example.
        let url = |issuer_text, place| request(&issuer(issuer_text), place).url;
        assert_eq!(
            url("https://example.com/issuer1", WellKnown::OauthAuthorizationServer),
            "https://example.com/.well-known/oauth-authorization-server/issuer1"
        );
        assert_eq!(
            url("https://id.example/application/o/tv/", WellKnown::OpenidConfiguration),
            "https://id.example/application/o/tv/.well-known/openid-configuration"
        );
        assert_eq!(
            url("https://example.com", WellKnown::OauthAuthorizationServer),
            "https://example.com/.well-known/oauth-authorization-server"
        );
    }

    fn check(body: &str, expected: Result<(), &str>) {
        let answer = HttpResponse {
            status: 200,
            headers: Vec::new(),
            body: body.into(),
        };
        let result = response(&answer, &issuer("https://id.example"), Intake::default(), true)
            .map(|_| ())
            .map_err(|error| match error {
                AnswerError::Misbehaved(error) => error.code(),
                other => panic!("{other:?}"),
            });
        assert_eq!(result, expected, "{body}");
    }

    #[test]
    fn a_sound_document_is_read() {
        check(
            r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k"}"#,
            Ok(()),
        );
    }

    #[test]
    fn each_flaw_has_its_name() {
        check(r#"{"issuer":"https://id.example/"}"#, Err("issuer_mismatch"));
        check(r"{}", Err("member_missing"));
        check(
            r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t"}"#,
            Err("member_missing"),
        );
        check(
            r#"{"issuer":"https://id.example","token_endpoint":"https://id.example/t"}"#,
            Err("member_missing"),
        );
        check(
            r#"{"issuer":"https://id.example","grant_types_supported":["authorization_code"]}"#,
            Err("device_grant_not_offered"),
        );
        check(
            r#"{"issuer":"https://id.example","device_authorization_endpoint":"http://id.example/d"}"#,
            Err("member_not_usable"),
        );
    }
}
