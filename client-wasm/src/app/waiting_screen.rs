//! Between a press and its result.

use super::part::{Part, Screen, element, line, title};

pub(super) fn draw(what: &str, why: &str, controls: &Part) -> Screen {
    let dots = [(); 3].map(|()| element("i", "", &[]));
    Screen::new(
        "message waiting",
        &[title(what), line(why), element("div", "pulse", &dots)],
        &[line(""), controls.clone()],
    )
}
