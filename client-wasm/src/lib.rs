//! Device sign-in for television browsers: a Leptos page over the `device-flow` core.
//!
//! [`start`] is what the page's loader calls; the rest is for tests and for pages of another make.

#![forbid(unsafe_code)]

mod app;
mod crypto;
pub mod digest;
pub mod fetch;
mod listener;
mod lock;
mod session_shell;
mod settings;
mod shell;
pub mod signature;
mod store;
mod task;
mod text;
mod tv;
mod visit;

#[cfg(test)]
wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

use js_sys::Function;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use web_sys::HtmlElement;

pub use app::{Mounted, mount};
pub use lock::Lock;
pub use session_shell::{Ended, SessionShell};
pub use settings::{Brand, Page, Setup};
pub use shell::Shell;
pub use store::Store;
pub use text::Texts;
pub use visit::{Farewell, Scene, Visit};

/// Draws the sign-in page into `root`, in place of what stands there.
///
/// `config` is the text of `config.json`, or nothing if it could not be had; what is wrong with it the page says.
/// `texts` are the words of the language to speak, as in `texts.*.js`; `exit` ends the app, where that has to be asked.
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
