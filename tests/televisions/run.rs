//! All stories in one engine.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{fs, io};

use serde::Deserialize;
use serde_json::Value;
use tests::EngineModel;

use crate::STORIES;

/// The story that is told alone, because its time is measured.
pub(crate) const START: &str = "stories::the_page_starts";

/// The first Chromium that has WebAssembly.
pub(crate) const WEBASSEMBLY: u32 = 57;

/// Stories at the same time: most of each is waiting for the next poll.
const AT_A_TIME: &str = "4";

/// How the stories went in one engine.
pub(crate) struct Run {
    pub(crate) model: EngineModel,
    /// Whether each of [`STORIES`] was told to its end.
    pub(crate) told: [bool; STORIES.len()],
    pub(crate) boot: Option<Boot>,
    failures: Vec<String>,
}

/// What the story of the start leaves behind.
#[derive(Deserialize)]
pub(crate) struct Boot {
    /// From the navigation to the first screen, the middle one of several.
    pub(crate) milliseconds: f64,
    /// Whether the page ran as JavaScript.
    pub(crate) translated: bool,
}

impl Run {
    /// Tells them.
    pub(crate) fn of(model: EngineModel, browser_tier: &Path) -> Self {
        // What an earlier run left must not pass for this one's.
        for file in [boot_file(&model), picture_file(&model)] {
            let _ = fs::remove_file(file);
        }
        let mut run = Self {
            model,
            told: [false; STORIES.len()],
            boot: None,
            failures: Vec::new(),
        };
        run.tell(browser_tier, &[START]);
        let others = STORIES.map(|(name, _)| name).into_iter().filter(|name| *name != START);
        let others: Vec<_> = others.chain(["--test-threads", AT_A_TIME]).collect();
        run.tell(browser_tier, &others);
        let boot = fs::read_to_string(boot_file(&run.model));
        run.boot = boot.ok().and_then(|text| serde_json::from_str(&text).ok());
        run
    }

    /// Whether every story was told to its end.
    pub(crate) fn is_green(&self) -> bool {
        self.told == [true; STORIES.len()]
    }

    /// The runs in which a story went wrong, as the test runner tells it.
    pub(crate) fn failures(&self) -> &[String] {
        &self.failures
    }

    /// All of it in a line.
    pub(crate) fn line(&self) -> String {
        let boot = self.boot.as_ref().map_or(String::new(), |boot| {
            let how = if boot.translated { "JavaScript" } else { "WebAssembly" };
            format!("{:.0} ms to the first screen, {how}", boot.milliseconds)
        });
        let untold = STORIES.iter().zip(self.told).filter(|(_, told)| !told);
        let untold: Vec<_> = untold.map(|((_, title), _)| *title).collect();
        let end = if untold.is_empty() {
            "all stories well".to_owned()
        } else {
            format!("WRONG: {}", untold.join(", "))
        };
        format!("{end}; {boot}")
    }

    /// The screen with the code, at 1280 by 720.
    pub(crate) fn picture(&self) -> io::Result<Vec<u8>> {
        fs::read(picture_file(&self.model))
    }

    fn tell(&mut self, browser_tier: &Path, arguments: &[&str]) {
        let output = Command::new(browser_tier)
            .arg("--exact")
            .args(arguments)
            .env("TELEVISION", &self.model.id)
            .output()
            .expect("it was just built");
        let text = String::from_utf8_lossy(&output.stdout);
        for ((name, _), told) in STORIES.iter().zip(&mut self.told) {
            *told |= text.lines().any(|line| line == format!("test {name} ... ok"));
        }
        if !output.status.success() {
            let complaint = String::from_utf8_lossy(&output.stderr);
            self.failures.push(format!("{text}{complaint}"));
        }
    }
}

/// Builds the browser tier, and says where its program is.
pub(crate) fn build() -> Result<PathBuf, String> {
    // The selection of all tests, so that nothing is compiled again with other features.
    let output = Command::new("cargo")
        .args(["test", "--workspace", "--exclude", "client-wasm", "--test", "browser"])
        .args(["--no-run", "--quiet", "--message-format", "json"])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|problem| problem.to_string())?;
    let messages = output.stdout.split(|byte| *byte == b'\n');
    let built = messages
        .filter_map(|message| serde_json::from_slice::<Value>(message).ok())
        .filter(|message| message["target"]["name"] == "browser")
        .find_map(|message| message["executable"].as_str().map(PathBuf::from));
    built.ok_or_else(|| "cargo built no browser tier".to_owned())
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target")
}

fn boot_file(model: &EngineModel) -> PathBuf {
    target().join("televisions").join(format!("{}.json", model.id))
}

fn picture_file(model: &EngineModel) -> PathBuf {
    let mut folder = target().join("screenshots");
    if model.id != EngineModel::TODAY {
        folder.push(&model.id);
    }
    folder.join("okta-code-720.png")
}
