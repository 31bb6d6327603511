//! The end that everybody came for.

use device_flow::Vouched;

use super::part::{Part, Screen, element, line, svg, text, title};
use crate::text::TEXT;

/// What takes more than two lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 60;

pub(super) fn draw(name: Option<&str>, vouched_by: Option<Vouched>, controls: &Part) -> Screen {
    let mut parts = vec![tick()];
    match name {
        Some(name) => {
            let (before, after) = TEXT.hello;
            let class = if name.chars().count() > LONG { "long" } else { "" };
            let name = element("bdi", "", &[text(name)]).attribute("data-name", "");
            parts.push(element("h1", class, &[text(before), name, text(after)]));
            parts.push(line(TEXT.signed_in_what));
        }
        None => parts.push(title(TEXT.signed_in)),
    }
    if vouched_by == Some(Vouched::Nothing) {
        parts.push(element("p", "warning", &[text(TEXT.not_verified)]));
    }
    parts.push(controls.clone());
    Screen::message(&parts, &[])
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
