//! The revocation endpoint: a client takes its tokens back (RFC 7009).

use serde_json::json;

use super::{Call, Idp};
use crate::personality::{OthersTokens, Revoked};
use crate::refusal::{Refusal, Reply};
use crate::setup::TOKEN;

impl Idp {
    /// Success is the same for a token that was never there (RFC 7009 section 2.2); a hint at its kind is not needed.
    pub(super) fn revoke(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let form = call.form()?;
        let client_id = self.client(call, form)?.id.clone();
        let rule = &call.personality.tokens.revocation;
        let token = form.value(TOKEN);
        if token.is_none() && rule.token_required {
            return Err(Refusal::MissingParameter(TOKEN));
        }
        if let Some((token, session)) = token.and_then(|token| Some((token, self.store.token(token)?))) {
            let own = session.client_id == client_id && session.issuer_id == call.issuer.id;
            match rule.others_tokens {
                OthersTokens::Refused if !own => return Err(Refusal::OtherClientsToken),
                OthersTokens::Kept if !own => {}
                _ => self.store.revoke(token, rule.ends_access_tokens),
            }
        }
        Ok(match rule.answer {
            Revoked::Nothing => Reply::empty(200),
            Revoked::EmptyObject => Reply::json(200, json!({})),
        })
    }
}
