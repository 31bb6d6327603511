//! What could never be used, though it is well written.

use std::collections::HashSet;
use std::sync::Arc;

use super::Config;
use super::problem::Misfit;
use crate::fault::Faults;
use crate::idp::Idp;
use crate::personality::Product;
use crate::setup::{AuthorizationServer, Client, User};
use crate::signer::BlankSigner;

impl Config {
    /// Finds the first entry that could never be used.
    pub(super) fn check(&self) -> Result<(), Misfit> {
        check_list("clients", &self.clients, |client| &client.id, Client::check)?;
        check_list("users", &self.users, |user| &user.username, User::check)?;
        let servers = &self.authorization_servers;
        check_list(
            "authorization_servers",
            servers,
            |server| &server.id,
            AuthorizationServer::check,
        )?;
        let issuers = self.issuers();
        let check_issuer = |name: Option<&str>| match name {
            Some(name) if !issuers.iter().any(|each| each == name) => Err(format!(
                "no issuer is called {name:?}; there are: {}",
                issuers.join(", ")
            )),
            _ => Ok(()),
        };
        let faults = Faults::default();
        each("scenarios", &self.scenarios, |scenario| {
            check_issuer(scenario.issuer.as_deref())?;
            faults
                .switch_on(&scenario.id, scenario.switch())
                .map_err(|problem| problem.to_string())
        })?;
        each("scripts", &self.scripts, |script| {
            check_issuer(script.issuer.as_deref())?;
            let run = faults.run(script.clone());
            run.map(drop).map_err(|problem| problem.to_string())
        })
    }

    /// The names of all issuers.
    fn issuers(&self) -> Vec<String> {
        let setup = self.setup(Arc::new(BlankSigner::new()));
        let hosts = Product::ALL.map(|product| Idp::new(product, setup.clone()));
        let named = hosts.iter().flat_map(|host| host.issuers(""));
        named.map(|(name, _)| name).collect()
    }
}

/// Of two with the same name only the first would ever be found.
fn check_list<T>(
    list: &'static str,
    entries: &[T],
    name: impl Fn(&T) -> &String,
    check: impl Fn(&T) -> Result<(), String>,
) -> Result<(), Misfit> {
    let mut seen = HashSet::new();
    each(list, entries, |entry| {
        check(entry)?;
        if seen.insert(name(entry)) {
            return Ok(());
        }
        Err(format!(
            "{:?} stands in `{list}` twice; give each a name of its own",
            name(entry)
        ))
    })
}

fn each<'a, T>(
    list: &'static str,
    entries: &'a [T],
    mut check: impl FnMut(&'a T) -> Result<(), String>,
) -> Result<(), Misfit> {
    for (index, entry) in entries.iter().enumerate() {
        check(entry).map_err(|text| Misfit { list, index, text })?;
    }
    Ok(())
}
