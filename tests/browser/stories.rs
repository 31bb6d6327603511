//! What a television must do in every engine; `just test-tv` tells these in each of them.

use std::fs;
use std::path::Path;
use std::time::Duration;

use mock_idp::Grade;
use serde_json::json;

use crate::keys;
use crate::living_room::LivingRoom;
use crate::phone::Phone;
use crate::sign_in::signs_in;
use crate::television::Television;

/// Loads of the page, of which the one in the middle counts.
const BOOTS: usize = 5;

/// Nothing is asserted about the time; who reads it is `just test-tv`.
#[test]
fn the_page_starts() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.wait_for_screen("idle");
    let mut times: Vec<_> = (0..BOOTS).map(|_| tv.boot(&room.page())).collect();
    times.sort_by(f64::total_cmp);
    let is_translated = tv.is_translated();
    // The head of the page names it for engines that can run it, and the loader takes what came of that.
    assert_eq!(tv.fetches_of("app.wasm"), u64::from(!is_translated));
    let boot = json!({ "milliseconds": times[BOOTS / 2], "translated": is_translated });
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/televisions"));
    fs::create_dir_all(folder).expect("target is writable");
    let file = folder.join(format!("{}.json", tv.page.engine().model().id));
    fs::write(file, boot.to_string()).expect("target is writable");
    tv.assert_no_errors();
}

#[test]
fn somebody_signs_in() {
    let room = LivingRoom::new();
    signs_in(&room.page(), Some("okta"));
}

#[test]
fn a_denial_on_the_phone_is_told_on_the_television() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    Phone::opens(&tv.scan()).decline();
    tv.wait_for_screen("denied");
    tv.picture("denied");
}

#[test]
fn an_expired_code_leads_to_a_new_one() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let first = tv.user_code();
    room.mock.expire(&first).expect("the code is known");
    tv.wait_for_screen("expired");
    tv.picture("expired");
    tv.press(&keys::OK);
    tv.wait_for_screen("code");
    assert_ne!(tv.user_code(), first);
}

#[test]
fn a_code_that_runs_out_is_renewed_where_that_is_configured() {
    let room =
        LivingRoom::with(|mock, _| json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "renewals": 1 }));
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let first = tv.user_code();
    room.mock.expire(&first).expect("the code is known");
    let renewed = format!("document.querySelector('[data-user-code]').textContent !== '{first}'");
    tv.page.wait_for("a new code", &renewed);
    assert!(tv.scan().ends_with(&tv.user_code()));
}

#[test]
fn a_lost_network_is_shown_beside_the_code_and_forgotten_when_it_is_back() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    room.lose_answers();
    tv.page.set_offline(true);
    tv.page
        .wait_for("the banner", "document.querySelector('[data-trouble]')");
    tv.picture("offline");
    assert_eq!(tv.user_code(), user_code);
    room.mock.faults().clear();
    tv.page.set_offline(false);
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.wait_for_screen("signed-in");
}

#[test]
fn the_set_sleeps_through_the_approval() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    let user_code = tv.user_code();
    tv.page.engine().stop();
    room.mock.approve(&user_code, Some("jane")).expect("the code is known");
    tv.page.engine().go_on();
    tv.wait_for_screen("signed-in");
    assert_eq!(room.verdict(), (Grade::Pass, vec![]));
}

#[test]
fn a_code_that_ran_out_while_the_set_slept_is_gone_when_it_wakes() {
    let night = Duration::from_secs(8 * 60 * 60);
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    tv.ask_for_a_code();
    tv.page.set_hidden(true);
    room.mock.advance(night);
    tv.page.set_clock_forward(night);
    tv.page.set_hidden(false);
    tv.wait_for_screen("expired");
    assert_eq!(room.verdict(), (Grade::Pass, vec![]));
}

#[test]
fn a_code_keeps_its_direction_where_lines_run_from_right_to_left() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&format!("{}?lang=ar", room.page()));
    tv.wait_for_screen("idle");
    tv.picture("idle-ar");
    tv.ask_for_a_code();
    tv.picture("code-ar");
    let left = |selector| format!("document.querySelector('{selector}').getBoundingClientRect().left");
    for (one, other) in [
        // The picture is mirrored; the code's groups are not.
        (".scan", ".how"),
        (".foot .controls", ".foot p"),
        ("[data-user-code] i:first-child", "[data-user-code] i:last-child"),
    ] {
        let is_left = format!("{} < {}", left(one), left(other));
        assert_eq!(tv.page.evaluate(&is_left), true, "{one} and {other}");
    }
    assert!(tv.scan().ends_with(&tv.user_code()));
    tv.assert_no_errors();
}

#[test]
fn back_gives_the_code_up() {
    let room = LivingRoom::new();
    let mut tv = Television::showing(&room.page());
    for back in [&keys::BACK_WEBOS, &keys::BACK_TIZEN, &keys::ESCAPE] {
        tv.ask_for_a_code();
        tv.press(back);
        tv.wait_for_screen("idle");
    }
}
