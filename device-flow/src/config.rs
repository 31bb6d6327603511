//! What a sign-in needs to know beforehand. Everything wrong with it is found here, before any request.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};

use crate::error::ConfigError;
use crate::json::{Members, Value, decimal};
use crate::secret::Seed;
use crate::url::HttpUrl;

/// Asked for when the settings name no scope: who the person is, and their name (OpenID Connect Core 1.0 section 5.4).
const DEFAULT_SCOPE: &str = "openid profile";

/// Ours: with the first code that makes twenty, which is what authentik gives out in an hour.
const MAX_RENEWALS: u8 = 19;

/// A configuration as people write it; [`Config::new`] reads it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Settings {
    /// The authorization server's `issuer`, exactly as its metadata spell it: a trailing slash matters.
    pub issuer: Option<String>,
    /// `client_id` of a public client.
    pub client_id: String,
    /// Space-separated scopes (RFC 6749 section 3.3); `openid profile` if absent.
    pub scope: Option<String>,
    /// With `token_endpoint`: used as given, and no metadata are fetched.
    pub device_authorization_endpoint: Option<String>,
    /// With `device_authorization_endpoint`: used as given.
    pub token_endpoint: Option<String>,
    /// With explicit endpoints: where the keys for ID tokens are.
    pub jwks_uri: Option<String>,
    /// With explicit endpoints: where tokens are taken back at sign-out (RFC 7009).
    pub revocation_endpoint: Option<String>,
    /// With explicit endpoints: where the person can end their session at the server as well (OpenID Connect
    /// RP-Initiated Logout 1.0).
    pub end_session_endpoint: Option<String>,
    /// How many new codes are asked for by themselves, one whenever a code runs out, before a person must ask again;
    /// none if absent, 19 at most.
    pub renewals: u8,
    /// Binds each code to this device by PKCE (RFC 7636), for servers that are known to look at it with this grant: no
    /// metadata tell.
    pub pkce: bool,
    /// With `pkce`: what its secrets are made from. No part of a file; the shell puts it in.
    pub seed: Option<Seed>,
    /// Refuses what the RFCs do not allow though it could be understood. For testing authorization servers.
    pub strict: bool,
    /// Lets everything travel over plain `http` to other machines. For test networks only.
    pub allow_insecure_http: bool,
}

impl Settings {
    /// An Okta org, or one of its custom authorization servers such as `default` (O-01).
    pub fn okta(domain: &str, authorization_server: Option<&str>, client_id: &str) -> Self {
        let issuer = match authorization_server {
            Some(id) => format!("https://{domain}/oauth2/{id}"),
            None => format!("https://{domain}"),
        };
        Self {
            issuer: Some(issuer),
            client_id: client_id.into(),
            ..Self::default()
        }
    }

    /// An authentik application by its slug, below the address of the installation.
    pub fn authentik(base: &str, slug: &str, client_id: &str) -> Self {
        let issuer = format!("{}/application/o/{slug}/", base.trim_end_matches('/'));
        Self {
            issuer: Some(issuer),
            client_id: client_id.into(),
            ..Self::default()
        }
    }

    /// Reads a JSON object with these members; unknown members are errors, because a misspelt one would be lost.
    ///
    /// # Errors
    ///
    /// [`ConfigError::Unreadable`] for what is no JSON object; else as [`Settings::read`].
    pub fn from_json(json: &[u8]) -> Result<Self, ConfigError> {
        Members::parse(json)
            .map_err(|error| ConfigError::Unreadable(error.to_string()))
            .and_then(Self::read)
    }

