//! What a server may answer: bytes of any kind, or the members that are read, with values that lead further than chance
//! would.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{Answer, HttpResponse};
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use serde_json::{Map, Value};

pub(crate) const ISSUER: &str = "https://id.example";
pub(crate) const CLIENT_ID: &str = "tv";

const METADATA: &str = r#"{"issuer":"https://id.example","device_authorization_endpoint":"https://id.example/d","token_endpoint":"https://id.example/t","jwks_uri":"https://id.example/k","revocation_endpoint":"https://id.example/r","end_session_endpoint":"https://id.example/e"}"#;
const CODE: &str = r#"{"device_code":"d3v1c3-s3cr3t","user_code":"WDJB-MJHT","verification_uri":"https://id.example/device","expires_in":600,"interval":5}"#;
/// `{"alg":"RS256"}` and `{"iss":"https://id.example","aud":"tv","sub":"1","iat":1000,"exp":4600}`, and no signature.
const TOKENS: &str = r#"{"access_token":"t0k3n-s3cr3t","token_type":"Bearer","expires_in":3600,"refresh_token":"r3fr3sh-s3cr3t","id_token":"eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lkLmV4YW1wbGUiLCJhdWQiOiJ0diIsInN1YiI6IjEiLCJpYXQiOjEwMDAsImV4cCI6NDYwMH0.AAAA"}"#;
const KEYS: &str = r#"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#;
/// The exchanges of a sign-in, in their order.
pub(crate) const SOUND: [&str; 4] = [METADATA, CODE, TOKENS, KEYS];

const HEADER: &str = r#"{"alg":"RS256"}"#;
const CLAIMS: &str = r#"{"iss":"https://id.example","aud":"tv","sub":"1","iat":1000,"exp":4600}"#;

/// Headers that are read.
const NAMES: [&str; 6] = [
    "content-type",
    "date",
    "location",
    "retry-after",
    "x-rate-limit-limit",
    "x-rate-limit-reset",
];

/// Members that are read, of all exchanges and of the ID token.
const MEMBERS: [&str; 43] = [
    "access_token",
    "alg",
    "at_hash",
    "aud",
    "azp",
    "crit",
    "crv",
    "device_authorization_endpoint",
    "device_code",
    "e",
    "email",
    "end_session_endpoint",
    "error",
    "error_description",
    "errorCode",
    "errorSummary",
    "exp",
    "expires_in",
    "grant_types_supported",
    "iat",
    "id_token",
    "interval",
    "iss",
    "issuer",
    "jwks_uri",
    "keys",
    "kid",
    "kty",
    "n",
    "name",
    "nbf",
    "preferred_username",
    "refresh_token",
    "revocation_endpoint",
    "scope",
    "sub",
    "token_endpoint",
    "token_type",
    "use",
    "user_code",
    "verification_uri",
    "verification_uri_complete",
    "version",
];

/// Values that lead further than chance would.
const WORDS: [&str; 23] = [
    "",
    "1",
    "5",
    "https://id.example",
    "https://id.example/",
    "https://id.example/d",
    "http://id.example/d",
    "javascript:alert(1)",
    "WDJB-MJHT",
    "tv",
    "RSA",
    "RS256",
    "ES256",
    "none",
    "sig",
    "Bearer",
    // `at_hash` of the digest that is answered.
    "AAAAAAAAAAAAAAAAAAAAAA",
    "authorization_pending",
    "slow_down",
    "access_denied",
    "invalid_grant",
    "invalid_token",
    "urn:ietf:params:oauth:grant-type:device_code",
];

