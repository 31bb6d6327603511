//! A network and a clock that do as the test says.

use std::cell::RefCell;
use std::rc::Rc;

use gloo_timers::future::TimeoutFuture;
use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{Request, Response, ResponseInit};

/// `window.fetch`, replaced until this is dropped.
pub(crate) struct Network {
    real: JsValue,
    pub(crate) requests: Rc<RefCell<Vec<Request>>>,
    _closure: Closure<dyn Fn(Request) -> Promise>,
}

impl Network {
    pub(crate) fn answering(answer: impl Fn(&Request) -> Promise + 'static) -> Self {
        let requests = Rc::new(RefCell::new(Vec::new()));
        let seen = Rc::clone(&requests);
        let closure = Closure::<dyn Fn(Request) -> Promise>::new(move |request: Request| {
            let promise = answer(&request);
            seen.borrow_mut().push(request);
            promise
        });
        let window = web_sys::window().unwrap();
        let real = Reflect::get(&window, &"fetch".into()).unwrap();
        Reflect::set(&window, &"fetch".into(), closure.as_ref()).unwrap();
        Self {
            real,
            requests,
            _closure: closure,
        }
    }

    pub(crate) fn request(&self, index: usize) -> Request {
        Clone::clone(&self.requests.borrow()[index])
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.borrow().len()
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        Reflect::set(&web_sys::window().unwrap(), &"fetch".into(), &self.real).unwrap();
    }
}

pub(crate) fn no_answer() -> Promise {
    Promise::new(&mut |_, _| {})
}

pub(crate) fn rejected() -> Promise {
    Promise::reject(&js_sys::TypeError::new("Failed to fetch"))
}

pub(crate) fn json(status: u16, body: &str) -> Promise {
    let init = ResponseInit::new();
    init.set_status(status);
    let response = Response::new_with_opt_str_and_init(Some(body), &init).unwrap();
    Promise::resolve(&JsValue::from(response))
}

/// An answer that the test gives when it likes.
pub(crate) fn later() -> (Promise, Function) {
    let mut resolve = None;
    let promise = Promise::new(&mut |done, _| resolve = Some(done));
    (promise, resolve.unwrap())
}

#[wasm_bindgen(inline_js = "
export function hurry(span) {
    const real = window.setTimeout;
    window.setTimeout = (act, delay, ...rest) => real(act, delay === span ? 0 : delay, ...rest);
    return () => { window.setTimeout = real };
}
export function hide(isHidden) {
    Object.defineProperty(document, 'hidden', { configurable: true, value: isHidden });
    document.dispatchEvent(new Event('visibilitychange'));
}
export function oversleep(span) {
    const real = Date.now;
    Date.now = () => real() + span;
    return () => { Date.now = real };
}
export function without(name) {
    const owner = name in navigator ? navigator : window;
    const own = Object.getOwnPropertyDescriptor(owner, name);
    Object.defineProperty(owner, name, { value: undefined, configurable: true });
    return () => { own ? Object.defineProperty(owner, name, own) : delete owner[name] };
}
export function watch() {
    const { setTimeout, clearTimeout } = window;
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    const isGlobal = target => !target || target === window || target === document;
    const timers = new Set(), listeners = [];
    window.setTimeout = (act, ...rest) => {
        const timer = setTimeout(() => { timers.delete(timer); act() }, ...rest);
        timers.add(timer);
        return timer;
    };
    window.clearTimeout = timer => { timers.delete(timer); clearTimeout(timer) };
    EventTarget.prototype.addEventListener = function (name, act, options) {
        if (isGlobal(this)) listeners.push([name, act]);
        addEventListener.call(this, name, act, options);
    };
    EventTarget.prototype.removeEventListener = function (name, act, options) {
        const index = listeners.findIndex(known => known[0] === name && known[1] === act);
        if (isGlobal(this) && index >= 0) listeners.splice(index, 1);
        removeEventListener.call(this, name, act, options);
    };
    return {
        timers: () => timers.size,
        listeners: () => listeners.length,
        end: () => {
            Object.assign(window, { setTimeout, clearTimeout });
            Object.assign(EventTarget.prototype, { addEventListener, removeEventListener });
        },
    };
}")]
extern "C" {
    /// Lets timers of exactly `span` milliseconds ring at once, until the function it returns is called.
    pub(crate) fn hurry(span: u32) -> Function;

    /// Another app comes before the page, or goes away again.
    pub(crate) fn hide(is_hidden: bool);

    /// Moves the wall clock on by `span` milliseconds, while the monotonic one stands still, until the function it
    /// returns is called.
    pub(crate) fn oversleep(span: i32) -> Function;

    /// Takes a part of `navigator` or `window` away, until the function it returns is called.
    pub(crate) fn without(name: &str) -> Function;

    /// Timers that run, and listeners at window and document, since `watch`.
    pub(crate) type Leftovers;
    /// Counts until its `end`.
    pub(crate) fn watch() -> Leftovers;
    #[wasm_bindgen(method)]
    pub(crate) fn timers(this: &Leftovers) -> usize;
    #[wasm_bindgen(method)]
    pub(crate) fn listeners(this: &Leftovers) -> usize;
    #[wasm_bindgen(method)]
    pub(crate) fn end(this: &Leftovers);
}

/// One turn of the page's event loop.
pub(crate) async fn turn() {
    TimeoutFuture::new(0).await;
}

/// Lets the page work until `is_so`, turn by turn of its event loop.
#[track_caller]
pub(crate) fn until(what: &'static str, is_so: impl Fn() -> bool) -> impl Future<Output = ()> {
    let caller = std::panic::Location::caller();
    async move {
        for _ in 0..200 {
            if is_so() {
                return;
            }
            turn().await;
        }
        panic!("{caller}: never happened: {what}");
    }
}
