//! One host of each kind, a television of client `tv`, and the words in which a scenario is told.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock_idp::{Idp, Instant, Product, Request, Response, Rs256Signer, Script, Setup, Switch};
use serde_json::Value;

use crate::phone::{JANE, Phone, attribute};

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// A page's origin that is registered.
pub(crate) const PAGE: &str = "https://tv.example";

/// A product, where its endpoints are (O-02 to O-08, A-01 to A-07, Google's documentation), and what it says.
#[derive(Clone, Copy)]
pub(crate) struct Kind {
    pub(crate) product: Product,
    /// With a refresh token at the end.
    pub(crate) scope: &'static str,
    /// What it calls `verification_uri`.
    pub(crate) address: &'static str,
    /// The status of a poll that is pending.
    pub(crate) pending: u16,
    /// How many seconds its tokens live (O-20, section 3.6, the samples of the RFCs and of Google's documentation).
    pub(crate) lifetime: i64,
    pub(crate) device: &'static str,
    pub(crate) token: &'static str,
    pub(crate) userinfo: &'static str,
    pub(crate) jwks: &'static str,
    pub(crate) page: &'static str,
}

pub(crate) const RFC: Kind = Kind {
    product: Product::Rfc,
    scope: "openid offline_access",
    address: "verification_uri",
    pending: 400,
    lifetime: 3600,
    device: "/device_authorization",
    token: "/token",
    userinfo: "/userinfo",
    jwks: "/jwks",
    page: "/device",
};
pub(crate) const OKTA: Kind = Kind {
    product: Product::Okta,
    device: "/oauth2/default/v1/device/authorize",
    token: "/oauth2/default/v1/token",
    userinfo: "/oauth2/default/v1/userinfo",
    jwks: "/oauth2/default/v1/keys",
    page: "/activate",
    ..RFC
};
pub(crate) const AUTHENTIK: Kind = Kind {
    product: Product::Authentik,
    device: "/application/o/device/",
    token: "/application/o/token/",
    userinfo: "/application/o/userinfo/",
    jwks: "/application/o/tv/jwks/",
    page: "/device",
    ..RFC
};
pub(crate) const GOOGLE: Kind = Kind {
    product: Product::Google,
    scope: "openid",
    address: "verification_url",
    pending: 428,
    lifetime: 3920,
    device: "/device/code",
    token: "/token",
    userinfo: "/v1/userinfo",
    jwks: "/oauth2/v3/certs",
    page: "/device",
};
pub(crate) const ALL: [Kind; 4] = [RFC, OKTA, AUTHENTIK, GOOGLE];

/// What a phone talks to.
pub(crate) type Host = Scene;

thread_local! {
    /// The step that is missing, while [`without`] looks whether anybody notices.
    static MISSING: RefCell<Option<Missing>> = const { RefCell::new(None) };
}

/// One step of a scenario's variant, at one product.
pub(crate) struct Missing {
    pub(crate) id: &'static str,
    pub(crate) variant: &'static str,
    /// Counted from 0.
    pub(crate) step: usize,
    pub(crate) product: Product,
}

/// Does something on a mock whose catalogue lacks that step.
pub(crate) fn without<T>(missing: Missing, run: impl FnOnce() -> T) -> T {
    MISSING.set(Some(missing));
    let ran = run();
    MISSING.set(None);
    ran
}

/// Whether a step is missing here.
pub(crate) fn lacks_a_step() -> bool {
    MISSING.with_borrow(Option::is_some)
}

/// A host, a moment, and the sign-in that is under way.
pub(crate) struct Scene {
    pub(crate) idp: Idp,
    pub(crate) now: Instant,
    pub(crate) kind: Kind,
    pub(crate) device_code: String,
    pub(crate) user_code: String,
    /// The path and query of `verification_uri_complete`, where there is one.
    pub(crate) complete: Option<String>,
}

/// A host with that scenario on, in its first form.
pub(crate) fn scene(kind: Kind, id: &str) -> Scene {
    variant(kind, id, None)
}

/// A host with that scenario on, in that form.
pub(crate) fn variant<'a>(kind: Kind, id: &str, name: impl Into<Option<&'a str>>) -> Scene {
    let scene = sound(kind);
    scene.switch_on(id, name.into());
    scene
}

/// A host without any fault.
pub(crate) fn sound(kind: Kind) -> Scene {
    let mut setup = Setup::demo(Arc::new(Rs256Signer::test_only().unwrap()));
    setup.page_origins.push(PAGE.to_owned());
    Scene {
        idp: Idp::new(kind.product, setup),
        // A whole hour: authentik's clean-up runs at fixed minutes of it.
        now: Instant::from_seconds(1_767_225_600),
        kind,
        device_code: String::new(),
        user_code: String::new(),
        complete: None,
    }
}

