//! The language of misfortunes: which exchanges, and what happens to them.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, IntoDeserializer, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::change::is_false;
use super::{CannedAnswer, Change, FactChanges, Matter};
use crate::delivery::Ending;
use crate::grant::device::GrantState;
use crate::idp::About;
use crate::personality::Endpoint;
use crate::refusal::Refusal;
use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};
use crate::whole;

/// A misfortune as somebody writes it: steps, and whom they concern.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// For this client alone. Requests that name no client (preflights, metadata, keys) are then left alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// At this issuer alone, by name such as `okta-org`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Acts on so many requests, then switches itself off; without a number it stays on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 1))]
    pub count: Option<u64>,
    /// What happens. Several steps may act on one request, in this order.
    pub steps: Vec<Step>,
}

/// One thing that happens, and to which requests. A step without conditions acts on every request.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Only at this endpoint, such as `token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endpoint: Option<Endpoint>,
    /// Only token requests of this grant type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grant_type: Option<GrantType>,
    /// Only requests of this method; without one every method but `OPTIONS`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Only what submits a code that somebody typed on the person's page.
    #[serde(default, skip_serializing_if = "is_false")]
    pub typed_code: bool,
    /// Only while the grant of the `device_code` is in this state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<GrantState>,
    /// Only requests with this `Origin`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// Only requests whose `Accept` names this media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accept: Option<String>,
    /// Not requests whose `Accept` names this media type.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unless_accept: Option<String>,
    /// Only these of the requests that meet the conditions above, counted from 1: `2`, or `{"from": 2, "to": 4}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Requests>,
    /// Only if the server's own answer is this: an error code, `error` for any, or `success`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<String>,

    /// The server behaves in another way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub facts: Option<FactChanges>,
    /// The server refuses, in the product's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refuse: Option<Forced>,
    /// Something else answers. Without `when` the server itself never sees the request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<CannedAnswer>,
    /// The answer is altered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The answer waits so many seconds of the mock's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 86_400))]
    pub delay: Option<f64>,
    /// How far the answer gets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// The answer's body leaves in pieces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trickle: Option<Trickle>,
    /// What becomes of the grant once the request is answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub then: Option<Then>,
}

/// Grant types by the names of their tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GrantType {
    /// A poll (RFC 8628 section 3.4).
    DeviceCode,
    /// A refresh (RFC 6749 section 6).
    RefreshToken,
}

/// Numbers of requests, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(untagged)]
pub enum Requests {
    /// This one.
    One(u64),
    /// From here on, up to and including `to` if there is one.
    Range {
        /// The first.
        from: u64,
        /// The last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<u64>,
    },
}

/// By hand, because serde says of neither form what was wrong with it.
impl<'de> Deserialize<'de> for Requests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EitherForm)
    }
}

struct EitherForm;

impl<'de> Visitor<'de> for EitherForm {
    type Value = Requests;

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str(r#"a number counted from 1, or {"from":2,"to":4}"#)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Requests, E> {
        whole::count(number.into_deserializer()).map(Requests::One)
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Requests, E> {
        whole::count(number.into_deserializer()).map(Requests::One)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Requests, E> {
        whole::count(number.into_deserializer()).map(Requests::One)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Requests, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Range {
            #[serde(deserialize_with = "whole::count")]
            from: u64,
            #[serde(default, deserialize_with = "whole::some_count")]
            to: Option<u64>,
        }

        let Range { from, to } = Range::deserialize(MapAccessDeserializer::new(map))?;
        Ok(Requests::Range { from, to })
    }
}

/// A refusal that the server is made to give, in the words of its product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Forced {
    /// The person has not decided yet.
    AuthorizationPending,
    /// Too fast; the grant's interval grows by five seconds, as always.
    SlowDown,
    /// The person said no.
    AccessDenied,
    /// The device code outlived its life.
    ExpiredToken,
    /// The code or token is unknown.
    InvalidGrant,
    /// The access policy has no rule for it.
    DeniedByPolicy,
    /// The client may not use the grant.
    GrantNotAllowed,
    /// Nobody registered the client.
    UnknownClient,
    /// Too many codes in too short a time.
    TooManyStarts,
    /// Too many requests at the same time.
    TooManyAtOnce,
    /// Nothing lives here.
    NotFound,
}

/// A body that leaves in pieces.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Trickle {
    /// So many bytes at a time.
    pub bytes: usize,
    /// Seconds of the mock's clock between one piece and the next.
    #[cfg_attr(feature = "server", schema(minimum = 0, maximum = 86_400))]
    pub every: f64,
}