    /// The same of an object that was read already. By hand: what serde makes of so many members is a tenth of a page.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first member that is not known, or is not what it must be.
    pub fn read(mut members: Members) -> Result<Self, ConfigError> {
        let mut settings = Self {
            issuer: text(&mut members, "issuer")?,
            client_id: text(&mut members, "client_id")?.unwrap_or_default(),
            scope: text(&mut members, "scope")?,
            device_authorization_endpoint: text(&mut members, "device_authorization_endpoint")?,
            token_endpoint: text(&mut members, "token_endpoint")?,
            jwks_uri: text(&mut members, "jwks_uri")?,
            revocation_endpoint: text(&mut members, "revocation_endpoint")?,
            end_session_endpoint: text(&mut members, "end_session_endpoint")?,
            ..Self::default()
        };
        for (name, flag) in [
            ("pkce", &mut settings.pkce),
            ("strict", &mut settings.strict),
            ("allow_insecure_http", &mut settings.allow_insecure_http),
        ] {
            *flag = match members.take(name) {
                None => false,
                Some(Value::Bool(value)) => value,
                Some(_) => return Err(unfit(name, "true or false")),
            };
        }
        if let Some(value) = members.take("renewals") {
            settings.renewals = match value {
                Value::Number(number) => number.as_plain().and_then(|number| number.try_into().ok()),
                _ => None,
            }
            .ok_or_else(|| unfit("renewals", "a small whole number"))?;
        }
        match members.names().next() {
            None => Ok(settings),
            Some(name) => Err(ConfigError::Unreadable(format!("unknown field `{name}`"))),
        }
    }
}

/// A text that may be absent or `null`.
fn text(members: &mut Members, name: &str) -> Result<Option<String>, ConfigError> {
    match members.take(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(_) => Err(unfit(name, "a text")),
    }
}

fn unfit(name: &str, must_be: &str) -> ConfigError {
    ConfigError::Unreadable(format!("`{name}` must be {must_be}"))
}

/// A configuration that can work.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) server: Server,
    pub(crate) client_id: String,
    pub(crate) scope: String,
    pub(crate) renewals: u8,
    /// With PKCE alone.
    pub(crate) seed: Option<Seed>,
    pub(crate) strict: bool,
    pub(crate) allow_insecure_http: bool,
}

#[derive(Clone, Debug)]
pub(crate) enum Server {
    /// Metadata are fetched from this issuer.
    Issuer(HttpUrl),
    Endpoints(Box<Endpoints>),
}

/// Where the exchanges go.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Endpoints {
    /// What `iss` must be; absent only with explicit endpoints and no `openid` scope.
    pub(crate) issuer: Option<String>,
    pub(crate) device_authorization_endpoint: HttpUrl,
    pub(crate) token_endpoint: HttpUrl,
    pub(crate) jwks_uri: Option<HttpUrl>,
    pub(crate) revocation_endpoint: Option<HttpUrl>,
    pub(crate) end_session_endpoint: Option<HttpUrl>,
}

impl Config {
    /// Reads the settings.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] names the first setting that cannot work, and what it must be.
    pub fn new(settings: Settings) -> Result<Self, ConfigError> {
        let scope = settings.scope.clone().unwrap_or_else(|| DEFAULT_SCOPE.into());
        settings.check(&scope)?;
        let server = Server::read(&settings, asks_for_id_token(&scope))?;
        Ok(Self {
            server,
            client_id: settings.client_id,
            scope,
            renewals: settings.renewals,
            seed: settings.seed.filter(|_| settings.pkce),
            strict: settings.strict,
            allow_insecure_http: settings.allow_insecure_http,
        })
    }

    /// Whether an ID token is asked for.
    pub(crate) fn wants_id_token(&self) -> bool {
        asks_for_id_token(&self.scope)
    }
}

