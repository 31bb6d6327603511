//! How authorization servers differ, as facts: no other module asks which product it imitates.
//!
//! [`rfc::RFC`] is the base value; a product is the list of its deviations, each with its source.
//! A further product is one more file here, and its lines in [`Product`].

use std::time::Duration;

use crate::json::JsonStyle;
use crate::refusal::{Refusal, Reply};

mod authentik;
mod okta;
mod rfc;

/// A kind of authorization server that the mock can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Product {
    /// An Okta org: the org authorization server and the custom one named `default`.
    Okta,
    /// authentik 2026.2 with one application, `tv`.
    Authentik,
    /// Exactly the RFCs, nothing else.
    Rfc,
}

impl Product {
    /// Every product, in the order the program lists them.
    pub const ALL: [Self; 3] = [Self::Okta, Self::Authentik, Self::Rfc];

    /// The name of its command-line option and its golden data, such as `okta`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Authentik => "authentik",
            Self::Rfc => "rfc",
        }
    }

    /// The issuers that live on one host of this product: personality and id.
    pub(crate) fn issuers(self) -> Issuers {
        match self {
            Self::Okta => okta::ISSUERS,
            Self::Authentik => authentik::ISSUERS,
            Self::Rfc => rfc::ISSUERS,
        }
    }
}

/// Personalities and the ids that stand for `{id}` in their paths.
pub(crate) type Issuers = &'static [(&'static Personality, &'static str)];

/// How one authorization server behaves. Facts only.
pub(crate) struct Personality {
    /// The key under which the program prints the issuer.
    pub(crate) name: &'static str,
    /// Mounted by the router and printed by the metadata: one source for both.
    pub(crate) paths: Paths,
    /// The metadata document's members, in order (RFC 8414 section 2).
    pub(crate) metadata: &'static [(&'static str, Metadata)],
    pub(crate) metadata_json: JsonStyle,
    /// The style of every other JSON answer.
    pub(crate) json: JsonStyle,
    pub(crate) headers: HeaderSets,
    pub(crate) cors: Cors,
    pub(crate) intake: Intake,

    pub(crate) device_code: CodeShape,
    pub(crate) user_code: CodeShape,
    pub(crate) user_code_match: UserCodeMatch,
    /// The query parameter of `verification_uri_complete`, also the form field of the page.
    pub(crate) code_parameter: &'static str,
    /// The answer's members, in order (RFC 8628 section 3.2).
    pub(crate) device_authorization_members: &'static [&'static str],
    /// How long a device code lives: `expires_in`.
    pub(crate) code_lifetime: Duration,
    pub(crate) interval: Duration,
    pub(crate) too_fast: TooFast,
    pub(crate) after_expiry: AfterExpiry,
    /// How many codes one caller may start; `None` for as many as they like.
    pub(crate) starts: Option<StartLimit>,

    pub(crate) tokens: TokenRules,
    pub(crate) page: Page,

    /// The one difference that is behaviour: how a refusal looks on the wire. The text is the request's id.
    pub(crate) refuse: fn(&Refusal, &str) -> Reply,
}

impl Personality {
    /// Every path template and what lives there.
    pub(crate) fn templates(&self) -> Vec<(Endpoint, &'static str)> {
        let single = [
            Endpoint::DeviceAuthorization,
            Endpoint::Token,
            Endpoint::UserInfo,
            Endpoint::Jwks,
            Endpoint::Verification,
        ];
        let mut templates: Vec<_> = single.map(|endpoint| (endpoint, self.template(endpoint))).to_vec();
        templates.extend(self.paths.metadata.iter().map(|&path| (Endpoint::Metadata, path)));
        if let SignIn::Before(path) = self.page.sign_in {
            templates.push((Endpoint::SignIn, path));
        }
        templates
    }

    /// The path template of an endpoint; the first, where it has several.
    pub(crate) fn template(&self, endpoint: Endpoint) -> &'static str {
        match endpoint {
            Endpoint::DeviceAuthorization => self.paths.device_authorization,
            Endpoint::Token => self.paths.token,
            Endpoint::UserInfo => self.paths.userinfo,
            Endpoint::Jwks => self.paths.jwks,
            Endpoint::Metadata => self.paths.metadata.first().copied().unwrap_or_default(),
            Endpoint::Verification => self.paths.verification,
            Endpoint::SignIn => match self.page.sign_in {
                SignIn::Before(path) => path,
                SignIn::AfterCode => self.paths.verification,
            },
        }
    }

    /// A typed user code in the form in which it was handed out, as far as the product forgives.
    pub(crate) fn typed(&self, text: &str) -> String {
        let UserCodeMatch::Folded(alphabet) = self.user_code_match else {
            return text.trim().to_owned();
        };
        let upper = text.chars().map(|character| character.to_ascii_uppercase());
        let mut rest = upper.filter(|&character| alphabet.contains(character));
        let CodeShape::Groups(_, groups) = self.user_code else {
            return rest.collect();
        };
        let mut parts: Vec<String> = groups
            .iter()
            .map(|&length| rest.by_ref().take(length).collect())
            .collect();
        // What is too much belongs to the last group, and makes the code wrong.
        parts.last_mut().into_iter().for_each(|last| last.extend(rest.by_ref()));
        parts.join("-")
    }
}

