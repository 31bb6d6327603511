//! How a device reaches a server, and how it waits: over the network, or in a test without either.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, http};

use crate::clock;

/// The longest wait for one whole answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// No answer of this protocol is larger, in bytes.
const LARGEST: u64 = 1024 * 1024;

/// One request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The whole URL.
    pub url: String,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// One answer.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// Header fields.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// Requests, answers and time.
pub trait Wire {
    /// Sends a request and waits for its answer; redirects are answers.
    ///
    /// # Errors
    ///
    /// Why there is none, in words.
    fn send(&mut self, request: &Request) -> Result<Response, String>;
    /// Lets time pass.
    fn wait(&mut self, span: Duration);
    /// Milliseconds since 1970.
    fn now(&self) -> u64;
}

/// The network and the clock of this machine.
#[derive(Debug)]
pub struct Network(Agent);

impl Default for Network {
    fn default() -> Self {
        let tls = TlsConfig::builder()
            .root_certs(RootCerts::PlatformVerifier)
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls)
            .user_agent(concat!("device-flow-conformance/", env!("CARGO_PKG_VERSION")))
            .build();
        Self(config.into())
    }
}

impl Wire for Network {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        let mut builder = http::Request::builder().method(request.method).uri(&request.url);
        for (name, value) in &request.headers {
            builder = builder.header(name, value);
        }
        let sent = builder.body(request.body.as_slice()).map_err(|why| why.to_string())?;
        let mut answer = self.0.run(sent).map_err(|why| why.to_string())?;
        let text = |value: &http::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
        let headers = answer.headers().iter();
        let headers = headers.map(|(name, value)| (name.to_string(), text(value))).collect();
        let body = answer.body_mut().with_config().limit(LARGEST).read_to_vec();
        Ok(Response {
            status: answer.status().as_u16(),
            headers,
            body: body.map_err(|why| why.to_string())?,
        })
    }

    fn wait(&mut self, span: Duration) {
        thread::sleep(span);
    }

    fn now(&self) -> u64 {
        clock::now()
    }
}
