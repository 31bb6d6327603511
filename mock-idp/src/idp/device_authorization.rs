//! The device authorization endpoint (RFC 8628 sections 3.1 and 3.2).

use std::sync::atomic::Ordering;

use serde_json::{Value, json};

use super::client::may_ask;
use super::{Call, Idp};
use crate::form::Form;
use crate::grant::device::{Decision, DeviceGrant};
use crate::personality::{CodesMember, PolicyAsked, UnknownScope};
use crate::refusal::{Refusal, Reply};
use crate::setup::DEVICE_CODE;
use crate::tokens::code;

impl Idp {
    pub(super) fn authorize_device(&mut self, call: &Call) -> Result<Reply, Refusal> {
        let facts = call.personality;
        let form = call.form()?;
        let client = self.client(call, form)?;
        may_ask(call, client)?;
        if facts.intake.checks_grants && !client.may_use(DEVICE_CODE) {
            return Err(Refusal::StartNotAllowed(client.grant_types.clone()));
        }
        let client_id = client.id.clone();
        let scope = self.scope(call, form)?;
        if facts.policy_asked == PolicyAsked::AlsoAtStart {
            self.admit_anybody(call.issuer.id, &client_id, &scope)?;
        }
        self.count_code(call, &client_id)?;

        let user_code = self.fresh_user_code(call);
        let grant = DeviceGrant {
            number: self.setup.grants_made.fetch_add(1, Ordering::Relaxed),
            device_code: code(facts.device_code, &mut self.random.codes).into(),
            user_code: user_code.into(),
            client_id,
            scope,
            issuer: call.issuer.url(&call.base),
            issuer_id: call.issuer.id.to_owned(),
            issued_at: call.now,
            expires_at: call.now + facts.code_lifetime,
            decision: Decision::Waiting,
            interval: facts.interval,
            seen_at: None,
            polls: 0,
            answered_at: None,
            redeemed_at: None,
        };
        let verification_uri = format!("{}{}", call.base, facts.paths.verification);
        let members = facts.device_authorization_members.iter().map(|&(name, member)| {
            let value = match member {
                CodesMember::DeviceCode => json!(&*grant.device_code),
                CodesMember::UserCode => json!(&*grant.user_code),
                CodesMember::VerificationUri => json!(verification_uri),
                CodesMember::VerificationUriComplete => json!(format!(
                    "{verification_uri}?{}={}",
                    facts.code_parameter, grant.user_code
                )),
                CodesMember::ExpiresIn => json!(facts.code_lifetime.as_secs()),
                CodesMember::Interval => json!(facts.interval.as_secs()),
            };
            (name.to_owned(), value)
        });
        let body = Value::Object(members.collect());
        self.store.insert(call.now, grant);
        Ok(Reply::json(200, body))
    }

    fn scope(&self, call: &Call, form: &Form) -> Result<String, Refusal> {
        let intake = &call.personality.intake;
        let Some(scope) = form.value("scope") else {
            return if intake.scope_required {
                Err(Refusal::MissingScope)
            } else {
                Ok(intake.default_scope.to_owned())
            };
        };
        let server = call.issuer.authorization_server(&self.setup);
        let is_known = |name: &&str| {
            intake.scopes.contains(name) || server.is_some_and(|server| server.scopes.iter().any(|each| each == name))
        };
        match intake.unknown_scope {
            UnknownScope::Kept => Ok(scope.to_owned()),
            UnknownScope::Dropped => {
                let known = scope.split_ascii_whitespace().filter(is_known);
                Ok(known.collect::<Vec<_>>().join(" "))
            }
            UnknownScope::Refused => {
                let unknown: Vec<_> = scope.split(' ').filter(|name| !is_known(name)).collect();
                if unknown.is_empty() {
                    Ok(scope.to_owned())
                } else {
                    Err(Refusal::UnknownScope(unknown.join(" ")))
                }
            }
        }
    }

    fn fresh_user_code(&mut self, call: &Call) -> String {
        loop {
            let user_code = code(call.personality.user_code, &mut self.random.codes);
            // numbers start at 1. No other alphabet has a zero.
            let counts = user_code.chars().any(|character| character != '0');
            if counts && !self.store.knows_user_code(&user_code) {
                return user_code;
            }
        }
    }
}
