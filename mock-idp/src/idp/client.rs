//! Which client asks, and whether it can prove it (RFC 6749 section 2.3).

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::{Call, Idp};
use crate::form::Form;
use crate::refusal::Refusal;
use crate::setup::Client;

/// What a request says about its client.
struct Shown {
    id: Option<String>,
    secret: Option<String>,
    /// How many kinds of credentials there are.
    kinds: usize,
    has_assertion: bool,
}

impl Shown {
    fn by(call: &Call, form: &Form) -> Self {
        let rules = &call.personality.credentials;
        let reads_basic = call
            .endpoint
            .is_some_and(|endpoint| rules.reads_basic.contains(&endpoint));
        let basic = call.basic_credentials().filter(|_| reads_basic);
        let in_form = |name: &str| form.value(name).map(str::to_owned);
        let has_assertion = form.value("client_assertion").is_some();
        let kinds = [basic.is_some(), form.value("client_secret").is_some(), has_assertion];
        let (id, secret) = match basic.map(|credentials| decode(credentials, rules.plus_is_blank)) {
            None => (in_form("client_id"), in_form("client_secret")),
            Some(None) => (None, None),
            Some(Some((id, secret))) => (Some(id), secret),
        };
        Self {
            id,
            secret,
            kinds: kinds.into_iter().filter(|&each| each).count(),
            has_assertion,
        }
    }

    /// Whether this is what the client was registered with.
    fn proves(&self, client: &Client, refuses_unregistered: bool) -> Result<(), Refusal> {
        let is_registered = client.secret.is_some() || self.secret.is_none();
        if refuses_unregistered && (self.has_assertion || !is_registered) {
            return Err(Refusal::WrongAuthenticationMethod);
        }
        match (&client.secret, &self.secret) {
            (Some(_), None) => Err(Refusal::WrongAuthenticationMethod),
            (Some(secret), Some(shown)) if secret != shown => Err(Refusal::WrongSecret),
            _ => Ok(()),
        }
    }
}

impl Idp {
    /// The client that the request names, by form or by header, and proves to be where the product asks for that.
    pub(super) fn client(&self, call: &Call, form: &Form) -> Result<&Client, Refusal> {
        let facts = call.personality;
        let query = Form::parse(call.request.query().as_bytes());
        if facts.intake.refuses_credentials_in_query && (query.has("client_id") || query.has("client_secret")) {
            return Err(Refusal::CredentialsInQuery);
        }
        let shown = Shown::by(call, form);
        if facts.credentials.refuses_several && shown.kinds > 1 {
            return Err(Refusal::SeveralCredentials);
        }
        let id = shown.id.as_deref().ok_or(match call.basic_credentials() {
            Some(_) => Refusal::InvalidCredentials,
            None => Refusal::MissingClient,
        })?;
        let client = self.setup.client(id).ok_or(Refusal::UnknownClient)?;
        if call
            .endpoint
            .is_some_and(|endpoint| facts.credentials.secret_at.contains(&endpoint))
        {
            shown.proves(client, facts.credentials.refuses_unregistered)?;
        }
        Ok(client)
    }
}

/// Whether the client may have codes and tokens here: from this server (O-56), at its caller's address (O-43).
pub(super) fn may_ask(call: &Call, client: &Client) -> Result<(), Refusal> {
    if client.org_server_only && call.issuer.is_authorization_server() {
        return Err(Refusal::OrgServerOnly);
    }
    let zone = client
        .network_zone
        .as_ref()
        .filter(|_| call.personality.intake.network_zones);
    match zone {
        Some(zone) if !zone.contains(&caller(call)) => Err(Refusal::OutsideNetworkZone),
        _ => Ok(()),
    }
}

/// The address of whoever asks, through proxies or not.
fn caller(call: &Call) -> IpAddr {
    let chain = call.request.header("x-forwarded-for").unwrap_or_default();
    let first = chain.split(',').next().unwrap_or_default().trim();
    first.parse().unwrap_or(call.request.peer)
}

/// Asks for the client's secret where the product waits with that until it knows the grant.
pub(super) fn ask_late(call: &Call, form: &Form, client: &Client, grant_type: &str) -> Result<(), Refusal> {
    let rules = &call.personality.credentials;
    if !rules.secret_for.contains(&grant_type) {
        return Ok(());
    }
    Shown::by(call, form).proves(client, rules.refuses_unregistered)
}

/// The halves of HTTP Basic credentials (RFC 7617 section 2), percent-decoded; an empty secret counts as none.
fn decode(credentials: &str, plus_is_blank: bool) -> Option<(String, Option<String>)> {
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    let unescape = |half: &str| {
        let half = if plus_is_blank {
            half.to_owned()
        } else {
            half.replace('+', "%2B")
        };
        // As the name of a form field without a value: `=` and `&` would end it.
        let half = half.replace('=', "%3D").replace('&', "%26");
        let name = form_urlencoded::parse(half.as_bytes()).next();
        name.map(|(name, _)| name.into_owned()).filter(|name| !name.is_empty())
    };
    Some((unescape(id)?, unescape(secret)))
}

/// The client id alone, for whoever only wants to know who asks.
pub(super) fn basic_id(credentials: &str) -> Option<String> {
    Some(decode(credentials, false)?.0)
}
