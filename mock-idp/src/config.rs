//! The configuration file: clients, users and authorization servers, as TOML.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use serde::Deserialize;

use crate::setup::{AuthorizationServer, Client, Flows, User};

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
///
/// [[authorization_servers]]
/// id = "default"
/// ```
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// Replaces the client `tv`.
    pub clients: Option<Vec<Client>>,
    /// Replaces the user `jane`.
    pub users: Option<Vec<User>>,
    /// Replaces Okta's custom authorization server `default`. An empty list is an org that has none.
    pub authorization_servers: Option<Vec<AuthorizationServer>>,
    /// How authentik's flows for devices are set up.
    pub flows: Option<Flows>,
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
        if let Some(clients) = &config.clients {
            check_names("client", "id", clients.iter().map(|client| &client.id))?;
        }
        if let Some(users) = &config.users {
            check_names("user", "username", users.iter().map(|user| &user.username))?;
            if let Some(user) = users.iter().find(|user| user.password.is_empty()) {
                return Err(format!("the `password` of user `{}` is empty", user.username));
            }
        }
        if let Some(servers) = &config.authorization_servers {
            servers.iter().try_for_each(AuthorizationServer::check)?;
            check_distinct("authorization server", "id", servers.iter().map(|server| &server.id))?;
        }
        Ok(config)
    }
}

/// A form cannot send an empty name (S-05), and of two the same only the first would ever be found.
fn check_names<'a>(what: &str, field: &str, names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let names: Vec<_> = names.collect();
    if names.is_empty() {
        return Err(format!("`{what}s` is empty; leave it out to keep the built-in one"));
    }
    if names.iter().any(|name| name.is_empty()) {
        return Err(format!("a {what}'s `{field}` is empty"));
    }
    check_distinct(what, field, names.into_iter())
}

fn check_distinct<'a>(what: &str, field: &str, mut names: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let mut seen = HashSet::new();
    match names.find(|name| !seen.insert(*name)) {
        Some(name) => Err(format!("two {what}s have the {field} `{name}`")),
        None => Ok(()),
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
    fn authentik_s_flows_are_read_and_what_is_left_out_stays_usual() {
        let flows = ConfigFile::parse("[flows]\nimplicit_consent = true\n")
            .unwrap()
            .flows
            .unwrap();
        assert!(flows.implicit_consent && flows.device_code);
        assert_eq!(ConfigFile::parse("").unwrap().flows, None);
        assert!(ConfigFile::parse("[flows]\nconsent = 'none'\n").is_err());
    }

    #[test]
    fn authorization_servers_are_read() {
        let text = "[[authorization_servers]]\nid = 'tv'\n[[authorization_servers.policies]]\nclients = ['tv']\n\
                    [[authorization_servers.policies.rules]]\npeople = { groups = ['family'] }\nscopes = ['openid']\n";
        let servers = ConfigFile::parse(text).unwrap().authorization_servers.unwrap();
        let policy = &servers[0].policies[0];
        assert_eq!(policy.clients.as_deref(), Some(&["tv".to_owned()][..]));
        let people = policy.rules[0].people.as_ref().unwrap();
        assert_eq!(
            (people.users.len(), people.groups.as_slice()),
            (0, &["family".to_owned()][..])
        );
        assert!(ConfigFile::parse(&text.replace("scopes", "scope")).is_err());
        let none = ConfigFile::parse("authorization_servers = []").unwrap();
        assert_eq!(none.authorization_servers, Some(Vec::new()));
    }

    #[test]
    fn an_error_names_line_and_field() {
        let error = ConfigFile::parse("[[clients]]\nid = 'a'\nname = 'A'\ncolour = 'x'\n").unwrap_err();
        assert!(error.contains("line 4") && error.contains("colour"), "{error}");
        let error = ConfigFile::parse("[[users]]\nusername = 3\n").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
    }

    #[test]
    fn what_could_never_be_used_is_said() {
        let client = |id| format!("[[clients]]\nid = '{id}'\nname = 'A'\n");
        let user = |name, password| {
            format!("[[users]]\nusername = '{name}'\npassword = '{password}'\nname = 'U'\nemail = 'u@e.test'\n")
        };
        let server = |id| format!("[[authorization_servers]]\nid = '{id}'\n");
        for (text, culprit) in [
            ("clients = []".to_owned(), "`clients` is empty"),
            ("users = []".to_owned(), "`users` is empty"),
            (client(""), "a client's `id` is empty"),
            (client("a") + &client("a"), "two clients have the id `a`"),
            (user("", "p"), "a user's `username` is empty"),
            (user("u", ""), "the `password` of user `u` is empty"),
            (user("u", "p") + &user("u", "q"), "two users have the username `u`"),
            (server("a/b"), "not \"a/b\""),
            (server("a") + &server("a"), "two authorization servers have the id `a`"),
        ] {
            let error = ConfigFile::parse(&text).unwrap_err();
            assert!(error.contains(culprit), "{error}");
        }
    }
}
