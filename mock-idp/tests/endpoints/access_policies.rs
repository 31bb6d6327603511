//! Who gets tokens of Okta's custom authorization servers (O-36, O-40 to O-42).

use mock_idp::{AccessPolicy, AccessRule, GrantState, People, User};

use crate::support::{Bench, DEVICE_CODE, assert_golden};

/// Everybody in group `family` is; `jane` is in no group.
fn john() -> User {
    User {
        username: "john".to_owned(),
        password: "p".to_owned(),
        name: "John".to_owned(),
        email: "john@example.test".to_owned(),
        groups: names(&["family"]),
    }
}

fn names(list: &[&str]) -> Vec<String> {
    list.iter().map(|&name| name.to_owned()).collect()
}

fn users(list: &[&str]) -> People {
    People {
        users: names(list),
        groups: Vec::new(),
    }
}

fn groups(list: &[&str]) -> People {
    People {
        users: Vec::new(),
        groups: names(list),
    }
}

fn policy(clients: Option<&[&str]>, rules: &[AccessRule]) -> AccessPolicy {
    AccessPolicy {
        clients: clients.map(names),
        rules: rules.to_vec(),
    }
}

fn ticking(grant_types: &[&str]) -> AccessRule {
    AccessRule {
        grant_types: Some(names(grant_types)),
        ..AccessRule::default()
    }
}

fn for_people(people: People) -> AccessRule {
    AccessRule {
        people: Some(people),
        ..AccessRule::default()
    }
}

fn covering(scopes: &[&str]) -> AccessRule {
    AccessRule {
        scopes: Some(names(scopes)),
        ..AccessRule::default()
    }
}

fn denying(scopes: &[&str]) -> AccessRule {
    AccessRule {
        denied_scopes: names(scopes),
        ..AccessRule::default()
    }
}

fn with_policies(bench: Bench, policies: Vec<AccessPolicy>) -> Bench {
    bench.with(|setup| {
        setup.users.push(john());
        setup.authorization_servers[0].policies = policies;
    })
}

/// A sign-in on client `tv`, and what the device hears: `None` for tokens, else status and file.
#[track_caller]
fn check(bench: &mut Bench, username: &str, scope: &str, refused: Option<(u16, &str)>) {
    let started = bench.start(scope);
    assert_eq!(
        bench.poll(&started.device_code).json()["error"],
        "authorization_pending"
    );
    bench
        .idp
        .approve(bench.now, &started.user_code, Some(username))
        .unwrap();
    bench.wait(5);
    let answer = bench.poll(&started.device_code);
    let state = bench.idp.grant(bench.now, &started.user_code).unwrap().state;
    let Some((status, file)) = refused else {
        assert_eq!((answer.status, state), (200, GrantState::Redeemed), "{}", answer.text());
        return;
    };
    assert_golden(&answer, status, file);
    assert_eq!(state, GrantState::Denied);
    // The code stays, and so does the answer.
    bench.wait(5);
    assert_golden(&bench.poll(&started.device_code), status, file);
}

const NO_RULE: Option<(u16, &str)> = Some((401, "okta/policy_denied"));

#[test]
fn a_rule_must_tick_the_device_grant() {
    // O-40; the custom authorization server alone has policies (section 2.12).
    for (bench, refused) in [
        (Bench::okta(), NO_RULE),
        (Bench::okta_org(), None),
        (Bench::authentik(), None),
        (Bench::rfc(), None),
    ] {
        let rule = ticking(&["authorization_code"]);
        let mut bench = with_policies(bench, vec![policy(None, &[rule])]);
        check(&mut bench, "jane", "openid", refused);
    }
    let rule = ticking(&["authorization_code", DEVICE_CODE]);
    let mut bench = with_policies(Bench::okta(), vec![policy(None, &[rule])]);
    check(&mut bench, "jane", "openid", None);
}

