//! A phone in somebody's hand, with a browser without JavaScript.

use crate::support::Host;
use mock_idp::{GrantState, Request, Response};

/// What the person types to sign in.
pub(crate) const JANE: [(&str, &str); 2] = [("username", "jane"), ("password", "password")];

/// A phone: it keeps the cookie and sends the form it was shown.
pub(crate) struct Phone {
    pub(crate) bench: Host,
    pub(crate) cookie: Option<String>,
    pub(crate) page: Response,
}

impl Phone {
    pub(crate) fn open(bench: Host, target: &str) -> Self {
        let mut phone = Self {
            bench,
            cookie: None,
            page: Response::default(),
        };
        phone.visit(Request::get(target));
        phone
    }

    /// Sends a request and follows redirects.
    pub(crate) fn visit(&mut self, mut request: Request) {
        for _ in 0..5 {
            if let Some(cookie) = &self.cookie {
                request = request.with("Cookie", &format!("theme=dark; {cookie}"));
            }
            self.page = self.bench.send(request);
            if let Some(cookie) = self.page.header("set-cookie") {
                self.cookie = cookie.split(';').next().map(str::to_owned);
            }
            match self.page.header("location") {
                Some(target) => request = Request::get(target),
                None => return,
            }
        }
        panic!("too many redirects");
    }

    /// Fills in the page's form and sends it with all its hidden fields.
    pub(crate) fn submit(&mut self, fields: &[(&str, &str)]) {
        let html = self.page.text();
        let action = attribute(&html, "<form ", "action").expect("a form");
        let hidden: Vec<_> = html
            .split("<input type=\"hidden\" ")
            .skip(1)
            .map(|input| {
                (
                    attribute(input, "", "name").unwrap(),
                    attribute(input, "", "value").unwrap(),
                )
            })
            .collect();
        let mut all: Vec<_> = hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        all.extend(fields);
        self.visit(Request::form(&action, &all));
    }

    #[track_caller]
    pub(crate) fn sees(&self, text: &str) {
        assert!(self.page.text().contains(text), "no “{text}” in:\n{}", self.page.text());
    }

    pub(crate) fn does_not_see(&self, text: &str) {
        assert!(!self.page.text().contains(text));
    }

    pub(crate) fn state(&self) -> GrantState {
        self.bench.idp.grants(self.bench.now)[0].state
    }
}

/// The value of an attribute after a marker, with entities decoded.
pub(crate) fn attribute(html: &str, marker: &str, name: &str) -> Option<String> {
    let (_, rest) = html.split_once(marker)?;
    let (_, value) = rest.split_once(&format!("{name}=\""))?;
    Some(value.split_once('"')?.0.replace("&amp;", "&"))
}
