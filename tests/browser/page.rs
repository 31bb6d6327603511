//! One page, driven from outside: keys, mouse, script, screenshots. Every verb panics with what went wrong.

use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;
use std::{env, fs, thread};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tests::{EngineModel, KeyPath};

use crate::devtools::DevTools;
use crate::engine::Engine;
use crate::keys::Key;

/// Between two looks at a condition, filled with listening for events.
const PAUSE: Duration = Duration::from_millis(50);
/// Looks at a condition before it counts as a failure; with [`PAUSE`], half a minute.
const LOOKS: u32 = 600;

/// A colour that no page of ours has.
const MARK: [u8; 3] = [255, 0, 254];

/// A browser with one page.
pub(crate) struct Page {
    devtools: DevTools,
    errors: Vec<String>,
    looks: u32,
    // Last, so that the connection closes before the browser dies.
    engine: Rc<Engine>,
}

impl Page {
    /// Starts the browser of today with an empty page of 1280 by 720 pixels.
    pub(crate) fn open() -> Self {
        Self::open_in(&EngineModel::today())
    }

    /// The same in the engine that the environment variable `TELEVISION` names.
    pub(crate) fn open_on_television() -> Self {
        let id = env::var("TELEVISION").unwrap_or_else(|_| EngineModel::TODAY.to_owned());
        let model = EngineModel::named(&id).unwrap_or_else(|| panic!("TELEVISION={id}: no such engine"));
        Self::open_in(&model)
    }

    fn open_in(model: &EngineModel) -> Self {
        let engine = Engine::start(model);
        let socket = engine.page_socket();
        Self::of(Rc::new(engine), &socket)
    }

    /// Opens one more tab of the same browser, which ends with the last of them.
    pub(crate) fn open_tab(&self) -> Self {
        Self::of(Rc::clone(&self.engine), &self.engine.another_page_socket())
    }

    fn of(engine: Rc<Engine>, socket: &str) -> Self {
        let mut page = Self {
            devtools: DevTools::connect(socket),
            errors: Vec::new(),
            looks: LOOKS,
            engine,
        };
        for domain in ["Page", "Runtime"] {
            page.call(&format!("{domain}.enable"), &json!({}));
        }
        // Engines before 54 have no log.
        if page.devtools.call("Log.enable", &json!({})).is_err() {
            page.call("Console.enable", &json!({}));
        }
        if page.engine.model().is_without_webassembly {
            page.on_new_document("delete window.WebAssembly");
        }
        // A tab behind another goes on as if it stood in front, where the engine can do that.
        let _ = page
            .devtools
            .call("Emulation.setFocusEmulationEnabled", &json!({ "enabled": true }));
        page.set_viewport(1280, 720, 1.0);
        page
    }

    /// The browser behind the page.
    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Gives up sooner in `wait_for`, in looks at the condition.
    pub(crate) fn set_looks(&mut self, looks: u32) {
        self.looks = looks;
    }

    /// Sets the page's size in CSS pixels and how many device pixels make one of them.
    #[track_caller]
    pub(crate) fn set_viewport(&mut self, width: u32, height: u32, device_pixel_ratio: f64) {
        if let Some(display) = self.engine.display() {
            assert!(
                device_pixel_ratio.total_cmp(&1.0).is_eq(),
                "this display has whole pixels"
            );
            display.resize(width, height);
            let has_size = format!("innerWidth === {width} && innerHeight === {height}");
            self.wait_for("the window's size", &has_size);
            return;
        }
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": device_pixel_ratio, "mobile": false });
        self.call("Emulation.setDeviceMetricsOverride", &metrics);
    }

    /// Pulls the network cable, or puts it back.
    pub(crate) fn set_offline(&mut self, offline: bool) {
        self.call("Network.enable", &json!({}));
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.call("Network.emulateNetworkConditions", &conditions);
    }

    /// Makes the set prefer something, by a media feature's name and value.
    pub(crate) fn emulate(&mut self, name: &str, value: &str) {
        let features = json!({ "features": [{ "name": name, "value": value }] });
        self.call("Emulation.setEmulatedMedia", &features);
    }

    /// Makes the page think that nobody sees it, or that somebody does again.
    #[track_caller]
    pub(crate) fn set_hidden(&mut self, is_hidden: bool) {
        let state = if is_hidden { "hidden" } else { "visible" };
        self.evaluate(&format!(
            "Object.defineProperty(document, 'hidden', {{ configurable: true, value: {is_hidden} }}),
            Object.defineProperty(document, 'visibilityState', {{ configurable: true, value: '{state}' }}),
            document.dispatchEvent(new Event('visibilitychange', {{ bubbles: true }}))"
        ));
    }

