//! The page: draws what the shell publishes and grants what the person wants. One screen per file.

mod code_screen;
mod controls;
mod end_session_screen;
mod ended_screen;
mod failure_screen;
mod fit;
mod frame;
mod part;
mod qr;
#[cfg(feature = "screen")]
mod remote;
mod signed_in_screen;
mod start_screen;
mod trouble;
mod waiting_screen;

use core::any::Any;
use core::cell::RefCell;
use core::mem;
use core::time::Duration;
use std::rc::Rc;

use device_flow::{Failure, View};
use js_sys::Function;
use leptos::mount::mount_to_renderer;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::HtmlElement;

use crate::listener::Listener;
use crate::settings::{Page, Setup};
use crate::store::Store;
use crate::text::{
    CHECKING, CHECKING_WHAT, CONNECTING, CONNECTING_WHAT, DENIED, DENIED_WHAT, EXIT, EXIT_WHAT, EXPIRED, EXPIRED_WHAT,
    HELP, PRODUCT, SIGN_OUT_TITLE, SIGN_OUT_WHAT, SIGNING_OUT, Texts,
};
use crate::tv::drift::Drift;
use crate::tv::lifecycle;
use crate::tv::trail::Trail;
use crate::visit::{Scene, Visit};
use controls::{Controls, ONLY_DONE, WITHOUT_CONFIGURATION, Wish, back, controls};
pub(crate) use frame::Frame;
use part::{Part, Screen, element, follow, text};
#[cfg(feature = "screen")]
pub(crate) use remote::Remote;

/// Where this page was loaded from.
pub(crate) fn page() -> Page {
    let window = window();
    let location = window.location();
    // Whose history it would be otherwise: all frames of a window share one.
    let is_framed = window.parent().ok().flatten().is_some_and(|parent| parent != window);
    let mut folder = location.pathname().unwrap_or_default();
    folder.truncate(folder.rfind('/').map_or(0, |slash| slash + 1));
    Page {
        origin: location.origin().unwrap_or_default(),
        query: location.search().unwrap_or_default(),
        folder,
        is_alone: !is_framed,
    }
}

/// A page on screen; dropping it takes it away, with its listeners, timers and requests.
#[must_use = "dropping it takes the page away again"]
pub struct Mounted(Box<dyn Any>);

impl Mounted {
    /// Leaves the page where it is for good.
    pub fn forget(self) {
        mem::forget(self.0);
    }
}

/// Draws the page into `root`, in place of what stands there.
///
/// `exit` ends the app, where Back at the first screen has to ask whether to do that.
pub fn mount(root: &HtmlElement, setup: Setup, texts: Texts, exit: Option<Function>) -> Mounted {
    mount_in(root, setup, texts, exit, Frame::default(), |_, _| {})
}

/// The same in a frame; `connect` gets what stands there and who grants wishes.
pub(crate) fn mount_in(
    root: &HtmlElement,
    setup: Setup,
    texts: Texts,
    exit: Option<Function>,
    frame: Frame,
    connect: impl FnOnce(&Shown, &Host) + 'static,
) -> Mounted {
    if setup.query_ignored {
        leptos::logging::warn!(
            "issuer, client_id and scope in the address are ignored: this page is not on loopback, and config.json \
             does not set allow_query_override"
        );
    }
    if let Some(accent) = &setup.brand.accent {
        // Refused only for a style that is read-only.
        _ = root.style().set_property("--accent", accent);
    }
    root.set_text_content(None);
    Mounted(Box::new(mount_to_renderer(root, move || {
        app(setup, &texts, exit, frame, connect)
    })))
}

