use device_flow::TransportError;
use expect_test::expect;
use tests::{Fault, Issuer, Network, Viewer, World, secs};

use crate::{SIGNED_IN, with_each};

#[test]
fn a_dropped_connection_does_not_end_a_sign_in() {
    with_each(
        |world| {
            let dropped = Fault::RequestLost(TransportError::Interrupted);
            world
                .viewer(Viewer::ApprovesAfter(secs(3)))
                .network(Network::default().with_polls([1, 2], &dropped))
        },
        |_, log| {
            assert_eq!(log.end_text(), SIGNED_IN);
            // Back-off doubles the extra wait (RFC 8628 section 3.5): 5 + 5, then 5 + 10.
            assert_eq!(log.gaps(), [10, 15]);
        },
    );
}

#[test]
fn an_html_page_from_a_broken_server_or_proxy_does_not_end_a_sign_in() {
    // X-23, A2-10: of three well-known clients none survives this.
    for status in [500, 502] {
        with_each(
            |world| {
                let network = Network::default().answering([1], status, b"<html><h1>Something went wrong</h1></html>");
                world.viewer(Viewer::ApprovesAfter(secs(12))).network(network)
            },
            |_, log| {
                assert_eq!(log.end_text(), SIGNED_IN);
                // Back-off once, then the normal pace.
                assert_eq!(log.gaps(), [10]);
            },
        );
    }
}

#[test]
fn tokens_that_got_lost_on_the_way_are_not_asked_for_for_ever() {
    // X-28: the server has used up the code, the device has nothing.
    let lost = Fault::AnswerLost(TransportError::Interrupted);
    let world = World::new(Issuer::OktaOrg).viewer(Viewer::ApprovesAfter(secs(3)));
    let log = world.network(Network::default().with_polls([1], &lost)).run();
    expect![[r#"
        0.0    tv     starts
        0.0    tv     GET /.well-known/openid-configuration
        0.1    idp    200 metadata
        0.2    tv     POST /oauth2/v1/device/authorize
        0.3    idp    200 a code for 600 s, every 5 s
        0.4    tv     shows the code
        3.4    viewer approves
        5.7    tv     POST /oauth2/v1/token
        5.8    idp    200 tokens
        5.8    tv     no answer: the connection broke off
        16.1   tv     POST /oauth2/v1/token
        16.2   idp    400 invalid_grant
        16.3   tv     failed: invalid_grant
    "#]]
    .assert_eq(&log.to_string());
}
