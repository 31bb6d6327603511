//! JSON as the products write it: members in a given order, with the spacing of the product's own language.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

/// How a product spaces and escapes its JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonStyle {
    /// No blanks at all.
    Compact,
    /// Python's default: `", "` and `": "`, and nothing but ASCII.
    Python,
    /// No blanks, and every character of a text as `\uXXXX`: no product's, but sound JSON (RFC 8259 section 7).
    Escaped,
    /// Python's `indent=2`: one member a line, and nothing but ASCII.
    PythonIndented,
    /// One member a line, two blanks deeper each time.
    Indented,
}

impl JsonStyle {
    /// The bytes of `value` in this style.
    pub(crate) fn write(self, value: &Value) -> Vec<u8> {
        match self {
            Self::Compact => write(value, CompactFormatter),
            Self::Escaped => write(value, Escaped),
            Self::Python => write(value, Python),
            Self::Indented => write(value, PrettyFormatter::new()),
            Self::PythonIndented => write(value, PythonIndented(PrettyFormatter::new())),
        }
    }
}

fn write(value: &Value, formatter: impl Formatter) -> Vec<u8> {
    let mut bytes = Vec::new();
    let written = value.serialize(&mut serde_json::Serializer::with_formatter(&mut bytes, formatter));
    debug_assert!(written.is_ok(), "a JSON value always writes into memory");
    bytes
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        out.write_all(if first { b"" } else { b", " })
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(b": ")
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        ascii(out, fragment)
    }
}

struct Escaped;

impl Formatter for Escaped {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        fragment
            .encode_utf16()
            .try_for_each(|unit| write!(out, "\\u{unit:04x}"))
    }
}

struct PythonIndented(PrettyFormatter<'static>);

impl Formatter for PythonIndented {
    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }

    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        ascii(out, fragment)
    }
}

/// Writes everything outside printable ASCII as `\uXXXX`, in surrogate pairs where needed.
fn ascii<W: ?Sized + Write>(out: &mut W, fragment: &str) -> io::Result<()> {
    for character in fragment.chars() {
        if matches!(character, ' '..='~') {
            write!(out, "{character}")?;
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(out, "\\u{unit:04x}")?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::JsonStyle;
    use serde_json::json;

    #[test]
    fn each_style_spaces_as_its_language_does() {
        let value = json!({"a": [1, "é\"\\/"], "b": {}, "c": [], "d": "\u{1F600}\u{7f}"});
        let text = |style: JsonStyle| String::from_utf8(style.write(&value)).unwrap();
        assert_eq!(
            text(JsonStyle::Compact),
            "{\"a\":[1,\"é\\\"\\\\/\"],\"b\":{},\"c\":[],\"d\":\"\u{1F600}\u{7f}\"}"
        );
        // As printed by Python 3: json.dumps(value)
        assert_eq!(
            text(JsonStyle::Python),
            r#"{"a": [1, "\u00e9\"\\/"], "b": {}, "c": [], "d": "\ud83d\ude00\u007f"}"#
        );
        assert!(text(JsonStyle::Escaped).starts_with(r#"{"\u0061":[1,"\u00e9\"\\\u002f"]"#));
        // As printed by Python 3: json.dumps(value, indent=2)
        let indented = "{\n  \"a\": [\n    1,\n    \"\\u00e9\\\"\\\\/\"\n  ],\n  \"b\": {},\n  \"c\": [],\n  \"d\": \"\\ud83d\\ude00\\u007f\"\n}";
        assert_eq!(text(JsonStyle::PythonIndented), indented);
        assert_eq!(
            text(JsonStyle::Indented),
            indented
                .replace("\\u00e9", "é")
                .replace("\\ud83d\\ude00\\u007f", "\u{1F600}\u{7f}")
        );
    }
}
