//! A browser with a profile of its own, gone without a trace when the value is dropped.

use std::collections::VecDeque;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::RecvTimeoutError;
use std::time::Duration;
use std::{env, fs, process, thread};

use serde_json::Value;
use tests::{EngineKind, EngineModel};

use crate::display::Display;
use crate::keeper::Keeper;

/// Bounds a failure only: a browser that starts at all takes a second or two.
const START: Duration = Duration::from_secs(60);
/// Between two looks at the list of pages, or at the state of processes.
const PAUSE: Duration = Duration::from_millis(50);
/// Looks before it counts as a failure; with [`PAUSE`], half a minute.
const LOOKS: u32 = 600;
/// Lines of the browser's own messages that a failure shows.
const LAST_WORDS: usize = 20;

/// Names that nobody can have (RFC 6761 section 6.2) lead to this machine: a page that is not a secure context.
const TEST_NAMES: &str = "--host-resolver-rules=MAP *.test 127.0.0.1";

/// What programs take for places to leave something behind.
const FOLDERS: [&str; 6] = [
    "HOME",
    "TMPDIR",
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_DATA_HOME",
    "XDG_RUNTIME_DIR",
];

const FLAGS: &[&str] = &[
    "--headless",
    "--remote-debugging-port=0",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--hide-scrollbars",
    TEST_NAMES,
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
];

/// A running browser; dropping it kills every process of it and removes its profile.
pub(crate) struct Engine {
    model: EngineModel,
    // Before the display: a browser that loses it complains.
    keeper: Option<Keeper>,
    display: Option<Display>,
    address: String,
    profile: PathBuf,
}

impl Engine {
    /// Starts it and waits until it listens.
    pub(crate) fn start(model: &EngineModel) -> Self {
        let profile = fresh_profile();
        let (display, mut command) = match model.kind {
            EngineKind::Headless => (None, headless(model, &profile)),
            EngineKind::Qt => {
                let display = Display::start();
                let command = qt(model, &display);
                (Some(display), command)
            }
        };
        for name in FOLDERS {
            command.env(name, &profile);
        }
        let keeper = Keeper::start(&mut command, "KILL")
            .unwrap_or_else(|error| panic!("{} cannot be started: {error} {}", model.id, advice(model)));
        let address = listening_address(model, &keeper);
        Self {
            model: model.clone(),
            keeper: Some(keeper),
            display,
            address,
            profile,
        }
    }

    /// What was started.
    pub(crate) fn model(&self) -> &EngineModel {
        &self.model
    }

    /// The display it has, if it needs one.
    pub(crate) fn display(&self) -> Option<&Display> {
        self.display.as_ref()
    }

    /// Stops every process of it where it is, as a set in standby, until [`Self::go_on`].
    pub(crate) fn stop(&self) {
        self.keeper().signal("STOP");
        // Each stops when it is its turn to run.
        for _ in 0..LOOKS {
            if self.states().chars().all(|state| state == 'T') {
                return;
            }
            thread::sleep(PAUSE);
        }
        panic!("it does not stop: {}", self.states());
    }

    /// Lets every process go on after [`Self::stop`].
    pub(crate) fn go_on(&self) {
        self.keeper().signal("CONT");
    }

    /// The states of all its processes, such as `TT` where two are stopped.
    pub(crate) fn states(&self) -> String {
        self.keeper().states()
    }

    fn keeper(&self) -> &Keeper {
        self.keeper.as_ref().expect("it is kept until it is dropped")
    }

