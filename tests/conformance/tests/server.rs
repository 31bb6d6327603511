//! Server mode before servers that are right, that are as their products are, and that are wrong on purpose: in one
//! process, without sockets and without waiting.

#![forbid(unsafe_code)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use device_flow_conformance::server::{
    self, Authentication, CHECKS, Decision, Device, Person, Request, Response, ServerCheck, Shown, Target, Wire,
};
use device_flow_conformance::{Finding, Profile, Verdict};
use mock_idp::{AuthentikVersion, BlankSigner, Client, Idp, Instant, Product, Script, Setup};
use serde_json::{Value, json};

const BASE: &str = "http://127.0.0.1:8628";

/// The server under test, and its time: whoever waits moves it.
#[derive(Clone)]
struct Host(Rc<RefCell<(Idp, u64)>>);

impl Host {
    fn new(product: Product, setup: Setup) -> Self {
        Self(Rc::new(RefCell::new((Idp::new(product, setup), 1_767_225_600_000))))
    }
}

impl Wire for Host {
    fn send(&mut self, request: &Request) -> Result<Response, String> {
        let (idp, now) = &mut *self.0.borrow_mut();
        let target = request.url.strip_prefix(BASE).ok_or("another host")?;
        let mut sent = mock_idp::Request::new(request.method, target).with("host", "127.0.0.1:8628");
        for (name, value) in &request.headers {
            sent = sent.with(name, value);
        }
        sent.body.clone_from(&request.body);
        let response = idp.handle(Instant::from_millis(*now), &sent);
        Ok(Response {
            status: response.status,
            headers: response.headers,
            body: response.body,
        })
    }

    fn wait(&mut self, span: Duration) {
        self.0.borrow_mut().1 += u64::try_from(span.as_millis()).expect("a span of this age");
    }

    fn now(&self) -> u64 {
        self.0.borrow().1
    }
}

impl Person for Host {
    fn decide(&mut self, decision: Decision, shown: &Shown) -> Option<Result<(), String>> {
        let (idp, now) = &mut *self.0.borrow_mut();
        let now = Instant::from_millis(*now);
        let done = match decision {
            Decision::Approve => idp.approve(now, &shown.user_code, None),
            Decision::Deny => idp.deny(now, &shown.user_code),
        };
        Some(done.map_err(|why| why.to_string()))
    }
}

fn setup() -> Setup {
    let mut setup = Setup::demo(std::sync::Arc::new(BlankSigner::default()));
    setup.clients.push(Client::new("box", "Set-top box"));
    setup
}

fn target(path: &str) -> Target {
    Target {
        issuer: format!("{BASE}{path}"),
        client_id: "tv".to_owned(),
        client_secret: None,
        authentication: Authentication::Basic,
        other_client_id: Some("box".to_owned()),
        scope: None,
        device_authorization_endpoint: None,
        token_endpoint: None,
        patience: Duration::from_secs(24 * 3600),
    }
}

fn judged<'a>(host: &Host, target: Target, checks: impl Iterator<Item = &'a ServerCheck>) -> Vec<Finding> {
    let (mut wire, mut person) = (host.clone(), host.clone());
    let mut device = Device::new(target, &mut wire, &mut person);
    server::judge(&mut device, checks, |_| {})
}

/// The checks of one verdict, and what was said.
fn of(findings: &[Finding], verdict: Verdict) -> BTreeMap<&str, &str> {
    let those = findings.iter().filter(|finding| finding.verdict == verdict);
    those.map(|finding| (finding.check.id, &*finding.seen)).collect()
}

#[test]
fn the_server_that_is_exactly_the_rfcs_passes_everything() {
    let public = judged(&Host::new(Product::Rfc, setup()), target(""), CHECKS.iter());
    let mut confidential = setup();
    confidential.clients[0] = Client::new("tv", "Living Room TV").with_secret("not much of a secret");
    let host = Host::new(Product::Rfc, confidential);
    let with_secret = Target {
        client_secret: Some("not much of a secret".to_owned()),
        ..target("")
    };
    let confidential = judged(&host, with_secret, CHECKS.iter());
    for findings in [&public, &confidential] {
        assert_eq!(of(findings, Verdict::Fail), BTreeMap::new());
        assert_eq!(of(findings, Verdict::Warn), BTreeMap::new());
    }
    let untested = |findings| of(findings, Verdict::NotTested).into_keys().collect::<Vec<_>>();
    assert_eq!(
        untested(&public),
        [
            "server.introspection.unknown",
            "server.poll.no-secret",
            "server.start.wrong-secret",
            "server.tls"
        ]
    );
    assert_eq!(untested(&confidential), ["server.refresh.rotation", "server.tls"]);
}

