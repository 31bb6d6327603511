use device_flow::Seed;
use expect_test::expect;
use tests::{Issuer, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn an_approval_signs_in() {
    with_each(
        |world| world.viewer(Viewer::ApprovesAfter(secs(12))),
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            // Pending, pending, tokens: each poll one interval after the answer before it.
            assert_eq!(log.gaps(), [5, 5]);
        },
    );
}

#[test]
fn servers_that_know_no_pkce_for_devices_sign_in_with_it_all_the_same() {
    // RFC 6749 section 3.2: parameters that are not known are ignored (S-05).
    with_each(
        |world| {
            let world = world.viewer(Viewer::ApprovesAfter(secs(12)));
            world.settings(|settings| {
                settings.pkce = true;
                settings.seed = Some(Seed::from_random([7; 32]));
            })
        },
        |_, log| assert_eq!(log.end_text(), SIGNED_IN),
    );
}

#[test]
fn the_story_of_a_sign_in() {
    let log = World::new(Issuer::OktaCustomAs)
        .viewer(Viewer::ApprovesAfter(secs(12)))
        .run();
    expect![[r#"
        0.0    tv     starts
        0.0    tv     GET /oauth2/default/.well-known/openid-configuration
        0.1    idp    200 metadata
        0.2    tv     POST /oauth2/default/v1/device/authorize
        0.3    idp    200 a code for 600 s, every 5 s
        0.4    tv     shows the code
        5.7    tv     POST /oauth2/default/v1/token
        5.8    idp    400 authorization_pending
        11.1   tv     POST /oauth2/default/v1/token
        11.2   idp    400 authorization_pending
        12.4   viewer approves
        16.6   tv     POST /oauth2/default/v1/token
        16.6   idp    200 tokens
        16.8   tv     GET /oauth2/default/v1/keys
        16.9   idp    200 keys
        16.9   tv     signed in as Jane Doe, vouched by signature
    "#]]
    .assert_eq(&log.to_string());
}
