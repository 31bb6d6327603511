//! Metadata (RFC 8414 section 3, OpenID Connect Discovery section 4) and keys (RFC 7517 section 5).

use serde_json::{Map, Value, json};

use super::{Call, Idp};
use crate::form::Form;
use crate::personality::{Endpoint, Metadata};
use crate::refusal::{Refusal, Reply};
use crate::signer::Signer;
use crate::tokens::ordered;

impl Idp {
    pub(super) fn metadata(&self, call: &Call) -> Result<Reply, Refusal> {
        let query = Form::parse(call.request.query().as_bytes());
        let is_unknown = query
            .value("client_id")
            .is_some_and(|id| self.setup.client(id).is_none());
        if is_unknown && call.personality.intake.metadata_checks_client {
            return Err(Refusal::UnknownClientInQuery);
        }
        let paths = &call.personality.paths;
        let url = |template: &str| json!(format!("{}{}", call.base, call.issuer.fill(template)));
        let members = call
            .personality
            .metadata
            .iter()
            .copied()
            .flatten()
            .map(|(name, member)| {
                let value = match member {
                    Metadata::Issuer => json!(call.issuer.url(&call.base)),
                    Metadata::Endpoint(endpoint) => url(call.personality.template(*endpoint)),
                    Metadata::Elsewhere(template) => url(template),
                    Metadata::BesideToken(segment) => {
                        let (folder, _) = paths.token.rsplit_once('/').unwrap_or_default();
                        url(&format!("{folder}/{segment}"))
                    }
                    Metadata::Strings(strings) => json!(strings),
                    Metadata::Flag(flag) => json!(flag),
                    Metadata::Scopes => json!(call.personality.intake.scopes),
                    Metadata::SigningAlgorithm => json!([self.setup.signer.alg()]),
                };
                ((*name).to_owned(), value)
            });
        Ok(Reply::json(200, Value::Object(members.collect::<Map<_, _>>())))
    }

    /// From an issuer's own URL to its metadata.
    pub(super) fn issuer(call: &Call) -> Reply {
        let metadata = call.issuer.fill(call.personality.template(Endpoint::Metadata));
        Reply::empty(302).with("Location", metadata)
    }

    pub(super) fn jwks(&self, call: &Call) -> Reply {
        if call.personality.tokens.falsehoods.no_keys {
            return Reply::json(200, json!({}));
        }
        let keys: Vec<_> = self.signers().map(|signer| jwk(call, &**signer)).collect();
        Reply::json(200, json!({ "keys": keys }))
    }
}

/// One public key, its members in the product's order (RFC 7517 section 4); those of a kind of key that it does not know come last.
fn jwk(call: &Call, signer: &dyn Signer) -> Value {
    let known = call.personality.tokens.jwk;
    let unknown = signer.jwk().iter().map(|(member, _)| *member);
    let unknown = unknown.filter(|member| !known.contains(member));
    let names: Vec<_> = known.iter().copied().chain(unknown).collect();
    ordered(&names, |name| match name {
        "alg" => Some(json!(signer.alg())),
        "kid" => Some(json!(signer.kid())),
        "use" => Some(json!("sig")),
        _ => signer
            .jwk()
            .iter()
            .find(|(member, _)| *member == name)
            .map(|(_, value)| json!(value)),
    })
}
