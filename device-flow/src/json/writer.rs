//! From members to text.

use alloc::string::String;

/// One object, written on one line, member by member.
#[derive(Debug)]
pub struct Writer(String);

impl Default for Writer {
    fn default() -> Self {
        Self::new()
    }
}

impl Writer {
    /// An object without members.
    pub fn new() -> Self {
        Self(String::from("{"))
    }

    /// Adds a member that is a string.
    pub fn text(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    /// Adds a member that is a whole number.
    pub fn number(&mut self, name: &str, value: u64) {
        self.name(name);
        self.0.push_str(&decimal(value));
    }

    /// The text of the object.
    pub fn end(mut self) -> String {
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
                '\0'..='\x1f' => {
                    let code = u64::from(character);
                    self.0.extend(['\\', 'u', '0', '0', digit(code / 16), digit(code % 16)]);
                }
                _ => self.0.push(character),
            }
        }
        self.0.push('"');
    }
}

/// The number in digits; the formatter of the standard library is larger than all else here.
pub(crate) fn decimal(value: u64) -> String {
    let mut digits = if value < 10 { String::new() } else { decimal(value / 10) };
    digits.push(digit(value % 10));
    digits
}

/// Of a number below sixteen.
fn digit(value: u64) -> char {
    char::from(b"0123456789abcdef"[usize::try_from(value % 16).unwrap_or_default()])
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
