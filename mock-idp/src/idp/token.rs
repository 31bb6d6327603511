//! The token endpoint: device codes and refresh tokens become tokens (RFC 8628 section 3.4, RFC 6749 section 6).

use serde_json::json;

use super::{Call, Idp, client};
use crate::form::Form;
use crate::grant::refresh::Session;
use crate::personality::{Ends, PolicyAsked};
use crate::refusal::{Refusal, Reply};
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};
use crate::tokens::{Facts, code, has_scope, issue, ordered, told_scope};

impl Idp {
    pub(super) fn token(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let form = call.form()?;
        let client = self.client(call, form)?;
        client::may_ask(call, client)?;
        let grant_type = form.value("grant_type").ok_or(Refusal::MissingGrantType)?;
        if ![DEVICE_CODE, REFRESH_TOKEN].contains(&grant_type) {
            return Err(Refusal::UnsupportedGrantType {
                asked: grant_type.to_owned(),
                configured: client.grant_types.clone(),
            });
        }
        if call.personality.intake.checks_grants && !client.may_use(grant_type) {
            return Err(Refusal::GrantNotAllowed(client.grant_types.clone()));
        }
        client::ask_late(call, form, client, grant_type)?;
        let client_id = client.id.clone();
        if grant_type == DEVICE_CODE {
            // O-21: who may not refresh gets nothing to do it with.
            let may_refresh = !call.personality.intake.checks_grants || client.may_use(REFRESH_TOKEN);
            self.redeem_device_code(call, form, client_id, may_refresh)
        } else {
            self.redeem_refresh_token(call, form, &client_id)
        }
    }

    fn redeem_device_code(
        &mut self,
        call: &Call,
        form: &Form,
        client_id: String,
        may_refresh: bool,
    ) -> Result<Reply, Refusal> {
        let device_code = form
            .value("device_code")
            .ok_or(Refusal::MissingParameter("device_code"))?;
        let rules = call.poll_rules();
        let grant = self
            .store
            .by_device_code(device_code)
            .ok_or(Refusal::UnknownDeviceCode)?;
        if grant.issuer_id != call.issuer.id {
            return Err(Refusal::UnknownDeviceCode);
        }
        if grant.client_id != client_id {
            return Err(Refusal::OtherClientsCode);
        }
        let limits = &call.personality.limits;
        let approved_by = grant.approved_by().unwrap_or_default();
        if self.throttles.has_enough(call.now, approved_by, limits) {
            grant.refused(call.now, &Refusal::TooManyTokens);
            return Err(Refusal::TooManyTokens);
        }
        let verdict = grant.redeem(call.now, rules);
        let asks_policies = call.personality.policy_asked == PolicyAsked::AlsoAtEveryPoll;
        if asks_policies && verdict == Err(Refusal::AuthorizationPending) {
            let scope = grant.scope.clone();
            self.admit_anybody(call.issuer.id, &client_id, &scope)?;
            return Err(Refusal::AuthorizationPending);
        }
        let (username, approved_at) = verdict?;
        let session = Session {
            client_id,
            username,
            grant: grant.number,
            scope: grant.scope.clone(),
            issuer: grant.issuer.clone(),
            issuer_id: call.issuer.id.to_owned(),
            approved_at,
            issued_at: call.now,
            expires_at: call.now + call.personality.tokens.refresh.lifetime,
            used_at: None,
        };
        let asked_for_by = call.personality.tokens.refresh.asked_for_by;
        let refresh_token = (may_refresh && asked_for_by.is_none_or(|name| has_scope(&session.scope, name)))
            .then(|| self.new_refresh_token(call, &session));
        self.hand_out(call, session, refresh_token.as_deref())
    }

    fn redeem_refresh_token(&mut self, call: &Call, form: &Form, client_id: &str) -> Result<Reply, Refusal> {
        let rule = &call.personality.tokens.refresh;
        let text = form
            .value(REFRESH_TOKEN)
            .ok_or(Refusal::MissingParameter(REFRESH_TOKEN))?;
        let kept = self.store.refresh_token(text).ok_or(Refusal::InvalidRefreshToken)?;
        if kept.client_id != client_id || kept.issuer_id != call.issuer.id {
            return Err(Refusal::InvalidRefreshToken);
        }
        if self
            .throttles
            .has_enough(call.now, &kept.username, &call.personality.limits)
        {
            return Err(Refusal::TooManyTokens);
        }
        if rule.reuse_ends_sign_in && kept.is_replaced(call.now, rule) {
            self.store.revoke(text, Ends::SignIn);
            return Err(Refusal::InvalidRefreshToken);
        }
        let scope = kept.refresh(call.now, form.value("scope"), rule)?;
        let original = Session {
            used_at: None,
            // A token that is only renewed keeps the moment it was made.
            issued_at: if rule.rotates { call.now } else { kept.issued_at },
            expires_at: kept.end_after_use(call.now, rule),
            ..kept.clone()
        };
        let refresh_token = if rule.rotates {
            Some(self.new_refresh_token(call, &original))
        } else {
            rule.is_told_again.then(|| text.to_owned())
        };
        self.hand_out(call, Session { scope, ..original }, refresh_token.as_deref())
    }

    fn new_refresh_token(&mut self, call: &Call, session: &Session) -> String {
        let text = code(call.personality.tokens.refresh_token, &mut self.random.tokens);
        self.store.keep_refresh_token(call.now, text.clone(), session.clone());
        text
    }

    /// The successful answer (RFC 6749 section 5.1).
    fn hand_out(&mut self, call: &Call, session: Session, refresh_token: Option<&str>) -> Result<Reply, Refusal> {
        let rules = &call.personality.tokens;
        // Whoever approved may have been removed since.
        let user = self.setup.user(&session.username).ok_or(Refusal::AccessDenied)?;
        let access = Session {
            issued_at: call.now,
            expires_at: call.now + rules.lifetime,
            ..session
        };
        let facts = Facts {
            now: call.now,
            skew: self.setup.skew,
            session: &access,
            user,
            caller: &access.client_id,
            host: &call.base,
            server: call.issuer.authorization_server(&self.setup),
            rules,
        };
        let issued = issue(&facts, &mut self.random.tokens, &*self.setup.signer);
        let body = ordered(rules.members, |name| match name {
            "access_token" => Some(json!(issued.access_token)),
            "token_type" => Some(json!("Bearer")),
            "expires_in" => Some(json!(rules.lifetime.as_secs())),
            "scope" => Some(json!(told_scope(rules, &access.scope))),
            "id_token" => issued.id_token.as_ref().map(|token| json!(token)),
            "refresh_token" => refresh_token.map(|token| json!(token)),
            _ => None,
        });
        let limits = &call.personality.limits;
        self.throttles.gets_tokens(call.now, &access.username, limits);
        self.store.keep_access_token(call.now, issued.access_token, access);
        Ok(Reply::json(200, body))
    }
}
