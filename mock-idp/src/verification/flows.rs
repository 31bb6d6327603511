//! The verification page as flows with addresses of their own: one asks for the code, one for the person's consent.

use super::visitors::Visit;
use super::{enter, redirect, wrong_code};
use crate::form::Form;
use crate::idp::{Call, Idp};
use crate::personality::FlowPaths;
use crate::refusal::{Refusal, Reply};

impl Idp {
    /// What somebody who is signed in sees, and where they are led.
    pub(super) fn flow(
        &mut self,
        call: &Call,
        paths: FlowPaths,
        visit: &Visit,
        form: &Form,
        username: String,
    ) -> Result<Reply, Refusal> {
        let facts = call.personality;
        let path = call.request.path();
        let is_post = call.request.method == "POST";
        let code = facts.page.taken(form.value(facts.code_parameter).unwrap_or_default());
        let user_code = facts.user_code_match.typed(facts.user_code, code);
        let flows = &self.setup.flows;
        let consent = if flows.implicit_consent {
            paths.implicit_consent
        } else {
            paths.explicit_consent
        };
        let asks = path == paths.explicit_consent || path == paths.implicit_consent;
        if asks && path != consent {
            return Err(Refusal::UnknownPath);
        }
        // a good code in the address leads past the flow that would ask for it.
        let leads_on = path == facts.paths.verification && !is_post && self.is_open(call, &user_code);
        let people = self.setup.flows.applies_to.as_ref();
        let applies = people.is_none_or(|people| self.setup.user(&username).is_some_and(|user| people.include(user)));
        if !asks && !leads_on && !applies {
            return Err(Refusal::UnknownPath);
        }
        if !asks && !is_post && code.is_empty() {
            return Ok(if path == paths.device_code {
                enter(call, visit, "", None)
            } else {
                redirect(visit, paths.device_code)
            });
        }
        if !self.takes(call, &user_code) {
            return Ok(wrong_code(call, visit, code));
        }
        if !asks {
            let target = format!("{consent}?{}={user_code}", facts.code_parameter);
            return Ok(redirect(visit, &target));
        }
        if let Some(no) = self.no_entry(call, visit, &user_code, &username) {
            return Ok(no);
        }
        let agrees = path == paths.implicit_consent || (is_post && form.value("decision") == Some("approve"));
        Ok(if agrees {
            self.approve_on_page(call, visit, &user_code, username)
        } else {
            self.confirm(call, visit, &user_code, &username)
        })
    }
}
