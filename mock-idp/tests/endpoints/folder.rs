//! A host in a folder, as behind something that gives it no more of an origin.

use crate::phone::{JANE, Phone};
use crate::support::{Bench, decode};
use mock_idp::Request;
use serde_json::json;

const FOLDER: &str = "/demo/idp";

/// The whole sign-in by the addresses that the answers name, and by no others.
#[track_caller]
fn signs_in(bench: Bench, metadata: &str, code: &str) {
    let mut bench = bench.with(|setup| setup.folder = FOLDER.into());
    let metadata = bench.get(&format!("{FOLDER}{metadata}")).json();
    let issuer = metadata["issuer"].as_str().unwrap();
    let (origin, _) = issuer.split_once(FOLDER).expect("the issuer is in the folder");
    let path = |url: &str| url.strip_prefix(origin).unwrap().to_owned();
    let endpoint = |name: &str| path(metadata[name].as_str().unwrap());
    let device = endpoint("device_authorization_endpoint");
    let started = bench.post(&device, &[("client_id", "tv"), ("scope", "openid")]).json();
    let page = path(started["verification_uri"].as_str().unwrap());
    assert!(page.starts_with(FOLDER), "{page}");
    let mut phone = Phone::open(bench, &page);
    // The page asks for the code and for who it is, in the product's own order.
    for _ in 0..2 {
        if phone.page.text().contains("name=\"password\"") {
            phone.submit(&JANE);
        } else {
            phone.submit(&[(code, started["user_code"].as_str().unwrap())]);
        }
    }
    phone.submit(&[("decision", "approve")]);
    let redeemed = phone.bench.post(
        &endpoint("token_endpoint"),
        &[
            ("client_id", "tv"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", started["device_code"].as_str().unwrap()),
        ],
    );
    assert_eq!(redeemed.status, 200, "{}", redeemed.text());
    let (_, claims) = decode(&redeemed.json()["id_token"]);
    assert!(claims.contains(&format!("\"iss\":\"{issuer}\"")), "{claims}");
}

#[test]
fn everything_that_an_answer_names_is_in_the_folder() {
    let metadata = "/.well-known/openid-configuration";
    signs_in(Bench::okta_org(), metadata, "user_code");
    signs_in(Bench::rfc(), metadata, "user_code");
    signs_in(Bench::authentik(), &format!("/application/o/tv{metadata}"), "code");
}

#[test]
fn what_a_script_sends_people_to_is_in_the_folder_too() {
    let mut bench = Bench::authentik().with(|setup| setup.folder = FOLDER.into());
    // As X-48 does, when a code was typed.
    let home = json!({ "steps": [{ "endpoint": "verification", "answer": { "status": 302, "headers": { "Location": "/" } } }] });
    bench.idp.faults().run(serde_json::from_value(home).unwrap()).unwrap();
    let answer = bench.get(&format!("{FOLDER}/device"));
    assert_eq!(answer.header("location"), Some("/demo/idp/"));
}

#[test]
fn a_page_of_the_hosts_own_origin_is_at_home_in_every_folder() {
    // O-105: the device endpoint admits an origin that is trusted, which the server's own is.
    let mut bench = Bench::okta_org().with(|setup| setup.folder = FOLDER.into());
    let device = format!("{FOLDER}{}", bench.paths().device);
    let request = Request::form(&device, &[("client_id", "tv"), ("scope", "openid")]);
    let answer = bench.send(request.with("Origin", "https://org.example.test"));
    assert_eq!(
        answer.header("access-control-allow-origin"),
        Some("https://org.example.test")
    );
}
