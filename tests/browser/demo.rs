//! The demo of the documentation: both sides of a sign-in in one page, from a static web server and nothing else.

use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::routing::get;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

use crate::keys;
use crate::page::Page;

/// More pages than any server needs to get an approval.
const MAX_PAGES: usize = 12;

/// Where `www/demo.mjs` leaves it.
fn built() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/demo");
    let path = fs::canonicalize(folder).expect("the demo is built: npx --yes rust-just browser");
    assert!(path.join("mock.wasm").exists(), "{} is whole", path.display());
    path
}

/// A folder of a static web server, on a free port of loopback.
struct Site {
    port: u16,
    _runtime: Runtime,
}

impl Site {
    fn new() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        listener.set_nonblocking(true).expect("a socket");
        let port = listener.local_addr().expect("it is bound").port();
        let runtime = Runtime::new().expect("a runtime");
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(listener).expect("a socket")
        };
        let around = get(|| async { "the documentation" });
        let routes = Router::new()
            .nest_service("/some/demo", ServeDir::new(built()))
            .route("/some/", around);
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Self {
            port,
            _runtime: runtime,
        }
    }

    fn url(&self, host: &str) -> String {
        format!("http://{host}:{}/some/demo/", self.port)
    }
}

/// The page with its two frames.
struct Demo {
    page: Page,
    site: Site,
}

impl Demo {
    fn open() -> Self {
        let site = Site::new();
        let mut page = Page::open();
        page.goto(&site.url("127.0.0.1"));
        Self { page, site }
    }

    /// An element of a frame, as an expression.
    fn element(frame: &str, selector: &str) -> String {
        let (frame, selector) = (json!(frame), json!(selector));
        format!("document.getElementById({frame}).contentDocument.querySelector({selector})")
    }

    #[track_caller]
    fn choose(&mut self, what: &str) {
        self.page.click(&format!("input[value={what}] + span"));
    }

    #[track_caller]
    fn wait_for_screen(&mut self, name: &str) {
        let shown = Self::element("tv", &format!("[data-screen={name}]"));
        self.page
            .wait_for(&format!("the television's screen {name}"), &format!("!!{shown}"));
    }

    #[track_caller]
    fn wait_for_line(&mut self, text: &str) {
        let said = format!("document.getElementById('wire').textContent.includes({})", json!(text));
        self.page.wait_for(&format!("“{text}” on the wire"), &said);
    }

    #[track_caller]
    fn text_on_tv(&mut self, selector: &str) -> String {
        let text = format!("{}.textContent", Self::element("tv", selector));
        self.page.evaluate(&text).as_str().expect("text").to_owned()
    }

    #[track_caller]
    fn ask_for_a_code(&mut self) {
        self.wait_for_screen("idle");
        self.page.click_on(&Self::element("tv", "button"));
        self.wait_for_screen("code");
    }

    fn shows(&mut self, selector: &str) -> bool {
        let found = format!("!!{}", Self::element("phone", selector));
        self.page.evaluate(&found) == Value::Bool(true)
    }

    #[track_caller]
    fn wait_for_phone(&mut self) {
        let loaded = "(function (there) {
            return !there.leaving && there.location.protocol === 'http:' && there.document.readyState === 'complete'
        })(document.getElementById('phone').contentWindow)";
        self.page.wait_for("the phone's next page", loaded);
    }

    #[track_caller]
    fn fill(&mut self, selector: &str, text: &str) {
        self.page.click_on(&Self::element("phone", selector));
        self.page.type_text(text);
    }

    #[track_caller]
    fn submit(&mut self, selector: &str) {
        self.page
            .evaluate("document.getElementById('phone').contentWindow.leaving = true");
        self.page.click_on(&Self::element("phone", selector));
        self.wait_for_phone();
    }

    /// Answers page after page until there is nothing more to say, typing the code where one is asked for.
    #[track_caller]
    fn approve(&mut self, code: &str) {
        self.wait_for_phone();
        for _ in 0..MAX_PAGES {
            if !self.shows("form") {
                return;
            }
            if self.shows("input[type=password]") {
                self.fill("input[name=username]", "jane");
                self.fill("input[type=password]", "password");
                self.submit("button");
            } else if self.shows("button[value=approve]") {
                self.submit("button[value=approve]");
            } else {
                self.fill("input.code", code);
                self.submit("button");
            }
        }
        panic!("the phone is asked without end: {}", self.page.text());
    }

    #[track_caller]
    fn greets(&mut self) {
        self.wait_for_screen("signed-in");
        assert_eq!(self.text_on_tv("[data-name]"), "Jane Doe");
        // It came over http: only a checked signature vouches there.
        let said = self.text_on_tv("main");
        assert!(!said.contains("could not be verified"), "{said}");
    }

    fn picture(&mut self, name: &str) {
        for (width, height) in [(1920, 1080), (1280, 720)] {
            self.page.set_viewport(width, height, 1.0);
            self.page.evaluate(
                "window.painted = 0, requestAnimationFrame(() => requestAnimationFrame(() => window.painted = 1))",
            );
            self.page.wait_for("the page to be painted", "window.painted");
            self.page.save_screenshot(&format!("demo-{name}-{height}"));
        }
    }
}

