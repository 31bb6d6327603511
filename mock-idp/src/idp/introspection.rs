//! The introspection endpoint: what a token stands for, for those who may ask (RFC 7662).

use serde_json::{Value, json};

use super::{Call, Idp};
use crate::refusal::{Refusal, Reply};
use crate::setup::TOKEN;
use crate::tokens::{Facts, introspection};

impl Idp {
    /// A token that is unknown, over or out of the caller's sight is inactive, and no more is said (S-53).
    pub(super) fn introspect(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let form = call.form()?;
        let client = self.client(call, form)?;
        let rule = &call.personality.tokens.introspection;
        if rule.confidential_only && client.secret.is_none() {
            return Err(Refusal::WrongAuthenticationMethod);
        }
        let caller = client.id.clone();
        let token = match form.value(TOKEN) {
            Some(token) => token,
            None if rule.token_required => return Err(Refusal::MissingParameter(TOKEN)),
            None => "",
        };
        let described = self.describe(call, &caller, token);
        Ok(Reply::json(
            200,
            described.unwrap_or_else(|| json!({ "active": false })),
        ))
    }

    fn describe(&mut self, call: &Call, caller: &str, token: &str) -> Option<Value> {
        let rule = call.personality.tokens.introspection;
        let access = self.store.access_token(call.now, token).cloned();
        let (mut session, claims) = match access {
            Some(session) => (session, rule.access_token),
            None => (self.store.refresh_token(token)?.clone(), rule.refresh_token),
        };
        let is_replaced = session.is_replaced(call.now, &call.personality.tokens.refresh);
        if !is_replaced {
            session.used_at = None;
        }
        let is_over = call.now >= session.expires_at || (is_replaced && !rule.describes_used);
        let is_foreign = session.client_id != caller && !rule.others_tokens;
        if is_over || is_foreign || session.issuer_id != call.issuer.id {
            return None;
        }
        let facts = Facts {
            now: session.issued_at,
            session: &session,
            user: self.setup.user(&session.username)?,
            caller,
            skew: self.setup.skew,
            host: &call.base,
            server: call.issuer.authorization_server(&self.setup),
            rules: &call.personality.tokens,
        };
        Some(introspection(&facts, claims, token))
    }
}
