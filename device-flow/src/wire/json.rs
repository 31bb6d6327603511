//! The members of an answer, read with the tolerance that servers need.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use crate::form;
use crate::http::HttpResponse;
use crate::json::{Members, Value};
use crate::names::FORM;

/// Ours: what people are shown of a server's text, in characters. The longest of Okta's and authentik's are below 250.
const LONGEST_LINE: usize = 500;

/// The members of a JSON object, or of a form.
#[derive(Clone, Debug)]
pub(crate) struct Object(Members);

impl Object {
    /// The body of an answer: a form where the server says that it is one (X-22), else JSON (RFC 6749 section 5.1).
    pub(crate) fn read(response: &HttpResponse) -> Option<Self> {
        if has_media_type(response, FORM) {
            Self::parse_form(&response.body)
        } else {
            Self::parse(&response.body)
        }
    }

    fn parse_form(bytes: &[u8]) -> Option<Self> {
        let members = form::read(bytes).map(|(name, value)| (name, Value::Text(value)));
        bytes.contains(&b'=').then(|| Self(members.collect()))
    }

    /// `None` unless the bytes are one JSON object in UTF-8.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        Members::parse(bytes).ok().map(Self)
    }

    /// A text that is there and not empty.
    pub(crate) fn text(&self, member: &str) -> Option<&str> {
        self.0.get(member)?.as_text().filter(|text| !text.is_empty())
    }

    /// Like [`Object::text`], as an owned value.
    pub(crate) fn owned_text(&self, member: &str) -> Option<String> {
        self.text(member).map(ToOwned::to_owned)
    }

    /// A text for people, as one line: without what commands a terminal or turns a text around, and not longer than
    /// anybody would read.
    ///
    /// Servers put texts into it that others chose.
    pub(crate) fn line(&self, member: &str) -> Option<String> {
        Some(line(self.text(member)?)).filter(|line| !line.is_empty())
    }

    /// Whether the member is there, whatever it is.
    pub(crate) fn has(&self, member: &str) -> bool {
        self.0.get(member).is_some()
    }

    /// A whole number, also as text (X-11, X-12) and with a fraction, which is dropped; `None` if negative.
    pub(crate) fn number(&self, member: &str) -> Option<u64> {
        match self.0.get(member)? {
            Value::Number(number) => number.whole_part(),
            Value::Text(text) => text.trim().split('.').next()?.parse().ok(),
            _ => None,
        }
    }

    /// Whether the member is a number of any kind, if it is there.
    pub(crate) fn is_number_at_most(&self, member: &str) -> bool {
        matches!(self.0.get(member), None | Some(Value::Number(_)))
    }

    /// A whole number written as one.
    pub(crate) fn plain_number(&self, member: &str) -> Option<u64> {
        match self.0.get(member)? {
            Value::Number(number) => number.as_plain(),
            _ => None,
        }
    }

    /// The texts of a list, or the one text that stands in its place (RFC 7519 section 4.1.3).
    pub(crate) fn texts(&self, member: &str) -> Option<Vec<&str>> {
        let list = match self.0.get(member)? {
            Value::List(list) => list.as_slice(),
            one @ Value::Text(_) => core::slice::from_ref(one),
            _ => return None,
        };
        Some(list.iter().filter_map(Value::as_text).collect())
    }

    /// The objects of a list; what is no object is passed over.
    pub(crate) fn into_objects(self, member: &str) -> Vec<Object> {
        let Some(Value::List(list)) = self.0.into_value(member) else {
            return Vec::new();
        };
        let objects = list.into_iter().filter_map(|value| match value {
            Value::Object(members) => Some(Object(members)),
            _ => None,
        });
        objects.collect()
    }
}

/// Whether the server says that its answer is of this media type.
pub(super) fn has_media_type(response: &HttpResponse, name: &str) -> bool {
    let media_type = response.header("content-type").unwrap_or_default();
    let mut parts = media_type.split(';');
    parts
        .next()
        .is_some_and(|found| found.trim().eq_ignore_ascii_case(name))
}

