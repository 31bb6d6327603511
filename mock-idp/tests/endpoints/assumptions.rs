//! What nobody has verified (section 8 of the facts): each switch, and what the mock does in each of its positions.

use std::fs;

use mock_idp::{AccessRule, Assumptions, AuthentikVersion, People, Request, Response, Setup};

use crate::phone::{JANE, Phone};
use crate::support::{Bench, DEVICE_CODE, PAGE, assert_golden, decode, names};

const FOREIGN: &str = "https://elsewhere.example";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
/// LG's documentation of webOS TV 22, "User agent string".
const WEBOS: &str = "Mozilla/5.0 (Web0S; Linux/SmartTV) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/87.0.4280.88 \
                     Safari/537.36 WebAppManager";

fn assuming(bench: Bench, name: &str, value: &str) -> Bench {
    set_up(bench, name, value, |_| {})
}

fn set_up(bench: Bench, name: &str, value: &str, change: impl FnOnce(&mut Setup)) -> Bench {
    bench.with(|setup| {
        setup.assumptions.set(name, value).unwrap();
        change(setup);
    })
}

fn okta(name: &str, value: &str) -> Bench {
    assuming(Bench::okta(), name, value)
}

/// The answer's `error`; of a success its status.
fn heard(answer: &Response) -> String {
    match answer.json()["error"].as_str() {
        Some(error) => format!("{} {error}", answer.status),
        None => answer.status.to_string(),
    }
}

/// What polls hear after so many more seconds each.
fn polls(mut bench: Bench, waits: &[u64]) -> Vec<String> {
    let started = bench.start("openid");
    let poll = |seconds: &u64| {
        bench.wait(*seconds);
        heard(&bench.poll(&started.device_code))
    };
    waits.iter().map(poll).collect()
}

const PENDING: &str = "400 authorization_pending";
const SLOW: &str = "400 slow_down";
const EXPIRED: &str = "400 expired_token";
const INVALID: &str = "400 invalid_grant";

#[test]
fn a_refusal_is_told_with_400_or_403() {
    for (value, status) in [("400", 400), ("403", 403)] {
        let mut bench = okta("okta-denied-status", value);
        let started = bench.start("openid");
        bench.idp.deny(bench.now, &started.user_code).unwrap();
        assert_golden(&bench.poll(&started.device_code), status, "okta/access_denied");
    }
}

#[test]
fn policies_are_asked_once_signed_in_or_also_at_the_start_or_at_every_poll() {
    let closed = |bench, value| {
        set_up(bench, "okta-policy-asked", value, |setup| {
            setup.authorization_servers[0].policies.clear();
        })
    };
    for (value, before_sign_in) in [("once-signed-in", PENDING), ("also-at-every-poll", "401 access_denied")] {
        let mut bench = closed(Bench::okta(), value);
        let started = bench.start("openid");
        assert_eq!(heard(&bench.poll(&started.device_code)), before_sign_in, "{value}");
        bench.idp.approve(bench.now, &started.user_code, None).unwrap();
        bench.wait(5);
        assert_golden(&bench.poll(&started.device_code), 401, "okta/policy_denied");
    }
    let mut bench = closed(Bench::okta(), "also-at-start");
    let fields = [("client_id", "tv"), ("scope", "openid")];
    let path = bench.paths().device;
    assert_golden(&bench.post(path, &fields), 401, "okta/policy_denied");
    // Section 2.12: the org server has no such policies.
    closed(Bench::okta_org(), "also-at-start").start("openid");
    // A rule for somebody may yet match.
    let for_jane = AccessRule {
        people: Some(People {
            users: vec!["jane".to_owned()],
            groups: Vec::new(),
        }),
        ..AccessRule::default()
    };
    for value in ["also-at-start", "also-at-every-poll"] {
        let mut bench = set_up(Bench::okta(), "okta-policy-asked", value, |setup| {
            setup.authorization_servers[0].policies[0].rules = vec![for_jane.clone()];
        });
        let started = bench.start("openid");
        assert_eq!(heard(&bench.poll(&started.device_code)), PENDING);
    }
}

#[test]
fn an_unknown_client_hears_okta_s_own_error_or_oauth_s() {
    for path in [Bench::okta().paths().device, Bench::okta().paths().token] {
        let answer = |value| okta("okta-unknown-client", value).post(path, &[("client_id", "nobody")]);
        assert_golden(&answer("native-400"), 400, "okta/unknown_client");
        assert_golden(&answer("native-401"), 401, "okta/unknown_client");
        let oauth = answer("oauth-401");
        let text = r#"{"error":"invalid_client","error_description":"Invalid value for 'client_id' parameter."}"#;
        assert_eq!((oauth.status, oauth.text().as_str()), (401, text));
    }
}

