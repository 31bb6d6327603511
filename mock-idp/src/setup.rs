//! What an authorization server is set up with: clients, people, origins, a seed and a key.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use serde::{Deserialize, Serialize};

use crate::fault::Faults;
use crate::personality::{Assumptions, AuthentikVersion};
use crate::signer::Signer;

mod authorization_server;
mod flows;
mod rate_limits;

pub(crate) use authorization_server::DEFAULT;
#[cfg(feature = "server")]
pub(crate) use authorization_server::allowing_everything;
pub use authorization_server::{AccessPolicy, AccessRule, AuthorizationServer, People};
pub use flows::Flows;
#[cfg(feature = "server")]
pub(crate) use rate_limits::Table;
pub use rate_limits::{RateLimit, RateLimits};

/// The device grant's name (RFC 8628 section 3.4).
pub(crate) const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";
/// The refresh grant's name (RFC 6749 section 6).
pub(crate) const REFRESH_TOKEN: &str = "refresh_token";

/// The parameter that names a token to be revoked (RFC 7009 section 2.1).
pub(crate) const TOKEN: &str = "token";

/// A client: an application on a device, public or, with a secret, confidential (RFC 6749 section 2.1).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// The `client_id` it sends.
    pub id: String,
    /// What people see on the consent page.
    pub name: String,
    /// The `grant_type` values it may use.
    #[serde(default = "all_grant_types")]
    pub grant_types: Vec<String>,
    /// Makes it a confidential client: what it must show where the product asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
    /// Who may sign in with it; left out, everybody. Only Okta assigns people to clients (O-36).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assigned_to: Option<People>,
    /// Whether Okta's custom authorization servers turn it away, as they do with some kinds of apps (O-56).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub org_server_only: bool,
    /// Whether whoever has signed in is not asked for consent to it. Only Okta goes by it (O-145); authentik has flows.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub implicit_consent: bool,
    /// The addresses that it may ask from; left out, any. Only Okta looks at them (O-43).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub network_zone: Option<Vec<IpAddr>>,
    /// Where browsers may be sent to once somebody has signed out (OpenID Connect RP-Initiated Logout 1.0 section 3.1).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub post_logout_redirect_uris: Vec<String>,
}

/// Every grant that the mock knows.
pub(crate) fn all_grant_types() -> Vec<String> {
    vec![DEVICE_CODE.to_owned(), REFRESH_TOKEN.to_owned()]
}

impl Client {
    /// A client with every grant this mock knows.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            grant_types: all_grant_types(),
            secret: None,
            assigned_to: None,
            org_server_only: false,
            implicit_consent: false,
            network_zone: None,
            post_logout_redirect_uris: Vec::new(),
        }
    }

    /// The demo's television.
    pub(crate) fn demo() -> Self {
        Self::new("tv", "Living Room TV")
    }

    /// The same client with a secret (RFC 6749 section 2.3.1).
    #[must_use]
    pub fn with_secret(mut self, secret: &str) -> Self {
        self.secret = Some(secret.to_owned());
        self
    }

    /// What could never be used, in words.
    #[cfg(feature = "server")]
    pub(crate) fn check(&self) -> Result<(), String> {
        // A form cannot send an empty value (S-05).
        if self.id.is_empty() {
            return Err("a client's `id` is empty; give it the `client_id` that the device sends".to_owned());
        }
        // RFC 6749 appendix A.1
        if !self.id.bytes().all(|byte| (0x20..=0x7e).contains(&byte)) {
            return Err(format!(
                "the client id {:?} has characters that no client id has; only those from space to ~ are (RFC 6749 appendix A.1)",
                self.id
            ));
        }
        if self.name.is_empty() {
            let id = &self.id;
            return Err(format!(
                "the `name` of client {id:?} is empty; people see it on the consent page"
            ));
        }
        if self.secret.as_deref() == Some("") {
            let id = &self.id;
            return Err(format!(
                "the `secret` of client {id:?} is empty; leave it out for a public client"
            ));
        }
        match self.grant_types.iter().find(|each| !is_grant_type(each)) {
            Some(wrong) => Err(format!(
                "client {:?} has {wrong:?} among its `grant_types`; the mock knows {DEVICE_CODE:?} and {REFRESH_TOKEN:?}",
                self.id
            )),
            None => Ok(()),
        }
    }

    pub(crate) fn may_use(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|each| each == grant_type)
    }
}

