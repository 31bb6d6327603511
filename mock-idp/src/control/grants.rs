//! Grants: what is pending, and what becomes of it.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, Sent, answer, no_content, parse};
use crate::grant::device::GrantState;
use crate::idp::GrantView;
use crate::server::Shared;
use crate::time::Instant;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read))
        .routes(routes!(approve))
        .routes(routes!(deny))
        .routes(routes!(expire))
}

/// One sign-in of one device.
#[derive(Serialize, ToSchema)]
pub(super) struct Grant {
    /// The code as the device shows it.
    user_code: String,
    /// Whose device it is.
    client_id: String,
    /// The issuer that was asked.
    issuer: String,
    state: GrantState,
    /// When the code was handed out.
    issued_at: u64,
    /// When `expires_in` is over.
    expires_at: u64,
    /// When the person first saw what they decide about.
    seen_at: Option<u64>,
    /// When somebody decided.
    decided_at: Option<u64>,
    /// Who said yes.
    approved_by: Option<String>,
    /// When the device got its tokens.
    redeemed_at: Option<u64>,
    /// How often the device has asked.
    polls: u32,
    /// How many seconds the device must wait between one poll and the next, by now.
    interval: u64,
}

impl From<GrantView> for Grant {
    fn from(grant: GrantView) -> Self {
        Self {
            user_code: grant.user_code,
            client_id: grant.client_id,
            issuer: grant.issuer,
            state: grant.state,
            issued_at: grant.issued_at.seconds(),
            expires_at: grant.expires_at.seconds(),
            seen_at: grant.seen_at.map(Instant::seconds),
            decided_at: grant.decided_at.map(Instant::seconds),
            approved_by: grant.approved_by,
            redeemed_at: grant.redeemed_at.map(Instant::seconds),
            polls: grant.polls,
            interval: grant.interval.as_secs(),
        }
    }
}

/// Who approves.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Approval {
    /// By username; without one the first user there is.
    user: Option<String>,
}

/// Every grant, newest last
#[utoipa::path(get, path = "/grants", tag = "grants", responses((status = 200, body = [Grant])))]
async fn list(State(shared): Mock) -> Response {
    let grants: Vec<Grant> = shared.grants().into_iter().map(Grant::from).collect();
    answer(StatusCode::OK, &grants)
}

/// One grant
#[utoipa::path(
    get, path = "/grants/{user_code}", tag = "grants",
    params(("user_code" = String, Path, description = "With or without hyphens, in any case")),
    responses((status = 200, body = Grant), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn read(State(shared): Mock, user_code: Name) -> Result<Response, Refused> {
    let Path(user_code) = user_code?;
    Ok(answer(StatusCode::OK, &Grant::from(shared.grant(&user_code)?)))
}

/// Approve, as a user by name or as the first there is
#[utoipa::path(
    post, path = "/grants/{user_code}/approve", tag = "grants",
    params(("user_code" = String, Path)),
    request_body = Option<Approval>,
    responses(
        (status = 204), (status = 400, body = Problem), (status = 404, body = Problem),
        (status = 409, body = Problem, description = "Already decided, or over"), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "Unknown user")
    )
)]
async fn approve(State(shared): Mock, user_code: Name, body: Sent) -> Result<Response, Refused> {
    let Path(user_code) = user_code?;
    let Approval { user } = parse(&body?, "{\"user\":\"jane\"}, or nothing at all")?;
    shared.approve(&user_code, user.as_deref())?;
    Ok(no_content())
}

/// Deny; on authentik nothing happens, as the product has no deny
#[utoipa::path(
    post, path = "/grants/{user_code}/deny", tag = "grants",
    params(("user_code" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn deny(State(shared): Mock, user_code: Name) -> Result<Response, Refused> {
    let Path(user_code) = user_code?;
    shared.deny(&user_code)?;
    Ok(no_content())
}

/// End the code's life now
#[utoipa::path(
    post, path = "/grants/{user_code}/expire", tag = "grants",
    params(("user_code" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 409, body = Problem))
)]
async fn expire(State(shared): Mock, user_code: Name) -> Result<Response, Refused> {
    let Path(user_code) = user_code?;
    shared.expire(&user_code)?;
    Ok(no_content())
}
