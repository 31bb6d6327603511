//! The end that everybody came for.

use device_flow::Vouched;

use super::part::{Part, Screen, around, element, line, svg, text, title};
use crate::text::{HELLO, NOT_VERIFIED, SIGNED_IN, SIGNED_IN_WHAT, Texts};

/// What takes more than two lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 60;

pub(super) fn draw(name: Option<&str>, vouched_by: Option<Vouched>, texts: &Texts, controls: &Part) -> Screen {
    let mut parts = vec![tick()];
    match name {
        Some(name) => {
            let class = if name.chars().count() > LONG { "long" } else { "" };
            let name = element("bdi", "", &[text(name)]).attribute("data-name", "");
            parts.push(element("h1", class, &around(texts, HELLO, name)));
            parts.push(line(&texts.say(SIGNED_IN_WHAT)));
        }
        None => parts.push(title(&texts.say(SIGNED_IN))),
    }
    if vouched_by == Some(Vouched::Nothing) {
        parts.push(element("p", "warning", &[text(&texts.say(NOT_VERIFIED))]));
    }
    parts.push(controls.clone());
    Screen::message(&parts, &[line("")])
}

fn tick() -> Part {
    let disc = svg("circle", "", &[])
        .attribute("cx", "12")
        .attribute("cy", "12")
        .attribute("r", "12");
    let tick = svg("path", "", &[]).attribute("d", "M7 12.4l3.4 3.4L17.2 9");
    svg("svg", "tick", &[disc, tick])
        .attribute("viewBox", "0 0 24 24")
        .attribute("aria-hidden", "true")
}
