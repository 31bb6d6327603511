//! Absolute `http` and `https` URLs, kept as they were written.
//!
//! Issuers are compared character by character (RFC 8414 section 3.3), so nothing is normalised.
//! Internationalised host names must come in their ASCII form; the tables to convert them would weigh more in a page
//! than the whole protocol.

use alloc::string::String;
use core::fmt;
use core::ops::Range;

use crate::ip;

/// An absolute `http` or `https` URL in printable ASCII, without user information.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct HttpUrl {
    text: String,
    https: bool,
    /// Where the authority ends in `text`.
    authority_end: usize,
}

impl HttpUrl {
    /// Reads `text`; `None` unless it is an absolute `http(s)` URL with a host.
    pub fn parse(text: &str) -> Option<Self> {
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return None;
        }
        // Looking for one character takes less code than for a text.
        let (scheme, rest) = text.split_once(':')?;
        let rest = rest.strip_prefix("//")?;
        let https = scheme.eq_ignore_ascii_case("https");
        if !https && !scheme.eq_ignore_ascii_case("http") {
            return None;
        }
        // A browser reads a backslash as a slash; refuse what two readers could see differently.
        if rest.contains('\\') {
            return None;
        }
        let authority = rest.split(['/', '?', '#']).next()?;
        let url = Self {
            text: text.into(),
            https,
            authority_end: scheme.len() + 3 + authority.len(),
        };
        let (host, port) = url.host_and_port();
        let name = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        let is_sound = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
        let host_is_sound = if let Some(address) = name {
            ip::is_v6(address)
        } else {
            // The unreserved characters of RFC 3986 section 2.3: what a host name is made of.
            let relative = host.strip_suffix('.').unwrap_or(host);
            host.bytes().all(is_sound) && relative.split('.').all(|label| !label.is_empty())
        };
        let port_is_sound = port.is_none_or(|p| p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_ok());
        (host_is_sound && port_is_sound).then_some(url)
    }

    /// The URL as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the scheme is `https`.
    pub const fn is_https(&self) -> bool {
        self.https
    }

    /// Host and port as written, such as `id.example:8443`.
    pub fn authority(&self) -> &str {
        self.part(self.scheme_end()..self.authority_end)
    }

    /// Host alone, brackets of an IPv6 address included.
    pub fn host(&self) -> &str {
        self.host_and_port().0
    }

    /// Path, query and fragment: everything after the authority; may be empty.
    pub fn after_authority(&self) -> &str {
        self.part(self.authority_end..self.text.len())
    }

    /// Scheme, `://` and authority: where the path begins.
    pub fn before_path(&self) -> &str {
        self.part(0..self.authority_end)
    }

    /// Whether query or fragment are present.
    pub fn has_query_or_fragment(&self) -> bool {
        self.after_authority().contains(['?', '#'])
    }

    /// Whether both share scheme, host and port (RFC 6454 section 5).
    pub fn same_origin(&self, other: &Self) -> bool {
        let port = |url: &Self| {
            url.host_and_port()
                .1
                .and_then(|p| p.parse().ok())
                .unwrap_or(if url.https { 443 } else { 80 })
        };
        self.https == other.https && self.host().eq_ignore_ascii_case(other.host()) && port(self) == port(other)
    }

    /// Whether the host is this machine: `localhost`, a name below it (RFC 6761 section 6.3), `127.0.0.0/8` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        let host = self.host().to_ascii_lowercase();
        host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || (host.starts_with("127.") && ip::is_v4(&host))
    }

    /// Whether secrets may go there: `https`, this machine, or plain `http` where the configuration allows it.
    pub(crate) fn is_allowed(&self, allow_insecure_http: bool) -> bool {
        self.https || self.is_loopback() || allow_insecure_http
    }

    /// Everything after the scheme and `://`.
    pub(crate) fn after_scheme(&self) -> &str {
        self.part(self.scheme_end()..self.text.len())
    }

    fn scheme_end(&self) -> usize {
        if self.https { "https://".len() } else { "http://".len() }
    }

    /// No index, whose panic would name characters and bring tables of them into a page.
    fn part(&self, range: Range<usize>) -> &str {
        self.text.get(range).unwrap_or_default()
    }

    fn host_and_port(&self) -> (&str, Option<&str>) {
        let authority = self.authority();
        match authority.rsplit_once(':') {
            // A colon inside brackets belongs to an IPv6 address.
            Some((host, port)) if !port.contains(']') => (host, Some(port)),
            _ => (authority, None),
        }
    }
}

impl fmt::Display for HttpUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> HttpUrl {
        HttpUrl::parse(text).expect(text)
    }

    #[test]
    fn parts_are_found() {
        let url = parse("https://ID.example:8443/a/b?c#d");
        assert_eq!(
            (url.host(), url.authority(), url.after_authority()),
            ("ID.example", "ID.example:8443", "/a/b?c#d")
        );
        assert_eq!(parse("http://[::1]:8628").host(), "[::1]");
        assert_eq!(parse("https://id.example?x").after_authority(), "?x");
    }

    #[test]
    fn what_is_not_a_plain_web_address_is_refused() {
        for text in [
            "",
            "/activate",
            "id.example",
            "ftp://id.example",
            "javascript://id.example/%0aalert(1)",
            "https://",
            "https:///x",
            "https://:80",
            "https://user@id.example",
            "https://id.example:port",
            "https://id.example:99999",
            "https://id.example\\@evil.example",
            "https://id example",
            "https://bücher.example",
            "https://[::1",
            "https://a]b:1/",
            "https://[evil]x.example",
            "https://[evil]",
            "https://..:1",
            "https://.id.example",
            "https://id..example",
            "https://.",
            "https://id.example/\n",
        ] {
            assert_eq!(HttpUrl::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn loopback_is_recognised_and_not_guessed() {
        for text in [
            "http://localhost",
            "http://tv.localhost:1",
            "http://127.0.0.1:8628",
            "http://127.9.9.9",
            "http://[::1]/x",
        ] {
            assert!(parse(text).is_loopback(), "{text}");
        }
        for text in [
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://0.0.0.0",
            "http://192.168.1.2",
        ] {
            assert!(!parse(text).is_loopback(), "{text}");
        }
    }

    #[test]
    fn the_default_port_is_the_same_origin() {
        assert!(parse("https://id.example/a").same_origin(&parse("HTTPS://ID.EXAMPLE:443/b")));
        assert!(!parse("https://id.example").same_origin(&parse("http://id.example")));
        assert!(!parse("https://id.example").same_origin(&parse("https://id.example:444")));
    }
}
