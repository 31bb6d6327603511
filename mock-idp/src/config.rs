//! The configuration file: clients and users, as TOML.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::setup::{Client, User};

/// What `--config FILE` may say.
///
/// ```toml
/// [[clients]]
/// id = "tv"
/// name = "Living Room TV"
///
/// [[users]]
/// username = "jane"
/// password = "password"
/// name = "Jane Doe"
/// email = "jane@example.test"
/// ```
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Replaces the client `tv`.
    pub clients: Option<Vec<Client>>,
    /// Replaces the user `jane`.
    pub users: Option<Vec<User>>,
}

impl ConfigFile {
    /// Reads a file. The error names the file, and the line and the field at fault.
    pub fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let text = fs::read_to_string(path).map_err(|problem| format!("cannot read {shown}: {problem}"))?;
        Self::parse(&text).map_err(|problem| format!("{shown}: {problem}"))
    }

    /// Reads the text of such a file.
    pub fn parse(text: &str) -> Result<Self, String> {
        let config: Self = toml::from_str(text).map_err(|problem| problem.to_string())?;
        let empty = |what| Err(format!("`{what}` is empty; leave it out to keep the built-in one"));
        if config.clients.as_ref().is_some_and(Vec::is_empty) {
            return empty("clients");
        }
        if config.users.as_ref().is_some_and(Vec::is_empty) {
            return empty("users");
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::ConfigFile;

    #[test]
    fn clients_and_users_are_read() {
        let text = "[[clients]]\nid = 'a'\nname = 'A'\n[[users]]\nusername = 'u'\npassword = 'p'\nname = 'U'\nemail = 'u@e.test'\n";
        let config = ConfigFile::parse(text).unwrap();
        assert_eq!(config.clients.unwrap()[0].id, "a");
        assert_eq!(config.users.unwrap()[0].email, "u@e.test");
    }

    #[test]
    fn an_error_names_line_and_field() {
        let error = ConfigFile::parse("[[clients]]\nid = 'a'\nname = 'A'\nsecret = 'x'\n").unwrap_err();
        assert!(error.contains("line 4") && error.contains("secret"), "{error}");
        let error = ConfigFile::parse("[[users]]\nusername = 3\n").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
    }
}