    /// Sets the page's wall clock forward, as the time that a set sleeps does; the other clock has slept too.
    #[track_caller]
    pub(crate) fn set_clock_forward(&mut self, span: Duration) {
        let millis = span.as_millis();
        self.evaluate(&format!(
            "void function (now) {{ Date.now = function () {{ return now() + {millis}; }}; }}(Date.now)"
        ));
    }

    /// Remembers the last timer that is set for so long, for [`Self::ring`].
    #[track_caller]
    pub(crate) fn watch_timers(&mut self, span: Duration) {
        let millis = span.as_millis();
        self.evaluate(&format!(
            "void function (set) {{
                window.setTimeout = function (act, wait) {{
                    if (wait === {millis}) window.ring = act;
                    return set(act, wait);
                }};
            }}(window.setTimeout)"
        ));
    }

    /// Rings it, as if its time had passed.
    #[track_caller]
    pub(crate) fn ring(&mut self) {
        self.evaluate("void window.ring()");
    }

    /// Loads everything from its server again from now on, whatever was kept.
    pub(crate) fn forget_what_was_loaded(&mut self) {
        self.call("Network.enable", &json!({}));
        self.call("Network.setCacheDisabled", &json!({ "cacheDisabled": true }));
    }

    /// Runs a script at the start of every document that is loaded from now on, before any of its own.
    pub(crate) fn on_new_document(&mut self, script: &str) {
        let source = json!({ "source": script });
        // Engines before 61 call it so.
        if self
            .devtools
            .call("Page.addScriptToEvaluateOnNewDocument", &source)
            .is_err()
        {
            self.call("Page.addScriptToEvaluateOnLoad", &json!({ "scriptSource": script }));
        }
    }

    /// Loads an address, the present one too, and waits until its `load` event.
    #[track_caller]
    pub(crate) fn goto(&mut self, url: &str) {
        // The mark tells the old document from the new one when both have the same address.
        self.evaluate("window.leaving = true");
        let answer = self.call("Page.navigate", &json!({ "url": url }));
        assert!(
            answer["errorText"].is_null(),
            "{url} does not load: {}",
            answer["errorText"]
        );
        self.wait_for(
            &format!("{url} to load"),
            "!window.leaving && document.readyState === 'complete'",
        );
    }

    /// The value of a JavaScript expression, as JSON.
    #[track_caller]
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        self.try_evaluate(expression)
            .unwrap_or_else(|error| panic!("`{expression}` threw: {error}"))
    }

    /// Waits until something outside of the page is so, as the test sees it.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, what: &str, is_so: impl Fn() -> bool) {
        for _ in 0..self.looks {
            if is_so() {
                return;
            }
            self.devtools.listen(PAUSE);
        }
        // A tab behind another is not drawn.
        self.call("Page.bringToFront", &json!({}));
        let picture = self.save_screenshot(&failure_name()).display().to_string();
        panic!(
            "waited in vain for {what}\nscreenshot: {picture}\ntext: {}",
            self.text()
        );
    }

    /// Waits until an expression is truthy and returns its value.
    /// An expression that throws is not true yet; the last exception is part of the failure.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, what: &str, expression: &str) -> Value {
        let mut last = Ok(Value::Null);
        for _ in 0..self.looks {
            last = self.try_evaluate(expression);
            match last {
                Ok(value) if is_truthy(&value) => return value,
                _ => self.devtools.listen(PAUSE),
            }
        }
        // A tab behind another is not drawn.
        self.call("Page.bringToFront", &json!({}));
        let picture = self.save_screenshot(&failure_name()).display().to_string();
        let (text, errors) = (self.text(), self.errors());
        panic!(
            "waited in vain for {what}\n`{expression}`: {last:?}\nscreenshot: {picture}\nerrors: {errors:?}\ntext: {text}"
        );
    }

    /// The text that a reader sees.
    pub(crate) fn text(&mut self) -> String {
        self.evaluate("document.body.innerText")
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Presses and releases a key of the remote control.
    #[track_caller]
    pub(crate) fn press(&mut self, key: &Key) {
        if self.engine.model().keys == KeyPath::X11 {
            return self.press_on_display(key);
        }
        let mut event = json!({
            "type": if key.text.is_some() { "keyDown" } else { "rawKeyDown" },
            "key": key.name,
            "code": key.code,
            "windowsVirtualKeyCode": key.number,
            "nativeVirtualKeyCode": key.number,
        });
        let mut released = event.clone();
        released["type"] = "keyUp".into();
        if let Some(text) = key.text {
            event["text"] = text.into();
            event["unmodifiedText"] = text.into();
        }
        self.call("Input.dispatchKeyEvent", &event);
        self.call("Input.dispatchKeyEvent", &released);
    }

    /// A real key, or where keyboards have none an event that is like it: no more than a script could make.
    #[track_caller]
    fn press_on_display(&mut self, key: &Key) {
        // A key that loads the page anew takes the mark along.
        self.evaluate(
            "window.keyIsOnItsWay = true,
            addEventListener('keyup', function () { window.keyIsOnItsWay = false; }, { capture: true, once: true })",
        );
        let display = self.engine.display().expect("it has a display");
        if let Some(symbol) = key.x11_symbol {
            display.press(symbol);
            self.wait_for("the key to arrive", "window.keyIsOnItsWay !== true");
            return;
        }
        let event =
            json!({ "key": key.name, "code": key.code, "keyCode": key.number, "bubbles": true, "cancelable": true });
        for kind in ["keydown", "keyup"] {
            self.evaluate(&format!(
                "void (document.activeElement || document.body).dispatchEvent(new KeyboardEvent('{kind}', {event}))"
            ));
        }
    }

    /// Waits for an element and clicks into its middle with the mouse.
    #[track_caller]
    pub(crate) fn click(&mut self, selector: &str) {
        self.click_on(&format!("document.querySelector({})", json!(selector)));
    }

    /// The same for an element that an expression yields, also one in a frame of the page's own origin.
    #[track_caller]
    pub(crate) fn click_on(&mut self, element: &str) {
        let middle = format!(
            "(function () {{
                var element = {element};
                if (!element) return null;
                element.scrollIntoView({{ block: 'nearest', behavior: 'instant' }});
                var box = element.getBoundingClientRect(), x = box.left + box.width / 2, y = box.top + box.height / 2;
                for (var frame = element; frame = frame.ownerDocument.defaultView.frameElement;) {{
                    var outer = frame.getBoundingClientRect();
                    x += outer.left + frame.clientLeft, y += outer.top + frame.clientTop;
                }}
                // Engines before 58 know whole pixels only.
                return [Math.round(x), Math.round(y)];
            }})()"
        );
        let middle = self.wait_for(&format!("{element} to click on"), &middle);
        for (kind, button, count) in [
            ("mouseMoved", "none", 0),
            ("mousePressed", "left", 1),
            ("mouseReleased", "left", 1),
        ] {
            let event = json!({ "type": kind, "x": middle[0], "y": middle[1], "button": button, "clickCount": count });
            self.call("Input.dispatchMouseEvent", &event);
        }
    }

    /// Types into whatever has the focus.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) {
        if self.engine.model().keys == KeyPath::X11 {
            self.call("Input.insertText", &json!({ "text": text }));
            return;
        }
        for character in text.chars() {
            let event = json!({ "type": "char", "text": character, "unmodifiedText": character });
            self.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// The viewport as a PNG.
    #[track_caller]
    pub(crate) fn screenshot(&mut self) -> Vec<u8> {
        if self.engine.display().is_some() {
            return self.screenshot_of_display();
        }
        let answer = self.call("Page.captureScreenshot", &json!({ "format": "png" }));
        STANDARD
            .decode(answer["data"].as_str().expect("a screenshot has data"))
            .expect("a screenshot is base64")
    }

    /// What the display shows, once it shows all that the page has drawn so far.
    ///
    /// Between the page and the display stand a compositor and a window, in their own time: so a mark is drawn after
    /// everything else, and taken away again when it has arrived.
    #[track_caller]
    fn screenshot_of_display(&mut self) -> Vec<u8> {
        let size = self.evaluate("[innerWidth, innerHeight]");
        let [width, height] = [0, 1].map(|index| size[index].as_u64().and_then(|side| side.try_into().ok()));
        let (width, height) = (width.expect("a width"), height.expect("a height"));
        self.evaluate(&format!(
            "void function () {{
                var mark = document.createElement('div');
                mark.id = 'driver-mark';
                mark.style.cssText = 'position: fixed; left: 0; top: 0; width: 8px; height: 8px; z-index: 2147483647';
                mark.style.background = 'rgb({})';
                document.documentElement.appendChild(mark);
            }}()",
            MARK.map(|shade| shade.to_string()).join(",")
        ));
        self.wait_for_mark(true);
        self.evaluate("document.getElementById('driver-mark').remove()");
        self.wait_for_mark(false);
        self.engine.display().expect("it has a display").png(width, height)
    }

    #[track_caller]
    fn wait_for_mark(&mut self, is_there: bool) {
        for _ in 0..LOOKS {
            let corner = self.engine.display().expect("it has a display").pixels(1, 1);
            if (corner == MARK) == is_there {
                return;
            }
            self.devtools.listen(PAUSE);
        }
        panic!("the display does not show what the page draws");
    }

    /// Writes a screenshot to `target/screenshots/NAME.png`, of a television in a folder of its own, and returns the
    /// path.
    #[track_caller]
    pub(crate) fn save_screenshot(&mut self, name: &str) -> PathBuf {
        let mut folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../target/screenshots"));
        if self.engine.model().id != EngineModel::TODAY {
            folder.push(&self.engine.model().id);
        }
        fs::create_dir_all(&folder).expect("target is writable");
        let path = folder.join(format!("{name}.png"));
        fs::write(&path, self.screenshot()).expect("target is writable");
        path
    }

    /// What the page complained about so far: exceptions, `console.error`, failed loads.
    pub(crate) fn errors(&mut self) -> &[String] {
        // An answer comes after all events before it.
        self.call("Runtime.evaluate", &json!({ "expression": "0" }));
        self.errors
            .extend(self.devtools.take_events().iter().filter_map(complaint));
        &self.errors
    }

    /// Panics if the page complained about anything.
    #[track_caller]
    pub(crate) fn assert_no_errors(&mut self) {
        let errors = self.errors();
        assert!(errors.is_empty(), "the page complained: {errors:#?}");
    }

    fn try_evaluate(&mut self, expression: &str) -> Result<Value, String> {
        let parameters = json!({ "expression": expression, "returnByValue": true });
        let mut answer = self.devtools.call("Runtime.evaluate", &parameters)?;
        // Engines before 58 say `wasThrown`.
        if answer["wasThrown"] == true || !answer["exceptionDetails"].is_null() {
            return Err(answer["result"]["description"].to_string());
        }
        Ok(answer["result"]["value"].take())
    }

    #[track_caller]
    fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.devtools
            .call(method, parameters)
            .unwrap_or_else(|error| panic!("{error}"))
    }
}