#[derive(Arbitrary, Debug)]
pub(crate) struct Sent<'a> {
    status: Status,
    headers: [(u8, &'a str); 2],
    body: Body<'a>,
    /// Milliseconds.
    pub(crate) wait: u32,
}

#[derive(Arbitrary, Debug)]
enum Status {
    Any(u16),
    Ok,
    Refused,
    Unavailable,
}

#[derive(Arbitrary, Debug)]
pub(crate) enum Body<'a> {
    /// An object of members that are read, over the sound one of an exchange.
    Members(u8, Vec<(u8, Member<'a>)>),
    Raw(&'a [u8]),
}

#[derive(Arbitrary, Debug)]
pub(crate) enum Member<'a> {
    Absent,
    /// An ID token: members of its header and of its claims, over sound ones.
    IdToken(Vec<(u8, Claim<'a>)>, Vec<(u8, Claim<'a>)>),
    Keys(Vec<(u8, &'a str)>),
    Plain(Claim<'a>),
}

#[derive(Arbitrary, Debug)]
pub(crate) enum Claim<'a> {
    Null,
    Number(f64),
    Text(&'a str),
    Texts(Vec<&'a str>),
    Whole(i64),
    /// Near the time that a set's clock shows.
    Time(i16),
    Word(u8),
    Words(Vec<u8>),
}

fn name(number: u8) -> String {
    MEMBERS[usize::from(number) % MEMBERS.len()].to_owned()
}

impl Claim<'_> {
    fn value(&self) -> Value {
        let word = |word: &u8| WORDS[usize::from(*word) % WORDS.len()];
        match self {
            Self::Null => Value::Null,
            Self::Number(number) => Value::from(*number),
            Self::Text(text) => Value::from(*text),
            Self::Texts(texts) => Value::from(texts.clone()),
            Self::Whole(number) => Value::from(*number),
            Self::Time(off) => Value::from(1000 + i64::from(*off)),
            Self::Word(number) => Value::from(word(number)),
            Self::Words(numbers) => numbers.iter().map(word).collect(),
        }
    }

    /// One part of a compact JWS.
    fn part(sound: &str, members: &[(u8, Self)]) -> String {
        let mut part: Map<String, Value> = serde_json::from_str(sound).expect("sound");
        part.extend(members.iter().map(|(number, claim)| (name(*number), claim.value())));
        URL_SAFE_NO_PAD.encode(Value::Object(part).to_string())
    }
}

impl Body<'_> {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let (sound, members) = match self {
            Self::Raw(bytes) => return bytes.to_vec(),
            Self::Members(sound, members) => (sound, members),
        };
        let sound = SOUND.get(usize::from(*sound) % 5).unwrap_or(&"{}");
        let mut object: Map<String, Value> = serde_json::from_str(sound).expect("sound");
        for (number, member) in members {
            let value = match member {
                Member::Absent => {
                    object.remove(&name(*number));
                    continue;
                }
                Member::IdToken(header, claims) => {
                    let (header, claims) = (Claim::part(HEADER, header), Claim::part(CLAIMS, claims));
                    object.insert("id_token".into(), format!("{header}.{claims}.AAAA").into());
                    continue;
                }
                Member::Keys(members) => {
                    let key = members.iter().map(|(number, text)| (name(*number), Value::from(*text)));
                    Value::from(vec![key.collect::<Value>()])
                }
                Member::Plain(claim) => claim.value(),
            };
            object.insert(name(*number), value);
        }
        Value::Object(object).to_string().into_bytes()
    }
}

impl Sent<'_> {
    pub(crate) fn response(&self) -> HttpResponse {
        let status = match self.status {
            Status::Any(status) => status,
            Status::Ok => 200,
            Status::Refused => 400,
            Status::Unavailable => 503,
        };
        let header = |(name, value): (u8, &str)| (NAMES[usize::from(name) % NAMES.len()].to_owned(), value.to_owned());
        HttpResponse {
            status,
            headers: self.headers.map(header).to_vec(),
            body: self.body.bytes(),
        }
    }
}

/// A good answer.
pub(crate) fn sound(body: &str) -> Answer {
    Answer::Http(Ok(HttpResponse {
        status: 200,
        headers: vec![("content-type".to_owned(), "application/json".to_owned())],
        body: body.into(),
    }))
}