/// Where things live, relative to the host. `{id}` stands for the issuer's id.
#[derive(Clone, Copy)]
pub(crate) struct Paths {
    /// What follows the host in the issuer.
    pub(crate) issuer: &'static str,
    pub(crate) device_authorization: &'static str,
    pub(crate) token: &'static str,
    pub(crate) userinfo: &'static str,
    pub(crate) jwks: &'static str,
    pub(crate) metadata: &'static [&'static str],
    pub(crate) verification: &'static str,
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endpoint {
    DeviceAuthorization,
    Token,
    UserInfo,
    Jwks,
    Metadata,
    Verification,
    SignIn,
}

impl Endpoint {
    /// The methods it answers, besides `OPTIONS`.
    pub(crate) const fn methods(self) -> &'static [&'static str] {
        match self {
            Self::DeviceAuthorization | Self::Token => &["POST"],
            Self::UserInfo | Self::Verification | Self::SignIn => &["GET", "POST"],
            Self::Jwks | Self::Metadata => &["GET"],
        }
    }
}

/// Headers by the kind of answer; each list adds to `always`.
#[derive(Clone, Copy)]
pub(crate) struct HeaderSets {
    pub(crate) always: Headers,
    /// Device authorization and token answers, refusals too.
    pub(crate) tokens: Headers,
    pub(crate) metadata: Headers,
    pub(crate) jwks: Headers,
}

pub(crate) type Headers = &'static [(&'static str, HeaderValue)];

/// A header's value, fixed or made for each answer.
pub(crate) enum HeaderValue {
    Text(&'static str),
    /// The request's id: 32 hexadecimal digits.
    RequestId,
    /// Seconds since the epoch, so many seconds ahead.
    EpochIn(u64),
    /// An HTTP date, so many seconds ahead.
    DateIn(u64),
}

/// Which pages may read the answers (the Fetch standard's CORS protocol).
#[derive(Clone, Copy)]
pub(crate) struct Cors {
    pub(crate) device_authorization: Allow,
    pub(crate) token: Allow,
    pub(crate) userinfo: Allow,
    pub(crate) metadata: Allow,
    pub(crate) jwks: Allow,
    pub(crate) credentials: bool,
    pub(crate) exposed: &'static str,
    pub(crate) preflight: Preflight,
    /// Whether the token endpoint refuses pages of unregistered origins, readably.
    pub(crate) token_refuses_foreign_origins: bool,
    /// Whether refusals lose their CORS headers: at userinfo, and at the token endpoint for an unknown client.
    pub(crate) hides_refusals: bool,
}

/// Whose pages may read an answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allow {
    /// Nobody's: the endpoint knows nothing of CORS.
    Nobody,
    /// Those of registered origins.
    Registered,
    /// Anybody's, by echoing the origin.
    Echo,
    /// Anybody's, by `*`.
    Star,
}

/// The answer to a CORS preflight.
#[derive(Clone, Copy)]
pub(crate) struct Preflight {
    pub(crate) status: u16,
    pub(crate) body: &'static str,
    /// `Access-Control-Allow-Methods`; `None` for those of the endpoint.
    pub(crate) methods: Option<&'static str>,
    pub(crate) max_age: Option<&'static str>,
    /// Whether `Access-Control-Request-Headers` comes back as allowed.
    pub(crate) echoes_headers: bool,
    /// Whether any origin is told yes here, whatever the real answer will say.
    pub(crate) any_origin: bool,
}

/// How strictly requests are read.
#[derive(Clone, Copy)]
pub(crate) struct Intake {
    /// Whether a repeated parameter is refused (S-06); else its last value counts.
    pub(crate) refuses_duplicates: bool,
    /// Whether a body of another media type is refused; else it counts as empty.
    pub(crate) refuses_other_media_types: bool,
    /// Whether `client_id` in the query is refused; else the query is ignored.
    pub(crate) refuses_credentials_in_query: bool,
    /// Whether the client may name itself by `Authorization: Basic`.
    pub(crate) reads_basic: bool,
    pub(crate) scope_required: bool,
    /// What is granted when no scope is asked for, where none need be (RFC 6749 section 3.3).
    pub(crate) default_scope: &'static str,
    pub(crate) unknown_scope: UnknownScope,
    pub(crate) scopes: &'static [&'static str],
}

/// What becomes of a scope that nobody configured.
#[derive(Clone, Copy)]
pub(crate) enum UnknownScope {
    Refused,
    Kept,
}

