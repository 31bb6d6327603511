//! A reply becomes an answer: the product's JSON, the product's headers.

use std::time::Duration;

use super::Call;
use crate::bucket::Standing;
use crate::http::Response;
use crate::personality::{Endpoint, HeaderValue, Headers};
use crate::refusal::{Body, Reply};

/// What stands on an answer besides what it says.
#[derive(Clone, Copy)]
pub(super) struct Stamp<'a> {
    pub(super) request_id: &'a str,
    /// Where the product tells of its rate limits.
    pub(super) standing: Option<Standing>,
}

pub(super) fn encode(call: &Call, reply: Reply, stamp: Stamp) -> Response {
    let facts = call.personality;
    let mut response = Response::new(reply.status);
    let (media_type, body) = match reply.body {
        Body::Empty => (None, Vec::new()),
        Body::Html(text) => (Some("text/html; charset=utf-8"), text.into_bytes()),
        Body::Notice(title, text) => {
            let page = crate::verification::notice(facts.page.words.brand, title, &text);
            (Some("text/html; charset=utf-8"), page.into_bytes())
        }
        Body::Json(value) if call.endpoint == Some(Endpoint::Metadata) => {
            (Some("application/json"), facts.metadata_json.write(&value))
        }
        Body::Json(value) => (Some("application/json"), facts.json.write(&value)),
    };
    if let Some(media_type) = media_type {
        response = response.with("Content-Type", media_type);
    }
    response.body = body;
    for (name, value) in reply.headers {
        response = response.with(name, value);
    }
    dress(call, response, stamp)
}

/// Adds the product's own headers and the date.
pub(super) fn dress(call: &Call, mut response: Response, stamp: Stamp) -> Response {
    let sets = &call.personality.headers;
    let special: Headers = match call.endpoint {
        // an empty answer has none of the headers of JSON answers.
        _ if response.status == 405 && response.body.is_empty() => &[],
        // O-98 speaks of the documents.
        Some(Endpoint::Metadata | Endpoint::Jwks) if response.status >= 400 => &[],
        Some(Endpoint::DeviceAuthorization | Endpoint::Token | Endpoint::Revocation | Endpoint::Introspection) => {
            sets.tokens
        }
        Some(Endpoint::Metadata) => sets.metadata,
        Some(Endpoint::Jwks) => sets.jwks,
        _ => &[],
    };
    for (name, value) in sets.always.iter().chain(special) {
        if response.header(name).is_some() {
            continue;
        }
        let value = match value {
            HeaderValue::Text(text) => (*text).to_owned(),
            HeaderValue::RequestId => stamp.request_id.to_owned(),
            HeaderValue::Limit => told(stamp.standing.map(|standing| standing.limit)),
            HeaderValue::Remaining => told(stamp.standing.map(|standing| standing.remaining)),
            HeaderValue::Reset => told(stamp.standing.map(|standing| standing.resets_at.seconds())),
            HeaderValue::DateIn(seconds) => (call.told + Duration::from_secs(*seconds)).http_date(),
        };
        response = response.with(name, value);
    }
    response.with("Date", call.told.http_date())
}

fn told(number: Option<impl ToString>) -> String {
    number.map(|number| number.to_string()).unwrap_or_default()
}
