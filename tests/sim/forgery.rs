use std::sync::Arc;

use mock_idp::BlankSigner;
use tests::{Issuer, Viewer, World, secs};

#[test]
fn a_token_that_nobody_signed_signs_nobody_in() {
    for issuer in Issuer::ALL {
        let world = World::signed_by(issuer, Arc::new(BlankSigner::new()));
        let log = world.viewer(Viewer::ApprovesAfter(secs(3))).run();
        assert_eq!(
            log.end_text(),
            "failed: id_token_signature_invalid",
            "{issuer:?}\n{log}"
        );
    }
}
