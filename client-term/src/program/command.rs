//! The commands about a session.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Write};
use std::process;

use client_term::http::Http;
use client_term::tokens;
use device_flow::session::{Revocation, SessionEnd};
use device_flow::{AccessToken, Config, Trouble};
use serde_json::json;

use super::arguments::{Common, Look, Once};
use super::exit::Exit;
use super::failure::Failure;
use super::keeper::{Keeper, NoToken};
use super::profile::{self, Chosen, Profile, Wish};
use super::sign_in::{self, complain};
use super::store::{Kept, Person, Place, Store};

const SIGN_IN: &str = "Sign in with `device-login login`.";

/// The call without a command: signs in and keeps nothing.
pub(crate) fn once(once: &Once) -> Result<Exit, Failure> {
    let config = once.config()?;
    let http = sign_in::http(once.ca_file.as_deref())?;
    if once.check {
        return sign_in::check(config, http, once.page_origin.as_deref(), once.json);
    }
    let signed_in = match sign_in::run(config, http, once.look) {
        Ok(signed_in) => signed_in,
        Err(not_signed_in) => return Ok(sign_in::exit(&not_signed_in)),
    };
    if once.json {
        write_out(&tokens::to_json(&signed_in.tokens))?;
    }
    Ok(Exit::Done)
}

/// What is configured, and what rests.
pub(crate) struct Scene {
    name: String,
    pub(crate) profile: Profile,
    pub(crate) http: Http,
    pub(crate) config: Config,
    pub(crate) store: Store,
}

impl Scene {
    /// Before a sign-in: all must be said now.
    pub(crate) fn new(common: &Common) -> Result<Self, Failure> {
        let Chosen { name, profile } = choose(common)?;
        let store =
            Store::open_anew(profile::state_folder()?, &name, wish(&profile)).map_err(|error| unusable(&error))?;
        Self::with(name, profile, store)
    }

    /// After one: what is not said now was said then.
    fn of_session(common: &Common) -> Result<(Self, Kept), Failure> {
        let Chosen { name, profile } = choose(common)?;
        let store = Store::open(profile::state_folder()?, &name, wish(&profile)).map_err(|error| unusable(&error))?;
        let Some(kept) = store.read().map_err(|error| unusable(&error))? else {
            let what = format!("nobody is signed in with the profile {name:?}");
            return Err(Failure::new(Exit::NobodySignedIn, "nobody_signed_in", what, SIGN_IN));
        };
        let profile = if profile.names_a_server() {
            profile
        } else {
            profile.or(kept.profile.clone())
        };
        Ok((Self::with(name, profile, store)?, kept))
    }

    fn with(name: String, profile: Profile, store: Store) -> Result<Self, Failure> {
        Ok(Self {
            name,
            http: sign_in::http(profile.ca_file.as_deref())?,
            config: Config::new(profile.settings()).map_err(|error| sign_in::usage(&error))?,
            profile,
            store,
        })
    }

    fn keeper(self, kept: Kept) -> Result<Keeper, Failure> {
        let what = format!(
            "the session of the profile {:?} belongs to another issuer or client than the configured one",
            self.name
        );
        let keeper = Keeper::restore(self.config, self.store, kept, self.http);
        let advice = "Give it a profile of its own, or end it with `device-login logout`.";
        keeper.ok_or_else(|| Failure::new(Exit::Failed, "session_of_another", what, advice))
    }
}

fn choose(common: &Common) -> Result<Chosen, Failure> {
    let file = common.config.as_deref().filter(|file| !file.as_os_str().is_empty());
    profile::choose(file, common.profile.as_deref(), common.given())
}

fn wish(profile: &Profile) -> Wish {
    profile.store.unwrap_or(Wish::Auto)
}

fn unusable(error: &io::Error) -> Failure {
    let what = format!("the place where sessions rest cannot be used: {error}");
    let advice = "With `--store file` it is a file; `device-login logout` clears what cannot be read.";
    Failure::new(Exit::Failed, "store_failed", what, advice)
}

