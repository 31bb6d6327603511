//! The person's page, driven as a browser without JavaScript would (section 6.8 of the facts).

use crate::phone::{JANE, Phone};
use crate::support::{Bench, Started, assert_golden};
use mock_idp::{Flows, GrantState, People, Request};

#[test]
fn okta_asks_for_code_then_sign_in_then_consent() {
    // O-145
    let mut bench = Bench::okta();
    let started = bench.start("openid profile");
    let mut phone = Phone::open(bench, "/activate");
    phone.sees("Activate your device"); // O-140
    phone.sees("Activation Code");
    let hyphenated = format!("{}-{}", &started.user_code[..4].to_lowercase(), &started.user_code[4..]);
    phone.submit(&[("user_code", &hyphenated)]); // O-141
    phone.sees("name=\"password\"");
    phone.submit(&JANE);
    phone.sees(&started.user_code); // S-23
    phone.sees("Living Room TV"); // S-24
    phone.sees("See your name");
    phone.sees("value=\"deny\""); // S-74
    phone.submit(&[("decision", "approve")]);
    phone.sees("Device activated"); // O-143
    assert_eq!(phone.bench.poll(&started.device_code).status, 200);
}

#[test]
fn okta_skips_the_code_when_it_came_in_the_address() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/activate?user_code={code}"));
    phone.sees("name=\"password\"");
    phone.submit(&JANE);
    phone.sees(&code);
}

#[test]
fn okta_asks_nobody_for_consent_to_a_client_that_needs_none() {
    // O-145; no other product goes by the client.
    for (bench, target, approves) in [(Bench::okta(), "/activate", true), (Bench::rfc(), "/device", false)] {
        let mut bench = bench.with(|setup| setup.clients[0].implicit_consent = true);
        let started = bench.start("openid");
        let mut phone = Phone::open(bench, &format!("{target}?user_code={}", started.user_code));
        assert_eq!(phone.state(), GrantState::Pending);
        phone.submit(&JANE);
        phone.sees(if approves { "Device activated" } else { "value=\"deny\"" });
        assert_eq!(phone.bench.poll(&started.device_code).status == 200, approves);
    }
}

#[test]
fn okta_turns_somebody_away_before_asking_them() {
    // O-145, O-36; by the access policies too.
    for (assigned, status, file) in [(false, 400, "okta/not_assigned"), (true, 401, "okta/policy_denied")] {
        let mut bench = Bench::okta().with(|setup| {
            setup.clients[0].assigned_to = (!assigned).then(People::default);
            setup.authorization_servers[0].policies.clear();
        });
        let started = bench.start("openid");
        let mut phone = Phone::open(bench, &format!("/activate?user_code={}", started.user_code));
        assert_eq!(phone.state(), GrantState::Pending);
        phone.submit(&JANE);
        phone.sees("Device not activated");
        phone.sees("Your device cannot be activated because of an internal error"); // O-143
        phone.sees("href=\"/activate\"");
        assert_golden(&phone.bench.poll(&started.device_code), status, file);
    }
}

#[test]
fn okta_hears_a_refusal() {
    let mut bench = Bench::okta();
    let started = bench.start("openid");
    let mut phone = Phone::open(bench, &format!("/activate?user_code={}", started.user_code));
    phone.submit(&JANE);
    phone.submit(&[("decision", "deny")]);
    phone.sees("Device not activated");
    phone.sees("href=\"/activate\""); // O-143: try again
    assert_golden(&phone.bench.poll(&started.device_code), 400, "okta/access_denied");
}

#[test]
fn okta_asks_again_after_a_wrong_code() {
    // O-142
    let mut phone = Phone::open(Bench::okta(), "/activate");
    phone.submit(&[("user_code", "BBBBBBBB")]);
    phone.sees("Invalid code. Try again.");
    phone.sees("value=\"BBBBBBBB\"");
}

#[test]
fn a_wrong_password_is_said_and_the_form_stays() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/activate?user_code={code}"));
    phone.submit(&[("username", "jane"), ("password", "guess")]);
    phone.sees("role=\"alert\"");
    phone.sees("value=\"jane\""); // the name need not be typed again
    phone.does_not_see("guess");
    phone.submit(&JANE);
    phone.sees(&code);
}

