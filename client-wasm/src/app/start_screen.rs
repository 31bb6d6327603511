//! Before anything: a person has to want it (S-07).
//!
//! `www/index.html` paints the same picture before this code has arrived.

use device_flow::session::SessionEnd;

use super::part::{Part, Screen, element, line, reference, text, title};
use crate::text::{LEFT_BEHIND, START, START_WHAT, Texts};
use crate::visit::Farewell;

/// `farewell` is how the session before ended, in place of an invitation.
pub(super) fn draw(farewell: Option<&Farewell>, texts: &Texts, controls: &Part) -> Screen {
    let mut parts = vec![title(&texts.say(START))];
    let mut known = Vec::new();
    match farewell {
        None => parts.push(line(&texts.say(START_WHAT))),
        Some(Farewell {
            end, is_left_behind, ..
        }) => {
            match end {
                // The server's own words, or what it says in their place.
                SessionEnd::Refused(refused) => {
                    known.push(refused.error_description.as_deref().unwrap_or(&refused.error));
                }
                SessionEnd::Misbehaved(error) => {
                    known.push(error.code());
                    known.extend(error.details());
                }
                _ => {}
            }
            let [what, advice] = texts.ended(end.code());
            let what = element("p", "", &[element("b", "", &[text(&what)])]);
            parts.push(what.attribute("data-session-end", end.code()));
            parts.push(line(&advice));
            if *is_left_behind {
                parts.push(element("p", "warning", &[text(&texts.say(LEFT_BEHIND))]));
            }
        }
    }
    parts.push(controls.clone());
    Screen::message(&parts, &[reference(None, known)])
}
