//! What the JavaScript side is to do next, and what the two tell each other of it: flat JSON objects, whose members
//! `www/headless/` and `www/session/` read.

#[cfg(feature = "headless")]
use core::time::Duration;

use device_flow::json::Writer;
#[cfg(feature = "headless")]
use device_flow::{Ask, HttpUrl, Jwk, QrMatrix, SignatureCheck};
use device_flow::{HttpRequest, HttpResponse, Method, TransportError};

#[cfg(feature = "headless")]
use crate::told::millis;

/// A request that is to be sent.
pub(crate) fn http(told: &mut Writer, request: &HttpRequest) {
    told.text("url", &request.url);
    for (name, value) in &request.headers {
        told.text(name, value);
    }
    if request.method == Method::Post {
        told.text("body", core::str::from_utf8(&request.body).unwrap_or_default());
    }
}

/// An answer that came; `headers` has one a line, as HTTP/1.1 writes them.
pub(crate) fn response(status: u16, headers: &str, body: Vec<u8>) -> HttpResponse {
    let header = |line: &str| line.split_once(':').map(|(name, value)| (name.into(), value.into()));
    HttpResponse {
        status,
        headers: headers.split('\n').filter_map(header).collect(),
        body,
    }
}

/// What to do next: see to the ask if there is one, and wake after so many milliseconds.
#[cfg(feature = "headless")]
pub(crate) fn next(ask: Option<Ask>, wake_in: Option<Duration>) -> String {
    let mut told = Writer::new();
    match ask {
        None => {}
        Some(Ask::Digest(input)) => told.text("digest", input.expose()),
        Some(Ask::Http(request)) => http(&mut told, &request),
        Some(Ask::VerifySignature(check)) => signature(&mut told, &check),
    }
    if let Some(span) = wake_in {
        told.number("wakeIn", millis(span));
    }
    told.end()
}

/// Each byte is the character of that number.
#[cfg(feature = "headless")]
fn signature(told: &mut Writer, check: &SignatureCheck) {
    let text = |bytes: &[u8]| -> String { bytes.iter().copied().map(char::from).collect() };
    told.text("signed", &text(&check.signing_input));
    told.text("signature", &text(&check.signature));
    match &check.key {
        Jwk::EcP256 { x, y } => {
            told.text("x", x);
            told.text("y", y);
        }
        Jwk::Rsa { n, e } => {
            told.text("n", n);
            told.text("e", e);
        }
    }
}

/// The cause of that code; the vaguest for one that is not known.
pub(crate) fn cause(code: &str) -> TransportError {
    let mut known = TransportError::ALL.into_iter();
    known
        .find(|cause| cause.code() == code)
        .unwrap_or(TransportError::Unreachable)
}

/// The symbol row by row with its border, `1` for dark.
#[cfg(feature = "headless")]
pub(crate) fn symbol(symbol: Option<(HttpUrl, QrMatrix)>) -> String {
    let mut told = Writer::new();
    if let Some((address, matrix)) = symbol {
        let side = matrix.side_with_quiet_zone();
        let dark = |at: usize| {
            let (x, y) = (at % side, at / side);
            let zone = QrMatrix::QUIET_ZONE;
            x >= zone && y >= zone && matrix.is_dark(x - zone, y - zone)
        };
        let modules: String = (0..side * side).map(|at| if dark(at) { '1' } else { '0' }).collect();
        told.text("address", address.as_str());
        told.text("modules", &modules);
    }
    told.end()
}