/// What a code is made of.
#[derive(Clone, Copy)]
pub(crate) enum CodeShape {
    Uuid,
    /// So many characters of an alphabet.
    Characters(&'static str, usize),
    /// Groups of so many characters of an alphabet, joined by a hyphen.
    Groups(&'static str, &'static [usize]),
}

/// How a typed user code is compared.
#[derive(Clone, Copy)]
pub(crate) enum UserCodeMatch {
    /// After folding case and dropping every character outside this alphabet (S-26).
    Folded(&'static str),
    /// Character by character, surrounding blanks aside.
    Exact,
}

/// What becomes of a poll that comes too soon.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum TooFast {
    /// `slow_down`, and five seconds more from then on (RFC 8628 section 3.5).
    SlowDown,
    /// Nothing.
    Ignored,
}

/// What polls hear once `expires_in` is over.
#[derive(Clone, Copy)]
pub(crate) enum AfterExpiry {
    /// `expired_token` for so long, then the code is unknown.
    ExpiredToken(Duration),
    /// As if nothing had happened, until a job that runs so often, so long after the full period, deletes the code.
    UntilCleanup { every: Duration, offset: Duration },
}

/// How many codes one caller may start within a sliding window.
#[derive(Clone, Copy)]
pub(crate) struct StartLimit {
    pub(crate) count: usize,
    pub(crate) window: Duration,
}

/// What tokens are made of.
#[derive(Clone, Copy)]
pub(crate) struct TokenRules {
    /// The answer's members, in order (RFC 6749 section 5.1).
    pub(crate) members: &'static [&'static str],
    pub(crate) lifetime: Duration,
    /// The claims of an access token that is a JWT; `None` for an opaque one.
    pub(crate) access_token: Option<&'static [Claim]>,
    pub(crate) id_token: &'static [Claim],
    pub(crate) id_token_needs_openid: bool,
    pub(crate) userinfo: &'static [Claim],
    pub(crate) refresh_token: CodeShape,
    pub(crate) refresh: Refresh,
    /// The members of the JWS header, in order.
    pub(crate) jws_header: &'static [&'static str],
    /// The members of a JWK, in order.
    pub(crate) jwk: &'static [&'static str],
}

/// How a refresh token answers to being used (RFC 6749 section 6).
#[derive(Clone, Copy)]
pub(crate) struct Refresh {
    /// Whether each use replaces it by a new one.
    pub(crate) rotates: bool,
    pub(crate) lifetime: Duration,
    /// Whether a narrowed scope must still hold `offline_access`.
    pub(crate) scope_must_keep_offline_access: bool,
}

/// One claim: its name, where its value comes from, and the scope it needs, if any.
pub(crate) struct Claim {
    pub(crate) name: &'static str,
    pub(crate) source: Source,
    pub(crate) scope: Option<&'static str>,
}

impl Claim {
    pub(crate) const fn new(name: &'static str, source: Source) -> Self {
        Self {
            name,
            source,
            scope: None,
        }
    }

    pub(crate) const fn of(scope: &'static str, name: &'static str, source: Source) -> Self {
        Self {
            name,
            source,
            scope: Some(scope),
        }
    }
}

/// Where a claim's value comes from.
pub(crate) enum Source {
    Issuer,
    /// The host's base URL.
    Host,
    ClientId,
    Username,
    Name,
    Email,
    /// An id of 20 characters with this prefix, fixed for the user (O-124).
    PrefixedUserId(&'static str),
    /// An id of 20 characters with this prefix, fixed for the host (O-124).
    PrefixedHostId(&'static str),
    /// 64 hexadecimal digits, fixed for the user.
    HashedUserId,
    IssuedAt,
    ExpiresAt,
    ApprovedAt,
    Text(&'static str),
    Number(u64),
    Flag(bool),
    Strings(&'static [&'static str]),
    /// A prefix and so many random characters of an alphabet.
    Random(&'static str, &'static str, usize),
    /// 40 random letters and digits, the same in both tokens of one answer.
    SharedId,
    /// The half hash of the access token (OpenID Connect Core section 3.1.3.6).
    AccessTokenHash,
    ScopeText,
    ScopeList,
}

/// The person's page: order of its steps, and its words.
#[derive(Clone, Copy)]
pub(crate) struct Page {
    pub(crate) sign_in: SignIn,
    pub(crate) wrong_code: WrongCode,
    /// Whether the person can say no.
    pub(crate) has_deny: bool,
    pub(crate) words: Words,
}

/// When the person signs in.
#[derive(Clone, Copy)]
pub(crate) enum SignIn {
    /// On the same page, once the code is known.
    AfterCode,
    /// At this path, before anything else.
    Before(&'static str),
}

/// What a wrong code leads to.
#[derive(Clone, Copy)]
pub(crate) enum WrongCode {
    /// The same form again, with this message.
    AskAgain(&'static str),
    /// A page that ends there: title and text.
    Denied(&'static str, &'static str),
}

/// The words of the page. `{client}` stands for the client's name.
#[derive(Clone, Copy)]
pub(crate) struct Words {
    pub(crate) brand: &'static str,
    pub(crate) enter_title: &'static str,
    pub(crate) enter_text: &'static str,
    pub(crate) code_label: &'static str,
    pub(crate) next: &'static str,
    pub(crate) confirm_title: &'static str,
    pub(crate) approve: &'static str,
    pub(crate) deny: &'static str,
    pub(crate) approved_title: &'static str,
    pub(crate) approved_text: &'static str,
    pub(crate) denied_title: &'static str,
    pub(crate) denied_text: &'static str,
}
