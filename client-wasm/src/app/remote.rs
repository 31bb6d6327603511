//! What the host of a page can do with it from outside.

use core::cell::RefCell;
use std::rc::Rc;

use super::controls::{Wish, back};
use super::{Host, Shown};
use crate::visit::Visit;

/// Does nothing before the page is there. Clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Remote(Rc<RefCell<Option<(Shown, Host)>>>);

impl Remote {
    pub(crate) fn connect(&self, shown: &Shown, host: &Host) {
        *self.0.borrow_mut() = Some((shown.clone(), host.clone()));
    }

    /// Begins to sign in, where a button would.
    pub(crate) fn start(&self) {
        if let Some((shown, host)) = self.both() {
            let may_start = shown
                .borrow()
                .as_ref()
                .is_none_or(|drawn| drawn.controls.offer(Wish::Start));
            if may_start {
                host.grant(Wish::Start);
            }
        }
    }

    /// Goes one screen back; `false` at the first one.
    pub(crate) fn back(&self) -> bool {
        let Some((shown, host)) = self.both() else {
            return false;
        };
        let wish = shown.borrow().as_ref().and_then(|drawn| back(&drawn.scene));
        wish.inspect(|wish| host.grant(*wish)).is_some()
    }

    /// Gives the focus to the lit button, now or as soon as there is one.
    pub(crate) fn focus(&self) {
        if let Some((shown, host)) = self.both() {
            match &*shown.borrow() {
                Some(drawn) => drawn.controls.focus(),
                None => host.frame.want_focus(),
            }
        }
    }

    /// The room has another size.
    pub(crate) fn fit(&self) {
        if let Some((shown, _)) = self.both()
            && let Some(drawn) = &*shown.borrow()
        {
            drawn.fit();
        }
    }

    pub(crate) fn visit(&self) -> Option<Visit> {
        self.both().and_then(|(_, host)| host.visit)
    }

    /// Not borrowed while something is done with them.
    fn both(&self) -> Option<(Shown, Host)> {
        self.0.borrow().clone()
    }
}
