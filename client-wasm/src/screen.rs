//! The page as a part of somebody else's: what `www/screen/` puts into a shadow root.
//!
//! All that passes to the other side is text, told as it happens; who listens there hears of it a moment later, so nobody
//! takes a screen away while it speaks.

use device_flow::json::Writer;
use device_flow::{Failure, View};
use js_sys::Function;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{HtmlElement, ShadowRoot};

use crate::app::{Frame, Mounted, Remote, mount_in};
use crate::settings::{Page, Setup};
use crate::text::Texts;
use crate::told;
use crate::visit::Scene;

/// A screen in its place; freeing it takes it away, with its listeners, timers and requests.
#[wasm_bindgen]
pub struct Screen {
    remote: Remote,
    _mounted: Mounted,
}

#[wasm_bindgen]
impl Screen {
    /// Draws into `node` inside of `root`.
    ///
    /// `config` is what `config.json` would be, and what is kept on the device belongs to `owner`. `tell(what, json, words)`
    /// hears of a `view` with words for the person, of `tokens`, and of a `leave`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        node: &HtmlElement,
        root: ShadowRoot,
        config: &str,
        owner: String,
        texts: JsValue,
        tell: Function,
    ) -> Self {
        let page = Page {
            folder: owner,
            ..Page::default()
        };
        let setup = Setup::read(Some(config), &page);
        let texts = Texts::new(texts);
        let remote = Remote::default();
        let tell = move |what: &str, json: &str, words: &str| {
            // It throws nothing.
            _ = tell.call3(&JsValue::NULL, &what.into(), &json.into(), &words.into());
        };
        let frame = Frame::of(
            root,
            {
                let (tell, texts) = (tell.clone(), texts.clone());
                move |scene| {
                    if let Some((view, words)) = view(scene, &texts) {
                        tell("view", &view, &words);
                    }
                }
            },
            {
                let tell = tell.clone();
                move |by| {
                    let mut told = Writer::new();
                    told.text("by", by);
                    tell("leave", &told.end(), "");
                }
            },
        );
        let connect = {
            let remote = remote.clone();
            move |shown: &_, host: &_| {
                remote.connect(shown, host);
                if let Some(visit) = remote.visit().filter(|visit| !visit.keeps()) {
                    visit.hand_over(move |signed_in| tell("tokens", &told::tokens(Some(signed_in)), ""));
                }
            }
        };
        Self {
            _mounted: mount_in(node, setup, texts, None, frame, connect),
            remote,
        }
    }

    /// Begins to sign in, where a button would.
    pub fn start(&self) {
        self.remote.start();
    }

    /// Goes one screen back; `false` at the first one.
    pub fn back(&self) -> bool {
        self.remote.back()
    }

    /// Takes the focus.
    pub fn focus(&self) {
        self.remote.focus();
    }

    /// The room has another size.
    pub fn fit(&self) {
        self.remote.fit();
    }

    /// Calls `then` with the tokens of whoever stays signed in, as JSON, once there are any that can be used; with nothing if
    /// the session ends before. The refresh token stays here.
    pub fn tokens(&self, then: Function) {
        let Some(session) = self.remote.visit().and_then(|visit| visit.session()) else {
            return;
        };
        let told = session.clone();
        session.access_token(move |token| {
            if let Some(token) = token {
                let tokens = told.tell(token.expose());
                _ = then.call1(&JsValue::NULL, &tokens.into());
            }
        });
    }
}

/// What there is to see, and words for the person; nothing for what the screen asks a person, or shows on the way.
fn view(scene: &Scene, texts: &Texts) -> Option<(String, String)> {
    let view = match scene {
        Scene::SignIn(View::Failed(failure)) => {
            return Some((told::view(&View::Failed(failure.clone())), words(failure, texts)));
        }
        Scene::SignIn(view) => told::view(view),
        Scene::Start(None) => told::view(&View::Idle),
        Scene::Start(Some(farewell)) => {
            let mut told = Writer::new();
            told.text("kind", "signedOut");
            told.text("reason", farewell.end.code());
            told.end()
        }
        Scene::SignedIn { name, vouched_by } => told::view(&View::SignedIn {
            name: name.clone(),
            vouched_by: *vouched_by,
        }),
        Scene::SignOut | Scene::SigningOut | Scene::EndSession(_) | Scene::Exit => return None,
    };
    Some((view, String::new()))
}

fn words(failure: &Failure, texts: &Texts) -> String {
    let code = failure.code();
    [&*texts.failure(code), " ", &texts.advice(code)].concat()
}
