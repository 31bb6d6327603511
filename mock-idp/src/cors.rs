//! Which pages may read an answer: the Fetch standard's CORS protocol, by the personality's facts.

use crate::http::{Request, Response};
use crate::personality::{Allow, Cors, Endpoint, Pages};
use crate::refusal::Refusal;

/// The page's side of one request: its origin, if it is a page's, and whether that origin is registered.
pub(crate) struct Page<'a> {
    origin: Option<&'a str>,
    registered: bool,
}

impl<'a> Page<'a> {
    /// `base` is the server's own origin: a page of it is always at home.
    pub(crate) fn of(request: &'a Request, base: &str, registered: &[String]) -> Self {
        let origin = request.header("origin");
        Self {
            origin,
            registered: origin.is_some_and(|origin| origin == base || registered.iter().any(|each| each == origin)),
        }
    }

    /// The value of `Access-Control-Allow-Origin`, if there is one.
    fn allowed(&self, allow: Allow) -> Option<&'a str> {
        let origin = self.origin?;
        match allow {
            Allow::Nobody => None,
            Allow::Registered => self.registered.then_some(origin),
            Allow::Echo => Some(origin),
            Allow::Star => Some("*"),
        }
    }
}

impl Pages {
    /// Refuses a page that is among these.
    pub(crate) fn judge(&self, page: &Page, user_agent: Option<&str>) -> Result<(), Refusal> {
        if page.origin.is_none() {
            return Ok(());
        }
        if !page.registered && self.foreign.holds(user_agent) {
            return Err(Refusal::ForeignOrigin);
        }
        if self.registered.holds(user_agent) {
            return Err(Refusal::BrowserGrant);
        }
        Ok(())
    }
}

impl Cors {
    fn at(&self, endpoint: Endpoint) -> Allow {
        match endpoint {
            Endpoint::DeviceAuthorization => self.device_authorization,
            Endpoint::Token => self.token,
            Endpoint::Revocation => self.revocation,
            Endpoint::Introspection => self.introspection,
            Endpoint::UserInfo => self.userinfo,
            Endpoint::Metadata => self.metadata,
            Endpoint::Jwks => self.jwks,
            Endpoint::Issuer | Endpoint::Verification | Endpoint::SignIn | Endpoint::EndSession => Allow::Nobody,
        }
    }

    /// Whether a refusal goes out without CORS headers, so that a page sees no more than a failure.
    pub(crate) fn hides(&self, endpoint: Endpoint, refusal: &Refusal) -> bool {
        let unknown = matches!(
            refusal,
            Refusal::MissingClient | Refusal::InvalidCredentials | Refusal::UnknownClient
        );
        self.hides_refusals && (unknown || endpoint == Endpoint::UserInfo)
    }

    /// Adds the headers that let a page read an answer of `endpoint`.
    pub(crate) fn admit(&self, endpoint: Endpoint, page: &Page, response: Response) -> Response {
        let allow = self.at(endpoint);
        let exposed = self.exposed;
        let response = self.allow_origin(allow, page, response);
        if exposed.is_empty() || page.allowed(allow).is_none() {
            return response;
        }
        response.with("Access-Control-Expose-Headers", exposed)
    }

    /// The answer to `OPTIONS` at `endpoint`; `None` where the endpoint knows nothing of CORS.
    pub(crate) fn preflight(
        &self,
        endpoint: Endpoint,
        methods: &[&str],
        page: &Page,
        request: &Request,
    ) -> Option<Response> {
        let rule = self.preflight;
        let allow = match self.at(endpoint) {
            Allow::Nobody => return None,
            Allow::Registered if rule.any_origin => Allow::Echo,
            other => other,
        };
        let mut response = Response::new(rule.status);
        response.body = rule.body.as_bytes().to_vec();
        if !rule.body.is_empty() {
            response = response.with("Content-Type", "application/json");
        }
        response = self.allow_origin(allow, page, response);
        if page.allowed(allow).is_none() {
            return Some(response);
        }
        let methods = rule.methods.map_or_else(|| methods.join(", "), str::to_owned);
        response = response.with("Access-Control-Allow-Methods", methods);
        if let Some(seconds) = rule.max_age {
            response = response.with("Access-Control-Max-Age", seconds);
        }
        // A-91; the others must allow them too, or no page could send a bearer token (RFC 6750 section 2.1).
        if let Some(names) = request.header("access-control-request-headers") {
            response = response.with("Access-Control-Allow-Headers", names);
        }
        Some(response)
    }

    fn allow_origin(&self, allow: Allow, page: &Page, mut response: Response) -> Response {
        let Some(origin) = page.allowed(allow) else {
            return response;
        };
        response = response.with("Access-Control-Allow-Origin", origin);
        if allow == Allow::Star {
            return response;
        }
        if response.header("vary").is_none() {
            response = response.with("Vary", "Origin");
        }
        if self.credentials {
            response = response.with("Access-Control-Allow-Credentials", "true");
        }
        response
    }
}
