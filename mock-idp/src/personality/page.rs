//! Facts about the person's page.

use super::Limit;

/// The person's page: order of its steps, and its words.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) sign_in: SignIn,
    /// Where the verification page leads on to, if it does.
    pub(crate) flows: Option<FlowPaths>,
    pub(crate) wrong_code: WrongCode,
    /// How many wrong codes one caller may type; `None` for any number (S-27).
    pub(crate) wrong_codes: Option<Limit>,
    /// The session cookie's name: another for each product, because cookies know hosts, not ports.
    pub(crate) cookie: &'static str,
    /// Whether the person can say no.
    pub(crate) has_deny: bool,
    /// Whether it goes by the client if they are asked at all.
    pub(crate) consent_by_client: bool,
    /// What somebody sees who is not assigned to the client, or whom the access policies refuse: title and text.
    /// `None` where the product asks neither.
    pub(crate) turned_away: Option<(&'static str, &'static str)>,
    /// Why everybody is turned away, if they are.
    pub(crate) closed: Option<NoEntry>,
    /// Whether a typed code is taken for a number.
    pub(crate) loses_zeros: bool,
    pub(crate) words: Words,
}

/// Pages with addresses of their own; which of them are there depends on the setup's flows.
#[derive(Clone, Copy)]
pub(crate) struct FlowPaths {
    /// Asks for the code.
    pub(crate) device_code: &'static str,
    /// Asks for the person's consent.
    pub(crate) explicit_consent: &'static str,
    /// Asks nobody.
    pub(crate) implicit_consent: &'static str,
}

/// What Okta shows to somebody who gets nothing: title and text (O-143).
pub(crate) const NOT_ACTIVATED: (&str, &str) = (
    "Device not activated",
    "Your device cannot be activated because of an internal error",
);

/// Why somebody who has signed in gets nothing.
#[derive(Clone, Copy)]
pub(crate) enum NoEntry {
    /// They are not assigned to the client (O-36).
    NotAssigned,
    /// No rule of the access policies matches (O-40).
    NoRule,
}

impl Page {
    /// A code as the page takes it, typed or from the address.
    pub(crate) fn taken<'a>(&self, code: &'a str) -> &'a str {
        if self.loses_zeros {
            code.trim_start_matches('0')
        } else {
            code
        }
    }
}

/// When the person signs in.
#[derive(Clone, Copy)]
pub(crate) enum SignIn {
    /// On the same page, once the code is known.
    AfterCode,
    /// At a page of its own, before anything else.
    BeforeCode,
}

/// What a wrong code leads to.
#[derive(Clone, Copy)]
pub(crate) enum WrongCode {
    /// The same form again, with this message.
    AskAgain(&'static str),
    /// A page that ends there: title and text.
    Denied(&'static str, &'static str),
    /// The same for a code in the URI, and the same form again with this message for one typed in.
    DeniedUnlessTyped(&'static str, &'static str, &'static str),
}

/// The words of the page. `{client}` stands for the client's name.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) brand: &'static str,
    pub(crate) enter_title: &'static str,
    pub(crate) enter_text: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) next: &'static str,
    pub(crate) confirm_title: &'static str,
    pub(crate) approve: &'static str,
    pub(crate) deny: &'static str,
    pub(crate) approved_title: &'static str,
    pub(crate) approved_text: &'static str,
    pub(crate) denied_title: &'static str,
    pub(crate) denied_text: &'static str,
}
