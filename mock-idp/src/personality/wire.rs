//! Facts about the wire: headers, cross-origin rules, and how strictly requests are read.

/// Headers by the kind of answer; each list adds to `always`.
#[derive(Clone, Copy)]
pub(crate) struct HeaderSets {
    pub(crate) always: Headers,
    /// Device authorization, token, revocation and introspection answers, refusals too.
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
    /// How many requests fit into a bucket.
    Limit,
    /// How many still do.
    Remaining,
    /// When its window ends, in seconds since the epoch.
    Reset,
    /// An HTTP date, so many seconds ahead.
    DateIn(u64),
}

/// Which pages may read the answers (the Fetch standard's CORS protocol).
#[derive(Clone, Copy)]
pub(crate) struct Cors {
    pub(crate) device_authorization: Allow,
    pub(crate) token: Allow,
    pub(crate) revocation: Allow,
    pub(crate) introspection: Allow,
    pub(crate) userinfo: Allow,
    pub(crate) metadata: Allow,
    pub(crate) jwks: Allow,
    pub(crate) credentials: bool,
    pub(crate) exposed: &'static str,
    pub(crate) preflight: Preflight,
    /// Which pages the token endpoint refuses, readably.
    pub(crate) token_refuses: Pages,
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

/// Pages that are refused, by their origin and by what shows them.
#[derive(Clone, Copy)]
pub(crate) struct Pages {
    /// Those of origins that nobody registered.
    pub(crate) foreign: Shown,
    /// All others, because the grant is not for browsers.
    pub(crate) registered: Shown,
}

impl Pages {
    pub(crate) const NONE: Self = Self {
        foreign: Shown::Nowhere,
        registered: Shown::Nowhere,
    };
}

/// What shows a page, by the `User-Agent` of its requests.
#[derive(Clone, Copy)]
pub(crate) enum Shown {
    Nowhere,
    Anywhere,
    /// By a browser: they all say `Mozilla/5.0` first.
    ByBrowser,
    /// By a browser whose name holds none of these.
    ByBrowserBut(&'static [&'static str]),
}

impl Shown {
    pub(crate) fn holds(self, user_agent: Option<&str>) -> bool {
        let name = user_agent.unwrap_or_default();
        let is_browser = name.starts_with("Mozilla/");
        match self {
            Self::Nowhere => false,
            Self::Anywhere => true,
            Self::ByBrowser => is_browser,
            Self::ByBrowserBut(others) => is_browser && !others.iter().any(|other| name.contains(other)),
        }
    }
}

/// The answer to a CORS preflight.
#[derive(Clone, Copy)]
pub(crate) struct Preflight {
    pub(crate) status: u16,
    pub(crate) body: &'static str,
    /// `Access-Control-Allow-Methods`; `None` for those of the endpoint.
    pub(crate) methods: Option<&'static str>,
    pub(crate) max_age: Option<&'static str>,
    /// Whether any origin is told yes here, whatever the real answer will say.
    pub(crate) any_origin: bool,
}

/// How strictly requests are read.
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
#[derive(Clone, Copy)]
pub(crate) struct Intake {
    pub(crate) repeated: Repeated,
    /// Whether a body of another media type is refused; else it counts as empty.
    pub(crate) refuses_other_media_types: bool,
    /// Whether `client_id` in the query is refused; else the query is ignored.
    pub(crate) refuses_credentials_in_query: bool,
    /// Whether a metadata request whose query names an unknown client is refused.
    pub(crate) metadata_checks_client: bool,
    /// Whether a client may only use the grants it is registered for.
    pub(crate) checks_grants: bool,
    /// Whether a client may only ask from the addresses it is registered for.
    pub(crate) network_zones: bool,
    pub(crate) scope_required: bool,
    /// What is granted when no scope is asked for, where none need be (RFC 6749 section 3.3).
    pub(crate) default_scope: &'static str,
    pub(crate) unknown_scope: UnknownScope,
    pub(crate) scopes: &'static [&'static str],
}

/// What becomes of a parameter that comes more than once.
#[derive(Clone, Copy)]
pub(crate) enum Repeated {
    /// The request is refused (S-06).
    Refused,
    First,
    Last,
}

/// What becomes of a scope that nobody configured.
#[derive(Clone, Copy)]
pub(crate) enum UnknownScope {
    Refused,
    Kept,
    Dropped,
}
