//! A page on screen, and the remote control in front of it.

use client_wasm::{Mounted, Page, Setup, Texts, mount};
use js_sys::{Function, Promise};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, KeyboardEventInit, Request};

use crate::fake::{json, no_answer, until};

pub(crate) const CONFIG: &str = r##"{"issuer":"https://server.example.com","client_id":"1406020730","brand":{"name":"Example TV","accent":"#e4002b"}}"##;

const ENGLISH: &str = include_str!("../../../www/texts/en.json");

/// The words of a language, as the loader hands them over.
pub(crate) fn texts(json: &str) -> Texts {
    Texts::new(js_sys::JSON::parse(json).unwrap())
}

/// A page in the document, until dropped.
pub(crate) struct Screen {
    pub(crate) root: HtmlElement,
    _mounted: Mounted,
}

impl Screen {
    pub(crate) fn showing(config: Option<&str>) -> Self {
        Self::on(config, &Page::default(), None)
    }

    /// The same with the window for itself.
    pub(crate) fn alone(config: Option<&str>) -> Self {
        let page = Page {
            is_alone: true,
            ..Page::default()
        };
        Self::on(config, &page, None)
    }

    /// The same as an app that can be left.
    pub(crate) fn with_exit(config: Option<&str>, exit: Function) -> Self {
        Self::on(config, &Page::default(), Some(exit))
    }

    fn on(config: Option<&str>, page: &Page, exit: Option<Function>) -> Self {
        let document = web_sys::window().unwrap().document().unwrap();
        let root: HtmlElement = document.create_element("div").unwrap().unchecked_into();
        root.set_text_content(Some("what stood there before"));
        document.body().unwrap().append_child(&root).unwrap();
        let mounted = mount(&root, Setup::read(config, page), texts(ENGLISH), exit);
        Self {
            root,
            _mounted: mounted,
        }
    }

    pub(crate) fn find(&self, selector: &str) -> Option<Element> {
        self.root.query_selector(selector).unwrap()
    }

    #[track_caller]
    pub(crate) fn text(&self, selector: &str) -> String {
        let element = self.find(selector).expect(selector);
        element.text_content().unwrap()
    }

    pub(crate) fn name(&self) -> Option<String> {
        self.find("[data-screen]")?.get_attribute("data-screen")
    }

    /// Where the picture stands.
    pub(crate) fn drift(&self) -> Option<String> {
        self.find(".stage")?.get_attribute("data-drift")
    }

    pub(crate) async fn wait_for(&self, name: &'static str) {
        until(name, || self.name().as_deref() == Some(name)).await;
    }

    /// Whether the lit control has the focus of the document.
    pub(crate) fn has_focus(&self) -> bool {
        let lit = self.find(".control.lit");
        lit.is_some() && web_sys::window().unwrap().document().unwrap().active_element() == lit
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.root.remove();
    }
}

/// Presses a key; says whether the page took it for itself.
pub(crate) fn press(key: &str, repeat: bool) -> bool {
    let init = KeyboardEventInit::new();
    init.set_key(key);
    init.set_repeat(repeat);
    init.set_bubbles(true);
    init.set_cancelable(true);
    let event = KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).unwrap();
    let body = web_sys::window().unwrap().document().unwrap().body().unwrap();
    !body.dispatch_event(&event).unwrap()
}

/// The answer of RFC 8628 section 3.2.
const AUTHORIZATION: &str = r#"{"device_code":"GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS",
    "user_code":"WDJB-MJHT",
    "verification_uri":"https://example.com/device",
    "verification_uri_complete":"https://example.com/device?user_code=WDJB-MJHT",
    "expires_in":1800,
    "interval":5}"#;

/// An issuer that nobody ever approves at.
pub(crate) fn server(request: &Request) -> Promise {
    server_with(request, 200, AUTHORIZATION)
}

/// The same, with another answer of its device authorization endpoint.
pub(crate) fn server_with(request: &Request, status: u16, authorization: &str) -> Promise {
    let url = request.url();
    if url.ends_with("/.well-known/openid-configuration") {
        json(
            200,
            r#"{"issuer":"https://server.example.com",
                "device_authorization_endpoint":"https://server.example.com/device_authorization",
                "token_endpoint":"https://server.example.com/token",
                "jwks_uri":"https://server.example.com/jwks"}"#,
        )
    } else if url.ends_with("/device_authorization") {
        json(status, authorization)
    } else {
        no_answer()
    }
}
