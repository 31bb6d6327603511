//! Facts about codes: what they are made of, how they are handed out and how a typed one is compared.

/// What a code is made of.
#[derive(Clone, Copy)]
pub(crate) enum CodeShape {
    Uuid,
    /// So many characters of an alphabet.
    Characters(&'static str, usize),
    /// A prefix and so many characters of an alphabet.
    Prefixed(&'static str, &'static str, usize),
    /// Groups of so many characters of an alphabet, joined by a hyphen.
    Groups(&'static str, &'static [usize]),
}

/// What a member of the device authorization response tells (RFC 8628 section 3.2), whatever the product calls it.
#[derive(Clone, Copy)]
pub(crate) enum CodesMember {
    DeviceCode,
    UserCode,
    VerificationUri,
    VerificationUriComplete,
    ExpiresIn,
    Interval,
}

/// How a user code typed on the person's page is compared.
#[derive(Clone, Copy)]
pub(crate) enum UserCodeMatch {
    /// After folding case and dropping every character outside the alphabet (S-26).
    Folded,
    /// Character by character, surrounding blanks aside.
    Exact,
}

impl UserCodeMatch {
    /// A typed user code in the form in which it was handed out, as far as the product forgives.
    pub(crate) fn typed(self, shape: CodeShape, text: &str) -> String {
        match self {
            Self::Folded => shape.fold(text),
            Self::Exact => text.trim().to_owned(),
        }
    }
}

impl CodeShape {
    /// 128 letters, digits and all 32 ASCII punctuation marks.
    pub(crate) const PRINTABLE_128: Self = Self::Characters(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
        128,
    );

    /// Whether such a code has nothing but digits.
    pub(crate) fn is_numeric(self) -> bool {
        match self {
            Self::Uuid => false,
            Self::Prefixed(prefix, alphabet, _) => is_digits(prefix) && is_digits(alphabet),
            Self::Characters(alphabet, _) | Self::Groups(alphabet, _) => is_digits(alphabet),
        }
    }

    /// A code as it was handed out, from one typed with other case and other characters between (S-26).
    pub(crate) fn fold(self, text: &str) -> String {
        // A letter in the case that the alphabet has it in.
        let in_case = |alphabet: &str, character: char| {
            let cases = [
                character,
                character.to_ascii_uppercase(),
                character.to_ascii_lowercase(),
            ];
            cases.into_iter().find(|&each| alphabet.contains(each))
        };
        match self {
            Self::Uuid => text.trim().to_ascii_lowercase(),
            Self::Prefixed(..) => text.trim().to_owned(),
            Self::Characters(alphabet, _) => text.chars().filter_map(|each| in_case(alphabet, each)).collect(),
            Self::Groups(alphabet, groups) => {
                let mut rest = text.chars().filter_map(|each| in_case(alphabet, each));
                let mut parts: Vec<String> = groups
                    .iter()
                    .map(|&length| rest.by_ref().take(length).collect())
                    .collect();
                // What is too much belongs to the last group, and makes the code wrong.
                parts.last_mut().into_iter().for_each(|last| last.extend(rest.by_ref()));
                parts.join("-")
            }
        }
    }
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
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
            assert_eq!(UserCodeMatch::Folded.typed(grouped, typed), "WDJB-MJHT");
            assert_eq!(UserCodeMatch::Folded.typed(plain, typed), "WDJBMJHT");
        }
        assert_eq!(UserCodeMatch::Folded.typed(grouped, "WDJB-MJHTW"), "WDJB-MJHTW");
        assert_eq!(UserCodeMatch::Folded.typed(grouped, "ä"), "-");
    }

    #[test]
    fn a_code_in_lower_case_forgives_as_much() {
        // RFC 8628 section 6.1 folds case; to which one is the server's choice.
        let lower = CodeShape::Groups("bcdfghjklmnpqrstvwxz", &[4, 4]);
        for typed in ["wdjb-mjht", "WDJB-MJHT", "wdjb MJHT", "wdjbmjht"] {
            assert_eq!(UserCodeMatch::Folded.typed(lower, typed), "wdjb-mjht");
        }
    }

    #[test]
    fn an_exact_code_forgives_only_blanks_around_it() {
        //
        let digits = CodeShape::Characters("0123456789", 9);
        assert_eq!(UserCodeMatch::Exact.typed(digits, " 019450730 "), "019450730");
        assert_eq!(UserCodeMatch::Exact.typed(digits, "019-450-730"), "019-450-730");
    }
}
