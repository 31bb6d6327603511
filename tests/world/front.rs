//! The server's front, a TLS proxy: the core's requests as the mock hears them, and its answers as the core reads them.

use device_flow::{HttpRequest, HttpResponse, Method};
use mock_idp::{Delivery, Request, Response};

use crate::Issuer;

/// What reaches the mock of a request to the one host there is.
pub fn to_idp(request: &HttpRequest) -> Request {
    let sent = Request::new(word(request.method), path(&request.url));
    let mut sent = request
        .headers
        .iter()
        .fold(forwarded(sent), |sent, (name, value)| sent.with(name, value));
    sent.body.clone_from(&request.body);
    sent
}

/// With what the front says of itself.
pub(crate) fn forwarded(request: Request) -> Request {
    request.with("host", Issuer::HOST).with("x-forwarded-proto", "https")
}

/// What the core reads, and how it travels.
pub fn from_idp(response: Response) -> (HttpResponse, Delivery) {
    let Response {
        status,
        headers,
        body,
        delivery,
    } = response;
    let answer = HttpResponse { status, headers, body };
    (answer, delivery)
}

pub(crate) const fn word(method: Method) -> &'static str {
    match method {
        Method::Get => "GET",
        Method::Post => "POST",
    }
}

pub(crate) fn path(url: &str) -> &str {
    url.strip_prefix("https://id.example")
        .expect("every request goes to the one host")
}
