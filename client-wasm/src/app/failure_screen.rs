//! What failed, what to do now, and for whoever helps: the stable code, the host, and what no code can say.

use device_flow::Failure;

use super::part::{Part, Screen, element, line, reference, text, title};
use crate::text::{FAILED, HELP, Texts};

pub(super) fn draw(failure: &Failure, texts: &Texts, controls: &Part) -> Screen {
    let code = failure.code();
    let what = element("b", "", &[text(&texts.failure(code))]);
    let parts = [
        title(&texts.say(FAILED)),
        element("p", "", &[what]),
        line(&texts.advice(code)),
        line(&texts.say(HELP)),
        controls.clone(),
    ];
    let details = failure.details();
    let known = failure.host.iter().map(|host| &**host).chain(details);
    Screen::message(&parts, &[reference(Some(code), known)])
}
