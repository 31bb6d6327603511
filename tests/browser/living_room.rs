//! What stands around the television: the issuers, and the server that serves the page.

use std::net::{Ipv4Addr, SocketAddr};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use mock_idp::{Finding, Grade, MockIdp, MockIdpBuilder, Product, Switch};
use serde_json::{Value, json};
use tests::{PageServer, PageSocket};

/// The `config.json` of the demo.
fn demo(mock: &MockIdp, _: &str) -> Value {
    json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "help": "id.example/help" })
}

/// Everything on free ports of loopback.
pub(crate) struct LivingRoom {
    pub(crate) mock: MockIdp,
    origin: String,
    _server: PageServer,
}

impl LivingRoom {
    /// With the `config.json` of the demo.
    pub(crate) fn new() -> Self {
        Self::with(demo)
    }

    /// With a `config.json` of the test's own, made from the mock and the page's origin.
    pub(crate) fn with(config: impl Fn(&MockIdp, &str) -> Value) -> Self {
        Self::at("127.0.0.1", config)
    }

    /// The same, but the browser reaches the page by a name.
    pub(crate) fn at(host: &str, config: impl Fn(&MockIdp, &str) -> Value) -> Self {
        Self::furnished(host, |mock| mock, config, |_| Router::new())
    }

    /// The same, with a mock that is set up for it.
    pub(crate) fn built(
        build: impl Fn(MockIdpBuilder) -> MockIdpBuilder,
        config: impl Fn(&MockIdp, &str) -> Value,
    ) -> Self {
        Self::furnished("127.0.0.1", build, config, |_| Router::new())
    }

    /// The demo's page, one file of which is served otherwise.
    pub(crate) fn with_file(path: &str, status: StatusCode, media_type: &'static str, content: Vec<u8>) -> Self {
        let file = get(async move || (status, [("content-type", media_type)], content));
        Self::furnished(
            "127.0.0.1",
            |mock| mock,
            demo,
            |_| Router::new().route(path, file.clone()),
        )
    }

    /// With a `config.json` and a proxy to the mock of the test's own.
    pub(crate) fn behind(proxy: impl Fn(&MockIdp) -> Router, config: impl Fn(&MockIdp, &str) -> Value) -> Self {
        Self::furnished("127.0.0.1", |mock| mock, config, proxy)
    }

    /// `files` stand before those of the page.
    fn furnished(
        host: &str,
        build: impl Fn(MockIdpBuilder) -> MockIdpBuilder,
        config: impl Fn(&MockIdp, &str) -> Value,
        files: impl Fn(&MockIdp) -> Router,
    ) -> Self {
        let socket = PageSocket::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a free port");
        let origin = socket.origin().expect("it is bound").replace("127.0.0.1", host);
        let mock = build(MockIdp::builder().page_origin(&origin));
        let mock = mock.start().expect("free ports");
        let config = config(&mock, &origin);
        let server = socket
            .serve(&config, mock.router(Product::Authentik).merge(files(&mock)))
            .expect("the page is built");
        Self {
            mock,
            origin,
            _server: server,
        }
    }

    /// Breaks every connection that asks for tokens: Qt's editions of 53 and 56 tell the page that there is no network,
    /// and use it all the same.
    pub(crate) fn lose_answers(&self) {
        self.misbehave("X-27", Some("reset"), Some(u64::MAX));
    }

    /// Lets the server misbehave as a scenario of the mock's catalogue says, in one of its forms, for so many requests.
    pub(crate) fn misbehave(&self, scenario: &str, variant: Option<&str>, count: Option<u64>) {
        let switch = Switch {
            variant: variant.map(Into::into),
            count,
            ..Switch::default()
        };
        self.mock
            .faults()
            .switch_on(scenario, switch)
            .expect("the catalogue has it");
    }

    /// Codes live for so many seconds, and may be asked about every second.
    pub(crate) fn hurry(&self, lifetime: u64) {
        self.run(json!({ "steps": [{ "facts": { "interval": 1, "expires_in": lifetime } }] }));
    }

    /// The token endpoint is busy for one request, and says for how long.
    pub(crate) fn is_busy(&self, status: u16, retry_after: &str) {
        let change = json!({ "status": status, "headers": { "Retry-After": retry_after }, "remove": ["error"] });
        self.run(json!({ "count": 1, "steps": [{ "endpoint": "token", "change": change }] }));
    }

    fn run(&self, script: Value) {
        let script = serde_json::from_value(script).expect("a script");
        self.mock.faults().run(script).expect("it can be done");
    }

    /// What the mock has to say about the television, by its requests.
    pub(crate) fn verdict(&self) -> (Grade, Vec<Finding>) {
        let mut verdicts = self.mock.journal().verdicts();
        let verdict = verdicts.pop().expect("the television has asked");
        (verdict.grade, verdict.findings)
    }

    /// The page as configured.
    pub(crate) fn page(&self) -> String {
        format!("{}/", self.origin)
    }

    /// The page, told to sign in elsewhere.
    pub(crate) fn page_for(&self, issuer: &str) -> String {
        format!("{}/?issuer={issuer}", self.origin)
    }

    /// authentik's issuer behind the page's own origin: its device endpoint answers no other.
    pub(crate) fn authentik_behind_the_page(&self) -> String {
        format!("{}/application/o/tv/", self.origin)
    }
}
