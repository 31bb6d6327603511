//! Tokens: claims in the product's order, signed as a compact JWS (RFC 7515 section 7.1).

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::grant::refresh::Session;
use crate::personality::{AccessToken, Claims, CodeShape, Source, TokenRules};
use crate::random::{ALPHANUMERIC, HEX, Random, base64url};
use crate::setup::{AuthorizationServer, User};
use crate::signer::Signer;
use crate::time::Instant;

/// Everything the claims of one answer are made from.
pub(crate) struct Facts<'a> {
    pub(crate) now: Instant,
    /// So many seconds are added to every time it tells.
    pub(crate) skew: i64,
    pub(crate) session: &'a Session,
    pub(crate) user: &'a User,
    /// Who asks.
    pub(crate) caller: &'a str,
    /// The host's base URL.
    pub(crate) host: &'a str,
    /// The authorization server that was called, if it is one.
    pub(crate) server: Option<&'a AuthorizationServer>,
    pub(crate) rules: &'a TokenRules,
}

impl Facts<'_> {
    /// A moment as tokens tell it, in seconds since 1970.
    fn told(&self, moment: Instant) -> u64 {
        moment
            .ahead_by(self.skew.saturating_add(self.rules.falsehoods.seconds_off))
            .seconds()
    }
}

/// What one token answer hands out, before it is put in order.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) id_token: Option<String>,
}

/// Makes an access token and, where the scope or the product asks for one, an ID token.
pub(crate) fn issue(facts: &Facts, random: &mut Random, signer: &dyn Signer) -> Issued {
    let shared_id = random.text(ALPHANUMERIC, 40);
    let access_token = match facts.rules.access_token {
        AccessToken::Jwt(claims) => sign(facts.rules, &collect(facts, claims, &shared_id, "", random), signer),
        AccessToken::Opaque(shape) => code(shape, random),
    };
    let wants_id_token = !facts.rules.id_token_needs_openid || has_scope(&facts.session.scope, "openid");
    let id_token = wants_id_token.then(|| {
        let claims = collect(facts, facts.rules.id_token, &shared_id, &access_token, random);
        sign(facts.rules, &claims, signer)
    });
    Issued { access_token, id_token }
}

/// The userinfo answer's claims (OpenID Connect Core section 5.3.2).
pub(crate) fn userinfo(facts: &Facts, random: &mut Random) -> Value {
    collect(facts, facts.rules.userinfo, "", "", random)
}

/// An introspection's answer (RFC 7662 section 2.2): what the token says of itself, and the rest from its sign-in.
pub(crate) fn introspection(facts: &Facts, claims: Claims, token: &str) -> Value {
    let said = payload(token).unwrap_or_default();
    // The same token is told in the same words each time.
    let mut random = Random::new(0, token);
    let shared_id = random.text(ALPHANUMERIC, 40);
    let Value::Object(mut told) = collect(facts, claims, &shared_id, "", &mut random) else {
        return Value::Null;
    };
    for (name, value) in &mut told {
        if let Some(said) = said.get(name) {
            *value = said.clone();
        }
    }
    Value::Object(told)
}

