//! The end session endpoint (OpenID Connect RP-Initiated Logout 1.0).

use crate::phone::{JANE, Phone};
use crate::support::{ALL_SCOPES, Bench};
use mock_idp::{Request, Setup};

/// Registered by client `tv`.
const BACK: &str = "https://tv.example/signed-out?from=tv";

fn registered(setup: &mut Setup) {
    setup.clients[0].post_logout_redirect_uris.push(BACK.to_owned());
}

/// Jane, signed in on her phone, and the ID token of a television of hers.
fn signed_in(mut bench: Bench) -> (Phone, String) {
    let id_token = bench.sign_in(ALL_SCOPES).json()["id_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let page = bench.paths().page;
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, page);
    if page == "/activate" {
        phone.submit(&[("user_code", &code)]);
    }
    phone.submit(&JANE);
    assert!(is_signed_in(&mut phone));
    (phone, id_token)
}

/// Whether the phone's browser has Jane's session.
fn is_signed_in(phone: &mut Phone) -> bool {
    let code = phone.bench.start("openid").user_code;
    let page = phone.bench.paths().page;
    let parameter = if page == "/activate" { "user_code" } else { "code" };
    phone.visit(Request::get(&format!("{page}?{parameter}={code}")));
    phone.page.text().contains("Signed in as Jane Doe")
}

fn query(fields: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(fields).finish()
}

/// Sends one request without following where it leads: status and `Location`.
fn ask(phone: &mut Phone, request: Request) -> (u16, String) {
    let cookie = phone.cookie.clone().unwrap();
    phone.page = phone.bench.send(request.with("Cookie", &cookie));
    if let Some(cookie) = phone.page.header("set-cookie") {
        phone.cookie = cookie.split(';').next().map(str::to_owned);
    }
    let location = phone.page.header("location").unwrap_or_default();
    (phone.page.status, location.to_owned())
}

