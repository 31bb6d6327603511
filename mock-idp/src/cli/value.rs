//! Values of options.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, ToSocketAddrs};

use mock_idp::{Assumptions, AuthentikVersion, RateLimits};

/// `PORT`, on loopback, or `HOST:PORT`.
pub(super) fn address(text: &str) -> Result<SocketAddr, String> {
    if let Ok(port) = text.parse() {
        return Ok(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), port));
    }
    let mut found = text
        .to_socket_addrs()
        .map_err(|_| "expected PORT or HOST:PORT".to_owned())?;
    found.next().ok_or_else(|| "the host has no address".to_owned())
}

/// A release of authentik by its own number.
pub(super) fn authentik_version(text: &str) -> Result<AuthentikVersion, String> {
    let known = AuthentikVersion::ALL.into_iter().find(|version| version.name() == text);
    known.ok_or_else(|| {
        format!(
            "expected {}",
            AuthentikVersion::ALL.map(AuthentikVersion::name).join(", ")
        )
    })
}

/// One switch and what it is set to.
pub(super) fn assumption(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Assumptions::default().set(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

/// Every switch, for `--help`.
pub(super) fn assumptions() -> String {
    let mut text = "What to assume where nobody has verified what a product does; as often as needed. \
                    Of each the first is what is assumed without:"
        .to_owned();
    for switch in Assumptions::ALL {
        let values: Vec<_> = switch.values.iter().map(|value| value.name).collect();
        text.extend(["\n- ", switch.name, " (", switch.id, "): ", &values.join(", ")]);
    }
    text
}

/// A rate limit, for all issuers or for one.
pub(super) fn rate_limit(text: &str) -> Result<String, String> {
    RateLimits::default().read(text).map(|()| text.to_owned())
}

/// Scheme and host of a page, with nothing behind.
pub(super) fn origin(text: &str) -> Result<String, String> {
    let lower = text.to_ascii_lowercase();
    let host = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://"));
    match host.map(|host| host.trim_end_matches('/')) {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => Ok(lower),
        _ => Err("expected a scheme and a host, such as http://127.0.0.1:8080".to_owned()),
    }
}
