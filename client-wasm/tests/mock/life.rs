//! From the first press of a button to the sign-out, with every product that the mock knows.

use std::sync::Arc;

use client_wasm::{Headless, Session};
use mock_idp::{BlankSigner, Idp, Instant, Product, Request, Setup};
use serde_json::{Value, json};
use wasm_bindgen_test::wasm_bindgen_test as test;

/// What the wall clocks show at the beginning, in milliseconds since 1970.
const EPOCH: u64 = 1_700_000_000_000;
const HOST: &str = "https://id.example";

/// A server behind a TLS proxy, and a clock that both sides go by.
struct World {
    idp: Idp,
    now: u64,
}

impl World {
    fn new(product: Product) -> Self {
        Self {
            idp: Idp::new(product, Setup::demo(Arc::new(BlankSigner::new()))),
            now: 0,
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "a few hours")]
    fn clocks(&self) -> (f64, f64) {
        (self.now as f64, (EPOCH + self.now) as f64)
    }

    fn moment(&self) -> Instant {
        Instant::from_millis(EPOCH + self.now)
    }

    /// What comes of a request: status, headers one a line, body.
    fn send(&mut self, ask: &Value) -> (u16, String, Vec<u8>) {
        let path = ask["url"].as_str().unwrap().strip_prefix(HOST).unwrap();
        let method = if ask["body"].is_string() { "POST" } else { "GET" };
        let mut request = Request::new(method, path)
            .with("host", "id.example")
            .with("x-forwarded-proto", "https");
        for name in ["accept", "content-type"] {
            if let Some(value) = ask[name].as_str() {
                request = request.with(name, value);
            }
        }
        request.body = ask["body"].as_str().unwrap_or_default().into();
        let answer = self.idp.handle(self.moment(), &request);
        let header = |(name, value): &(String, String)| format!("{name}:{value}");
        let headers: Vec<String> = answer.headers.iter().map(header).collect();
        (answer.status, headers.join("\n"), answer.body)
    }

    fn wait(&mut self, next: &Value) {
        self.now += next["wakeIn"].as_u64().unwrap();
    }
}

fn read(json: &str) -> Value {
    serde_json::from_str(json).unwrap()
}

/// Signs in, once the person has let three polls pass; yields the views' kinds and the tokens.
fn sign_in(world: &mut World, settings: &Value) -> (Vec<String>, Value) {
    let mut login = Headless::new(&settings.to_string(), &[]);
    let (mut kinds, mut polls) = (Vec::<String>::new(), 0);
    let mut tell = |world: &World, act: &mut dyn FnMut(&mut Headless) -> String| {
        let (monotonic, wall) = world.clocks();
        login.at(monotonic, wall);
        read(&act(&mut login))
    };
    let mut next = tell(world, &mut |login| login.start());
    loop {
        let view = tell(world, &mut |login| login.view());
        let kind = view["kind"].as_str().unwrap();
        if kinds.last().is_none_or(|last| last != kind) {
            kinds.push(kind.into());
        }
        next = if next["url"].is_string() {
            let is_poll = kind == "code";
            polls += u32::from(is_poll);
            if is_poll && polls == 3 {
                let code = view["userCode"].as_str().unwrap();
                world.idp.approve(world.moment(), code, Some("jane")).unwrap();
            }
            let (status, headers, body) = world.send(&next);
            tell(world, &mut |login| login.answered(status, &headers, body.clone()))
        } else if next["signed"].is_string() {
            // No cryptography here: TLS to the token endpoint vouches (OpenID Connect Core 1.0 section 3.1.3.7 step 6).
            tell(world, &mut |login| login.verified(None))
        } else if next["digest"].is_string() {
            tell(world, &mut |login| login.digested(&[]))
        } else if next["wakeIn"].is_u64() {
            world.wait(&next);
            tell(world, &mut |login| login.wake())
        } else {
            return (kinds, tell(world, &mut |login| login.tokens()));
        };
    }
}

/// Tells a session something and sees to what it asks, until it rests or has ended.
fn go_on(world: &mut World, session: &mut Session, act: impl FnOnce(&mut Session) -> String) -> Value {
    let (monotonic, wall) = world.clocks();
    session.at(monotonic, wall);
    let mut next = read(&act(session));
    while next["url"].is_string() {
        let (status, headers, body) = world.send(&next);
        session.at(monotonic, wall);
        next = read(&session.answered(status, &headers, body));
    }
    next
}

fn check(product: Product, issuer: &str) {
    let mut world = World::new(product);
    let settings = json!({ "issuer": issuer, "client_id": "tv", "scope": "openid profile offline_access" });
    let (kinds, tokens) = sign_in(&mut world, &settings);
    assert_eq!(kinds, ["connecting", "code", "checking", "signedIn"], "{product:?}");
    assert_eq!(tokens["name"], "Jane Doe", "{product:?}");
    assert_eq!(tokens["vouchedBy"], "tls", "{product:?}");

    let mut session = Session::new(&settings.to_string(), false);
    let first = go_on(&mut world, &mut session, |session| session.begin(&tokens.to_string()));
    assert_eq!(first["token"], tokens["accessToken"], "{product:?}");
    assert_eq!(first["subject"], tokens["subject"], "{product:?}");
    // A refresh comes before the end, which the session asks to be woken for.
    world.wait(&first);
    let second = go_on(&mut world, &mut session, Session::wake);
    assert!(
        second["token"].is_string() && second["token"] != first["token"],
        "{product:?}: {second}"
    );
    let end = go_on(&mut world, &mut session, Session::sign_out);
    assert_eq!(end["reason"], "signed_out", "{product:?}");
    assert!(end["token"].is_null(), "{product:?}");
}

#[test]
fn a_session_outlives_its_first_token_at_the_rfcs_server() {
    check(Product::Rfc, HOST);
}

#[test]
fn a_session_outlives_its_first_token_at_okta() {
    check(Product::Okta, HOST);
    check(Product::Okta, "https://id.example/oauth2/default");
}

#[test]
fn a_session_outlives_its_first_token_at_authentik() {
    check(Product::Authentik, "https://id.example/application/o/tv/");
}

#[test]
fn a_denial_is_told_as_one() {
    let mut world = World::new(Product::Rfc);
    let settings = json!({ "issuer": HOST, "client_id": "tv" });
    let mut login = Headless::new(&settings.to_string(), &[]);
    let (monotonic, wall) = world.clocks();
    login.at(monotonic, wall);
    let mut next = read(&login.start());
    loop {
        if next["url"].is_string() {
            let (status, headers, body) = world.send(&next);
            next = read(&login.answered(status, &headers, body));
        } else if next["wakeIn"].is_u64() {
            let code = read(&login.view())["userCode"].as_str().unwrap().to_owned();
            // RFC 8628 section 3.5: access_denied.
            world.idp.deny(world.moment(), &code).unwrap();
            world.wait(&next);
            let (monotonic, wall) = world.clocks();
            login.at(monotonic, wall);
            next = read(&login.wake());
        } else {
            break;
        }
    }
    let view = read(&login.view());
    assert_eq!((&view["kind"], &view["reason"]), (&json!("ended"), &json!("denied")));
}
