//! Who may become whom. Nothing is open that no rule opens.

use std::fs;
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::account::{Account, is_trusted};

/// One `[[allow]]`.
#[derive(Debug, Deserialize)]
#[serde(tag = "when", rename_all = "snake_case", deny_unknown_fields)]
pub(crate) enum Rule {
    /// The claim is the account's name.
    ClaimIsAccount {
        /// Which; for a person's choice of a name this is only as good as the server's rules for it.
        claim: String,
        /// These accounts alone; without it every ordinary one.
        accounts: Option<Vec<String>>,
    },
    /// The claim is the account's name, `@`, and the domain.
    MailIsAccount {
        /// `email` if absent; Okta's `preferred_username` looks like that too.
        #[serde(default = "email")]
        claim: String,
        /// After the `@`, in lower case.
        domain: String,
        /// Takes an `email` whose `email_verified` is not `true`: only where people cannot choose their address.
        #[serde(default)]
        unverified: bool,
        /// These accounts alone; without it every ordinary one.
        accounts: Option<Vec<String>>,
    },
    /// The claim is this value, or a list with it: a group. Opens exactly the accounts that it names.
    ClaimHolds {
        /// Such as `groups`.
        claim: String,
        /// Such as `ssh-admins`.
        value: String,
        /// To be named one by one.
        accounts: Vec<String>,
    },
    /// A line of the file holds the claim's value and, after a blank, the account's name.
    MapSays {
        /// `sub` if absent, the one name that nobody else ever gets.
        #[serde(default = "sub")]
        claim: String,
        /// To be trusted like the settings.
        file: PathBuf,
        /// These accounts alone; without it every ordinary one.
        accounts: Option<Vec<String>>,
    },
}

fn email() -> String {
    "email".into()
}

fn sub() -> String {
    "sub".into()
}

impl Rule {
    /// What could never match, or more than was meant.
    pub(crate) fn check(&self) -> Result<(), String> {
        match self {
            Self::MailIsAccount { domain, .. } if domain.is_empty() || domain.contains('@') => Err(format!(
                "domain must be what follows the @, such as example.com; it is {domain:?}"
            )),
            Self::ClaimHolds { accounts, .. } if accounts.is_empty() => {
                Err("claim_holds must name accounts: a group opens those alone".into())
            }
            Self::MapSays { file, .. } => read_map(file).map(|_| ()),
            _ => Ok(()),
        }
    }

    /// Whether it could open this account to anybody.
    pub(crate) fn is_about(&self, account: &Account) -> bool {
        let listed = |accounts: &[String]| accounts.contains(&account.name);
        match self {
            Self::ClaimHolds { accounts, .. } => listed(accounts),
            Self::ClaimIsAccount { accounts, .. }
            | Self::MailIsAccount { accounts, .. }
            | Self::MapSays { accounts, .. } => accounts
                .as_ref()
                .map_or(account.is_ordinary, |accounts| listed(accounts)),
        }
    }

    /// The claim that it looks at.
    pub(crate) fn claim(&self) -> &str {
        match self {
            Self::ClaimIsAccount { claim, .. }
            | Self::MailIsAccount { claim, .. }
            | Self::ClaimHolds { claim, .. }
            | Self::MapSays { claim, .. } => claim,
        }
    }

    /// Whether it opens the account to whom these claims are about.
    pub(crate) fn opens(&self, account: &Account, claims: &Map<String, Value>) -> Result<bool, String> {
        let text = |claim: &str| claims.get(claim).and_then(Value::as_str);
        Ok(match self {
            Self::ClaimIsAccount { claim, .. } => text(claim) == Some(&*account.name),
            Self::MailIsAccount {
                claim,
                domain,
                unverified,
                ..
            } => {
                let is_verified = claim != "email" || *unverified || claims.get("email_verified") == Some(&true.into());
                let parts = text(claim).and_then(|mail| mail.rsplit_once('@'));
                let fits = |(local, of): (&str, &str)| local == account.name && of.eq_ignore_ascii_case(domain);
                is_verified && parts.is_some_and(fits)
            }
            Self::ClaimHolds { claim, value, .. } => match claims.get(claim) {
                Some(Value::String(found)) => found == value,
                Some(Value::Array(list)) => list.iter().any(|found| found.as_str() == Some(value)),
                _ => false,
            },
            Self::MapSays { claim, file, .. } => {
                let lines = read_map(file)?;
                let value = text(claim);
                lines
                    .iter()
                    .any(|(known, name)| Some(&**known) == value && *name == account.name)
            }
        })
    }
}

