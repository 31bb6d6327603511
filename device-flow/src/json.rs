//! JSON (RFC 8259), as much of it as a sign-in needs: read strictly, under serde, and small enough for a television.
//!
//! `serde_json` reads the same and more, and makes the page a tenth larger; the tests hold both to the same results.

mod deserializer;
mod number;
mod reader;
mod writer;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

pub use number::Number;
pub use writer::Writer;
pub(crate) use writer::decimal;

/// Any JSON value.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// An array.
    List(Vec<Value>),
    /// `null`.
    Null,
    /// A number.
    Number(Number),
    /// An object.
    Object(Members),
    /// A string.
    Text(String),
}

impl Value {
    /// The text, of a string.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// The members of an object, in the order in which they stand there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Members(Vec<(String, Value)>);

impl Members {
    /// Reads text that is one object and nothing else.
    ///
    /// # Errors
    ///
    /// [`Error`] says what is wrong with the text, and where.
    pub fn parse(json: &[u8]) -> Result<Self, Error> {
        reader::parse(json)
    }

    /// The value of a member; the last one where several have that name, as most readers do it (RFC 8259 section 4).
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0
            .iter()
            .rev()
            .find_map(|(known, value)| (known == name).then_some(value))
    }

    /// The value of a member, of an object that nobody needs any more.
    pub(crate) fn into_value(self, name: &str) -> Option<Value> {
        let mut members = self.0.into_iter().rev();
        members.find_map(|(known, value)| (known == name).then_some(value))
    }

    /// Takes a member out, and all others of that name with it.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let mut taken = None;
        // From the end, so that the last one is taken.
        while let Some(index) = self.0.iter().rposition(|(known, _)| known == name) {
            let (_, value) = self.0.remove(index);
            taken.get_or_insert(value);
        }
        taken
    }

    /// The names, as often as they stand there.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(name, _)| &**name)
    }
}

impl FromIterator<(String, Value)> for Members {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        Self(members.into_iter().collect())
    }
}

/// Why JSON was refused, in words for whoever wrote it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Error {
    what: String,
    /// Line and column, where text was read.
    at: Option<(usize, usize)>,
}

impl Error {
    fn without_place(what: String) -> Self {
        Self { what, at: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match self.at {
            Some((line, column)) => write!(f, " at line {line} column {column}"),
            None => Ok(()),
        }
    }
}

impl core::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    fn members(json: &str) -> Members {
        Members::parse(json.as_bytes()).expect(json)
    }

    #[test]
    fn the_last_of_several_members_counts() {
        let mut members = members(r#"{"a":1,"b":"x","a":"two"}"#);
        assert_eq!(members.get("a").and_then(Value::as_text), Some("two"));
        assert_eq!(members.take("a"), Some(Value::Text("two".into())));
        assert_eq!(members.names().collect::<Vec<_>>(), ["b"]);
        assert_eq!(members.take("a"), None);
    }
}
