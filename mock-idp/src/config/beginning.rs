//! How time and keys are at the start.

use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, Error};

use crate::clock::{Beginning, check_moment, check_skew};
use crate::keys::Rs256Signer;
use crate::server::StartError;
use crate::setup::MOST_RETIRED;
use crate::signer::Signer;
use crate::time::Instant;

/// How the clock begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ClockSettings {
    /// Where, in seconds since 1970; without a moment at the system's.
    #[serde(deserialize_with = "moment")]
    pub now: Option<u64>,
    /// Whether only calls move it.
    pub frozen: bool,
    /// Tokens and `Date` headers tell a time so many seconds ahead; deadlines stay.
    #[serde(deserialize_with = "skew")]
    pub skew: i64,
}

/// What signs tokens.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeySettings {
    /// Signs with a new key instead of the published test-only one.
    pub fresh: bool,
    /// How many new keys, up to nine, are published beside it as if they had signed before (O-126).
    #[serde(deserialize_with = "retired")]
    pub retired: u8,
}

impl From<ClockSettings> for Beginning {
    fn from(settings: ClockSettings) -> Self {
        Self {
            now: settings.now.map(Instant::from_seconds),
            frozen: settings.frozen,
        }
    }
}

impl KeySettings {
    /// What signs from the start.
    pub(crate) fn signer(self) -> Result<Arc<dyn Signer>, StartError> {
        if self.fresh {
            return fresh();
        }
        let signer = Rs256Signer::test_only().map_err(|_| StartError::Key)?;
        Ok(Arc::new(signer))
    }

    /// What is published beside it.
    pub(crate) fn retired_signers(self) -> Result<Vec<Arc<dyn Signer>>, StartError> {
        (0..self.retired).map(|_| fresh()).collect()
    }
}

fn fresh() -> Result<Arc<dyn Signer>, StartError> {
    let signer = Rs256Signer::fresh().map_err(|_| StartError::Key)?;
    Ok(Arc::new(signer))
}

fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    let now = u64::deserialize(deserializer)?;
    check_moment(now).map_err(Error::custom)?;
    Ok(Some(now))
}

fn skew<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    let skew = i64::deserialize(deserializer)?;
    check_skew(skew).map_err(Error::custom)?;
    Ok(skew)
}

fn retired<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u8, D::Error> {
    let retired = u8::deserialize(deserializer)?;
    if usize::from(retired) > MOST_RETIRED {
        return Err(Error::custom(format!("retired must be from 0 to {MOST_RETIRED}")));
    }
    Ok(retired)
}
