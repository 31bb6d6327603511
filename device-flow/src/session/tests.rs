mod arrival;
mod id_token;
mod refreshing;
mod resting;
mod signing_out;
mod tab;

use std::format;

use expect_test::{Expect, expect};

use super::*;
use tab::{EPOCH, Tab, config, plain, tokens};

/// Tells a story with a store that has been written already; the log begins afterwards.
fn kept(script: &str, expected: &Expect) -> Tab {
    let mut tab = Tab::new(plain(), Store::Shared, tokens("a1", Some("r1"), Some(3600))).tell("wake; ok; ok");
    tab.log.clear();
    let tab = tab.tell(script);
    expected.assert_eq(&tab.log);
    tab
}

/// Tells one without a store.
fn unkept(tokens: crate::Tokens, script: &str, expected: &Expect) -> Tab {
    let tab = Tab::new(plain(), Store::None, tokens).tell(script);
    expected.assert_eq(&tab.log);
    tab
}

fn an_hour() -> crate::Tokens {
    tokens("a1", Some("r1"), Some(3600))
}

#[test]
fn a_strict_configuration_ends_at_the_first_broken_rule() {
    let mut config = plain();
    config.strict = true;
    // RFC 6749 section 5.1: answers are `application/json`.
    let tab = Tab::new(config, Store::None, an_hour()).tell("wake; wait; tokens a2");
    expect![[r#"
        0      wake         until 3540
        3540   wait         POST /token refresh_token=r1
        3540   tokens a2   , ended: deviates (the token endpoint deviates from RFC 6749 section 5.1: answers are `application/json`)
    "#]].assert_eq(&tab.log);
}

#[test]
fn debug_text_holds_no_token() {
    let tab = kept(
        "wait; ok; tokens a2 s3cret",
        &expect![[r#"
            3540   wait         lock
            3540   ok           POST /token refresh_token=r1 (locked)
            3540   tokens a2 s3cret keep a2 s3cret (locked)
        "#]],
    );
    let text = format!("{:?} {:?}", tab.session, tab.asked);
    assert!(!text.contains("s3cret"), "{text}");
}

#[test]
fn a_token_that_was_refused_stays_so_until_another_one_is_at_rest() {
    kept(
        "refused a1; ok; tokens a2 r2; refused a1; ok",
        &expect![[r#"
        0      refused a1   lock
        0      ok           POST /token refresh_token=r1 (locked)
        0      tokens a2 r2 keep a2 r2 (locked)
        0      refused a1   (locked)
        0      ok           until 3540
    "#]],
    );
}
