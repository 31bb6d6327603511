//! What of Okta rests on assumptions. Status and shape of refusals stand with the refusals.

use std::time::Duration;

use super::{ACCESS_TOKEN, ORG, VERSION};
use crate::personality::assumptions::{
    OktaAfterExpiry, OktaBrowserRequests, OktaDeviceCors, OktaJtiSuffix, OktaPolicyAsked, OktaSlowDown,
    OktaTooManyCodes, OktaUserCode, OktaWrongCodes,
};
use crate::personality::{
    AccessToken, AfterExpiry, Allow, Assumptions, Claim, CodeShape, Limit, Pages, Personality, PolicyAsked, Shown,
    Source, TooFast, UserCodeMatch,
};
use crate::random::BASE64URL;

/// What the names of televisions' and Teslas' browsers hold (O-80): LG's webOS writes itself with a zero, Samsung's
/// runs on Tizen.
const TELEVISIONS: &[&str] = &["Web0S", "webOS", "Tizen", "Tesla"];

pub(super) fn assume(facts: &mut Personality, assumed: &Assumptions) {
    facts.policy_asked = match assumed.okta_policy_asked {
        OktaPolicyAsked::OnceSignedIn => PolicyAsked::OnceSignedIn,
        OktaPolicyAsked::AlsoAtStart => PolicyAsked::AlsoAtStart,
        OktaPolicyAsked::AlsoAtEveryPoll => PolicyAsked::AlsoAtEveryPoll,
    };
    facts.too_fast = match assumed.okta_slow_down {
        OktaSlowDown::Remembered => TooFast::SlowDown,
        OktaSlowDown::Forgotten => TooFast::SlowDownForgotten,
        OktaSlowDown::Lenient => TooFast::SlowDownWithin(Duration::from_secs(2)), // section 2.13
    };
    facts.after_expiry = match assumed.okta_after_expiry {
        OktaAfterExpiry::TenMinutes => ORG.after_expiry,
        OktaAfterExpiry::AtOnce => AfterExpiry::Unknown,
        OktaAfterExpiry::AnHour => AfterExpiry::ExpiredToken(Duration::from_secs(3600)),
    };
    facts.cors.device_authorization = match assumed.okta_device_cors {
        OktaDeviceCors::TrustedOrigins => Allow::Registered,
        OktaDeviceCors::AnyOrigin => Allow::Echo,
        OktaDeviceCors::NoOrigin => Allow::Nobody,
    };
    (facts.user_code, facts.user_code_match) = match assumed.okta_user_code {
        OktaUserCode::Letters => (ORG.user_code, UserCodeMatch::Folded),
        OktaUserCode::LettersExactly => (ORG.user_code, UserCodeMatch::Exact),
        OktaUserCode::LettersAndDigits => {
            let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789"; // O-15: another emulator's guess
            (CodeShape::Characters(alphabet, 8), UserCodeMatch::Folded)
        }
    };
    facts.cors.token_refuses = match assumed.okta_browser_requests {
        OktaBrowserRequests::ForeignBrowsers => ORG.cors.token_refuses,
        OktaBrowserRequests::ForeignOrigins => Pages {
            foreign: Shown::Anywhere,
            ..Pages::NONE
        },
        OktaBrowserRequests::AllButTelevisions => Pages {
            registered: Shown::ByBrowserBut(TELEVISIONS),
            ..ORG.cors.token_refuses
        },
    };
    facts.limits.codes = match assumed.okta_too_many_codes {
        OktaTooManyCodes::SixtyAMinute => ORG.limits.codes,
        OktaTooManyCodes::Never => None,
    };
    facts.page.wrong_codes = match assumed.okta_wrong_codes {
        OktaWrongCodes::Unlimited => None,
        OktaWrongCodes::Five => Some(Limit {
            count: 5,
            window: facts.code_lifetime,
        }),
    };
}

/// For the org authorization server.
pub(super) fn assume_org(facts: &mut Personality, assumed: &Assumptions) {
    assume(facts, assumed);
    if assumed.okta_jti_suffix == OktaJtiSuffix::Oar {
        facts.tokens.access_token = AccessToken::Jwt(WITH_REFRESH_ID);
    }
}

/// As the org server's access token, and its `jti` names the refresh token.
const WITH_REFRESH_ID: &[&[Claim]] = &[
    &[
        VERSION,
        Claim::new("jti", Source::WithRefreshId("AT.", BASE64URL, 43, ".oar")),
    ],
    ACCESS_TOKEN,
];
