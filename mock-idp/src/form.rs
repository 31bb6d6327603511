//! Form fields, from a body or a query, with the few questions the products ask of them.

use std::borrow::Cow;
use std::collections::HashSet;

/// Decoded `application/x-www-form-urlencoded` fields in order of arrival.
///
/// Bytes that are not UTF-8 decode to U+FFFD, so that any input is a form.
#[derive(Debug)]
pub(crate) struct Form<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl Form<'static> {
    /// No fields at all.
    pub(crate) const EMPTY: &Self = &Self(Vec::new());
}

impl<'a> Form<'a> {
    pub(crate) fn parse(bytes: &'a [u8]) -> Self {
        Self(form_urlencoded::parse(bytes).collect())
    }

    /// The last value of that name that is not empty.
    ///
    /// An empty value counts as absent (S-05); of several, Django's `QueryDict` takes the last (section 6 item 6).
    pub(crate) fn value(&self, name: &str) -> Option<&str> {
        let last = self.0.iter().rev().find(|(key, _)| key == name)?;
        (!last.1.is_empty()).then_some(&*last.1)
    }

    /// Whether some name comes more than once.
    pub(crate) fn has_duplicates(&self) -> bool {
        let mut names: Vec<_> = self.0.iter().map(|(name, _)| name).collect();
        names.sort_unstable();
        names.windows(2).any(|pair| pair[0] == pair[1])
    }

    /// The same form with nothing but the first value of each name.
    pub(crate) fn first_of_each(mut self) -> Self {
        let mut names = HashSet::new();
        self.0.retain(|(name, _)| names.insert(name.clone()));
        self
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Adds the fields of another form whose names this one does not have.
    pub(crate) fn fall_back_on(&mut self, other: Self) {
        let (Self(mut fields), own) = (other, std::mem::take(&mut self.0));
        fields.retain(|(name, _)| own.iter().all(|(key, _)| key != name));
        self.0 = own;
        self.0.extend(fields);
    }
}

impl FromIterator<(String, String)> for Form<'_> {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(fields: I) -> Self {
        let owned = |(name, value): (String, String)| (name.into(), value.into());
        Self(fields.into_iter().map(owned).collect())
    }
}
