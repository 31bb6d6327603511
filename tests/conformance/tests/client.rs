//! Client mode before a client that is right and one that is wrong on purpose, in every way that a check looks for: in one
//! process, without sockets and without waiting.

#![forbid(unsafe_code)]

use std::sync::Arc;
use std::time::Duration;

use device_flow_conformance::client::{self, CHECKS, End, Run, SCENES, Scene};
use device_flow_conformance::{Finding, Verdict};
use mock_idp::{BlankSigner, Client, Ending, Idp, Instant, Journal, Product, Request, Script, Setup};
use serde_json::{Value, json};

const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";
const SECRET: &str = "s";

/// A client in the middle of a sign-in.
struct Model {
    idp: Idp,
    journal: Journal,
    now: Instant,
    output: String,
    /// The check whose rule it breaks.
    wrong: &'static str,
    has_secret: bool,
}

/// An answer, unless it was lost.
type Heard = Option<mock_idp::Response>;

impl Model {
    fn new(scene: &Scene, wrong: &'static str, has_secret: bool) -> Self {
        let mut setup = Setup::demo(Arc::new(BlankSigner::new()));
        if has_secret {
            setup.clients[0] = Client::new("tv", "Living Room TV").with_secret(SECRET);
        }
        let steps: Value = serde_json::from_str(scene.steps).expect("JSON");
        let script: Script = serde_json::from_value(json!({ "steps": steps })).expect("a script");
        setup.faults.run(script).expect("a sound script");
        Self {
            idp: Idp::new(Product::Rfc, setup),
            journal: Journal::default(),
            now: Instant::from_seconds(1_767_225_600),
            output: String::new(),
            wrong,
            has_secret,
        }
    }

    fn breaks(&self, check: &str) -> bool {
        self.wrong == check
    }

