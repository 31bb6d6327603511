//! One request and what belongs to it.

use super::Issuer;
use crate::form::Form;
use crate::grant::device::PollRules;
use crate::http::Request;
use crate::personality::{Endpoint, Personality, Repeated};
use crate::refusal::Refusal;
use crate::time::Instant;

/// One request on its way to an endpoint.
#[derive(Clone)]
pub(crate) struct Call<'a> {
    pub(crate) now: Instant,
    /// The moment it tells others: `Date`, `iat` and so on.
    pub(crate) told: Instant,
    pub(crate) request: &'a Request,
    /// The fields of its body, whatever it says that it is; [`form`](Self::form) reads them as the product does.
    pub(crate) fields: &'a Form<'a>,
    /// Scheme, host and folder as the caller sees them, without a slash at the end.
    pub(crate) base: String,
    /// The folder alone.
    pub(crate) folder: &'a str,
    /// What it goes by: its own facts, unless a scenario changes them.
    pub(crate) personality: &'a Personality,
    /// Which of the host's issuers was called.
    pub(crate) issuer: Issuer<'a>,
    /// What was called; `None` where nothing lives.
    pub(crate) endpoint: Option<Endpoint>,
}

impl<'a> Call<'a> {
    /// The form of the body, read as strictly as the product does.
    pub(crate) fn form(&self) -> Result<&'a Form<'a>, Refusal> {
        let intake = &self.personality.intake;
        let media_type = self.request.header("content-type").unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            let refused = intake.refuses_other_media_types && !self.request.body.is_empty();
            return if refused {
                Err(Refusal::NotAForm)
            } else {
                Ok(Form::EMPTY)
            };
        }
        if matches!(intake.repeated, Repeated::Refused) && self.fields.has_duplicates() {
            return Err(Refusal::DuplicateParameter);
        }
        Ok(self.fields)
    }

    /// Whether it submits a code that somebody typed on the person's page: the forms after that one carry more.
    pub(crate) fn is_typed_code(&self) -> bool {
        let facts = self.personality;
        let consents = facts
            .page
            .flows
            .iter()
            .flat_map(|paths| [paths.explicit_consent, paths.implicit_consent]);
        let has = |name| self.fields.value(name).is_some();
        self.endpoint == Some(Endpoint::Verification)
            && self.request.method == "POST"
            && has(facts.code_parameter)
            && !has("username")
            && !has("decision")
            && !consents.into_iter().any(|path| path == self.request.path())
    }

    /// The server's own origin.
    pub(crate) fn origin(&self) -> &str {
        self.base.strip_suffix(self.folder).unwrap_or(&self.base)
    }

    /// What follows `Basic` in the `Authorization` header (RFC 7617 section 2).
    pub(crate) fn basic_credentials(&self) -> Option<&str> {
        self.request.header("authorization")?.strip_prefix("Basic ")
    }

    /// Who calls, by address: through proxies, their whole chain.
    pub(crate) fn caller(&self) -> String {
        match self.request.header("x-forwarded-for") {
            Some(chain) => chain.replace(' ', ""),
            None => self.request.peer.to_string(),
        }
    }

    pub(crate) fn poll_rules(&self) -> PollRules {
        PollRules {
            too_fast: self.personality.too_fast,
            after_expiry: self.personality.after_expiry,
        }
    }
}

/// The fields of a body, whatever it says that it is, as far as the product looks at them.
pub(super) fn fields<'a>(request: &'a Request, facts: &Personality) -> Form<'a> {
    let form = Form::parse(&request.body);
    match facts.intake.repeated {
        Repeated::First => form.first_of_each(),
        Repeated::Refused | Repeated::Last => form,
    }
}

/// Scheme and host as the caller sees them, through a proxy or not.
pub(super) fn base_url(request: &Request) -> String {
    let scheme = match request.header("x-forwarded-proto") {
        Some(proto) if proto.eq_ignore_ascii_case("https") => "https",
        _ => "http",
    };
    let is_host = |host: &&str| {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
        !host.is_empty() && host.bytes().all(plain)
    };
    let forwarded = request.header("x-forwarded-host").filter(is_host);
    let host = forwarded
        .or_else(|| request.header("host").filter(is_host))
        .unwrap_or("localhost");
    format!("{scheme}://{host}")
}
