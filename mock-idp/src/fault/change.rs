//! An answer that is altered: by whatever stands between server and client, or by a server that is careless.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::answer::check_headers;
use super::placeholder::{Scene, fill};
use crate::http::Response;
use crate::json::JsonStyle;

/// What is altered. Members are those of a JSON body; an answer without one keeps its body.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Another status code, 200 to 599.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 200, maximum = 599))]
    pub status: Option<u16>,
    /// Header fields by name: a text sets one, `null` removes it. A name that ends with `*` removes all that begin so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Option<String>>,
    /// Members that go.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remove: Vec<String>,
    /// Members that change their names, in place.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub rename: BTreeMap<String, String>,
    /// Members that get a value, or are added at the end. In texts `{name}` is the member's own value before.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "server", schema(nullable))]
    pub set: Map<String, Value>,
    /// Members that get a value where they are there. In texts `{name}` is the member's own value before.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    #[cfg_attr(feature = "server", schema(nullable))]
    pub replace: Map<String, Value>,
    /// Members come in the opposite order.
    #[serde(default, skip_serializing_if = "is_false")]
    pub reverse: bool,
    /// Every character of a text is written as `\uXXXX` (RFC 8259 section 7).
    #[serde(default, skip_serializing_if = "is_false")]
    pub escape: bool,
    /// The members come as a form (`application/x-www-form-urlencoded`).
    #[serde(default, skip_serializing_if = "is_false")]
    pub form: bool,
    /// Only so many bytes of the body are there, and nothing says that there were more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub truncate: Option<usize>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(super) fn is_false(flag: &bool) -> bool {
    !flag
}

impl Change {
    pub(super) fn check(&self) -> Result<(), String> {
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("`change.status` must be from 200 to 599".to_owned());
        }
        let headers = self.headers.iter();
        check_headers(
            "change",
            headers.map(|(name, value)| (name, value.as_deref().unwrap_or_default())),
        )
    }

    pub(crate) fn apply(&self, response: &mut Response, style: JsonStyle, scene: &Scene) {
        response.status = self.status.unwrap_or(response.status);
        for (name, value) in &self.headers {
            let prefix = name.strip_suffix('*').map(str::to_ascii_lowercase);
            response.headers.retain(|(each, _)| match &prefix {
                Some(prefix) => !each.to_ascii_lowercase().starts_with(prefix),
                None => !each.eq_ignore_ascii_case(name),
            });
            if let Some(value) = value {
                response.headers.push((name.clone(), scene.fill(value)));
            }
        }
        if self.touches_members()
            && let Ok(Value::Object(members)) = serde_json::from_slice(&response.body)
        {
            self.write(self.members(members), response, style);
        }
        if let Some(length) = self.truncate {
            response.body.truncate(length);
        }
    }

    fn touches_members(&self) -> bool {
        let lists = !self.remove.is_empty() || !self.rename.is_empty();
        lists || !self.set.is_empty() || !self.replace.is_empty() || self.reverse || self.escape || self.form
    }

    fn members(&self, members: Map<String, Value>) -> Map<String, Value> {
        let before = members.clone();
        let kept = members.into_iter().filter(|(name, _)| !self.remove.contains(name));
        let mut members: Map<_, _> = kept
            .map(|(name, value)| (self.rename.get(&name).cloned().unwrap_or(name), value))
            .collect();
        let present = self.replace.iter().filter(|(name, _)| members.contains_key(*name));
        let present: Vec<_> = present.collect();
        for (name, value) in self.set.iter().chain(present) {
            let value = match value {
                Value::String(text) => Value::String(fill(text, |name| text_of(before.get(name)?))),
                other => other.clone(),
            };
            members.insert(name.clone(), value);
        }
        if self.reverse {
            members = members.into_iter().rev().collect();
        }
        members
    }

    fn write(&self, members: Map<String, Value>, response: &mut Response, style: JsonStyle) {
        if self.form {
            let pairs = members.iter().filter_map(|(name, value)| Some((name, text_of(value)?)));
            let form = form_urlencoded::Serializer::new(String::new())
                .extend_pairs(pairs)
                .finish();
            response.body = form.into_bytes();
            response
                .headers
                .retain(|(name, _)| !name.eq_ignore_ascii_case("content-type"));
            let media_type = "application/x-www-form-urlencoded; charset=utf-8";
            response
                .headers
                .push(("Content-Type".to_owned(), media_type.to_owned()));
            return;
        }
        let style = if self.escape { JsonStyle::Escaped } else { style };
        response.body = style.write(&Value::Object(members));
    }
}

/// A member as text; `None` for what has none in a form.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
