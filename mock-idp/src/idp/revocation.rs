//! The revocation endpoint: a client takes its tokens back (RFC 7009).

use serde_json::json;

use super::{Call, Idp};
use crate::form::Form;
use crate::personality::{OthersTokens, Revoked};
use crate::refusal::{Refusal, Reply};
use crate::setup::TOKEN;

impl Idp {
    /// Success is the same for a token that was never there (RFC 7009 section 2.2); a hint at its kind is not needed.
    pub(super) fn revoke(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let rule = &call.personality.tokens.revocation;
        let form = call.form()?;
        let client_id = match self.client(call, form) {
            Err(_) if rule.by_anybody => None,
            client => Some(client?.id.clone()),
        };
        let query = Form::parse(call.request.query().as_bytes());
        let in_query = || query.value(TOKEN).filter(|_| rule.reads_query);
        let token = form.value(TOKEN).or_else(in_query);
        if token.is_none() && rule.token_required {
            return Err(Refusal::MissingParameter(TOKEN));
        }
        let known = token.and_then(|token| Some((token, self.store.token(token)?)));
        if known.is_none() && rule.unknown_is_refused {
            return Err(Refusal::UnknownToken);
        }
        if let Some((token, session)) = known {
            let own = client_id.as_ref() == Some(&session.client_id) && session.issuer_id == call.issuer.id;
            match rule.others_tokens {
                OthersTokens::Refused if !own => return Err(Refusal::OtherClientsToken),
                OthersTokens::Kept if !own => {}
                _ => self.store.revoke(token, rule.ends),
            }
        }
        Ok(match rule.answer {
            Revoked::Nothing => Reply::empty(200),
            Revoked::EmptyObject => Reply::json(200, json!({})),
        })
    }
}
