//! The control listener: what a test does to the mock from outside, on a port of its own.
//!
//! It never shares a port with a product: a client could tell.
//! Every call stands in `GET /openapi.json`, because the router is made from the same descriptions.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::DefaultBodyLimit;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::Shared;

mod assumptions;
mod authorization_servers;
mod clients;
mod clock;
mod console;
mod description;
mod faults;
mod grants;
mod guard;
mod intake;
mod journal;
mod keys;
mod plain;
mod rate_limits;
mod refused;
mod users;

use intake::{Sent, parse, same_name};
use refused::{Problem, Refused};

/// What every call gets.
type Mock = State<Arc<Shared>>;
/// The one name in a call's path.
type Name = Result<Path<String>, PathRejection>;

/// Title and words of the description; its calls come from the router.
#[derive(OpenApi)]
#[openapi(info(
    title = "mock-idp control",
    description = "What a test does to the mock from outside. Bodies are JSON, whatever their media type says. \
        Times are seconds since 1970 by the mock's own clock. 400 says that a body or a query cannot be read \
        or is out of range, 422 that what it asks for cannot be done."
))]
struct Head;

/// So many bytes at most has a call's body.
pub(crate) const LARGEST_BODY: usize = 2 * 1024 * 1024;

/// The router of the control listener.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let (router, _) = described().split_for_parts();
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard::check))
        .with_state(shared)
}

fn described() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(index))
        .routes(routes!(openapi))
        .merge(grants::router())
        .merge(assumptions::router())
        .merge(rate_limits::router())
        .merge(clock::router())
        .merge(faults::router())
        .merge(journal::router())
        .merge(clients::router())
        .merge(users::router())
        .merge(authorization_servers::router())
        .merge(keys::router())
        .merge(console::router())
        .routes(routes!(reset))
}

/// Every call in a line, and the issuers; for a browser, the console
#[utoipa::path(
    get, path = "/",
    responses((status = 200, content((Index = "application/json"), (String = "text/html"))))
)]
async fn index(State(shared): Mock, headers: HeaderMap) -> Response {
    if console::is_wanted(&headers) {
        return console::page();
    }
    let issuers = shared.issuers().into_iter().map(|(name, url)| (name, url.into()));
    answer(
        StatusCode::OK,
        &Index {
            calls: description::calls(),
            issuers: issuers.collect(),
        },
    )
}

/// What `GET /` says.
#[derive(Serialize, ToSchema)]
struct Index {
    /// Calls and what they do.
    calls: Map<String, Value>,
    /// Names and URLs of the issuers.
    issuers: Map<String, Value>,
}

/// This description
#[utoipa::path(get, path = "/openapi.json", responses((status = 200, body = Value)))]
async fn openapi() -> Response {
    answer(StatusCode::OK, description::document())
}

/// Put everything back to what it was at the start
///
/// Clients, users, keys, the seed, scenarios and scripts, and the clock are as they were; grants, tokens, throttles,
/// browser sessions and the journal are forgotten.
#[utoipa::path(post, path = "/reset", responses((status = 204)))]
async fn reset(State(shared): Mock) -> Response {
    shared.reset();
    no_content()
}

async fn unknown_path() -> Refused {
    let text = "nothing lives here; GET / lists what there is";
    Refused(StatusCode::NOT_FOUND, text.to_owned())
}

async fn wrong_method() -> Refused {
    let text = "not with this method; GET / lists what there is";
    Refused(StatusCode::METHOD_NOT_ALLOWED, text.to_owned())
}

/// The status of a `PUT`, by whether it replaced something (RFC 9110 section 9.3.4).
fn status_of_put(replaced: bool) -> StatusCode {
    if replaced { StatusCode::OK } else { StatusCode::CREATED }
}

fn answer(status: StatusCode, body: &impl Serialize) -> Response {
    let text = serde_json::to_string(body).unwrap_or_else(|_| json!({}).to_string());
    let mut response = Response::new(Body::from(text + "\n"));
    *response.status_mut() = status;
    let media_type = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, media_type);
    response
}

fn no_content() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}
