//! How many requests the products take: read and changed while it runs.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Problem, Refused, Sent, answer, parse};
use crate::server::Shared;
use crate::setup::Table;

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
    put, path = "/rate-limits", tag = "rate limits", request_body = Table,
    responses((status = 200, body = Table), (status = 400, body = Problem), (status = 413, body = Problem))
)]
async fn change(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    shared.change_rate_limits(&parse(&body?, "\"off\", or {\"okta-org\":600}")?);
    Ok(answer(StatusCode::OK, &shared.rate_limits()))
}
