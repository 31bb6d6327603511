//! What the module writes to the system log, if no other program listens there.

use std::fs;
use std::os::unix::net::UnixDatagram;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

const PLACE: &str = "/dev/log";

static LINES: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// Whether this process hears what is logged.
fn is_heard() -> bool {
    static IS_HEARD: OnceLock<bool> = OnceLock::new();
    *IS_HEARD.get_or_init(|| {
        let probe = UnixDatagram::unbound().expect("a socket");
        if probe.connect(PLACE).is_ok() {
            return false;
        }
        // One that an earlier run has left.
        let _ = fs::remove_file(PLACE);
        let log = UnixDatagram::bind(PLACE).expect("root may");
        thread::spawn(move || {
            let mut line = [0; 4096];
            while let Ok(length) = log.recv(&mut line) {
                let line = String::from_utf8_lossy(&line[..length]).into_owned();
                LINES.lock().unwrap_or_else(PoisonError::into_inner).push(line);
            }
        });
        true
    })
}

/// Listens from now on.
pub(crate) fn listen() {
    is_heard();
}

/// Lines of the module about this account, once there is one; empty where the machine's own log has them.
///
/// # Panics
///
/// If none comes.
pub(crate) fn about(account: &str) -> Vec<String> {
    if !is_heard() {
        return vec![];
    }
    let lines = LINES.lock().unwrap_or_else(PoisonError::into_inner);
    let found: Vec<_> = lines
        .iter()
        .filter(|line| line.contains("pam_device_login") && line.contains(account))
        .cloned()
        .collect();
    assert!(!found.is_empty(), "nothing about {account} in {lines:?}");
    found
}

/// Whether the log says this of the account.
pub(crate) fn says(account: &str, words: &str) {
    let lines = about(account);
    assert!(
        lines.is_empty() || lines.iter().any(|line| line.contains(words)),
        "{words}: {lines:?}"
    );
}