/// How a server is made wrong for the sake of one check: steps of a script of the mock.
#[expect(clippy::too_many_lines, reason = "a table")]
fn wrongs() -> Vec<(&'static str, Value)> {
    let metadata = |change: Value| json!([{"endpoint": "metadata", "change": change}]);
    let start = |change: Value| json!([{"endpoint": "device_authorization", "change": change}]);
    let start_set = |set: Value| json!([{"endpoint": "device_authorization", "change": {"set": set}}]);
    let token = |when: &str, change: Value| json!([{"endpoint": "token", "when": when, "change": change}]);
    let facts = |facts: Value| json!([{"facts": facts}]);
    let answered = |endpoint: &str, status: u16, json: Value| json!([{"endpoint": endpoint, "answer": {"status": status, "json": json}}]);
    let other_word = || json!([{"endpoint": "token", "when": "error", "change": {"set": {"error": "no_such_word"}}}]);
    let second_start = || json!([{"endpoint": "device_authorization", "request": 2, "answer": {"status": 400, "json": {"error": "invalid_request"}}}]);
    let twice = json!([{"endpoint": "device_authorization", "answer": {
        "status": 200,
        "headers": {"Content-Type": "application/json"},
        "body": r#"{"device_code":"a","device_code":"a"}"#,
    }}]);
    vec![
        (
            "server.metadata.found",
            json!([{"endpoint": "metadata", "refuse": "not_found"}]),
        ),
        (
            "server.metadata.json",
            metadata(json!({"headers": {"Content-Type": "text/plain"}})),
        ),
        (
            "server.metadata.issuer",
            metadata(json!({"set": {"issuer": "http://127.0.0.1:8628/"}})),
        ),
        (
            "server.metadata.members",
            metadata(json!({"remove": ["response_types_supported"]})),
        ),
        (
            "server.metadata.two",
            json!([{"endpoint": "metadata", "request": 2, "change": {"set": {"token_endpoint": "http://127.0.0.1:1/"}}}]),
        ),
        (
            "server.metadata.device-endpoint",
            metadata(json!({"remove": ["device_authorization_endpoint"]})),
        ),
        (
            "server.metadata.grant-type",
            metadata(json!({"remove": ["grant_types_supported"]})),
        ),
        ("server.start.answer", start(json!({"status": 201}))),
        ("server.start.device-code", start(json!({"remove": ["device_code"]}))),
        ("server.start.user-code", start_set(json!({"user_code": 12_345_678}))),
        (
            "server.start.verification-uri",
            start(json!({"rename": {"verification_uri": "verification_url"}})),
        ),
        ("server.start.expires-in", start_set(json!({"expires_in": "1800"}))),
        ("server.start.interval", start_set(json!({"interval": 0}))),
        (
            "server.start.complete-uri",
            start_set(json!({"verification_uri_complete": "/device?user_code=A"})),
        ),
        ("server.start.members-once", twice),
        (
            "server.start.no-store",
            start(json!({"headers": {"Cache-Control": null}})),
        ),
        ("server.start.entropy", start_set(json!({"device_code": "4711"}))),
        ("server.start.code-unique", start_set(json!({"user_code": "WDJB-MJHT"}))),
        (
            "server.start.code-charset",
            start_set(json!({"user_code": "BABY-1234"})),
        ),
        (
            "server.start.code-apart",
            start_set(json!({"user_code": "WDJB", "verification_uri": "http://127.0.0.1:8628/WDJB"})),
        ),
        (
            "server.start.short-address",
            start_set(json!({"verification_uri": "https://login.example.com/oauth2/realms/television/device"})),
        ),
        ("server.start.lifetime", facts(json!({"expires_in": 60}))),
        ("server.start.unknown-parameter", second_start()),
        ("server.start.empty-parameter", second_start()),
        (
            "server.start.no-client",
            answered("device_authorization", 200, json!({"device_code": "a"})),
        ),
        (
            "server.start.unknown-client",
            answered("device_authorization", 400, json!({"errorCode": "invalid_client"})),
        ),
        (
            "server.start.repeated",
            answered("device_authorization", 200, json!({"device_code": "a"})),
        ),
        (
            "server.start.get",
            answered("device_authorization", 200, json!({"device_code": "a"})),
        ),
        (
            "server.start.wrong-secret",
            answered("device_authorization", 200, json!({"device_code": "a"})),
        ),
        ("server.poll.pending", other_word()),
        (
            "server.poll.pending-status",
            token("authorization_pending", json!({"status": 428})),
        ),
        (
            "server.poll.first",
            json!([{"endpoint": "token", "refuse": "slow_down"}]),
        ),
        (
            "server.poll.unknown-parameter",
            json!([{"endpoint": "token", "request": 2, "refuse": "invalid_grant"}]),
        ),
        ("server.slow-down.given", facts(json!({"too_fast": "ignored"}))),
        ("server.slow-down.status", token("slow_down", json!({"status": 429}))),
        (
            "server.slow-down.passes",
            json!([{"endpoint": "token", "request": 3, "refuse": "slow_down"}]),
        ),
        (
            "server.slow-down.kept",
            json!([{"endpoint": "token", "request": 4, "facts": {"too_fast": "ignored"}}]),
        ),
        ("server.poll.unknown-code", other_word()),
        ("server.poll.no-device-code", other_word()),
        ("server.poll.no-grant-type", other_word()),
        ("server.poll.unknown-grant-type", other_word()),
        ("server.poll.repeated", other_word()),
        ("server.poll.no-client", other_word()),
        ("server.poll.unknown-client", other_word()),
        ("server.poll.other-client", other_word()),
        ("server.poll.no-secret", other_word()),
        (
            "server.poll.challenge",
            token("error", json!({"headers": {"WWW-Authenticate": null}})),
        ),
        ("server.poll.get", answered("token", 200, json!({}))),
        (
            "server.errors.shape",
            token("error", json!({"headers": {"Content-Type": "text/html"}})),
        ),
        ("server.errors.status", token("error", json!({"status": 403}))),
        (
            "server.errors.characters",
            token("error", json!({"set": {"error_description": "a \"word\""}})),
        ),
        (
            "server.tokens.answer",
            token("success", json!({"remove": ["token_type"]})),
        ),
        (
            "server.tokens.expires-in",
            token("success", json!({"remove": ["expires_in"]})),
        ),
        (
            "server.tokens.scope",
            token("success", json!({"set": {"scope": ["openid"]}})),
        ),
        (
            "server.tokens.no-store",
            token("success", json!({"headers": {"Cache-Control": "no-cache"}})),
        ),
        (
            "server.tokens.pragma",
            token("success", json!({"headers": {"Pragma": null}})),
        ),
        (
            "server.tokens.single-use",
            token(
                "invalid_grant",
                json!({"status": 200, "set": {"access_token": "a"}, "remove": ["error"]}),
            ),
        ),
        (
            "server.refresh.wider-scope",
            token(
                "invalid_scope",
                json!({"status": 200, "set": {"access_token": "a"}, "remove": ["error"]}),
            ),
        ),
        (
            "server.refresh.works",
            json!([{"endpoint": "token", "grant_type": "refresh_token", "refuse": "invalid_grant"}]),
        ),
        ("server.refresh.rotation", facts(json!({"refresh_rotates": false}))),
        ("server.refresh.unknown", other_word()),
        (
            "server.introspection.nobody",
            answered("introspection", 200, json!({"active": true})),
        ),
        (
            "server.introspection.unknown",
            answered("introspection", 200, json!({"active": false, "sub": "a"})),
        ),
        (
            "server.revocation.unknown",
            answered("revocation", 400, json!({"error": "invalid_token"})),
        ),
        ("server.revocation.no-token", answered("revocation", 200, json!({}))),
        ("server.revocation.no-client", answered("revocation", 200, json!({}))),
        // The server never hears of it.
        (
            "server.revocation.access-tokens",
            answered("revocation", 200, json!({})),
        ),
        ("server.revocation.works", answered("revocation", 200, json!({}))),
        (
            "server.denied",
            token("access_denied", json!({"set": {"error": "authorization_declined"}})),
        ),
        (
            "server.expired.ends",
            facts(json!({"after_expiry": "authorization_pending"})),
        ),
        ("server.expired.word", facts(json!({"after_expiry": "invalid_grant"}))),
    ]
}

