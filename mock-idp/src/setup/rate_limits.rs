//! How many requests the products take: as they do, so many, or any number.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::personality::{AuthentikVersion, Product};
use crate::whole;

/// What one kind of issuers takes before it says 429.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(from = "Written", into = "Written")]
pub enum RateLimit {
    /// What the product takes.
    #[default]
    Usual,
    /// Everything.
    Off,
    /// So many: Okta requests a minute in each bucket (O-100), authentik starts an hour from one address.
    Count(usize),
}

/// Rate limits of all issuers.
///
/// Written as one value for all (`"off"`, `"usual"` or a number), or as a table of names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "Table", into = "Table")]
pub struct RateLimits {
    /// Of those without one of their own; `None` leaves them as they are.
    others: Option<RateLimit>,
    /// By the name of a kind of issuers, such as `okta-custom-as`.
    named: BTreeMap<String, RateLimit>,
}

impl RateLimits {
    /// The same for every issuer.
    pub fn all(limit: RateLimit) -> Self {
        Self {
            others: Some(limit),
            named: BTreeMap::new(),
        }
    }

    /// Sets the limit of one kind of issuers, such as `okta-custom-as`. The error says which have one.
    pub fn set(&mut self, issuer: &str, limit: RateLimit) -> Result<(), String> {
        let known = limited();
        if !known.contains(&issuer) {
            return Err(format!("{issuer:?} has no rate limit; {} have", known.join(", ")));
        }
        self.named.insert(issuer.to_owned(), limit);
        Ok(())
    }

    /// Does what `off`, `usual`, `600` or `okta-org=600` says.
    pub fn read(&mut self, text: &str) -> Result<(), String> {
        if let Some((issuer, limit)) = text.split_once('=') {
            return self.set(issuer, limit.parse()?);
        }
        *self = Self::all(text.parse()?);
        Ok(())
    }

    /// Takes over what others say, and keeps what they say nothing of.
    pub fn change(&mut self, changes: Self) {
        if changes.others.is_some() {
            *self = changes;
        } else {
            self.named.extend(changes.named);
        }
    }

    pub(crate) fn of(&self, issuer: &str) -> RateLimit {
        self.named.get(issuer).copied().or(self.others).unwrap_or_default()
    }
}

/// The kinds of issuers that have a limit to change.
fn limited() -> Vec<&'static str> {
    let kinds = Product::ALL
        .into_iter()
        .flat_map(|product| product.issuers(AuthentikVersion::default()));
    let limited = kinds.filter(|(personality, _)| personality.limits.can_change());
    limited.map(|(personality, _)| personality.name).collect()
}

impl std::str::FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse()) {
            ("usual", _) => Ok(Self::Usual),
            ("off", _) => Ok(Self::Off),
            (_, Ok(count)) => Ok(Self::Count(count)),
            _ => Err(format!("a rate limit is \"off\", \"usual\" or a number, not {text:?}")),
        }
    }
}

/// One limit as files and calls have it.
#[derive(Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = RateLimit))]
#[serde(untagged, expecting = "a rate limit is \"off\", \"usual\" or a number")]
pub(crate) enum Written {
    /// So many.
    Count(#[serde(deserialize_with = "whole::count")] usize),
    /// No number.
    Word(Word),
}

/// A limit that is no number.
#[derive(Clone, Copy, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub(crate) enum Word {
    /// Everything.
    Off,
    /// What the product takes.
    Usual,
}

impl From<Written> for RateLimit {
    fn from(written: Written) -> Self {
        match written {
            Written::Count(count) => Self::Count(count),
            Written::Word(Word::Off) => Self::Off,
            Written::Word(Word::Usual) => Self::Usual,
        }
    }
}

impl From<RateLimit> for Written {
    fn from(limit: RateLimit) -> Self {
        match limit {
            RateLimit::Usual => Self::Word(Word::Usual),
            RateLimit::Off => Self::Word(Word::Off),
            RateLimit::Count(count) => Self::Count(count),
        }
    }
}

/// All limits as files and calls have them.
#[derive(Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema), schema(as = RateLimits))]
#[serde(
    untagged,
    expecting = "rate limits are \"off\", \"usual\" or a number, or a table of such by issuer"
)]
pub(crate) enum Table {
    /// The same for all issuers.
    All(Written),
    /// By issuer.
    Named(BTreeMap<String, Written>),
}

impl TryFrom<Table> for RateLimits {
    type Error = String;

    fn try_from(table: Table) -> Result<Self, String> {
        match table {
            Table::All(limit) => Ok(Self::all(limit.into())),
            Table::Named(named) => {
                let mut limits = Self::default();
                for (issuer, limit) in named {
                    limits.set(&issuer, limit.into())?;
                }
                Ok(limits)
            }
        }
    }
}

impl From<RateLimits> for Table {
    fn from(limits: RateLimits) -> Self {
        let known = limited().into_iter();
        Self::Named(
            known
                .map(|issuer| (issuer.to_owned(), limits.of(issuer).into()))
                .collect(),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{RateLimit, RateLimits};
    use serde_json::{from_value, json};

    #[test]
    fn limits_are_read_for_all_issuers_and_for_each() {
        let read = |texts: &[&str]| {
            let mut limits = RateLimits::default();
            texts.iter().try_for_each(|text| limits.read(text)).map(|()| limits)
        };
        assert_eq!(read(&[]), Ok(RateLimits::default()));
        let limits = read(&["off", "okta-org=600", "authentik=usual"]).unwrap();
        assert_eq!(limits.of("okta-custom-as"), RateLimit::Off);
        assert_eq!(limits.of("okta-org"), RateLimit::Count(600));
        assert_eq!(limits.of("authentik"), RateLimit::Usual);
        let error = read(&["okta=600"]).unwrap_err();
        assert!(error.contains("okta-org, okta-custom-as, authentik"), "{error}");
        assert!(read(&["okta-org=many"]).unwrap_err().contains("\"usual\" or a number"));
    }

    #[test]
    fn limits_are_written_as_one_value_or_as_a_table() {
        assert_eq!(
            from_value::<RateLimits>(json!("off")).unwrap(),
            RateLimits::all(RateLimit::Off)
        );
        assert_eq!(
            from_value::<RateLimits>(json!(5)).unwrap(),
            RateLimits::all(RateLimit::Count(5))
        );
        let mut limits = RateLimits::default();
        limits.set("okta-org", RateLimit::Count(600)).unwrap();
        assert_eq!(from_value::<RateLimits>(json!({ "okta-org": 600 })).unwrap(), limits);
        let table = json!({ "okta-org": 600, "okta-custom-as": "usual", "authentik": "usual" });
        assert_eq!(serde_json::to_value(limits).unwrap(), table);
        let error = |written| from_value::<RateLimits>(written).unwrap_err().to_string();
        assert!(error(json!({ "rfc": 600 })).contains("okta-org, okta-custom-as, authentik"));
        assert!(error(json!("many")).contains("\"off\", \"usual\" or a number"));
        assert!(error(json!([])).contains("by issuer"));
    }

    #[test]
    fn a_change_leaves_alone_what_it_does_not_name() {
        let mut limits = RateLimits::all(RateLimit::Off);
        limits.change(from_value(json!({ "okta-org": 5 })).unwrap());
        assert_eq!(limits.of("okta-org"), RateLimit::Count(5));
        assert_eq!(limits.of("authentik"), RateLimit::Off);
        limits.change(from_value(json!("usual")).unwrap());
        assert_eq!(limits.of("okta-org"), RateLimit::Usual);
    }
}
