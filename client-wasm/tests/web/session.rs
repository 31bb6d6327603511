//! What comes after the sign-in: who is greeted, who gets tokens, and how it ends.

use core::task::{Context, Waker};
use std::cell::RefCell;
use std::rc::Rc;

use client_wasm::{Lock, Page, Scene, Setup, Store, Visit};
use device_flow::View;
use device_flow::session::{Revocation, SessionEnd};
use js_sys::Promise;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::Request;

use crate::fake::{Network, json, no_answer, oversleep, turn, until};
use crate::store::tamper;

const CONFIG: &str = r#"{"client_id":"tv","scope":"read","device_authorization_endpoint":"https://id.example/device",
    "token_endpoint":"https://id.example/token","revocation_endpoint":"https://id.example/revoke",
    "end_session_endpoint":"https://id.example/logout"}"#;

/// RFC 8628 section 3.2, RFC 6749 sections 5.1 and 5.2.
const CODE: &str =
    r#"{"device_code":"d","user_code":"WDJB-MJHT","verification_uri":"https://id.example/d","expires_in":1800}"#;

fn tokens(number: usize) -> String {
    format!(r#"{{"access_token":"a{number}","token_type":"Bearer","expires_in":3600,"refresh_token":"r{number}"}}"#)
}

/// A server at which everybody is approved; every token response has the next number.
fn server() -> Network {
    let count = RefCell::new(0);
    Network::answering(move |request| answer(request, &count))
}

fn answer(request: &Request, count: &RefCell<usize>) -> Promise {
    let url = request.url();
    if url.ends_with("/device") {
        json(200, CODE)
    } else if url.ends_with("/token") {
        *count.borrow_mut() += 1;
        json(200, &tokens(*count.borrow()))
    } else {
        json(200, "")
    }
}

struct Tab {
    visit: Visit,
    scenes: Rc<RefCell<Vec<Scene>>>,
}

impl Tab {
    fn open(store: Option<Store>) -> Self {
        let config = Setup::read(Some(CONFIG), &Page::default()).config.unwrap();
        let scenes = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&scenes);
        let visit = Visit::new(config, store, move |scene| seen.borrow_mut().push(scene));
        Self { visit, scenes }
    }

    /// Signs in, by a set that sleeps through the first interval.
    async fn sign_in(&self) {
        self.visit.start();
        self.wait_for("a code", |scene| matches!(scene, Scene::SignIn(View::Code(_))))
            .await;
        let wake = oversleep(60_000);
        self.visit.wake();
        wake.call0(&JsValue::NULL).unwrap();
        self.wait_for("the greeting", |scene| matches!(scene, Scene::SignedIn { .. }))
            .await;
    }

    #[track_caller]
    fn wait_for(&self, what: &'static str, is_it: impl Fn(&Scene) -> bool) -> impl Future<Output = ()> {
        let scenes = Rc::clone(&self.scenes);
        until(what, move || scenes.borrow().last().is_some_and(&is_it))
    }

    /// What is handed out for a token so far.
    fn wish(&self) -> Rc<RefCell<Vec<Option<String>>>> {
        let granted = Rc::new(RefCell::new(Vec::new()));
        let slot = Rc::clone(&granted);
        let session = self.visit.session().expect("somebody is signed in");
        session.access_token(move |token| {
            slot.borrow_mut().push(token.map(|token| token.expose().to_owned()));
        });
        granted
    }

    /// How the session ended, each time that was told anew.
    fn ends(&self) -> Vec<SessionEnd> {
        let mut ends: Vec<_> = self.scenes.borrow().iter().filter_map(end).collect();
        ends.dedup();
        ends
    }
}

fn end(scene: &Scene) -> Option<SessionEnd> {
    match scene {
        Scene::Start(Some(farewell)) => Some(farewell.end.clone()),
        _ => None,
    }
}

fn is_over(scene: &Scene) -> bool {
    end(scene).is_some()
}

fn refused_token(tab: &Tab, token: &str) {
    let session = tab.visit.session().expect("somebody is signed in");
    session.refused(device_flow::AccessToken::new(token));
}

#[wasm_bindgen_test]
async fn the_host_gets_a_token_when_it_asks_and_another_when_that_was_refused() {
    let network = server();
    let tab = Tab::open(None);
    tab.sign_in().await;
    assert_eq!(*tab.wish().borrow(), [Some("a1".to_owned())]);
    refused_token(&tab, "a1");
    let wish = tab.wish();
    assert_eq!(*wish.borrow(), [], "the refused one is not handed out again");
    until("another token", || !wish.borrow().is_empty()).await;
    assert_eq!(*wish.borrow(), [Some("a2".to_owned())]);
    assert_eq!(network.count(), 3);
}

