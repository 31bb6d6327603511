//! The origin of a page.

use std::str::FromStr;

use serde::Deserialize;

/// An origin as browsers send it (RFC 6454 section 6.2): lower case, no default port, nothing behind.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct PageOrigin(String);

/// What packaged apps send, which live on `file:`: those of today, and those in engines as Chromium 53 and 56.
const PACKAGED: [&str; 2] = ["null", "file://"];

impl PageOrigin {
    /// Its text, such as `http://127.0.0.1:8080`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As browsers send what somebody wrote. If it is no origin, no page has it.
    pub(crate) fn as_sent(written: &str) -> Self {
        if PACKAGED.contains(&written) {
            return Self(written.to_owned());
        }
        let origin = written.trim_end_matches('/').to_ascii_lowercase();
        let port = if origin.starts_with("https:") { ":443" } else { ":80" };
        Self(origin.strip_suffix(port).unwrap_or(&origin).to_owned())
    }
}

impl FromStr for PageOrigin {
    type Err = String;

    fn from_str(written: &str) -> Result<Self, String> {
        let origin = Self::as_sent(written);
        let host = origin
            .0
            .strip_prefix("http://")
            .or_else(|| origin.0.strip_prefix("https://"));
        if PACKAGED.contains(&origin.as_str())
            || host.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@']))
        {
            return Ok(origin);
        }
        let example = "write a scheme and a host, such as http://127.0.0.1:8080";
        Err(format!("{written:?} is no origin; {example}"))
    }
}

impl TryFrom<String> for PageOrigin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::PageOrigin;

    #[test]
    fn an_origin_is_written_as_browsers_send_it() {
        for (typed, sent) in [
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.0.0.1:8080/", "http://127.0.0.1:8080"),
            ("HTTP://TV.example:80", "http://tv.example"),
            ("https://tv.example:443/", "https://tv.example"),
            ("https://tv.example:80", "https://tv.example:80"),
            ("null", "null"),
            ("file://", "file://"),
        ] {
            assert_eq!(typed.parse::<PageOrigin>().unwrap().as_str(), sent);
        }
    }

    #[test]
    fn what_is_no_origin_is_refused() {
        for text in [
            "",
            "127.0.0.1:8080",
            "ftp://tv.example",
            "http://",
            "http://tv.example/page",
            "http://a@b",
        ] {
            let problem = text.parse::<PageOrigin>().unwrap_err();
            assert!(problem.contains("such as http://127.0.0.1:8080"), "{problem}");
        }
    }
}