#[test]
fn authentik_asks_for_sign_in_before_the_code() {
    //
    let mut bench = Bench::authentik();
    let redirect = bench.get("/device?code=019450730");
    assert_eq!(redirect.status, 302);
    let target = "/flows/-/default/authentication/?next=/device%3Fcode%3D019450730";
    assert_eq!(redirect.header("location"), Some(target));

    let started = bench.start("openid profile");
    let mut phone = Phone::open(bench, "/device");
    phone.sees("name=\"password\"");
    phone.submit(&JANE);
    phone.sees("Device Code");
    phone.submit(&[("code", &started.user_code)]);
    phone.sees("You&#39;re about to sign into Living Room TV.");
    phone.does_not_see("value=\"deny\"");
    phone.submit(&[("decision", "approve")]);
    phone.sees("You&#39;ve successfully authenticated your device.");
    assert_eq!(phone.bench.poll(&started.device_code).status, 200);
}

/// Sends a `GET` of somebody who is signed in, without following where it leads: status and `Location`.
fn led(phone: &mut Phone, target: &str) -> (u16, String) {
    let cookie = phone.cookie.clone().unwrap();
    let answer = phone.bench.send(Request::get(target).with("Cookie", &cookie));
    (answer.status, answer.header("location").unwrap_or_default().to_owned())
}

/// Jane, signed in at an authentik with these flows, and the code that her television shows.
fn at_authentik(change: impl FnOnce(&mut Flows)) -> (Phone, Started) {
    let mut bench = Bench::authentik().with(|setup| change(&mut setup.flows));
    let started = bench.start("openid");
    let mut phone = Phone::open(bench, "/flows/-/default/authentication/");
    phone.submit(&JANE);
    (phone, started)
}

const DEVICE_FLOW: &str = "/if/flow/default-device-code-flow/";
const EXPLICIT: &str = "/if/flow/default-provider-authorization-explicit-consent/";
const IMPLICIT: &str = "/if/flow/default-provider-authorization-implicit-consent/";

#[test]
fn authentik_leads_on_to_its_flows() {
    let (mut phone, started) = at_authentik(|_| {});
    let code = &started.user_code;
    assert_eq!(led(&mut phone, "/device"), (302, DEVICE_FLOW.to_owned()));
    let consent = format!("{EXPLICIT}?code={code}");
    assert_eq!(led(&mut phone, &format!("/device?code={code}")), (302, consent));
    assert_eq!(led(&mut phone, "/device?code=1").0, 200);
    assert_eq!(led(&mut phone, &format!("{IMPLICIT}?code={code}")).0, 404);
    assert_eq!(phone.state(), GrantState::Pending);
}

#[test]
fn an_authentik_brand_without_a_device_flow_hands_out_codes_for_a_page_that_is_not_there() {
    //
    let (mut phone, started) = at_authentik(|flows| flows.device_code = false);
    assert_eq!(led(&mut phone, "/device").0, 404);
    assert_eq!(led(&mut phone, &format!("/device?code={}", started.user_code)).0, 404);
    assert_eq!(phone.bench.get("/device").status, 404);
}

#[test]
fn a_device_flow_for_others_only_asks_nobody_else_for_a_code() {
    // A-112; A-113: a good code in the address needs no such flow.
    let (mut phone, started) = at_authentik(|flows| flows.applies_to = Some(People::default()));
    assert_eq!(led(&mut phone, "/device").0, 404);
    assert_eq!(led(&mut phone, DEVICE_FLOW).0, 404);
    assert_eq!(led(&mut phone, &format!("/device?code={}", started.user_code)).0, 302);
}

#[test]
fn implicit_consent_approves_whatever_somebody_opens_who_is_signed_in() {
    //
    let (mut phone, started) = at_authentik(|flows| flows.implicit_consent = true);
    phone.visit(Request::get(&format!("/device?code={}", started.user_code)));
    phone.sees("You&#39;ve successfully authenticated your device.");
    assert_eq!(phone.bench.poll(&started.device_code).status, 200);

    let (mut phone, started) = at_authentik(|flows| flows.implicit_consent = true);
    phone.visit(Request::get("/device"));
    phone.submit(&[("code", &started.user_code)]);
    phone.sees("You&#39;ve successfully authenticated your device.");
    assert_eq!(phone.state(), GrantState::Approved);
}

#[test]
fn a_code_of_digits_brings_up_the_keypad() {
    // a numeric field
    let mut phone = Phone::open(Bench::authentik(), "/device");
    phone.submit(&JANE);
    phone.sees("inputmode=\"numeric\"");
    Phone::open(Bench::okta(), "/activate").does_not_see("numeric");
}