/// Lines of a value and an account; `#` begins a comment.
fn read_map(file: &PathBuf) -> Result<Vec<(String, String)>, String> {
    is_trusted(file)?;
    let text = fs::read_to_string(file).map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
    let mut entries = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let words: Vec<_> = line.split('#').next().unwrap_or_default().split_whitespace().collect();
        match words[..] {
            [] => {}
            [value, account] => entries.push((value.to_owned(), account.to_owned())),
            _ => {
                let number = number + 1;
                return Err(format!(
                    "{} line {number} must be a value, a blank and an account",
                    file.display()
                ));
            }
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn account(name: &str, is_ordinary: bool) -> Account {
        Account {
            name: name.into(),
            is_ordinary,
            exists: true,
        }
    }

    fn rule(text: &str) -> Rule {
        let rule: Rule = toml::from_str(text).expect(text);
        rule.check().expect(text);
        rule
    }

    /// Whether the rule opens the account to whom the claims are about, as `authenticate` asks.
    fn opens(text: &str, account: &Account, claims: &Value) -> bool {
        let rule = rule(text);
        rule.is_about(account)
            && rule
                .opens(account, claims.as_object().expect("claims"))
                .expect("readable")
    }

    const NAME: &str = "when = \"claim_is_account\"\nclaim = \"preferred_username\"";
    const MAIL: &str = "when = \"mail_is_account\"\ndomain = \"example.com\"";

    #[test]
    fn a_person_gets_the_account_of_their_name_and_no_other() {
        let jane = account("jane", true);
        assert!(opens(NAME, &jane, &json!({"preferred_username": "jane"})));
        for claims in [
            json!({"preferred_username": "john"}),
            json!({"preferred_username": "Jane"}),
            json!({"preferred_username": "jane "}),
            json!({"preferred_username": ["jane"]}),
            json!({"email": "jane"}),
            json!({}),
        ] {
            assert!(!opens(NAME, &jane, &claims), "{claims}");
        }
    }

    #[test]
    fn nobody_becomes_root_by_a_name() {
        let root = account("root", false);
        assert!(!opens(NAME, &root, &json!({"preferred_username": "root"})));
        assert!(!opens(
            MAIL,
            &root,
            &json!({"email": "root@example.com", "email_verified": true})
        ));
    }

    #[test]
    fn an_address_counts_in_its_domain_and_when_it_is_verified() {
        let jane = account("jane", true);
        let fits =
            |mail: &str, verified: Value| opens(MAIL, &jane, &json!({"email": mail, "email_verified": verified}));
        assert!(fits("jane@example.com", true.into()));
        assert!(fits("jane@EXAMPLE.com", true.into()));
        assert!(!fits("jane@example.com", false.into()));
        assert!(!fits("jane@example.com", "true".into()));
        assert!(!fits("jane@example.org", true.into()));
        assert!(!fits("jane@evil@example.com", true.into()));
        assert!(!fits("jane", true.into()));
        assert!(!fits("john@example.com", true.into()));
        let unverified = format!("{MAIL}\nunverified = true");
        assert!(opens(&unverified, &jane, &json!({"email": "jane@example.com"})));
        // Okta's login name (O-121) is no address that somebody claims.
        let login = format!("{MAIL}\nclaim = \"preferred_username\"");
        assert!(opens(&login, &jane, &json!({"preferred_username": "jane@example.com"})));
    }

    #[test]
    fn a_group_opens_the_accounts_that_it_names() {
        let text = "when = \"claim_holds\"\nclaim = \"groups\"\nvalue = \"admins\"\naccounts = [\"root\"]";
        let root = account("root", false);
        assert!(opens(text, &root, &json!({"groups": ["staff", "admins"]})));
        assert!(opens(text, &root, &json!({"groups": "admins"})));
        assert!(!opens(text, &root, &json!({"groups": ["administrators"]})));
        assert!(!opens(text, &root, &json!({"groups": {"admins": true}})));
        assert!(!opens(text, &account("jane", true), &json!({"groups": ["admins"]})));
        let text = "when = \"claim_holds\"\nclaim = \"groups\"\nvalue = \"admins\"\naccounts = []";
        toml::from_str::<Rule>(text)
            .expect("readable")
            .check()
            .expect_err("it names no account");
    }

    #[test]
    fn a_map_says_who_is_whom() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        fs::write(file.path(), "# who account\n00u1 jane\n00u2 deploy # on call\n").expect("written");
        let text = format!("when = \"map_says\"\nfile = {:?}", file.path());
        let claims = |sub: &str| json!({"sub": sub});
        assert!(opens(&text, &account("jane", true), &claims("00u1")));
        assert!(!opens(&text, &account("jane", true), &claims("00u2")));
        assert!(!opens(&text, &account("jane", true), &claims("")));
        fs::write(file.path(), "00u1 jane root\n").expect("written");
        let what = toml::from_str::<Rule>(&text)
            .expect("readable")
            .check()
            .expect_err("three words");
        assert!(what.contains("line 1"), "{what}");
    }
}
