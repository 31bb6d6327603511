//! The userinfo endpoint (OpenID Connect Core section 5.3).

use super::{Call, Idp};
use crate::form::Form;
use crate::refusal::{Refusal, Reply};
use crate::tokens::{Facts, has_scope, userinfo};

impl Idp {
    pub(super) fn userinfo(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let token = bearer(call).ok_or(Refusal::InvalidAccessToken)?;
        let session = self
            .store
            .access_token(call.now, &token)
            .ok_or(Refusal::InvalidAccessToken)?;
        if session.issuer_id != call.issuer.id {
            return Err(Refusal::InvalidAccessToken);
        }
        if !has_scope(&session.scope, "openid") {
            return Err(Refusal::InsufficientScope);
        }
        let user = self.setup.user(&session.username).ok_or(Refusal::InvalidAccessToken)?;
        let facts = Facts {
            now: call.now,
            skew: self.setup.skew,
            session,
            user,
            caller: &session.client_id,
            host: &call.base,
            server: call.issuer.authorization_server(&self.setup),
            rules: &call.personality.tokens,
        };
        Ok(Reply::json(200, userinfo(&facts, &mut self.random.tokens)))
    }
}

/// The access token, from header, body or query (RFC 6750 section 2).
pub(super) fn bearer(call: &Call) -> Option<String> {
    if let Some(value) = call.request.header("authorization") {
        let (scheme, token) = value.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| token.trim().to_owned());
    }
    let form = call.form().unwrap_or(Form::EMPTY);
    let query = Form::parse(call.request.query().as_bytes());
    let token = form.value("access_token").or_else(|| query.value("access_token"))?;
    Some(token.to_owned())
}
