//! Every way a request can be turned down, before any product has spelt it.

use serde_json::Value;

/// Why a request was refused. What that looks like on the wire is the personality's business.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The person has not decided yet (RFC 8628 section 3.5).
    AuthorizationPending,
    /// The poll came sooner than the interval allows (RFC 8628 section 3.5).
    SlowDown,
    /// The person said no (RFC 8628 section 3.5).
    AccessDenied,
    /// Whoever signed in is not assigned to the client.
    NotAssigned,
    /// The device code outlived `expires_in` (RFC 8628 section 3.5).
    ExpiredToken,
    /// No such device code, or it was redeemed before, or forgotten.
    UnknownDeviceCode,
    /// The device code belongs to somebody else.
    OtherClientsCode,
    /// The refresh token is unknown, used up or somebody else's.
    InvalidRefreshToken,
    /// The token to be revoked is unknown, or over.
    UnknownToken,
    /// The token to be revoked belongs to somebody else (RFC 7009 section 2.1).
    OtherClientsToken,
    /// No rule of the access policies matches.
    DeniedByPolicy,
    /// A rule of the access policies matches, and denies every scope that was asked for.
    AllScopesDenied,
    /// A rule of the access policies matches, and denies these of the scopes that were asked for.
    ScopesDenied(Vec<String>),
    /// A refresh asked for a scope that was never granted (RFC 6749 section 6).
    WidenedScope,
    /// Neither the body nor the `Authorization` header names a client.
    MissingClient,
    /// The `Authorization` header holds no credentials that can be read, and nothing else names a client.
    InvalidCredentials,
    /// The client's secret is another one.
    WrongSecret,
    /// The client shows no secret although it has one, or credentials that it does not have.
    WrongAuthenticationMethod,
    /// The request shows credentials of several kinds (RFC 6749 section 2.3).
    SeveralCredentials,
    /// Nobody registered this `client_id`.
    UnknownClient,
    /// The client may not use an authorization server other than the org's own.
    OrgServerOnly,
    /// The client may not ask from this address.
    OutsideNetworkZone,
    /// The client may not use the device grant, said at the device authorization endpoint; what it may use comes along.
    StartNotAllowed(Vec<String>),
    /// The client may not use this grant, said at the token endpoint; what it may use comes along.
    GrantNotAllowed(Vec<String>),
    /// The token request names no `grant_type`.
    MissingGrantType,
    /// The token request names a `grant_type` this server does not know: which, and what the client may use.
    UnsupportedGrantType { asked: String, configured: Vec<String> },
    /// A required parameter is absent or empty.
    MissingParameter(&'static str),
    /// A parameter comes more than once (S-06).
    DuplicateParameter,
    /// Client credentials stand in the query.
    CredentialsInQuery,
    /// Nobody registered the `client_id` in a metadata request's query.
    UnknownClientInQuery,
    /// No scope was asked for where one must be.
    MissingScope,
    /// Scopes were asked for that nobody configured; they come along.
    UnknownScope(String),
    /// The body is not a form.
    NotAForm,
    /// The body is larger than this server reads.
    BodyTooLarge,
    /// Too many codes were asked for in too short a time.
    TooManyStarts,
    /// Too many requests of anybody came in too short a time.
    TooManyRequests,
    /// Too many requests are being worked on at the same time.
    TooManyAtOnce,
    /// One person got too many tokens in too short a time.
    TooManyTokens,
    /// A page of an origin nobody registered called the token endpoint.
    ForeignOrigin,
    /// A page asked for a grant that is not for browsers.
    BrowserGrant,
    /// The bearer token is absent, unknown or expired (RFC 6750 section 3.1).
    InvalidAccessToken,
    /// The bearer token does not carry the scope (RFC 6750 section 3.1).
    InsufficientScope,
    /// The `id_token_hint` is absent, expired, of another issuer or of somebody else.
    InvalidHint,
    /// The client has not registered this `post_logout_redirect_uri`.
    UnregisteredWayBack(String),
    /// The path belongs to an issuer of this shape that does not exist; its id comes along.
    UnknownIssuer(String),
    /// Nothing lives at this path.
    UnknownPath,
    /// The path exists, but not for this method; those that work come along.
    MethodNotAllowed(&'static [&'static str]),
}

/// What a refusal looks like on the wire.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Body,
}

/// The body of an answer, before the personality's JSON style.
#[derive(Debug)]
pub(crate) enum Body {
    Empty,
    Json(Value),
    Html(String),
    /// A page of the product's that says no more than this: title and text.
    Notice(&'static str, String),
}

impl Reply {
    pub(crate) fn json(status: u16, body: Value) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Json(body),
        }
    }

    pub(crate) fn empty(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Empty,
        }
    }

    pub(crate) fn notice(status: u16, title: &'static str, text: impl Into<String>) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Body::Notice(title, text.into()),
        }
    }

    pub(crate) fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}
