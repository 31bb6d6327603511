//! Judges of the device authorization endpoint (RFC 8628 sections 3.1, 3.2 and 6.1).

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserializer as _;
use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde_json::Value;

use super::device::{Answer, Asked, Authentication, Device, basic};
use super::discovery::{is_absolute, json_object};
use crate::check::{Otherwise, Ruling, broken, untested};

/// A client that no server knows.
pub(super) const NOBODY: &str = "device-flow-conformance-nobody";

/// Letters without vowels (RFC 8628 section 6.1).
const BASE20: &str = "BCDFGHJKLMNPQRSTVWXZ";

/// An address that a person types is no longer than this: what Google asks of televisions to be able to show.
const LONGEST_ADDRESS: usize = 40;
/// Time to fetch a phone and sign in; ours, as the RFC has no number.
const SHORTEST_LIFE: u64 = 120;
/// Beyond an hour a code is bait; ours, as the RFC has no number.
const LONGEST_LIFE: u64 = 3600;
/// So much can stand in a device code at least, in bits: what RFC 6749 section 10.10 asks of tokens.
const ENTROPY: f64 = 128.0;

/// The two starts that two codes come from.
fn codes(device: &mut Device) -> Result<[super::device::Grant; 2], Otherwise> {
    Ok([
        device.main_grant()?,
        device.grant("start.unknown-parameter", &[("x-unknown", "1")])?,
    ])
}

pub(super) fn answer(device: &mut Device) -> Ruling {
    json_object(&*device.start("start", &[])?)?;
    Ok("200 with a JSON object of type application/json".to_owned())
}

fn member(device: &mut Device, name: &str) -> Result<Value, Otherwise> {
    let answer = device.start("start", &[])?;
    if answer.status != 200 {
        return untested(format!("the server answered {}", answer.in_words()));
    }
    Ok(answer.json()[name].clone())
}

fn text(device: &mut Device, name: &str) -> Ruling {
    match member(device, name)? {
        Value::String(text) if !text.is_empty() => Ok(text),
        Value::Null => broken(format!("{name} is missing")),
        other => broken(format!("{name} is {other}, which is no text with characters in it")),
    }
}

pub(super) fn device_code(device: &mut Device) -> Ruling {
    let code = text(device, "device_code")?;
    Ok(format!("a text of {} characters", code.chars().count()))
}

pub(super) fn user_code(device: &mut Device) -> Ruling {
    text(device, "user_code")
}

pub(super) fn verification_uri(device: &mut Device) -> Ruling {
    let uri = text(device, "verification_uri")?;
    if is_absolute(&uri) {
        return Ok(uri);
    }
    broken(format!(
        "verification_uri is {uri:?}, which is no absolute http or https address"
    ))
}

pub(super) fn expires_in(device: &mut Device) -> Ruling {
    match member(device, "expires_in")? {
        Value::Number(number) if number.as_f64().is_some_and(|number| number > 0.0) => Ok(format!("{number} s")),
        Value::Null => broken("expires_in is missing"),
        other => broken(format!("expires_in is {other}, which is no positive number")),
    }
}

pub(super) fn interval(device: &mut Device) -> Ruling {
    match member(device, "interval")? {
        Value::Null => Ok("interval is absent, which stands for 5 s".to_owned()),
        Value::Number(number) if number.as_f64().is_some_and(|number| number > 0.0) => Ok(format!("{number} s")),
        other => broken(format!("interval is {other}, which is no positive number")),
    }
}

pub(super) fn complete_uri(device: &mut Device) -> Ruling {
    match member(device, "verification_uri_complete")? {
        Value::Null => untested("verification_uri_complete is absent, which is allowed"),
        Value::String(uri) if is_absolute(&uri) => Ok(uri),
        other => broken(format!(
            "verification_uri_complete is {other}, which is no absolute http or https address"
        )),
    }
}

pub(super) fn members_once(device: &mut Device) -> Ruling {
    let answer = device.start("start", &[])?;
    let mut names = BTreeSet::new();
    match members(&answer).into_iter().find(|name| !names.insert(name.clone())) {
        Some(twice) => broken(format!("{twice} comes twice")),
        None if names.is_empty() => untested("the answer is no JSON object"),
        None => Ok(format!("{} members, each once", names.len())),
    }
}

