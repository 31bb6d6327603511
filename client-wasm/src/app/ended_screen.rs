//! The ends that a person caused: declined, or nobody came; and what a person is asked.

use super::part::{Part, Screen, line, reference, title};
use crate::text::Texts;

/// `words` are the server's own, for whoever helps.
pub(super) fn draw(what: &str, why: &str, words: Option<&str>, texts: &Texts, controls: &Part) -> Screen {
    Screen::message(
        &[title(&texts.say(what)), line(&texts.say(why)), controls.clone()],
        &[reference(None, words)],
    )
}
