//! The journal: what was asked and answered, live too, and what it says about each client.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, answer, no_content};
use crate::journal::{Entry, ShownEntry, Verdict};
use crate::personality::Endpoint;
use crate::server::Shared;
use crate::whole::LARGEST;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(read, clear))
        .routes(routes!(follow))
        .routes(routes!(verdicts))
        .routes(routes!(verdict))
}

/// Which part of the journal.
#[derive(Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Part {
    /// Requests of this client alone.
    client: Option<String>,
    /// Requests to this endpoint alone, such as `token`.
    endpoint: Option<Endpoint>,
    /// From this number on.
    #[serde(default, deserialize_with = "number")]
    since: Option<u64>,
    /// So many at most, 1000 without a number: the newest, or with `since` the first of those.
    #[serde(default, deserialize_with = "number")]
    limit: Option<u64>,
}

fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let number = text.parse().ok().filter(|number| *number <= LARGEST.unsigned_abs());
    let wrong = || D::Error::custom(format!("{text:?} is no whole number from 0 to {LARGEST}"));
    number.map(Some).ok_or_else(wrong)
}

impl Part {
    fn holds(&self, entry: &Entry) -> bool {
        let client = self.client.is_none() || self.client == entry.about.client_id;
        let endpoint = self.endpoint.is_none() || self.endpoint.map(Endpoint::word) == entry.about.endpoint;
        client && endpoint && self.since.is_none_or(|since| entry.number >= since)
    }
}

/// Requests and answers, without secrets.
#[derive(Serialize, ToSchema)]
struct Page {
    /// Oldest first.
    entries: Vec<ShownEntry>,
    /// How many had to make room since the start.
    dropped: u64,
    /// The number that the next request will have.
    next: u64,
}

/// Requests and their answers
#[utoipa::path(
    get, path = "/journal", tag = "journal", params(Part),
    responses((status = 200, body = Page), (status = 400, body = Problem))
)]
async fn read(State(shared): Mock, part: Result<Query<Part>, QueryRejection>) -> Result<Response, Refused> {
    let Query(part) = part?;
    let journal = shared.journal();
    let found: Vec<&Entry> = journal.entries().filter(|entry| part.holds(entry)).collect();
    let limit = part.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(1000);
    let skipped = match part.since {
        Some(_) => 0,
        None => found.len().saturating_sub(limit),
    };
    let page = Page {
        entries: found
            .iter()
            .skip(skipped)
            .take(limit)
            .map(|entry| entry.shown())
            .collect(),
        dropped: journal.dropped(),
        next: journal.next(),
    };
    drop(journal);
    Ok(answer(StatusCode::OK, &page))
}

/// Forget requests and verdicts
#[utoipa::path(delete, path = "/journal", tag = "journal", responses((status = 204)))]
async fn clear(State(shared): Mock) -> Response {
    shared.journal().clear();
    no_content()
}

/// Requests and their answers as they come
///
/// Server-sent events: `id` is the entry's number, `data` the entry as in `GET /journal`. Begins with the next request,
/// or after the one in `Last-Event-ID`.
#[utoipa::path(
    get, path = "/journal/stream", tag = "journal",
    responses((status = 200, content_type = "text/event-stream", body = String))
)]
async fn follow(State(shared): Mock, headers: HeaderMap) -> Response {
    let last = headers
        .get("last-event-id")
        .and_then(|id| id.to_str().ok()?.parse::<u64>().ok());
    let next = last.map_or_else(|| shared.journal().next(), |last| last.saturating_add(1));
    let events = stream::unfold((shared, next), |(shared, next)| async move {
        let (number, entry) = shared.entry_from(next).await;
        let text = serde_json::to_string(&entry).unwrap_or_default();
        let event = Event::default().id(number.to_string()).data(text);
        Some((Ok::<_, Infallible>(event), (shared, number + 1)))
    });
    Sse::new(events).keep_alive(KeepAlive::default()).into_response()
}

/// What every client's requests say about it
#[utoipa::path(get, path = "/verdicts", tag = "journal", responses((status = 200, body = [Verdict])))]
async fn verdicts(State(shared): Mock) -> Response {
    let verdicts = shared.journal().verdicts();
    answer(StatusCode::OK, &verdicts)
}

/// What one client's requests say about it
#[utoipa::path(
    get, path = "/verdicts/{client_id}", tag = "journal", params(("client_id" = String, Path)),
    responses((status = 200, body = Verdict), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn verdict(State(shared): Mock, client_id: Name) -> Result<Response, Refused> {
    let Path(client_id) = client_id?;
    let verdicts = shared.journal().verdicts();
    let verdict = verdicts.into_iter().find(|verdict| verdict.client_id == client_id);
    let verdict = verdict.ok_or_else(|| {
        let text = format!("client {client_id:?} has asked for nothing yet; GET /verdicts lists those that have");
        Refused(StatusCode::NOT_FOUND, text)
    })?;
    Ok(answer(StatusCode::OK, &verdict))
}