    fn wait(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    fn send(&mut self, request: Request) -> Heard {
        let host = if request.header("host").is_none() {
            request.with("host", "127.0.0.1:8630")
        } else {
            request
        };
        let exchange = self.idp.exchange(self.now, &host);
        let delivery = exchange.response.delivery.clone();
        let arrived_at = self.now;
        self.now = self.now + delivery.span(exchange.response.body.len());
        self.journal.record(arrived_at, host, &exchange);
        // Whoever waits for long asks less often by that alone.
        if delivery.ending == Ending::Stall && !self.breaks("client.timeout") {
            self.wait(10);
        }
        (delivery.ending == Ending::Whole).then_some(exchange.response)
    }

    fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Heard {
        let mut fields = [&[("client_id", "tv")], fields].concat();
        if self.has_secret && !(self.breaks("client.request.authentication") && path == "/device_authorization") {
            fields.push(("client_secret", SECRET));
        }
        if self.breaks("client.request.client-id") {
            fields.retain(|(name, _)| *name != "client_id");
        }
        if self.breaks("client.request.repeats") {
            fields.push(("client_id", "tv"));
        }
        let mut request = Request::form(path, &fields);
        if self.breaks("client.request.form") {
            request.headers.clear();
        }
        if self.breaks("client.device-code.encoding") {
            let plain: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request.body = plain.join("&").into_bytes();
        }
        self.send(request)
    }

    /// Signs in; whether that worked.
    fn run(&mut self) -> bool {
        let metadata = self.send(Request::get("/.well-known/openid-configuration"));
        let metadata = metadata.expect("metadata is never lost").json();
        if metadata["issuer"] != "http://127.0.0.1:8630" && !self.breaks("client.metadata.issuer") {
            return false;
        }
        match self.sign_in() {
            Some(done) => done,
            // The code has expired.
            None => self.breaks("client.expired.person") && self.sign_in() == Some(true),
        }
    }

    /// One code; `None` if it expired.
    #[expect(clippy::too_many_lines, reason = "every way to be wrong, in the order of a sign-in")]
    fn sign_in(&mut self) -> Option<bool> {
        let scope = if self.breaks("client.request.scope") {
            "openid  offline_access"
        } else {
            "openid offline_access"
        };
        let answer = self
            .post("/device_authorization", &[("scope", scope)])
            .expect("never lost");
        let codes = answer.json();
        let Some(device_code) = codes["device_code"].as_str().map(str::to_owned) else {
            if self.breaks("client.request.refused") {
                self.post("/token", &[("grant_type", GRANT), ("device_code", "none")]);
            }
            return Some(false);
        };
        let (uri, complete) = (codes["verification_uri"].as_str(), &codes["verification_uri_complete"]);
        let strict = codes["verification_uri"].is_null() && self.breaks("client.verification-url")
            || complete.is_null() && self.breaks("client.complete-uri.absent")
            || codes["interval"].is_string() && self.breaks("client.numbers-as-texts")
            || codes.get("x_unknown").is_some() && self.breaks("client.unknown-members");
        if strict {
            return Some(false);
        }
        self.output.push_str(uri.unwrap_or_default());
        if !self.breaks("client.shows") {
            self.output.push('\n');
            self.output.push_str(codes["user_code"].as_str().unwrap_or_default());
        }
        let life = codes["expires_in"].as_u64().unwrap_or(1800);
        let told = codes["interval"]
            .as_u64()
            .or_else(|| codes["interval"].as_str()?.parse().ok());
        let usual = if self.breaks("client.poll.no-interval") || self.breaks("client.interval-zero") {
            1
        } else {
            5
        };
        let mut interval = told.filter(|told| *told > 0).unwrap_or(usual);
        if self.breaks("client.poll.interval") {
            interval = 1;
        }
        let ends = self.now + Duration::from_secs(life);
        let mut wait = if self.breaks("client.poll.first") { 0 } else { interval };
        for _ in 0..20 {
            self.wait(wait);
            wait = interval;
            if self.now > ends && !self.breaks("client.own-clock") {
                return None;
            }
            let fields = [("grant_type", GRANT), ("device_code", &*device_code)];
            let fields = if self.breaks("client.poll.parameters") {
                &fields[1..]
            } else {
                &fields[..]
            };
            let answer = self.post("/token", fields);
            let Some(answer) = answer else {
                match self.wrong {
                    "client.lost-answer" => return Some(false),
                    "client.timeout" | "client.lost-answer.pace" => {}
                    _ => wait = 2 * interval,
                }
                continue;
            };
            let body = answer.json();
            match body["error"].as_str() {
                Some("authorization_pending") if answer.status == 428 && self.breaks("client.pending-428") => {
                    return Some(false);
                }
                Some("authorization_pending") if answer.status == 200 && self.breaks("client.pending-200") => {
                    return Some(false);
                }
                Some("authorization_pending") if self.breaks("client.sign-in") => return Some(false),
                Some("authorization_pending") => {}
                Some("slow_down") if answer.status == 429 && self.breaks("client.slow-down.429") => return Some(false),
                Some("slow_down") => {
                    let own = body["interval"].as_u64().unwrap_or_default();
                    match self.wrong {
                        "client.slow-down" => {}
                        "client.slow-down.twice" => interval = 6,
                        "client.slow-down.interval" => interval += 5,
                        _ => interval = (interval + 5).max(own),
                    }
                    wait = interval;
                }
                Some("expired_token") if !self.breaks("client.expired") => return None,
                Some("use_dpop_nonce") if self.breaks("client.dpop-nonce") => {}
                Some(error) => {
                    let ignores = match error {
                        "access_denied" => "client.denied",
                        "expired_token" => "client.expired",
                        "invalid_grant" => "client.other-error",
                        _ => "client.unknown-error",
                    };
                    if !self.breaks(ignores) {
                        return Some(false);
                    }
                }
                None if answer.status == 307 => {
                    if self.breaks("client.redirect") {
                        let request = Request::form("/token", fields).with("host", "localhost:8630");
                        self.send(request);
                    }
                    return Some(false);
                }
                None if body["access_token"].is_string() => {
                    let bearer = body["token_type"].as_str().unwrap_or_default();
                    if bearer != "Bearer" && self.breaks("client.token-type") {
                        return Some(false);
                    }
                    self.refresh(&body);
                    return Some(true);
                }
                None => {
                    let gives_up = if answer.status == 503 {
                        "client.unavailable"
                    } else {
                        "client.bad-gateway"
                    };
                    if self.breaks(gives_up) {
                        return Some(false);
                    }
                    let told = answer
                        .header("retry-after")
                        .and_then(|told| told.parse().ok())
                        .unwrap_or(2 * interval);
                    wait = if self.breaks("client.unavailable.pace") {
                        2
                    } else {
                        told
                    };
                }
            }
        }
        Some(false)
    }

    fn refresh(&mut self, tokens: &Value) {
        let Some(token) = tokens["refresh_token"].as_str() else {
            return;
        };
        let fields = [("grant_type", "refresh_token"), ("refresh_token", token)];
        self.post("/token", &fields);
        if self.breaks("client.refresh") {
            self.wait(60);
            self.post("/token", &fields);
        }
    }
}

/// Runs the client through these scenes.
fn runs(scenes: &[&'static Scene], wrong: &'static str, has_secret: bool) -> Vec<Run> {
    let play = |scene: &&'static Scene| {
        let mut model = Model::new(scene, wrong, has_secret);
        let signed_in = model.run();
        Run {
            scene,
            entries: model.journal.entries().cloned().collect(),
            faults: model
                .journal
                .verdicts()
                .into_iter()
                .flat_map(|verdict| verdict.findings)
                .collect(),
            end: End::Exited(i32::from(!signed_in)),
            output: model.output,
        }
    };
    scenes.iter().map(play).collect()
}

fn words(findings: &[Finding], verdict: Verdict) -> Vec<(&str, &str)> {
    let those = findings.iter().filter(|finding| finding.verdict == verdict);
    those.map(|finding| (finding.check.id, &*finding.seen)).collect()
}

#[test]
fn a_client_that_does_everything_right_passes_everything() {
    let scenes: Vec<_> = SCENES.iter().collect();
    for has_secret in [false, true] {
        let findings = client::judge(CHECKS.iter(), &runs(&scenes, "", has_secret), has_secret);
        let untested: &[_] = if has_secret {
            &[]
        } else {
            &["client.request.authentication"]
        };
        assert_eq!(words(&findings, Verdict::Fail), []);
        assert_eq!(words(&findings, Verdict::Warn), []);
        let not_tested = words(&findings, Verdict::NotTested);
        assert_eq!(not_tested.into_iter().map(|(id, _)| id).collect::<Vec<_>>(), untested);
    }
}

#[test]
fn every_check_is_broken_by_a_client_that_breaks_its_rule() {
    for check in CHECKS {
        let id = check.about.id;
        let has_secret = id == "client.request.authentication";
        let scenes: Vec<_> = SCENES.iter().filter(|scene| scene.name == check.scene).collect();
        let findings = client::judge([check].into_iter(), &runs(&scenes, id, has_secret), has_secret);
        assert_eq!(
            findings[0].verdict,
            check.about.level.broken(),
            "{id}: {}",
            findings[0].seen
        );
    }
}

#[test]
fn a_client_that_claims_what_is_not_so_or_does_not_end_is_told_apart() {
    let scene = |name: &str| SCENES.iter().find(|scene| scene.name == name).expect("a scene");
    let judged = |id: &str, run: &Run| {
        let check = CHECKS.iter().filter(|check| check.about.id == id);
        client::judge(check, std::slice::from_ref(run), false).remove(0).verdict
    };
    let mut run = runs(&[scene("denied")], "", false).remove(0);
    assert_eq!(judged("client.denied", &run), Verdict::Pass);
    run.end = End::StillRunning;
    assert_eq!(judged("client.denied", &run), Verdict::Warn);
    run.end = End::Exited(0);
    assert_eq!(judged("client.denied", &run), Verdict::Fail);

    let mut run = runs(&[scene("sign-in")], "", false).remove(0);
    run.end = End::Exited(1);
    assert_eq!(judged("client.sign-in", &run), Verdict::Fail);
    run.output.clear();
    assert_eq!(judged("client.shows", &run), Verdict::NotTested);
    run.entries.clear();
    assert_eq!(
        judged("client.sign-in", &run),
        Verdict::Fail,
        "who asks for no code does not sign in"
    );
    run.end = End::NotStarted("nothing is there".to_owned());
    assert_eq!(judged("client.sign-in", &run), Verdict::NotTested);
}
