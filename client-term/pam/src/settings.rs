//! The module's settings: one file, read strictly, trusted only if nobody but root can write it.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use client_term::http::Http;
use device_flow::{Config, ConfigError};
use serde::Deserialize;

use crate::account::is_trusted;
use crate::rule::Rule;

/// `/etc/device-login/pam.toml`; every member is explained in the README.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    issuer: String,
    client_id: String,
    scope: Option<String>,
    ca_file: Option<PathBuf>,
    proxy: Option<String>,
    #[serde(default = "usual_time_limit")]
    time_limit: u64,
    #[serde(default = "yes")]
    qr: bool,
    #[serde(default)]
    text: Text,
    create_account: Option<Vec<String>>,
    #[serde(default)]
    session_limit: bool,
    #[serde(default)]
    allow: Vec<Rule>,
}

/// What the program at the other end does with informational text.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Text {
    /// OpenSSH before 10.3 shows it with the next prompt only, so everything stands in a prompt.
    #[default]
    HeldBack,
    /// It is shown at once, so nobody needs to press Enter.
    Shown,
}

/// Settings that can work.
#[derive(Debug)]
pub(crate) struct Settings {
    pub(crate) config: Config,
    pub(crate) http: Http,
    pub(crate) time_limit: Duration,
    pub(crate) qr: bool,
    pub(crate) text: Text,
    pub(crate) create_account: Option<Vec<String>>,
    pub(crate) session_limit: bool,
    pub(crate) allow: Vec<Rule>,
}

/// Below sshd's own `LoginGraceTime` of two minutes, so that there is time left to say why.
const fn usual_time_limit() -> u64 {
    110
}

const fn yes() -> bool {
    true
}

impl Settings {
    /// Reads the file, and the files that its rules name.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        is_trusted(path)?;
        let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
        let file: Written = toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        Self::new(file).map_err(|what| format!("{}: {what}", path.display()))
    }

    fn new(file: Written) -> Result<Self, String> {
        if file.allow.is_empty() {
            return Err("there is no [[allow]], so nobody may become anybody".into());
        }
        for rule in &file.allow {
            rule.check()?;
        }
        if !(1..=3600).contains(&file.time_limit) {
            return Err(format!(
                "time_limit must be from 1 to 3600 seconds; it is {}",
                file.time_limit
            ));
        }
        if let Some(command) = &file.create_account {
            if !command.first().is_some_and(|program| program.starts_with('/')) {
                return Err("create_account must begin with the whole path of a program".into());
            }
            if !command.iter().skip(1).any(|word| word.contains("{account}")) {
                return Err("create_account must have {account} among its arguments".into());
            }
        }
        let scope = file.scope.as_deref().unwrap_or("openid profile");
        if !scope.split(' ').any(|scope| scope == "openid") {
            return Err("scope must hold openid: without an ID token nobody knows who signed in".into());
        }
        let settings = device_flow::Settings {
            issuer: Some(file.issuer),
            client_id: file.client_id,
            scope: Some(scope.into()),
            ..device_flow::Settings::default()
        };
        if let Some(ca_file) = &file.ca_file {
            is_trusted(ca_file)?;
        }
        // In `su` the environment is that of whoever wants to become somebody else.
        let http = Http::of_machine(file.ca_file.as_deref(), file.proxy);
        Ok(Self {
            config: Config::new(settings).map_err(|error| in_words(&error))?,
            http: http.map_err(|error| format!("ca_file: {error}"))?,
            time_limit: Duration::from_secs(file.time_limit),
            qr: file.qr,
            text: file.text,
            create_account: file.create_account,
            session_limit: file.session_limit,
            allow: file.allow,
        })
    }
}

/// Without the advice that is for programs with a setting of that name.
fn in_words(error: &ConfigError) -> String {
    match error {
        ConfigError::Insecure { setting, value } => {
            format!(
                "{setting} is plain http to another machine ({value}); only https is taken, and http to this machine"
            )
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SERVER: &str = "issuer = \"https://id.example\"\nclient_id = \"ssh\"\n";
    const RULE: &str = "[[allow]]\nwhen = \"claim_is_account\"\nclaim = \"preferred_username\"\n";

    fn read(text: &str) -> Result<Settings, String> {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), text).expect("written");
        Settings::read(file.path())
    }

    fn wrong(text: &str, word: &str) {
        let what = read(text).expect_err(word);
        assert!(what.contains(word), "{what}");
    }

    #[test]
    fn a_server_and_a_rule_are_enough() {
        let settings = read(&format!("{SERVER}{RULE}")).expect("sound");
        assert_eq!((settings.time_limit.as_secs(), settings.text), (110, Text::HeldBack));
        assert!(settings.create_account.is_none(), "off by default");
    }

    #[test]
    fn nothing_is_allowed_by_saying_nothing() {
        wrong(SERVER, "[[allow]]");
    }

    #[test]
    fn what_cannot_work_is_named() {
        wrong("", "issuer");
        wrong(&format!("{SERVER}isuer = 1\n{RULE}"), "isuer");
        wrong(&format!("{SERVER}scope = \"profile\"\n{RULE}"), "openid");
        wrong(&format!("{SERVER}time_limit = 0\n{RULE}"), "time_limit");
        wrong(
            &format!("{SERVER}create_account = [\"useradd\", \"{{account}}\"]\n{RULE}"),
            "whole path",
        );
        wrong(
            &format!("{SERVER}create_account = [\"/usr/sbin/useradd\"]\n{RULE}"),
            "{account}",
        );
        wrong(
            &format!("issuer = \"http://id.example\"\nclient_id = \"ssh\"\n{RULE}"),
            "plain http",
        );
        wrong(&format!("{SERVER}[[allow]]\nwhen = \"always\"\n"), "always");
        wrong(&format!("{SERVER}ca_file = \"/nowhere.pem\"\n{RULE}"), "/nowhere.pem");
    }

    #[test]
    fn a_file_that_others_can_write_is_not_read() {
        use std::os::unix::fs::PermissionsExt;
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), format!("{SERVER}{RULE}")).expect("written");
        fs::set_permissions(file.path(), fs::Permissions::from_mode(0o666)).expect("ours");
        assert!(Settings::read(file.path()).expect_err("others").contains("writable"));
    }
}
