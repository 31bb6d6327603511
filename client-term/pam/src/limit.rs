//! A connection that ends with the token's lifetime, where the settings want that.
//!
//! PAM is not asked again once a session is open, so a process of its own waits for the end and stops sshd's process of this
//! connection. The time stands in PAM's environment, since sshd signs people in and opens their sessions in two processes.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use client_term::SystemClocks;
use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::ffi::Pam;
use crate::refusal::plain;

/// When the session ends, in Unix seconds; people see it in their environment too.
const ENDS_AT: &str = "DEVICE_LOGIN_ENDS_AT";

/// Who waits for that, by whose session it is. Not in PAM's environment: other modules may let people write there.
static WATCHERS: Mutex<Vec<Watcher>> = Mutex::new(Vec::new());

#[derive(Debug)]
struct Watcher {
    /// Of the session.
    handle: usize,
    process: u32,
    started: String,
}

/// Starts who waits, in a session of its own, and tells its process id. A process id may be somebody else's by then, so the
/// start is compared (field 22 of proc(5)'s `stat`); the last word says whose session it is, to whoever lists processes.
const WATCH: &str = r#"setsid /bin/sh -c '
    sleep "$1"
    now=$(sed "s/.*) //" "/proc/$2/stat" 2>/dev/null | cut -d " " -f 20)
    [ "$now" = "$3" ] && kill -TERM "$2"
' "$0" "$@" </dev/null >/dev/null 2>&1 & echo $!"#;

/// Says at the sign-in when the session is to end.
pub(crate) fn announce(pam: &mut Pam, lifetime: Duration) -> Result<(), String> {
    let ends_at = SystemClocks::new()
        .unix_time()
        .as_secs()
        .saturating_add(lifetime.as_secs());
    let set = pam.set_variable(&format!("{ENDS_AT}={ends_at}"));
    set.map_err(|_| "session_limit cannot be told to the session".into())
}

/// As the session opens; whether there is a limit.
pub(crate) fn open(pam: &mut Pam) -> Result<bool, String> {
    let Some(ends_at) = pam.variable(ENDS_AT) else {
        return Ok(false);
    };
    let ends_at: u64 = ends_at.parse().map_err(|_| format!("{ENDS_AT} is no number"))?;
    let left = ends_at.saturating_sub(SystemClocks::new().unix_time().as_secs());
    if left == 0 {
        return Err("the token's lifetime is over before the session begins".into());
    }
    let me = std::process::id();
    let started = started_at(me).ok_or("/proc cannot be read, so that session_limit cannot be kept")?;
    let account = pam.user().unwrap_or_default();
    let output = Command::new("/bin/sh")
        .args([
            "-c",
            WATCH,
            "pam_device_login",
            &left.to_string(),
            &me.to_string(),
            &started,
            &account,
        ])
        .env_clear()
        .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
        .current_dir("/")
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output();
    let output = output.map_err(|error| format!("nobody can be made to watch session_limit: {error}"))?;
    let watcher: u32 = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .map_err(|_| "nobody can be made to watch session_limit")?;
    pam.log(false, &format!("the session of {} ends in {left} s", plain(&account)));
    if let Some(started) = started_at(watcher) {
        let mut watchers = WATCHERS.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.push(Watcher {
            handle: pam.address(),
            process: watcher,
            started,
        });
    }
    Ok(true)
}

/// As the session closes: nobody needs to wait any more. One who is not found waits in vain, and stops nobody.
pub(crate) fn close(pam: &Pam) {
    let mut watchers = WATCHERS.lock().unwrap_or_else(PoisonError::into_inner);
    for watcher in watchers.extract_if(.., |watcher| watcher.handle == pam.address()) {
        if started_at(watcher.process).as_deref() == Some(&watcher.started)
            && let Ok(group) = i32::try_from(watcher.process)
        {
            let _ = killpg(Pid::from_raw(group), Signal::SIGTERM);
        }
    }
}

/// When the process was started, in clock ticks since the machine was.
fn started_at(process: u32) -> Option<String> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name before it may hold blanks and parentheses.
    let (_, fields) = stat.rsplit_once(") ")?;
    fields.split(' ').nth(19).map(ToOwned::to_owned)
}