/// The names of a JSON object's members, as often as they come.
fn members(answer: &Answer) -> Vec<String> {
    struct Names;
    impl<'de> Visitor<'de> for Names {
        type Value = Vec<String>;

        fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
            out.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut names = Vec::new();
            while let Some((name, IgnoredAny)) = map.next_entry()? {
                names.push(name);
            }
            Ok(names)
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(&answer.body);
    (&mut reader).deserialize_map(Names).unwrap_or_default()
}

pub(super) fn no_store(device: &mut Device) -> Ruling {
    let answer = device.start("start", &[])?;
    not_stored(&answer)
}

pub(super) fn not_stored(answer: &Answer) -> Ruling {
    match answer.header("cache-control") {
        Some(value) if value.to_ascii_lowercase().contains("no-store") => Ok(format!("Cache-Control: {value}")),
        Some(value) => broken(format!("Cache-Control is {value:?}, without no-store")),
        None => broken("there is no Cache-Control"),
    }
}

pub(super) fn entropy(device: &mut Device) -> Ruling {
    let [first, second] = codes(device)?;
    if first.device_code == second.device_code {
        return broken("two starts were given the same device code");
    }
    let bits = most_bits(&first.device_code);
    if bits < ENTROPY {
        return broken(format!("there can be no more than {bits:.0} bits in the device code"));
    }
    Ok(format!(
        "two starts, two codes; there can be up to {bits:.0} bits in one"
    ))
}

/// The most that can stand in a code of this length, by the kinds of characters that it is made of.
fn most_bits(code: &str) -> f64 {
    let has = |is: fn(&char) -> bool, size: u32| if code.chars().any(|each| is(&each)) { size } else { 0 };
    let letters = has(char::is_ascii_lowercase, 26) + has(char::is_ascii_uppercase, 26);
    let alphabet = letters + has(char::is_ascii_digit, 10) + has(char::is_ascii_punctuation, 32);
    let length = u32::try_from(code.chars().count()).unwrap_or(u32::MAX);
    f64::from(length) * f64::from(alphabet.max(1)).log2()
}

pub(super) fn charset(device: &mut Device) -> Ruling {
    let code = known_text(device, "user_code")?;
    let plain: Vec<char> = code.chars().filter(|each| each.is_alphanumeric()).collect();
    if !plain.is_empty() && plain.iter().all(char::is_ascii_digit) {
        return Ok(format!("{code}: digits only"));
    }
    match plain.iter().find(|each| !BASE20.contains(**each)) {
        None if !plain.is_empty() => Ok(format!("{code}: upper-case letters without vowels")),
        None => broken(format!("{code:?} has no letters and no digits")),
        Some(other) => broken(format!(
            "{code} has {other:?}, which is neither of {BASE20} nor among digits alone"
        )),
    }
}

pub(super) fn unique(device: &mut Device) -> Ruling {
    let [first, second] = codes(device)?;
    let (first, second) = (first.shown.user_code, second.shown.user_code);
    if first == second {
        return broken(format!("two starts were given the same user code {first}"));
    }
    Ok(format!("{first} and {second}"))
}

/// What other checks judge is not judged again here.
fn known_text(device: &mut Device, name: &str) -> Ruling {
    text(device, name).map_err(|other| match other {
        Otherwise::Broken(words) => Otherwise::Untested(words),
        other => other,
    })
}

pub(super) fn code_not_in_address(device: &mut Device) -> Ruling {
    let code = known_text(device, "user_code")?;
    let uri = known_text(device, "verification_uri")?;
    if uri.contains(&code) {
        return broken(format!("{uri} has the user code in it"));
    }
    Ok(uri)
}

pub(super) fn short_address(device: &mut Device) -> Ruling {
    let uri = known_text(device, "verification_uri")?;
    let length = uri.chars().count();
    if length > LONGEST_ADDRESS {
        return broken(format!(
            "{uri} has {length} characters; {LONGEST_ADDRESS} are the most that a person should type"
        ));
    }
    Ok(format!("{uri} has {length} characters"))
}

pub(super) fn lifetime(device: &mut Device) -> Ruling {
    let life = match member(device, "expires_in")? {
        Value::Number(number) => number.as_u64(),
        _ => None,
    };
    match life {
        Some(life) if life < SHORTEST_LIFE => broken(format!("{life} s, of which fetching a phone takes a part")),
        Some(life) if life > LONGEST_LIFE => broken(format!("{life} s, in which many people can be tricked")),
        Some(life) => Ok(format!("{life} s")),
        None => untested("there is no expires_in that could be read"),
    }
}

pub(super) fn unknown_parameter(device: &mut Device) -> Ruling {
    let plain = device.start("start", &[])?;
    let other = device.start("start.unknown-parameter", &[("x-unknown", "1")])?;
    same(&plain, &other, "an unknown parameter")
}

pub(super) fn empty_parameter(device: &mut Device) -> Ruling {
    let plain = device.start("start", &[])?;
    let other = device.start("start.empty-parameter", &[("x-empty", "")])?;
    same(&plain, &other, "a parameter without a value")
}

fn same(plain: &Answer, other: &Answer, what: &str) -> Ruling {
    if plain.status != 200 {
        return untested(format!("a plain request is answered {}", plain.in_words()));
    }
    if other.status == 200 {
        return Ok(format!("with {what} it is answered as without"));
    }
    broken(format!("with {what} it is answered {}", other.in_words()))
}

pub(super) fn ask_without_client(device: &mut Device) -> Asked {
    device.once("start.no-client", |device| {
        let url = device.endpoint("device_authorization_endpoint")?;
        device.post_as(&url, &[("scope", "openid")], None)
    })
}

pub(super) fn without_client(device: &mut Device) -> Ruling {
    let answer = ask_without_client(device)?;
    refused(&answer, &["invalid_request", "invalid_client"])
}

pub(super) fn ask_as_nobody(device: &mut Device) -> Asked {
    device.once("start.unknown-client", |device| {
        let url = device.endpoint("device_authorization_endpoint")?;
        device.post_as(&url, &[("client_id", NOBODY), ("scope", "openid")], None)
    })
}

pub(super) fn unknown_client(device: &mut Device) -> Ruling {
    let answer = ask_as_nobody(device)?;
    refused(&answer, &["invalid_client", "unauthorized_client"])
}

pub(super) fn ask_twice(device: &mut Device) -> Asked {
    device.once("start.repeated", |device| {
        let url = device.endpoint("device_authorization_endpoint")?;
        let scope = device.scope().unwrap_or_else(|| "openid".to_owned());
        device.post(&url, &[("scope", &scope), ("scope", &scope)])
    })
}

pub(super) fn repeated(device: &mut Device) -> Ruling {
    let answer = ask_twice(device)?;
    refused(&answer, &["invalid_request"])
}

pub(super) fn by_get(device: &mut Device) -> Ruling {
    let id = device.target.client_id.clone();
    let answer = device.once("start.get", |device| {
        let url = device.endpoint("device_authorization_endpoint")?;
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", &id)
            .finish();
        device.get(&format!("{url}?{query}"))
    })?;
    if answer.json()["device_code"].is_string() {
        return broken("a GET is answered with codes");
    }
    Ok(format!("a GET is answered {}", answer.status))
}

pub(super) fn wrong_secret(device: &mut Device) -> Ruling {
    if device.target.client_secret.is_none() {
        return untested("the client has no secret: give --client-secret to test one that has");
    }
    let id = device.target.client_id.clone();
    let answer = device.once("start.wrong-secret", |device| {
        let url = device.endpoint("device_authorization_endpoint")?;
        let scope = device.scope().unwrap_or_else(|| "openid".to_owned());
        let wrong = "device-flow-conformance-wrong";
        match device.target.authentication {
            Authentication::Basic => device.post_as(&url, &[("scope", &scope)], Some(&basic(&id, wrong))),
            Authentication::Post => {
                let fields = [("client_id", &*id), ("client_secret", wrong), ("scope", &scope)];
                device.post_as(&url, &fields, None)
            }
        }
    })?;
    refused(&answer, &["invalid_client"])
}

/// Whether a request was refused with one of these errors.
pub(super) fn refused(answer: &Answer, errors: &[&str]) -> Ruling {
    let words = answer.in_words();
    match answer.error() {
        Some(error) if answer.status >= 400 && errors.contains(&&*error) => Ok(words),
        _ => broken(format!("answered {words}; expected {}", errors.join(" or "))),
    }
}
