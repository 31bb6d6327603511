//! A scenario that is on from the start.

use std::str::FromStr;

use serde::Deserialize;

use crate::fault::Switch;

/// A scenario that is on from the start.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScenarioSettings {
    /// Such as `X-23`.
    pub id: String,
    /// Which form of it, by name; without one, its first.
    pub variant: Option<String>,
    /// For this client alone.
    pub client: Option<String>,
    /// At this issuer alone, by name such as `okta-org`.
    pub issuer: Option<String>,
    /// For so many requests; without a number as many as the scenario says, else until it is switched off.
    pub count: Option<u64>,
}

impl ScenarioSettings {
    pub(super) fn switch(&self) -> Switch {
        Switch {
            variant: self.variant.clone(),
            client: self.client.clone(),
            issuer: self.issuer.clone(),
            count: self.count,
        }
    }
}

impl FromStr for ScenarioSettings {
    type Err = std::convert::Infallible;

    /// `X-23`, or `X-23:503` for one of its variants.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (id, variant) = match text.split_once(':') {
            Some((id, variant)) => (id, Some(variant.to_owned())),
            None => (text, None),
        };
        Ok(Self {
            id: id.to_owned(),
            variant,
            ..Self::default()
        })
    }
}
