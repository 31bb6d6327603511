//! Whether somebody gets tokens for a device once they have signed in, where the product has a say in that.

use super::Idp;
use crate::grant::access_policy::SignIn;
use crate::grant::device::Decision;
use crate::personality::{NoEntry, Personality};
use crate::refusal::Refusal;
use crate::setup::DEVICE_CODE;
use crate::time::Instant;

impl Idp {
    /// The decision of somebody who says yes: theirs, or the product's no.
    pub(crate) fn yes_of(&mut self, facts: &Personality, now: Instant, user_code: &str, username: &str) -> Decision {
        match self.admit(facts, user_code, username) {
            Ok(()) => Decision::Approved {
                username: username.to_owned(),
                at: now,
            },
            Err(refusal) => Decision::Refused { refusal, at: now },
        }
    }

    /// Asks the client's assignments (O-36), then the access policies of the server that made the code.
    ///
    /// A refresh asks nobody.
    pub(crate) fn admit(&mut self, facts: &Personality, user_code: &str, username: &str) -> Result<(), Refusal> {
        match facts.page.closed {
            Some(NoEntry::NotAssigned) => return Err(Refusal::NotAssigned),
            Some(NoEntry::NoRule) => return Err(Refusal::DeniedByPolicy),
            None => {}
        }
        let grant = self.store.by_user_code(user_code);
        let user = self.setup.user(username);
        let (Some(_), Some(grant), Some(user)) = (facts.page.turned_away, grant, user) else {
            return Ok(());
        };
        let client = self.setup.client(&grant.client_id);
        let assigned_to = client.and_then(|client| client.assigned_to.as_ref());
        if assigned_to.is_some_and(|people| !people.include(user)) {
            return Err(Refusal::NotAssigned);
        }
        let Some(server) = self.setup.authorization_server(&grant.issuer_id) else {
            return Ok(());
        };
        server.judge(&SignIn {
            client_id: &grant.client_id,
            grant_type: DEVICE_CODE,
            user: Some(user),
            scope: &grant.scope,
        })
    }

    /// Asks the access policies of a server whether anybody at all could get tokens for a device (U-02).
    pub(super) fn admit_anybody(&self, issuer_id: &str, client_id: &str, scope: &str) -> Result<(), Refusal> {
        let sign_in = SignIn {
            client_id,
            grant_type: DEVICE_CODE,
            user: None,
            scope,
        };
        match self.setup.authorization_server(issuer_id) {
            Some(server) if server.rule_for(&sign_in).is_none() => Err(Refusal::DeniedByPolicy),
            _ => Ok(()),
        }
    }
}
