//! Between a press and its result.

use super::part::{Part, Screen, element, line, title};
use crate::text::Texts;

pub(super) fn draw(what: &str, why: &str, texts: &Texts, controls: &Part) -> Screen {
    let dots = [(); 3].map(|()| element("i", "", &[]));
    Screen::new(
        "message waiting",
        &[
            title(&texts.say(what)),
            line(&texts.say(why)),
            element("div", "pulse", &dots),
        ],
        &[line(""), controls.clone()],
    )
}
