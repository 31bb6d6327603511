//! The control listener: what a test does to the mock from outside, on a port of its own.
//!
//! It never shares a port with a product: a client could tell.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::rejection::{BytesRejection, PathRejection};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::idp::{ControlError, GrantView};
use crate::server::Shared;

/// What `GET /` says.
const CALLS: [(&str, &str); 8] = [
    ("GET /grants", "every grant, newest last"),
    (
        "POST /grants/{user_code}/approve",
        "approve as {\"user\":\"jane\"}; without a body, as the first user",
    ),
    (
        "POST /grants/{user_code}/deny",
        "deny; on authentik nothing happens, as the product has no deny",
    ),
    ("POST /grants/{user_code}/expire", "end the code's life now"),
    ("GET /clock", "the mock's time, in seconds since the Unix epoch"),
    ("POST /clock/advance", "move the clock forward by {\"seconds\":N}"),
    (
        "POST /reset",
        "forget grants, tokens, throttles and browser sessions; put the clock back",
    ),
    ("GET /", "this list"),
];

/// The router of the control listener.
pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(index))
        .route("/grants", get(grants))
        .route("/grants/{user_code}/{action}", post(settle))
        .route("/clock", get(clock))
        .route("/clock/advance", post(advance))
        .route("/reset", post(reset))
        .fallback(unknown_path)
        .method_not_allowed_fallback(wrong_method)
        .with_state(shared)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Approve {
    user: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    seconds: f64,
}

async fn index(State(shared): State<Arc<Shared>>) -> Response {
    let calls: serde_json::Map<_, _> = CALLS
        .iter()
        .map(|&(call, what)| (call.to_owned(), json!(what)))
        .collect();
    let issuers: serde_json::Map<_, _> = shared
        .issuers()
        .into_iter()
        .map(|(name, url)| (name, json!(url)))
        .collect();
    answer(StatusCode::OK, &json!({ "calls": calls, "issuers": issuers }))
}

async fn grants(State(shared): State<Arc<Shared>>) -> Response {
    let grants: Vec<Value> = shared.grants().iter().map(view).collect();
    answer(StatusCode::OK, &Value::Array(grants))
}

async fn settle(
    State(shared): State<Arc<Shared>>,
    path: Result<Path<(String, String)>, PathRejection>,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refused> {
    let Path((user_code, action)) = path?;
    match action.as_str() {
        "approve" => {
            let body = body?;
            // No body at all means the first user.
            let text: &[u8] = if body.trim_ascii().is_empty() { b"{}" } else { &body };
            let approve: Approve = parse(text, "{\"user\":\"jane\"}, or nothing at all")?;
            shared.approve(&user_code, approve.user.as_deref())?;
        }
        "deny" => shared.deny(&user_code)?,
        "expire" => shared.expire(&user_code)?,
        other => {
            let text = format!("{other} is nothing one can do to a grant; there are approve, deny and expire");
            return Err(Refused(StatusCode::NOT_FOUND, text));
        }
    }
    Ok(no_content())
}

async fn clock(State(shared): State<Arc<Shared>>) -> Response {
    answer(StatusCode::OK, &reading(&shared))
}

async fn advance(State(shared): State<Arc<Shared>>, body: Result<Bytes, BytesRejection>) -> Result<Response, Refused> {
    let Advance { seconds } = parse(&body?, "{\"seconds\":N}")?;
    let Ok(span) = Duration::try_from_secs_f64(seconds) else {
        let text = "seconds must be a number from 0 up; the clock only goes forward, POST /reset puts it back";
        return Err(Refused(StatusCode::BAD_REQUEST, text.to_owned()));
    };
    shared.advance(span);
    Ok(answer(StatusCode::OK, &reading(&shared)))
}

async fn reset(State(shared): State<Arc<Shared>>) -> Response {
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

/// A call that did nothing: the status, and what is wrong.
struct Refused(StatusCode, String);

impl From<ControlError> for Refused {
    fn from(problem: ControlError) -> Self {
        let status = match problem {
            ControlError::UnknownUserCode(_) => StatusCode::NOT_FOUND,
            ControlError::UnknownUser(..) => StatusCode::BAD_REQUEST,
            ControlError::TooLate(..) => StatusCode::CONFLICT,
        };
        Self(status, problem.to_string())
    }
}

impl From<PathRejection> for Refused {
    fn from(problem: PathRejection) -> Self {
        Self(problem.status(), problem.body_text())
    }
}

impl From<BytesRejection> for Refused {
    fn from(problem: BytesRejection) -> Self {
        Self(problem.status(), problem.body_text())
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let Self(status, text) = self;
        answer(status, &json!({ "error": text }))
    }
}

fn parse<T: DeserializeOwned>(body: &[u8], example: &str) -> Result<T, Refused> {
    serde_json::from_slice(body).map_err(|problem| {
        let text = format!("the body must be {example}: {problem}");
        Refused(StatusCode::BAD_REQUEST, text)
    })
}

fn view(grant: &GrantView) -> Value {
    json!({
        "user_code": grant.user_code,
        "client_id": grant.client_id,
        "issuer": grant.issuer,
        "state": grant.state.word(),
        "issued_at": grant.issued_at.seconds(),
        "expires_at": grant.expires_at.seconds(),
    })
}

fn reading(shared: &Shared) -> Value {
    let clock = shared.clock();
    json!({
        "now": clock.now().seconds(),
        "frozen": clock.is_frozen(),
        "advanced_by": clock.offset().as_secs_f64(),
    })
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let mut response = Response::new(Body::from(format!("{body}\n")));
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