/// From the first press to the greeting: by the QR's address, or by typing address and code.
#[track_caller]
fn signs_in(server: &str, way: &str) {
    let mut demo = Demo::open();
    demo.wait_for_screen("idle");
    demo.choose(server);
    demo.picture(&format!("{server}-idle"));
    demo.ask_for_a_code();
    demo.picture(&format!("{server}-code"));
    let code = demo.text_on_tv("[data-user-code]");
    demo.page.click(&format!("#{way}"));
    demo.wait_for_phone();
    demo.picture(&format!("{server}-phone"));
    demo.approve(&code);
    demo.greets();
    demo.picture(&format!("{server}-signed-in"));
}

#[test]
fn the_demo_signs_in_by_the_rfcs_with_a_typed_code() {
    signs_in("rfc", "open");
}

#[test]
fn the_demo_signs_in_like_okta_with_a_scanned_code() {
    signs_in("okta", "scan");
}

#[test]
fn the_demo_signs_in_like_authentik_with_a_scanned_code() {
    signs_in("authentik", "scan");
}

#[test]
fn the_demos_server_goes_away_and_comes_back() {
    let mut demo = Demo::open();
    demo.ask_for_a_code();
    demo.choose("away");
    demo.wait_for_line("no answer");
    demo.wait_for_screen("code");
    demo.picture("away");
    demo.choose("slow_down");
    // RFC 8628 section 3.5
    demo.wait_for_line("400 slow_down");
}

#[test]
fn the_demos_remote_control_works_as_one() {
    let mut demo = Demo::open();
    demo.wait_for_screen("idle");
    demo.page.click("[data-key=Enter]");
    demo.wait_for_screen("code");
    demo.page.click("[data-key=Escape]");
    demo.wait_for_screen("idle");
    // The keyboard belongs to the television from then on.
    demo.page.press(&keys::OK);
    demo.wait_for_screen("code");
}

#[test]
fn two_demos_side_by_side_have_a_server_each() {
    let mut first = Demo::open();
    first.ask_for_a_code();
    let code = first.text_on_tv("[data-user-code]");
    let mut page = first.page.open_tab();
    let address = first.page.evaluate("location.href");
    page.goto(address.as_str().expect("an address"));
    let shown = format!("!!{}", Demo::element("tv", "[data-screen=idle]"));
    page.wait_for("the second television", &shown);
    first.page.click("#scan");
    first.approve(&code);
    first.greets();
}

#[test]
fn a_television_in_a_frame_leaves_the_history_alone() {
    // All frames share it: going back there would undo what the phone did last.
    let mut demo = Demo::open();
    demo.wait_for_screen("idle");
    let length = demo.page.evaluate("history.length");
    demo.ask_for_a_code();
    assert_eq!(demo.page.evaluate("history.length"), length);
}

#[test]
fn whoever_asks_for_a_server_that_is_gone_is_told_so() {
    let mut demo = Demo::open();
    demo.wait_for_screen("idle");
    // A page of the same origin that is no part of the demo, as the documentation around it is.
    let mut around = demo.page.open_tab();
    around.goto(&demo.site.url("127.0.0.1").replace("/some/demo/", "/some/"));
    let ask = "void fetch('idp/gone/device').then(function (answer) { window.gone = answer.status })";
    demo.page.evaluate(ask);
    demo.page.wait_for("an answer", "window.gone === 503");
}

#[test]
fn the_demo_says_where_it_cannot_run() {
    let site = Site::new();
    let file = format!("file://{}/index.html", built().display());
    for (url, reason) in [
        (site.url("tv.test"), "came by plain http from another machine"),
        (file, "opened as a file"),
    ] {
        let mut page = Page::open();
        page.goto(&url);
        page.wait_for("what is wrong", "!document.body.textContent.includes('Starting')");
        assert!(page.text().contains(reason), "{}", page.text());
        page.save_screenshot(&format!("demo-refused-{}", reason.len()));
    }
}