#[test]
fn a_server_without_policies_or_rules_refuses_everybody() {
    for policies in [
        vec![],
        vec![policy(None, &[])],
        vec![policy(Some(&["other"]), &[AccessRule::default()])],
    ] {
        check(&mut with_policies(Bench::okta(), policies), "jane", "openid", NO_RULE);
    }
}

#[test]
fn a_rule_names_users_or_groups() {
    let rules = [for_people(groups(&["family"]))];
    let mut bench = with_policies(Bench::okta(), vec![policy(None, &rules)]);
    check(&mut bench, "john", "openid", None);
    check(&mut bench, "jane", "openid", NO_RULE);
    let rules = [for_people(users(&["jane"]))];
    let mut bench = with_policies(Bench::okta(), vec![policy(None, &rules)]);
    check(&mut bench, "john", "openid", NO_RULE);
    check(&mut bench, "jane", "openid", None);
}

#[test]
fn a_rule_that_does_not_cover_every_scope_is_passed_over() {
    // O-40: one scope too many.
    let rules = [covering(&["openid", "profile"])];
    let mut bench = with_policies(Bench::okta(), vec![policy(None, &rules)]);
    check(&mut bench, "jane", "openid profile", None);
    check(&mut bench, "jane", "openid profile email", NO_RULE);
}

#[test]
fn the_first_policy_and_rule_that_match_decide() {
    let policies = vec![
        policy(Some(&["other"]), &[denying(&["openid"])]),
        policy(Some(&["tv"]), &[ticking(&[]), for_people(groups(&["family"]))]),
        policy(None, &[denying(&["openid"])]),
    ];
    let mut bench = with_policies(Bench::okta(), policies);
    check(&mut bench, "john", "openid", None);
    check(&mut bench, "jane", "openid", Some((400, "okta/all_scopes_denied")));
}

#[test]
fn a_rule_that_matches_can_deny_scopes() {
    // O-41, O-42
    let rules = [denying(&["email", "phone"])];
    let mut bench = with_policies(Bench::okta(), vec![policy(None, &rules)]);
    check(&mut bench, "jane", "openid profile", None);
    check(
        &mut bench,
        "jane",
        "openid email phone",
        Some((400, "okta/scopes_denied")),
    );
    check(&mut bench, "jane", "email", Some((400, "okta/all_scopes_denied")));
}

#[test]
fn the_policies_are_asked_once() {
    // U-02: what was decided by them stays, and a refresh does not ask them.
    let mut bench = Bench::okta();
    let tokens = bench.sign_in("openid offline_access").json();
    let started = bench.start("openid");
    bench.idp.approve(bench.now, &started.user_code, None).unwrap();
    let mut server = mock_idp::AuthorizationServer::new("default");
    server.policies.clear();
    bench.idp.put_authorization_server(server);
    assert_eq!(bench.poll(&started.device_code).status, 200);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(bench.refresh(&[("refresh_token", refresh_token)]).status, 200);
    check(&mut bench, "jane", "openid", NO_RULE);
}

#[test]
fn somebody_who_is_not_assigned_to_the_client_is_refused_before_any_policy() {
    // O-36; with either of Okta's servers, and with no other product.
    let refused = Some((400, "okta/not_assigned"));
    for (bench, refused) in [
        (Bench::okta(), refused),
        (Bench::okta_org(), refused),
        (Bench::authentik(), None),
        (Bench::rfc(), None),
    ] {
        let mut bench = bench.with(|setup| {
            setup.users.push(john());
            setup.clients[0].assigned_to = Some(groups(&["family"]));
        });
        check(&mut bench, "jane", "openid", refused);
        check(&mut bench, "john", "openid", None);
    }
    let mut bench = with_policies(Bench::okta(), vec![]);
    let mut client = mock_idp::Client::new("tv", "Living Room TV");
    client.assigned_to = Some(users(&[]));
    bench.idp.put_client(client);
    check(&mut bench, "jane", "openid", refused);
}
