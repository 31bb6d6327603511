//! What `GET /openapi.json` says: what every call says of itself, and how large the numbers are that it takes.

use std::collections::HashSet;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::described;
use crate::whole::LARGEST;

const SCHEMAS: &str = "#/components/schemas/";

/// The description, made when somebody first asks.
pub(super) fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let described = described().split_for_parts().1;
        let mut document = serde_json::to_value(described).unwrap_or_default();
        complete(&mut document);
        document
    })
}

/// Every call, such as `GET /clock`, and what it does.
pub(super) fn calls() -> Map<String, Value> {
    let paths = document()["paths"].as_object().into_iter().flatten();
    let calls = paths.flat_map(|(path, operations)| {
        let operations = operations.as_object().into_iter().flatten();
        operations.map(move |(method, operation)| {
            let call = format!("{} {path}", method.to_uppercase());
            (call, operation["summary"].clone())
        })
    });
    calls.collect()
}

/// Writes down what the schemas of all that calls take, in query or body, leave open: how large whole numbers are, and
/// that enums have one variant at a time.
fn complete(document: &mut Value) {
    let mut names = Vec::new();
    for operation in values(&mut document["paths"]).flat_map(values) {
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            for parameter in parameters {
                limit(&mut parameter["schema"], &mut names);
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            limit(body, &mut names);
        }
    }
    let mut limited = HashSet::new();
    while let Some(name) = names.pop() {
        if limited.insert(name.clone()) {
            limit(&mut document["components"]["schemas"][name], &mut names);
        }
    }
}

fn values(of: &mut Value) -> impl Iterator<Item = &mut Value> {
    of.as_object_mut()
        .into_iter()
        .flat_map(|members| members.iter_mut().map(|(_, value)| value))
}

/// Completes one schema, and gathers the names of those it refers to.
fn limit(schema: &mut Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            let name = members
                .get("$ref")
                .and_then(|name| name.as_str()?.strip_prefix(SCHEMAS));
            names.extend(name.map(str::to_owned));
            let is_whole = |kind: &Value| *kind == json!("integer") || *kind == json!(["integer", "null"]);
            if members.get("type").is_some_and(is_whole) {
                // A format of so many bits promises more.
                members.remove("format");
                members.entry("minimum").or_insert(json!(-LARGEST));
                members.entry("maximum").or_insert(json!(LARGEST));
            }
            // A variant of an enum has its own members and no other.
            if let Some(Value::Array(variants)) = members.get_mut("oneOf") {
                variants.iter_mut().filter_map(Value::as_object_mut).for_each(close);
            }
            members.iter_mut().for_each(|(_, value)| limit(value, names));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| limit(part, names)),
        _ => {}
    }
}

fn close(variant: &mut Map<String, Value>) {
    if variant.contains_key("properties") {
        variant.insert("additionalProperties".to_owned(), json!(false));
    }
}
