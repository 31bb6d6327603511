//! What screens are made of: elements and texts of the document, one type for all.
//!
//! Leptos' `view!` gives every element of every screen a type of its own, and each of those its own code to build, compare
//! and drop: more than all the rest of the page. A screen is drawn once and then replaced, so nothing is lost without that.
//! What does change on a screen follows Leptos' signals ([`follow`]), and ends with the screen.

use leptos::prelude::*;
use leptos::tachys::view::{Mountable, Render};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node};

use crate::text::Texts;

/// An element with all that stands in it, or a text.
#[derive(Clone)]
#[must_use = "it has to stand in another one"]
pub(super) struct Part(Node);

/// An element with its class, if it has one.
pub(super) fn element(name: &str, class: &str, children: &[Part]) -> Part {
    whole(document().create_element(name), class, children)
}

/// The same in a picture.
pub(super) fn svg(name: &str, class: &str, children: &[Part]) -> Part {
    whole(
        document().create_element_ns(Some("http://www.w3.org/2000/svg"), name),
        class,
        children,
    )
}

fn whole(element: Result<Element, wasm_bindgen::JsValue>, class: &str, children: &[Part]) -> Part {
    let part = Part(element.expect("a name that elements can have").into());
    for child in children {
        part.add(child);
    }
    if !class.is_empty() {
        part.look_like(class);
    }
    part
}

/// A text; nothing to see if it is empty.
pub(super) fn text(text: &str) -> Part {
    Part(document().create_text_node(text).into())
}

/// A paragraph.
pub(super) fn line(what: &str) -> Part {
    element("p", "", &[text(what)])
}

/// The title of a screen.
pub(super) fn title(what: &str) -> Part {
    element("h1", "", &[text(what)])
}

/// A text of the page's with that in its place.
pub(super) fn around(texts: &Texts, name: &str, part: Part) -> [Part; 3] {
    let (before, after) = texts.around(name);
    [text(&before), part, text(&after)]
}

/// What helps whoever is asked for help: a stable code, and other words that are no language's, each by itself.
pub(super) fn reference<'a>(code: Option<&str>, known: impl IntoIterator<Item = &'a str>) -> Part {
    let whole = element("p", "reference", &[]);
    let mut length = 0;
    let mut add = |part: Part, words: &str| {
        if length > 0 {
            whole.add(&text(" · "));
        }
        length += words.len();
        whole.add(&part);
    };
    let bdi = |words: &str| element("bdi", "", &[text(words)]);
    if let Some(code) = code {
        add(bdi(code).attribute("data-failure-code", ""), code);
    }
    for words in known {
        add(bdi(words), words);
    }
    if length > LONG {
        whole.look_like("reference long");
    }
    whole
}

/// What takes more than two lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 160;

impl Part {
    /// With an attribute.
    pub(super) fn attribute(self, name: &str, value: &str) -> Self {
        // Refused only for a name that no attribute can have.
        _ = self.as_element().set_attribute(name, value);
        self
    }

    /// Has these classes and no others; whoever has a page around it can style it by the same names.
    pub(super) fn look_like(&self, classes: &str) {
        // Refused only for a name that no attribute can have.
        _ = self.as_element().set_attribute("class", classes);
        #[cfg(feature = "screen")]
        {
            _ = self.as_element().set_attribute("part", classes);
        }
    }

    /// With what a screen reader says in its place.
    pub(super) fn label(self, what: &str) -> Self {
        self.attribute("aria-label", what)
    }

    /// Left to right, in every language.
    pub(super) fn left_to_right(self) -> Self {
        self.attribute("dir", "ltr")
    }

    pub(super) fn add(&self, child: &Self) {
        // Refused only where the child holds its parent.
        _ = self.0.append_child(&child.0);
    }

    /// Shows another text, unless it is the same: a screen reader might say it again.
    pub(super) fn say(&self, what: &str) {
        if self.0.text_content().as_deref() != Some(what) {
            self.0.set_text_content(Some(what));
        }
    }

    /// Sets a property of its style.
    pub(super) fn style(&self, name: &str, value: &str) {
        // Refused only for a style that is read-only.
        _ = self.as_html().style().set_property(name, value);
    }

    /// Takes it out of the document.
    pub(super) fn remove(&self) {
        self.as_element().remove();
    }

    pub(super) fn as_element(&self) -> &Element {
        self.0.unchecked_ref()
    }

    /// Pictures have the same style, though not the same class.
    pub(super) fn as_html(&self) -> &HtmlElement {
        self.0.unchecked_ref()
    }
}

/// Only elements are mounted by themselves.
impl Render for Part {
    type State = Element;

    fn build(self) -> Element {
        self.0.unchecked_into()
    }

    fn rebuild(self, state: &mut Element) {
        let mut next = self.build();
        state.insert_before_this(&mut next);
        state.unmount();
        *state = next;
    }
}

/// A screen: what it says, and the row at its foot.
pub(super) struct Screen {
    pub(super) main: Part,
    pub(super) foot: Part,
    /// What has to be measured, once it stands in the document and whenever the window changes.
    pub(super) fits: Vec<Fit>,
}

/// Makes something fit its room.
pub(super) type Fit = Box<dyn Fn()>;

impl Screen {
    /// A screen that says one thing.
    pub(super) fn message(main: &[Part], foot: &[Part]) -> Self {
        Self::new("message", main, foot)
    }

    pub(super) fn new(class: &str, main: &[Part], foot: &[Part]) -> Self {
        if let [words, ..] = foot {
            // Refused only for a name that no attribute can have.
            _ = words.as_element().set_attribute("id", FOOT);
        }
        Self {
            main: element("main", class, main).attribute("id", SCREEN),
            foot: element("footer", "foot", foot),
            fits: Vec::new(),
        }
    }
}

/// The `id`s of what a screen says, in its middle and at its foot.
///
/// Each screen moves the focus to its first button, and a screen reader on a television follows the focus rather than
/// live regions: so what the screen says describes that button.
const SCREEN: &str = "device-login-screen";
const FOOT: &str = "device-login-foot";
pub(super) const DESCRIPTION: &str = "device-login-screen device-login-foot";

/// Does `act` now, and again whenever a signal that it reads has changed, until what is being drawn goes.
pub(super) fn follow(act: impl FnMut() + 'static) {
    // One type for all, as above.
    fn follow(mut act: Box<dyn FnMut()>) {
        keep(RenderEffect::new(move |_| act()));
    }
    follow(Box::new(act));
}

/// Keeps a value until what is being drawn goes.
pub(super) fn keep(value: impl Send + Sync + 'static) {
    on_cleanup(move || drop(value));
}