impl Scene {
    pub(crate) fn switch_on(&self, id: &str, variant: Option<&str>) {
        let scenario = mock_idp::catalogue().iter().find(|scenario| scenario.id == id).unwrap();
        let name = variant.unwrap_or(&scenario.variants[0].name);
        let missing = |missing: &Missing| {
            let same = missing.id == id && missing.variant == name && missing.product == self.kind.product;
            same.then_some(missing.step)
        };
        if let Some(step) = MISSING.with_borrow(|each| each.as_ref().and_then(missing)) {
            let variant = scenario.variants.iter().find(|variant| variant.name == name).unwrap();
            let mut steps = variant.steps.clone();
            steps.remove(step);
            let count = scenario.count;
            if !steps.is_empty() {
                let script = Script {
                    count,
                    steps,
                    ..Script::default()
                };
                self.idp.faults().run(script).unwrap();
            }
            return;
        }
        let switch = Switch {
            variant: variant.map(str::to_owned),
            ..Switch::default()
        };
        self.idp.faults().switch_on(id, switch).unwrap();
    }

    pub(crate) fn send(&mut self, request: Request) -> Response {
        let request = request.with("Host", "id.example").with("X-Forwarded-Proto", "https");
        self.idp.handle(self.now, &request)
    }

    /// A device authorization request; its codes are kept where the answer has them.
    pub(crate) fn start(&mut self) -> Response {
        let fields = [("client_id", "tv"), ("scope", self.kind.scope)];
        let answer = self.send(Request::form(self.kind.device, &fields));
        let text = |name: &str| answer.json()[name].as_str().unwrap_or_default().to_owned();
        self.device_code = text("device_code");
        self.user_code = text("user_code");
        let complete = text("verification_uri_complete");
        self.complete = complete.strip_prefix("https://id.example").map(str::to_owned);
        answer
    }

    pub(crate) fn poll_request(&self) -> Request {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", DEVICE_CODE),
            ("device_code", &self.device_code),
        ];
        Request::form(self.kind.token, &fields)
    }

    pub(crate) fn poll(&mut self) -> Response {
        self.send(self.poll_request())
    }

    /// What a poll hears after so many seconds: the error code, or `tokens`.
    pub(crate) fn poll_after(&mut self, seconds: u64) -> String {
        self.wait(seconds);
        heard(&self.poll())
    }

    pub(crate) fn refresh(&mut self, refresh_token: &str, more: &[(&str, &str)]) -> Response {
        let mut fields = vec![
            ("client_id", "tv"),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        fields.extend(more);
        self.send(Request::form(self.kind.token, &fields))
    }

    pub(crate) fn approve(&mut self) {
        let user_code = self.user_code.clone();
        self.idp.approve(self.now, &user_code, None).unwrap();
    }

    /// The phone of somebody who opens the page and types what the device shows, and of somebody who opens the complete
    /// address; Google has none.
    pub(crate) fn ways(kind: Kind) -> &'static [bool] {
        if kind.product == Product::Google {
            &[true]
        } else {
            &[true, false]
        }
    }

    /// Start, and a person who goes through all of the page, with the code typed or in the address.
    pub(crate) fn at_the_page(mut self, typed: bool) -> Phone {
        self.start();
        self.on_the_phone(typed)
    }

    /// A person who goes through all of the page.
    pub(crate) fn on_the_phone(self, typed: bool) -> Phone {
        let user_code = self.user_code.clone();
        let target = if typed {
            self.kind.page.to_owned()
        } else {
            self.complete.clone().unwrap()
        };
        let mut phone = Phone::open(self, &target);
        phone.walk(&user_code);
        phone
    }

    /// Start, approve, poll: the token answer.
    pub(crate) fn sign_in(&mut self) -> Response {
        self.start();
        self.approve();
        self.wait(5);
        self.poll()
    }

    pub(crate) fn wait(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }
}

impl Phone {
    /// Fills in one form after the other, as a person does whose device shows this code: to the end, or to an error.
    pub(crate) fn walk(&mut self, user_code: &str) {
        for _ in 0..5 {
            let html = self.page.text();
            if html.contains("role=\"alert\"") || !html.contains("<form ") {
                return;
            }
            if html.contains("name=\"password\"") {
                self.submit(&JANE);
            } else if html.contains("name=\"decision\"") {
                self.submit(&[("decision", "approve")]);
            } else {
                let name = attribute(&html, "<input class=\"code\"", "name").expect("a field for the code");
                self.submit(&[(&name, user_code)]);
            }
        }
        panic!("too many forms");
    }
}

/// What an answer says to a device: the error code, or `tokens`.
pub(crate) fn heard(answer: &Response) -> String {
    let body = answer.json();
    match body["error"].as_str() {
        Some(error) => error.to_owned(),
        None if body["access_token"].is_string() => "tokens".to_owned(),
        None => format!("{} {}", answer.status, answer.text()),
    }
}

/// The header and the claims of the ID token in a token answer.
pub(crate) fn id_token(answer: &Response) -> (Value, Value) {
    let body = answer.json();
    let mut parts = body["id_token"].as_str().unwrap().split('.');
    let mut part = || serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap()).unwrap();
    (part(), part())
}
