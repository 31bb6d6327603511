//! Numbers that calls take: how they may be written, and how large they may be.

use serde_json::json;

use crate::support::{call, mock};

/// JSON Schema (draft 2020-12, section 6.1.1) and JSON itself do not tell 5.0 from 5.
#[test]
fn a_whole_number_is_one_however_it_is_written() {
    let mock = mock();
    let clock = call(&mock, "PUT", "/clock", r#"{"now":6261451.0,"skew":-1e1}"#);
    assert_eq!(
        (clock.0, &clock.1["now"], &clock.1["skew"]),
        (200, &json!(6_261_451), &json!(-10))
    );
    assert_eq!(call(&mock, "PUT", "/clock", r#"{"now":0.5}"#).0, 400);
    let script = r#"{"count":2.0,"steps":[{"request":{"from":1.0},"change":{"status":429.0,"set":{"interval":5.0}}}]}"#;
    assert_eq!(call(&mock, "POST", "/scripts", script).0, 201);
    let active = call(&mock, "GET", "/scenarios", "").1["active"][0].clone();
    assert_eq!(
        (&active["count"], &active["steps"][0]["request"]),
        (&json!(2), &json!({ "from": 1 }))
    );
    // What a script puts into an answer stays as it is.
    assert_eq!(
        active["steps"][0]["change"],
        json!({ "status": 429, "set": { "interval": 5.0 } })
    );
}

/// Whoever calls may never have seen Rust.
#[test]
fn a_wrong_number_or_list_is_told_in_plain_words() {
    let mock = mock();
    for (path, body, word) in [
        (
            "/scripts",
            r#"{"steps":[{"ending":"reset","request":-1}]}"#,
            "expected a whole number from 0",
        ),
        (
            "/scripts",
            r#"{"steps":[{"ending":"reset","request":"2"}]}"#,
            r#"or {"from":2,"to":4}"#,
        ),
        ("/scripts", "[]", "is an array"),
        ("/scripts", r#"{"count":"2","steps":[]}"#, "expected a whole number"),
        ("/clock/advance", r#"{"seconds":"2"}"#, "expected a number"),
    ] {
        let (status, answer) = call(&mock, "POST", path, body);
        let error = answer["error"].as_str().unwrap();
        assert!(status == 400 && error.contains(word), "{error}");
    }
}

/// RFC 8259 section 6: up to 2^53 - 1, programs agree on what a number is.
#[test]
fn no_number_is_larger_than_those_that_every_program_reads_alike() {
    let mock = mock();
    for (largest, status) in [("9007199254740991", 201), ("9007199254740992", 400), ("1e300", 400)] {
        let script = format!(r#"{{"steps":[{{"facts":{{"interval":{largest}}}}}]}}"#);
        let (answered, answer) = call(&mock, "POST", "/scripts", &script);
        assert_eq!(answered, status, "{answer}");
    }
    let (_, answer) = call(&mock, "PUT", "/clock", r#"{"now":9007199254740992}"#);
    assert!(
        answer["error"].as_str().unwrap().contains("9007199254740991"),
        "{answer}"
    );
    let script = r#"{"steps":[{"answer":{"status":200,"json":[9007199254740992]}}]}"#;
    assert_eq!(call(&mock, "POST", "/scripts", script).0, 201);
    for query in ["since=9007199254740992", "limit=9007199254740992"] {
        assert_eq!(call(&mock, "GET", &format!("/journal?{query}"), "").0, 400);
    }
    let advance = |seconds: &str| call(&mock, "POST", "/clock/advance", &format!(r#"{{"seconds":{seconds}}}"#)).0;
    assert_eq!((advance("3155760000.0000005"), advance("3155760000")), (400, 200));
    let document = call(&mock, "GET", "/openapi.json", "").1;
    let interval = &document["components"]["schemas"]["FactChanges"]["properties"]["interval"];
    assert_eq!(
        (&interval["maximum"], &interval["minimum"]),
        (&json!(9_007_199_254_740_991_u64), &json!(0))
    );
}
