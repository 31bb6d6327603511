//! What comes after the sign-in.

use tests::{Household, Issuer, secs};

/// Tells the same story with every issuer.
fn with_each(story: impl Fn(Issuer, Household)) {
    for issuer in Issuer::ALL {
        story(issuer, Household::new(issuer));
    }
}

/// Long enough for every access token to end once: Google's live longest (the sample of its documentation), Okta's and
/// authentik's an hour (O-127, section 3.6 of authentik's facts).
const LIFETIME: u64 = 3920;

#[test]
fn access_lasts_a_day_without_a_person() {
    with_each(|issuer, mut home| {
        let first = home.access_tokens()[0].map(str::to_owned);
        home.pass(secs(24 * 3600));
        let last = home.access_tokens()[0].map(str::to_owned);
        assert!(last.is_some() && last != first, "{issuer:?}");
        assert!(home.refreshes >= 22, "{issuer:?}: {}", home.refreshes);
    });
}

#[test]
fn two_tabs_refresh_once() {
    with_each(|issuer, mut home| {
        home.restore();
        home.pass(secs(LIFETIME));
        assert_eq!(home.refreshes, 1, "{issuer:?}");
        let tokens = home.access_tokens();
        assert!(tokens[0].is_some() && tokens[0] == tokens[1], "{issuer:?}");
    });
}

#[test]
fn a_refresh_follows_the_rules_of_each_server() {
    //
    for variant in ["rotates", "none_back", "needs_offline_access"] {
        with_each(|issuer, mut home| {
            // Google has no such scope to ask for.
            if issuer == Issuer::Google && variant == "needs_offline_access" {
                return;
            }
            home.scenario("X-50", variant);
            home.pass(secs(LIFETIME));
            assert_eq!(home.refreshes, 1, "{issuer:?} {variant}");
            assert!(home.access_tokens()[0].is_some(), "{issuer:?} {variant}");
            assert_eq!(home.ends(), [[""; 0]], "{issuer:?} {variant}");
        });
    }
}

#[test]
fn a_policy_that_refuses_a_refresh_is_told_in_its_own_words_and_nothing_restarts() {
    //
    with_each(|issuer, mut home| {
        home.scenario("X-52", "");
        home.pass(secs(3 * LIFETIME));
        assert_eq!(home.ends(), [["invalid_grant"]], "{issuer:?}");
        let words = "The authentication does not meet the assurance requirements of the application's policy";
        assert!(home.last_words(0).contains(words), "{issuer:?}: {}", home.last_words(0));
        assert_eq!(home.access_tokens(), [None], "{issuer:?}");
        assert_eq!((home.refreshes, &home.store), (1, &None), "{issuer:?}");
    });
}

#[test]
fn tokens_that_are_refused_whatever_is_done_with_them_end_the_session_at_the_first_refresh() {
    //
    with_each(|issuer, mut home| {
        home.scenario("X-53", "");
        home.refuse(0);
        home.pass(secs(3 * LIFETIME));
        assert_eq!(home.ends(), [["invalid_grant"]], "{issuer:?}");
        assert_eq!(home.access_tokens(), [None], "{issuer:?}");
        assert_eq!((home.refreshes, &home.store), (1, &None), "{issuer:?}");
    });
}

#[test]
fn a_resource_server_that_refuses_every_token_costs_one_refresh_a_minute() {
    with_each(|issuer, mut home| {
        home.refuse(0);
        for refreshes in 1..=10 {
            home.refuse(0);
            home.pass(secs(59));
            assert_eq!(home.refreshes, refreshes, "{issuer:?}");
            home.pass(secs(1));
        }
        assert_eq!(home.ends(), [[""; 0]], "{issuer:?}: it is not the session's to judge");
    });
}

#[test]
fn a_sign_in_that_the_server_has_revoked_ends_once_in_every_tab() {
    with_each(|issuer, mut home| {
        home.restore();
        home.revoke_at_server();
        home.pass(secs(3 * LIFETIME));
        let ends = home.ends();
        assert!(ends.iter().all(|ends| ends.len() == 1), "{issuer:?} {ends:?}");
        assert!(
            ends.iter().any(|ends| ends[0] == "invalid_grant"),
            "{issuer:?} {ends:?}"
        );
        assert_eq!(home.access_tokens(), [None, None], "{issuer:?}");
        assert_eq!(home.store, None, "{issuer:?}");
        assert_eq!(home.refreshes, 1, "{issuer:?}: nothing restarts by itself");
    });
}

#[test]
fn a_sign_out_leaves_nothing_here_or_there() {
    with_each(|issuer, mut home| {
        home.restore();
        let kept = home.store.clone().expect("it was kept");
        home.sign_out(0);
        assert_eq!(home.ends(), [["signed_out"], ["signed_out_elsewhere"]], "{issuer:?}");
        assert_eq!(home.access_tokens(), [None, None], "{issuer:?}");
        assert_eq!(home.store, None, "{issuer:?}");
        assert!(!home.is_alive(&kept), "{issuer:?}");
    });
}

#[test]
fn a_crash_before_the_new_tokens_were_kept_has_a_clear_end() {
    with_each(|issuer, mut home| {
        home.crash_before_keeping(secs(LIFETIME));
        home.restore();
        // The old refresh token is still good where it does not rotate (O-128), and used up elsewhere.
        let rotates = matches!(issuer, Issuer::Rfc | Issuer::Authentik);
        assert_eq!(home.access_tokens()[0].is_none(), rotates, "{issuer:?}");
        assert_eq!(home.store.is_none(), rotates, "{issuer:?}");
        assert_eq!(
            home.ends()[0].first().copied(),
            rotates.then_some("invalid_grant"),
            "{issuer:?}"
        );
    });
}
