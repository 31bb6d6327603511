//! The issuers that every story can be told with.

use std::sync::Arc;

use device_flow::Settings;
use mock_idp::{Idp, Product, Setup, Signer};

use crate::page;

/// An issuer of the mock, behind a TLS proxy at `https://id.example`.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Issuer {
    /// Exactly the RFCs.
    Rfc,
    /// An Okta org's own authorization server.
    OktaOrg,
    /// Okta's custom authorization server `default`.
    OktaCustomAs,
    /// An authentik application.
    Authentik,
    /// Google.
    Google,
}

impl Issuer {
    /// All of them: a story that does not need one in particular is told with each.
    pub const ALL: [Self; 5] = [
        Self::Rfc,
        Self::OktaOrg,
        Self::OktaCustomAs,
        Self::Authentik,
        Self::Google,
    ];

    /// Where everything lives.
    pub const HOST: &str = "id.example";

    /// Its `issuer`, as its metadata must spell it (O-01, A-78).
    pub const fn url(self) -> &'static str {
        match self {
            Self::Rfc | Self::OktaOrg | Self::Google => "https://id.example",
            Self::OktaCustomAs => "https://id.example/oauth2/default",
            Self::Authentik => "https://id.example/application/o/tv/",
        }
    }

    /// Lifetime of its codes in seconds (O-16, A-24; the RFC's own example and Google's say 1800).
    pub const fn code_lifetime(self) -> u64 {
        match self {
            Self::Rfc | Self::Google => 1800,
            Self::OktaOrg | Self::OktaCustomAs => 600,
            Self::Authentik => 60,
        }
    }

    /// Whether a person can say no there; authentik has no such control.
    pub const fn has_deny(self) -> bool {
        !matches!(self, Self::Authentik)
    }

    /// What a television there is configured with.
    pub fn settings(self) -> Settings {
        Settings {
            issuer: Some(self.url().into()),
            client_id: "tv".into(),
            ..Settings::default()
        }
    }

    /// A server of that kind.
    pub fn idp(self, signer: Arc<dyn Signer>) -> Idp {
        let mut setup = Setup::demo(signer);
        setup.page_origins.push(page::ORIGIN.into());
        let product = match self {
            Self::Rfc => Product::Rfc,
            Self::OktaOrg | Self::OktaCustomAs => Product::Okta,
            Self::Authentik => Product::Authentik,
            Self::Google => Product::Google,
        };
        Idp::new(product, setup)
    }
}
