//! The journal and its verdicts: a good client passes everywhere, and each bad habit is found for what it is.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::sync::Arc;
use std::time::Duration;

use mock_idp::{Entry, Grade, Idp, Instant, Journal, Product, Request, Response, Rs256Signer, Setup, Switch, Verdict};
use serde_json::json;

const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A host, its journal, and one device.
struct Scene {
    idp: Idp,
    journal: Journal,
    now: Instant,
    device: &'static str,
    token: &'static str,
    device_code: String,
    user_code: String,
}

fn scene(product: Product) -> Scene {
    let (device, token) = match product {
        Product::Okta => ("/oauth2/v1/device/authorize", "/oauth2/v1/token"),
        Product::Authentik => ("/application/o/device/", "/application/o/token/"),
        Product::Rfc => ("/device_authorization", "/token"),
    };
    Scene {
        idp: Idp::new(product, Setup::demo(Arc::new(Rs256Signer::test_only().unwrap()))),
        journal: Journal::default(),
        now: Instant::from_seconds(1_767_225_600),
        device,
        token,
        device_code: String::new(),
        user_code: String::new(),
    }
}

impl Scene {
    fn send_to(&mut self, host: &str, request: Request) -> Response {
        let request = request.with("Host", host);
        let exchange = self.idp.exchange(self.now, &request);
        self.journal.record(self.now, &request, &exchange);
        exchange.response
    }

    fn send(&mut self, request: Request) -> Response {
        self.send_to("id.example", request)
    }

    fn start(&mut self) {
        let fields = [("client_id", "tv"), ("scope", "openid offline_access")];
        let answer = self.send(Request::form(self.device, &fields)).json();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        self.device_code = text("device_code");
        self.user_code = text("user_code");
    }

    fn poll_request(&self, device_code: &str) -> Request {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", DEVICE_CODE),
            ("device_code", device_code),
        ];
        Request::form(self.token, &fields)
    }

    fn poll_after(&mut self, seconds: f64) -> Response {
        self.now = self.now + Duration::from_secs_f64(seconds);
        let request = self.poll_request(&self.device_code);
        self.send(request)
    }

    fn approve(&mut self) {
        let user_code = self.user_code.clone();
        self.idp.approve(self.now, &user_code, None).unwrap();
    }

    fn refresh(&mut self, refresh_token: &str) -> Response {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        self.send(Request::form(self.token, &fields))
    }

    fn switch_on(&self, id: &str) {
        self.idp.faults().switch_on(id, Switch::default()).unwrap();
    }

    fn verdict(&self) -> Verdict {
        let verdicts = self.journal.verdicts();
        verdicts.into_iter().find(|verdict| verdict.client_id == "tv").unwrap()
    }

    /// The rules that client `tv` broke.
    fn rules(&self) -> Vec<&'static str> {
        self.verdict().findings.iter().map(|finding| finding.rule).collect()
    }
}

#[test]
fn a_good_client_passes_everywhere() {
    for product in [Product::Rfc, Product::Okta, Product::Authentik] {
        let mut scene = scene(product);
        scene.start();
        scene.poll_after(5.0);
        scene.switch_on("X-01");
        scene.poll_after(5.0);
        scene.poll_after(10.0);
        scene.start();
        scene.switch_on("X-03");
        scene.poll_after(5.0);
        scene.poll_after(30.0);
        for id in ["X-27", "X-23"] {
            scene.start();
            scene.poll_after(5.0);
            scene.switch_on(id);
            scene.poll_after(5.0);
            scene.poll_after(10.0);
            scene.poll_after(5.0);
        }
        scene.start();
        scene.approve();
        let tokens = scene.poll_after(5.0).json();
        scene.refresh(tokens["refresh_token"].as_str().unwrap());
        let verdict = scene.verdict();
        assert_eq!(
            (verdict.grade, verdict.findings.as_slice()),
            (Grade::Pass, [].as_slice())
        );
        assert_eq!((verdict.starts, verdict.polls, verdict.refreshes), (5, 14, 1));
    }
}

#[test]
fn an_early_poll_breaks_the_interval() {
    let mut scene = scene(Product::Authentik); // A-53: nobody else would say so
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(4.8);
    assert_eq!(scene.rules(), [""; 0]);
    scene.poll_after(2.1);
    let verdict = scene.verdict();
    let finding = &verdict.findings[0];
    assert_eq!((verdict.grade, finding.rule, finding.entry), (Grade::Fail, "S-31", 4));
    assert_eq!(
        finding.text,
        "polled 2.1 s after the previous answer; the interval is 5.0 s"
    );
}

#[test]
fn slow_down_lasts() {
    let mut scene = scene(Product::Authentik);
    scene.start();
    scene.switch_on("X-01");
    scene.poll_after(5.0);
    scene.poll_after(10.0);
    scene.poll_after(5.0);
    assert_eq!(scene.rules(), ["S-33"]);
}

