//! The engines that tests can run in: that of today, and those of `engines.json`, which `just engines` fetches.

use std::env;
use std::path::PathBuf;

use serde::Deserialize;

const TABLE: &str = include_str!("../engines.json");

/// Behind the id of an engine whose pages see no WebAssembly.
const WITHOUT_WEBASSEMBLY: &str = "-js";

/// One of them, as the table describes it.
#[derive(Clone, Debug, Deserialize)]
pub struct EngineModel {
    /// Its name here, such as `cal-64`, or `cal-64-js` without WebAssembly.
    pub id: String,
    /// The version of Chromium it was made from, or zero for whatever is installed today.
    pub chromium: u32,
    /// How it is started.
    pub kind: EngineKind,
    /// How keys get to it.
    pub keys: KeyPath,
    /// Within its folder: the program, or Qt's files.
    path: PathBuf,
    /// The televisions that have it, and in parentheses their own version where it is another.
    pub television: String,
    /// When those were sold as new.
    pub years: String,
    /// Whether it must do without the WebAssembly that it has.
    #[serde(skip)]
    pub is_without_webassembly: bool,
}

/// How an engine is started.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum EngineKind {
    /// Chromium, without a display.
    Headless,
    /// Qt's edition of it, in a window of an X display.
    Qt,
}

/// How keys get to an engine.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum KeyPath {
    /// By the DevTools protocol.
    DevTools,
    /// Pressed on its display: this engine loses those of the DevTools protocol.
    X11,
}

impl EngineModel {
    /// The name of the engine of today.
    pub const TODAY: &str = "chromium";

    /// All of the table, oldest first.
    pub fn table() -> Vec<Self> {
        serde_json::from_str(TABLE).expect("engines.json is a table of engines")
    }

    /// The command `chromium`, or the one that the environment variable `CHROMIUM` names.
    pub fn today() -> Self {
        Self {
            id: Self::TODAY.to_owned(),
            chromium: 0,
            kind: EngineKind::Headless,
            keys: KeyPath::DevTools,
            path: env::var_os("CHROMIUM").map_or_else(|| "chromium".into(), PathBuf::from),
            television: "none: a browser of today".to_owned(),
            years: String::new(),
            is_without_webassembly: false,
        }
    }

    /// The one of this name, or nothing.
    pub fn named(id: &str) -> Option<Self> {
        if let Some(id) = id.strip_suffix(WITHOUT_WEBASSEMBLY) {
            return Self::named(id).map(Self::without_webassembly);
        }
        if id == Self::TODAY {
            return Some(Self::today());
        }
        Self::table().into_iter().find(|model| model.id == id)
    }

    /// The same engine, whose pages see no WebAssembly.
    #[must_use]
    pub fn without_webassembly(mut self) -> Self {
        self.id += WITHOUT_WEBASSEMBLY;
        self.is_without_webassembly = true;
        self
    }

    /// Where the program, or Qt's files, are expected.
    pub fn path(&self) -> PathBuf {
        let id = self.id.trim_end_matches(WITHOUT_WEBASSEMBLY);
        if id == Self::TODAY {
            return self.path.clone();
        }
        let cache = env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty());
        let cache = cache.map_or_else(
            || PathBuf::from(env::var_os("HOME").unwrap_or_default()).join(".cache"),
            PathBuf::from,
        );
        cache.join("device-login/engines").join(id).join(&self.path)
    }
}
