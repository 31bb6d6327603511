//! Before anything: a person has to want it (S-07).
//!
//! `www/index.html` paints the same picture before this code has arrived.

use device_flow::session::SessionEnd;

use super::part::{Part, Screen, element, line, text, title};
use crate::text::{TEXT, sentence};
use crate::visit::Farewell;

/// `farewell` is how the session before ended, in place of an invitation.
pub(super) fn draw(farewell: Option<&Farewell>, controls: &Part) -> Screen {
    let mut parts = vec![title(TEXT.sign_in_with_phone)];
    let mut reference = String::new();
    match farewell {
        None => parts.push(line(TEXT.start_what)),
        Some(Farewell {
            end, is_left_behind, ..
        }) => {
            let what = match end {
                SessionEnd::Refused(refused) => {
                    reference = refused.to_string();
                    TEXT.access_ended.into()
                }
                end => sentence(&end.to_string()),
            };
            let what = element("p", "", &[element("b", "", &[text(&what)])]);
            parts.push(what.attribute("data-session-end", end.code()));
            parts.push(line(end.advice()));
            if *is_left_behind {
                parts.push(element("p", "warning", &[text(TEXT.left_behind)]));
            }
        }
    }
    parts.push(controls.clone());
    Screen::message(&parts, &[element("p", "reference", &[text(&reference)])])
}
