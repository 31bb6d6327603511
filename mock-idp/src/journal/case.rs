//! One request as its judge reads it: what it says, however it is written, and what is wrong with that.

use serde_json::Value;

use super::verdict::{ENCODING, MISSING, REPEATED, Rule};
use crate::form::Form;
use crate::http::{Request, Response};
use crate::time::Instant;

/// Fields that have no place in a query.
const BODY_ONLY: [&str; 5] = [
    "client_id",
    "client_secret",
    "device_code",
    "refresh_token",
    "grant_type",
];

/// One request on its way into the account of its client.
pub(super) struct Case<'a> {
    pub(super) arrived_at: Instant,
    pub(super) answered_at: Instant,
    pub(super) request: &'a Request,
    pub(super) response: &'a Response,
    /// What it says, also where that is not written as a form in the body.
    pub(super) fields: Form<'a>,
    /// Whether its fields could be read, so that one can be missing.
    is_readable: bool,
    pub(super) faults: Vec<(Rule, String)>,
}

impl<'a> Case<'a> {
    pub(super) fn new(arrived_at: Instant, answered_at: Instant, request: &'a Request, response: &'a Response) -> Self {
        Self {
            arrived_at,
            answered_at,
            request,
            response,
            fields: Form::parse(&request.body),
            is_readable: true,
            faults: Vec::new(),
        }
    }

    pub(super) fn find(&mut self, rule: Rule, text: impl Into<String>) {
        self.faults.push((rule, text.into()));
    }

    /// Finds that something is not there, if it would have been seen.
    pub(super) fn miss(&mut self, text: &str) {
        if self.is_readable {
            self.find(MISSING, text);
        }
    }

    pub(super) fn value(&self, name: &str) -> Option<&str> {
        self.fields.value(name)
    }

    /// The host that was asked.
    pub(super) fn host(&self) -> &str {
        self.request.header("host").unwrap_or_default()
    }

    /// Judges how the request is written (S-01, S-06), and reads it all the same.
    pub(super) fn read(&mut self) {
        let request = self.request;
        let query = Form::parse(request.query().as_bytes());
        if request.method != "POST" {
            self.find(ENCODING, format!("{} where POST is meant", request.method));
            self.fields.fall_back_on(query);
            return;
        }
        let media_type = request.header("content-type").unwrap_or_default();
        let essence = media_type.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            if self.fields.has_duplicates() {
                self.find(REPEATED, "a parameter comes more than once");
            }
        } else {
            self.find(
                ENCODING,
                format!("the body is {media_type:?}, not application/x-www-form-urlencoded"),
            );
            match members(&request.body) {
                Some(fields) => self.fields = fields,
                None => self.is_readable = false,
            }
        }
        if let Some(name) = BODY_ONLY.into_iter().find(|name| query.has(name)) {
            self.find(
                ENCODING,
                format!("{name} stands in the query, where logs keep it; it belongs in the body"),
            );
            self.fields.fall_back_on(query);
        }
    }
}

/// The texts of a JSON object, or the form that came without its media type.
fn members(body: &[u8]) -> Option<Form<'_>> {
    if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
        let texts = members
            .into_iter()
            .filter_map(|(name, value)| Some((name, value.as_str()?.to_owned())));
        return Some(texts.collect());
    }
    let form = Form::parse(body);
    let is_form = body.is_empty() || BODY_ONLY.into_iter().any(|name| form.has(name));
    is_form.then_some(form)
}
