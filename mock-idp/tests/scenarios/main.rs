//! Every scenario of the catalogue, as a client meets it: what is different while it is on, and that it is over after.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

mod browser_side;
mod life_cycle;
mod malformed;
mod pace;
#[path = "../phone/mod.rs"]
mod phone;
mod scripts;
mod status;
mod support;

use std::panic;

use support::{ALL, Missing, lacks_a_step, without};

/// Every scenario, and the test of it.
const CHECKS: &[(&str, fn())] = &[
    ("X-01", pace::slow_down_comes_once_and_lasts),
    ("X-02", pace::slow_down_comes_three_times),
    ("X-03", pace::slow_down_tells_an_interval_of_its_own),
    ("X-04", pace::slow_down_comes_as_429),
    ("X-05", pace::every_poll_before_the_gap_is_over_raises_it),
    ("X-06", pace::the_very_first_poll_hears_slow_down),
    ("X-07", pace::the_first_poll_counts_from_the_code),
    ("X-08", pace::no_pace_is_enforced),
    ("X-10", malformed::interval_is_absent),
    ("X-11", malformed::interval_is_absurd),
    ("X-12", malformed::expires_in_is_a_text_or_missing),
    ("X-13", malformed::verification_uri_has_its_other_name),
    ("X-14", malformed::there_is_no_complete_address),
    ("X-15", malformed::verification_uri_cannot_be_opened),
    (
        "X-16",
        malformed::members_come_in_another_order_among_unknown_ones_and_escaped,
    ),
    ("X-17", malformed::the_device_code_holds_punctuation),
    ("X-18", malformed::the_complete_address_is_long_and_still_opens),
    ("X-19", malformed::the_user_code_has_another_look_and_works_on_the_page),
    ("X-20", status::pending_comes_with_another_status),
    ("X-21", status::errors_come_with_status_200),
    ("X-22", status::answers_are_forms_unless_json_is_accepted),
    ("X-23", status::a_gateway_answers_once),
    ("X-24", status::the_start_is_refused_without_a_word),
    ("X-25", status::an_error_object_comes_in_place_of_an_oauth_error),
    ("X-26", status::an_answer_is_damaged_once),
    ("X-27", status::the_connection_breaks_once),
    ("X-28", status::the_tokens_are_lost_on_their_way),
    ("X-29", status::a_poll_hears_a_code_that_no_rfc_has),
    ("X-30", status::the_token_endpoint_redirects_elsewhere),
    ("X-31", status::the_first_poll_wants_a_nonce),
    ("X-32", status::the_tokens_times_are_wrong),
    ("X-33", status::the_keys_do_not_fit_the_tokens),
    ("X-34", status::the_id_token_s_issuer_differs_by_a_slash),
    ("X-40", life_cycle::pending_goes_on_after_the_end),
    ("X-41", life_cycle::an_expired_code_is_told_as_invalid_grant),
    ("X-42", life_cycle::a_code_lives_for_a_minute),
    (
        "X-43",
        life_cycle::the_page_takes_an_expired_code_and_the_device_may_still_fail,
    ),
    ("X-45", life_cycle::somebody_signs_in_who_is_not_assigned),
    ("X-46", life_cycle::the_access_policy_denies),
    ("X-47", life_cycle::the_person_s_page_is_not_there),
    ("X-48", life_cycle::a_typed_code_fails_while_the_complete_address_works),
    ("X-49", life_cycle::one_caller_gets_twenty_codes_an_hour),
    ("X-50", life_cycle::refreshing_has_rules_of_its_own),
    ("X-51", life_cycle::the_grant_is_not_enabled),
    ("X-52", life_cycle::what_comes_after_the_sign_in_is_refused),
    ("X-53", life_cycle::what_comes_after_the_sign_in_is_refused),
    ("X-60", browser_side::no_page_of_another_origin_can_start),
    ("X-61", browser_side::the_token_endpoint_alone_allows_other_origins),
    ("X-62", browser_side::errors_lack_the_headers_that_success_has),
    ("X-63", browser_side::preflights_are_refused_and_simple_requests_are_not),
    ("X-64", browser_side::the_origin_null_is_refused_or_echoed),
];

