//! How authorization servers differ, as facts: no other module asks which product it imitates.
//!
//! `rfc::RFC_ONLY` is the base value; a product is the list of its deviations, each with its source.
//! A further product is one more file here, and its four lines: its module, its [`Product`], and that in [`Product::ALL`]
//! and in [`Product::entry`].

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::json::JsonStyle;
use crate::refusal::{Refusal, Reply};
use crate::setup::Setup;

pub mod assumptions;
mod authentik;
mod code;
mod credentials;
mod end_session;
mod google;
mod limits;
mod okta;
mod page;
mod polling;
mod rfc;
mod tokens;
mod wire;

pub(crate) use assumptions::Assumptions;
pub use authentik::AuthentikVersion;
pub(crate) use code::{CodeShape, CodesMember, UserCodeMatch};
pub(crate) use credentials::Credentials;
pub(crate) use end_session::{End, EndSession, WayBack};
pub(crate) use limits::{Buckets, Limit, Limits};
pub(crate) use page::{FlowPaths, NOT_ACTIVATED, NoEntry, Page, SignIn, Words, WrongCode};
pub(crate) use polling::{AfterExpiry, PolicyAsked, TooFast};
pub(crate) use tokens::{
    AccessToken, Claim, Claims, CountedFrom, Ends, Falsehoods, Introspection, OthersTokens, Refresh, Revocation,
    Revoked, Source, TokenRules,
};
pub(crate) use wire::{
    Allow, Cors, HeaderSets, HeaderValue, Headers, Intake, Pages, Preflight, Repeated, Shown, UnknownScope,
};

/// A kind of authorization server that the mock can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// An Okta org: the org authorization server, and any number of custom ones such as `default`.
    Okta,
    /// An authentik with one application, `tv`.
    Authentik,
    /// Exactly the RFCs, nothing else.
    Rfc,
    /// Google, for televisions and other devices with limited input.
    Google,
}

impl Product {
    /// Every product, in the order the program lists them.
    pub const ALL: [Self; 4] = [Self::Okta, Self::Authentik, Self::Rfc, Self::Google];

    /// The name of its command-line option and its golden data, such as `okta`.
    pub const fn name(self) -> &'static str {
        self.entry().name
    }

    /// What listens there, in words such as `the Okta org`.
    pub const fn title(self) -> &'static str {
        self.entry().title
    }

    /// Where the program lets it listen unless told otherwise.
    pub const fn usual_port(self) -> u16 {
        self.entry().usual_port
    }

    /// The kinds of issuers that live on one host of this product.
    pub(crate) fn issuers(self, authentik_version: AuthentikVersion) -> Issuers {
        (self.entry().issuers)(authentik_version)
    }

    const fn entry(self) -> &'static Entry {
        match self {
            Self::Okta => &okta::ENTRY,
            Self::Authentik => &authentik::ENTRY,
            Self::Rfc => &rfc::ENTRY,
            Self::Google => &google::ENTRY,
        }
    }
}

/// A product as the rest of the mock finds it.
struct Entry {
    name: &'static str,
    title: &'static str,
    usual_port: u16,
    issuers: fn(AuthentikVersion) -> Issuers,
}

/// The kinds of issuers on one host, the host's own first; there is at least one.
pub(crate) type Issuers = &'static [(&'static Personality, Ids)];

