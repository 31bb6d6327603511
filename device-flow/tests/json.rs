//! The JSON reader, held to RFC 8259 and to the results of `serde_json`.

use std::fs;
use std::path::Path;

use device_flow::json::{Members, Number, Value};
use proptest::prelude::*;
use serde::Deserialize;
use serde_json::Value as Theirs;

/// What both readers must see alike.
fn is_same(ours: &Value, theirs: &Theirs) -> bool {
    match (ours, theirs) {
        (Value::Null, Theirs::Null) => true,
        (Value::Bool(ours), Theirs::Bool(theirs)) => ours == theirs,
        (Value::Number(ours), Theirs::Number(theirs)) => is_same_number(*ours, theirs),
        (Value::Text(ours), Theirs::String(theirs)) => ours == theirs,
        (Value::List(ours), Theirs::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| is_same(ours, theirs))
        }
        (Value::Object(ours), Theirs::Object(theirs)) => is_same_object(ours, theirs),
        _ => false,
    }
}

fn is_same_object(ours: &Members, theirs: &serde_json::Map<String, Theirs>) -> bool {
    let is_known = |(name, theirs): (&String, &Theirs)| ours.get(name).is_some_and(|ours| is_same(ours, theirs));
    theirs.iter().all(is_known) && ours.names().all(|name| theirs.contains_key(name))
}

#[expect(clippy::cast_precision_loss, reason = "what a double cannot hold is no whole part")]
fn is_same_number(ours: Number, theirs: &serde_json::Number) -> bool {
    let by_float = theirs.as_f64().unwrap_or_default();
    let is_same_whole = match (ours.whole_part(), theirs.as_u64()) {
        (ours, Some(theirs)) => ours == Some(theirs),
        // A double may have been rounded to the next whole number; the table below has the exact ones.
        (Some(ours), None) => by_float.trunc() - ours as f64 <= 1.0 && by_float.trunc() >= ours as f64,
        (None, None) => by_float.is_sign_negative() || by_float >= 9_007_199_254_740_991.0,
    };
    ours.as_plain() == theirs.as_u64() && is_same_whole
}

/// Both readers on the same text.
fn agree(json: &[u8]) -> bool {
    match (Members::parse(json), serde_json::from_slice(json)) {
        (Ok(ours), Ok(theirs)) => is_same_object(&ours, &theirs),
        (Err(_), Err(_)) => true,
        // Numbers that no double can hold are read here, as far as they are whole.
        (Ok(_), Err(error)) => error.to_string().contains("number out of range"),
        (Err(_), Ok(_)) => false,
    }
}

/// Values as servers write them, and stranger ones.
fn value() -> impl Strategy<Value = Theirs> {
    let leaf = prop_oneof![
        Just(Theirs::Null),
        any::<bool>().prop_map(Theirs::from),
        any::<u64>().prop_map(Theirs::from),
        any::<i64>().prop_map(Theirs::from),
        // With fifteen digits a double is the number that was written (IEEE 754).
        (-999_999_999_999_999i64..1_000_000_000_000_000, 0..20i32).prop_map(|(digits, places)| Theirs::from(
            format!("{digits}e-{places}").parse::<f64>().unwrap_or_default()
        )),
        any::<String>().prop_map(Theirs::from),
    ];
    leaf.prop_recursive(4, 32, 8, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Theirs::from),
            prop::collection::vec((any::<String>(), inner), 0..8)
                .prop_map(|members| members.into_iter().collect::<Theirs>()),
        ]
    })
}