impl Settings {
    /// All that can be wrong beside addresses.
    fn check(&self, scope: &str) -> Result<(), ConfigError> {
        // RFC 6749 appendix A.1 and A.4.
        if self.client_id.is_empty() {
            return Err(ConfigError::Missing {
                setting: "client_id",
                why: "the server needs to know which application asks",
            });
        }
        if !self.client_id.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            return Err(ConfigError::Invalid {
                setting: "client_id",
                value: self.client_id.clone(),
                must_be: "printable ASCII",
            });
        }
        if !scope
            .bytes()
            .all(|b| (b.is_ascii_graphic() && b != b'"' && b != b'\\') || b == b' ')
        {
            return Err(ConfigError::Invalid {
                setting: "scope",
                value: scope.into(),
                must_be: "scopes separated by spaces",
            });
        }
        if self.renewals > MAX_RENEWALS {
            return Err(ConfigError::Invalid {
                setting: "renewals",
                value: decimal(self.renewals.into()),
                must_be: "from 0 to 19, as servers give out few codes without a person",
            });
        }
        if self.pkce && self.seed.is_none() {
            return Err(ConfigError::Missing {
                setting: "seed",
                why: "`pkce` makes its secrets from random bytes, which the program brings along",
            });
        }
        Ok(())
    }
}

fn asks_for_id_token(scope: &str) -> bool {
    scope.split(' ').any(|s| s == "openid")
}

impl Server {
    fn read(settings: &Settings, wants_id_token: bool) -> Result<Self, ConfigError> {
        let url = |setting, value: &str| read_url(setting, value.into(), settings.allow_insecure_http);
        let optional_url =
            |setting, value: &Option<String>| value.as_deref().map(|text| url(setting, text)).transpose();
        let issuer = optional_url("issuer", &settings.issuer)?;
        if let Some(issuer) = issuer.as_ref().filter(|issuer| issuer.has_query_or_fragment()) {
            let value = issuer.as_str().into();
            return Err(ConfigError::Invalid {
                setting: "issuer",
                value,
                must_be: "an address without query or fragment",
            });
        }
        let (device, token) = (&settings.device_authorization_endpoint, &settings.token_endpoint);
        match (device, token, issuer) {
            (None, None, Some(issuer)) => Ok(Self::Issuer(issuer)),
            (None, None, None) => Err(ConfigError::Missing {
                setting: "issuer",
                why: "it is the address of the authorization server",
            }),
            (Some(_), None, _) => Err(ConfigError::Missing {
                setting: "token_endpoint",
                why: "explicit endpoints come in pairs",
            }),
            (None, Some(_), _) => Err(ConfigError::Missing {
                setting: "device_authorization_endpoint",
                why: "explicit endpoints come in pairs",
            }),
            (Some(_), Some(_), None) if wants_id_token => Err(ConfigError::Missing {
                setting: "issuer",
                why: "the scope `openid` asks for an ID token, which must name it",
            }),
            (Some(_), Some(_), Some(_)) if wants_id_token && settings.jwks_uri.is_none() => Err(ConfigError::Missing {
                setting: "jwks_uri",
                why: "the scope `openid` asks for an ID token, whose signature needs a key",
            }),
            (Some(device), Some(token), issuer) => Ok(Self::Endpoints(Box::new(Endpoints {
                issuer: issuer.map(|issuer| issuer.as_str().into()),
                device_authorization_endpoint: url("device_authorization_endpoint", device)?,
                token_endpoint: url("token_endpoint", token)?,
                jwks_uri: optional_url("jwks_uri", &settings.jwks_uri)?,
                revocation_endpoint: optional_url("revocation_endpoint", &settings.revocation_endpoint)?,
                end_session_endpoint: optional_url("end_session_endpoint", &settings.end_session_endpoint)?,
            }))),
        }
    }
}

fn read_url(setting: &'static str, value: String, allow_insecure_http: bool) -> Result<HttpUrl, ConfigError> {
    // Somebody's password may stand before an `@`: it is not said again on a screen.
    if value.contains('@') {
        let value = String::from("(not shown)");
        return Err(ConfigError::Invalid {
            setting,
            value,
            must_be: "an address without user information",
        });
    }
    match HttpUrl::parse(&value) {
        None => Err(ConfigError::Invalid {
            setting,
            value,
            must_be: "an address such as https://id.example",
        }),
        Some(url) if url.is_allowed(allow_insecure_http) => Ok(url),
        Some(_) => Err(ConfigError::Insecure { setting, value }),
    }
}

#[cfg(test)]
mod tests;
