//! The scenarios that have a name: what servers and networks were seen to do to real clients.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{FaultError, Step};

/// A misfortune with a name, as somebody met it.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    /// Such as `X-23`.
    pub id: String,
    /// What happens, in one sentence.
    pub summary: String,
    /// What a correct client does.
    pub expect: String,
    /// Where it was seen: issues of other projects (`owner/name#number`), facts, or a standard's section.
    pub seen_in: Vec<String>,
    /// How many requests it acts on unless told otherwise; without a number until it is switched off.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// Its forms; the first is the one that is meant when none is named.
    pub variants: Vec<Variant>,
}

/// One form of a scenario.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Variant {
    /// Empty if it is the only one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What happens.
    pub steps: Vec<Step>,
}

/// Every scenario, in the order of its id.
pub fn catalogue() -> &'static [Scenario] {
    static CATALOGUE: LazyLock<Vec<Scenario>> =
        LazyLock::new(|| serde_json::from_str(include_str!("scenarios.json")).unwrap_or_default());
    &CATALOGUE
}

/// The three ids whose numbers are nearest.
pub(super) fn nearest(id: &str) -> Vec<&'static str> {
    let number = |id: &str| {
        let digits: String = id.chars().filter(char::is_ascii_digit).take(4).collect();
        digits.parse::<u32>().unwrap_or_default()
    };
    let mut ids: Vec<_> = catalogue().iter().map(|scenario| scenario.id.as_str()).collect();
    ids.sort_by_key(|each| number(each).abs_diff(number(id)));
    ids.truncate(3);
    ids
}

impl Scenario {
    pub(super) fn variant(&self, name: Option<&str>) -> Result<&Variant, FaultError> {
        let found = match name {
            None => self.variants.first(),
            Some(name) => self.variants.iter().find(|variant| variant.name == name),
        };
        found.ok_or_else(|| {
            let named = self.variants.iter().filter(|variant| !variant.name.is_empty());
            let known = named.map(|variant| variant.name.clone()).collect();
            FaultError::UnknownVariant(self.id.clone(), name.unwrap_or_default().to_owned(), known)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Scenario, catalogue};
    use crate::fault::Script;

    #[test]
    fn the_catalogue_is_read_whole() {
        let read: Result<Vec<Scenario>, _> = serde_json::from_str(include_str!("scenarios.json"));
        assert_eq!(read.map_err(|problem| problem.to_string()).as_deref(), Ok(catalogue()));
    }

    #[test]
    fn every_scenario_is_a_sound_script_with_a_name_of_its_own() {
        let ids: Vec<_> = catalogue().iter().map(|scenario| &scenario.id).collect();
        assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
        for scenario in catalogue() {
            let names: Vec<_> = scenario.variants.iter().map(|variant| &variant.name).collect();
            assert!(
                names.len() == 1 || names.iter().all(|name| !name.is_empty()),
                "{names:?}"
            );
            for variant in &scenario.variants {
                let script = Script {
                    steps: variant.steps.clone(),
                    ..Script::default()
                };
                assert_eq!(script.check(), Ok(()), "{} {}", scenario.id, variant.name);
            }
        }
    }
}
