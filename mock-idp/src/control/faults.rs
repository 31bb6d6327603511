//! Scenarios and scripts: what goes wrong, by name or in one's own words.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, Sent, answer, no_content, parse};
use crate::fault::{ActiveFault, Scenario, Script, Step, Switch, catalogue};
use crate::server::Shared;

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(list, clear))
        .routes(routes!(switch_on, switch_off))
        .routes(routes!(run))
}

/// One scenario or script that is switched on.
#[derive(Serialize, ToSchema)]
#[schema(as = ActiveFault)]
struct ActiveView {
    /// A scenario's id such as `X-23`, or `script-1` and so on.
    id: String,
    /// Which form of the scenario.
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<String>,
    /// For this client alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    client: Option<String>,
    /// At this issuer alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// Acts on so many requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    count: Option<u64>,
    /// What happens.
    steps: Vec<Step>,
    /// How many requests it has acted on.
    applied: u64,
}

impl From<ActiveFault> for ActiveView {
    fn from(active: ActiveFault) -> Self {
        Self {
            id: active.id,
            variant: active.variant,
            client: active.script.client,
            issuer: active.script.issuer,
            count: active.script.count,
            steps: active.script.steps,
            applied: active.applied,
        }
    }
}

/// Every scenario there is, and everything that is switched on.
#[derive(Serialize, ToSchema)]
struct Listing {
    /// In the order in which they act.
    active: Vec<ActiveView>,
    scenarios: &'static [Scenario],
}

/// How a scenario is switched on; what is left out stays as the scenario has it.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Switching {
    /// Which form of it, by name; without one, its first.
    variant: Option<String>,
    /// For this client alone.
    client: Option<String>,
    /// At this issuer alone, by name such as `okta-org`.
    issuer: Option<String>,
    /// For so many requests; without a number as many as the scenario says, else until it is switched off.
    #[schema(minimum = 1)]
    count: Option<u64>,
}

/// The id of what was switched on.
#[derive(Serialize, ToSchema)]
struct SwitchedOn {
    id: String,
}

/// Every scenario, and what is switched on
#[utoipa::path(get, path = "/scenarios", tag = "faults", responses((status = 200, body = Listing)))]
async fn list(State(shared): Mock) -> Response {
    let active = shared.faults().active().into_iter().map(ActiveView::from).collect();
    let scenarios = catalogue();
    answer(StatusCode::OK, &Listing { active, scenarios })
}

/// Switch every scenario and script off
#[utoipa::path(delete, path = "/scenarios", tag = "faults", responses((status = 204)))]
async fn clear(State(shared): Mock) -> Response {
    shared.faults().clear();
    no_content()
}

/// Switch a scenario on
#[utoipa::path(
    post, path = "/scenarios/{id}", tag = "faults",
    params(("id" = String, Path, description = "Such as X-23")),
    request_body = Option<Switching>,
    responses(
        (status = 204), (status = 400, body = Problem), (status = 404, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "Unknown variant or issuer, or one that no client is known for")
    )
)]
async fn switch_on(State(shared): Mock, id: Name, body: Sent) -> Result<Response, Refused> {
    let Path(id) = id?;
    let example = "{\"variant\":\"…\",\"client\":\"tv\",\"issuer\":\"rfc\",\"count\":1}, some of it, or nothing at all";
    let Switching {
        variant,
        client,
        issuer,
        count,
    } = parse(&body?, example)?;
    shared.check_issuer(issuer.as_deref()).map_err(Refused::unfit)?;
    if count == Some(0) {
        return Err(Refused::bad("count is 0; leave it out to let the scenario stay on"));
    }
    let switch = Switch {
        variant,
        client,
        issuer,
        count,
    };
    shared.faults().switch_on(&id, switch)?;
    Ok(no_content())
}

/// Switch a scenario or script off
#[utoipa::path(
    delete, path = "/scenarios/{id}", tag = "faults",
    params(("id" = String, Path, description = "Such as X-23 or script-1")),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn switch_off(State(shared): Mock, id: Name) -> Result<Response, Refused> {
    let Path(id) = id?;
    shared.faults().switch_off(&id)?;
    Ok(no_content())
}

/// Switch a script of your own on
#[utoipa::path(
    post, path = "/scripts", tag = "faults", request_body = Script,
    responses(
        (status = 201, body = SwitchedOn), (status = 400, body = Problem), (status = 413, body = Problem),
        (status = 422, body = Problem, description = "It contradicts itself, or asks for what cannot be done")
    )
)]
async fn run(State(shared): Mock, body: Sent) -> Result<Response, Refused> {
    let script: Script = parse(
        &body?,
        "a script such as {\"steps\":[{\"endpoint\":\"token\",\"ending\":\"reset\"}]}",
    )?;
    shared.check_issuer(script.issuer.as_deref()).map_err(Refused::unfit)?;
    let id = shared.faults().run(script)?;
    Ok(answer(StatusCode::CREATED, &SwitchedOn { id }))
}
