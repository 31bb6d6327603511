//! One host, one clock, and the comparison with the files in `tests/data`.

use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock_idp::{AuthentikVersion, Client, Idp, Instant, Product, Request, Response, Rs256Signer, Setup};
use serde_json::Value;

pub(crate) use crate::golden::golden;
use crate::golden::with_values_of;

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
pub(crate) const ALL_SCOPES: &str = "openid profile email offline_access";
/// What client `confidential` shows. Every character needs an escape somewhere.
pub(crate) const SECRET: &str = "s &+=%:ü";
pub(crate) const PAGE: &str = "http://127.0.0.1:8080";

/// What a phone talks to.
pub(crate) type Host = Bench;

/// A host and the moment it is asked at.
pub(crate) struct Bench {
    pub(crate) idp: Idp,
    pub(crate) now: Instant,
    product: Product,
    host: &'static str,
    paths: Paths,
}

/// Where one issuer has its endpoints, by the providers' documentation (O-01 to O-08, A-01 to A-07).
#[derive(Clone, Copy)]
pub(crate) struct Paths {
    pub(crate) device: &'static str,
    pub(crate) token: &'static str,
    pub(crate) revoke: &'static str,
    pub(crate) introspect: &'static str,
    pub(crate) userinfo: &'static str,
    pub(crate) jwks: &'static str,
    pub(crate) page: &'static str,
}

pub(crate) const OKTA_ORG: Paths = Paths {
    device: "/oauth2/v1/device/authorize",
    token: "/oauth2/v1/token",
    revoke: "/oauth2/v1/revoke",
    introspect: "/oauth2/v1/introspect",
    userinfo: "/oauth2/v1/userinfo",
    jwks: "/oauth2/v1/keys",
    page: "/activate",
};
pub(crate) const OKTA_CUSTOM_AS: Paths = Paths {
    device: "/oauth2/default/v1/device/authorize",
    token: "/oauth2/default/v1/token",
    revoke: "/oauth2/default/v1/revoke",
    introspect: "/oauth2/default/v1/introspect",
    userinfo: "/oauth2/default/v1/userinfo",
    jwks: "/oauth2/default/v1/keys",
    page: "/activate",
};
const AUTHENTIK: Paths = Paths {
    device: "/application/o/device/",
    token: "/application/o/token/",
    revoke: "/application/o/revoke/",
    introspect: "/application/o/introspect/",
    userinfo: "/application/o/userinfo/",
    jwks: "/application/o/tv/jwks/",
    page: "/device",
};
const RFC: Paths = Paths {
    device: "/device_authorization",
    token: "/token",
    revoke: "/revoke",
    introspect: "/introspect",
    userinfo: "/userinfo",
    jwks: "/jwks",
    page: "/device",
};

const GOOGLE: Paths = Paths {
    device: "/device/code",
    token: "/token",
    revoke: "/revoke",
    introspect: "",
    userinfo: "/v1/userinfo",
    jwks: "/oauth2/v3/certs",
    page: "/device",
};

impl Bench {
    /// The Okta host, its custom authorization server in front.
    pub(crate) fn okta() -> Self {
        Self::new(Product::Okta, OKTA_CUSTOM_AS, "org.example.test")
    }

    /// The Okta host, its org authorization server in front.
    pub(crate) fn okta_org() -> Self {
        Self::new(Product::Okta, OKTA_ORG, "org.example.test")
    }

    pub(crate) fn authentik() -> Self {
        Self::new(Product::Authentik, AUTHENTIK, "auth.example.test")
    }

    pub(crate) fn authentik_2025_6() -> Self {
        Self::authentik().with(|setup| setup.authentik_version = AuthentikVersion::V2025_6)
    }

    pub(crate) fn authentik_2026_5() -> Self {
        Self::authentik().with(|setup| setup.authentik_version = AuthentikVersion::V2026_5)
    }

