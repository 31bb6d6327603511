//! A headless Chromium with a profile of its own, gone without a trace when the value is dropped.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use std::{env, fs, process, thread};

use serde_json::Value;

/// Bounds a failure only: a browser that starts at all takes a second or two.
const START: Duration = Duration::from_secs(60);
/// Between two looks at the list of pages.
const PAUSE: Duration = Duration::from_millis(50);
/// Looks at the list of pages before it counts as a failure; with [`PAUSE`], half a minute.
const LOOKS: u32 = 600;
/// Lines of the browser's own messages that a failure shows.
const LAST_WORDS: usize = 20;

/// Runs its arguments in the background until its own input ends, then kills its whole process group.
/// The input ends when the test drops it, and also when the test itself is killed, so no browser stays behind.
/// Standard error is given away, so that it ends with the browser and not with this shell.
const KEEPER: &str = r#""$@" & exec 2>/dev/null; read -r _; kill -KILL 0"#;

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
    // Names that nobody can have (RFC 6761 section 6.2) lead to this machine: a page that is not a secure context.
    "--host-resolver-rules=MAP *.test 127.0.0.1",
    "--mute-audio",
    "--no-default-browser-check",
    "--no-first-run",
];

/// A running browser; dropping it kills every process of it and removes its profile.
pub(crate) struct Engine {
    keeper: Child,
    messages: Receiver<String>,
    address: String,
    profile: PathBuf,
}

impl Engine {
    /// Starts the command `chromium`, or the one that the environment variable `CHROMIUM` names, and waits for it.
    pub(crate) fn start() -> Self {
        let profile = fresh_profile();
        let command = env::var("CHROMIUM").unwrap_or_else(|_| "chromium".into());
        let mut keeper = Command::new("sh");
        keeper
            .args(["-c", KEEPER, "sh", &command])
            .args(FLAGS)
            .arg(format!("--user-data-dir={}", profile.display()));
        if is_root(&profile) {
            keeper.arg("--no-sandbox");
        }
        keeper
            .arg("about:blank")
            .env("XDG_CONFIG_HOME", &profile)
            .process_group(0);
        keeper
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut keeper = keeper.spawn().expect("a shell to start the browser from");
        let messages = lines_of(keeper.stderr.take().expect("its standard error is piped"));
        let mut engine = Self {
            keeper,
            messages,
            address: String::new(),
            profile,
        };
        engine.address = engine.listening_address();
        engine
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
            let _ = self.messages.recv_timeout(PAUSE);
        }
        panic!("the browser at {list} opened no page");
    }

    /// Where the DevTools protocol is served, as the browser announces it on standard error.
    fn listening_address(&self) -> String {
        let mut last_words = VecDeque::new();
        loop {
            match self.messages.recv_timeout(START) {
                Ok(line) => {
                    if let Some(url) = line.strip_prefix("DevTools listening on ws://") {
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
                    panic!("the browser {how} at its start (is it installed? `npx --yes rust-just setup`):\n{said}");
                }
            }
        }
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
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
        // The messages end when the last process that could write them is gone, and nobody writes to the profile.
        while self.messages.recv_timeout(START).is_ok() {}
        let _ = fs::remove_dir_all(&self.profile);
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
    fs::create_dir(&profile).expect("a new folder for the browser's profile");
    profile
}

/// Chromium refuses to run as root inside its sandbox.
fn is_root(mine: &Path) -> bool {
    fs::metadata(mine).expect("the profile was just made").uid() == 0
}

/// The lines of a stream as they come; the channel closes when the stream ends.
fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            // Nobody listening is no reason to stop reading: a full pipe would halt the browser.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    receiver
}

fn page_in(list: &Value) -> Option<&str> {
    list.as_array()?.iter().find(|target| target["type"] == "page")?["webSocketDebuggerUrl"].as_str()
}
