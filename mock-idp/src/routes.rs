//! HTTP to [`Idp::handle`](crate::Idp::handle) and back, through axum.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
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

fn service(shared: &Arc<Shared>, product: Product) -> axum::routing::MethodRouter {
    let shared = Arc::clone(shared);
    any_service(tower::service_fn(move |request| {
        let shared = Arc::clone(&shared);
        async move { Ok::<_, Infallible>(answer(shared, product, None, request).await) }
    }))
}

/// Answers a request to a product's host, of any path, known or not; with `peer` where the mock itself listens.
pub(crate) async fn answer(
    shared: Arc<Shared>,
    product: Product,
    peer: Option<Peer>,
    request: http::Request<Body>,
) -> http::Response<Body> {
    let address = peer.as_ref().map(|peer| peer.address.ip());
    let request = translate(request, address.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST))).await;
    let response = shared.answer(product, request);
    carry(shared, peer.map(|peer| peer.line), response).await
}

async fn translate(request: http::Request<Body>, peer: IpAddr) -> Request {
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