    /// The same host, set up in another way.
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Setup)) -> Self {
        let mut setup = setup();
        change(&mut setup);
        self.idp = Idp::new(self.product, setup);
        self
    }

    pub(crate) fn rfc() -> Self {
        Self::new(Product::Rfc, RFC, "example.com")
    }

    pub(crate) fn google() -> Self {
        Self::new(Product::Google, GOOGLE, "accounts.example.test")
    }

    fn new(product: Product, paths: Paths, host: &'static str) -> Self {
        Self {
            idp: Idp::new(product, setup()),
            now: Instant::from_seconds(1_767_225_600),
            product,
            host,
            paths,
        }
    }

    pub(crate) fn paths(&self) -> Paths {
        self.paths
    }

    /// Sends a request as it would come through a TLS proxy.
    pub(crate) fn send(&mut self, request: Request) -> Response {
        let request = request.with("Host", self.host).with("X-Forwarded-Proto", "https");
        self.idp.handle(self.now, &request)
    }

    pub(crate) fn get(&mut self, target: &str) -> Response {
        self.send(Request::get(target))
    }

    pub(crate) fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Response {
        self.send(Request::form(target, fields))
    }

    /// A device authorization request of client `tv`.
    pub(crate) fn start(&mut self, scope: &str) -> Started {
        let answer = self.post(self.paths.device, &[("client_id", "tv"), ("scope", scope)]);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let text = |name: &str| answer.json()[name].as_str().unwrap().to_owned();
        Started {
            device_code: text("device_code"),
            user_code: text("user_code"),
        }
    }

    /// One poll of client `tv`.
    pub(crate) fn poll(&mut self, device_code: &str) -> Response {
        self.poll_as("tv", device_code)
    }

    pub(crate) fn poll_as(&mut self, client_id: &str, device_code: &str) -> Response {
        let fields = [
            ("grant_type", DEVICE_CODE),
            ("device_code", device_code),
            ("client_id", client_id),
        ];
        self.post(self.paths.token, &fields)
    }

    pub(crate) fn refresh(&mut self, fields: &[(&str, &str)]) -> Response {
        let mut all = vec![("grant_type", "refresh_token"), ("client_id", "tv")];
        all.extend(fields);
        self.post(self.paths.token, &all)
    }

    /// Start, approve, poll: the token answer.
    pub(crate) fn sign_in(&mut self, scope: &str) -> Response {
        let started = self.start(scope);
        self.idp.approve(self.now, &started.user_code, Some("jane")).unwrap();
        self.poll(&started.device_code)
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now = self.now + std::time::Duration::from_secs(seconds);
    }
}

fn setup() -> Setup {
    let mut setup = Setup::demo(Arc::new(Rs256Signer::test_only().unwrap()));
    setup.clients.push(Client::new("other", "Another device"));
    setup
        .clients
        .push(Client::new("confidential", "A device with a secret").with_secret(SECRET));
    setup.clients.push(Client {
        grant_types: vec!["refresh_token".to_owned()],
        ..Client::new("no-device-grant", "A web application")
    });
    setup.page_origins.push(PAGE.to_owned());
    setup
}

pub(crate) struct Started {
    pub(crate) device_code: String,
    pub(crate) user_code: String,
}

/// Compares status and bytes with a file of `tests/data`, after putting the file's values where they vary.
#[track_caller]
pub(crate) fn assert_golden(answer: &Response, status: u16, file: &str) {
    let expected = golden(file);
    let actual = with_values_of(&expected, answer.text());
    assert_eq!((answer.status, actual.as_str()), (status, expected.as_str()), "{file}");
}

/// The header and the claims of a compact JWS, as text.
pub(crate) fn decode(token: &Value) -> (String, String) {
    let mut parts = token.as_str().unwrap().split('.');
    let mut part = || String::from_utf8(URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap()).unwrap();
    (part(), part())
}

/// The names of an object's members, in order.
pub(crate) fn names(object: &str) -> Vec<String> {
    let value: Value = serde_json::from_str(object).unwrap();
    value.as_object().unwrap().keys().cloned().collect()
}
