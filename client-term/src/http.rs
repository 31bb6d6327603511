//! [`HttpRequest`] to the network and back, one [`TransportError`] for each cause that can be told apart.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{env, fmt, io};

use device_flow::{HttpRequest, HttpResponse, HttpUrl, MAX_BODY_BYTES, Method, TransportError};
use rustls::CertificateError;
use rustls::pki_types::CertificateDer;
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::{Agent, Body, Proxy, http as types};

use crate::{cors, proxy};

/// Ours: the longest wait for one whole answer.
const TIMEOUT: Duration = Duration::from_secs(30);
/// Ours: the longest wait for a connection, so that a dead address does not use up the whole wait.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Sends requests: over TLS with the system's roots, through the proxy that the environment names, redirects not
/// followed. What is for this machine goes through no proxy.
#[derive(Clone, Debug)]
pub struct Http {
    roots: RootCerts,
    way: Way,
    page_origin: Option<String>,
    /// One for each way out, by its proxy: they keep connections open between two polls.
    agents: Arc<Mutex<HashMap<Option<String>, Agent>>>,
}

/// Who says which proxy there is.
#[derive(Clone, Debug)]
enum Way {
    /// The environment, as curl reads it.
    Environment,
    /// The settings, for every address but this machine's.
    Settings(Option<String>),
}

/// Where systems keep their roots in one file: Debian and Arch, Fedora, SUSE, Alpine.
const MACHINE_ROOTS: [&str; 4] = [
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/ca-bundle.pem",
    "/etc/ssl/cert.pem",
];

/// Roots as an option or `SSL_CERT_FILE` names them could not be read; the text says which and why.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct RootsUnreadable(String);

impl fmt::Display for RootsUnreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for RootsUnreadable {}

impl Default for Http {
    fn default() -> Self {
        Self {
            roots: RootCerts::PlatformVerifier,
            way: Way::Environment,
            page_origin: None,
            agents: Arc::default(),
        }
    }
}

impl Http {
    /// Trusts the certificates of this PEM file too, beside the system's roots.
    ///
    /// # Errors
    ///
    /// [`RootsUnreadable`] if there is no certificate in it.
    pub fn with_ca_file(file: &Path) -> Result<Self, RootsUnreadable> {
        let system = rustls_native_certs::load_native_certs().certs;
        Ok(Self {
            roots: roots(&[system, certificates(file)?]),
            ..Self::default()
        })
    }

    /// Trusts and connects as files of the machine and settings say, whatever stands in the environment: for what may run
    /// with more rights than whoever started it, such as a PAM module in `su`.
    ///
    /// # Errors
    ///
    /// [`RootsUnreadable`] if there is no certificate in the file, or on the machine.
    pub fn of_machine(ca_file: Option<&Path>, proxy: Option<String>) -> Result<Self, RootsUnreadable> {
        let machine = MACHINE_ROOTS
            .into_iter()
            .find_map(|file| certificates(Path::new(file)).ok());
        let added = ca_file.map(certificates).transpose()?;
        if machine.is_none() && added.is_none() {
            let what = format!("there are no roots on this machine ({})", MACHINE_ROOTS.join(", "));
            return Err(RootsUnreadable(what));
        }
        Ok(Self {
            roots: roots(&[machine.unwrap_or_default(), added.unwrap_or_default()]),
            way: Way::Settings(proxy),
            ..Self::default()
        })
    }

    /// Sends as a page of this origin would, and reads what a browser would let it read.
    #[must_use]
    pub fn for_page(self, origin: &str) -> Self {
        Self {
            page_origin: Some(origin.into()),
            ..self
        }
    }

    /// What connects through this proxy; an address that is none leads nowhere rather than past it.
    fn agent(&self, proxy: Option<String>) -> Result<Agent, ureq::Error> {
        let mut agents = self.agents.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(agent) = agents.get(&proxy) {
            return Ok(agent.clone());
        }
        let tls = TlsConfig::builder()
            .root_certs(self.roots.clone())
            .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .build();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_connect(Some(CONNECT_TIMEOUT))
            .timeout_global(Some(TIMEOUT))
            .tls_config(tls)
            .proxy(proxy.as_deref().map(Proxy::new).transpose()?)
            .user_agent(concat!("device-login/", env!("CARGO_PKG_VERSION")));
        let agent = Agent::from(config.build());
        agents.insert(proxy, agent.clone());
        Ok(agent)
    }

    /// Sends one request and waits for the whole answer.
    ///
    /// # Errors
    ///
    /// [`TransportError`] if there is no answer of any status.
    pub fn send(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let answer = self.exchange(request).map_err(|error| cause(&error))?;
        match &self.page_origin {
            Some(origin) => cors::read(origin, &request.url, answer),
            None => Ok(answer),
        }
    }

    /// Why no secure connection comes about, in words; `None` if one does, or for another reason.
    pub fn tls_trouble(&self, request: &HttpRequest) -> Option<TlsTrouble> {
        let error = self.exchange(request).err()?;
        let error: &(dyn std::error::Error + 'static) = match &error {
            ureq::Error::Rustls(error) => error,
            ureq::Error::Io(error) => error.get_ref()?,
            _ => return None,
        };
        Some(match error.downcast_ref::<rustls::Error>()? {
            rustls::Error::InvalidCertificate(error) => match error {
                CertificateError::Expired | CertificateError::ExpiredContext { .. } => TlsTrouble::Expired,
                CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => TlsTrouble::NotYetValid,
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                    TlsTrouble::OtherName
                }
                CertificateError::UnknownIssuer => TlsTrouble::UnknownIssuer,
                other => TlsTrouble::Other(other.to_string()),
            },
            other => TlsTrouble::Other(other.to_string()),
        })
    }

    fn exchange(&self, request: &HttpRequest) -> Result<HttpResponse, ureq::Error> {
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
        let sent = builder.body(request.body.as_slice())?;
        let url = HttpUrl::parse(&request.url).ok_or_else(|| ureq::Error::BadUri(request.url.clone()))?;
        let scheme = if url.is_https() { "https" } else { "http" };
        let proxy = match &self.way {
            _ if url.is_loopback() => None,
            Way::Environment => proxy::choose(scheme, url.host(), |name| env::var(name).ok()),
            Way::Settings(proxy) => proxy.clone(),
        };
        self.agent(proxy)?.run(sent).and_then(read)
    }
}

/// What is wrong with a server's certificate, as seen from here.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum TlsTrouble {
    /// Its time is over, by this machine's clock.
    Expired,
    /// Its time is to come, by this machine's clock.
    NotYetValid,
    /// Something else, in the words of the TLS library.
    Other(String),
    /// It is another host's.
    OtherName,
    /// Nobody whom this machine trusts has signed it.
    UnknownIssuer,
}

/// Those of a PEM file, one at least.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, RootsUnreadable> {
    let read = rustls_native_certs::load_certs_from_paths(Some(file), None);
    if read.certs.is_empty() {
        let why = read.errors.first();
        let why = why.map_or("there is no certificate in it".into(), ToString::to_string);
        return Err(RootsUnreadable(format!("{}: {why}", file.display())));
    }
    Ok(read.certs)
}

fn roots(parts: &[Vec<CertificateDer<'static>>]) -> RootCerts {
    let all = parts.iter().flatten();
    RootCerts::Specific(Arc::new(all.map(|der| Certificate::from_der(der).to_owned()).collect()))
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
mod tls;

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
