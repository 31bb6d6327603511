//! Carries an answer to its reader the way its delivery says: late, in pieces, in part, or not at all.

use std::future::{Future, pending};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, Bytes};
use axum::http;
use http_body::{Frame, SizeHint};

use super::Shared;
use super::line::{Cut, Line};
use crate::delivery::{Ending, Pace};
use crate::http::Response;

/// The answer once it is due. Does not return if the reader is to hear nothing.
///
/// Without a `line` (a router that somebody else serves) a connection cannot be broken before its headers are out:
/// such an answer arrives with status 502 and an empty body that breaks off.
pub(crate) async fn carry(shared: Arc<Shared>, line: Option<Line>, response: Response) -> http::Response<Body> {
    let Response {
        status,
        headers,
        body,
        delivery,
    } = response;
    if !delivery.delay.is_zero() {
        let due = shared.clock().now() + delivery.delay;
        shared.wait_until(due).await;
    }
    let nothing = match (delivery.ending, &line) {
        (Ending::Stall, _) => true,
        (Ending::NoAnswer, Some(line)) => {
            line.cut(Cut::Close);
            true
        }
        (Ending::Reset, Some(line)) => {
            line.cut(Cut::Reset);
            true
        }
        _ => false,
    };
    if nothing {
        return pending().await;
    }
    let (until, end) = match delivery.ending {
        Ending::Whole | Ending::Stall => (body.len(), End::Complete),
        Ending::NoAnswer | Ending::Reset => (0, End::Broken(None)),
        Ending::ClosedAfter(bytes) => (bytes, End::Broken(None)),
        Ending::ResetAfter(bytes) => (bytes, End::Broken(line)),
        Ending::StalledAfter(bytes) => (bytes, End::Silent),
    };
    let body = match (&end, delivery.pace) {
        (End::Complete, None) => Body::from(body),
        (_, pace) => Body::new(Pieces::new(shared, body, pace, until, end)),
    };
    let is_lost = matches!(delivery.ending, Ending::NoAnswer | Ending::Reset);
    let mut carried = http::Response::new(body);
    let status = if is_lost { 502 } else { status };
    *carried.status_mut() = http::StatusCode::from_u16(status).unwrap_or_default();
    for (name, value) in headers {
        // An echoed header that HTTP cannot carry is left out.
        if let (Ok(name), Ok(value)) = (http::HeaderName::try_from(name), http::HeaderValue::try_from(value)) {
            carried.headers_mut().append(name, value);
        }
    }
    carried
}

/// What follows the last byte that is sent.
enum End {
    Complete,
    /// The connection ends: reset by its line, else closed.
    Broken(Option<Line>),
    /// Nothing, and the connection stays.
    Silent,
}

/// A body that leaves in pieces, and may promise more than it sends.
struct Pieces {
    shared: Arc<Shared>,
    body: Bytes,
    pace: Option<Pace>,
    sent: usize,
    /// So many bytes are sent.
    until: usize,
    end: End,
    pause: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    /// Whether what was sent had time to leave before the connection ends.
    flushed: bool,
}

impl Pieces {
    fn new(shared: Arc<Shared>, body: Vec<u8>, pace: Option<Pace>, until: usize, end: End) -> Self {
        Self {
            until: until.min(body.len()),
            shared,
            body: Bytes::from(body),
            pace,
            sent: 0,
            end,
            pause: None,
            flushed: false,
        }
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if self.sent < self.until {
            let rest = self.until - self.sent;
            let length = self.pace.map_or(rest, |pace| pace.bytes.clamp(1, rest));
            let piece = self.body.slice(self.sent..self.sent + length);
            self.sent += length;
            if let Some(pace) = self.pace.filter(|_| self.sent < self.until) {
                let shared = Arc::clone(&self.shared);
                let due = shared.clock().now() + pace.every;
                self.pause = Some(Box::pin(async move { shared.wait_until(due).await }));
            }
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        if matches!(self.end, End::Complete) {
            return Poll::Ready(None);
        }
        if !self.flushed {
            self.flushed = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        match &self.end {
            End::Broken(line) => {
                if let Some(line) = line {
                    line.cut(Cut::Reset);
                }
                Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into())))
            }
            End::Complete | End::Silent => Poll::Pending,
        }
    }

    /// The whole length, also of a body that breaks off: that is what `Content-Length` promises.
    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.body.len() - self.sent) as u64)
    }
}