#[test]
fn authentik_cannot_be_denied_even_by_a_made_up_button() {
    //
    let mut bench = Bench::authentik();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/device?code={code}"));
    phone.submit(&JANE);
    phone.submit(&[("decision", "deny")]);
    assert_eq!(phone.state(), GrantState::Pending);
}

#[test]
fn authentik_ends_at_a_denied_page_after_a_wrong_code() {
    // a hyphen makes it wrong
    let mut bench = Bench::authentik();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, "/device");
    phone.submit(&JANE);
    phone.submit(&[("code", &format!("{}-{}", &code[..4], &code[4..]))]);
    assert_eq!(phone.page.status, 200);
    phone.sees("Permission denied");
    phone.sees("Request has been denied");
}

#[test]
fn a_signed_in_browser_of_authentik_is_not_throttled() {
    //
    let mut phone = Phone::open(Bench::authentik(), "/device");
    phone.submit(&JANE);
    for _ in 0..30 {
        let start = Request::form("/application/o/device/", &[("client_id", "tv")]);
        phone.visit(start);
        assert_eq!(phone.page.status, 200);
    }
}

#[test]
fn the_rfc_page_approves_and_denies() {
    for (decision, state) in [("approve", GrantState::Approved), ("deny", GrantState::Denied)] {
        let mut bench = Bench::rfc();
        let code = bench.start("openid").user_code;
        let mut phone = Phone::open(bench, "/device");
        phone.submit(&[("user_code", &code)]);
        phone.submit(&JANE);
        phone.submit(&[("decision", decision)]);
        assert_eq!(phone.state(), state);
    }
}

#[test]
fn a_form_without_its_token_decides_nothing() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/activate?user_code={code}"));
    phone.submit(&JANE);
    phone.visit(Request::form(
        "/activate",
        &[("user_code", &code), ("decision", "approve")],
    ));
    assert_eq!(phone.page.status, 403);
    assert_eq!(phone.state(), GrantState::Pending);
}

#[test]
fn opening_the_complete_address_alone_decides_nothing() {
    // S-24: not even for somebody who is signed in.
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/activate?user_code={code}"));
    phone.submit(&JANE);
    phone.visit(Request::get(&format!("/activate?user_code={code}&decision=approve")));
    assert_eq!(phone.state(), GrantState::Pending);
}

#[test]
fn an_expired_code_is_not_accepted() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    bench.wait(600);
    let mut phone = Phone::open(bench, "/activate");
    phone.submit(&[("user_code", &code)]);
    phone.sees("Invalid code. Try again.");
}

#[test]
fn what_was_typed_comes_back_escaped() {
    let mut phone = Phone::open(Bench::okta(), "/activate?user_code=%22%3E%3Cscript%3E");
    phone.does_not_see("<script>");
    phone.submit(&[("user_code", "<b>&\"'")]);
    phone.sees("&lt;b&gt;&amp;&quot;&#39;");
}

#[test]
fn the_way_back_after_sign_in_stays_on_the_host() {
    for next in [
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "/\\elsewhere.example/",
    ] {
        let escaped: String = form_urlencoded::byte_serialize(next.as_bytes()).collect();
        let mut phone = Phone::open(
            Bench::authentik(),
            &format!("/flows/-/default/authentication/?next={escaped}"),
        );
        phone.submit(&JANE);
        phone.sees("Device Code");
    }
}

#[test]
fn a_browser_can_be_at_several_products_of_one_machine_at_once() {
    // Cookies know hosts, not ports (RFC 6265 section 8.5): the same name would sign the person out next door.
    let names = [Bench::okta(), Bench::authentik(), Bench::rfc()].map(|bench| {
        let path = bench.paths().page;
        let cookie = Phone::open(bench, path).cookie.unwrap();
        cookie.split_once('=').unwrap().0.to_owned()
    });
    assert!(
        names[0] != names[1] && names[1] != names[2] && names[2] != names[0],
        "{names:?}"
    );
}

#[test]
fn the_session_cookie_is_out_of_reach_and_changes_at_sign_in() {
    let mut bench = Bench::okta();
    let code = bench.start("openid").user_code;
    let mut phone = Phone::open(bench, &format!("/activate?user_code={code}"));
    assert!(
        phone
            .page
            .header("set-cookie")
            .unwrap()
            .ends_with("; Path=/; HttpOnly; SameSite=Lax")
    );
    let before = phone.cookie.clone();
    phone.submit(&JANE);
    assert_ne!(phone.cookie, before);
}
