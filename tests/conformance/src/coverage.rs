//! Which rules are covered by which checks, and which cannot be seen from outside.

use std::fmt::Write;

use crate::check::Check;
use crate::{client, server};

/// A rule, in a few words, and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Such as `S-33`.
    pub id: &'static str,
    /// Where it stands.
    pub source: &'static str,
    /// What it is about.
    pub about: &'static str,
    /// What of it no check sees, and why; empty if checks see all of it.
    pub unseen: &'static str,
}

const fn rule(id: &'static str, source: &'static str, about: &'static str, unseen: &'static str) -> Rule {
    Rule {
        id,
        source,
        about,
        unseen,
    }
}

const PAGE: &str = "the person's page: every product's is another, and the kit has a hook in its place";
const PROOFS: &str = "the kit makes no DPoP proofs";
const ADVICE: &str = "a decision of people, with no trace on the wire";

/// Every rule of the kit's list.
#[rustfmt::skip]
pub const RULES: &[Rule] = &[
    rule("S-01", "RFC 8628 section 3.1", "requests are forms by POST, over TLS", "TLS of a client: its server is on loopback"),
    rule("S-02", "RFC 8628 section 3.1", "a request for a code names its client", ""),
    rule("S-03", "RFC 8628 section 3.1", "scope is optional, and a list of words", ""),
    rule("S-04", "RFC 8628 section 3.1", "a client with a secret proves itself", ""),
    rule("S-05", "RFC 8628 section 3.1", "empty parameters are absent, unknown ones ignored", ""),
    rule("S-06", "RFC 8628 section 3.1", "nothing comes twice", ""),
    rule("S-07", "RFC 8628 section 3.3", "a sign-in begins when a person wants it", "the first one: the kit is who starts the client"),
    rule("S-08", "RFC 8628 section 3.1", "the endpoint is not for browsers", "CORS is no part of the standard"),
    rule("S-10", "RFC 8628 section 3.2", "device_code, hard to guess", "how random it is: only its length and that it changes"),
    rule("S-11", "RFC 8628 section 3.2", "user_code", ""),
    rule("S-12", "RFC 8628 section 3.2", "verification_uri, short", ""),
    rule("S-13", "RFC 8628 section 3.2", "verification_uri_complete is optional", ""),
    rule("S-14", "RFC 8628 section 3.2", "expires_in", ""),
    rule("S-15", "RFC 8628 section 3.2", "interval, or five seconds", ""),
    rule("S-16", "RFC 8628 section 3.2", "200, JSON, not to be stored", ""),
    rule("S-17", "RFC 8628 section 3.2", "refusals as in RFC 6749", ""),
    rule("S-20", "RFC 8628 section 3.3", "the client shows code and address", "screens: only what is written to standard output and error"),
    rule("S-21", "RFC 8628 section 3.3", "the code is no part of the address", ""),
    rule("S-22", "RFC 8628 section 3.3.1", "a QR symbol does not replace the code", "what is in a symbol"),
    rule("S-23", "RFC 8628 section 3.3.1", "the page asks to compare the code", PAGE),
    rule("S-24", "RFC 8628 section 3.3", "the page says what is authorized, and lets people refuse", PAGE),
    rule("S-25", "RFC 8628 section 6.1", "the characters of user codes", ""),
    rule("S-26", "RFC 8628 section 6.1", "codes are compared without case and punctuation", PAGE),
    rule("S-27", "RFC 8628 section 5.1", "wrong codes are limited", PAGE),
    rule("S-28", "RFC 8628 section 5.4", "codes live neither too short nor too long", ""),
    rule("S-29", "RFC 8628 section 5.3", "devices, onlookers and shipped secrets are not to be trusted", ADVICE),
    rule("S-30", "RFC 8628 section 3.4", "what a poll says", ""),
    rule("S-31", "RFC 8628 section 3.5", "the interval between polls", ""),
    rule("S-32", "RFC 8628 section 3.5", "authorization_pending", ""),
    rule("S-33", "RFC 8628 section 3.5", "slow_down", ""),
    rule("S-34", "RFC 8628 section 3.5", "access_denied", ""),
    rule("S-35", "RFC 8628 section 3.5", "expired_token", ""),
    rule("S-36", "RFC 8628 section 3.5", "any other error ends it", "whether people are told: only the exit status"),
    rule("S-37", "RFC 8628 section 3.5", "back-off after a timeout", "when a client gives an answer up: only when it asks again"),
    rule("S-38", "RFC 6749 section 5.2", "these errors have status 400", ""),
    rule("S-39", "RFC 8628 section 3.5", "a client may stop by its own clock", ""),
    rule("S-40", "RFC 6749 section 3.2", "the token endpoint: POST, nothing twice", ""),
    rule("S-41", "RFC 6749 section 5.1", "tokens, not to be stored", ""),
    rule("S-42", "RFC 6749 section 5.2", "the shape of an error", ""),
    rule("S-43", "RFC 6749 section 5.2", "the six codes", "unauthorized_client and invalid_scope of a start: they need a set-up of their own"),
    rule("S-44", "RFC 6749 section 5.2", "401 with a challenge", ""),
    rule("S-45", "RFC 6749 section 5.2", "the characters of an error", ""),
    rule("S-46", "RFC 6749 section 6", "refreshes", ""),
    rule("S-50", "RFC 8628 section 4", "what metadata says of the grant", ""),
    rule("S-51", "RFC 8414 section 3", "where metadata is, and its issuer", ""),
    rule("S-52", "RFC 7009", "revocation", "unsupported_token_type and 503: no request provokes them everywhere"),
    rule("S-53", "RFC 7662", "introspection", ""),
    rule("S-60", "RFC 9449 section 5", "each poll has a proof of its own", "that it is sound: only that there is one"),
    rule("S-61", "RFC 9449 section 10", "a start cannot be bound", "there is nothing to break"),
    rule("S-62", "RFC 9449 section 5", "tokens are bound", PROOFS),
    rule("S-63", "RFC 9449 section 8", "use_dpop_nonce", "of a server: the kit makes no DPoP proofs"),
    rule("S-64", "RFC 9449 section 8", "a poll sent back for a nonce is not over", ""),
    rule("S-65", "RFC 9449 section 5.1", "what metadata says of proofs", "optional, so that nothing can be missing"),
    rule("S-70", "RFC 10027", "the risk is assessed", ADVICE),
    rule("S-71", "RFC 10027", "the grant is not used where it need not be", ADVICE),
    rule("S-72", "RFC 10027", "the two devices are near each other", ADVICE),
    rule("S-73", "RFC 10027", "short lives, single use, unique codes, bound or rotated tokens", "messages filtered, people taught, attacks detected"),
    rule("S-74", "RFC 10027", "the page shows the context and a way to decline", PAGE),
    rule("S-75", "RFC 10027", "other ways of signing in", ADVICE),
];

