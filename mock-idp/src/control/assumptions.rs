//! What is assumed where nobody has verified what a product does: read and changed while it runs.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Problem, Refused, Sent, answer, parse};
use crate::personality::Assumptions;
use crate::server::Shared;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new().routes(routes!(read, change))
}

/// What is assumed where nobody has verified what a product does
#[utoipa::path(get, path = "/assumptions", tag = "assumptions", responses((status = 200, body = Assumptions)))]
async fn read(State(shared): Mock) -> Response {
    answer(StatusCode::OK, &shared.assumptions())
}

/// Assume something else; what is left out stays
#[utoipa::path(
    put, path = "/assumptions", tag = "assumptions", request_body = Option<Assumptions>,
    responses((status = 200, body = Assumptions), (status = 400, body = Problem), (status = 413, body = Problem))
)]
async fn change(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    let changes: BTreeMap<String, String> = parse(&body?, "{\"okta-denied-status\":\"403\"}, or others")?;
    let mut assumptions = shared.assumptions();
    for (name, value) in &changes {
        assumptions.set(name, value).map_err(Refused::bad)?;
    }
    shared.assume(assumptions);
    Ok(answer(StatusCode::OK, &assumptions))
}
