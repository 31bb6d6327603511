//! How long a listener waits for what a caller has begun, so that nobody keeps a seat for nothing.
//!
//! This is real time: a clock that stands still must not keep connections either.
//! Answers have no deadline, as they may be late on purpose.

use std::future::poll_fn;
use std::pin::Pin;
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::http::{HeaderValue, Request, Response, StatusCode, header};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::TokioTimer;
use tokio::time::timeout;

/// What callers get of a listener's time.
#[derive(Clone, Copy)]
pub(super) struct Patience {
    /// For a request's head, counted from the connection's begin or the answer before.
    pub(super) head: Duration,
    /// For a request's body, counted from its head.
    pub(super) body: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(30),
            body: Duration::from_secs(30),
        }
    }
}

impl Patience {
    /// HTTP on a connection that is closed when a head takes too long.
    pub(super) fn http(self) -> http1::Builder {
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(self.head);
        http
    }

    /// The request with all of its body, or what a caller hears whose body takes too long.
    ///
    /// A body over the limit, or one that breaks off, becomes one that is just too large; if it is announced, at once.
    pub(super) async fn receive(
        self,
        request: Request<Incoming>,
        limit: usize,
    ) -> Result<Request<Body>, Response<Body>> {
        let (head, body) = request.into_parts();
        let too_large = || Body::from(vec![0; limit + 1]);
        let body = if body.size_hint().lower() > limit as u64 {
            // Who asks first, sends nothing after a refusal (RFC 9110 section 10.1.1).
            if !head.headers.contains_key(header::EXPECT) {
                tokio::spawn(timeout(self.body, discard(body)));
            }
            too_large()
        } else {
            let whole = timeout(self.body, to_bytes(Body::new(body), limit)).await;
            let whole = whole.map_err(|_| self.too_late())?;
            whole.map_or_else(|_| too_large(), Body::from)
        };
        Ok(Request::from_parts(head, body))
    }

    /// RFC 9110 section 15.5.9.
    fn too_late(self) -> Response<Body> {
        let seconds = self.body.as_secs_f64();
        let text = format!("the body did not arrive within {seconds} s; send as much as Content-Length says.\n");
        let mut response = Response::new(Body::from(text));
        *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }
}

/// Reads on, because closing over unread bytes would take the answer back (TCP reset).
async fn discard(mut body: Incoming) {
    while let Some(Ok(_)) = poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {}
}
