//! The files of `tests/data`, and how an answer is laid beside one.

use std::fs;

use serde_json::Value;

/// Members whose value is another one every time.
const VARYING: [&str; 9] = [
    "device_code",
    "user_code",
    "verification_uri_complete",
    "access_token",
    "refresh_token",
    "id_token",
    "errorId",
    "request_id",
    "kid",
];

/// The bytes of a file, without the line break at its end.
pub(crate) fn golden(file: &str) -> String {
    let path = format!("{}/../tests/data/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(&path).unwrap_or_else(|problem| panic!("{path}: {problem}"));
    text.strip_suffix('\n').unwrap().to_owned()
}

/// An answer's body with the file's values in place of those that vary.
pub(crate) fn with_values_of(expected: &str, mut text: String) -> String {
    let actual = serde_json::from_str(&text).unwrap_or_default();
    replace_varying(&mut text, &actual, &serde_json::from_str(expected).unwrap());
    text
}

fn replace_varying(text: &mut String, actual: &Value, expected: &Value) {
    match (actual, expected) {
        (Value::Object(actual), Value::Object(expected)) => {
            for (name, value) in actual {
                let Some(wanted) = expected.get(name) else { continue };
                if VARYING.contains(&name.as_str()) || (name == "n" && value.is_string()) {
                    *text = text.replacen(&value.to_string(), &wanted.to_string(), 1);
                }
                replace_varying(text, value, wanted);
            }
        }
        (Value::Array(actual), Value::Array(expected)) => {
            for (value, wanted) in actual.iter().zip(expected) {
                replace_varying(text, value, wanted);
            }
        }
        _ => {}
    }
}
