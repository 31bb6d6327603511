//! Certificates that are right, and wrong in every way that has words of its own.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::thread;

use device_flow::{HttpRequest, Method, TransportError};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use tempfile::NamedTempFile;

use super::{Http, TlsTrouble};

/// An authority, and a server on this machine with a certificate of its making.
struct Server {
    authority: NamedTempFile,
    url: String,
}

impl Server {
    /// The server shows what `change` makes of a sound certificate for `localhost`.
    fn new(change: impl FnOnce(&mut CertificateParams)) -> Self {
        let key = || KeyPair::generate().expect("a key");
        let mut params = CertificateParams::new(vec![]).expect("sound");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, key()).expect("signed");
        let mut params = CertificateParams::new(vec!["localhost".to_owned()]).expect("sound");
        change(&mut params);
        let key = key();
        let certificate = params.signed_by(&key, &authority).expect("signed");
        let mut file = NamedTempFile::new().expect("a file");
        file.write_all(authority.pem().as_bytes()).expect("written");

        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let versions = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let config = versions.expect("TLS").with_no_client_auth();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let config = config
            .with_single_cert(vec![certificate.der().clone()], key)
            .expect("they fit");
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("https://localhost:{}/", listener.local_addr().expect("bound").port());
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).expect("TLS");
                let mut stream = StreamOwned::new(connection, stream);
                // A client that distrusts the certificate hangs up.
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(b"HTTP/1.1 204 Fine\r\nConnection: close\r\n\r\n");
            }
        });
        Self { authority: file, url }
    }

    fn request(&self) -> HttpRequest {
        HttpRequest {
            method: Method::Get,
            url: self.url.clone(),
            headers: vec![],
            body: vec![],
        }
    }

    fn trusting(&self) -> Http {
        Http::with_ca_file(self.authority.path()).expect("a certificate")
    }
}

#[test]
fn an_authority_that_a_file_adds_is_trusted_and_no_other() {
    let server = Server::new(|_| {});
    let answer = server.trusting().send(&server.request());
    assert_eq!(answer.map(|answer| answer.status), Ok(204));
    assert_eq!(server.trusting().tls_trouble(&server.request()), None);
    assert_eq!(Http::default().send(&server.request()), Err(TransportError::Tls));
    assert_eq!(
        Http::default().tls_trouble(&server.request()),
        Some(TlsTrouble::UnknownIssuer)
    );
}

#[test]
fn what_runs_with_more_rights_goes_by_files_and_settings() {
    let server = Server::new(|_| {});
    let http = Http::of_machine(Some(server.authority.path()), None).expect("certificates");
    assert_eq!(http.send(&server.request()).map(|answer| answer.status), Ok(204));
    // Port 1 of loopback: reserved, and nobody listens. RFC 2606: the name is nobody's.
    let http =
        Http::of_machine(Some(server.authority.path()), Some("http://127.0.0.1:1".into())).expect("certificates");
    let request = HttpRequest {
        url: "https://id.example/".into(),
        ..server.request()
    };
    assert_eq!(http.send(&request), Err(TransportError::Unreachable));
}

#[test]
fn a_certificate_that_is_not_right_is_told_by_its_kind() {
    let trouble = |change: fn(&mut CertificateParams)| {
        let server = Server::new(change);
        assert_eq!(server.trusting().send(&server.request()), Err(TransportError::Tls));
        server.trusting().tls_trouble(&server.request())
    };
    assert_eq!(
        trouble(|params| params.not_after = date_time_ymd(2001, 1, 1)),
        Some(TlsTrouble::Expired)
    );
    assert_eq!(
        trouble(|params| params.not_before = date_time_ymd(3001, 1, 1)),
        Some(TlsTrouble::NotYetValid)
    );
    let elsewhere = |params: &mut CertificateParams| {
        params.subject_alt_names = CertificateParams::new(vec!["id.example".to_owned()])
            .expect("sound")
            .subject_alt_names;
    };
    assert_eq!(trouble(elsewhere), Some(TlsTrouble::OtherName));
}

#[test]
fn a_file_without_a_certificate_is_no_authority() {
    let file = NamedTempFile::new().expect("a file");
    let error = Http::with_ca_file(file.path()).expect_err("it is empty");
    assert!(error.to_string().contains("no certificate"), "{error}");
    Http::with_ca_file("/nowhere.pem".as_ref()).expect_err("it is not there");
}
