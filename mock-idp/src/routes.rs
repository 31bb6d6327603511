//! HTTP to [`Idp::handle`](crate::Idp::handle) and back, through axum.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http;
use axum::routing::any_service;

use crate::http::Request;
use crate::idp::BODY_LIMIT;
use crate::personality::Product;
use crate::server::{Peer, Shared, carry};

/// The product's own paths and nothing else, to be merged into a router that serves more.
pub(crate) fn mounted(shared: &Arc<Shared>, product: Product) -> Router {
    let paths = shared.with(product, |idp, _| idp.paths());
    paths.iter().fold(Router::new(), |router, path| {
        router.route_service(path, service(shared, product))
    })
}

/// A whole host: every path, known or not, is the product's.
pub(crate) fn host(shared: &Arc<Shared>, product: Product) -> Router {
    Router::new().fallback_service(service(shared, product))
}

fn service(shared: &Arc<Shared>, product: Product) -> axum::routing::MethodRouter {
    let shared = Arc::clone(shared);
    any_service(tower::service_fn(move |request: http::Request<Body>| {
        let shared = Arc::clone(&shared);
        async move {
            let line = peer(&request).map(|peer| peer.line.clone());
            let request = translate(request).await;
            let response = shared.answer(product, request);
            Ok::<_, Infallible>(carry(shared, line, response).await)
        }
    }))
}

/// Who asks, where the mock itself listens.
fn peer(request: &http::Request<Body>) -> Option<&Peer> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<Peer>>()?;
    Some(peer)
}

async fn translate(request: http::Request<Body>) -> Request {
    let peer = peer(&request).map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.address.ip());
    let (parts, body) = request.into_parts();
    let header = |(name, value): (&http::HeaderName, &http::HeaderValue)| {
        (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    };
    Request {
        method: parts.method.to_string(),
        target: parts
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned(),
        headers: parts.headers.iter().map(header).collect(),
        // A body over the limit, or one that breaks off, becomes one that is just too large.
        body: to_bytes(body, BODY_LIMIT)
            .await
            .map_or_else(|_| vec![0; BODY_LIMIT + 1], |bytes| bytes.to_vec()),
        peer,
    }
}
