//! HTTP as two values. Who sends them is the shell's business.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::form;

/// The most a shell reads of one answer, in bytes; longer answers are [`TransportError::BodyTooLarge`].
///
/// Ours, not the RFC's: the largest honest answers (metadata, JWKS with certificates) are a few kilobytes.
///
/// [`TransportError::BodyTooLarge`]: crate::TransportError::BodyTooLarge
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// The two methods the grant needs.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Method {
    /// Metadata and JWKS.
    Get,
    /// Everything with a form body.
    Post,
}

/// A request for the shell to send, as it stands: no added headers, redirects not followed, no cookies.
///
/// The headers are among those a page may send to another origin without a preflight.
#[derive(Clone, Eq, PartialEq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// Absolute URL.
    pub url: String,
    /// Names in lower case, with their values. Those of today are all known beforehand; a proof by RFC 9449 would not be.
    pub headers: Vec<(&'static str, Cow<'static, str>)>,
    /// Empty for `Get`.
    pub body: Vec<u8>,
}

impl HttpRequest {
    pub(crate) fn get(url: String) -> Self {
        Self {
            method: Method::Get,
            url,
            headers: alloc::vec![("accept", crate::names::JSON.into())],
            body: Vec::new(),
        }
    }

    pub(crate) fn post_form(url: &str, fields: &[(&str, &str)]) -> Self {
        Self {
            method: Method::Post,
            url: url.into(),
            headers: alloc::vec![
                ("accept", crate::names::JSON.into()),
                ("content-type", crate::names::FORM.into())
            ],
            body: form::write(fields).into_bytes(),
        }
    }
}

/// The body holds the device code, so it is not shown.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {} ({} bytes)", self.method, self.url, self.body.len())
    }
}

/// An answer of any status, read whole by the shell, up to [`MAX_BODY_BYTES`].
#[derive(Clone, Eq, PartialEq)]
pub struct HttpResponse {
    /// HTTP status code.
    pub status: u16,
    /// As far as the shell may read them; a page sees few across origins.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that name, case ignored (RFC 9110 section 5.1).
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
    }
}

/// The body holds the tokens, so it is not shown.
impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_body_encodes_every_punctuation_mark() {
        // authentik's device codes hold all 32 of them.
        let marks = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ ";
        let request = HttpRequest::post_form("https://id.example/token", &[("device_code", marks)]);
        assert_eq!(
            core::str::from_utf8(&request.body),
            Ok("device_code=%21%22%23%24%25%26%27%28%29*%2B%2C-.%2F%3A%3B%3C%3D%3E%3F%40%5B%5C%5D%5E_%60%7B%7C%7D%7E+")
        );
    }

    #[test]
    fn no_request_needs_a_preflight() {
        // X-63; Fetch Standard, CORS-safelisted methods and request-headers.
        let post = HttpRequest::post_form("https://id.example/token", &[]);
        let get = HttpRequest::get("https://id.example/keys".into());
        for (name, value) in post.headers.iter().chain(&get.headers) {
            let is_safelisted = *name == "accept" || *value == "application/x-www-form-urlencoded";
            assert!(is_safelisted, "{name}: {value}");
        }
    }

    #[test]
    fn header_names_ignore_case() {
        let response = HttpResponse {
            status: 429,
            headers: alloc::vec![("Retry-After".into(), " 7 ".into())],
            body: Vec::new(),
        };
        assert_eq!(response.header("retry-after"), Some("7"));
    }
}
