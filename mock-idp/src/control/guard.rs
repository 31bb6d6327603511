//! Who may control the mock: programs, its own console, and pages of registered origins, but not every page of the web.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Refused;
use crate::server::Shared;

/// Lets a request through unless a foreign page sent it.
///
/// A page of another origin is known by its `Origin`, one behind a host name that was pointed at loopback by its `Host`.
pub(super) async fn check(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let host = text(request.headers(), header::HOST);
    if let Some(host) = host.filter(|host| !is_plain(host)) {
        let text = format!("control is not called by the name {host:?}; use its IP address or localhost");
        return Refused(StatusCode::FORBIDDEN, text).into_response();
    }
    if let Some(origin) = text(request.headers(), header::ORIGIN) {
        let own = host.is_some_and(|host| origin.strip_prefix("http://") == Some(host));
        if !own && !shared.is_page_origin(origin) {
            let text = format!("pages of {origin:?} may not control the mock; register it by --page-origin");
            return Refused(StatusCode::FORBIDDEN, text).into_response();
        }
    }
    next.run(request).await
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("?"))
}

/// Whether a host is an IP address or `localhost`, which no foreign name server can answer for.
fn is_plain(host: &str) -> bool {
    let without_port = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.rsplit_once(':').map_or(host, |(name, _)| name),
    };
    without_port == "localhost" || without_port.parse::<std::net::IpAddr>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::is_plain;

    #[test]
    fn only_addresses_and_localhost_are_plain() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8620",
            "localhost:8620",
            "[::1]:8620",
            "192.168.1.5:80",
        ] {
            assert!(is_plain(host), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:8620",
            "localhost.evil.example",
            "127.0.0.1.evil.example:80",
            "",
        ] {
            assert!(!is_plain(host), "{host}");
        }
    }
}