/// Whether a name is one of RFC 7591 section 2, or an absolute URI (RFC 6749 section 4.5).
#[cfg(feature = "server")]
fn is_grant_type(name: &str) -> bool {
    let short = [
        "authorization_code",
        "implicit",
        "password",
        "client_credentials",
        REFRESH_TOKEN,
    ];
    short.contains(&name) || name.contains(':')
}

/// Somebody who can sign in and approve.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What they type to sign in.
    pub username: String,
    /// What else they type.
    pub password: String,
    /// Their name, as the `name` claim gives it (OpenID Connect Core section 5.1).
    pub name: String,
    /// Their mail address, as the `email` claim gives it.
    pub email: String,
    /// The groups they are in, for whatever asks for [`People`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
}

impl User {
    /// The demo's person.
    pub(crate) fn demo() -> Self {
        Self {
            username: "jane".to_owned(),
            password: "password".to_owned(),
            name: "Jane Doe".to_owned(),
            email: "jane@example.test".to_owned(),
            groups: Vec::new(),
        }
    }

    /// What could never be used, in words.
    #[cfg(feature = "server")]
    pub(crate) fn check(&self) -> Result<(), String> {
        if self.username.is_empty() {
            return Err("a user's `username` is empty; give what they type to sign in".to_owned());
        }
        if self.password.is_empty() {
            let username = &self.username;
            return Err(format!(
                "the `password` of user {username:?} is empty; a form cannot send it (S-05)"
            ));
        }
        Ok(())
    }
}

/// So many keys at most signed before: each takes about a tenth of a second to make.
pub(crate) const MOST_RETIRED: usize = 9;

/// Everything an [`Idp`](crate::Idp) is made from.
#[derive(Clone)]
pub struct Setup {
    /// Who may ask for codes.
    pub clients: Vec<Client>,
    /// Who may approve.
    pub users: Vec<User>,
    /// Origins of pages that call this server, such as `http://127.0.0.1:8080`.
    ///
    /// Okta knows them as Trusted Origins (O-108), authentik as redirect URIs.
    pub page_origins: Vec<String>,
    /// Okta's custom authorization servers.
    pub authorization_servers: Vec<AuthorizationServer>,
    /// The folder of its host that it is in, such as `/idp`, where something in front gives it no more; empty if it has the host.
    ///
    /// Requests come with it at the beginning of their targets, and every address that the answers name has it.
    pub folder: String,
    /// Which authentik an authentik is.
    pub authentik_version: AuthentikVersion,
    /// What flows that authentik has for devices.
    pub flows: Flows,
    /// What it tells others, in tokens and `Date` headers, is so many seconds ahead of its clock; deadlines stay.
    pub skew: i64,
    /// How products behave where nobody has verified it.
    pub assumptions: Assumptions,
    /// How many requests they take.
    pub rate_limits: RateLimits,
    /// The same seed yields the same codes and tokens.
    pub seed: u64,
    /// Signs the tokens.
    pub signer: Arc<dyn Signer>,
    /// Keys that signed before, newest first: they stay among the published ones (O-126).
    pub retired_signers: Vec<Arc<dyn Signer>>,
    /// The scenarios and scripts that are switched on, shared with all clones.
    pub faults: Faults,
    /// How many grants were made with this setup and its clones: hosts side by side number theirs as one.
    pub(crate) grants_made: Arc<AtomicU64>,
}

impl Setup {
    /// The demo's world: client `tv` and user `jane` with password `password`.
    pub fn demo(signer: Arc<dyn Signer>) -> Self {
        Self {
            clients: vec![Client::demo()],
            users: vec![User::demo()],
            page_origins: Vec::new(),
            authorization_servers: vec![AuthorizationServer::new(DEFAULT)],
            folder: String::new(),
            authentik_version: AuthentikVersion::default(),
            flows: Flows::default(),
            skew: 0,
            assumptions: Assumptions::default(),
            rate_limits: RateLimits::default(),
            seed: 0,
            signer,
            retired_signers: Vec::new(),
            faults: Faults::default(),
            grants_made: Arc::default(),
        }
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn authorization_server(&self, id: &str) -> Option<&AuthorizationServer> {
        self.authorization_servers.iter().find(|server| server.id == id)
    }

    pub(crate) fn user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }
}