/// O-133: the org's and the custom server's.
fn okta() -> [(Bench, &'static str); 2] {
    [
        (Bench::okta_org().with(registered), "/oauth2/v1/logout"),
        (Bench::okta().with(registered), "/oauth2/default/v1/logout"),
    ]
}

#[test]
fn okta_ends_the_session_and_leads_to_its_sign_in() {
    for (bench, path) in okta() {
        let (mut phone, hint) = signed_in(bench);
        let request = Request::get(&format!("{path}?{}", query(&[("id_token_hint", &hint)])));
        assert_eq!(ask(&mut phone, request), (302, "/login/login.htm".to_owned()));
        phone.visit(Request::get("/login/login.htm"));
        phone.sees("name=\"password\"");
        assert!(!is_signed_in(&mut phone));
    }
}

#[test]
fn okta_leads_back_to_the_client_with_the_state() {
    for (bench, path) in okta() {
        let (mut phone, hint) = signed_in(bench);
        let fields = [
            ("id_token_hint", hint.as_str()),
            ("post_logout_redirect_uri", BACK),
            ("state", "a b&c"),
        ];
        let there = format!("{BACK}&state=a%20b%26c");
        assert_eq!(ask(&mut phone, Request::form(path, &fields)), (302, there.clone()));
        assert!(!is_signed_in(&mut phone));
        // OK-REF: without a session it has no effect, and leads on all the same.
        let again = Request::get(&format!("{path}?{}", query(&fields)));
        assert_eq!(ask(&mut phone, again), (302, there));
    }
}

#[test]
fn okta_shows_an_error_page_and_keeps_the_session_otherwise() {
    for (bench, path) in okta() {
        let (mut phone, hint) = signed_in(bench);
        let others = signed_in(Bench::authentik()).1;
        let forged = format!("{}AAAA", &hint[..hint.len() - 4]);
        let wrong: [(&[(&str, &str)], &str); 5] = [
            (&[], "id_token_hint"),
            (&[("id_token_hint", "x.y.z")], "id_token_hint"),
            (&[("id_token_hint", &forged)], "id_token_hint"),
            (&[("id_token_hint", &others)], "id_token_hint"),
            (
                &[
                    ("id_token_hint", &hint),
                    ("post_logout_redirect_uri", "https://elsewhere.example/?<b>"),
                ],
                "https://elsewhere.example/?&lt;b&gt;",
            ),
        ];
        for (fields, text) in wrong {
            let (status, _) = ask(&mut phone, Request::get(&format!("{path}?{}", query(fields))));
            assert_eq!(status, 400, "{fields:?}");
            assert_eq!(phone.page.header("content-type"), Some("text/html; charset=utf-8"));
            phone.sees(text);
        }
        assert!(is_signed_in(&mut phone));
        phone.bench.wait(3600);
        let late = Request::get(&format!("{path}?{}", query(&[("id_token_hint", &hint)])));
        assert_eq!(ask(&mut phone, late).0, 400); // "invalid or expired"
    }
}

#[test]
fn a_hint_of_somebody_else_ends_nobody_s_session() {
    let mut bench = Bench::okta().with(|setup| {
        let mut john = setup.users[0].clone();
        john.username = "john".to_owned();
        setup.users.push(john);
    });
    let started = bench.start("openid");
    bench.idp.approve(bench.now, &started.user_code, Some("john")).unwrap();
    let tokens = bench.poll(&started.device_code).json();
    let hint = tokens["id_token"].as_str().unwrap();
    let mut phone = signed_in(bench).0;
    let request = Request::get(&format!(
        "/oauth2/default/v1/logout?{}",
        query(&[("id_token_hint", hint)])
    ));
    assert_eq!(ask(&mut phone, request).0, 400);
    assert!(is_signed_in(&mut phone));
}

const AUTHENTIK: &str = "/application/o/tv/end-session/";
const FLOW: &str = "/if/flow/default-invalidation-flow/";

#[test]
fn authentik_leads_to_the_flow_that_ends_the_session() {
    for bench in [Bench::authentik_2025_6(), Bench::authentik(), Bench::authentik_2026_5()] {
        let (mut phone, _) = signed_in(bench);
        assert_eq!(ask(&mut phone, Request::get(AUTHENTIK)), (302, FLOW.to_owned()));
        phone.visit(Request::get(FLOW));
        phone.sees("You&#39;ve logged out");
        assert!(!is_signed_in(&mut phone));
    }
}

#[test]
fn authentik_leads_back_from_2026_5_on_and_only_where_it_is_registered() {
    let elsewhere = "https://elsewhere.example/";
    let back = query(&[("post_logout_redirect_uri", BACK), ("state", "1")]);
    let wrong = query(&[("post_logout_redirect_uri", elsewhere)]);
    let end = |bench: Bench, query: &str| {
        let (mut phone, _) = signed_in(bench);
        let (_, flow) = ask(&mut phone, Request::get(&format!("{AUTHENTIK}?{query}")));
        assert_eq!(flow, format!("{FLOW}?{query}"));
        let location = ask(&mut phone, Request::get(&flow)).1;
        assert!(!is_signed_in(&mut phone));
        location
    };
    let there = format!("{BACK}&state=1");
    assert_eq!(end(Bench::authentik_2026_5().with(versioned), &back), there);
    assert_eq!(end(Bench::authentik_2026_5().with(versioned), &wrong), "");
    assert_eq!(end(Bench::authentik().with(registered), &back), "");

    // By a form as well, and not before.
    let form = Request::form(AUTHENTIK, &[("post_logout_redirect_uri", BACK), ("state", "1")]);
    let (mut phone, _) = signed_in(Bench::authentik_2026_5().with(versioned));
    let (_, flow) = ask(&mut phone, form.clone());
    assert_eq!(ask(&mut phone, Request::get(&flow)), (302, there));
    let (mut phone, _) = signed_in(Bench::authentik());
    assert_eq!(ask(&mut phone, form).0, 405);
}

fn versioned(setup: &mut Setup) {
    setup.authentik_version = mock_idp::AuthentikVersion::V2026_5;
    registered(setup);
}

#[test]
fn authentik_asks_to_sign_in_before_anybody_is_signed_out() {
    // goauthentik/authentik#24012
    let target = "/flows/-/default/authentication/?next=/application/o/tv/end-session/%3Fstate%3D1";
    let answer = Bench::authentik().get(&format!("{AUTHENTIK}?state=1"));
    assert_eq!((answer.status, answer.header("location")), (302, Some(target)));
}

#[test]
fn an_ended_session_leaves_the_tokens_alone() {
    let mut bench = Bench::okta();
    let tokens = bench.sign_in(ALL_SCOPES).json();
    let hint = tokens["id_token"].as_str().unwrap();
    let path = format!("/oauth2/default/v1/logout?{}", query(&[("id_token_hint", hint)]));
    assert_eq!(bench.get(&path).status, 302);
    let token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(bench.refresh(&[("refresh_token", token)]).status, 200);
}