pub(crate) fn login(common: &Common, look: Look) -> Result<Exit, Failure> {
    let Scene {
        name,
        profile,
        http,
        config,
        store,
    } = Scene::new(common)?;
    let signed_in = match sign_in::run(config.clone(), http.clone(), look) {
        Ok(signed_in) => signed_in,
        Err(not_signed_in) if common.json => {
            let failure = sign_in::failure(&not_signed_in);
            write_out(&json!({"error": {"code": failure.code, "what": failure.what, "advice": failure.advice}}))?;
            return Ok(failure.exit);
        }
        Err(not_signed_in) => return Ok(sign_in::exit(&not_signed_in)),
    };
    let person = signed_in.identity.clone().map(Person::from);
    let result = json!({"profile": name, "store": store.place.as_str(), "person": person});
    // A second sign-in takes the place of the first, whose tokens are of no use to anybody then.
    let earlier = store.read().ok().flatten();
    let mut keeper = Keeper::new(
        config.clone(),
        signed_in,
        store.clone(),
        Kept::new(profile, person),
        http.clone(),
    );
    if let Some(earlier) = earlier.and_then(|kept| Keeper::restore(config, store.clone(), kept, http)) {
        let _ = earlier.sign_out(|_| {});
    }
    keeper.keep();
    if keeper.is_not_kept {
        return Err(unusable(&io::Error::other("the session could not be written down")));
    }
    if store.place == Place::File {
        let why = store
            .no_keyring
            .as_ref()
            .map(|why| format!("; there is no keyring here: {why}"));
        complain(&format_args!(
            "Warning: the tokens rest in {}, which whoever reads your files can read too{}.",
            store.file().display(),
            why.unwrap_or_default()
        ));
    }
    if common.json {
        write_out(&result)?;
    }
    Ok(Exit::Done)
}

/// A usable token, or why there is none.
fn fresh_token(common: &Common) -> Result<(AccessToken, Option<String>), Failure> {
    let (scene, kept) = Scene::of_session(common)?;
    let mut keeper = scene.keeper(kept)?;
    let token = keeper.access_token(wait).map_err(|why| match why {
        NoToken::Ended(end) => Failure::new(Exit::NobodySignedIn, end.code(), end.to_string(), SIGN_IN),
        NoToken::Lost(trouble) => {
            let (code, what) = trouble.map_or(("no_answer", "no answer".into()), |trouble| {
                (trouble.code(), trouble.what())
            });
            let what = format!("there is no new access token: {what}");
            Failure::new(
                Exit::Failed,
                code,
                what,
                "The session goes on; try again in a few minutes.",
            )
        }
    })?;
    if keeper.is_not_kept {
        complain(&"Warning: the newest tokens could not be written down; you may have to sign in again.");
    }
    Ok((token, keeper.scope().map(Into::into)))
}

fn wait(trouble: &Trouble) {
    let seconds = trouble.retry_in.as_secs() + 1;
    complain(&format_args!(
        "device-login: {}; trying again in {seconds} s",
        trouble.what()
    ));
}

pub(crate) fn token(common: &Common) -> Result<Exit, Failure> {
    let (token, scope) = fresh_token(common)?;
    if common.json {
        write_out(&json!({"access_token": token.expose(), "scope": scope}))?;
    } else {
        write_out(&token.expose())?;
    }
    Ok(Exit::Done)
}

pub(crate) fn whoami(common: &Common) -> Result<Exit, Failure> {
    let (scene, kept) = Scene::of_session(common)?;
    if common.json {
        let Profile { issuer, client_id, .. } = &kept.profile;
        let place = scene.store.place.as_str();
        write_out(&json!({
            "profile": scene.name, "issuer": issuer, "client_id": client_id, "store": place, "person": kept.person,
        }))?;
    } else {
        let words = kept.person.as_ref().map_or_else(
            || "Somebody; the server did not say who.".into(),
            |person| {
                let Person {
                    sub,
                    name,
                    preferred_username,
                    email,
                } = person;
                let known: Vec<_> = [name, preferred_username, email]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect();
                if known.is_empty() {
                    sub.clone()
                } else {
                    known.join(", ")
                }
            },
        );
        write_out(&words)?;
    }
    Ok(Exit::Done)
}