#[test]
fn a_larger_interval_told_with_slow_down_counts() {
    let mut scene = scene(Product::Authentik);
    scene.start();
    scene.switch_on("X-03");
    scene.poll_after(5.0);
    scene.poll_after(29.0);
    assert_eq!(scene.rules(), ["S-33"]);
}

#[test]
fn the_interval_that_was_told_counts() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-10");
    scene.start();
    scene.poll_after(5.0);
    scene.poll_after(4.0);
    assert_eq!(scene.rules(), ["S-31"]);
}

#[test]
fn nobody_polls_after_the_end() {
    for (end, rule) in [("deny", "S-34"), ("expire", "S-35"), ("approve", "S-36")] {
        let mut scene = scene(Product::Rfc);
        scene.start();
        let (now, user_code) = (scene.now, scene.user_code.clone());
        match end {
            "deny" => scene.idp.deny(now, &user_code).unwrap(),
            "expire" => scene.idp.expire(now, &user_code).unwrap(),
            _ => scene.approve(),
        }
        scene.poll_after(5.0);
        assert_eq!(scene.rules(), [""; 0]);
        scene.poll_after(60.0);
        assert_eq!(scene.rules(), [rule]);
    }
}

#[test]
fn a_lost_answer_is_followed_by_a_longer_wait() {
    for id in ["X-27", "X-23"] {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.switch_on(id);
        scene.poll_after(5.0);
        scene.poll_after(5.0);
        assert_eq!(scene.rules(), ["S-37"], "{id}");
    }
}

#[test]
fn one_last_ask_is_sound_and_more_are_not() {
    let mut scene = scene(Product::Rfc);
    scene.switch_on("X-40");
    scene.start();
    scene.poll_after(1801.0);
    assert_eq!(scene.rules(), [""; 0]);
    scene.poll_after(5.0);
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["S-39"], Grade::Warn));
}

#[test]
fn nobody_polls_at_once() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.poll_after(0.0);
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["X-06"], Grade::Warn));
}

#[test]
fn requests_are_forms_in_the_body_of_a_post() {
    type Bad = fn(&Scene) -> Request;
    let cases: [(Bad, &str); 6] = [
        (
            |scene| Request::new("GET", &format!("{}?client_id=tv", scene.device)),
            "S-01",
        ),
        (
            |scene| {
                let mut request = Request::new("POST", scene.device).with("Content-Type", "application/json");
                request.body = br#"{"client_id":"tv"}"#.to_vec();
                request
            },
            "S-01",
        ),
        (
            |scene| {
                let fields = [("client_id", "tv"), ("grant_type", DEVICE_CODE), ("device_code", "x")];
                Request::form(&format!("{}?device_code=x", scene.token), &fields)
            },
            "S-01",
        ),
        (
            |scene| {
                Request::form(
                    scene.device,
                    &[("client_id", "tv"), ("scope", "openid"), ("scope", "openid")],
                )
            },
            "S-06",
        ),
        (
            |scene| Request::form(scene.token, &[("client_id", "tv"), ("device_code", &scene.device_code)]),
            "S-30",
        ),
        (
            |scene| Request::form(scene.token, &[("client_id", "tv"), ("grant_type", DEVICE_CODE)]),
            "S-30",
        ),
    ];
    for (number, (request, rule)) in cases.into_iter().enumerate() {
        let mut scene = scene(Product::Rfc);
        scene.start();
        scene.now = scene.now + Duration::from_secs(5);
        let request = request(&scene);
        scene.send(request);
        let verdicts = scene.journal.verdicts();
        let mut found = verdicts
            .iter()
            .flat_map(|verdict| &verdict.findings)
            .map(|finding| finding.rule);
        assert_eq!(found.next(), Some(rule), "case {number}");
    }
}

#[test]
fn a_device_code_with_punctuation_is_encoded() {
    for unencoded in [false, true] {
        let mut scene = scene(Product::Rfc);
        scene.switch_on("X-17");
        scene.start();
        // The seed's codes hold what a form cannot carry as it is; what follows `&` or `#` differs by library.
        assert!(scene.device_code.contains(['+', '&', '%']), "{}", scene.device_code);
        scene.now = scene.now + Duration::from_secs(5);
        let mut request = scene.poll_request(&scene.device_code);
        if unencoded {
            let body = format!(
                "client_id=tv&grant_type={DEVICE_CODE}&device_code={}",
                scene.device_code
            );
            request.body = body.into_bytes();
        }
        scene.send(request);
        let expected: &[&str] = if unencoded { &["X-17"] } else { &[] };
        assert_eq!(scene.rules(), expected);
    }
}

#[test]
fn a_device_code_stays_where_it_is_from() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.now = scene.now + Duration::from_secs(5);
    let request = scene.poll_request(&scene.device_code);
    scene.send_to("elsewhere.example", request);
    assert_eq!(scene.rules(), ["X-30"]);
}

