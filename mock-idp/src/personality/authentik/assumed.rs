//! What of authentik rests on assumptions.

use super::{BASE, DENIED};
use crate::personality::assumptions::{AuthentikApril2026, AuthentikRepeatedFields, AuthentikWrongCode};
use crate::personality::{Assumptions, Credentials, Intake, Personality, Repeated, WrongCode};

pub(super) fn assume(facts: &mut Personality, assumed: &Assumptions) {
    facts.intake.repeated = match assumed.authentik_repeated_fields {
        AuthentikRepeatedFields::Last => Repeated::Last,
        AuthentikRepeatedFields::First => Repeated::First,
        AuthentikRepeatedFields::Refused => Repeated::Refused,
    };
    let (title, text) = DENIED;
    facts.page.wrong_code = match assumed.authentik_wrong_code {
        AuthentikWrongCode::DeniedPage => WrongCode::Denied(title, text),
        AuthentikWrongCode::FieldError => WrongCode::DeniedUnlessTyped(title, text, "Invalid code"), // A-115b
    };
}

/// For 2026.5. Grant types per provider are in its release notes, and hence no assumption.
pub(super) fn assume_2026_5(facts: &mut Personality, assumed: &Assumptions) {
    assume(facts, assumed);
    if assumed.authentik_april_2026 == AuthentikApril2026::Later {
        facts.intake = Intake {
            unknown_scope: BASE.intake.unknown_scope,
            ..facts.intake
        };
        facts.credentials = Credentials {
            secret_for: BASE.credentials.secret_for,
            ..facts.credentials
        };
        facts.after_expiry = BASE.after_expiry;
        facts.tokens = BASE.tokens;
    }
}