pub(crate) fn logout(common: &Common) -> Result<Exit, Failure> {
    let found = match Scene::of_session(common) {
        Ok((scene, kept)) => {
            let store = scene.store.clone();
            scene.keeper(kept).map_err(|failure| (failure, Some(store)))
        }
        Err(failure) => Err((failure, None)),
    };
    let keeper = match found {
        Ok(keeper) => keeper,
        Err((failure, _)) if failure.exit == Exit::NobodySignedIn => {
            complain(&"Nobody was signed in.");
            if common.json {
                write_out(&json!({"signed_out": false}))?;
            }
            return Ok(Exit::Done);
        }
        Err((failure, store)) => {
            // What cannot be used can still be forgotten.
            let Chosen { name, profile } = choose(common)?;
            let store = match store {
                Some(store) => store,
                None => {
                    Store::open(profile::state_folder()?, &name, wish(&profile)).map_err(|error| unusable(&error))?
                }
            };
            store.clear().map_err(|error| unusable(&error))?;
            let what = format!(
                "the tokens are forgotten here, but the server was not told: {}",
                failure.what
            );
            return Err(Failure::new(Exit::Failed, "signed_out_not_revoked", what, NOT_REVOKED));
        }
    };
    let (end, is_left_behind) = keeper.sign_out(wait);
    if is_left_behind {
        return Err(unusable(&io::Error::other("the session could not be removed")));
    }
    match end {
        Some(SessionEnd::SignedOut(Revocation::Failed(error))) => {
            let what = format!("the tokens are forgotten here, but the server could not be told: {error}");
            Err(Failure::new(Exit::Failed, "signed_out_not_revoked", what, NOT_REVOKED))
        }
        end => {
            let is_revoked = matches!(end, Some(SessionEnd::SignedOut(Revocation::Done)));
            complain(if is_revoked {
                &"Signed out; the server has taken the tokens back."
            } else {
                &"Signed out here; the server offers no way to be told, so what is left of the tokens runs out by itself."
            });
            if common.json {
                write_out(&json!({"signed_out": true, "revoked": is_revoked}))?;
            }
            Ok(Exit::Done)
        }
    }
}

const NOT_REVOKED: &str = "To be sure, end this device's access in your account.";

/// Becomes the command, which has the token in its environment.
pub(crate) fn exec(common: &Common, variable: &str, command: &[OsString]) -> Result<Exit, Failure> {
    if variable.is_empty() || variable.contains(['=', '\0']) {
        return Err(Failure::usage(format!("{variable:?} is no name for a variable")));
    }
    let Some((program, arguments)) = command.split_first() else {
        return Err(Failure::usage("`exec` needs a command".into()));
    };
    let (token, _) = fresh_token(common)?;
    let mut child = process::Command::new(program);
    child.args(arguments).env(variable, token.expose());
    let error = become_it(&mut child);
    let exit = if error.kind() == ErrorKind::NotFound {
        Exit::NoSuchCommand
    } else {
        Exit::NotExecutable
    };
    let what = format!("{} cannot be run: {error}", program.display());
    Err(Failure::new(exit, "not_run", what, "The command comes after `--`."))
}

/// In the same process: signals, standard streams and the exit code are the command's own.
#[cfg(unix)]
fn become_it(child: &mut process::Command) -> io::Error {
    std::os::unix::process::CommandExt::exec(child)
}

#[cfg(not(unix))]
fn become_it(child: &mut process::Command) -> io::Error {
    match child.status() {
        Ok(status) => process::exit(status.code().unwrap_or(1)),
        Err(error) => error,
    }
}

/// One line to standard output.
pub(crate) fn write_out(value: &dyn std::fmt::Display) -> Result<(), Failure> {
    writeln!(io::stdout(), "{value}").map_err(|error| {
        let what = format!("the result could not be written: {error}");
        Failure::new(
            Exit::Failed,
            "output_failed",
            what,
            "Look at where standard output goes.",
        )
    })
}
