//! Clients and people that come and go while the server runs.

use mock_idp::{Client, Request, User};

use crate::support::{ALL_SCOPES, Bench, assert_golden};

fn benches() -> [Bench; 3] {
    [Bench::rfc(), Bench::okta(), Bench::authentik()]
}

#[test]
fn a_removed_client_is_unknown_until_it_comes_back() {
    for mut bench in benches() {
        let started = bench.start(ALL_SCOPES);
        assert!(bench.idp.remove_client("tv"));
        assert!(!bench.idp.remove_client("tv"));
        let refused = bench.poll(&started.device_code);
        assert_eq!(refused.status, 400);
        assert!(refused.text().contains("invalid_client"), "{}", refused.text());
        bench.idp.put_client(Client::new("tv", "Living Room TV"));
        bench.idp.approve(bench.now, &started.user_code, None).unwrap();
        bench.wait(5);
        assert_eq!(bench.poll(&started.device_code).status, 200);
    }
}

#[test]
fn a_client_replaces_the_one_with_its_id() {
    let mut bench = Bench::okta();
    bench
        .idp
        .put_client(Client::new("tv", "Living Room TV").with_secret("x"));
    let path = bench.paths().device;
    let refused = bench.post(path, &[("client_id", "tv"), ("scope", "openid")]);
    assert_golden(&refused, 401, "okta/wrong_authentication_method"); // O-51
}

#[test]
fn a_person_may_come_and_go() {
    for mut bench in benches() {
        bench.idp.put_user(User {
            username: "john".to_owned(),
            password: "p".to_owned(),
            name: "John".to_owned(),
            email: "john@example.test".to_owned(),
            groups: Vec::new(),
        });
        let started = bench.start(ALL_SCOPES);
        bench.idp.approve(bench.now, &started.user_code, Some("john")).unwrap();
        let tokens = bench.poll(&started.device_code).json();
        let token = format!("Bearer {}", tokens["access_token"].as_str().unwrap());
        let path = bench.paths().userinfo;
        let ask = || Request::get(path).with("Authorization", &token);
        assert_eq!(bench.send(ask()).json()["name"], "John");
        assert!(bench.idp.remove_user("john"));
        assert_eq!(bench.send(ask()).status, 401);
        let started = bench.start(ALL_SCOPES);
        assert!(bench.idp.approve(bench.now, &started.user_code, Some("john")).is_err());
    }
}