/// What stands for `{id}` in the paths of a kind of issuers. No two issuers of one host have the same.
#[derive(Clone, Copy)]
pub(crate) enum Ids {
    /// This: there is one issuer of the kind.
    Only(&'static str),
    /// The id of an authorization server, of which there may be any number.
    AuthorizationServers,
}

/// How one authorization server behaves. Facts only.
#[derive(Clone, Copy)]
pub(crate) struct Personality {
    /// The key under which the program prints the issuer.
    pub(crate) name: &'static str,
    /// Mounted by the router and printed by the metadata: one source for both.
    pub(crate) paths: Paths,
    /// Whether the issuer's own URL leads to its metadata.
    pub(crate) issuer_redirects: bool,
    /// The metadata document's members, in order and in parts that versions can share (RFC 8414 section 2).
    pub(crate) metadata: &'static [&'static [(&'static str, Metadata)]],
    pub(crate) metadata_json: JsonStyle,
    /// The style of every other JSON answer.
    pub(crate) json: JsonStyle,
    pub(crate) headers: HeaderSets,
    pub(crate) cors: Cors,
    pub(crate) intake: Intake,
    pub(crate) credentials: Credentials,

    pub(crate) device_code: CodeShape,
    pub(crate) user_code: CodeShape,
    pub(crate) user_code_match: UserCodeMatch,
    /// The query parameter of `verification_uri_complete`, also the form field of the page.
    pub(crate) code_parameter: &'static str,
    /// The answer's members, in order (RFC 8628 section 3.2).
    pub(crate) device_authorization_members: &'static [(&'static str, CodesMember)],
    /// How long a device code lives: `expires_in`.
    pub(crate) code_lifetime: Duration,
    pub(crate) interval: Duration,
    pub(crate) too_fast: TooFast,
    pub(crate) after_expiry: AfterExpiry,
    /// Whether the person's page takes codes that have expired.
    pub(crate) opens_expired_codes: bool,
    pub(crate) limits: Limits,
    /// When the access policies of its authorization servers are asked.
    pub(crate) policy_asked: PolicyAsked,

    pub(crate) tokens: TokenRules,
    pub(crate) page: Page,
    /// `None` where nobody can sign out.
    pub(crate) end_session: Option<EndSession>,

    /// The one difference that is behaviour: how a refusal looks on the wire.
    pub(crate) refuse: fn(&Refusal, At) -> Reply,
    /// What becomes of these facts where others are assumed than usual.
    pub(crate) assume: fn(&mut Personality, &Assumptions),
}

/// Which request was refused: what its refusal may depend on besides the reason.
#[derive(Clone, Copy)]
pub(crate) struct At<'a> {
    /// `None` where nothing lives.
    pub(crate) endpoint: Option<Endpoint>,
    pub(crate) request_id: &'a str,
    /// Whether the request has an `Authorization` header (S-44).
    pub(crate) by_header: bool,
    /// What is assumed where nobody knows.
    pub(crate) assumptions: &'a Assumptions,
}

impl Personality {
    /// The same server with the assumptions and the rate limits of a setup.
    pub(crate) fn set_up(&self, setup: &Setup) -> Self {
        let mut facts = *self;
        (self.assume)(&mut facts, &setup.assumptions);
        facts.limits = facts.limits.changed(setup.rate_limits.of(self.name));
        facts
    }

    /// Every path template and what lives there.
    pub(crate) fn templates(&self) -> impl Iterator<Item = (Endpoint, &'static str)> {
        let single = [
            Endpoint::DeviceAuthorization,
            Endpoint::Token,
            Endpoint::Revocation,
            Endpoint::UserInfo,
            Endpoint::Jwks,
            Endpoint::Verification,
        ];
        let metadata = self.paths.metadata.iter().map(|&path| (Endpoint::Metadata, path));
        let introspection = self.paths.introspection.map(|path| (Endpoint::Introspection, path));
        let issuer = self.issuer_redirects.then_some((Endpoint::Issuer, self.paths.issuer));
        let pages = self.paths.pages.iter().copied();
        let single = single.into_iter().map(|endpoint| (endpoint, self.template(endpoint)));
        single.chain(metadata).chain(introspection).chain(issuer).chain(pages)
    }