/// A server's text as one line that is fit to be shown, as [`Object::line`] says.
pub(crate) fn line(text: &str) -> String {
    text.chars().filter(|c| !is_command(*c)).take(LONGEST_LINE).collect()
}

/// Control characters, line separators, and the marks that change the direction of what follows (Unicode Standard Annex
/// 9, sections 2.1 and 2.2). Joiners stay: names are written with them.
const fn is_command(character: char) -> bool {
    matches!(character, '\0'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(json: &str) -> Option<u64> {
        Object::parse(json.as_bytes()).expect(json).number("n")
    }

    #[test]
    fn numbers_are_read_as_servers_write_them() {
        assert_eq!(number(r#"{"n":5}"#), Some(5));
        assert_eq!(number(r#"{"n":"5"}"#), Some(5));
        assert_eq!(number(r#"{"n":599.99}"#), Some(599));
        assert_eq!(number(r#"{"n":" 599.99"}"#), Some(599));
        assert_eq!(number(r#"{"n":".5"}"#), None);
        assert_eq!(number(r#"{"n":-1}"#), None);
        assert_eq!(number(r#"{"n":null}"#), None);
        assert_eq!(number(r#"{"n":1e300}"#), None);
        assert_eq!(number("{}"), None);
    }

    #[test]
    fn a_line_commands_no_terminal() {
        let object = Object::parse(br#"{"a":"one\u001b]52;c;x\u0007\r\ntwo","b":"\u0000"}"#).expect("an object");
        assert_eq!(object.line("a").as_deref(), Some("one]52;c;xtwo"));
        assert_eq!(object.line("b"), None);
    }

    #[test]
    fn a_line_cannot_be_turned_around() {
        let json = r#"{"a":"pay \u202egnp.\u2066x\u2029","b":"\u0915\u094d\u200d\u0937 e\u0301"}"#;
        let object = Object::parse(json.as_bytes()).expect("an object");
        assert_eq!(object.line("a").as_deref(), Some("pay gnp.x"));
        assert_eq!(
            object.line("b").as_deref(),
            Some("\u{915}\u{94d}\u{200d}\u{937} e\u{301}")
        );
    }

    #[test]
    fn a_line_ends_somewhere() {
        let json = alloc::format!(r#"{{"a":"{}"}}"#, "x".repeat(10_000));
        assert_eq!(
            Object::parse(json.as_bytes())
                .expect("an object")
                .line("a")
                .map(|line| line.len()),
            Some(500)
        );
    }

    #[test]
    fn a_form_is_read_where_the_server_says_so() {
        // As GitHub answers, unless it is told that JSON is accepted (X-22).
        let read = |media_type: &str, body: &str| {
            let response = HttpResponse {
                status: 200,
                headers: alloc::vec![("Content-Type".into(), media_type.into())],
                body: body.into(),
            };
            Object::read(&response).and_then(|object| object.owned_text("error_description"))
        };
        let body = "error=slow_down&error_description=Too+many+requests%2C+you%27ve+been+slowed.&interval=10";
        let expected = Some("Too many requests, you've been slowed.".into());
        assert_eq!(read("application/x-www-form-urlencoded; charset=utf-8", body), expected);
        assert_eq!(read("Application/X-WWW-Form-Urlencoded", body), expected);
        assert_eq!(read("text/html", body), None);
        assert_eq!(read("application/x-www-form-urlencoded", "<html>"), None);
    }

    #[test]
    fn an_empty_text_counts_as_absent() {
        assert_eq!(Object::parse(br#"{"a":""}"#).expect("an object").text("a"), None);
    }

    #[test]
    fn only_one_whole_object_is_an_object() {
        for bytes in [&b"[]"[..], b"", b"<html>", b"{\"a\":1", b"{} {}", b"{\"a\":\"\xff\"}"] {
            assert!(Object::parse(bytes).is_none(), "{bytes:?}");
        }
    }
}
