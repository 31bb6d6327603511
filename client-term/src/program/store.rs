//! Where a session rests between two runs: the system's keyring, or a file for its owner alone.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use device_flow::Identity;
use fs4::{FileExt, TryLockError};
use keyring::Entry;
use serde::{Deserialize, Serialize};

use super::profile::{Profile, Wish};

/// What the keyring knows this program by.
const SERVICE: &str = "device-login";
/// What another version wrote is not guessed at.
const VERSION: u8 = 1;
/// Ours: a keyring may ask a person for its password first.
const KEYRING_PATIENCE: Duration = Duration::from_secs(60);
/// Ours: whoever holds the lock waits for one answer of a server at most, and that takes half a minute.
const LOCK_PATIENCE: Duration = Duration::from_secs(45);
const LOCK_PAUSE: Duration = Duration::from_millis(50);

/// A session at rest, and what is remembered beside it.
#[derive(Clone, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kept {
    version: u8,
    /// How it was signed in.
    pub(crate) profile: Profile,
    /// Who signed in, by the ID token as it was checked then.
    pub(crate) person: Option<Person>,
    /// The core's own record.
    pub(crate) session: String,
}

/// Tokens and personal data, so nothing is shown.
impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    pub(crate) fn new(profile: Profile, person: Option<Person>) -> Self {
        Self {
            version: VERSION,
            profile,
            person,
            session: String::new(),
        }
    }
}

/// Who signed in.
#[derive(Clone, Deserialize, Serialize)]
pub(crate) struct Person {
    pub(crate) sub: String,
    pub(crate) name: Option<String>,
    pub(crate) preferred_username: Option<String>,
    pub(crate) email: Option<String>,
}

impl From<Identity> for Person {
    fn from(identity: Identity) -> Self {
        Self {
            sub: identity.subject,
            name: identity.name,
            preferred_username: identity.preferred_username,
            email: identity.email,
        }
    }
}

/// Where it is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Place {
    File,
    Keyring,
}

impl Place {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::File => "file",
            Self::Keyring => "keyring",
        }
    }
}

/// The place of one profile's session.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    folder: PathBuf,
    name: String,
    pub(crate) place: Place,
    /// Why it is not the keyring, where that was wished for.
    pub(crate) no_keyring: Option<String>,
}

/// Held until it is dropped, or its process ends.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Store {
    /// Finds the place: where a session is already, else where one may be put.
    pub(crate) fn open(folder: PathBuf, name: &str, wish: Wish) -> io::Result<Self> {
        let mut store = Self {
            folder,
            name: name.into(),
            place: Place::File,
            no_keyring: None,
        };
        match wish {
            Wish::File => {}
            Wish::Auto if store.file().exists() => {}
            Wish::Auto | Wish::Keyring => match keyring_status() {
                Ok(()) => store.place = Place::Keyring,
                Err(why) if wish == Wish::Keyring => {
                    return Err(io::Error::other(format!("there is no keyring here: {why}")));
                }
                Err(why) => store.no_keyring = Some(why),
            },
        }
        Ok(store)
    }

    /// Before a sign-in: what is left in a file does not bind the new session, if a keyring is there by now.
    pub(crate) fn open_anew(folder: PathBuf, name: &str, wish: Wish) -> io::Result<Self> {
        let mut store = Self::open(folder, name, wish)?;
        if wish == Wish::Auto && store.place == Place::File && store.no_keyring.is_none() {
            match keyring_status() {
                Ok(()) => store.place = Place::Keyring,
                Err(why) => store.no_keyring = Some(why),
            }
        }
        Ok(store)
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.join(format!("{}.json", self.name))
    }

    /// What rests there.
    pub(crate) fn read(&self) -> io::Result<Option<Kept>> {
        let text = match self.place {
            Place::File => match fs::read_to_string(self.file()) {
                Ok(text) => text,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error),
            },
            Place::Keyring => match self.with_entry(Entry::get_password)? {
                Some(text) => text,
                None => return Ok(None),
            },
        };
        let kept: Kept = serde_json::from_str(&text).map_err(|_| io::Error::other("it is not understood"))?;
        if kept.version != VERSION {
            return Err(io::Error::other("another version of this program wrote it"));
        }
        Ok(Some(kept))
    }

    /// Puts it there in one piece, in the place of what was there.
    pub(crate) fn write(&self, kept: &Kept) -> io::Result<()> {
        let text = serde_json::to_string(kept)?;
        match self.place {
            Place::File => {
                self.make_folder()?;
                write_whole(&self.file(), text.as_bytes())
            }
            Place::Keyring => {
                self.with_entry(move |entry| entry.set_password(&text))?;
                // One that a file held before is not to be found first.
                remove_file(&self.file())
            }
        }
    }

    pub(crate) fn clear(&self) -> io::Result<()> {
        if self.place == Place::Keyring {
            self.with_entry(Entry::delete_credential)?;
        }
        remove_file(&self.file())
    }

    /// Waits for the lock that all processes of this profile share; in vain for no longer than it could be held in earnest.
    pub(crate) fn lock(&self) -> io::Result<Option<Lock>> {
        self.make_folder()?;
        let file = private().open(self.folder.join(format!("{}.lock", self.name)))?;
        let mut waited = Duration::ZERO;
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(Some(Lock { _file: file })),
                Err(TryLockError::WouldBlock) if waited < LOCK_PATIENCE => {
                    thread::sleep(LOCK_PAUSE);
                    waited += LOCK_PAUSE;
                }
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
    }

    fn make_folder(&self) -> io::Result<()> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&self.folder)
    }

    /// What the keyring says about this profile's entry; `None` if there is none.
    fn with_entry<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Entry) -> keyring::Result<T> + Send + 'static,
    ) -> io::Result<Option<T>> {
        let name = self.name.clone();
        let answer = in_time(move || work(&Entry::new(SERVICE, &name)?));
        match answer {
            Ok(value) => Ok(Some(value)),
            Err(Some(keyring::Error::NoEntry)) => Ok(None),
            Err(Some(error)) => Err(io::Error::other(format!("the keyring refuses: {error}"))),
            Err(None) => Err(io::Error::new(ErrorKind::TimedOut, "the keyring does not answer")),
        }
    }
}