/// The claims of a token that one of these keys has signed. They sign the same text in the same way each time, as RS256
/// does (RFC 8017 section 8.2.1), so that to sign is to verify.
pub(crate) fn signed_by<'a>(token: &str, mut signers: impl Iterator<Item = &'a dyn Signer>) -> Option<Value> {
    let (input, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    let is_ours = signers.any(|signer| signer.sign(input.as_bytes()) == signature);
    payload(token).filter(|_| is_ours)
}

/// Whether ID tokens call this person by that `sub`.
pub(crate) fn is_subject(rules: &TokenRules, user: &User, sub: &str) -> bool {
    let mut claims = rules.id_token.iter().copied().flatten();
    let claim = claims.find(|claim| claim.name == "sub");
    claim.is_some_and(|claim| of_person(&claim.source, user) == sub)
}

/// The claims of a token that is a JWS (RFC 7515 section 7.1); `None` for an opaque one.
pub(crate) fn payload(token: &str) -> Option<Value> {
    let bytes = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// A random code of the given shape.
pub(crate) fn code(shape: CodeShape, random: &mut Random) -> String {
    match shape {
        CodeShape::Uuid => random.uuid(),
        CodeShape::Characters(alphabet, length) => random.text(alphabet, length),
        CodeShape::Prefixed(prefix, alphabet, length) => format!("{prefix}{}", random.text(alphabet, length)),
        CodeShape::Groups(alphabet, groups) => {
            let groups: Vec<_> = groups.iter().map(|&length| random.text(alphabet, length)).collect();
            groups.join("-")
        }
    }
}

/// Whether a space-separated scope holds `name`.
pub(crate) fn has_scope(scope: &str, name: &str) -> bool {
    scope.split_ascii_whitespace().any(|each| each == name)
}

/// A scope in the names that the answer has for it.
pub(crate) fn told_scope(rules: &TokenRules, scope: &str) -> String {
    let told = |name| rules.told_scopes.iter().find(|(asked, _)| *asked == name);
    let names = scope.split(' ').map(|name| told(name).map_or(name, |(_, told)| told));
    names.collect::<Vec<_>>().join(" ")
}

/// The named members in the given order, without those that have no value.
pub(crate) fn ordered(names: &[&str], value: impl Fn(&str) -> Option<Value>) -> Value {
    let members = names.iter().filter_map(|&name| Some((name.to_owned(), value(name)?)));
    Value::Object(members.collect::<Map<_, _>>())
}

fn collect(facts: &Facts, claims: Claims, shared_id: &str, access_token: &str, random: &mut Random) -> Value {
    let mut members = Map::new();
    for claim in claims.iter().copied().flatten() {
        if claim.scope.is_none_or(|scope| has_scope(&facts.session.scope, scope)) {
            members.insert(
                claim.name.to_owned(),
                value(facts, &claim.source, shared_id, access_token, random),
            );
        }
    }
    Value::Object(members)
}

fn value(facts: &Facts, source: &Source, shared_id: &str, access_token: &str, random: &mut Random) -> Value {
    let Facts { session, user, .. } = facts;
    match source {
        Source::Issuer if facts.rules.falsehoods.issuer_slash => json!(other_slash(&session.issuer)),
        Source::Issuer => json!(session.issuer),
        Source::Audience => json!(
            facts
                .server
                .map_or_else(|| facts.host.to_owned(), AuthorizationServer::audience)
        ),
        Source::ClientId => json!(session.client_id),
        Source::Caller => json!(facts.caller),
        Source::Username
        | Source::Name
        | Source::Email
        | Source::PrefixedUserId(_)
        | Source::HashedUserId
        | Source::NumericUserId => json!(of_person(source, user)),
        Source::PrefixedHostId(prefix) => json!(short_id(prefix, "")),
        Source::HashedSessionId => json!(hex(&Sha256::digest(format!("{} {}", session.grant, user.username)))),
        Source::IssuedAt => json!(facts.told(facts.now)),
        Source::ExpiresAt => json!(facts.told(session.expires_at)),
        Source::Active => json!(session.used_at.is_none()),
        Source::ApprovedAt => json!(facts.told(session.approved_at)),
        Source::Text(text) => json!(text),
        Source::Number(number) => json!(number),
        Source::Flag(flag) => json!(flag),
        Source::Strings(strings) => json!(strings),
        Source::Groups => json!(user.groups),
        Source::Random(prefix, alphabet, length) => json!(format!("{prefix}{}", random.text(alphabet, *length))),
        Source::WithRefreshId(prefix, alphabet, length, suffix) => {
            let mut id = format!("{prefix}{}", random.text(alphabet, *length));
            if has_scope(&session.scope, "offline_access") {
                id += suffix;
                id += &random.text(ALPHANUMERIC, 17);
            }
            json!(id)
        }
        Source::SharedId => json!(shared_id),
        // OpenID Connect Core section 3.1.3.6: the left half of the hash that belongs to the algorithm.
        Source::AccessTokenHash => json!(base64url(&Sha256::digest(access_token)[..16])),
        Source::ScopeText => json!(session.scope),
        Source::ScopeList => json!(session.scope.split_ascii_whitespace().collect::<Vec<_>>()),
    }
}

/// What a source says of a person; nothing, where it speaks of something else.
fn of_person(source: &Source, user: &User) -> String {
    match source {
        Source::Username => user.username.clone(),
        Source::Name => user.name.clone(),
        Source::Email => user.email.clone(),
        Source::PrefixedUserId(prefix) => short_id(prefix, &user.username),
        Source::HashedUserId => hex(&Sha256::digest(&user.username)),
        Source::NumericUserId => numeric_id(&user.username),
        _ => String::new(),
    }
}

/// The same URL with a slash at its end, or without if it has one.
fn other_slash(url: &str) -> String {
    url.strip_suffix('/').map_or_else(|| format!("{url}/"), str::to_owned)
}

/// 20 characters, always the same for the same prefix and seed (O-124).
fn short_id(prefix: &str, seed: &str) -> String {
    let digest = Sha256::digest(format!("{prefix}{seed}"));
    let alphabet = ALPHANUMERIC.as_bytes();
    let rest = digest
        .iter()
        .map(|&byte| char::from(alphabet[usize::from(byte) % alphabet.len()]));
    prefix.chars().chain(rest).take(20).collect()
}

/// 21 digits without a zero in front, always the same for the same seed.
fn numeric_id(seed: &str) -> String {
    let digits = Sha256::digest(seed)
        .iter()
        .map(|byte| char::from(b'0' + byte % 10))
        .collect::<String>();
    format!("1{}", &digits[..20])
}

fn hex(bytes: &[u8]) -> String {
    let digit = |value: u8| char::from(HEX.as_bytes()[usize::from(value)]);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .collect()
}

fn sign(rules: &TokenRules, claims: &Value, signer: &dyn Signer) -> String {
    let header = ordered(rules.jws_header, |name| match name {
        "alg" if rules.falsehoods.no_keys => Some(json!("HS256")),
        "alg" => Some(json!(signer.alg())),
        "kid" if rules.falsehoods.no_keys => None,
        "kid" if rules.falsehoods.unknown_kid => Some(json!("nobody-knows-this-key")),
        "kid" => Some(json!(signer.kid())),
        "typ" => Some(json!("JWT")),
        _ => None,
    });
    let mut token = format!(
        "{}.{}",
        base64url(header.to_string().as_bytes()),
        base64url(claims.to_string().as_bytes())
    );
    let signature = signer.sign(token.as_bytes());
    token.push('.');
    token.push_str(&base64url(&signature));
    token
}