/// The test's own name, which the test runner gives to its thread.
fn failure_name() -> String {
    format!(
        "failed-{}",
        thread::current().name().unwrap_or("test").replace("::", "-")
    )
}

fn is_truthy(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::Bool(value) => *value,
        Value::Number(number) => number.as_f64() != Some(0.0),
        Value::String(text) => !text.is_empty(),
        Value::Array(_) | Value::Object(_) => true,
    }
}

/// The text of an event that reports an error.
fn complaint(event: &Value) -> Option<String> {
    let parameters = &event["params"];
    match event["method"].as_str()? {
        "Runtime.exceptionThrown" => {
            let details = &parameters["exceptionDetails"];
            let description = details["exception"]["description"]
                .as_str()
                .or(details["text"].as_str());
            Some(format!("exception: {}", description.unwrap_or_default()))
        }
        "Runtime.consoleAPICalled" if parameters["type"] == "error" => {
            let words = parameters["args"].as_array()?.iter();
            let words = words.map(|word| word["description"].as_str().or(word["value"].as_str()).unwrap_or("?"));
            Some(format!("console: {}", words.collect::<Vec<_>>().join(" ")))
        }
        "Console.messageAdded" if parameters["message"]["level"] == "error" => {
            let message = &parameters["message"];
            let [text, url] = [&message["text"], &message["url"]].map(|part| part.as_str().unwrap_or_default());
            Some(match message["source"].as_str()? {
                "console-api" => format!("console: {text}"),
                "javascript" => format!("exception: {text}"),
                _ => format!("log: {text} {url}"),
            })
        }
        "Log.entryAdded" if parameters["entry"]["level"] == "error" => {
            let entry = &parameters["entry"];
            let [text, url] = [&entry["text"], &entry["url"]].map(|part| part.as_str().unwrap_or_default());
            Some(format!("log: {text} {url}"))
        }
        _ => None,
    }
}
