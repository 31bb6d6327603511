//! Judges of the metadata (RFC 8414, OpenID Connect Discovery, RFC 8628 section 4).

use serde_json::Value;

use super::device::{Answer, DEVICE_CODE, Device};
use crate::check::{Otherwise, Ruling, broken, doubtful, untested};

const ENDPOINTS: [&str; 5] = [
    "device_authorization_endpoint",
    "token_endpoint",
    "revocation_endpoint",
    "introspection_endpoint",
    "userinfo_endpoint",
];

pub(super) fn found(device: &mut Device) -> Ruling {
    match device.metadata_answer() {
        Ok(_) => Ok("the metadata is there".to_owned()),
        Err(Otherwise::Untested(_)) if device.target.token_endpoint.is_some() => {
            untested("the endpoints were given by hand")
        }
        Err(Otherwise::Untested(words)) => broken(words),
        Err(other) => Err(other),
    }
}

pub(super) fn is_json(device: &mut Device) -> Ruling {
    let answer = device.metadata_answer()?;
    json_object(&answer)?;
    Ok("200 with a JSON object of type application/json".to_owned())
}

/// Whether a 200 is a JSON object and says so.
pub(super) fn json_object(answer: &Answer) -> Result<Value, Otherwise> {
    if answer.status != 200 {
        return broken(format!("the status is {}", answer.status));
    }
    if answer.media_type() != "application/json" {
        return broken(format!(
            "the Content-Type is {:?}",
            answer.header("content-type").unwrap_or_default()
        ));
    }
    let body = answer.json();
    if body.is_object() {
        Ok(body)
    } else {
        broken("the body is no JSON object")
    }
}

pub(super) fn issuer(device: &mut Device) -> Ruling {
    let told = device.metadata_answer()?.json()["issuer"].clone();
    let asked = &device.target.issuer;
    if told.as_str() == Some(asked) {
        return Ok(format!("the document says {asked}"));
    }
    broken(format!("asked as {asked}, the document says {told}"))
}

pub(super) fn required_members(device: &mut Device) -> Ruling {
    let metadata = device.metadata_answer()?.json();
    let missing = ["issuer", "token_endpoint"]
        .into_iter()
        .filter(|name| !metadata[*name].is_string());
    let list = (!metadata["response_types_supported"].is_array()).then_some("response_types_supported");
    let missing: Vec<_> = missing.chain(list).collect();
    if missing.is_empty() {
        return Ok("issuer, token_endpoint and response_types_supported are there".to_owned());
    }
    broken(format!("missing, or of another type: {}", missing.join(", ")))
}

pub(super) fn inserted_place(device: &mut Device) -> Ruling {
    let answer = device.oauth_metadata()?;
    if answer.status == 200 {
        return Ok("the document of RFC 8414 is where its section 3.1 says".to_owned());
    }
    let issuer = device.target.issuer.trim_end_matches('/').to_owned();
    let appended = device.once("metadata.appended", |device| {
        device.get(&format!("{issuer}/.well-known/oauth-authorization-server"))
    })?;
    if appended.status == 200 {
        return broken(format!(
            "/.well-known/oauth-authorization-server is appended to the issuer; between host and path there is {}",
            answer.status
        ));
    }
    untested("there is no document of RFC 8414; OpenID Connect's stands alone, which is allowed")
}

pub(super) fn device_endpoint(device: &mut Device) -> Ruling {
    let url = device.metadata_answer()?.json()["device_authorization_endpoint"].clone();
    match url.as_str() {
        Some(url) if is_absolute(url) => Ok(url.to_owned()),
        Some(url) => broken(format!(
            "device_authorization_endpoint is {url:?}, which is no absolute URL"
        )),
        None => broken("device_authorization_endpoint is missing"),
    }
}

pub(super) fn grant_type(device: &mut Device) -> Ruling {
    let metadata = device.metadata_answer()?.json();
    match metadata["grant_types_supported"].as_array() {
        Some(list) if list.iter().any(|each| each == DEVICE_CODE) => Ok("the device grant is listed".to_owned()),
        Some(list) => broken(format!(
            "grant_types_supported has {} entries, and not the device grant",
            list.len()
        )),
        None => broken("grant_types_supported is missing, which stands for authorization_code and implicit alone"),
    }
}

pub(super) fn tls(device: &mut Device) -> Ruling {
    let issuer = device.target.issuer.clone();
    if is_loopback(&issuer) {
        return untested("the server is on loopback, where nobody needs TLS");
    }
    let mut urls = vec![issuer];
    for name in ENDPOINTS {
        urls.extend(device.endpoint(name).ok());
    }
    let mut plain = urls
        .iter()
        .filter(|url| !url.to_ascii_lowercase().starts_with("https://"));
    match plain.next() {
        Some(url) => broken(format!("{url} goes without TLS")),
        None => Ok(format!("{} URLs, all https", urls.len())),
    }
}

pub(super) fn is_loopback(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    ["127.", "localhost", "[::1]"]
        .iter()
        .any(|start| host.starts_with(start))
}

pub(super) fn is_absolute(url: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else {
        return false;
    };
    ["http", "https"].iter().any(|each| scheme.eq_ignore_ascii_case(each))
        && !rest.is_empty()
        && !rest.starts_with('/')
        && url.chars().all(|each| !each.is_whitespace())
}

pub(super) fn same_documents(device: &mut Device) -> Ruling {
    let openid = device.openid_metadata()?;
    let oauth = device.oauth_metadata()?;
    if openid.status != 200 || oauth.status != 200 {
        return untested("there is one document only");
    }
    let (openid, oauth) = (openid.json(), oauth.json());
    let differs = |name: &&str| openid[*name] != oauth[*name];
    let different: Vec<_> = ["issuer"].into_iter().chain(ENDPOINTS).filter(differs).collect();
    if different.is_empty() {
        return Ok("both documents name the same issuer and endpoints".to_owned());
    }
    doubtful(format!("the two documents differ in {}", different.join(", ")))
}
