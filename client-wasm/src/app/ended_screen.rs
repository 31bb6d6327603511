//! The ends that a person caused: declined, or nobody came; and what a person is asked.

use super::part::{Part, Screen, line, reference, title};
use crate::text::Texts;

/// `help` names the text that says whom to ask, and is empty on a mere question; `words` are the server's
/// own, for whoever helps.
pub(super) fn draw(what: &str, why: &str, help: &str, words: Option<&str>, texts: &Texts, controls: &Part) -> Screen {
    let [title, why, help] = [title(&texts.say(what)), line(&texts.say(why)), line(&texts.say(help))];
    Screen::message(&[title, why, help, controls.clone()], &[reference(None, words)])
}