#[test]
fn slow_down_is_remembered_or_forgotten_or_rare() {
    // Polls 5, 3, 5 and 2 seconds after the one before, then one after 1 second.
    let polls = |value| polls(okta("okta-slow-down", value), &[5, 3, 5, 2, 1]);
    assert_eq!(polls("remembered"), [PENDING, SLOW, SLOW, SLOW, SLOW]);
    assert_eq!(polls("forgotten"), [PENDING, SLOW, PENDING, SLOW, SLOW]);
    assert_eq!(polls("lenient"), [PENDING, PENDING, PENDING, PENDING, SLOW]);
}

#[test]
fn an_expired_code_is_told_for_ten_minutes_or_an_hour_or_not_at_all() {
    // O-16: 600 s.
    let polls = |value| polls(okta("okta-after-expiry", value), &[599, 1, 599, 1, 2399]);
    assert_eq!(polls("ten-minutes"), [PENDING, EXPIRED, EXPIRED, INVALID, INVALID]);
    assert_eq!(polls("at-once"), [PENDING, INVALID, INVALID, INVALID, INVALID]);
    assert_eq!(polls("an-hour"), [PENDING, EXPIRED, EXPIRED, EXPIRED, EXPIRED]);
}

#[test]
fn pages_start_from_trusted_origins_or_from_any_or_from_none() {
    let allowed = |value, origin| {
        let mut bench = okta("okta-device-cors", value);
        let path = bench.paths().device;
        let fields = [("client_id", "tv"), ("scope", "openid")];
        let asked = Request::new("OPTIONS", path).with("Access-Control-Request-Method", "POST");
        let answers = [asked, Request::form(path, &fields)].map(|request| bench.send(request.with("Origin", origin)));
        answers.map(|answer| answer.header("access-control-allow-origin").is_some())
    };
    assert_eq!(allowed("trusted-origins", PAGE), [true, true]);
    assert_eq!(allowed("trusted-origins", FOREIGN), [false, false]);
    assert_eq!(allowed("any-origin", FOREIGN), [true, true]);
    assert_eq!(allowed("no-origin", PAGE), [false, false]);
}

#[test]
fn user_codes_are_letters_typed_anyhow_or_exactly_or_letters_and_digits() {
    let finds = |value: &str, typed: fn(&str) -> String| {
        let mut bench = okta("okta-user-code", value);
        let started = bench.start("openid");
        let mut phone = Phone::open(bench, "/activate");
        phone.submit(&[("user_code", &typed(&started.user_code))]);
        phone.page.text().contains("name=\"password\"")
    };
    let exact = |code: &str| code.to_owned();
    let hyphenated = |code: &str| format!("{}-{}", &code[..4], &code[4..]); // O-141
    let lower = |code: &str| code.to_lowercase();
    for value in ["letters", "letters-and-digits"] {
        assert!(
            finds(value, exact) && finds(value, hyphenated) && finds(value, lower),
            "{value}"
        );
    }
    let value = "letters-exactly";
    assert!(finds(value, exact) && !finds(value, hyphenated) && !finds(value, lower));

    let codes = |value| -> String {
        let mut bench = okta("okta-user-code", value);
        (0..50).map(|_| bench.start("openid").user_code).collect()
    };
    let is_odd = |character: char| !"BCDFGHJKLMNPQRSTVWXZ".contains(character);
    assert!(!codes("letters").contains(is_odd) && !codes("letters-exactly").contains(is_odd));
    let both = codes("letters-and-digits");
    assert!(both.contains(is_odd) && both.len() == 50 * 8 && !both.contains(['0', '1']));
}

#[test]
fn the_token_endpoint_refuses_foreign_browsers_or_all_foreigners_or_all_but_televisions() {
    let poll = |value, origin: &str, user_agent: Option<&str>| {
        let mut bench = okta("okta-browser-requests", value);
        let fields = [
            ("client_id", "tv"),
            ("grant_type", DEVICE_CODE),
            ("device_code", "nope"),
        ];
        let mut request = Request::form(bench.paths().token, &fields).with("Origin", origin);
        if let Some(user_agent) = user_agent {
            request = request.with("User-Agent", user_agent);
        }
        bench.send(request)
    };
    let refused = |answer: Response, file| assert_golden(&answer, 400, file);
    let let_through = |answer| refused(answer, "okta/unknown_device_code");
    for value in ["foreign-browsers", "foreign-origins", "all-but-televisions"] {
        refused(poll(value, FOREIGN, Some(FIREFOX)), "okta/foreign_origin");
        refused(poll(value, FOREIGN, Some(WEBOS)), "okta/foreign_origin");
        let_through(poll(value, PAGE, Some(WEBOS)));
        let_through(poll(value, PAGE, None));
    }
    let_through(poll("foreign-browsers", PAGE, Some(FIREFOX)));
    let_through(poll("foreign-browsers", FOREIGN, None));
    refused(poll("foreign-origins", FOREIGN, None), "okta/foreign_origin");
    refused(poll("all-but-televisions", PAGE, Some(FIREFOX)), "okta/browser_grant");
}

