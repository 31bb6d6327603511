//! Laws of the intake: whatever arrives, there is an answer, and it is a sound one.

use mock_idp::{BlankSigner, Faults, Idp, Instant, Journal, Product, Request, Script, Setup, catalogue};
use proptest::prelude::*;
use std::sync::Arc;

const NAMES: [&str; 15] = [
    "client_id",
    "client_secret",
    "code",
    "device_code",
    "form_token",
    "grant_type",
    "id_token_hint",
    "password",
    "post_logout_redirect_uri",
    "refresh_token",
    "scope",
    "state",
    "token",
    "user_code",
    "username",
];
const VALUES: [&str; 9] = [
    "",
    "tv",
    "jane",
    "password",
    "openid offline_access",
    "urn:ietf:params:oauth:grant-type:device_code",
    "refresh_token",
    "{device_code}",
    "{user_code}",
];
const HEADERS: [&str; 9] = [
    "accept",
    "authorization",
    "content-type",
    "cookie",
    "dpop",
    "host",
    "origin",
    "x-forwarded-for",
    "x-forwarded-proto",
];

type Fields = Vec<(String, String)>;

/// A request, the fields of its body if that is a form, and how many seconds it comes after the one before.
type Sent = (Request, Fields, u64);

fn setup() -> Setup {
    Setup::demo(Arc::new(BlankSigner::new()))
}

/// A path of the product, or nearly one.
fn path(paths: Vec<String>) -> impl Strategy<Value = String> {
    prop_oneof![8 => prop::sample::select(paths), 1 => "/[ -~]{0,40}", 1 => any::<String>()]
}

fn fields() -> impl Strategy<Value = Fields> {
    let name = prop_oneof![9 => prop::sample::select(&NAMES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    let value = prop_oneof![9 => prop::sample::select(&VALUES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    prop::collection::vec((name, value), 0..6)
}

fn body() -> impl Strategy<Value = Result<Fields, Vec<u8>>> {
    prop_oneof![4 => fields().prop_map(Ok), 1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Err)]
}

fn request(paths: Vec<String>) -> impl Strategy<Value = (Request, Fields)> {
    let method =
        prop_oneof![6 => Just("POST"), 3 => Just("GET"), 1 => Just("OPTIONS"), 1 => Just("HEAD"), 1 => Just("BREW")];
    let header = (prop::sample::select(&HEADERS[..]), any::<String>());
    let headers = prop::collection::vec(header, 0..4);
    (method, path(paths), fields(), body(), headers).prop_map(|(method, path, query, body, headers)| {
        let mut request = Request::form(&path, &[]);
        method.clone_into(&mut request.method);
        if !query.is_empty() {
            request.target += "?";
            request.target += &encoded(&query);
        }
        for (name, value) in headers {
            request = request.with(name, &value);
        }
        let (fields, bytes) = body.map_or_else(|bytes| (Vec::new(), bytes), |fields| (fields, Vec::new()));
        request.body = bytes;
        (request, fields)
    })
}

fn encoded(fields: &Fields) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn product() -> impl Strategy<Value = Product> {
    prop::sample::select(&Product::ALL[..])
}

fn story() -> impl Strategy<Value = (Product, Vec<Sent>)> {
    product().prop_flat_map(|product| {
        let paths = Idp::new(product, setup()).paths();
        let steps = request(paths.iter().map(|path| path.replace("{id}", "default")).collect());
        let steps = (steps, 0..100_u64).prop_map(|((request, fields), wait)| (request, fields, wait));
        (Just(product), prop::collection::vec(steps, 1..12))
    })
}

proptest! {
    #[test]
    fn whatever_arrives_is_answered_and_noted((product, steps) in story(), scenario in 0..catalogue().len()) {
        let mut idp = Idp::new(product, setup());
        let mut journal = Journal::default();
        let mut now = Instant::from_seconds(1_767_225_600);
        idp.faults().switch_on(&catalogue()[scenario].id, mock_idp::Switch::default()).unwrap();
        let mut codes = (String::new(), String::new());
        for (mut request, fields, wait) in steps {
            now = now + std::time::Duration::from_secs(wait);
            if !fields.is_empty() {
                let filled: Vec<_> = fields
                    .into_iter()
                    .map(|(name, value)| {
                        (name, value.replace("{device_code}", &codes.0).replace("{user_code}", &codes.1))
                    })
                    .collect();
                request.body = encoded(&filled).into_bytes();
            }
            let exchange = idp.exchange(now, &request);
            prop_assert!((200..600).contains(&exchange.response.status));
            let entry = journal.record(now, request, &exchange).unwrap();
            prop_assert!(serde_json::to_string(&entry.shown()).is_ok());
            let answer = exchange.response.json();
            if let (Some(device), Some(user)) = (answer["device_code"].as_str(), answer["user_code"].as_str()) {
                codes = (device.to_owned(), user.to_owned());
                if wait % 2 == 0 {
                    let _ = idp.approve(now, user, None);
                }
            }
        }
        prop_assert!(serde_json::to_string(&journal.verdicts()).is_ok());
    }

    #[test]
    fn a_script_is_refused_or_runs(text in r#"\{"steps":\[\{("(endpoint|when|delay|request|ending|change|answer|then)":("token"|"reset"|[0-9]{1,3}|\{"status":[0-9]{3}\}|null),?){1,3}\}\]\}"#) {
        if let Ok(script) = serde_json::from_str::<Script>(&text) {
            let faults = Faults::default();
            let _ = faults.run(script);
            prop_assert!(faults.active().len() <= 1);
        }
    }
}
