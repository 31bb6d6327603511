//! authentik's flows for devices: what an administrator has set up. No other product has flows.

use serde::Deserialize;

use super::People;

/// The brand's flow for devices, and the flow by which people agree to its applications.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Flows {
    /// Whether the brand has a default code flow. Without one codes are handed out all the same, but the address that
    /// devices show answers 404.
    pub device_code: bool,
    /// To whom that flow applies; left out, to everybody. Others find 404 where they would type the code.
    pub applies_to: Option<People>,
    /// Whether the authorization flow asks nobody: then whoever is signed in and opens the complete address has
    /// approved.
    pub implicit_consent: bool,
}

impl Default for Flows {
    fn default() -> Self {
        Self {
            device_code: true,
            applies_to: None,
            implicit_consent: false,
        }
    }
}
