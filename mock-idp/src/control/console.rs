//! The console: a page to do by hand what the other calls do.

use std::sync::Arc;

use axum::http::{HeaderMap, HeaderName, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::server::Shared;

const HTML: &str = include_str!("../../console/console.html");
const CSS: &str = include_str!("../../console/console.css");
const JS: &str = include_str!("../../console/console.js");
const JOURNAL: &str = include_str!("../../console/journal.js");
const PARTS: &str = include_str!("../../console/page.js");

/// The page loads nothing but its own files, talks to nobody but this listener, and lives in no frame.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; \
    form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

pub(super) fn router() -> OpenApiRouter<Arc<Shared>> {
    OpenApiRouter::new()
        .routes(routes!(console))
        .route("/console/console.css", get(|| async { file("text/css", CSS) }))
        .route("/console/console.js", get(|| async { file("text/javascript", JS) }))
        .route(
            "/console/journal.js",
            get(|| async { file("text/javascript", JOURNAL) }),
        )
        .route("/console/page.js", get(|| async { file("text/javascript", PARTS) }))
}

/// A page to do all this by hand
#[utoipa::path(get, path = "/console", responses((status = 200, body = String, content_type = "text/html")))]
async fn console() -> Response {
    page()
}

/// The page itself.
pub(super) fn page() -> Response {
    file("text/html", HTML)
}

/// Whether a browser asks for something to look at.
pub(super) fn is_wanted(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok());
    accept.is_some_and(|accept| accept.contains("text/html"))
}

fn file(media_type: &str, text: &'static str) -> Response {
    let headers: [(HeaderName, String); 5] = [
        (header::CONTENT_TYPE, format!("{media_type}; charset=utf-8")),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::REFERRER_POLICY, "no-referrer".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, text).into_response()
}
