//! Who gets tokens of an authorization server: its access policies, judged.

use crate::refusal::Refusal;
use crate::setup::{AccessPolicy, AccessRule, AuthorizationServer, User};

/// A sign-in that policies are asked about.
pub(crate) struct SignIn<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) grant_type: &'a str,
    /// `None` as long as nobody has signed in: then any of the rules' people may come.
    pub(crate) user: Option<&'a User>,
    /// The scope as asked for, space separated.
    pub(crate) scope: &'a str,
}

impl SignIn<'_> {
    fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope.split_ascii_whitespace()
    }
}

impl AuthorizationServer {
    /// Tries the rules of every policy for the client, in order; the first that matches decides (O-40 to O-42).
    pub(crate) fn judge(&self, sign_in: &SignIn) -> Result<(), Refusal> {
        let rule = self.rule_for(sign_in).ok_or(Refusal::DeniedByPolicy)?;
        let denied = sign_in.scopes().filter(|scope| names(&rule.denied_scopes, scope));
        let denied: Vec<_> = denied.map(str::to_owned).collect();
        match denied.len() {
            0 => Ok(()),
            all if all == sign_in.scopes().count() => Err(Refusal::AllScopesDenied),
            _ => Err(Refusal::ScopesDenied(denied)),
        }
    }

    /// The first rule that matches.
    pub(crate) fn rule_for(&self, sign_in: &SignIn) -> Option<&AccessRule> {
        let policies = self.policies.iter().filter(|policy| policy.is_for(sign_in.client_id));
        let mut rules = policies.flat_map(|policy| &policy.rules);
        rules.find(|rule| rule.matches(sign_in))
    }
}

impl AccessPolicy {
    fn is_for(&self, client_id: &str) -> bool {
        self.clients.as_ref().is_none_or(|clients| names(clients, client_id))
    }
}

impl AccessRule {
    /// A rule whose scopes do not cover every one that was asked for is passed over (O-40).
    fn matches(&self, sign_in: &SignIn) -> bool {
        let Self {
            grant_types,
            people,
            scopes,
            denied_scopes: _,
        } = self;
        grant_types
            .as_ref()
            .is_none_or(|ticked| names(ticked, sign_in.grant_type))
            && (people.as_ref()).is_none_or(|people| sign_in.user.is_none_or(|user| people.include(user)))
            && scopes
                .as_ref()
                .is_none_or(|covered| sign_in.scopes().all(|scope| names(covered, scope)))
    }
}

fn names(list: &[String], name: &str) -> bool {
    list.iter().any(|each| each == name)
}
