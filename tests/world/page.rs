//! What a page may read of an answer from another origin (Fetch Standard, CORS protocol).

use device_flow::{HttpResponse, TransportError};

/// The page's own origin; the server knows it.
pub(crate) const ORIGIN: &str = "https://tv.example";

/// What a page says of its origin that came from no server (HTML Standard, opaque origins).
pub(crate) const NO_ORIGIN: &str = "null";

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

/// What is left of `answer` for a page of this origin: nothing without permission, few headers, and of a redirect not even the status.
pub(crate) fn read(origin: &str, mut answer: HttpResponse) -> Result<HttpResponse, TransportError> {
    match answer.header("access-control-allow-origin") {
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
