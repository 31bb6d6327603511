//! [`HttpRequest`] to the network and back, one [`TransportError`] for each cause that can be told apart.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{HttpRequest, HttpResponse, MAX_BODY_BYTES, Method, TransportError};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, http as types};

/// Ours: the longest wait for one whole answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Ours: the longest wait for a connection, so that a dead address does not use up the whole wait.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests: over TLS with the system's roots, through the proxy the environment names, redirects not followed.
#[derive(Clone, Debug)]
pub struct Http(Agent);

impl Default for Http {
    fn default() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls)
            .user_agent(concat!("device-login/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }
}

impl Http {
    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no answer of any status.
    pub fn send(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let mut builder = types::Request::builder()
            .uri(&request.url)
            .method(match request.method {
                Method::Get => types::Method::GET,
                Method::Post => types::Method::POST,
            });
        for (name, value) in &request.headers {
            builder = builder.header(*name, *value);
        }
        // The core has read the URL already, so this fails only for what no server could answer.
        let sent = builder
            .body(request.body.as_slice())
            .map_err(|_| TransportError::Unreachable)?;
        self.0.run(sent).and_then(read).map_err(|error| cause(&error))
    }
}

fn read(mut response: types::Response<Body>) -> Result<HttpResponse, ureq::Error> {
    let text = |value: &types::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let headers = response
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), text(value)))
        .collect();
    let body = response
        .body_mut()
        .with_config()
        .limit(MAX_BODY_BYTES as u64)
        .read_to_vec()?;
    Ok(HttpResponse {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

fn cause(error: &ureq::Error) -> TransportError {
    match error {
        ureq::Error::BodyExceedsLimit(_) => TransportError::BodyTooLarge,
        ureq::Error::HostNotFound => TransportError::NameNotFound,
        ureq::Error::Timeout(_) => TransportError::TimedOut,
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => TransportError::Tls,
        ureq::Error::Io(error) => io_cause(error),
        ureq::Error::Protocol(_) | ureq::Error::BodyStalled => TransportError::Interrupted,
        _ => TransportError::Unreachable,
    }
}

fn io_cause(error: &io::Error) -> TransportError {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, InvalidData, TimedOut, UnexpectedEof};
    match error.kind() {
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof => TransportError::Interrupted,
        // How the TLS layer reports a certificate that it does not trust.
        InvalidData => TransportError::Tls,
        TimedOut => TransportError::TimedOut,
        _ => TransportError::Unreachable,
    }
}