#[wasm_bindgen_test]
async fn a_revoked_session_ends_once_and_leaves_nothing() {
    let store = Store::of("/revoked/").unwrap();
    let count = RefCell::new(0);
    let _network = Network::answering(move |request| {
        if *count.borrow() > 0 {
            return json(400, r#"{"error":"invalid_grant"}"#);
        }
        answer(request, &count)
    });
    let tab = Tab::open(Some(store.clone()));
    tab.sign_in().await;
    wait_until_kept(&store).await;
    refused_token(&tab, "a1");
    let wish = tab.wish();
    tab.wait_for("the end", is_over).await;
    assert_eq!(*wish.borrow(), [None], "whoever waited is told");
    assert_eq!(
        tab.ends().iter().map(SessionEnd::code).collect::<Vec<_>>(),
        ["invalid_grant"]
    );
    assert_eq!(store.read().await, Ok(None));
}

async fn wait_until_kept(store: &Store) {
    for _ in 0..200 {
        if store.read().await.unwrap().is_some() {
            return;
        }
    }
    panic!("never kept");
}

#[wasm_bindgen_test]
async fn a_sign_out_takes_both_tokens_back_and_offers_the_way_to_the_server() {
    let network = server();
    let tab = Tab::open(None);
    tab.sign_in().await;
    tab.visit.sign_out();
    assert_eq!(tab.scenes.borrow().last(), Some(&Scene::SignOut));
    tab.visit.home();
    assert!(matches!(tab.scenes.borrow().last(), Some(Scene::SignedIn { .. })));
    assert_eq!(network.count(), 2, "a question takes nothing back");
    tab.visit.sign_out();
    tab.visit.sign_out();
    assert_eq!(tab.scenes.borrow().last(), Some(&Scene::SigningOut));
    tab.wait_for("the end", is_over).await;
    assert_eq!(tab.ends(), [SessionEnd::SignedOut(Revocation::Done)]);
    // RFC 7009 section 2.1: the refresh token first, then the access token.
    assert_eq!(network.request(2).url(), "https://id.example/revoke");
    assert_eq!(network.request(3).url(), "https://id.example/revoke");
    assert_eq!(network.count(), 4);
    tab.visit.end_session();
    let scene = tab.scenes.borrow().last().cloned();
    let Some(Scene::EndSession(url)) = scene else {
        panic!("{scene:?}")
    };
    assert_eq!(url.expose(), "https://id.example/logout?client_id=tv");
    tab.visit.home();
    assert_eq!(tab.scenes.borrow().last(), Some(&Scene::Start(None)));
}

#[wasm_bindgen_test]
async fn who_is_kept_is_greeted_again_until_they_sign_out() {
    let _network = server();
    let store = Store::of("/kept/").unwrap();
    let tab = Tab::open(Some(store.clone()));
    tab.sign_in().await;
    wait_until_kept(&store).await;
    drop(tab);
    let tab = Tab::open(Some(store.clone()));
    tab.wait_for("the greeting", |scene| matches!(scene, Scene::SignedIn { .. }))
        .await;
    assert_eq!(*tab.wish().borrow(), [Some("a1".to_owned())]);
    tab.visit.sign_out();
    tab.visit.sign_out();
    tab.wait_for("the end", is_over).await;
    assert_eq!(store.read().await, Ok(None));
    let tab = Tab::open(Some(store));
    let turns = RefCell::new(0);
    until("some turns", || turns.replace_with(|turns| *turns + 1) > 50).await;
    assert!(tab.visit.session().is_none());
}

#[wasm_bindgen_test]
async fn a_session_whose_record_cannot_be_read_goes_on_and_is_kept_again() {
    let _network = server();
    let store = Store::of("/damaged/").unwrap();
    let tab = Tab::open(Some(store.clone()));
    tab.sign_in().await;
    wait_until_kept(&store).await;
    JsFuture::from(tamper("device-login /damaged/", "changed"))
        .await
        .unwrap();
    refused_token(&tab, "a1");
    let wish = tab.wish();
    until("a token or an end", || !wish.borrow().is_empty()).await;
    assert_eq!(*wish.borrow(), [Some("a2".to_owned())]);
    assert_eq!(tab.ends(), []);
    drop(tab);
    let tab = Tab::open(Some(store));
    tab.wait_for("the greeting", |scene| matches!(scene, Scene::SignedIn { .. }))
        .await;
}

#[wasm_bindgen_test]
async fn what_another_configuration_has_kept_is_removed() {
    let store = Store::of("/foreign/").unwrap();
    let record = r#"{"version":1,"client_id":"radio","access_token":"a","token_type":"Bearer"}"#;
    store.keep(&device_flow::SessionRecord::new(record)).await.unwrap();
    let tab = Tab::open(Some(store.clone()));
    for _ in 0..200 {
        if store.read().await.unwrap().is_none() {
            break;
        }
    }
    assert_eq!(store.read().await, Ok(None));
    assert!(tab.visit.session().is_none());
}

#[wasm_bindgen_test]
async fn a_tab_that_is_woken_while_it_takes_the_lock_keeps_it() {
    let store = Store::of("/woken/").unwrap();
    let count = RefCell::new(0);
    let network = Network::answering(move |request| {
        // The refresh takes its time.
        if *count.borrow() > 0 {
            no_answer()
        } else {
            answer(request, &count)
        }
    });
    let tab = Tab::open(Some(store.clone()));
    tab.sign_in().await;
    wait_until_kept(&store).await;
    refused_token(&tab, "a1");
    until("the refresh", || {
        tab.visit.wake();
        network.count() == 3
    })
    .await;
    let mut another = Box::pin(Lock::of(&store));
    for _ in 0..50 {
        let mut context = Context::from_waker(Waker::noop());
        assert!(another.as_mut().poll(&mut context).is_pending());
        turn().await;
    }
}