/// What becomes of a grant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// The first user approves it.
    Approve,
    /// Somebody denies it.
    Deny,
    /// Its life ends.
    Expire,
}

impl Script {
    /// Reads one that was written as JSON, as `serve --script` does.
    pub fn from_json(text: &str) -> Result<Self, String> {
        serde_json::from_str(text).map_err(|problem| whole::in_words(&problem.to_string()))
    }

    /// What is wrong with it, in words.
    pub(super) fn check(&self) -> Result<(), String> {
        if self.steps.is_empty() {
            return Err(
                "`steps` is empty: say what should happen, such as {\"endpoint\":\"token\",\"ending\":\"reset\"}"
                    .to_owned(),
            );
        }
        if self.count == Some(0) {
            return Err("`count` is 0: leave it out to act on every request".to_owned());
        }
        for (index, step) in self.steps.iter().enumerate() {
            step.check()
                .map_err(|problem| format!("step {}: {problem}", index + 1))?;
            if self.client.is_some() && step.names_no_client() {
                return Err(format!(
                    "step {}: preflights, metadata and keys name no client: leave `client` out",
                    index + 1
                ));
            }
        }
        Ok(())
    }

    pub(super) fn concerns(&self, about: &About) -> bool {
        let issuer = self.issuer.as_deref().is_none_or(|name| name == about.issuer);
        issuer && (self.client.is_none() || self.client == about.client_id)
    }
}

impl Step {
    fn check(&self) -> Result<(), String> {
        let acts = [
            self.facts.is_some(),
            self.refuse.is_some(),
            self.answer.is_some(),
            self.change.is_some(),
            self.delay.is_some(),
            self.ending.is_some(),
            self.trickle.is_some(),
            self.then.is_some(),
        ];
        if !acts.contains(&true) {
            let effects = "facts, refuse, answer, change, delay, ending, trickle, then";
            return Err(format!("it does nothing; add one of {effects}"));
        }
        if self.refuse.is_some() && self.answer.is_some() {
            return Err("`refuse` and `answer` exclude each other".to_owned());
        }
        if self.when.is_some() && (self.facts.is_some() || self.refuse.is_some()) {
            return Err(
                "`facts` and `refuse` act before there is an answer, so they cannot wait for `when`".to_owned(),
            );
        }
        if let Some(word @ ("pending" | "approved" | "denied" | "expired" | "redeemed")) = self.when.as_deref() {
            return Err(format!(
                "`when` is what the server answers, such as `authorization_pending`; where a grant stands is `state`: {word:?}"
            ));
        }
        let token_alone = self.grant_type.is_some() || self.state.is_some();
        if token_alone && self.endpoint.is_some_and(|endpoint| endpoint != Endpoint::Token) {
            return Err(
                "`grant_type` and `state` are of token requests: no other `endpoint` ever meets them".to_owned(),
            );
        }
        if self.typed_code && self.endpoint.is_some_and(|endpoint| endpoint != Endpoint::Verification) {
            return Err("codes are typed at the `endpoint` `verification` alone".to_owned());
        }
        let knows_the_grant = |endpoint| matches!(endpoint, Endpoint::Token | Endpoint::DeviceAuthorization);
        let no_grant = self.endpoint.is_some_and(|endpoint| !knows_the_grant(endpoint)) || self.typed_code;
        if self.then.is_some() && (no_grant || self.grant_type == Some(GrantType::RefreshToken)) {
            let text = "`then` is for the grant of a request with or for a device code: its `endpoint` is `token` (polls) \
                        or `device_authorization`";
            return Err(text.to_owned());
        }
        if let Some(Requests::One(0) | Requests::Range { from: 0, .. }) = self.request {
            return Err("`request` counts from 1".to_owned());
        }
        if let Some(Requests::Range { from, to: Some(to) }) = self.request
            && to < from
        {
            return Err(format!("`request` ends ({to}) before it begins ({from})"));
        }
        let spans = [
            ("delay", self.delay),
            ("trickle.every", self.trickle.map(|trickle| trickle.every)),
        ];
        for (name, span) in spans {
            if span.is_some_and(|span| !(0.0..=86_400.0).contains(&span)) {
                return Err(format!("`{name}` must be a number of seconds from 0 to 86400"));
            }
        }
        if self.trickle.is_some_and(|trickle| trickle.bytes == 0) {
            return Err("`trickle.bytes` is 0: nothing would ever arrive; use {\"ending\":\"stall\"}".to_owned());
        }
        self.answer.as_ref().map_or(Ok(()), CannedAnswer::check)?;
        self.change.as_ref().map_or(Ok(()), Change::check)
    }

