//! Accounts of this machine.

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use nix::unistd::User;

/// User ids of ordinary accounts, of this machine and of directories (Debian Policy section 9.2.2); between both are `nobody`
/// and those that the system gives out.
fn is_ordinary(uid: u32) -> bool {
    matches!(uid, 1000..=59_999 | 65_536..=4_294_967_293)
}

/// Ours: how long a command may take that creates an account.
const PATIENCE: Duration = Duration::from_secs(20);

/// One that is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) name: String,
    /// Not the system's: rules that name no account are about these.
    pub(crate) is_ordinary: bool,
    pub(crate) exists: bool,
}

impl Account {
    pub(crate) fn find(name: &str) -> Result<Option<Self>, String> {
        if !is_sound(name) {
            return Ok(None);
        }
        let user = User::from_name(name).map_err(|error| format!("the accounts cannot be read: {error}"))?;
        Ok(user.map(|user| Self {
            name: name.into(),
            is_ordinary: is_ordinary(user.uid.as_raw()),
            exists: true,
        }))
    }

    /// One that does not exist yet; `None` if it never should.
    pub(crate) fn new(name: &str) -> Option<Self> {
        is_sound(name).then(|| Self {
            name: name.into(),
            is_ordinary: true,
            exists: false,
        })
    }

    /// Runs the configured command, `{account}` replaced by the name, with an empty environment and no shell in between.
    pub(crate) fn create(&self, command: &[String]) -> Result<(), String> {
        let mut words = command.iter().map(|word| word.replace("{account}", &self.name));
        let program = words.next().ok_or("create_account is empty")?;
        let failed = |why: &dyn std::fmt::Display| format!("create_account failed for {}: {why}", self.name);
        let mut child = Command::new(&program)
            .args(words)
            .env_clear()
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| failed(&error))?;
        let pause = Duration::from_millis(50);
        let mut waited = Duration::ZERO;
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => return Err(failed(&status)),
                Ok(None) if waited < PATIENCE => {
                    thread::sleep(pause);
                    waited += pause;
                }
                outcome => {
                    let _ = child.kill();
                    let _ = child.wait();
                    return Err(failed(
                        &outcome.map_or_else(|error| error.to_string(), |_| "it took too long".into()),
                    ));
                }
            }
        }
    }
}

/// What `useradd` accepts by itself: nothing that an option, a path or a log line could be mistaken for.
fn is_sound(name: &str) -> bool {
    let first = |b: u8| b.is_ascii_lowercase() || b == b'_';
    let rest = |b: u8| first(b) || b.is_ascii_digit() || b == b'-';
    let bytes = name.as_bytes();
    !name.is_empty() && name.len() <= 32 && first(bytes[0]) && bytes.iter().all(|b| rest(*b))
}

/// Whether only root, or whoever this runs as, can have written there: the file itself, and every folder on the way.
pub(crate) fn is_trusted(path: &std::path::Path) -> Result<(), String> {
    use std::os::unix::fs::MetadataExt;
    const WRITABLE: u32 = 0o022;
    const STICKY: u32 = 0o1000;
    let told = |path: &std::path::Path, why: &str| format!("{} {why}", path.display());
    let real = fs::canonicalize(path).map_err(|error| told(path, &format!("cannot be read: {error}")))?;
    let me = nix::unistd::geteuid().as_raw();
    for (depth, part) in real.ancestors().enumerate() {
        let about = fs::metadata(part).map_err(|error| told(part, &format!("cannot be read: {error}")))?;
        if depth == 0 && !about.is_file() {
            return Err(told(part, "is no file"));
        }
        if about.uid() != 0 && about.uid() != me {
            return Err(told(part, "must belong to root"));
        }
        // In a sticky folder such as /tmp nobody replaces what is somebody else's.
        if about.mode() & WRITABLE != 0 && (depth == 0 || about.mode() & STICKY == 0) {
            return Err(told(part, "must not be writable by group or others (chmod go-w)"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_name_is_no_option_and_no_path() {
        for name in ["jane", "_apt", "jane-doe", "j2"] {
            assert!(is_sound(name), "{name}");
        }
        for name in [
            "",
            "-r",
            "../etc",
            "jane doe",
            "Jane",
            "jane\n",
            "jäne",
            "1st",
            "jane;id",
            &"x".repeat(33),
        ] {
            assert!(!is_sound(name), "{name:?}");
        }
    }

    #[test]
    fn user_ids_of_the_system_are_not_ordinary() {
        // Debian Policy section 9.2.2.
        for uid in [
            0,
            1,
            99,
            100,
            999,
            60_000,
            64_999,
            65_000,
            65_534,
            65_535,
            u32::MAX - 1,
            u32::MAX,
        ] {
            assert!(!is_ordinary(uid), "{uid}");
        }
        for uid in [1000, 59_999, 65_536, 1_234_567_890] {
            assert!(is_ordinary(uid), "{uid}");
        }
    }

    #[test]
    fn root_is_no_ordinary_account() {
        let root = Account::find("root").expect("readable").expect("every machine has one");
        assert!(root.exists && !root.is_ordinary);
    }

    #[test]
    fn what_others_can_write_is_not_trusted() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("pam.toml");
        fs::write(&file, "").expect("written");
        let mode = |path: &std::path::Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("ours");
        };
        mode(&file, 0o644);
        assert_eq!(is_trusted(&file), Ok(()));
        mode(&file, 0o664);
        assert!(is_trusted(&file).expect_err("the group").contains("chmod go-w"));
        mode(&file, 0o644);
        mode(folder.path(), 0o777);
        is_trusted(&file).expect_err("whoever can write in the folder can replace the file");
        mode(folder.path(), 0o700);
        is_trusted(folder.path()).expect_err("no file");
    }
}
