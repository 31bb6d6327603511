use tests::{Issuer, Viewer, World, secs};

use crate::with_each;

#[test]
fn a_denial_ends_the_polling_where_one_can_deny() {
    with_each(
        |world| world.viewer(Viewer::DeniesAfter(secs(12))),
        |issuer, log| {
            // authentik has no control to deny with: the code just runs out.
            assert_eq!(log.end_text(), if issuer.has_deny() { "denied" } else { "expired" });
        },
    );
}

#[test]
fn a_denial_that_a_page_may_not_read_is_waited_out_like_a_lost_answer() {
    // the page cannot tell it from any other answer without the headers of CORS.
    for issuer in [Issuer::Rfc, Issuer::OktaOrg, Issuer::OktaCustomAs] {
        let world = World::new(issuer).scenario("X-62", "").on_a_page();
        let log = world.viewer(Viewer::DeniesAfter(secs(12))).run();
        assert!(log.to_string().contains("viewer denies"), "{issuer:?}\n{log}");
        assert_eq!(log.end_text(), "failed: cross_origin_refused", "{issuer:?}\n{log}");
        let last = *log.polls().last().expect("it was asked");
        assert!(last >= secs(issuer.code_lifetime()), "{issuer:?} {last:?}");
    }
}
