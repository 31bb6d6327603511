//! From text to values.

use alloc::string::String;
use alloc::vec::Vec;

use super::{Error, Members, Number, Value};

/// Objects and arrays inside each other (RFC 8259 section 9 allows a limit): as many as `serde_json` takes, so that no
/// answer runs this reader out of stack.
const DEEPEST: usize = 127;

/// What is wrong, as the end of a sentence, where the reader stands.
type Flaw = &'static str;

pub(super) fn parse(json: &[u8]) -> Result<Members, Error> {
    let text = core::str::from_utf8(json).map_err(|error| refused("not UTF-8", json, error.valid_up_to()))?;
    let mut reader = Reader { text, at: 0 };
    reader.whole().map_err(|flaw| refused(flaw, json, reader.at))
}

fn refused(flaw: Flaw, json: &[u8], at: usize) -> Error {
    let before = json.get(..at).unwrap_or(json);
    let lines = before.split(|byte| *byte == b'\n');
    let at = lines.fold((0, 0), |(line, _), text| (line + 1, text.len() + 1));
    Error {
        what: flaw.into(),
        at: Some(at),
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    fn whole(&mut self) -> Result<Members, Flaw> {
        self.skip_space();
        if self.peek() != Some(b'{') {
            return Err("expected an object");
        }
        let members = self.object(DEEPEST)?;
        self.skip_space();
        match self.peek() {
            None => Ok(members),
            Some(_) => Err("expected the end"),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// Steps over `byte` if it comes next.
    fn eat(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// A value, with so many objects and arrays to go.
    fn value(&mut self, depth: usize) -> Result<Value, Flaw> {
        match self.peek() {
            Some(b'{') => self.object(depth).map(Value::Object),
            Some(b'[') => self.list(depth).map(Value::List),
            Some(b'"') => self.string().map(Value::Text),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value, Flaw> {
        for (word, value) in [
            ("true", Value::Bool(true)),
            ("false", Value::Bool(false)),
            ("null", Value::Null),
        ] {
            if self.rest().starts_with(word) {
                self.at += word.len();
                return Ok(value);
            }
        }
        Err("expected a value")
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn object(&mut self, depth: usize) -> Result<Members, Flaw> {
        let mut members = Vec::new();
        self.items(depth, b'}', |reader, depth| {
            if reader.peek() != Some(b'"') {
                return Err("expected a member's name in quotation marks");
            }
            let name = reader.string()?;
            reader.skip_space();
            if !reader.eat(b':') {
                return Err("expected a colon");
            }
            reader.skip_space();
            members.push((name, reader.value(depth)?));
            Ok(())
        })?;
        Ok(Members(members))
    }

    fn list(&mut self, depth: usize) -> Result<Vec<Value>, Flaw> {
        let mut list = Vec::new();
        self.items(depth, b']', |reader, depth| {
            list.push(reader.value(depth)?);
            Ok(())
        })?;
        Ok(list)
    }

    /// What stands between an opening bracket, which comes next, and `end`, with commas in between.
    fn items(
        &mut self,
        depth: usize,
        end: u8,
        mut item: impl FnMut(&mut Self, usize) -> Result<(), Flaw>,
    ) -> Result<(), Flaw> {
        let Some(depth) = depth.checked_sub(1) else {
            return Err("nested too deeply");
        };
        self.at += 1;
        self.skip_space();
        if self.eat(end) {
            return Ok(());
        }
        loop {
            item(self, depth)?;
            self.skip_space();
            if self.eat(end) {
                return Ok(());
            }
            if !self.eat(b',') {
                return Err("expected a comma, or the end of the list or object");
            }
            self.skip_space();
        }
    }

    /// A string, whose quotation mark comes next.
    fn string(&mut self) -> Result<String, Flaw> {
        self.at += 1;
        let mut string = String::new();
        loop {
            let start = self.at;
            while !matches!(self.peek(), None | Some(b'"' | b'\\' | ..=0x1f)) {
                self.at += 1;
            }
            // Both ends stand beside ASCII, so no character is cut.
            string.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.next() {
                Some(b'"') => return Ok(string),
                Some(b'\\') => string.push(self.escape()?),
                Some(_) => return Err("a control character that is not escaped"),
                None => return Err("a string without an end"),
            }
        }
    }

    /// RFC 8259 section 7, after the backslash.
    fn escape(&mut self) -> Result<char, Flaw> {
        Ok(match self.next() {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte.into(),
            Some(b'b') => '\x08',
            Some(b'f') => '\x0c',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err("an escape that does not exist"),
        })
    }

    /// Four hexadecimal digits, or twice four for what lies beyond the basic plane.
    fn unicode(&mut self) -> Result<char, Flaw> {
        const LONE: Flaw = "half a surrogate pair";
        let mut code = self.hex()?;
        if let 0xd800..=0xdbff = code {
            if !self.eat(b'\\') || !self.eat(b'u') {
                return Err(LONE);
            }
            let low = self.hex()?;
            if !matches!(low, 0xdc00..=0xdfff) {
                return Err(LONE);
            }
            code = 0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        }
        char::from_u32(code).ok_or(LONE)
    }

    fn hex(&mut self) -> Result<u32, Flaw> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.next().and_then(|byte| char::from(byte).to_digit(16));
            code = code * 16 + digit.ok_or("an escape without four hexadecimal digits")?;
        }
        Ok(code)
    }

    fn number(&mut self) -> Result<Number, Flaw> {
        let has_minus = self.eat(b'-');
        let before = self.digits()?;
        if before.len() > 1 && before.starts_with(b"0") {
            return Err("a number that begins with zero");
        }
        let after = if self.eat(b'.') { self.digits()? } else { &[] };
        let exponent = match self.peek() {
            Some(b'e' | b'E') => {
                self.at += 1;
                Some(self.exponent()?)
            }
            _ => None,
        };
        Ok(Number::new(has_minus, before, after, exponent))
    }

    fn exponent(&mut self) -> Result<i32, Flaw> {
        let is_negative = self.eat(b'-');
        if !is_negative {
            self.eat(b'+');
        }
        let size = self.digits()?.iter().fold(0i32, |size, digit| {
            size.saturating_mul(10).saturating_add((digit - b'0').into())
        });
        Ok(if is_negative { -size } else { size })
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<&'a [u8], Flaw> {
        let start = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        let digits = self.text.as_bytes().get(start..self.at).unwrap_or_default();
        if digits.is_empty() {
            return Err("expected a digit");
        }
        Ok(digits)
    }
}
