//! Okta's custom authorization servers, with their access policies.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Mock, Name, Problem, Refused, Sent, answer, no_content, parse, same_name, status_of_put};
use crate::server::Shared;
use crate::setup::{AccessPolicy, AuthorizationServer, allowing_everything};

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(list))
        .routes(routes!(read, put, remove))
}

/// What an authorization server is opened with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct AuthorizationServerToPut {
    /// As in the path, or left out.
    id: Option<String>,
    /// The `aud` of its access tokens; `api://` and the id if left out.
    audience: Option<String>,
    /// Scopes of its own beside those of OpenID Connect.
    #[serde(default)]
    #[schema(required = false)]
    scopes: Vec<String>,
    /// Tried in this order; one that allows everything if left out.
    #[serde(default = "allowing_everything")]
    #[schema(required = false)]
    policies: Vec<AccessPolicy>,
}

/// Every authorization server beside the org's own
#[utoipa::path(
    get, path = "/authorization-servers", tag = "registered",
    responses((status = 200, body = [AuthorizationServer]))
)]
async fn list(State(shared): Mock) -> Response {
    answer(StatusCode::OK, &shared.authorization_servers())
}

/// One authorization server
#[utoipa::path(
    get, path = "/authorization-servers/{id}", tag = "registered", params(("id" = String, Path)),
    responses(
        (status = 200, body = AuthorizationServer), (status = 400, body = Problem), (status = 404, body = Problem)
    )
)]
async fn read(State(shared): Mock, id: Name) -> Result<Response, Refused> {
    let Path(id) = id?;
    let found = shared
        .authorization_servers()
        .into_iter()
        .find(|server| server.id == id);
    let found = found.ok_or_else(|| unknown(&shared, &id))?;
    Ok(answer(StatusCode::OK, &found))
}

/// Open an authorization server, in place of one with the same id
#[utoipa::path(
    put, path = "/authorization-servers/{id}", tag = "registered",
    params(("id" = String, Path, description = "Letters, digits, `-` and `_`")),
    request_body = Option<AuthorizationServerToPut>,
    responses(
        (status = 200, body = AuthorizationServer, description = "Replaced"),
        (status = 201, body = AuthorizationServer, description = "New"),
        (status = 400, body = Problem), (status = 413, body = Problem), (status = 422, body = Problem)
    )
)]
async fn put(State(shared): Mock, id: Name, body: Sent) -> Result<Response, Refused> {
    let Path(id) = id?;
    let example = "an authorization server such as {\"policies\":[{\"clients\":[\"tv\"],\"rules\":[{}]}]}";
    let sent: AuthorizationServerToPut = parse(&body?, example)?;
    same_name("id", sent.id.as_deref(), &id)?;
    let server = AuthorizationServer {
        id,
        audience: sent.audience,
        scopes: sent.scopes,
        policies: sent.policies,
    };
    server.check().map_err(Refused::unfit)?;
    let replaced = shared.put_authorization_server(&server);
    Ok(answer(status_of_put(replaced), &server))
}

/// Close an authorization server, with its codes and tokens
#[utoipa::path(
    delete, path = "/authorization-servers/{id}", tag = "registered", params(("id" = String, Path)),
    responses((status = 204), (status = 400, body = Problem), (status = 404, body = Problem))
)]
async fn remove(State(shared): Mock, id: Name) -> Result<Response, Refused> {
    let Path(id) = id?;
    if shared.remove_authorization_server(&id) {
        Ok(no_content())
    } else {
        Err(unknown(&shared, &id))
    }
}

fn unknown(shared: &Shared, id: &str) -> Refused {
    let known = shared.authorization_servers().into_iter().map(|server| server.id);
    Refused::unknown("authorization server", id, known)
}
