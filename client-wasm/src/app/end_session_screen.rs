//! After a sign-out, if somebody wants it: the way to end the session at the server, which lives on the phone.
//!
//! The address holds the ID token, so it is drawn only when asked for, stands in no text and in no attribute, and goes with
//! the screen.

use device_flow::EndSessionUrl;

use super::part::{Part, Screen, around, element, line, text, title};
use super::qr;
use crate::text::{CODE_QR, END_SESSION_TITLE, END_SESSION_WHAT, Texts};
use crate::visit::symbol;

pub(super) fn draw(url: &EndSessionUrl, texts: &Texts, controls: &Part) -> Screen {
    let symbol = symbol(url);
    let host = symbol.as_ref().map_or("", |(_, host)| host);
    let host = element("bdi", "", &[text(host)]).left_to_right();
    let what = element("p", "steps", &around(texts, END_SESSION_WHAT, host));
    let how = element("section", "how", &[title(&texts.say(END_SESSION_TITLE)), what]);
    let scan = element("section", "scan", &[]);
    let mut screen = Screen::new("split", &[how, scan.clone()], &[line(""), controls.clone()]);
    if let Some((matrix, host)) = &symbol {
        let (qr, fit) = qr::draw(&texts.fill(CODE_QR, host), matrix);
        scan.add(&qr);
        screen.fits.push(fit);
    }
    screen
}