fn all() -> impl Iterator<Item = Check> {
    let clients = client::CHECKS.iter().map(|check| check.about);
    clients.chain(server::CHECKS.iter().map(|check| check.about))
}

/// The table of the README.
pub fn table() -> String {
    let mut out = String::from("| rule | source | about | checks | not seen |\n| --- | --- | --- | --- | --- |\n");
    for rule in RULES {
        let checks = all().filter(|check| check.rules.contains(&rule.id));
        let checks: Vec<_> = checks.map(|check| format!("`{}`", check.id)).collect();
        let checks = checks.join(", ");
        writeln!(
            out,
            "| {} | {} | {} | {checks} | {} |",
            rule.id, rule.source, rule.about, rule.unseen
        )
        .unwrap_or_default();
    }
    out
}

/// The table of all checks.
pub fn checks() -> String {
    let mut out = String::from("| check | level | source | requirement |\n| --- | --- | --- | --- |\n");
    for check in all() {
        let source = check
            .link()
            .map_or(check.source.to_owned(), |link| format!("[{}]({link})", check.source));
        writeln!(
            out,
            "| `{}` | {} | {source} | {} |",
            check.id,
            check.level.word(),
            check.requirement
        )
        .unwrap_or_default();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{RULES, all};

    #[test]
    fn every_rule_is_checked_or_says_why_not() {
        for rule in RULES {
            let is_checked = all().any(|check| check.rules.contains(&rule.id));
            assert!(is_checked || !rule.unseen.is_empty(), "{}", rule.id);
        }
        assert!(RULES.is_sorted_by(|one, other| one.id < other.id));
    }

    #[test]
    fn every_check_names_rules_and_cases_that_exist() {
        let mut ids = Vec::new();
        for check in all() {
            assert!(!check.rules.is_empty(), "{}", check.id);
            for id in check.rules {
                assert!(RULES.iter().any(|rule| rule.id == *id), "{}: {id}", check.id);
            }
            for id in check.cases {
                assert!(
                    mock_idp::catalogue().iter().any(|case| case.id == *id),
                    "{}: {id}",
                    check.id
                );
            }
            ids.push(check.id);
        }
        let all = ids.len();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), all, "every check has a name of its own");
    }
}
