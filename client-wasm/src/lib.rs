//! Device sign-in for television browsers: a Leptos page over the `device-flow` core.
//!
//! [`start`] is what the page's loader calls; the rest is for tests and for pages of another make.
//!
//! With the feature `screen` there is `Screen` as well: the page as a part of somebody else's, for the npm package.
//!
//! Without the feature `page`, which brings Leptos and the browser, there is `Headless` instead with `headless`, and
//! `Session` with `session`: the two small binaries of the npm package.

#![forbid(unsafe_code)]

#[cfg(feature = "page")]
mod app;
#[cfg(any(feature = "headless", feature = "session"))]
mod asks;
#[cfg(feature = "page")]
mod crypto;
#[cfg(feature = "page")]
pub mod digest;
#[cfg(feature = "page")]
pub mod fetch;
#[cfg(any(feature = "headless", feature = "session"))]
mod given;
#[cfg(feature = "headless")]
mod headless;
#[cfg(feature = "page")]
mod listener;
#[cfg(feature = "page")]
mod lock;
mod reading;
#[cfg(feature = "screen")]
mod screen;
#[cfg(feature = "session")]
mod session;
#[cfg(feature = "page")]
mod session_shell;
#[cfg(feature = "page")]
mod settings;
#[cfg(feature = "page")]
mod shell;
#[cfg(feature = "page")]
pub mod signature;
#[cfg(feature = "page")]
mod store;
#[cfg(any(feature = "headless", feature = "page"))]
mod symbol;
#[cfg(feature = "page")]
mod task;
#[cfg(feature = "page")]
mod text;
#[cfg(any(feature = "headless", feature = "screen", feature = "session"))]
mod told;
#[cfg(feature = "page")]
mod tv;
#[cfg(feature = "page")]
mod visit;

/// Seven kilobytes less than the standard library's.
#[cfg(all(
    target_family = "wasm",
    any(feature = "headless", feature = "session"),
    not(feature = "page"),
    not(test)
))]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[cfg(feature = "page")]
use js_sys::Function;
#[cfg(feature = "page")]
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
#[cfg(feature = "page")]
use web_sys::HtmlElement;

#[cfg(feature = "page")]
pub use app::{Mounted, mount};
#[cfg(feature = "headless")]
pub use headless::Headless;
#[cfg(feature = "page")]
pub use lock::Lock;
#[cfg(feature = "screen")]
pub use screen::Screen;
#[cfg(feature = "session")]
pub use session::Session;
#[cfg(feature = "page")]
pub use session_shell::{Ended, SessionShell};
#[cfg(feature = "page")]
pub use settings::{Brand, Page, Setup};
#[cfg(feature = "page")]
pub use shell::Shell;
#[cfg(feature = "page")]
pub use store::Store;
#[cfg(feature = "page")]
pub use text::Texts;
#[cfg(feature = "page")]
pub use visit::{Farewell, Scene, Visit};

/// Draws the sign-in page into `root`, in place of what stands there.
///
/// `config` is the text of `config.json`, or nothing if it could not be had; what is wrong with it the page says.
/// `texts` are the words of the language to speak, as in `texts.*.js`; `exit` ends the app, where that has to be asked.
#[cfg(feature = "page")]
#[wasm_bindgen]
#[expect(clippy::needless_pass_by_value, reason = "what comes from JavaScript is a value")]
pub fn start(root: &HtmlElement, config: Option<String>, texts: JsValue, exit: Option<Function>) {
    mount(
        root,
        Setup::read(config.as_deref(), &app::page()),
        Texts::new(texts),
        exit,
    )
    .forget();
}
