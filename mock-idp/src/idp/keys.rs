//! What signs tokens, and how that changes while the server runs.

use std::mem;
use std::sync::Arc;

use super::Idp;
use crate::setup::MOST_RETIRED;
use crate::signer::Signer;

impl Idp {
    /// Signs with another key from now on; the one before stays among the published keys, so that its tokens still
    /// verify (O-126). Nine of those stay; then the oldest goes.
    ///
    /// [`reset`](Self::reset) brings the keys of the start back.
    pub fn rotate_keys(&mut self, signer: Arc<dyn Signer>) {
        let retired = mem::replace(&mut self.setup.signer, signer);
        self.setup.retired_signers.insert(0, retired);
        self.setup.retired_signers.truncate(MOST_RETIRED);
    }

    /// The published keys, newest first: the first one signs.
    pub fn signers(&self) -> impl Iterator<Item = &Arc<dyn Signer>> {
        [&self.setup.signer].into_iter().chain(&self.setup.retired_signers)
    }
}
