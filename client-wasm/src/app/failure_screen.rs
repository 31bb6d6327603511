//! What failed, what to do now, and for whoever helps: the stable code and the host.

use device_flow::Failure;

use super::part::{Part, Screen, element, line, text, title};
use crate::text::{TEXT, sentence};

/// What takes more than five lines is set smaller; at most 500 characters come from a server.
const LONG: usize = 240;

pub(super) fn draw(failure: &Failure, controls: &Part) -> Screen {
    let what = sentence(&failure.what);
    let class = if what.chars().count() > LONG { "long" } else { "" };
    let code = element("bdi", "", &[text(&failure.code)]).attribute("data-failure-code", "");
    let reference = element("p", "reference", &[code]);
    if let Some(host) = &failure.host {
        reference.add(&text(" · "));
        reference.add(&element("bdi", "", &[text(host)]));
    }
    Screen::message(
        &[
            title(TEXT.failed),
            element("p", class, &[element("b", "", &[text(&what)])]),
            line(failure.advice),
            controls.clone(),
        ],
        &[reference],
    )
}
