//! Facts about tokens: their claims, their order, their lifetime.

use std::time::Duration;

use super::CodeShape;

/// What tokens are made of.
#[derive(Clone, Copy)]
pub(crate) struct TokenRules {
    /// The answer's members, in order (RFC 6749 section 5.1).
    pub(crate) members: &'static [&'static str],
    /// Scopes that the answer calls by another name than the request.
    pub(crate) told_scopes: &'static [(&'static str, &'static str)],
    pub(crate) lifetime: Duration,
    pub(crate) access_token: AccessToken,
    pub(crate) id_token: Claims,
    pub(crate) id_token_needs_openid: bool,
    pub(crate) userinfo: Claims,
    pub(crate) refresh_token: CodeShape,
    pub(crate) refresh: Refresh,
    pub(crate) revocation: Revocation,
    pub(crate) introspection: Introspection,
    /// What is wrong with the tokens on purpose.
    pub(crate) falsehoods: Falsehoods,
    /// The members of the JWS header, in order.
    pub(crate) jws_header: &'static [&'static str],
    /// The members of a JWK, in order.
    pub(crate) jwk: &'static [&'static str],
}

/// What an access token is.
#[derive(Clone, Copy)]
pub(crate) enum AccessToken {
    /// A JWT with these claims.
    Jwt(Claims),
    /// A text that only the server understands.
    Opaque(CodeShape),
}

/// What is wrong with tokens: nothing, unless a scenario wants it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Falsehoods {
    /// So many seconds are added to `iat`, `auth_time` and `exp`.
    pub(crate) seconds_off: i64,
    /// They name a `kid` that the keys do not have.
    pub(crate) unknown_kid: bool,
    /// They claim HS256, and the keys are `{}`.
    pub(crate) no_keys: bool,
    /// `iss` has a slash at its end where the issuer has none, and none where it has one.
    pub(crate) issuer_slash: bool,
}

impl Falsehoods {
    pub(crate) const NONE: Self = Self {
        seconds_off: 0,
        unknown_kid: false,
        no_keys: false,
        issuer_slash: false,
    };
}

/// How a refresh token answers to being used (RFC 6749 section 6).
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Refresh {
    /// The scope that makes the token endpoint hand one out; `None` where it always does.
    pub(crate) asked_for_by: Option<&'static str>,
    /// Whether each use replaces it by a new one.
    pub(crate) rotates: bool,
    /// How long the old one still works beside the new one.
    pub(crate) grace: Duration,
    /// Whether the old one, used after that, ends all tokens of its sign-in.
    pub(crate) reuse_ends_sign_in: bool,
    /// Whether the answer names it again where it stays.
    pub(crate) is_told_again: bool,
    pub(crate) lifetime: Duration,
    pub(crate) counted_from: CountedFrom,
    /// Whether a narrowed scope must still hold `offline_access`.
    pub(crate) scope_must_keep_offline_access: bool,
}

/// What begins the lifetime of a refresh token.
#[derive(Clone, Copy)]
pub(crate) enum CountedFrom {
    /// The sign-in, however often it is used or replaced.
    SignIn,
    /// Its last use, or its issue where each use replaces it.
    LastUse,
}

/// How tokens are taken back (RFC 7009 section 2).
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Revocation {
    pub(crate) answer: Revoked,
    /// Whether whoever has the token may, without a word about the client.
    pub(crate) by_anybody: bool,
    /// Whether the query may name the token.
    pub(crate) reads_query: bool,
    /// Whether a request without `token` is refused; else it is one for an unknown token.
    pub(crate) token_required: bool,
    /// Whether an unknown token is refused; else it counts as revoked.
    pub(crate) unknown_is_refused: bool,
    pub(crate) others_tokens: OthersTokens,
    pub(crate) ends: Ends,
}

/// What a successful revocation answers with status 200.
#[derive(Clone, Copy)]
pub(crate) enum Revoked {
    Nothing,
    EmptyObject,
}

/// Which tokens end with the one that is revoked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ends {
    TokenAlone,
    /// With a refresh token, the access tokens of its sign-in.
    AccessTokensToo,
    /// All tokens of the sign-in, whichever of them it was.
    SignIn,
}

/// What becomes of a token that another client tries to take back.
#[derive(Clone, Copy)]
pub(crate) enum OthersTokens {
    /// The request is refused.
    Refused,
    /// It counts as unknown, and stays.
    Kept,
    /// It is gone like one's own.
    Revoked,
}

/// How a token is explained (RFC 7662 section 2).
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Introspection {
    /// Whether only clients with a secret may ask.
    pub(crate) confidential_only: bool,
    /// Whether a request without `token` is refused; else it is one for an unknown token.
    pub(crate) token_required: bool,
    /// Whether a client may ask about the tokens of others.
    pub(crate) others_tokens: bool,
    /// Whether a refresh token that was replaced is described all the same, with `active` false.
    pub(crate) describes_used: bool,
    pub(crate) access_token: Claims,
    pub(crate) refresh_token: Claims,
}

/// Claims in order, in parts that tokens can share.
pub(crate) type Claims = &'static [&'static [Claim]];

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
    /// What an authorization server is for; the host's base URL where there is none.
    Audience,
    ClientId,
    /// The id of the client that asks; whoever redeems a code or a token asks for itself.
    Caller,
    Username,
    /// The groups of the user, in a list.
    Groups,
    Name,
    Email,
    /// An id of 20 characters with this prefix, fixed for the user (O-124).
    PrefixedUserId(&'static str),
    /// An id of 20 characters with this prefix, fixed for the host (O-124).
    PrefixedHostId(&'static str),
    /// 64 hexadecimal digits, fixed for the user.
    HashedUserId,
    /// 64 hexadecimal digits, fixed for the sign-in.
    HashedSessionId,
    /// 21 decimal digits, fixed for the user.
    NumericUserId,
    IssuedAt,
    /// When the token ends: the one that is made, or the one that is asked about.
    ExpiresAt,
    ApprovedAt,
    /// Whether the token that is asked about has not been replaced.
    Active,
    Text(&'static str),
    Number(u64),
    Flag(bool),
    Strings(&'static [&'static str]),
    /// A prefix and so many random characters of an alphabet.
    Random(&'static str, &'static str, usize),
    /// The same, and this suffix with 17 more letters and digits where a refresh token comes along (U-11).
    WithRefreshId(&'static str, &'static str, usize, &'static str),
    /// 40 random letters and digits, the same in both tokens of one answer.
    SharedId,
    /// The half hash of the access token (OpenID Connect Core section 3.1.3.6).
    AccessTokenHash,
    ScopeText,
    ScopeList,
}