/// One edit of a text: where, how many bytes go, and what comes in their place.
fn edit() -> impl Strategy<Value = (prop::sample::Index, usize, Vec<u8>)> {
    let piece = prop_oneof![
        4 => prop::sample::select(&br#"{}[]",:\/bfnrtu0123456789aAdDeE+-. tn"#[..]).prop_map(|byte| vec![byte]),
        1 => any::<u8>().prop_map(|byte| vec![byte]),
        1 => prop::sample::select(vec!["\\ud83d", "\\ude00", "\\u0000", "null", "true", "1e5", "-0", "\u{e9}"])
            .prop_map(|text| text.as_bytes().to_vec()),
    ];
    (any::<prop::sample::Index>(), 0..3usize, piece)
}

fn object() -> impl Strategy<Value = String> {
    let members = prop::collection::vec(("[a-c]", value()), 0..6);
    (members, any::<bool>()).prop_map(|(members, is_pretty)| {
        let object: Theirs = members.into_iter().collect();
        if is_pretty {
            serde_json::to_string_pretty(&object).expect("it is JSON")
        } else {
            object.to_string()
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn objects_are_read_as_serde_json_reads_them(json in object()) {
        prop_assert!(Members::parse(json.as_bytes()).is_ok());
        prop_assert!(agree(json.as_bytes()));
    }

    #[test]
    fn broken_objects_are_refused_as_serde_json_refuses_them(json in object(), edits in prop::collection::vec(edit(), 1..4)) {
        let mut bytes = json.into_bytes();
        for (index, length, piece) in edits {
            let start = index.index(bytes.len() + 1);
            let end = (start + length).min(bytes.len());
            bytes.splice(start..end, piece);
        }
        prop_assert!(agree(&bytes), "{}", String::from_utf8_lossy(&bytes));
    }
}

#[test]
fn answers_of_servers_are_read_as_serde_json_reads_them() {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
    let folders = fs::read_dir(data)
        .expect("the answers")
        .flatten()
        .map(|entry| entry.path());
    let files = folders
        .filter(|path| path.is_dir())
        .flat_map(|folder| fs::read_dir(folder).expect("a folder"));
    let mut count = 0;
    for file in files.flatten() {
        assert!(agree(&fs::read(file.path()).expect("a file")), "{file:?}");
        count += 1;
    }
    assert!(count > 50, "{count}");
}

/// A member of an object that holds only it.
fn read(value: &str) -> Result<Value, String> {
    let json = format!(r#"{{"v":{value}}}"#);
    assert!(agree(json.as_bytes()), "{value}");
    let members = Members::parse(json.as_bytes()).map_err(|error| error.to_string())?;
    Ok(members.get("v").expect("it was read").clone())
}

fn text(value: &str) -> Result<String, String> {
    read(value).map(|value| value.as_text().expect("a string").to_owned())
}

fn number(value: &str) -> Number {
    match read(value) {
        Ok(Value::Number(number)) => number,
        other => panic!("{value}: {other:?}"),
    }
}

#[test]
fn escapes_are_those_of_the_rfc() {
    // RFC 8259 section 7.
    assert_eq!(text(r#""\"\\\/\b\f\n\r\t""#).as_deref(), Ok("\"\\/\x08\x0c\n\r\t"));
    assert_eq!(text(r#""\u005C\u005c\u00e9""#).as_deref(), Ok("\\\\\u{e9}"));
    // Its example of the G clef.
    assert_eq!(text(r#""\uD834\uDD1E""#).as_deref(), Ok("\u{1d11e}"));
    for wrong in [
        r#""\x41""#,
        r#""\u12""#,
        r#""\u12g4""#,
        r#""\""#,
        "\"a\nb\"",
        "\"a\u{1f}\"",
        r#""a"#,
        r#"'a'"#,
    ] {
        assert!(text(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn half_a_surrogate_pair_is_refused() {
    for wrong in [
        r#""\ud834""#,
        r#""\udd1e""#,
        r#""\ud834x""#,
        r#""\ud834\n""#,
        r#""\ud834\u0041""#,
        r#""\ud834\ud834""#,
    ] {
        assert!(
            text(wrong).is_err_and(|error| error.starts_with("half a surrogate pair")),
            "{wrong}"
        );
    }
}

#[test]
fn broken_utf_8_is_refused() {
    // Overlong, a surrogate, cut off, beyond Unicode (RFC 3629 section 3).
    for wrong in [
        &b"\xc0\xaf"[..],
        b"\xed\xa0\x80",
        b"\xe2\x82",
        b"\xf5\x80\x80\x80",
        b"\xff",
    ] {
        let json = [b"{\"v\":\"", wrong, b"\"}"].concat();
        assert!(Members::parse(&json).is_err() && agree(&json), "{wrong:?}");
    }
    assert!(
        Members::parse(b"\xef\xbb\xbf{}").is_err(),
        "a byte order mark (section 8.1)"
    );
}

#[test]
fn numbers_follow_the_grammar() {
    for (value, plain, whole) in [
        ("0", Some(0), Some(0)),
        ("18446744073709551615", Some(u64::MAX), Some(u64::MAX)),
        ("18446744073709551616", None, None),
        ("4503599627370495.5", None, Some(4_503_599_627_370_495)),
        ("599.99", None, Some(599)),
        ("1.5e3", None, Some(1500)),
        ("15000E-1", None, Some(1500)),
        ("1e-400", None, Some(0)),
        ("0.0000005e+7", None, Some(5)),
        ("1e300", None, None),
        ("-0", None, Some(0)),
        ("-0.0", None, Some(0)),
        ("-1", None, None),
        ("-0.5", None, None),
    ] {
        assert_eq!(
            (number(value).as_plain(), number(value).whole_part()),
            (plain, whole),
            "{value}"
        );
    }
    for wrong in [
        "01", "+1", "-", "1.", ".5", "1e", "1e+", "0x10", "NaN", "Infinity", "1_000", "--1",
    ] {
        assert!(read(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn numbers_that_no_double_can_hold_spoil_nothing() {
    for value in ["1e400", "-1e400", "1e99999999999999999999"] {
        assert_eq!(number(value).whole_part(), None, "{value}");
    }
    assert_eq!(number("0e99999999999999999999").whole_part(), Some(0));
}

#[test]
fn only_one_whole_object_is_read() {
    for wrong in [
        "",
        " ",
        "[]",
        "null",
        "{}{}",
        "{},",
        "{\"a\":1",
        "{\"a\" 1}",
        "{a:1}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\":[1,]}",
        "{\"a\":tru}",
    ] {
        assert!(
            Members::parse(wrong.as_bytes()).is_err() && agree(wrong.as_bytes()),
            "{wrong}"
        );
    }
    assert!(Members::parse(b"\n\t\r {} \n").is_ok());
    assert!(Members::parse(b"\x0c{}").is_err());
}

#[test]
fn depth_has_a_limit() {
    let nested = |depth: usize| format!("{{\"v\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1));
    // What `serde_json` takes, and one more.
    assert!(Members::parse(nested(127).as_bytes()).is_ok() && agree(nested(127).as_bytes()));
    assert!(Members::parse(nested(128).as_bytes()).is_err() && agree(nested(128).as_bytes()));
    assert!(Members::parse("{\"v\":[".repeat(100_000).as_bytes()).is_err());
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    for (json, expected) in [
        ("", "expected an object at line 1 column 1"),
        ("<!doctype html>", "expected an object at line 1 column 1"),
        (
            "{\n  \"a\": 1\n  \"b\": 2\n}",
            "expected a comma, or the end of the list or object at line 3 column 3",
        ),
        ("{\"a\": 'x'}", "expected a value at line 1 column 7"),
        ("{\"a\": 1} x", "expected the end at line 1 column 10"),
    ] {
        let error = Members::parse(json.as_bytes()).expect_err(json);
        assert_eq!(error.to_string(), expected, "{json}");
    }
}

#[derive(Debug, Default, Deserialize, PartialEq)]
#[serde(default, deny_unknown_fields)]
struct Example {
    flag: bool,
    inner: Option<Inner>,
    list: Vec<String>,
    number: u8,
    text: String,
}

#[derive(Debug, Default, Deserialize, PartialEq)]
struct Inner {
    text: Option<String>,
}

fn both(json: &str) -> (Result<Example, String>, Result<Example, String>) {
    let ours = Members::parse(json.as_bytes()).and_then(Example::deserialize);
    let theirs = serde_json::from_str::<Theirs>(json).and_then(Example::deserialize);
    (
        ours.map_err(|error| error.to_string()),
        theirs.map_err(|error| error.to_string()),
    )
}

#[test]
fn types_are_read_and_refused_as_with_serde_json() {
    for json in [
        "{}",
        r#"{"flag":true,"inner":{"text":"x"},"list":["a","b"],"number":255,"text":"t"}"#,
        r#"{"inner":null}"#,
        r#"{"inner":{"text":null,"other":[]}}"#,
        r#"{"flagg":true}"#,
        r#"{"flag":1}"#,
        r#"{"flag":null}"#,
        r#"{"flag":{}}"#,
        r#"{"flag":[]}"#,
        r#"{"number":256}"#,
        r#"{"number":"1"}"#,
        r#"{"text":true}"#,
        r#"{"list":"a"}"#,
        r#"{"inner":"a"}"#,
    ] {
        let (ours, theirs) = both(json);
        assert_eq!(ours, theirs, "{json}");
    }
}

#[test]
fn what_no_setting_can_be_is_refused() {
    for json in [
        r#"{"number":-1}"#,
        r#"{"number":1.5}"#,
        r#"{"inner":["x"]}"#,
        r#"{"flag":true,"flag":true}"#,
    ] {
        assert!(both(json).0.is_err(), "{json}");
    }
}
