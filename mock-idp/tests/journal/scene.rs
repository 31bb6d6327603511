//! A host, its journal, and one device of client `tv`.

use std::sync::Arc;
use std::time::Duration;

use mock_idp::{Idp, Instant, Journal, Product, Request, Response, Rs256Signer, Setup, Switch, Verdict};

pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A host, its journal, and one device.
pub(crate) struct Scene {
    pub(crate) idp: Idp,
    pub(crate) journal: Journal,
    pub(crate) now: Instant,
    pub(crate) device: String,
    pub(crate) token: String,
    pub(crate) device_code: String,
    pub(crate) user_code: String,
}

pub(crate) fn scene(product: Product) -> Scene {
    let mut idp = Idp::new(product, Setup::demo(Arc::new(Rs256Signer::test_only().unwrap())));
    let now = Instant::from_seconds(1_767_225_600);
    let issuer = idp.issuers("").remove(0).1;
    let discovery = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
    let metadata = idp
        .handle(now, &Request::get(&discovery).with("Host", "id.example"))
        .json();
    let path = |member: &str| {
        let url = metadata[member].as_str().unwrap();
        url.strip_prefix("http://id.example").unwrap().to_owned()
    };
    Scene {
        idp,
        journal: Journal::default(),
        now,
        device: path("device_authorization_endpoint"),
        token: path("token_endpoint"),
        device_code: String::new(),
        user_code: String::new(),
    }
}

impl Scene {
    pub(crate) fn send_to(&mut self, host: &str, request: Request) -> Response {
        let request = request.with("Host", host);
        let exchange = self.idp.exchange(self.now, &request);
        self.journal.record(self.now, request, &exchange);
        exchange.response
    }

    pub(crate) fn send(&mut self, request: Request) -> Response {
        self.send_to("id.example", request)
    }

    pub(crate) fn start(&mut self) {
        let fields = [("client_id", "tv"), ("scope", "openid offline_access")];
        let answer = self.send(Request::form(&self.device, &fields)).json();
        let text = |name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        self.device_code = text("device_code");
        self.user_code = text("user_code");
    }

    pub(crate) fn poll_request(&self, device_code: &str) -> Request {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", DEVICE_CODE),
            ("device_code", device_code),
        ];
        Request::form(&self.token, &fields)
    }

    pub(crate) fn poll_after(&mut self, seconds: f64) -> Response {
        self.now = self.now + Duration::from_secs_f64(seconds);
        let request = self.poll_request(&self.device_code);
        self.send(request)
    }

    pub(crate) fn approve(&mut self) {
        let user_code = self.user_code.clone();
        self.idp.approve(self.now, &user_code, None).unwrap();
    }

    pub(crate) fn refresh(&mut self, refresh_token: &str) -> Response {
        let fields = [
            ("client_id", "tv"),
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
        ];
        self.send(Request::form(&self.token, &fields))
    }

    pub(crate) fn switch_on(&self, id: &str) {
        self.idp.faults().switch_on(id, Switch::default()).unwrap();
    }

    pub(crate) fn switch_on_as(&self, id: &str, variant: &str) {
        let variant = Some(variant.to_owned());
        let switch = Switch {
            variant,
            ..Switch::default()
        };
        self.idp.faults().switch_on(id, switch).unwrap();
    }

    /// Switches a script of one step on.
    pub(crate) fn run(&self, step: &serde_json::Value) {
        let script = serde_json::json!({ "steps": [step] });
        self.idp.faults().run(serde_json::from_value(script).unwrap()).unwrap();
    }

    pub(crate) fn verdict(&self) -> Verdict {
        let verdicts = self.journal.verdicts();
        verdicts.into_iter().find(|verdict| verdict.client_id == "tv").unwrap()
    }

    /// The rules that client `tv` broke.
    pub(crate) fn rules(&self) -> Vec<&'static str> {
        self.verdict().findings.iter().map(|finding| finding.rule).collect()
    }
}