#[test]
fn a_replaced_refresh_token_is_not_used_again() {
    let mut scene = scene(Product::Rfc);
    scene.start();
    scene.approve();
    let tokens = scene.poll_after(5.0).json();
    let first = tokens["refresh_token"].as_str().unwrap();
    scene.refresh(first);
    assert_eq!(scene.rules(), [""; 0]);
    scene.refresh(first);
    assert_eq!(scene.rules(), ["S-46"]);
}

#[test]
fn starting_over_and_over_is_noticed() {
    let mut scene = scene(Product::Rfc);
    for _ in 0..20 {
        scene.start();
    }
    assert_eq!(scene.rules(), [""; 0]);
    scene.start();
    assert_eq!((scene.rules(), scene.verdict().grade), (vec!["X-49"], Grade::Warn));
}

#[test]
fn the_oldest_make_room_and_are_counted() {
    let mut scene = scene(Product::Rfc);
    scene.journal = Journal::new(2);
    for _ in 0..5 {
        scene.start();
    }
    let numbers: Vec<_> = scene.journal.entries().map(|entry| entry.number).collect();
    assert_eq!(
        (numbers, scene.journal.dropped(), scene.journal.next()),
        (vec![4, 5], 3, 6)
    );
    assert_eq!(scene.journal.from(1).map(|entry| entry.number), Some(4));
    assert_eq!(scene.journal.from(5).map(|entry| entry.number), Some(5));
    assert!(scene.journal.from(6).is_none());
    assert_eq!(scene.verdict().starts, 5);
    scene.journal.clear();
    assert_eq!((scene.journal.entries().count(), scene.journal.next()), (0, 6));
}

#[test]
fn an_entry_is_small_however_large_its_request_was() {
    let mut scene = scene(Product::Rfc);
    let mut request = Request::new("POST", &format!("/token?{}", "a".repeat(60_000)));
    request.body = vec![b'a'; 60_000];
    for number in 0..100 {
        request = request.with(&format!("x-{number}"), &"ä".repeat(2000));
    }
    scene.send(request);
    let entry = scene.journal.entries().next().unwrap();
    let headers: usize = entry.headers.iter().map(|(name, value)| name.len() + value.len()).sum();
    assert!(
        entry.target.len() + headers + entry.body.kept.len() < 32 * 1024,
        "{headers}"
    );
    assert_eq!(entry.body.length, 60_000);
}

#[test]
fn an_entry_says_what_happened_and_when() {
    let mut scene = scene(Product::Okta);
    scene.start();
    scene.poll_after(5.0);
    scene.switch_on("X-27");
    scene.poll_after(7.5);
    let entry = scene.journal.entries().last().unwrap();
    assert_eq!(entry.gap, Some(Duration::from_millis(7500)));
    let shown = serde_json::to_value(entry.shown()).unwrap();
    for (name, value) in json!({
        "number": 3, "issuer": "okta-org", "endpoint": "token", "client_id": "tv", "faults": ["X-27"],
        "method": "POST", "target": "/oauth2/v1/token", "status": 400, "gap": 7500, "ending": "no_answer",
    })
    .as_object()
    .unwrap()
    {
        assert_eq!(shown[name], *value, "{name}");
    }
}

#[test]
fn no_secret_is_shown() {
    for product in [Product::Rfc, Product::Okta, Product::Authentik] {
        let mut scene = scene(product);
        scene.start();
        scene.approve();
        let tokens = scene.poll_after(5.0).json();
        let text = |name: &str| tokens[name].as_str().unwrap().to_owned();
        scene.refresh(&text("refresh_token"));
        let bearer = format!("Bearer {}", text("access_token"));
        scene.send(
            Request::get("/userinfo")
                .with("Authorization", &bearer)
                .with("Cookie", "session=hush-cookie"),
        );
        scene.send(Request::get(&format!(
            "/userinfo?access_token={}",
            text("access_token")
        )));
        scene.send(Request::form(
            "/device",
            &[("username", "jane"), ("password", "hush-password")],
        ));
        let cut = json!({ "steps": [{ "change": { "truncate": 300 } }] });
        scene.idp.faults().run(serde_json::from_value(cut).unwrap()).unwrap();
        scene.start();
        let shown: Vec<_> = scene.journal.entries().map(Entry::shown).collect();
        let shown = serde_json::to_string(&shown).unwrap();
        let secrets = [
            scene.device_code.clone(),
            text("access_token"),
            text("refresh_token"),
            text("id_token"),
            "hush-".to_owned(),
        ];
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            let escaped = serde_json::to_string(secret).unwrap();
            assert!(!shown.contains(&escaped[1..escaped.len() - 1]), "{secret}");
        }
        // The same secret has the same mark, in a form and in JSON.
        let mark = &shown[shown.find("‹device_code").unwrap()..][.."‹device_code 012345›".len()];
        assert!(shown.matches(mark).count() >= 2, "{mark}");
    }
}