/// Everything on screen, and all that keeps it going: both live as long as the page does.
fn app(setup: Setup, texts: &Texts, exit: Option<Function>, frame: Frame, connect: impl FnOnce(&Shown, &Host)) -> Part {
    let (scene, set_scene) = signal(Scene::Start(None));
    let place = frame.clone();
    let show = move |scene| {
        place.show(&scene);
        set_scene.set(scene);
    };
    let store = setup.keep_signed_in.then(|| store_of(&setup.folder)).flatten();
    let visit = match setup.config {
        Ok(config) => Some(Visit::new(config, store, show.clone())),
        Err(error) => {
            show(Scene::SignIn(View::Failed(Failure::from(&error))));
            None
        }
    };
    let brand = setup.brand.name.unwrap_or_else(|| texts.say(PRODUCT));
    let header = [
        element("i", "mark", &[]),
        element("span", "", &[text(&brand)]),
        trouble::banner(scene, texts.clone()),
    ];
    let stage = element("div", "stage", &[element("header", "brand", &header)])
        .attribute("lang", &texts.say("lang"))
        .attribute("dir", &texts.say("dir"));
    let drawn = Rc::new(RefCell::new(None));
    let mut listeners = listen(&stage, &drawn, &frame);
    let drift = Drift::of(stage.as_element().clone());
    listeners.extend(lifecycle::on_wake({
        let visit = visit.clone();
        move || {
            if let Some(visit) = &visit {
                visit.wake();
            }
            drift.wake();
        }
    }));
    StoredValue::new_local(listeners);
    let host = Host {
        visit,
        show: Rc::new(show),
        exit,
        frame,
    };
    connect(&drawn, &host);
    let screen = Memo::new(move |_| still(scene.get()));
    if setup.is_alone {
        let host = host.clone();
        let trail = Trail::new(move || {
            if let Some(wish) = back(&screen.get_untracked()) {
                host.grant(wish);
            }
        });
        follow(move || trail.follow(back(&screen.get()).is_some()));
    }
    let (root, texts) = (stage.clone(), texts.clone());
    // Not before all this stands in the document: outside of it nothing can have the focus or be measured.
    Effect::new(move || {
        let next = Drawn::new(screen.get(), scene, host.clone(), &texts);
        // Refused only for a name that no attribute can have.
        _ = root.as_element().set_attribute("data-screen", name(&next.scene));
        if let Some(last) = drawn.take() {
            host.frame.hold_focus();
            last.take_away();
        }
        next.place(&root);
        drawn.replace(Some(next));
    });
    stage
}

/// The screen that stands in the document.
pub(crate) struct Drawn {
    scene: Scene,
    screen: Screen,
    controls: Rc<Controls>,
}

pub(crate) type Shown = Rc<RefCell<Option<Drawn>>>;

impl Drawn {
    fn new(scene: Scene, live: ReadSignal<Scene>, host: Host, texts: &Texts) -> Self {
        let choice = if host.visit.is_some() {
            controls(&scene)
        } else if host.frame.is_place() {
            ONLY_DONE
        } else {
            WITHOUT_CONFIGURATION
        };
        let (asks_to_leave, frame) = (host.exit.is_some(), host.frame.clone());
        let controls = Controls::new(choice, texts, asks_to_leave, frame, move |wish| host.grant(wish));
        Self {
            screen: draw(&scene, live, texts, controls.row()),
            scene,
            controls,
        }
    }

    fn place(&self, stage: &Part) {
        stage.add(&self.screen.main);
        stage.add(&self.screen.foot);
        self.fit();
        self.controls.light(0);
    }

    fn fit(&self) {
        for fit in &self.screen.fits {
            fit();
        }
    }

    fn take_away(&self) {
        self.screen.main.remove();
        self.screen.foot.remove();
    }
}

/// What is heard as long as the page is there.
fn listen(stage: &Part, drawn: &Shown, frame: &Frame) -> Vec<Listener> {
    let (keys, sizes) = (drawn.clone(), drawn.clone());
    let window = window();
    vec![
        Listener::new(&frame.keys_of(stage), "keydown", move |event| {
            // Not borrowed any more when a wish leads to another screen.
            let heard = keys
                .borrow()
                .as_ref()
                .map(|drawn| (drawn.controls.clone(), drawn.scene.clone()));
            if let Some((controls, scene)) = heard {
                controls.hear(event.unchecked_ref(), &scene);
            }
        }),
        Listener::new(&window, "resize", move |_| {
            if let Some(drawn) = &*sizes.borrow() {
                drawn.fit();
            }
        }),
        // The focus stays where it is: a press beside a button is no wish.
        Listener::new(stage.as_element(), "mousedown", |event| event.prevent_default()),
    ]
}

