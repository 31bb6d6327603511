//! The television page as its viewer meets it: keys in, a screen out.

use crate::keys::{self, Key};
use crate::page::Page;
use crate::qr;

/// `window.screenAt` becomes the time since the navigation at which the page's first screen stood in the document.
const NOTE_THE_FIRST_SCREEN: &str = "new MutationObserver(function () {
    if (!window.screenAt && document.querySelector('[data-screen]')) window.screenAt = performance.now();
}).observe(document, { attributes: true, childList: true, subtree: true })";

/// A television in front of somebody.
pub(crate) struct Television {
    pub(crate) page: Page,
}

impl Television {
    /// Switches on at 1280 by 720 and opens the page; nothing has been pressed yet.
    pub(crate) fn showing(url: &str) -> Self {
        let mut page = Page::open_on_television();
        page.on_new_document(NOTE_THE_FIRST_SCREEN);
        page.goto(url);
        Self { page }
    }

    /// Loads the page as if for the first time, and says how many milliseconds passed until it could be used.
    #[track_caller]
    pub(crate) fn boot(&mut self, url: &str) -> f64 {
        self.page.forget_what_was_loaded();
        self.page.goto(url);
        self.wait_for_screen("idle");
        let time = self.page.evaluate("window.screenAt");
        time.as_f64().expect("a time")
    }

    /// Whether the page runs as JavaScript, for want of WebAssembly: that file is fetched for nothing else.
    #[track_caller]
    pub(crate) fn is_translated(&mut self) -> bool {
        let fetched = "performance.getEntriesByType('resource').some(file => /app[.]translated[.]js$/.test(file.name))";
        self.page.evaluate(fetched) == true
    }

    /// How often a file of the page was fetched since it was opened.
    #[track_caller]
    pub(crate) fn fetches_of(&mut self, file: &str) -> u64 {
        let fetches = format!(
            "performance.getEntriesByType('resource').filter(function (fetch) {{ return fetch.name.split('/').pop() === '{file}'; }}).length"
        );
        self.page.evaluate(&fetches).as_u64().expect("a number")
    }

    /// One for each address, each in a tab of the same browser: they mostly wait.
    pub(crate) fn in_tabs(urls: &[String]) -> Vec<Self> {
        let first = Self::showing(&urls[0]);
        let others: Vec<_> = urls[1..].iter().map(|url| first.second_tab(url)).collect();
        [first].into_iter().chain(others).collect()
    }

    /// The same page in one more tab of the same browser.
    pub(crate) fn second_tab(&self, url: &str) -> Self {
        let mut page = self.page.open_tab();
        page.goto(url);
        Self { page }
    }

    /// Waits until the screen of that name is up.
    #[track_caller]
    pub(crate) fn wait_for_screen(&mut self, name: &str) {
        let shown = format!("document.querySelector('[data-screen]').getAttribute('data-screen') === '{name}'");
        self.page.wait_for(&format!("the screen {name}"), &shown);
    }

    /// From the first screen to the one with the code.
    #[track_caller]
    pub(crate) fn ask_for_a_code(&mut self) {
        self.wait_for_screen("idle");
        self.press(&keys::OK);
        self.wait_for_screen("code");
    }

    pub(crate) fn press(&mut self, key: &Key) {
        self.page.press(key);
    }

    /// The code in the page's text.
    #[track_caller]
    pub(crate) fn user_code(&mut self) -> String {
        self.text_of("[data-user-code]")
    }

    /// The text of one element.
    #[track_caller]
    pub(crate) fn text_of(&mut self, selector: &str) -> String {
        let text = format!("document.querySelector('{selector}').textContent");
        self.page.evaluate(&text).as_str().expect("text").to_owned()
    }

    /// An hour passes that only the wall clock has seen, as in standby.
    pub(crate) fn sleep_for_an_hour(&mut self) {
        self.page.evaluate(
            "(function () {
                var now = Date.now;
                Date.now = function () { return now.call(Date) + 3600000 };
            })()",
        );
    }

    /// The set wakes.
    pub(crate) fn wake(&mut self) {
        self.page.evaluate("void window.dispatchEvent(new Event('pageshow'))");
    }

    /// The address that a phone's camera sees.
    #[track_caller]
    pub(crate) fn scan(&mut self) -> String {
        let picture = self.page.screenshot();
        let found = qr::read_qr(&picture).unwrap_or_else(|error| {
            let path = self.page.save_screenshot("unreadable-qr");
            panic!("the QR cannot be read ({error}): {}", path.display())
        });
        let [address] = found.as_slice() else {
            panic!("one QR is on the screen: {found:?}")
        };
        address.clone()
    }

    /// Panics if the page complained about anything but what belongs to it: a pending poll has status 400 (RFC 8628
    /// section 3.5), and engines pass over what they do not know of a policy with a word: `wasm-unsafe-eval` before 97,
    /// trusted types before 83.
    #[track_caller]
    pub(crate) fn assert_no_errors(&mut self) {
        let belongs = |error: &&String| {
            let words = [
                "a status of 400",
                "'wasm-unsafe-eval''",
                "'require-trusted-types-for'",
                "'trusted-types'",
            ];
            error.starts_with("log: ") && words.iter().any(|word| error.contains(word))
        };
        let errors: Vec<_> = self.page.errors().iter().filter(|error| !belongs(error)).collect();
        assert!(errors.is_empty(), "the page complained: {errors:#?}");
    }

    /// Two frames: one to lay out, one to paint.
    #[track_caller]
    pub(crate) fn wait_for_paint(&mut self) {
        self.page.evaluate(
            "window.painted = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.painted = 1))",
        );
        self.page.wait_for("the page to be painted", "window.painted");
    }

    /// Keeps pictures of the present screen in both sizes, for people to look at.
    pub(crate) fn picture(&mut self, name: &str) {
        // Screens that only pass by appear late and slowly.
        let appeared = "getComputedStyle(document.querySelector('main')).opacity === '1'";
        self.page.wait_for("the screen to have appeared", appeared);
        for (width, height) in [(1920, 1080), (1280, 720)] {
            self.page.set_viewport(width, height, 1.0);
            self.wait_for_paint();
            self.page.save_screenshot(&format!("{name}-{height}"));
        }
    }
}
