//! Facts about codes: what they are made of and how a typed one is compared.

/// What a code is made of.
#[derive(Clone, Copy)]
pub(crate) enum CodeShape {
    Uuid,
    /// So many characters of an alphabet.
    Characters(&'static str, usize),
    /// Groups of so many characters of an alphabet, joined by a hyphen.
    Groups(&'static str, &'static [usize]),
}

/// How a typed user code is compared.
#[derive(Clone, Copy)]
pub(crate) enum UserCodeMatch {
    /// After folding case and dropping every character outside this alphabet (S-26).
    Folded(&'static str),
    /// Character by character, surrounding blanks aside.
    Exact,
}

impl UserCodeMatch {
    /// A typed user code in the form in which it was handed out, as far as the product forgives.
    pub(crate) fn typed(self, shape: CodeShape, text: &str) -> String {
        let Self::Folded(alphabet) = self else {
            return text.trim().to_owned();
        };
        let upper = text.chars().map(|character| character.to_ascii_uppercase());
        let mut rest = upper.filter(|&character| alphabet.contains(character));
        let CodeShape::Groups(_, groups) = shape else {
            return rest.collect();
        };
        let mut parts: Vec<String> = groups
            .iter()
            .map(|&length| rest.by_ref().take(length).collect())
            .collect();
        // What is too much belongs to the last group, and makes the code wrong.
        parts.last_mut().into_iter().for_each(|last| last.extend(rest.by_ref()));
        parts.join("-")
    }
}

#[cfg(test)]
mod tests {
    use super::{CodeShape, UserCodeMatch};

    const BASE20: &str = "BCDFGHJKLMNPQRSTVWXZ";

    #[test]
    fn a_folded_code_forgives_case_and_everything_between() {
        // RFC 8628 section 6.1.
        let grouped = CodeShape::Groups(BASE20, &[4, 4]);
        let plain = CodeShape::Characters(BASE20, 8);
        for typed in ["WDJB-MJHT", "wdjb mjht", " wdjbmjht.", "W-D-J-B-M-J-H-T"] {
            assert_eq!(UserCodeMatch::Folded(BASE20).typed(grouped, typed), "WDJB-MJHT");
            assert_eq!(UserCodeMatch::Folded(BASE20).typed(plain, typed), "WDJBMJHT");
        }
        assert_eq!(UserCodeMatch::Folded(BASE20).typed(grouped, "WDJB-MJHTW"), "WDJB-MJHTW");
        assert_eq!(UserCodeMatch::Folded(BASE20).typed(grouped, "ä"), "-");
    }

    #[test]
    fn an_exact_code_forgives_only_blanks_around_it() {
        //
        let digits = CodeShape::Characters("0123456789", 9);
        assert_eq!(UserCodeMatch::Exact.typed(digits, " 019450730 "), "019450730");
        assert_eq!(UserCodeMatch::Exact.typed(digits, "019-450-730"), "019-450-730");
    }
}
