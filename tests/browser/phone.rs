//! The person's phone: follows an address, signs in, approves or declines, as any server's own pages want it.

use serde_json::{Value, json};

use crate::page::Page;

/// A phone of 360 CSS pixels with a browser.
pub(crate) struct Phone {
    pub(crate) page: Page,
}

/// More pages than any server needs to get an approval.
const MAX_PAGES: usize = 12;

/// What goes on, on any server's pages.
const YES: &str = "[type=submit]:not([name=abort]), form button:not([name=abort])";

impl Phone {
    /// Opens an address.
    pub(crate) fn opens(address: &str) -> Self {
        let mut page = Page::open();
        page.set_viewport(360, 720, 2.0);
        page.goto(address);
        Self { page }
    }

    /// Signs in as jane and says yes to everything, page after page, until nothing is left to be said.
    #[track_caller]
    pub(crate) fn approve(&mut self) {
        self.answer_pages("approve");
    }

    /// The same, but declines where that can be done.
    #[track_caller]
    pub(crate) fn decline(&mut self) {
        self.answer_pages("deny");
    }

    #[track_caller]
    fn answer_pages(&mut self, choice: &str) {
        let chosen = format!("button[value={choice}]");
        for _ in 0..MAX_PAGES {
            // Some pages go on by themselves: they have a form and nothing to press.
            let settled = format!("document.querySelector({}) || document.forms.length === 0", json!(YES));
            self.page.wait_for(
                "a page that asks, or the last one",
                &format!("document.readyState === 'complete' && !!({settled})"),
            );
            if self.shows("input[type=password]") {
                self.fill("input[name=username], input[name=login]", "jane");
                self.fill("input[type=password]", "password");
                self.submit(YES);
            } else if self.shows(&chosen) {
                self.submit(&chosen);
            } else if self.shows(YES) {
                self.submit(YES);
            } else {
                return;
            }
        }
        panic!("the server asks without end: {}", self.page.text());
    }

    fn shows(&mut self, selector: &str) -> bool {
        let found = format!("!!document.querySelector({})", json!(selector));
        self.page.evaluate(&found) == Value::Bool(true)
    }

    #[track_caller]
    fn fill(&mut self, selector: &str, text: &str) {
        self.page.click(selector);
        let empty = format!("document.querySelector({}).value = ''", json!(selector));
        self.page.evaluate(&empty);
        self.page.type_text(text);
    }

    /// Clicks, and waits for the page that comes of it.
    #[track_caller]
    fn submit(&mut self, selector: &str) {
        self.page.evaluate("window.leaving = true");
        self.page.click(selector);
        self.page
            .wait_for("the next page", "!window.leaving && document.readyState === 'complete'");
    }
}
