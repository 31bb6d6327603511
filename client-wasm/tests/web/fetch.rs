//! `fetch`: one cause for each way to fail, and an end to requests that nobody wants any more.

use client_wasm::{Page, Setup, Shell, fetch};
use device_flow::{Input, MAX_BODY_BYTES, TransportError, View};
use js_sys::Promise;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Request;

use crate::fake::{Network, hurry, json, later, no_answer, rejected, until};

const CONFIG: &str = r#"{"issuer":"https://server.example.com","client_id":"1406020730"}"#;

/// The first request of a sign-in: metadata.
fn request() -> device_flow::HttpRequest {
    let config = Setup::read(Some(CONFIG), &Page::default()).config.unwrap();
    let step = device_flow::Flow::new(config).step(device_flow::Instant::default(), Input::Start);
    match step.ask {
        Some((_, device_flow::Ask::Http(request))) => request,
        other => panic!("{other:?}"),
    }
}

async fn check(answer: impl Fn(&Request) -> Promise + 'static, expected: Result<(u16, &str), TransportError>) {
    let _network = Network::answering(answer);
    let answer = fetch::send(request()).await;
    let answer = answer
        .as_ref()
        .map(|response| (response.status, std::str::from_utf8(&response.body).unwrap()));
    assert_eq!(answer, expected.as_ref().map(|answer| *answer));
}

fn shell() -> (Shell, Rc<RefCell<View>>) {
    let config = Setup::read(Some(CONFIG), &Page::default()).config.unwrap();
    let view = Rc::new(RefCell::new(View::Idle));
    let shown = Rc::clone(&view);
    (Shell::new(config, move |view| *shown.borrow_mut() = view), view)
}

#[wasm_bindgen_test]
async fn an_answer_is_handed_over_whole() {
    check(|_| json(400, "{\"error\":\"x\"}"), Ok((400, "{\"error\":\"x\"}"))).await;
}

#[wasm_bindgen_test]
async fn a_request_carries_no_cookies_and_follows_no_redirect() {
    let network = Network::answering(|_| json(200, "{}"));
    fetch::send(request()).await.unwrap();
    let sent = network.request(0);
    assert_eq!(sent.credentials(), web_sys::RequestCredentials::Omit);
    assert_eq!(sent.redirect(), web_sys::RequestRedirect::Manual);
    assert_eq!(sent.cache(), web_sys::RequestCache::NoCache);
    assert_eq!(sent.method(), "GET");
    assert_eq!(
        sent.headers().get("accept").unwrap().as_deref(),
        Some("application/json")
    );
}

#[wasm_bindgen_test]
async fn a_server_that_refuses_this_origin_is_told_from_one_that_is_not_there() {
    // X-60: the probe gets through where CORS refuses.
    let is_probe = |request: &Request| request.mode() == web_sys::RequestMode::NoCors;
    check(
        move |request| if is_probe(request) { json(200, "") } else { rejected() },
        Err(TransportError::CrossOriginRefused),
    )
    .await;
    check(|_| rejected(), Err(TransportError::Unreachable)).await;
}

#[wasm_bindgen_test]
async fn an_answer_that_is_too_long_is_not_read_to_its_end() {
    let body = |length| "x".repeat(length);
    check(
        move |_| json(200, &body(MAX_BODY_BYTES + 1)),
        Err(TransportError::BodyTooLarge),
    )
    .await;
    let longest = body(MAX_BODY_BYTES);
    let expected = longest.clone();
    check(move |_| json(200, &longest), Ok((200, &expected))).await;
}

#[wasm_bindgen_test]
async fn silence_ends_in_a_timeout_and_an_abort() {
    let network = Network::answering(|_| no_answer());
    let restore = hurry(u32::try_from(fetch::TIMEOUT.as_millis()).unwrap());
    let answer = fetch::send(request()).await;
    restore.call0(&JsValue::NULL).unwrap();
    assert_eq!(answer.err(), Some(TransportError::TimedOut));
    assert!(network.request(0).signal().aborted());
}

#[wasm_bindgen_test]
async fn cancelling_aborts_the_request() {
    let network = Network::answering(|_| no_answer());
    let (shell, view) = shell();
    shell.input(Input::Start);
    until("a request", || network.count() == 1).await;
    assert!(!network.request(0).signal().aborted());
    shell.input(Input::Cancel);
    assert!(network.request(0).signal().aborted());
    assert_eq!(*view.borrow(), View::Cancelled);
}

#[wasm_bindgen_test]
async fn a_shell_that_nobody_has_any_more_aborts_its_request() {
    let network = Network::answering(|_| no_answer());
    let (shell, _) = shell();
    shell.input(Input::Start);
    until("a request", || network.count() == 1).await;
    drop(shell);
    assert!(network.request(0).signal().aborted());
}

#[wasm_bindgen_test]
async fn an_answer_after_the_end_changes_nothing() {
    let (promise, resolve) = later();
    let network = Network::answering(move |_| promise.clone());
    let (shell, view) = shell();
    shell.input(Input::Start);
    until("a request", || network.count() == 1).await;
    shell.input(Input::Cancel);
    resolve.call1(&JsValue::NULL, &json(503, "")).unwrap();
    // Long enough for the answer to be read, had anybody wanted it.
    let turns = RefCell::new(0);
    until("some turns", || turns.replace_with(|turns| *turns + 1) > 20).await;
    assert_eq!(*view.borrow(), View::Cancelled);
    assert_eq!(network.count(), 1);
}
