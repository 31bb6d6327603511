//! [`HttpRequest`] to the network and back, one [`TransportError`] for each cause that can be told apart.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use device_flow::{HttpRequest, HttpResponse, HttpUrl, MAX_BODY_BYTES, Method, TransportError};
use ureq::config::ConfigBuilder;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::typestate::AgentScope;
use ureq::{Agent, Body, http as types};

use crate::cors;

/// Ours: the longest wait for one whole answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Ours: the longest wait for a connection, so that a dead address does not use up the whole wait.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests: over TLS with the system's roots, through the proxy that the environment names, redirects not
/// followed. What is for this machine goes through no proxy.
#[derive(Clone, Debug)]
pub struct Http {
    direct: Agent,
    proxied: Agent,
    page_origin: Option<String>,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            direct: config().proxy(None).build().into(),
            proxied: config().build().into(),
            page_origin: None,
        }
    }
}

fn config() -> ConfigBuilder<AgentScope> {
    let tls = TlsConfig::builder()
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_connect(Some(CONNECT_TIMEOUT))
        .timeout_global(Some(TIMEOUT))
        .tls_config(tls)
        .user_agent(concat!("device-login/", env!("CARGO_PKG_VERSION")))
}

impl Http {
    /// Sends as a page of this origin would, and reads what a browser would let it read.
    pub fn for_page(origin: &str) -> Self {
        Self {
            page_origin: Some(origin.into()),
            ..Self::default()
        }
    }

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
            builder = builder.header(*name, value.as_ref());
        }
        if let Some(origin) = &self.page_origin {
            builder = builder.header("origin", origin);
        }
        // The core has read the URL already, so this fails only for what no server could answer.
        let sent = builder
            .body(request.body.as_slice())
            .map_err(|_| TransportError::Unreachable)?;
        let is_here = HttpUrl::parse(&request.url).is_some_and(|url| url.is_loopback());
        let agent = if is_here { &self.direct } else { &self.proxied };
        let answer = agent.run(sent).and_then(read).map_err(|error| cause(&error))?;
        match &self.page_origin {
            Some(origin) => cors::read(origin, answer),
            None => Ok(answer),
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    /// One exchange with a server that answers these bytes and hangs up.
    fn answer(bytes: Vec<u8>) -> Result<HttpResponse, TransportError> {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/token", listener.local_addr().expect("bound"));
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            // What is left unread when the connection closes would take the answer with it.
            let mut request = Vec::new();
            while !request.ends_with(b"a=b") {
                let mut piece = [0; 4096];
                let length = stream.read(&mut piece).expect("a request");
                assert!(length > 0, "the request breaks off");
                request.extend_from_slice(&piece[..length]);
            }
            // A client that has read enough hangs up first.
            let _ = stream.write_all(&bytes);
        });
        let request = HttpRequest {
            method: Method::Post,
            url,
            headers: vec![("accept", "application/json".into())],
            body: b"a=b".to_vec(),
        };
        let result = Http::default().send(&request);
        server.join().expect("the server did its part");
        result
    }

    #[test]
    fn an_answer_of_any_status_is_handed_over_whole() {
        let response =
            answer(b"HTTP/1.1 503 Busy\r\nRetry-After: 7\r\nContent-Length: 2\r\n\r\nno".to_vec()).expect("an answer");
        assert_eq!((response.status, response.body.as_slice()), (503, &b"no"[..]));
        assert_eq!(response.header("retry-after"), Some("7"));
    }

    #[test]
    fn a_redirect_is_handed_over_and_not_followed() {
        // the code stays with the origin it was meant for.
        let response =
            answer(b"HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n".to_vec());
        assert_eq!(response.map(|response| response.status), Ok(307));
    }

    #[test]
    fn an_endless_answer_is_not_read_to_its_end() {
        let mut bytes = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_vec();
        bytes.resize(bytes.len() + MAX_BODY_BYTES + 1, b'x');
        assert_eq!(answer(bytes), Err(TransportError::BodyTooLarge));
    }

    #[test]
    fn an_answer_that_breaks_off_is_none() {
        //
        assert_eq!(
            answer(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{".to_vec()),
            Err(TransportError::Interrupted)
        );
        assert_eq!(answer(Vec::new()), Err(TransportError::Interrupted));
    }

    #[test]
    fn what_is_no_http_is_no_answer() {
        assert_eq!(
            answer(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
            Err(TransportError::Interrupted)
        );
    }

    #[test]
    fn nobody_there_is_unreachable() {
        // Port 1 of loopback: reserved, and nobody listens.
        let request = HttpRequest {
            method: Method::Get,
            url: "http://127.0.0.1:1/".into(),
            headers: vec![],
            body: vec![],
        };
        assert_eq!(Http::default().send(&request), Err(TransportError::Unreachable));
    }
}
