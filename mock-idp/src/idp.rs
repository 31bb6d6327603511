//! One authorization server host as one function: find the endpoint, apply the pure decision, encode the verdict.

use std::borrow::Cow;
use std::fmt;

use crate::cors;
use crate::http::{Request, Response};
use crate::personality::{At, Endpoint, Issuers, Personality, Product};
use crate::random::{HEX, Random};
use crate::refusal::{Refusal, Reply};
use crate::setup::Setup;
use crate::store::Store;
use crate::throttle::Throttles;
use crate::time::Instant;
use crate::verification::Visitors;

mod about;
mod admission;
mod call;
mod client;
mod control;
mod device_authorization;
mod discovery;
mod encode;
mod faulty;
mod introspection;
mod issuers;
mod keys;
mod limits;
mod registry;
mod revocation;
mod token;
mod userinfo;

pub use about::{About, Exchange};
pub(crate) use call::Call;
pub use control::{ControlError, GrantView};

use call::{base_url, fields};
use encode::{Stamp, dress, encode};
pub(crate) use issuers::Issuer;

/// The largest body that is read, in bytes. No request of any endpoint comes near it.
pub(crate) const BODY_LIMIT: usize = 64 * 1024;

/// One authorization server host, with its own grants, clients, users and throttles.
///
/// It performs no I/O and reads no clock: the same seed and the same calls give the same answers.
pub struct Idp {
    pub(crate) product: Product,
    pub(crate) setup: Setup,
    /// What [`reset`](Self::reset) comes back to.
    begun_with: Setup,
    /// What holds for all its issuers alike, such as the person's page.
    pub(crate) host: &'static Personality,
    /// The kinds of its issuers.
    pub(crate) kinds: Issuers,
    pub(crate) random: Streams,
    pub(crate) store: Store,
    pub(crate) throttles: Throttles,
    pub(crate) visitors: Visitors,
}

/// Randomness by purpose: a look at a page or one more poll does not change the codes that follow.
pub(crate) struct Streams {
    pub(crate) codes: Random,
    pub(crate) tokens: Random,
    /// Request ids and browser sessions.
    pub(crate) ids: Random,
}

impl Streams {
    /// Hosts of one mock share a seed, but no code.
    fn new(product: Product, seed: u64) -> Self {
        let stream = |purpose: &str| Random::new(seed, &format!("{} {purpose}", product.name()));
        Self {
            codes: stream("codes"),
            tokens: stream("tokens"),
            ids: stream("ids"),
        }
    }
}

impl Idp {
    /// A host of the given product.
    pub fn new(product: Product, setup: Setup) -> Self {
        let kinds = product.issuers(setup.authentik_version);
        Self {
            product,
            host: kinds[0].0,
            kinds,
            random: Streams::new(product, setup.seed),
            begun_with: setup.clone(),
            setup,
            store: Store::default(),
            throttles: Throttles::default(),
            visitors: Visitors::new(kinds[0].0.page.cookie),
        }
    }

    /// Answers one request at the moment `now`. Any bytes are allowed; none make it panic.
    ///
    /// `HEAD` is answered as `GET` is: whoever sends the answer leaves the body out, and says how long it would be.
    pub fn handle(&mut self, now: Instant, request: &Request) -> Response {
        self.exchange(now, request).response
    }

    /// As [`handle`](Self::handle), with what a journal wants to know beside the answer.
    pub fn exchange(&mut self, now: Instant, request: &Request) -> Exchange {
        let request_id = self.random.ids.text(HEX, 32);
        let folder = self.setup.folder.clone();
        let request = &*inside(request, &folder);
        let found = self.find(request.path()).ok();
        let issuer = found.map_or_else(|| self.nobody(), |(issuer, _)| issuer);
        let personality = issuer.personality.set_up(&self.setup);
        let call = Call {
            now,
            told: now.ahead_by(self.setup.skew),
            request,
            fields: &fields(request, &personality),
            base: base_url(request) + &folder,
            folder: &folder,
            personality: &personality,
            issuer,
            endpoint: found.map(|(_, endpoint)| endpoint),
        };
        let mut about = self.about(&call);
        let plan = self.plan(&call, &about);
        let mut response = if plan.is_empty() {
            self.answer_soundly(&call, &request_id)
        } else {
            self.answer_faulty(&call, &plan, &mut about, &request_id)
        };
        lead_through(&folder, &mut response);
        Exchange { response, about }
    }

    /// The answer without any fault.
    fn answer_soundly(&mut self, call: &Call, request_id: &str) -> Response {
        let verdict = match call.endpoint {
            Some(endpoint) => self.decide(call, endpoint),
            // An unknown path is looked for twice, so that no other one pays for remembering why.
            None => Err(self.find(call.request.path()).err().unwrap_or(Refusal::UnknownPath)),
        };
        self.spell(call, verdict, request_id)
    }