    /// The websocket of the browser's one page.
    pub(crate) fn page_socket(&self) -> String {
        let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().proxy(None).build());
        let list = format!("http://{}/json/list", self.address);
        for _ in 0..LOOKS {
            let answer = agent
                .get(&list)
                .call()
                .and_then(|mut answer| answer.body_mut().read_to_string());
            let pages = answer.ok().and_then(|text| serde_json::from_str(&text).ok());
            if let Some(url) = pages.as_ref().and_then(page_in) {
                return url.to_owned();
            }
            // A pause, cut short by whatever the browser has to say.
            let _ = self.keeper().line_within(PAUSE);
        }
        panic!("the browser at {list} opened no page");
    }

    /// The websocket of one more page, a tab beside the others.
    pub(crate) fn another_page_socket(&self) -> String {
        let agent = ureq::Agent::new_with_config(ureq::Agent::config_builder().proxy(None).build());
        let new = format!("http://{}/json/new", self.address);
        let answer = agent.put(&new).send_empty();
        let text = answer.and_then(|mut answer| answer.body_mut().read_to_string());
        let page: Value = serde_json::from_str(&text.expect("the browser opens a tab")).expect("JSON");
        page["webSocketDebuggerUrl"].as_str().expect("a page").to_owned()
    }

    /// The folder that the browser writes to.
    pub(crate) fn profile(&self) -> &Path {
        &self.profile
    }

    /// Host and port of the DevTools protocol.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        drop(self.keeper.take());
        // Nobody writes to it any more.
        let _ = fs::remove_dir_all(&self.profile);
    }
}

/// Chromium without a display.
fn headless(model: &EngineModel, profile: &Path) -> Command {
    let mut command = Command::new(model.path());
    command
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", profile.display()));
    if is_root(profile) || model.id != EngineModel::TODAY {
        command.arg("--no-sandbox");
    }
    command.arg("about:blank");
    command
}

/// Qt's edition, in a window.
fn qt(model: &EngineModel, display: &Display) -> Command {
    let mut command = Command::new("python3");
    command
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/browser/qthost.py"))
        .arg(model.path())
        .args(["1280", "720", TEST_NAMES])
        .env("DISPLAY", display.name());
    command
}

/// What to do when it does not start.
fn advice(model: &EngineModel) -> &'static str {
    if model.id == EngineModel::TODAY {
        "(is it installed? `npx --yes rust-just setup`)"
    } else {
        "(is it there? `npx --yes rust-just engines`)"
    }
}

/// Where the DevTools protocol is served, as the browser announces it on standard error.
fn listening_address(model: &EngineModel, keeper: &Keeper) -> String {
    let announcement = match model.kind {
        EngineKind::Headless => "DevTools listening on ws://",
        EngineKind::Qt => "qthost: listening on ",
    };
    let mut last_words = VecDeque::new();
    loop {
        match keeper.line_within(START) {
            Ok(line) => {
                if let Some(url) = line.strip_prefix(announcement) {
                    return url.split('/').next().unwrap_or_default().to_owned();
                }
                last_words.push_back(line);
                if last_words.len() > LAST_WORDS {
                    last_words.pop_front();
                }
            }
            Err(end) => {
                let how = if end == RecvTimeoutError::Timeout {
                    "hangs"
                } else {
                    "ended"
                };
                let said = last_words.into_iter().collect::<Vec<_>>().join("\n");
                let id = &model.id;
                panic!("{id} {how} at its start {}:\n{said}", advice(model));
            }
        }
    }
}

fn fresh_profile() -> PathBuf {
    static STARTED: AtomicU32 = AtomicU32::new(0);
    let name = format!(
        "device-login-{}-{}",
        process::id(),
        STARTED.fetch_add(1, Ordering::Relaxed)
    );
    let profile = env::temp_dir().join(name);
    // Nobody else's: Qt insists on that.
    let made = fs::DirBuilder::new().mode(0o700).create(&profile);
    made.expect("a new folder for the browser's profile");
    profile
}

/// Chromium refuses to run as root inside its sandbox.
fn is_root(mine: &Path) -> bool {
    fs::metadata(mine).expect("the profile was just made").uid() == 0
}

fn page_in(list: &Value) -> Option<&str> {
    list.as_array()?.iter().find(|target| target["type"] == "page")?["webSocketDebuggerUrl"].as_str()
}
