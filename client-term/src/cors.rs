//! What a page may read of an answer (Fetch Standard, CORS protocol).
//!
//! A program may read everything; [`crate::checkup`] puts itself in a page's place.

use device_flow::{HttpResponse, HttpUrl, TransportError};

/// The CORS-safelisted response-header names.
const SAFELISTED: [&str; 7] = [
    "cache-control",
    "content-language",
    "content-length",
    "content-type",
    "expires",
    "last-modified",
    "pragma",
];

/// What is left of `answer` to a request for `url` for a page of this origin, `null` for a packaged application's.
///
/// From its own origin that is all; from another one nothing without permission, and few headers. Of a redirect, which it
/// does not follow, a page sees not even the status. Requests as `device-flow` makes them need no preflight.
///
/// # Errors
///
/// [`TransportError::CrossOriginRefused`] without permission.
pub fn read(origin: &str, url: &str, mut answer: HttpResponse) -> Result<HttpResponse, TransportError> {
    let is_own = is_own(origin, url);
    match answer.header("access-control-allow-origin") {
        _ if is_own => {}
        Some(allowed) if allowed == "*" || allowed == origin => {}
        _ => return Err(TransportError::CrossOriginRefused),
    }
    if (300..400).contains(&answer.status) {
        return Ok(HttpResponse {
            status: 0,
            headers: Vec::new(),
            body: Vec::new(),
        });
    }
    if is_own {
        return Ok(answer);
    }
    let exposed = answer
        .header("access-control-expose-headers")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let exposed: Vec<_> = exposed.split(',').map(str::trim).collect();
    answer.headers.retain(|(name, _)| {
        let name = name.to_ascii_lowercase();
        SAFELISTED.contains(&name.as_str()) || exposed.contains(&name.as_str())
    });
    Ok(answer)
}

fn is_own(origin: &str, url: &str) -> bool {
    let [page, server] = [origin, url].map(HttpUrl::parse);
    page.zip(server).is_some_and(|(page, server)| page.same_origin(&server))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ELSEWHERE: &str = "https://id.example/token";

    /// The names of the headers that a page of `https://tv.example` reads.
    fn names(status: u16, headers: &[(&str, &str)]) -> Result<Vec<String>, TransportError> {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        let answer = HttpResponse {
            status,
            headers: headers.collect(),
            body: b"{}".to_vec(),
        };
        let read = read("https://tv.example", ELSEWHERE, answer)?;
        Ok(read.headers.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn nothing_is_read_without_permission() {
        let refused = Err(TransportError::CrossOriginRefused);
        assert_eq!(names(200, &[("Content-Type", "application/json")]), refused);
        assert_eq!(
            names(200, &[("Access-Control-Allow-Origin", "https://other.example")]),
            refused
        );
        assert_eq!(
            names(200, &[("Access-Control-Allow-Origin", "https://tv.example")]),
            Ok(vec![])
        );
        assert_eq!(names(200, &[("Access-Control-Allow-Origin", "*")]), Ok(vec![]));
    }

    #[test]
    fn only_exposed_headers_are_read_beside_the_safelisted() {
        let answer = [
            ("Access-Control-Allow-Origin", "*"),
            ("Access-Control-Expose-Headers", "Retry-After"),
            ("Content-Type", "application/json"),
            ("Date", "Sun, 06 Nov 1994 08:49:37 GMT"),
            ("Retry-After", "7"),
        ];
        assert_eq!(
            names(429, &answer),
            Ok(vec!["Content-Type".into(), "Retry-After".into()])
        );
    }

    #[test]
    fn a_page_reads_all_that_its_own_server_says() {
        let answer = HttpResponse {
            status: 429,
            headers: vec![("Retry-After".into(), "7".into())],
            body: b"{}".to_vec(),
        };
        for (origin, url) in [
            ("https://id.example", "https://id.example:443/token"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080/authentik/token"),
        ] {
            assert_eq!(read(origin, url, answer.clone()), Ok(answer.clone()), "{origin}");
        }
        for (origin, url) in [
            ("http://id.example", "https://id.example/token"),
            ("null", "https://id.example/token"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8081/token"),
        ] {
            let refused = Err(TransportError::CrossOriginRefused);
            assert_eq!(read(origin, url, answer.clone()), refused, "{origin}");
        }
    }

    #[test]
    fn a_redirect_has_no_status() {
        let answer = HttpResponse {
            status: 307,
            headers: vec![("access-control-allow-origin".into(), "*".into())],
            body: Vec::new(),
        };
        assert_eq!(
            read("null", ELSEWHERE, answer.clone()).map(|answer| answer.status),
            Ok(0)
        );
        let own = read("https://id.example", ELSEWHERE, answer);
        assert_eq!(own.map(|answer| answer.status), Ok(0));
    }
}
