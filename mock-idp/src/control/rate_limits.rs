//! How many requests the products take: read and changed while it runs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Problem, Refused, Sent, answer, parse};
use crate::server::Shared;
use crate::setup::{RateLimits, Table};

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new().routes(routes!(read, change))
}

/// How many requests the products take
#[utoipa::path(get, path = "/rate-limits", tag = "rate limits", responses((status = 200, body = Table)))]
async fn read(State(shared): Mock) -> Response {
    answer(StatusCode::OK, &shared.rate_limits())
}

/// Lift or change rate limits; what is left out stays
#[utoipa::path(
    put, path = "/rate-limits", tag = "rate limits", request_body = Option<Table>,
    responses((status = 200, body = Table), (status = 400, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem))
)]
async fn change(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    let table: Table = parse(&body?, "\"off\", or {\"okta-org\":600}")?;
    let limits = RateLimits::try_from(table).map_err(Refused::unfit)?;
    shared.change_rate_limits(&limits);
    Ok(answer(StatusCode::OK, &shared.rate_limits()))
}
