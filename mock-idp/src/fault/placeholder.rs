//! What stands in braces in a script's texts.

use std::time::Duration;

use crate::http::Request;
use crate::time::Instant;

/// What the texts of one answer can refer to.
pub(crate) struct Scene<'a> {
    pub(crate) now: Instant,
    pub(crate) request: &'a Request,
    /// Scheme, host and folder as the caller sees them.
    pub(crate) base: &'a str,
}

impl Scene<'_> {
    /// Replaces `{date+N}`, `{epoch+N}`, `{target}`, `{origin}` and `{other_origin}`; anything else in braces stays.
    pub(super) fn fill(&self, text: &str) -> String {
        fill(text, |name| match name.split_once('+') {
            Some(("date", seconds)) => Some(self.ahead(seconds)?.http_date()),
            Some(("epoch", seconds)) => Some(self.ahead(seconds)?.seconds().to_string()),
            _ if name == "target" => Some(self.request.target.clone()),
            _ if name == "other_origin" => Some(self.other_origin()),
            _ if name == "origin" => self.request.header("origin").map(str::to_owned),
            _ => None,
        })
    }

    fn ahead(&self, seconds: &str) -> Option<Instant> {
        Some(self.now + Duration::from_secs(seconds.parse().ok()?))
    }

    /// Another origin that is the same server where that is possible: loopback has two names.
    fn other_origin(&self) -> String {
        let (scheme, host) = self.base.split_once("://").unwrap_or(("http", self.base));
        let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
        let other = match name {
            "127.0.0.1" => "localhost",
            "localhost" => "127.0.0.1",
            _ => return format!("{scheme}://elsewhere.{host}"),
        };
        format!("{scheme}://{other}:{port}")
    }
}

/// Replaces each `{name}` that `value` knows.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = after
            .split_once('}')
            .and_then(|(name, behind)| Some((value(name)?, behind)));
        if let Some((value, behind)) = known {
            filled.push_str(&value);
            rest = behind;
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::Scene;
    use crate::http::Request;
    use crate::time::Instant;

    #[test]
    fn braces_stand_for_what_only_the_moment_knows() {
        let request = Request::get("/token?a=b");
        let scene = |base| Scene {
            now: Instant::from_seconds(784_111_747),
            request: &request,
            base,
        };
        let local = scene("http://127.0.0.1:8628");
        // RFC 9110 section 5.6.7
        assert_eq!(local.fill("{date+30}"), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(local.fill("{epoch+30}"), "784111777");
        assert_eq!(local.fill("{other_origin}{target}"), "http://localhost:8628/token?a=b");
        assert_eq!(
            scene("https://id.example").fill("{other_origin}"),
            "https://elsewhere.id.example"
        );
        assert_eq!(local.fill("a {b} {date+x} {"), "a {b} {date+x} {");
    }
}
