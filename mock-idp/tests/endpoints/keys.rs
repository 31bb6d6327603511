//! Keys that change while the server runs (RFC 7517 section 5, O-126).

use std::io::{Read, Write};
use std::net::TcpStream;
use std::sync::Arc;

use mock_idp::{BlankSigner, MockIdp, Rs256Signer, Signer};
use serde_json::Value;

use crate::support::{ALL_SCOPES, Bench, decode};

fn published(bench: &mut Bench) -> Vec<String> {
    let path = bench.paths().jwks;
    let jwks = bench.get(path).json();
    let keys = jwks["keys"].as_array().unwrap();
    keys.iter().map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
}

fn signed_with(bench: &mut Bench) -> String {
    let header = decode(&bench.sign_in(ALL_SCOPES).json()["id_token"]).0;
    serde_json::from_str::<Value>(&header).unwrap()["kid"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn the_tenth_key_of_before_makes_room() {
    let mut bench = Bench::rfc();
    let first = published(&mut bench);
    for _ in 0..9 {
        bench.idp.rotate_keys(Arc::new(BlankSigner::new()));
    }
    assert_eq!(published(&mut bench)[9], first[0]);
    bench.idp.rotate_keys(Arc::new(BlankSigner::new()));
    assert_eq!(published(&mut bench), ["blank"; 10]);
}

#[test]
fn a_new_key_signs_and_the_old_ones_stay_published() {
    for mut bench in [Bench::rfc(), Bench::okta(), Bench::okta_org(), Bench::authentik()] {
        let first = signed_with(&mut bench);
        assert_eq!(published(&mut bench), [first.as_str()]);
        bench.idp.rotate_keys(Arc::new(Rs256Signer::fresh().unwrap()));
        let second = signed_with(&mut bench);
        assert_ne!(second, first);
        bench.idp.rotate_keys(Arc::new(BlankSigner::new()));
        assert_eq!(signed_with(&mut bench), "blank");
        assert_eq!(published(&mut bench), ["blank", second.as_str(), first.as_str()]);
    }
}

#[test]
fn a_running_mock_makes_its_new_key_itself() {
    let mock = MockIdp::builder().start().unwrap();
    let kids = [mock.rotate_keys().unwrap(), mock.rotate_keys().unwrap()];
    assert!(kids.iter().all(|kid| kid.len() == 43)); // O-120
    let host = mock.issuer("rfc").replace("http://", "");
    let mut socket = TcpStream::connect(&host).unwrap();
    write!(
        socket,
        "GET /jwks HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    )
    .unwrap();
    let mut jwks = String::new();
    socket.read_to_string(&mut jwks).unwrap();
    let [first, second] = kids.map(|kid| jwks.find(&kid).unwrap());
    assert!(second < first);
}

/// A key on a curve, which signs nothing.
struct Elliptic([(&'static str, String); 4]);

impl Signer for Elliptic {
    fn kid(&self) -> &'static str {
        "elliptic"
    }

    fn alg(&self) -> &'static str {
        "ES256"
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        &self.0
    }

    fn sign(&self, _: &[u8]) -> Vec<u8> {
        vec![0; 64]
    }
}

#[test]
fn a_key_of_another_kind_is_published_with_members_of_its_own() {
    // RFC 7518 section 6.2.1: crv, x and y.
    let members = [("kty", "EC"), ("crv", "P-256"), ("x", "AQ"), ("y", "Ag")];
    for bench in [Bench::rfc(), Bench::okta(), Bench::authentik()] {
        let key = Elliptic(members.map(|(name, value)| (name, value.to_owned())));
        let mut bench = bench.with(|setup| setup.signer = Arc::new(key));
        let path = bench.paths().jwks;
        let published = bench.get(path).json();
        for (name, value) in members {
            assert_eq!(published["keys"][0][name], value);
        }
        assert_eq!(published["keys"][0]["n"], Value::Null);
    }
}
