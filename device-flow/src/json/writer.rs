//! From members to text.

use alloc::string::String;
use core::fmt::Write;

/// One object, written on one line, member by member.
pub(crate) struct Writer(String);

impl Writer {
    pub(crate) fn new() -> Self {
        Self(String::from("{"))
    }

    pub(crate) fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    pub(crate) fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        // Writing to a string cannot fail.
        _ = write!(self.0, "{value}");
    }

    pub(crate) fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        self.string(name);
        self.0.push(':');
    }

    /// RFC 8259 section 7: quotation marks, backslashes and control characters are escaped, and nothing else.
    fn string(&mut self, text: &str) {
        self.0.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.0.extend(['\\', character]),
                '\0'..='\x1f' => _ = write!(self.0, "\\u{:04x}", u32::from(character)),
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn what_is_written_is_read_by_others() {
        let text = "\u{0}\u{1f}\"\\/\n\u{7f}\u{2028}\u{e9}\u{1d11e}";
        let mut writer = Writer::new();
        writer.text("a", text);
        writer.text(text, "");
        writer.number("n", u64::MAX);
        let read: Value = serde_json::from_str(&writer.end()).expect("JSON");
        assert_eq!(read, json!({ "a": text, text: "", "n": u64::MAX }));
        assert_eq!(Writer::new().end(), "{}");
    }
}