    /// Whether it only ever meets requests that do not say whose they are.
    pub(super) fn names_no_client(&self) -> bool {
        let endpoint = matches!(
            self.endpoint,
            Some(Endpoint::Jwks | Endpoint::Metadata | Endpoint::Issuer)
        );
        endpoint || self.method.as_deref() == Some("OPTIONS")
    }

    pub(super) fn fits(&self, matter: &Matter) -> bool {
        let Matter { about, request, .. } = matter;
        let method = match &self.method {
            Some(method) => *method == request.method,
            None => request.method != "OPTIONS",
        };
        let endpoint = self
            .endpoint
            .is_none_or(|endpoint| about.endpoint == Some(endpoint.word()));
        let grant_type = self
            .grant_type
            .is_none_or(|each| matter.grant_type == Some(each.value()));
        let state = self.state.is_none_or(|state| matter.state == Some(state));
        let origin = self
            .origin
            .as_deref()
            .is_none_or(|origin| request.header("origin") == Some(origin));
        let accepts = |media_type: &String| {
            request
                .header("accept")
                .is_some_and(|accept| accept.contains(media_type))
        };
        let accept = self.accept.as_ref().is_none_or(accepts) && !self.unless_accept.as_ref().is_some_and(accepts);
        let typed = !self.typed_code || matter.is_typed_code;
        typed && method && endpoint && grant_type && state && origin && accept
    }

    pub(super) fn waits_for(&self, outcome: Option<&str>) -> bool {
        match self.when.as_deref() {
            None => false,
            Some("success") => outcome.is_none(),
            Some("error") => outcome.is_some(),
            Some(code) => outcome == Some(code),
        }
    }
}

impl GrantType {
    const fn value(self) -> &'static str {
        match self {
            Self::DeviceCode => DEVICE_CODE,
            Self::RefreshToken => REFRESH_TOKEN,
        }
    }
}

impl Requests {
    pub(super) fn contains(self, number: u64) -> bool {
        match self {
            Self::One(one) => number == one,
            Self::Range { from, to } => number >= from && to.is_none_or(|to| number <= to),
        }
    }
}

impl Forced {
    /// The refusal it stands for at this endpoint, for a client with these grant types.
    pub(crate) fn refusal(self, endpoint: Option<Endpoint>, grant_types: Vec<String>) -> Refusal {
        match self {
            Self::AuthorizationPending => Refusal::AuthorizationPending,
            Self::SlowDown => Refusal::SlowDown,
            Self::AccessDenied => Refusal::AccessDenied,
            Self::ExpiredToken => Refusal::ExpiredToken,
            Self::InvalidGrant => Refusal::UnknownDeviceCode,
            Self::DeniedByPolicy => Refusal::DeniedByPolicy,
            Self::GrantNotAllowed if endpoint == Some(Endpoint::DeviceAuthorization) => {
                Refusal::StartNotAllowed(grant_types)
            }
            Self::GrantNotAllowed => Refusal::GrantNotAllowed(grant_types),
            Self::UnknownClient => Refusal::UnknownClient,
            Self::TooManyStarts => Refusal::TooManyStarts,
            Self::TooManyAtOnce => Refusal::TooManyAtOnce,
            Self::NotFound => Refusal::UnknownPath,
        }
    }
}