    /// A verdict as the product words it, readable for those pages that may read it.
    fn spell(&self, call: &Call, verdict: Result<Reply, Refusal>, request_id: &str) -> Response {
        let facts = call.personality;
        let refuse = |refusal: &Refusal| (facts.refuse)(refusal, self.at(call, request_id));
        let stamp = Stamp {
            request_id,
            standing: self.standing(call, verdict.as_ref().err()),
        };
        let Some(endpoint) = call.endpoint else {
            return encode(call, verdict.unwrap_or_else(|refusal| refuse(&refusal)), stamp);
        };
        let page = cors::Page::of(call.request, call.origin(), &self.setup.page_origins);
        if verdict.is_ok() && call.request.method == "OPTIONS" {
            let methods = facts.methods(endpoint);
            let preflight = facts.cors.preflight(endpoint, methods, &page, call.request);
            let answer = preflight.unwrap_or_else(|| self.options(call, endpoint));
            return dress(
                &Call {
                    endpoint: None,
                    ..call.clone()
                },
                answer,
                stamp,
            );
        }
        let hidden = verdict
            .as_ref()
            .is_err_and(|refusal| facts.cors.hides(endpoint, refusal));
        let response = encode(call, verdict.unwrap_or_else(|refusal| refuse(&refusal)), stamp);
        if hidden {
            return response;
        }
        facts.cors.admit(endpoint, &page, response)
    }

    fn decide(&mut self, call: &Call, endpoint: Endpoint) -> Result<Reply, Refusal> {
        self.count(call)?;
        let method = if call.request.method == "HEAD" {
            "GET"
        } else {
            call.request.method.as_str()
        };
        if method == "OPTIONS" {
            return Ok(Reply::empty(200));
        }
        let methods = call.personality.methods(endpoint);
        if !methods.contains(&method) {
            return Err(Refusal::MethodNotAllowed(methods));
        }
        if call.request.body.len() > BODY_LIMIT {
            return Err(Refusal::BodyTooLarge);
        }
        match endpoint {
            Endpoint::DeviceAuthorization => self.authorize_device(call),
            Endpoint::Token => {
                self.admit_page(call)?;
                self.token(call)
            }
            Endpoint::Revocation => self.revoke(call),
            Endpoint::Introspection => self.introspect(call),
            Endpoint::UserInfo => self.userinfo(call),
            Endpoint::Jwks => Ok(self.jwks(call)),
            Endpoint::Metadata => self.metadata(call),
            Endpoint::Issuer => Ok(Self::issuer(call)),
            Endpoint::Verification => self.verification(call),
            Endpoint::SignIn => Ok(self.sign_in(call)),
            Endpoint::EndSession => self.end_session(call),
        }
    }

    /// Refuses pages that the token endpoint is not for.
    fn admit_page(&self, call: &Call) -> Result<(), Refusal> {
        let page = cors::Page::of(call.request, call.origin(), &self.setup.page_origins);
        call.personality
            .cors
            .token_refuses
            .judge(&page, call.request.header("user-agent"))
    }

    fn at<'a>(&'a self, call: &Call, request_id: &'a str) -> At<'a> {
        At {
            endpoint: call.endpoint,
            request_id,
            by_header: call.request.header("authorization").is_some(),
            assumptions: &self.setup.assumptions,
        }
    }

    /// The answer to `OPTIONS` where CORS is unknown: empty, with `Allow` if the product's 405 has it.
    fn options(&self, call: &Call, endpoint: Endpoint) -> Response {
        let refusal = Refusal::MethodNotAllowed(call.personality.methods(endpoint));
        let refused = (call.personality.refuse)(&refusal, self.at(call, ""));
        let allow = refused.headers.into_iter().find(|(name, _)| *name == "Allow");
        allow.into_iter().fold(Response::new(200), |response, (name, methods)| {
            response.with(name, methods)
        })
    }
}

/// Sends whoever is sent to a path of the host's own through its folder.
fn lead_through(folder: &str, response: &mut Response) {
    for (name, value) in &mut response.headers {
        if name.eq_ignore_ascii_case("location") && value.starts_with('/') {
            value.insert_str(0, folder);
        }
    }
}

/// A request as it reads inside of the host's folder.
fn inside<'a>(request: &'a Request, folder: &str) -> Cow<'a, Request> {
    match request.target.strip_prefix(folder) {
        Some(target) if !folder.is_empty() => Cow::Owned(Request {
            target: target.to_owned(),
            ..request.clone()
        }),
        _ => Cow::Borrowed(request),
    }
}

impl fmt::Debug for Idp {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.debug_struct("Idp")
            .field("product", &self.product)
            .finish_non_exhaustive()
    }
}
