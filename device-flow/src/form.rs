//! `application/x-www-form-urlencoded`, as the URL Standard of the WHATWG writes it (section 5.2) and reads it (section 5.1).
//!
//! The `form_urlencoded` crate does the same, and weighs three times as much in a page; the tests hold both to the same
//! results.

use alloc::string::String;
use alloc::vec::Vec;

/// The fields as one text, in their order.
pub fn write(fields: &[(&str, &str)]) -> String {
    let mut form = String::new();
    for (name, value) in fields {
        if !form.is_empty() {
            form.push('&');
        }
        put(&mut form, name);
        form.push('=');
        put(&mut form, value);
    }
    form
}

fn put(form: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => form.push(byte.into()),
            b' ' => form.push('+'),
            _ => form.extend(['%', digit(byte / 16), digit(byte % 16)]),
        }
    }
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16)
        .unwrap_or_default()
        .to_ascii_uppercase()
}

/// The fields of a form, whatever the text: what is no form is one field without a value.
pub fn read(form: &[u8]) -> impl Iterator<Item = (String, String)> {
    let fields = form.split(|byte| *byte == b'&').filter(|field| !field.is_empty());
    fields.map(|field| {
        let mut parts = field.splitn(2, |byte| *byte == b'=');
        let mut text = || unescape(parts.next().unwrap_or_default());
        (text(), text())
    })
}

fn unescape(text: &[u8]) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        let escaped = if *byte == b'%' { escaped(rest.as_slice()) } else { None };
        if escaped.is_some() {
            rest.nth(1);
        }
        bytes.push(match byte {
            b'+' => b' ',
            byte => escaped.unwrap_or(*byte),
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// What the two digits stand for that come after a percent sign, if they do.
fn escaped(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| char::from(*text.get(at)?).to_digit(16);
    u8::try_from(digit(0)? * 16 + digit(1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_form_is_written_as_others_write_it(fields: Vec<(String, String)>) {
            let fields: Vec<_> = fields.iter().map(|(name, value)| (&**name, &**value)).collect();
            let mut others = form_urlencoded::Serializer::new(String::new());
            prop_assert_eq!(write(&fields), others.extend_pairs(&fields).finish());
        }

        #[test]
        fn a_form_is_read_as_others_read_it(form in "([%&=+a]|%[0-9a-fA-F]{2}|%[0-9][g-z]|\\PC){0,20}") {
            let others: Vec<_> = form_urlencoded::parse(form.as_bytes()).into_owned().collect();
            prop_assert_eq!(read(form.as_bytes()).collect::<Vec<_>>(), others);
        }

        #[test]
        fn bytes_are_read_as_others_read_them(form: Vec<u8>) {
            let others: Vec<_> = form_urlencoded::parse(&form).into_owned().collect();
            prop_assert_eq!(read(&form).collect::<Vec<_>>(), others);
        }
    }
}
