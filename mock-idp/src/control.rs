//! The control listener: what a test does to the mock from outside, on a port of its own.
//!
//! It never shares a port with a product: a client could tell.
//! Every call stands in `GET /openapi.json`, because the router is made from the same descriptions.

use std::sync::{Arc, OnceLock};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware;
use axum::response::Response;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::openapi::OpenApi as Description;
use utoipa::{OpenApi, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::Shared;

mod assumptions;
mod authorization_servers;
mod clients;
mod clock;
mod console;
mod faults;
mod grants;
mod guard;
mod journal;
mod keys;
mod rate_limits;
mod refused;
mod users;

use refused::{Problem, Refused};

/// What every call gets.
type Mock = State<Arc<Shared>>;
/// The one name in a call's path.
type Name = Result<Path<String>, PathRejection>;
/// A call's body.
type Sent = Result<Bytes, BytesRejection>;

/// Title and words of the description; its calls come from the router.
#[derive(OpenApi)]
#[openapi(info(
    title = "mock-idp control",
    description = "What a test does to the mock from outside. Bodies are JSON, whatever their media type says. \
        Times are seconds since 1970 by the mock's own clock."
))]
struct Head;

/// The router of the control listener.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    let (router, _) = described().split_for_parts();
    router
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guard::check))
        .with_state(shared)
}

fn described() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(index))
        .routes(routes!(description))
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

/// The description, made when somebody first asks.
fn document() -> &'static Description {
    static DOCUMENT: OnceLock<Description> = OnceLock::new();
    DOCUMENT.get_or_init(|| described().split_for_parts().1)
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
    let calls = document().paths.paths.iter().flat_map(|(path, item)| {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PUT", &item.put),
            ("DELETE", &item.delete),
        ];
        operations.into_iter().filter_map(move |(method, operation)| {
            let summary = operation.as_ref()?.summary.clone().unwrap_or_default();
            Some((format!("{method} {path}"), summary.into()))
        })
    });
    let issuers = shared.issuers().into_iter().map(|(name, url)| (name, url.into()));
    answer(
        StatusCode::OK,
        &Index {
            calls: calls.collect(),
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
async fn description() -> Response {
    answer(StatusCode::OK, document())
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

/// Reads a body as JSON whatever its media type says. No body at all, or `null`, is an empty object.
fn parse<T: DeserializeOwned>(body: &[u8], example: &str) -> Result<T, Refused> {
    let text = match body.trim_ascii() {
        b"" | b"null" => b"{}",
        _ => body,
    };
    serde_json::from_slice(text).map_err(|problem| Refused::bad(format!("the body must be {example}: {problem}")))
}

/// Refuses a body whose own name differs from the one in the path.
fn same_name(field: &str, sent: Option<&str>, in_path: &str) -> Result<(), Refused> {
    match sent {
        Some(sent) if sent != in_path => Err(Refused::bad(format!(
            "`{field}` is {sent:?}, but the path says {in_path:?}; leave it out, or make them the same"
        ))),
        _ => Ok(()),
    }
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