#[test]
fn wrong_codes_are_unlimited_or_five() {
    for (value, is_let_in) in [("unlimited", true), ("five", false)] {
        let mut bench = okta("okta-wrong-codes", value);
        let started = bench.start("openid");
        let mut phone = Phone::open(bench, "/activate");
        for _ in 0..5 {
            phone.submit(&[("user_code", "BBBBBBBB")]);
            phone.sees("Invalid code. Try again."); // O-142
        }
        phone.submit(&[("user_code", &started.user_code)]);
        assert_eq!(phone.page.text().contains("name=\"password\""), is_let_in, "{value}");
        // Once a code's life is over, its guesser may go on.
        phone.bench.wait(600);
        let fresh = phone.bench.start("openid");
        let mut phone = Phone::open(phone.bench, "/activate");
        phone.submit(&[("user_code", &fresh.user_code)]);
        phone.submit(&JANE);
        phone.sees("Living Room TV");
    }
}

#[test]
fn codes_are_too_many_after_sixty_a_minute_or_never() {
    let last = |value| {
        let mut bench = okta("okta-too-many-codes", value);
        let fields = [("client_id", "tv"), ("scope", "openid")];
        let answers: Vec<_> = (0..=60).map(|_| bench.post(bench.paths().device, &fields)).collect();
        heard(&answers[60])
    };
    assert_eq!(last("sixty-a-minute"), "429 too_many_user_codes"); // O-59
    assert_eq!(last("never"), "200");
}

#[test]
fn a_token_names_its_refresh_token_or_does_not() {
    let id = |bench, value, scope: &str| {
        let answer = assuming(bench, "okta-jti-suffix", value).sign_in(scope);
        let (_, claims) = decode(&answer.json()["access_token"]);
        let claims: serde_json::Value = serde_json::from_str(&claims).unwrap();
        claims["jti"].as_str().unwrap().to_owned()
    };
    let with_refresh = "openid offline_access";
    assert_eq!(id(Bench::okta_org(), "none", with_refresh).len(), 46); // O-122
    let suffixed = id(Bench::okta_org(), "oar", with_refresh);
    let (_, suffix) = suffixed.split_at(46);
    assert!(suffix.starts_with(".oar") && suffix.len() == 21, "{suffixed}"); // O-124: ids have 20 characters
    assert_eq!(id(Bench::okta_org(), "oar", "openid").len(), 46);
    assert_eq!(id(Bench::okta(), "oar", with_refresh).len(), 46);
}

#[test]
fn authentik_2026_5_has_the_changes_of_april_or_not() {
    let bench = |value| {
        set_up(Bench::authentik(), "authentik-april-2026", value, |setup| {
            setup.authentik_version = AuthentikVersion::V2026_5;
        })
    };
    // A-14 and A-15; A-54 and A-55, at minute 1.
    for (value, scope, after_expiry) in [("2026.5", "openid", INVALID), ("later", "openid nope", PENDING)] {
        let mut bench = bench(value);
        let started = bench.start("openid nope");
        bench.wait(61);
        assert_eq!(heard(&bench.poll(&started.device_code)), after_expiry, "{value}");
        assert_eq!(bench.sign_in("openid nope").json()["scope"], scope, "{value}");
    }
    // A-57
    for (value, without_secret) in [("2026.5", "400 invalid_client"), ("later", INVALID)] {
        assert_eq!(
            heard(&bench(value).poll_as("confidential", "nope")),
            without_secret,
            "{value}"
        );
    }
    // A-72
    for (value, is_bound) in [("2026.5", true), ("later", false)] {
        let (_, claims) = decode(&bench(value).sign_in("openid").json()["id_token"]);
        assert_eq!(claims.contains("\"sid\""), is_bound, "{value}");
    }
    // A-16: in the release notes of 2026.5, and hence no assumption.
    for value in ["2026.5", "later"] {
        let mut bench = bench(value);
        let answer = bench.post("/application/o/device/", &[("client_id", "no-device-grant")]);
        assert_eq!(heard(&answer), "400 invalid_client");
    }
}

#[test]
fn of_repeated_fields_the_last_counts_or_the_first_or_none() {
    let fields = [("client_id", "nobody"), ("client_id", "tv")];
    let heard = |value| {
        let mut bench = assuming(Bench::authentik(), "authentik-repeated-fields", value);
        heard(&bench.post("/application/o/device/", &fields))
    };
    assert_eq!(heard("last"), "200");
    assert_eq!(heard("first"), "400 invalid_client");
    assert_eq!(heard("refused"), "400 invalid_request");
}