fn draw(scene: &Scene, live: ReadSignal<Scene>, texts: &Texts, controls: &Part) -> Screen {
    match scene {
        Scene::Start(farewell) => start_screen::draw(farewell.as_ref(), texts, controls),
        Scene::SignedIn { name, vouched_by } | Scene::SignIn(View::SignedIn { name, vouched_by }) => {
            signed_in_screen::draw(name.as_deref(), *vouched_by, texts, controls)
        }
        Scene::SignOut => ended_screen::draw(SIGN_OUT_TITLE, SIGN_OUT_WHAT, "", None, texts, controls),
        Scene::Exit => ended_screen::draw(EXIT, EXIT_WHAT, "", None, texts, controls),
        Scene::SigningOut => waiting_screen::draw(SIGNING_OUT, CONNECTING_WHAT, texts, controls),
        Scene::EndSession(url) => end_session_screen::draw(url, texts, controls),
        Scene::SignIn(view) => match view {
            // Shown as other scenes.
            View::Idle | View::Cancelled | View::SignedIn { .. } => Screen::message(&[], &[]),
            View::Connecting { .. } => waiting_screen::draw(CONNECTING, CONNECTING_WHAT, texts, controls),
            View::Code(code) => code_screen::draw(code, live, texts, controls),
            View::Checking { .. } => waiting_screen::draw(CHECKING, CHECKING_WHAT, texts, controls),
            View::Denied { description } => {
                ended_screen::draw(DENIED, DENIED_WHAT, HELP, description.as_deref(), texts, controls)
            }
            View::Expired => ended_screen::draw(EXPIRED, EXPIRED_WHAT, HELP, None, texts, controls),
            View::Failed(failure) => failure_screen::draw(failure, texts, controls),
        },
    }
}

/// What is kept where the setting asks for it, and the engine can do it safely.
fn store_of(folder: &str) -> Option<Store> {
    let store = Store::of(folder);
    if store.is_none() {
        leptos::logging::warn!(
            "keep_signed_in has no effect: without https (or loopback) there is no cryptography here to keep tokens with"
        );
    }
    store
}

/// Whoever can grant a wish.
#[derive(Clone)]
pub(crate) struct Host {
    visit: Option<Visit>,
    show: Rc<dyn Fn(Scene)>,
    exit: Option<Function>,
    frame: Frame,
}

impl Host {
    fn grant(&self, wish: Wish) {
        match (wish, &self.visit) {
            (Wish::Start, Some(visit)) => visit.start(),
            (Wish::Cancel, Some(visit)) => visit.cancel(),
            (Wish::Home, Some(visit)) => visit.home(),
            (Wish::SignOut, Some(visit)) => visit.sign_out(),
            (Wish::EndSession, Some(visit)) => visit.end_session(),
            // Refused only by a browser that is leaving the page anyway.
            (Wish::Reload, _) => _ = window().location().reload(),
            (Wish::Exit, _) => (self.show)(Scene::Exit),
            (Wish::Remain, Some(visit)) => visit.show(),
            (Wish::Leave, _) => {
                if let Some(exit) = &self.exit {
                    // A set that cannot end the app goes on with it.
                    _ = exit.call0(&JsValue::NULL);
                }
                self.frame.leave("done");
            }
            (_, None) => {}
        }
    }
}

/// The scene without what changes while one looks at it: when this changes, the screen is drawn anew.
fn still(mut scene: Scene) -> Scene {
    match &mut scene {
        Scene::SignIn(View::Connecting { trouble } | View::Checking { trouble }) => *trouble = None,
        Scene::SignIn(View::Code(code)) => {
            code.left = Duration::ZERO;
            code.trouble = None;
        }
        _ => {}
    }
    scene
}

/// The screen's name in `data-screen`.
fn name(scene: &Scene) -> &'static str {
    match scene {
        Scene::Start(_) | Scene::SignIn(View::Idle | View::Cancelled) => "idle",
        Scene::SignIn(View::Connecting { .. }) => "connecting",
        Scene::SignIn(View::Code(_)) => "code",
        Scene::SignIn(View::Checking { .. }) => "checking",
        Scene::SignedIn { .. } | Scene::SignIn(View::SignedIn { .. }) => "signed-in",
        Scene::SignIn(View::Denied { .. }) => "denied",
        Scene::SignIn(View::Expired) => "expired",
        Scene::SignIn(View::Failed(_)) => "failed",
        Scene::SignOut => "sign-out",
        Scene::SigningOut => "signing-out",
        Scene::Exit => "exit",
        Scene::EndSession(_) => "end-session",
    }
}