    /// The methods that an endpoint answers, besides `OPTIONS`.
    pub(crate) fn methods(&self, endpoint: Endpoint) -> &'static [&'static str] {
        match endpoint {
            Endpoint::DeviceAuthorization | Endpoint::Token | Endpoint::Revocation | Endpoint::Introspection => {
                &["POST"]
            }
            Endpoint::UserInfo | Endpoint::Verification | Endpoint::SignIn => &["GET", "POST"],
            Endpoint::Jwks | Endpoint::Metadata | Endpoint::Issuer => &["GET"],
            Endpoint::EndSession => self.end_session.map_or(&[], |rule| rule.methods),
        }
    }

    /// The path template of an endpoint; the first, where it has several. Empty where it has none.
    pub(crate) fn template(&self, endpoint: Endpoint) -> &'static str {
        match endpoint {
            Endpoint::DeviceAuthorization => self.paths.device_authorization,
            Endpoint::Token => self.paths.token,
            Endpoint::Revocation => self.paths.revocation,
            Endpoint::Introspection => self.paths.introspection.unwrap_or_default(),
            Endpoint::UserInfo => self.paths.userinfo,
            Endpoint::Jwks => self.paths.jwks,
            Endpoint::Metadata => self.paths.metadata.first().copied().unwrap_or_default(),
            Endpoint::Issuer => self.paths.issuer,
            Endpoint::Verification => self.paths.verification,
            Endpoint::SignIn | Endpoint::EndSession => {
                let mut pages = self.paths.pages.iter();
                pages.find(|(each, _)| *each == endpoint).map_or("", |(_, path)| path)
            }
        }
    }
}

/// Where things live, relative to the host. `{id}` stands for the issuer's id.
#[derive(Clone, Copy)]
pub(crate) struct Paths {
    /// What follows the host in the issuer.
    pub(crate) issuer: &'static str,
    pub(crate) device_authorization: &'static str,
    pub(crate) token: &'static str,
    pub(crate) revocation: &'static str,
    /// `None` where the product has none.
    pub(crate) introspection: Option<&'static str>,
    pub(crate) userinfo: &'static str,
    pub(crate) jwks: &'static str,
    pub(crate) metadata: &'static [&'static str],
    pub(crate) verification: &'static str,
    /// What else people see.
    pub(crate) pages: &'static [(Endpoint, &'static str)],
}

/// A value of the metadata document.
pub(crate) enum Metadata {
    Issuer,
    /// The URL of something the mock serves.
    Endpoint(Endpoint),
    /// A URL the product names and the mock does not serve. `{id}` stands for the issuer's id.
    Elsewhere(&'static str),
    /// The URL of what the token endpoint has beside it, by its last segment; the mock does not serve it.
    BesideToken(&'static str),
    Strings(&'static [&'static str]),
    Flag(bool),
    /// The scopes of the intake.
    Scopes,
    /// The signing key's algorithm, alone in an array.
    SigningAlgorithm,
}

/// What lives at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// RFC 8628 section 3.1.
    DeviceAuthorization,
    /// RFC 6749 section 3.2.
    Token,
    /// RFC 7009 section 2.
    Revocation,
    /// RFC 7662 section 2.
    Introspection,
    /// OpenID Connect Core section 5.3.
    #[serde(rename = "userinfo")]
    UserInfo,
    /// RFC 7517 section 5.
    Jwks,
    /// RFC 8414 section 3, OpenID Connect Discovery section 4.
    Metadata,
    /// The issuer's own URL, where it is a page's.
    Issuer,
    /// The person's page (RFC 8628 section 3.3).
    Verification,
    /// The person's sign-in, where it is a page of its own.
    SignIn,
    /// OpenID Connect RP-Initiated Logout 1.0 section 2.
    EndSession,
}

impl Endpoint {
    /// Its name in scripts and in the journal: for the protocol's endpoints the standard's word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::DeviceAuthorization => "device_authorization",
            Self::Token => "token",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
            Self::UserInfo => "userinfo",
            Self::Jwks => "jwks",
            Self::Metadata => "metadata",
            Self::Issuer => "issuer",
            Self::Verification => "verification",
            Self::SignIn => "sign_in",
            Self::EndSession => "end_session",
        }
    }
}
