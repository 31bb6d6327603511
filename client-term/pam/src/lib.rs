//! The PAM module `pam_device_login.so`: opens an account to whoever signs in at the authorization server and is allowed to
//! have it.
//!
//! [`authenticate`] is the whole of it. Success takes a [`Granted`], which only a rule over checked claims makes; every other
//! path is a [`Refusal`], and a panic is caught in `ffi.rs`, the one file with `unsafe` in it.

#![cfg(target_os = "linux")]

mod account;
mod dialogue;
mod ffi;
mod limit;
mod refusal;
mod rule;
mod settings;

use std::path::Path;

use account::Account;
use ffi::Pam;
use refusal::{Refusal, plain};
use settings::Settings;

#[cfg(panic = "abort")]
compile_error!("a panic must be caught, so this crate cannot be built with `panic = \"abort\"`");

/// Where the settings are, unless the service file names another place.
const SETTINGS: &str = "/etc/device-login/pam.toml";

/// Somebody has signed in, and a rule opens the account to them.
#[derive(Debug)]
pub(crate) struct Granted {
    /// Who, for the log.
    person: String,
    /// What to call them.
    name: Option<String>,
}

/// From the account that is asked for to a grant or a refusal.
fn authenticate(pam: &mut Pam, arguments: &[String]) -> Result<Granted, Refusal> {
    let mut path = SETTINGS;
    for argument in arguments {
        match argument.split_once('=') {
            Some(("config", value)) => path = value,
            None if argument == "panic" => panic!("the service file asks for it, to see that a panic lets nobody in"),
            _ => {
                let what =
                    format!("{argument:?} in the service file is not understood; there are config=FILE and panic");
                return Err(Refusal::Misconfigured(what));
            }
        }
    }
    let settings = Settings::read(Path::new(path)).map_err(Refusal::Misconfigured)?;
    let name = pam.user().unwrap_or_default();
    let account = Account::find(&name).map_err(Refusal::Misconfigured)?;
    let refused = |person, why: &str| Refusal::NotAllowed {
        account: name.clone(),
        person,
        why: why.into(),
    };
    // Nobody gets a code for what could not be opened: servers count codes, and whoever scans for names asks a lot.
    let account = match account {
        Some(account) => account,
        None if settings.create_account.is_some() => {
            Account::new(&name).ok_or_else(|| refused(None, "no account can have that name"))?
        }
        None => return Err(refused(None, "there is no such account")),
    };
    if !settings.allow.iter().any(|rule| rule.is_about(&account)) {
        return Err(refused(None, "no rule opens this account to anybody"));
    }
    let signed_in = dialogue::sign_in(pam, &settings, &name)?;
    let claims = client_term::tokens::claims(&signed_in);
    let claims = claims.ok_or_else(|| refused(None, "the server did not say who signed in"))?;
    let text = |claim: &str| claims.get(claim).and_then(|value| value.as_str());
    let person = text("preferred_username")
        .or_else(|| text("email"))
        .or_else(|| text("sub"));
    let person = plain(person.unwrap_or("somebody"));
    let rules: Vec<_> = settings.allow.iter().filter(|rule| rule.is_about(&account)).collect();
    let mut is_open = false;
    for rule in &rules {
        is_open |= rule.opens(&account, &claims).map_err(Refusal::Misconfigured)?;
    }
    if !is_open {
        let mut asked = rules.iter().map(|rule| rule.claim());
        let missing = asked.find(|claim| !claims.contains_key(*claim));
        let why = missing.map_or_else(
            || "no rule opens this account to them".to_owned(),
            |claim| format!("no rule opens this account to them; server or scope leave `{claim}` out of the ID token"),
        );
        return Err(refused(Some(person), &why));
    }
    if !account.exists {
        let command = settings.create_account.as_deref().unwrap_or_default();
        account.create(command).map_err(Refusal::Misconfigured)?;
        return Err(Refusal::AccountCreated { account: name });
    }
    if settings.session_limit {
        let lifetime = signed_in.tokens.expires_in;
        let lifetime =
            lifetime.ok_or_else(|| refused(Some(person.clone()), "session_limit, and no expires_in came"))?;
        limit::announce(pam, lifetime).map_err(Refusal::Misconfigured)?;
    }
    let from = pam
        .remote_host()
        .map(|host| format!(" from {}", plain(&host)))
        .unwrap_or_default();
    let granted = Granted {
        person,
        name: text("name").map(plain),
    };
    pam.log(false, &format!("opened {} to {}{from}", plain(&name), granted.person));
    let welcome = granted
        .name
        .as_ref()
        .map_or_else(|| "Welcome.".into(), |name| format!("Welcome, {name}."));
    // A program that shows no welcome has let the person in all the same.
    let _ = pam.say(&welcome);
    Ok(granted)
}
