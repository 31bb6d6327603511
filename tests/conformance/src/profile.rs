//! What is known of products, so that it is no news: each deviation with its source.

use serde::Serialize;

/// A product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Profile {
    /// No product: every deviation is news.
    Rfc,
    /// Okta, org and custom authorization servers.
    Okta,
    /// authentik, from 2025.6 to 2026.5.
    Authentik,
    /// Google, for televisions and other devices with limited input.
    Google,
    /// GitHub's device flow.
    GitHub,
}

/// One way in which a product is known to deviate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Deviation {
    /// The check that meets it.
    #[serde(skip)]
    pub check: &'static str,
    /// How.
    pub how: &'static str,
    /// Who says so.
    pub source: &'static str,
}

const fn deviation(check: &'static str, how: &'static str, source: &'static str) -> Deviation {
    Deviation { check, how, source }
}

impl Profile {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Rfc, Self::Okta, Self::Authentik, Self::Google, Self::GitHub];

    /// As it is written on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc => "rfc",
            Self::Okta => "okta",
            Self::Authentik => "authentik",
            Self::Google => "google",
            Self::GitHub => "github",
        }
    }

    /// The profile of that name.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|profile| profile.name() == name)
    }

    /// How the product is known to deviate.
    pub const fn deviations(self) -> &'static [Deviation] {
        match self {
            Self::Rfc => &[],
            Self::Okta => OKTA,
            Self::Authentik => AUTHENTIK,
            Self::Google => GOOGLE,
            Self::GitHub => GITHUB,
        }
    }

    /// What is known about this check.
    pub fn deviation(self, check: &str) -> Option<Deviation> {
        self.deviations().iter().find(|each| each.check == check).copied()
    }
}

const OKTA_UNKNOWN: &str = "An unknown client is answered with Okta's own error object, which has no `error`.";
const OKTA_UNKNOWN_SOURCE: &str =
    "recorded by seven independent fixtures (O-54); other recordings have 401, and the mock has a switch for it (U-03)";

const OKTA: &[Deviation] = &[
    deviation("server.start.unknown-client", OKTA_UNKNOWN, OKTA_UNKNOWN_SOURCE),
    deviation("server.poll.unknown-client", OKTA_UNKNOWN, OKTA_UNKNOWN_SOURCE),
    deviation("server.poll.challenge", OKTA_UNKNOWN, OKTA_UNKNOWN_SOURCE),
    deviation("server.errors.shape", OKTA_UNKNOWN, OKTA_UNKNOWN_SOURCE),
    deviation(
        "server.metadata.place",
        "Custom authorization servers append the well-known name to the issuer.",
        "Okta's management API description, oauth (O-06)",
    ),
    deviation(
        "server.refresh.rotation",
        "Native apps keep their refresh token by default; an administrator can switch rotation on.",
        "Okta's guide to refresh tokens (O-128)",
    ),
];

const REPEATED: &str = "Of a field that comes twice the last counts.";
const REPEATED_SOURCE: &str = "Django's QueryDict, by which authentik reads forms (derived, U-14)";
const SECRETS: &str = "Up to 2026.2 a device asks for codes, and gets its tokens, without its client's secret.";
const SECRETS_SOURCE: &str = "goauthentik/authentik#20828 (A-11, A-57)";

const EMPTY: &str = "Before 2025.8 refusals where codes begin had no body.";
const EMPTY_SOURCE: &str = "goauthentik/authentik#15057 (A-13)";

const AUTHENTIK: &[Deviation] = &[
    deviation("server.start.no-client", EMPTY, EMPTY_SOURCE),
    deviation("server.start.unknown-client", EMPTY, EMPTY_SOURCE),
    deviation("server.errors.shape", EMPTY, EMPTY_SOURCE),
    deviation(
        "server.start.lifetime",
        "Codes live one minute unless the provider is set otherwise.",
        "authentik's models.py (A-24)",
    ),
    deviation("server.start.repeated", REPEATED, REPEATED_SOURCE),
    deviation("server.poll.repeated", REPEATED, REPEATED_SOURCE),
    deviation("server.start.wrong-secret", SECRETS, SECRETS_SOURCE),
    deviation("server.poll.no-secret", SECRETS, SECRETS_SOURCE),
    deviation(
        "server.slow-down.given",
        "The pace of polls is not measured.",
        "authentik's token view (A-25, A-53)",
    ),
    deviation(
        "server.poll.no-device-code",
        "A missing device code is answered like a wrong one, with invalid_grant.",
        "authentik's token view (A-52)",
    ),
    deviation(
        "server.poll.no-grant-type",
        "A missing grant type is answered unsupported_grant_type.",
        "authentik's token view (A-51)",
    ),
    deviation(
        "server.poll.challenge",
        "A client that is not believed is answered 400 and never WWW-Authenticate.",
        "authentik's token view (A-12, A-50)",
    ),
    deviation(
        "server.revocation.no-token",
        "A revocation without a token succeeds.",
        "goauthentik/authentik@02a34d2, views/token_revoke.py (A-100)",
    ),
    deviation(
        "server.revocation.access-tokens",
        "A refresh token is revoked alone.",
        "goauthentik/authentik@02a34d2, views/token_revoke.py (A-100)",
    ),
    deviation(
        "server.denied",
        "The person's page has no way to say no, so that the code stays pending.",
        "authentik's flows (A-56, A-119)",
    ),
    deviation(
        "server.expired.ends",
        "Up to 2026.2 an expired code stays pending until a job deletes it, within six minutes.",
        "authentik's models.py and tasks.py (A-54)",
    ),
    deviation(
        "server.expired.word",
        "An expired code is pending up to 2026.2, and invalid_grant from 2026.5 on.",
        "authentik's token view (A-49, A-54, A-55)",
    ),
];

