//! The television page as its viewer meets it: keys in, a screen out.

use crate::keys::{self, Key};
use crate::page::Page;
use crate::qr;

/// A television in front of somebody.
pub(crate) struct Television {
    pub(crate) page: Page,
}

impl Television {
    /// Switches on at 1280 by 720 and opens the page; nothing has been pressed yet.
    pub(crate) fn showing(url: &str) -> Self {
        let mut page = Page::open();
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

    /// Panics if the page complained about anything but a pending poll, which has status 400 (RFC 8628 section 3.5).
    #[track_caller]
    pub(crate) fn assert_no_errors(&mut self) {
        let is_pending = |error: &String| error.starts_with("log: ") && error.contains("a status of 400");
        let errors: Vec<_> = self.page.errors().iter().filter(|error| !is_pending(error)).collect();
        assert!(errors.is_empty(), "the page complained: {errors:#?}");
    }

    /// Keeps pictures of the present screen in both sizes, for people to look at.
    pub(crate) fn picture(&mut self, name: &str) {
        // Screens that only pass by appear late and slowly.
        let appeared = "getComputedStyle(document.querySelector('main')).opacity === '1'";
        self.page.wait_for("the screen to have appeared", appeared);
        for (width, height) in [(1920, 1080), (1280, 720)] {
            self.page.set_viewport(width, height, 1.0);
            // Two frames: one to lay out, one to paint.
            self.page.evaluate(
                "window.painted = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.painted = 1))",
            );
            self.page.wait_for("the new size to be painted", "window.painted");
            self.page.save_screenshot(&format!("{name}-{height}"));
        }
    }
}