/// The two that no script can make: a product does the one, and a server elsewhere the other.
fn wrong_otherwise() -> [(&'static str, Host, Target); 2] {
    let elsewhere = Target {
        issuer: "http://id.example".to_owned(),
        ..target("")
    };
    [
        // O-06
        (
            "server.metadata.place",
            Host::new(Product::Okta, setup()),
            target("/oauth2/default"),
        ),
        ("server.tls", Host::new(Product::Rfc, setup()), elsewhere),
    ]
}

#[test]
fn every_check_is_broken_by_a_server_that_breaks_its_rule() {
    let by_script = wrongs().into_iter().map(|(id, steps)| {
        let mut setup = setup();
        let mut target = target("");
        if [
            "server.start.wrong-secret",
            "server.poll.no-secret",
            "server.introspection.unknown",
        ]
        .contains(&id)
        {
            setup.clients[0] = Client::new("tv", "Living Room TV").with_secret("s");
            target.client_secret = Some("s".to_owned());
        }
        let script: Script = serde_json::from_value(json!({ "steps": steps })).expect("a script");
        setup.faults.run(script).expect("a sound script");
        (id, Host::new(Product::Rfc, setup), target)
    });
    let mut proven = Vec::new();
    for (id, host, target) in by_script.chain(wrong_otherwise()) {
        let check = CHECKS.iter().filter(|check| check.about.id == id);
        let findings = judged(&host, target, check);
        let finding = findings.first().unwrap_or_else(|| panic!("there is no check {id}"));
        // RFC 6749's Pragma alone is never more than a warning.
        let expected = if id == "server.tokens.pragma" {
            Verdict::Warn
        } else {
            finding.check.level.broken()
        };
        assert_eq!(finding.verdict, expected, "{id}: {}", finding.seen);
        proven.push(id);
    }
    proven.sort_unstable();
    let mut all: Vec<_> = CHECKS.iter().map(|check| check.about.id).collect();
    all.sort_unstable();
    assert_eq!(proven, all);
}

/// A product's issuers in the mock, as a public and as a confidential client where the product has both.
fn hosts(product: Product, versions: &[AuthentikVersion], paths: &[&str]) -> Vec<(Host, Target)> {
    let mut hosts = Vec::new();
    for version in versions {
        for path in paths {
            for secret in [None, Some("not much of a secret")] {
                // Google gives every client a secret.
                if product == Product::Google && secret.is_none() {
                    continue;
                }
                let mut setup = setup();
                setup.authentik_version = *version;
                let client = Client::new("tv", "Living Room TV");
                setup.clients[0] = secret.map_or(client.clone(), |secret| client.with_secret(secret));
                let target = Target {
                    client_secret: secret.map(str::to_owned),
                    // authentik reads the header from 2026.2 on (A-11), and Google never where codes begin.
                    authentication: if product == Product::Okta {
                        Authentication::Basic
                    } else {
                        Authentication::Post
                    },
                    ..target(path)
                };
                hosts.push((Host::new(product, setup), target));
            }
        }
    }
    hosts
}

/// What GitHub documents of its device flow, as far as a script can make the plain server so: the mock has no GitHub.
fn github() -> Vec<(Host, Target)> {
    let token = |when: &str, error: &str| json!({"endpoint": "token", "when": when, "change": {"status": 200, "set": {"error": error}}});
    let steps = json!([
        {"endpoint": "metadata", "refuse": "not_found"},
        token("invalid_grant", "incorrect_device_code"),
        token("invalid_client", "incorrect_client_credentials"),
        {"endpoint": "token", "when": "error", "change": {"status": 200}},
        {"endpoint": "token", "when": "success", "change": {"remove": ["expires_in"]}},
    ]);
    let script: Script = serde_json::from_value(json!({ "steps": steps })).expect("a script");
    let setup = setup();
    setup.faults.run(script).expect("a sound script");
    let named = Target {
        device_authorization_endpoint: Some(format!("{BASE}/device_authorization")),
        token_endpoint: Some(format!("{BASE}/token")),
        ..target("")
    };
    let host = Host::new(Product::Rfc, setup);
    vec![(host.clone(), named), (host, target(""))]
}

#[test]
fn every_product_deviates_as_its_profile_says_and_in_nothing_else() {
    const USUAL: &[AuthentikVersion] = &[AuthentikVersion::V2026_2];
    let all = [
        AuthentikVersion::V2025_6,
        AuthentikVersion::V2026_2,
        AuthentikVersion::V2026_5,
    ];
    let products = [
        (
            Profile::Okta,
            hosts(Product::Okta, USUAL, &["", "/oauth2/default"]),
            &[][..],
        ),
        (
            Profile::Authentik,
            hosts(Product::Authentik, &all, &["/application/o/tv/"]),
            &[],
        ),
        // The mock leaves out Google's headers, so that this says nothing of the product.
        (
            Profile::Google,
            hosts(Product::Google, USUAL, &[""]),
            &["server.poll.challenge"],
        ),
        // What GitHub does with these is documented nowhere.
        (
            Profile::GitHub,
            github(),
            &["server.poll.challenge", "server.poll.get", "server.poll.repeated"],
        ),
    ];
    for (profile, hosts, beside) in products {
        let mut met: Vec<_> = hosts
            .into_iter()
            .flat_map(|(host, target)| judged(&host, target, CHECKS.iter()))
            .filter(|finding| [Verdict::Fail, Verdict::Warn].contains(&finding.verdict))
            .map(|finding| finding.check.id)
            .collect();
        met.sort_unstable();
        met.dedup();
        let known = profile.deviations().iter().map(|deviation| deviation.check);
        let mut known: Vec<_> = known.chain(beside.iter().copied()).collect();
        known.sort_unstable();
        assert_eq!(met, known, "{}", profile.name());
    }
}