#[test]
fn somebody_who_types_a_wrong_code_sees_no_or_may_try_again() {
    for (value, is_asked_again) in [("denied-page", false), ("field-error", true)] {
        let bench = assuming(Bench::authentik(), "authentik-wrong-code", value);
        let mut phone = Phone::open(bench, "/device");
        phone.submit(&JANE);
        phone.submit(&[("code", "000000000")]);
        assert_eq!(phone.page.text().contains("Invalid code"), is_asked_again, "{value}");
        assert_eq!(
            phone.page.text().contains("Permission denied"),
            !is_asked_again,
            "{value}"
        );
        // A-114, which is verified: by its URI, a wrong code is denied.
        let mut phone = Phone::open(
            assuming(Bench::authentik(), "authentik-wrong-code", value),
            "/device?code=0",
        );
        phone.submit(&JANE);
        phone.sees("Permission denied");
    }
}

const GOOGLE_START: [(&str, &str); 2] = [("client_id", "tv"), ("scope", "openid")];

#[test]
fn pages_start_at_google_and_revoke_from_no_other_origin_or_from_any() {
    let allowed = |value, path| {
        let mut bench = assuming(Bench::google(), "google-device-cors", value);
        let asked = Request::new("OPTIONS", path).with("Access-Control-Request-Method", "POST");
        let answers =
            [asked, Request::form(path, &GOOGLE_START)].map(|request| bench.send(request.with("Origin", FOREIGN)));
        answers.map(|answer| answer.header("access-control-allow-origin").is_some())
    };
    for path in ["/device/code", "/revoke"] {
        assert_eq!(allowed("no-origin", path), [false, false], "{path}");
        assert_eq!(allowed("any-origin", path), [true, true], "{path}");
    }
}

#[test]
fn an_expired_code_at_google_is_told_as_invalid_or_as_expired() {
    // 1800 s by the sample of Google's documentation.
    let polls = |value| polls(assuming(Bench::google(), "google-after-expiry", value), &[1800, 599, 1]);
    assert_eq!(polls("invalid-grant"), [INVALID, INVALID, INVALID]);
    assert_eq!(polls("expired-token"), [EXPIRED, EXPIRED, INVALID]);
}

#[test]
fn google_s_errors_are_described_as_clients_quote_them_or_not_at_all() {
    let names = |value, wanted: fn(&mut Bench) -> Response| {
        let answer = wanted(&mut assuming(Bench::google(), "google-descriptions", value));
        names(&answer.text())
    };
    let unknown = |bench: &mut Bench| bench.poll("nope");
    assert_eq!(names("quoted", unknown), ["error", "error_description"]);
    assert_eq!(names("none", unknown), ["error"]);
    // Step 6 of the documentation has this one's text.
    let pending = |bench: &mut Bench| {
        let started = bench.start("openid");
        bench.poll(&started.device_code)
    };
    assert_eq!(names("none", pending), ["error", "error_description"]);
}

#[test]
fn no_switch_is_without_a_test() {
    let tests = include_str!("assumptions.rs");
    for switch in Assumptions::ALL {
        for name in [switch.name]
            .into_iter()
            .chain(switch.values.iter().map(|value| value.name))
        {
            assert!(tests.contains(&format!("\"{name}\"")), "{}: {name}", switch.name);
        }
    }
}

/// `UPDATE_EXPECT=1` writes the table anew.
#[test]
fn the_table_of_assumptions_says_what_there_is() {
    let mut table = String::from(
        "\n\n| id | switch | what is assumed, and what else can be | concerns |\n| --- | --- | --- | --- |\n",
    );
    for switch in Assumptions::ALL {
        let value = |value: &mock_idp::assumptions::AssumedValue| format!("`{}`: {}", value.name, value.effect());
        let mut values: Vec<_> = switch.values.iter().map(value).collect();
        values[0] = format!("**{}", values[0].replacen(':', "**:", 1));
        let about = format!("{}<br>{}", switch.question(), values.join("<br>"));
        let name = format!("`{}`", switch.name);
        table.extend([
            "| ",
            switch.id,
            " | ",
            &name,
            " | ",
            &about,
            " | ",
            switch.concerns,
            " |\n",
        ]);
    }
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let [before, after] = ["<!-- assumptions -->", "<!-- /assumptions -->"];
    let (head, rest) = readme.split_once(before).unwrap();
    let (_, tail) = rest.split_once(after).unwrap();
    expect_test::expect_file!["../../README.md"].assert_eq(&format!("{head}{before}{table}\n{after}{tail}"));
}