/// Steps that nobody can notice, because the product does the same by itself: scenario, variant, place of the step.
const OF_THE_PRODUCT: &[&str] = &[
    // RFC 8628 section 3.5, and what the mock assumes of Okta: too fast is slow_down anyway.
    "X-05  1: rfc",
    "X-05  1: okta",
    "X-05  1: google",
    //
    "X-08  1: authentik",
    // No verification_uri_complete.
    "X-14  1: google",
    //
    "X-17  1: authentik",
    "X-18  1: google",
    // O-15
    "X-19 eight_letters 1: okta",
    // Pending is 428.
    "X-20 428 1: google",
    // G-02
    "X-41  1: google",
    //
    "X-42  1: authentik",
    //
    "X-49  1: authentik",
    "X-50 rotates 1: rfc",
    //
    "X-50 rotates 1: authentik",
    "X-50 none_back 1: google",
    "X-50 needs_offline_access 1: authentik",
    // A-92; and Google's documentation has devices start, not pages.
    "X-60 405 1: authentik",
    "X-60 405 1: google",
    "X-60 404 1: authentik",
    "X-60 404 1: google",
    "X-60 200 1: authentik",
    "X-60 200 1: google",
    "X-60 200 2: authentik",
    "X-60 200 2: google",
    "X-61  1: authentik",
    "X-61  1: google",
    "X-61  2: authentik",
    "X-61  2: google",
    // Their token endpoints let every origin read.
    "X-61  3: rfc",
    "X-61  3: okta",
    "X-61  3: google",
    "X-62  1: authentik",
    "X-62  1: google",
    // They do not echo the origin null, and the RFCs' server does.
    "X-64 refused 1: okta",
    "X-64 refused 1: authentik",
    "X-64 refused 1: google",
    "X-64 refused 2: okta",
    "X-64 refused 2: authentik",
    "X-64 refused 2: google",
    "X-64 echoed 1: rfc",
    "X-64 echoed 2: rfc",
];

#[test]
fn no_scenario_is_without_a_test() {
    let tested: Vec<_> = CHECKS.iter().map(|(id, _)| *id).collect();
    let all: Vec<_> = mock_idp::catalogue()
        .iter()
        .map(|scenario| scenario.id.as_str())
        .collect();
    assert_eq!(tested, all);
}

/// Takes one step after the other out of the catalogue, and looks whether the scenario's test fails then.
#[test]
fn a_scenario_s_test_fails_without_any_of_its_steps() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !lacks_a_step() {
            usual(info);
        }
    }));
    let mut unnoticed = Vec::new();
    for (scenario, (id, check)) in mock_idp::catalogue().iter().zip(CHECKS) {
        for variant in &scenario.variants {
            let places = (0..variant.steps.len()).flat_map(|step| ALL.map(|kind| (step, kind.product)));
            for (step, product) in places {
                let missing = Missing {
                    id,
                    variant: &variant.name,
                    step,
                    product,
                };
                if without(missing, || panic::catch_unwind(check)).is_ok() {
                    unnoticed.push(format!("{id} {} {}: {}", variant.name, step + 1, product.name()));
                }
            }
        }
    }
    assert_eq!(unnoticed, OF_THE_PRODUCT);
}

/// `UPDATE_EXPECT=1` writes the table anew.
#[test]
fn the_table_of_scenarios_says_what_there_is() {
    let mut table = String::from(
        "# Scenarios\n\nWhat servers and networks were seen to do to real clients, each switched on by its id \
         (see [When things go wrong](README.md#when-things-go-wrong)).\nThe first variant is the one that is meant when \
         none is named. This table is made from `src/fault/scenarios.json`.\n\n\
         | id | what happens | variants | what a correct client does | seen in |\n| --- | --- | --- | --- | --- |\n",
    );
    for scenario in mock_idp::catalogue() {
        let names = scenario.variants.iter().filter(|variant| !variant.name.is_empty());
        let names: Vec<_> = names.map(|variant| format!("`{}`", variant.name)).collect();
        let seen_in: Vec<_> = scenario.seen_in.iter().map(|place| link(place)).collect();
        let columns = [
            &scenario.id,
            &scenario.summary,
            &names.join(", "),
            &scenario.expect,
            &seen_in.join(", "),
        ];
        for column in columns {
            table.extend(["| ", column, " "]);
        }
        table.push_str("|\n");
    }
    table += "\nIds that are missing are no server's doing: X-44 (somebody approves after the client has stopped) is a call \
              of `POST /grants/{user_code}/approve`, and X-48b looks like X-47 to a device. A connection that is refused \
              needs no server at all, and the mock speaks no TLS: of X-27 both are left to whoever stops it or stands in \
              front of it. Google has no verification_uri_complete, so that X-14 and X-18 change nothing there, and \
              X-48 leaves no way in.\n";
    expect_test::expect_file!["../../SCENARIOS.md"].assert_eq(&table);
}

/// `owner/name#number` as a link to that issue; anything else as it is.
fn link(place: &str) -> String {
    match place.split_once('#') {
        Some((repository, number)) => format!("[{place}](https://github.com/{repository}/issues/{number})"),
        None => place.to_owned(),
    }
}
