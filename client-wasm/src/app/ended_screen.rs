//! The ends that a person caused: declined, or nobody came; and what a person is asked.

use super::part::{Part, Screen, element, line, text, title};

pub(super) fn draw(what: &str, why: &str, reference: Option<&str>, controls: &Part) -> Screen {
    Screen::message(
        &[title(what), line(why), controls.clone()],
        // The server's own words, for whoever helps.
        &[element("p", "reference", &[text(reference.unwrap_or_default())])],
    )
}
