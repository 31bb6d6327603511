//! After a sign-out, if somebody wants it: the way to end the session at the server, which lives on the phone.
//!
//! The address holds the ID token, so it is drawn only when asked for, stands in no text and in no attribute, and goes with
//! the screen.

use device_flow::EndSessionUrl;

use super::part::{Part, Screen, element, line, text, title};
use super::qr;
use crate::text::TEXT;
use crate::visit::symbol;

pub(super) fn draw(url: &EndSessionUrl, controls: &Part) -> Screen {
    let (before, after) = TEXT.end_session_what;
    let symbol = symbol(url);
    let host = symbol.as_ref().map_or("", |(_, host)| host);
    let host = element("bdi", "", &[text(host)]);
    let what = element("p", "steps", &[text(before), text(" "), host, text(" "), text(after)]);
    let how = element("section", "how", &[title(TEXT.end_session_title), what]);
    let scan = element("section", "scan", &[]);
    let mut screen = Screen::new("split", &[how, scan.clone()], &[line(""), controls.clone()]);
    if let Some((matrix, host)) = &symbol {
        let (qr, fit) = qr::draw(host, matrix);
        scan.add(&qr);
        screen.fits.push(fit);
    }
    screen
}
