use tests::{Viewer, secs};

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