/// Whether there is a keyring, else why not.
fn keyring_status() -> Result<(), String> {
    let status = in_time(|| match Entry::store_status() {
        Ok(()) => Ok(None),
        Err(error) => Ok(Some(error.to_string())),
    });
    match status {
        Ok(None) => Ok(()),
        Ok(Some(why)) => Err(why),
        Err(_) => Err("it does not answer".into()),
    }
}

/// A keyring that hangs is left to itself: `None`.
fn in_time<T: Send + 'static>(
    work: impl FnOnce() -> keyring::Result<T> + Send + 'static,
) -> Result<T, Option<keyring::Error>> {
    let (sender, answer) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    answer.recv_timeout(KEYRING_PATIENCE).map_err(|_| None)?.map_err(Some)
}

fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A crash leaves the old file or the new one: written beside it with mode 0600, on the disk, then renamed.
fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The rename too is to survive a power cut; not every system lets a folder be opened for that.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

fn remove_file(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn store(folder: &Path) -> Store {
        Store::open(folder.join("below"), "work", Wish::File).expect("a folder")
    }

    fn kept(session: &str) -> Kept {
        Kept {
            session: session.into(),
            ..Kept::new(Profile::default(), None)
        }
    }

    fn read(store: &Store) -> Option<String> {
        store.read().expect("readable").map(|kept| kept.session)
    }

    #[test]
    fn what_was_written_last_is_read_until_it_is_cleared() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        assert_eq!(read(&store), None);
        store.write(&kept("one")).expect("written");
        store.write(&kept("two")).expect("written");
        assert_eq!(read(&store), Some("two".into()));
        store.clear().expect("cleared");
        store.clear().expect("twice is fine");
        assert_eq!(read(&store), None);
    }

    #[cfg(unix)]
    #[test]
    fn file_and_folder_are_their_owners_alone() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        store.write(&kept("one")).expect("written");
        let mode = |path: &Path| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&store.file()), 0o600);
        assert_eq!(mode(&folder.path().join("below")), 0o700);
        let names: Vec<_> = fs::read_dir(folder.path().join("below"))
            .expect("there")
            .flatten()
            .collect();
        assert_eq!(names.len(), 1, "nothing is left beside it: {names:?}");
    }

    #[test]
    fn what_another_version_wrote_is_not_guessed_at() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        store.write(&kept("one")).expect("written");
        let text = fs::read_to_string(store.file()).expect("readable");
        for other in [
            text.replace("\"version\":1", "\"version\":2"),
            text.replace("version", "vision"),
        ] {
            fs::write(store.file(), other).expect("written");
            store.read().expect_err("not understood");
        }
    }

    #[test]
    fn a_lock_that_is_held_is_not_held_twice() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = store(folder.path());
        let lock = store.lock().expect("a file").expect("free");
        let again = private().open(folder.path().join("below/work.lock")).expect("there");
        assert!(matches!(FileExt::try_lock(&again), Err(TryLockError::WouldBlock)));
        drop(lock);
        FileExt::try_lock(&again).expect("free again");
    }
}