const GOOGLE_PAGE: &str = "https://developers.google.com/identity/protocols/oauth2/limited-input-device, and the mock's assumptions for what it leaves out";

const GOOGLE: &[Deviation] = &[
    deviation(
        "server.start.verification-uri",
        "The address is called verification_url.",
        GOOGLE_PAGE,
    ),
    deviation("server.start.code-charset", "User codes have vowels.", GOOGLE_PAGE),
    deviation(
        "server.start.wrong-secret",
        "Codes are handed out without the client's secret.",
        GOOGLE_PAGE,
    ),
    deviation(
        "server.poll.pending-status",
        "authorization_pending comes with status 428.",
        GOOGLE_PAGE,
    ),
    deviation(
        "server.errors.status",
        "authorization_pending comes with status 428, access_denied and slow_down with 403.",
        GOOGLE_PAGE,
    ),
    deviation(
        "server.slow-down.status",
        "slow_down comes with status 403.",
        GOOGLE_PAGE,
    ),
    deviation(
        "server.poll.no-grant-type",
        "A missing grant type is answered unsupported_grant_type.",
        "as public clients quote it (G-03)",
    ),
    deviation(
        "server.poll.no-secret",
        "A missing secret is answered invalid_request.",
        "as public clients quote it (G-03)",
    ),
    deviation(
        "server.expired.word",
        "The documentation has no word for an expired code but invalid_grant.",
        "assumed (G-02)",
    ),
    deviation(
        "server.revocation.unknown",
        "A token that is not known is answered 400 with an error.",
        GOOGLE_PAGE,
    ),
];

const GITHUB_PAGE: &str = "https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/authorizing-oauth-apps#device-flow, read and not run";
const GITHUB_200: &str = "Errors come with status 200.";
const GITHUB_200_SOURCE: &str = "ramosbugs/oauth2-rs#218, panva/openid-client#575 (X-21)";

const GITHUB: &[Deviation] = &[
    deviation(
        "server.metadata.found",
        "There is no metadata: the documentation names the two addresses.",
        GITHUB_PAGE,
    ),
    deviation("server.poll.pending-status", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.slow-down.status", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.errors.status", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.denied", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.expired.word", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.poll.unknown-grant-type", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.poll.no-grant-type", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.poll.no-device-code", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.poll.no-client", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.poll.other-client", GITHUB_200, GITHUB_200_SOURCE),
    deviation("server.refresh.unknown", GITHUB_200, GITHUB_200_SOURCE),
    deviation(
        "server.poll.unknown-code",
        "A device code that is none is answered incorrect_device_code.",
        GITHUB_PAGE,
    ),
    deviation(
        "server.poll.unknown-client",
        "A client that is none is answered incorrect_client_credentials.",
        GITHUB_PAGE,
    ),
    deviation(
        "server.tokens.expires-in",
        "Tokens of OAuth apps do not expire, so that there is no expires_in.",
        GITHUB_PAGE,
    ),
];

#[cfg(test)]
mod tests {
    use super::Profile;
    use crate::server::CHECKS;

    #[test]
    fn every_deviation_is_met_by_one_check_that_exists() {
        for profile in Profile::ALL {
            let checks: Vec<_> = profile.deviations().iter().map(|each| each.check).collect();
            for check in &checks {
                assert!(
                    CHECKS.iter().any(|each| each.about.id == *check),
                    "{}: {check}",
                    profile.name()
                );
                assert_eq!(
                    checks.iter().filter(|each| each == &check).count(),
                    1,
                    "{}: {check}",
                    profile.name()
                );
            }
        }
    }
}
