//! Sign-ins at every kind of server, from the person's first key to the greeting; `stories.rs` has those of the set.

use std::net::TcpListener;

use serde_json::{Value, json};
use tests::Program;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::peer::Peer;
use crate::phone::Phone;
use crate::television::Television;

/// The whole story: OK, scan, approve, greeting.
#[track_caller]
pub(crate) fn signs_in(url: &str, picture: Option<&str>) {
    let mut tv = Television::showing(url);
    if let Some(name) = picture {
        tv.wait_for_screen("idle");
        tv.picture(&format!("{name}-idle"));
    }
    tv.ask_for_a_code();
    if let Some(name) = picture {
        tv.picture(&format!("{name}-code"));
    }
    let mut phone = Phone::opens(&tv.scan());
    phone.approve();
    tv.wait_for_screen("signed-in");
    assert_eq!(tv.text_of("[data-name]"), "Jane Doe");
    if let Some(name) = picture {
        tv.picture(&format!("{name}-signed-in"));
    }
    tv.assert_no_errors();
}

#[test]
fn the_page_signs_in_at_a_custom_authorization_server_of_okta() {
    let room = LivingRoom::new();
    signs_in(&room.page_for(&room.mock.issuer("okta-custom-as")), None);
}

#[test]
fn the_page_signs_in_at_authentik_through_a_same_origin_proxy() {
    let room = LivingRoom::new();
    signs_in(&room.page_for(&room.authentik_behind_the_page()), Some("authentik"));
}

#[test]
fn the_page_signs_in_where_nothing_but_the_rfcs_holds() {
    let room = LivingRoom::new();
    signs_in(&room.page_for(&room.mock.issuer("rfc")), Some("rfc"));
}

#[test]
fn the_page_signs_in_at_a_server_the_project_did_not_write() {
    let (room, peer) = (LivingRoom::new(), Peer::oidc_provider());
    signs_in(&room.page_for(&peer.issuer), None);
}

#[test]
fn the_terminal_signs_in_at_a_server_the_project_did_not_write() {
    let peer = Peer::oidc_provider();
    let mut program = Program::start(&["--issuer", &peer.issuer, "--client-id", "tv", "--json"]);
    let user_code = program.wait_for_code();
    Phone::opens(&format!("{}/device?user_code={user_code}", peer.issuer)).approve();
    let end = program.end();
    assert_eq!(end.exit_code, 0, "{}", end.for_people);
    assert!(end.for_people.contains("Hello, Jane Doe."), "{}", end.for_people);
}

#[test]
fn the_code_stands_in_the_text_as_the_server_sent_it() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    assert_eq!(
        room.mock.grants().last().map(|grant| grant.user_code.clone()),
        Some(user_code)
    );
}

#[test]
fn authentik_called_directly_is_explained() {
    // its device endpoint answers no page of another origin.
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page_for(&room.mock.issuer("authentik")));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "cross_origin_refused");
    assert!(tv.page.text().contains("same origin"), "{}", tv.page.text());
    tv.picture("cross-origin-refused");
}

#[test]
fn a_refusal_is_told_with_the_words_of_the_server() {
    // O-54: the native error object of Okta.
    let room = LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "nobody" }));
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "invalid_client");
    assert!(
        tv.page.text().contains("Invalid value for 'client_id' parameter"),
        "{}",
        tv.page.text()
    );
    tv.picture("refused");
}

#[test]
fn a_broken_configuration_is_a_readable_screen() {
    let room = LivingRoom::with(|_, _| json!({ "isuer": "https://id.example", "client_id": "tv" }));
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "config_unreadable");
    assert!(tv.page.text().contains("isuer"), "{}", tv.page.text());
    tv.picture("broken-configuration");
}

#[test]
fn a_server_that_is_not_there_is_told_apart_from_one_that_refuses() {
    let room = LivingRoom::new();
    // Bound and closed again: nobody listens there.
    let address = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port");
    let mut tv = Television::showing(&room.page_for(&format!("http://{address}")));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "unreachable");
    tv.picture("unreachable");
}

/// A page on plain http by a name: no secure context, hence no `WebCrypto`.
fn on_plain_http() -> LivingRoom {
    LivingRoom::at(
        "tv.test",
        |_, origin| json!({ "issuer": format!("{origin}/application/o/tv/"), "client_id": "tv", "allow_insecure_http": true }),
    )
}

#[test]
fn on_plain_http_the_screen_says_that_nobody_vouches() {
    let room = on_plain_http();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    Phone::opens(&tv.scan()).approve();
    tv.wait_for_screen("signed-in");
    assert_eq!(tv.text_of("[data-name]"), "Jane Doe");
    assert!(tv.page.text().contains("could not be verified"), "{}", tv.page.text());
    tv.picture("unverified");
}

#[test]
fn a_link_cannot_name_the_issuer() {
    let room = on_plain_http();
    let mut tv = Television::showing(&room.page_for(&room.mock.issuer("rfc")));
    tv.ask_for_a_code();
    let address = tv.text_of("[data-verification-uri]");
    assert!(address.starts_with("tv.test:"), "{address}");
}

#[test]
fn plain_http_needs_leave() {
    let room = LivingRoom::at("tv.test", |_, origin| json!({ "issuer": origin, "client_id": "tv" }));
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("failed");
    assert_eq!(tv.text_of("[data-failure-code]"), "config_insecure");
}

/// Takes connections and never says a word.
fn silent_server() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    (listener, url)
}

#[test]
fn a_server_that_never_answers_can_be_left() {
    let (_silent, url) = silent_server();
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page_for(&url));
    tv.wait_for_screen("idle");
    tv.press(&keys::OK);
    tv.wait_for_screen("connecting");
    tv.picture("connecting");
    tv.press(&keys::BACK_WEBOS);
    tv.wait_for_screen("idle");
}

#[test]
fn an_approval_is_seen_before_its_token_is_checked() {
    // The keys never come, so the check does not end.
    let (_silent, url) = silent_server();
    let room = LivingRoom::with(|mock, _| {
        let issuer = mock.issuer("rfc");
        let metadata: Value = ureq::get(format!("{issuer}/.well-known/openid-configuration"))
            .call()
            .and_then(|mut answer| answer.body_mut().read_to_string())
            .map(|text| serde_json::from_str(&text).expect("metadata"))
            .expect("the mock answers");
        json!({
            "issuer": issuer,
            "client_id": "tv",
            "device_authorization_endpoint": metadata["device_authorization_endpoint"],
            "token_endpoint": metadata["token_endpoint"],
            "jwks_uri": url,
        })
    });
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("checking");
    tv.picture("checking");
}
