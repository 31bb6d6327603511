//! Which issuers live on a host, and which of them a path belongs to.

use std::borrow::Cow;

use super::Idp;
use crate::personality::{Endpoint, Ids, Personality};
use crate::refusal::Refusal;
use crate::setup::{AuthorizationServer, DEFAULT, Setup};

/// One issuer of a host. Authorization servers come and go; the others are there for good.
#[derive(Clone, Copy)]
pub(crate) struct Issuer<'a> {
    pub(crate) personality: &'static Personality,
    ids: Ids,
    /// What `{id}` in its paths stands for. No two issuers of one host have the same.
    pub(crate) id: &'a str,
}

impl Issuer<'_> {
    /// The name of its kind; of authorization servers only `default` has that alone, the others bear their id as well.
    pub(super) fn name(&self) -> Cow<'static, str> {
        let name = self.personality.name;
        match self.ids {
            Ids::AuthorizationServers if self.id != DEFAULT => format!("{name}/{}", self.id).into(),
            _ => name.into(),
        }
    }

    pub(super) fn is_authorization_server(&self) -> bool {
        matches!(self.ids, Ids::AuthorizationServers)
    }

    /// The authorization server that it is, if it is one.
    pub(super) fn authorization_server<'a>(&self, setup: &'a Setup) -> Option<&'a AuthorizationServer> {
        setup
            .authorization_server(self.id)
            .filter(|_| self.is_authorization_server())
    }

    /// A path template with the id in it.
    pub(super) fn fill(&self, template: &str) -> String {
        template.replace("{id}", self.id)
    }

    /// Its URL, on a host reached at `base`.
    pub(crate) fn url(&self, base: &str) -> String {
        format!("{base}{}", self.fill(self.personality.paths.issuer))
    }
}

impl Ids {
    /// The id of the issuer meant by what stands for `{id}` in a path; empty where the path has no such place.
    fn meant<'a>(self, written: &'a str, setup: &Setup) -> Option<&'a str> {
        match self {
            Self::Only(id) => (written.is_empty() || written == id).then_some(id),
            Self::AuthorizationServers => setup.authorization_server(written).map(|_| written),
        }
    }
}

impl Idp {
    /// Names and URLs of its issuers, for a host reached at `base` (such as `http://127.0.0.1:8628`).
    pub fn issuers(&self, base: &str) -> Vec<(String, String)> {
        let issuers = self.kinds.iter().flat_map(|&(personality, ids)| {
            let all = match ids {
                Ids::Only(id) => vec![id],
                Ids::AuthorizationServers => {
                    let servers = self.setup.authorization_servers.iter();
                    servers.map(|server| server.id.as_str()).collect()
                }
            };
            all.into_iter().map(move |id| Issuer { personality, ids, id })
        });
        issuers
            .map(|issuer| (issuer.name().into_owned(), issuer.url(base)))
            .collect()
    }

    /// Every path that has an endpoint, for a router that shares its host with other pages.
    ///
    /// `{id}` stands for the id of any authorization server.
    pub fn paths(&self) -> Vec<String> {
        let paths = self.kinds.iter().flat_map(|&(personality, ids)| {
            let templates = personality.templates();
            templates.map(move |(_, path)| match ids {
                Ids::Only(id) => path.replace("{id}", id),
                Ids::AuthorizationServers => path.to_owned(),
            })
        });
        let mut paths: Vec<_> = paths.collect();
        paths.sort();
        paths.dedup();
        paths
    }

    /// What lives at `path`, and which issuer it belongs to.
    pub(super) fn find<'a>(&self, path: &'a str) -> Result<(Issuer<'a>, Endpoint), Refusal> {
        let mut refusal = Refusal::UnknownPath;
        for &(personality, ids) in self.kinds {
            for (endpoint, template) in personality.templates() {
                let Some(written) = id_in(template, path) else {
                    continue;
                };
                match ids.meant(written, &self.setup) {
                    Some(id) => return Ok((Issuer { personality, ids, id }, endpoint)),
                    None => refusal = Refusal::UnknownIssuer(written.to_owned()),
                }
            }
        }
        Err(refusal)
    }

    /// The issuer that answers where nothing lives: the host's own.
    pub(super) fn nobody(&self) -> Issuer<'static> {
        let (personality, ids) = self.kinds[0];
        Issuer {
            personality,
            ids,
            id: "",
        }
    }
}

/// What stands for `{id}` if `path` fits the template: empty where the template has no such place.
fn id_in<'a>(template: &str, path: &'a str) -> Option<&'a str> {
    // A brace alone is found faster, and every request looks at many templates.
    match template.split_once('{') {
        None => (template == path).then_some(""),
        Some((before, place)) => {
            let id = path.strip_prefix(before)?.strip_suffix(place.strip_prefix("id}")?)?;
            (!id.is_empty() && !id.contains('/')).then_some(id)
        }
    }
}
