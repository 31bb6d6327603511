//! What is configured: by file, by environment and by option, the later the stronger.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

use clap::ValueEnum;
use client_term::digest;
use device_flow::Settings;
use serde::{Deserialize, Serialize};

use super::failure::Failure;

/// Where tokens should rest.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wish {
    /// The keyring where there is one, else a file.
    Auto,
    /// A file for its owner alone.
    File,
    /// The keyring or nowhere.
    Keyring,
}

/// One section of the file; also what is remembered beside a session, so that later calls need not say it again.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Profile {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issuer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) client_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) device_authorization_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) token_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) jwks_uri: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revocation_endpoint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) renewals: Option<u8>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) pkce: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) strict: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) allow_insecure_http: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) ca_file: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) store: Option<Wish>,
}

impl Profile {
    /// What `weaker` says where this says nothing.
    pub(crate) fn or(self, weaker: Self) -> Self {
        Self {
            issuer: self.issuer.or(weaker.issuer),
            client_id: self.client_id.or(weaker.client_id),
            scope: self.scope.or(weaker.scope),
            device_authorization_endpoint: self
                .device_authorization_endpoint
                .or(weaker.device_authorization_endpoint),
            token_endpoint: self.token_endpoint.or(weaker.token_endpoint),
            jwks_uri: self.jwks_uri.or(weaker.jwks_uri),
            revocation_endpoint: self.revocation_endpoint.or(weaker.revocation_endpoint),
            renewals: self.renewals.or(weaker.renewals),
            pkce: self.pkce.or(weaker.pkce),
            strict: self.strict.or(weaker.strict),
            allow_insecure_http: self.allow_insecure_http.or(weaker.allow_insecure_http),
            ca_file: self.ca_file.or(weaker.ca_file),
            store: self.store.or(weaker.store),
        }
    }

    /// Whether it says whom to ask.
    pub(crate) fn names_a_server(&self) -> bool {
        self.issuer.is_some() || self.token_endpoint.is_some()
    }

    pub(crate) fn settings(&self) -> Settings {
        let profile = self.clone();
        Settings {
            issuer: profile.issuer,
            client_id: profile.client_id.unwrap_or_default(),
            scope: profile.scope,
            device_authorization_endpoint: profile.device_authorization_endpoint,
            token_endpoint: profile.token_endpoint,
            jwks_uri: profile.jwks_uri,
            revocation_endpoint: profile.revocation_endpoint,
            renewals: profile.renewals.unwrap_or_default(),
            pkce: profile.pkce.unwrap_or_default(),
            seed: profile.pkce.unwrap_or_default().then(digest::seed).flatten(),
            strict: profile.strict.unwrap_or_default(),
            allow_insecure_http: profile.allow_insecure_http.unwrap_or_default(),
            ..Settings::default()
        }
    }
}

/// The configuration file.
#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct File {
    /// The profile that is meant where no option names one.
    profile: Option<String>,
    profiles: BTreeMap<String, Profile>,
}

/// A profile's name and what is said about it.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) name: String,
    pub(crate) profile: Profile,
}

/// Puts together what the file says, if there is one, and what is given beside it.
pub(crate) fn choose(file: Option<&Path>, name: Option<&str>, given: Profile) -> Result<Chosen, Failure> {
    let mut file = match (file, default_file()) {
        (Some(path), _) => read(path)?,
        (None, Some(path)) if path.exists() => read(&path)?,
        (None, _) => File::default(),
    };
    let name = name
        .filter(|name| !name.is_empty())
        .map(ToOwned::to_owned)
        .or(file.profile)
        .unwrap_or_else(|| "default".into());
    if !is_sound(&name) {
        let what = format!(
            "a profile's name must be letters, digits, `-`, `_` and `.`, and begin with a letter or a digit; it is {name:?}"
        );
        return Err(Failure::usage(what));
    }
    let profile = given.or(file.profiles.remove(&name).unwrap_or_default());
    Ok(Chosen { name, profile })
}

/// It becomes part of a file's name.
fn is_sound(name: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.".contains(&b);
    name.len() <= 64 && name.bytes().all(plain) && name.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

fn read(path: &Path) -> Result<File, Failure> {
    let text = fs::read_to_string(path)
        .map_err(|error: io::Error| Failure::usage(format!("{} cannot be read: {error}", path.display())))?;
    toml::from_str(&text).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))
}

/// XDG Base Directory Specification.
fn default_file() -> Option<PathBuf> {
    Some(base_folder("XDG_CONFIG_HOME", ".config")?.join("device-login/config.toml"))
}

/// Where sessions rest that are in no keyring, and the locks of all.
pub(crate) fn state_folder() -> Result<PathBuf, Failure> {
    let base = base_folder("XDG_STATE_HOME", ".local/state");
    let base = base.ok_or_else(|| Failure::usage("there is no home directory: set HOME or XDG_STATE_HOME".into()))?;
    Ok(base.join("device-login"))
}

/// Relative paths in such a variable are to be ignored, says the specification.
fn base_folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |path: PathBuf| path.is_absolute().then_some(path);
    let named = env::var_os(variable).map(PathBuf::from).and_then(absolute);
    named.or_else(|| Some(env::home_dir().and_then(absolute)?.join(below_home)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose_from(text: &str, name: Option<&str>, given: Profile) -> Result<Chosen, Failure> {
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        fs::write(file.path(), text).expect("written");
        choose(Some(file.path()), name, given)
    }

    const FILE: &str = r#"
        profile = "work"
        [profiles.work]
        issuer = "https://work.example"
        client_id = "tv"
        [profiles.home]
        issuer = "https://home.example"
        client_id = "box"
    "#;

    fn issuer(name: Option<&str>, given: Profile) -> (String, Option<String>, Option<String>) {
        let Chosen { name, profile } = choose_from(FILE, name, given).expect("sound");
        (name, profile.issuer, profile.client_id)
    }

    #[test]
    fn what_is_given_is_stronger_than_the_file() {
        let given = Profile {
            client_id: Some("cli".into()),
            ..Profile::default()
        };
        let expected = ("work".into(), Some("https://work.example".into()), Some("cli".into()));
        assert_eq!(issuer(None, given), expected);
        let expected = ("home".into(), Some("https://home.example".into()), Some("box".into()));
        assert_eq!(issuer(Some("home"), Profile::default()), expected);
        assert_eq!(issuer(Some("other"), Profile::default()), ("other".into(), None, None));
    }

    #[test]
    fn a_misspelt_setting_is_named_with_its_place() {
        let error = choose_from("[profiles.work]\nisuer = \"x\"\n", None, Profile::default()).expect_err("misspelt");
        assert!(
            error.what.contains("isuer") && error.what.contains("line 2"),
            "{}",
            error.what
        );
    }

    #[test]
    fn a_profile_is_no_path() {
        for name in ["../work", "/work", ".work", "-work", "a b", "ä"] {
            choose_from(FILE, Some(name), Profile::default()).expect_err(name);
        }
    }
}
