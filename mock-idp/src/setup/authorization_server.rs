//! Okta's custom authorization servers, and the access policies that say who gets tokens from them.

use serde::{Deserialize, Serialize};

use super::User;

/// The id of the server that every org with API Access Management has (O-01).
pub(crate) const DEFAULT: &str = "default";

/// A custom authorization server beside the org's own. Only Okta has them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AuthorizationServer {
    /// Its place in the paths, such as `default`: letters, digits, `-` and `_` (O-01).
    pub id: String,
    /// The `aud` of its access tokens; without one `api://` and the id, as `default` has it (O-123).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audience: Option<String>,
    /// Scopes of its own beside those of OpenID Connect; the metadata does not name them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// Tried in this order; left out, there is one that allows everything, and without any nothing is allowed (O-40).
    #[serde(default = "allowing_everything")]
    pub policies: Vec<AccessPolicy>,
}

pub(crate) fn allowing_everything() -> Vec<AccessPolicy> {
    vec![AccessPolicy {
        clients: None,
        rules: vec![AccessRule::default()],
    }]
}

/// Rules for some clients.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccessPolicy {
    /// The `client_id` values it is for; left out, it is for every client.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clients: Option<Vec<String>>,
    /// Tried in this order; the first that matches decides, and no other is asked.
    pub rules: Vec<AccessRule>,
}

/// Matches a sign-in that meets all its conditions. One without any matches every sign-in.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct AccessRule {
    /// The `grant_type` values that are ticked; left out, all are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_types: Option<Vec<String>>,
    /// Who signs in; left out, anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub people: Option<People>,
    /// Every scope that was asked for is among these; left out, any scopes are fine.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// No condition: if the rule matches and any of these was asked for, the sign-in is refused (O-41, O-42).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub denied_scopes: Vec<String>,
}

/// Some of the users: those named, and the members of the groups named.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct People {
    /// By username.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub users: Vec<String>,
    /// By the names that users have in their `groups`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

impl AuthorizationServer {
    /// A server whose one policy allows everything.
    pub fn new(id: &str) -> Self {
        Self {
            id: id.to_owned(),
            audience: None,
            scopes: Vec::new(),
            policies: allowing_everything(),
        }
    }

    /// What could never be used, in words.
    #[cfg(feature = "server")]
    pub(crate) fn check(&self) -> Result<(), String> {
        let id = &self.id;
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if id.is_empty() || !id.bytes().all(plain) {
            return Err(format!(
                "the `id` of an authorization server is made of letters, digits, `-` and `_`, so not {id:?}"
            ));
        }
        let rules = self.policies.iter().flat_map(|policy| &policy.rules);
        let mut ticked = rules.flat_map(|rule| rule.grant_types.iter().flatten());
        match ticked.find(|name| !super::is_grant_type(name)) {
            Some(wrong) => Err(format!(
                "authorization server {id:?} has {wrong:?} among the `grant_types` of a rule; the device grant is \
                 {:?}",
                super::DEVICE_CODE
            )),
            None => Ok(()),
        }
    }

    pub(crate) fn audience(&self) -> String {
        self.audience.clone().unwrap_or_else(|| format!("api://{}", self.id))
    }
}

impl People {
    pub(crate) fn include(&self, user: &User) -> bool {
        let member = |group| user.groups.contains(group);
        self.users.contains(&user.username) || self.groups.iter().any(member)
    }
}
