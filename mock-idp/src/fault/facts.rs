//! A server that behaves in another way than its product: what a scenario may change about a personality.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::personality::{
    AfterExpiry, CodeShape, Falsehoods, Limit, NOT_ACTIVATED, NoEntry, Personality, TooFast, WrongCode,
};

/// How the server deviates from its product; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct FactChanges {
    /// What becomes of a poll that comes too soon.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub too_fast: Option<Pacing>,
    /// `interval`, in seconds, told and meant.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::whole::some_count"
    )]
    pub interval: Option<u64>,
    /// `expires_in`, in seconds, told and meant.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::whole::some_count"
    )]
    pub expires_in: Option<u64>,
    /// What polls hear once `expires_in` is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_expiry: Option<CodesAfterExpiry>,
    /// The person's page still takes codes that have expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_expired_codes: Option<bool>,
    /// So many codes an hour for one caller.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::whole::some_count"
    )]
    pub starts_per_hour: Option<usize>,
    /// What device codes look like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_code: Option<DeviceCodes>,
    /// What user codes look like.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_code: Option<UserCodes>,
    /// Whether every refresh replaces the refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_rotates: Option<bool>,
    /// Whether a scope sent with a refresh must hold `offline_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_needs_offline_access: Option<bool>,
    /// `iat`, `auth_time` and `exp` of tokens are so many seconds off.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "crate::whole::some_difference"
    )]
    pub tokens_off_by: Option<i64>,
    /// Tokens name a `kid` that the keys do not have.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_kid: Option<bool>,
    /// Tokens claim HS256, which a public client cannot verify, and the keys are `{}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_keys: Option<bool>,
    /// Whoever has signed in on the person's page is turned away, for this reason.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub turns_away: Option<TurnsAway>,
    /// The person's page takes a code for a number, and loses its leading zeros.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub loses_zeros: Option<bool>,
    /// `iss` of ID tokens has a slash at its end where the issuer has none, and none where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issuer_slash: Option<bool>,
}

/// What becomes of polls that come too soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Pacing {
    /// `slow_down` for a poll sooner than the interval (less 0.2 s) after the answer before it.
    SlowDown,
    /// The same, and the first poll counts from the moment the code was handed out.
    Strict,
    /// Nothing.
    Ignored,
}

/// What polls hear once `expires_in` is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum CodesAfterExpiry {
    /// `expired_token` for ten minutes.
    ExpiredToken,
    /// `invalid_grant` at once.
    InvalidGrant,
    /// `authorization_pending`, as if nothing had happened, for ten minutes.
    AuthorizationPending,
}

/// What device codes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum DeviceCodes {
    /// 128 characters, every ASCII punctuation mark among the possible ones.
    Punctuation,
}

/// What user codes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum UserCodes {
    /// Such as `019450`.
    SixDigits,
    /// Such as `019-450-730`, the sample of RFC 8628 section 6.1.
    GroupedDigits,
    /// Such as `WDJBMJHT`.
    EightLetters,
    /// Such as `WDJB-MJHT-QXRZ`.
    TwelveLetters,
    /// Such as `wdjb-mjht`.
    LowerCase,
    /// Such as `019450730`, always with a zero in front.
    LeadingZero,
}

/// Why somebody who has signed in gets nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TurnsAway {
    /// They are not assigned to the client.
    NotAssigned,
    /// The access policy has no rule for it.
    DeniedByPolicy,
}

const TEN_MINUTES: Duration = Duration::from_secs(600);
const DIGITS: &str = "0123456789";
const LETTERS: &str = "BCDFGHJKLMNPQRSTVWXZ";

impl FactChanges {
    /// Alters what the server goes by while it answers one request.
    pub(crate) fn alter(&self, facts: &mut Personality) {
        if let Some(pacing) = self.too_fast {
            facts.too_fast = match pacing {
                Pacing::SlowDown => TooFast::SlowDown,
                Pacing::Strict => TooFast::SlowDownFromTheFirst,
                Pacing::Ignored => TooFast::Ignored,
            };
        }
        if let Some(after_expiry) = self.after_expiry {
            facts.after_expiry = match after_expiry {
                CodesAfterExpiry::ExpiredToken => AfterExpiry::ExpiredToken(TEN_MINUTES),
                CodesAfterExpiry::InvalidGrant => AfterExpiry::Unknown,
                CodesAfterExpiry::AuthorizationPending => AfterExpiry::Pending(TEN_MINUTES),
            };
        }
        if let Some(DeviceCodes::Punctuation) = self.device_code {
            facts.device_code = CodeShape::PRINTABLE_128;
        }
        if let Some(shape) = self.user_code {
            facts.user_code = match shape {
                UserCodes::SixDigits => CodeShape::Characters(DIGITS, 6),
                UserCodes::GroupedDigits => CodeShape::Groups(DIGITS, &[3, 3, 3]),
                UserCodes::EightLetters => CodeShape::Characters(LETTERS, 8),
                UserCodes::TwelveLetters => CodeShape::Groups(LETTERS, &[4, 4, 4]),
                UserCodes::LeadingZero => CodeShape::Prefixed("0", DIGITS, 8),
                UserCodes::LowerCase => CodeShape::Groups("bcdfghjklmnpqrstvwxz", &[4, 4]),
            };
        }
        if let Some(reason) = self.turns_away {
            facts.page.closed = Some(match reason {
                TurnsAway::NotAssigned => NoEntry::NotAssigned,
                TurnsAway::DeniedByPolicy => NoEntry::NoRule,
            });
            // Who has no page of its own for it shows the one that says no, or Okta's (O-143).
            facts.page.turned_away.get_or_insert(match facts.page.wrong_code {
                WrongCode::Denied(title, text) | WrongCode::DeniedUnlessTyped(title, text, _) => (title, text),
                WrongCode::AskAgain(_) => NOT_ACTIVATED,
            });
        }
        set(&mut facts.page.loses_zeros, self.loses_zeros);
        let seconds = Duration::from_secs;
        set(&mut facts.interval, self.interval.map(seconds));
        set(&mut facts.code_lifetime, self.expires_in.map(seconds));
        set(&mut facts.opens_expired_codes, self.opens_expired_codes);
        if let Some(count) = self.starts_per_hour {
            let window = Duration::from_secs(3600);
            facts.limits.starts = Some(Limit { count, window });
        }
        set(&mut facts.tokens.refresh.rotates, self.refresh_rotates);
        set(
            &mut facts.tokens.refresh.scope_must_keep_offline_access,
            self.refresh_needs_offline_access,
        );
        let Falsehoods {
            seconds_off,
            unknown_kid,
            no_keys,
            issuer_slash,
        } = &mut facts.tokens.falsehoods;
        set(seconds_off, self.tokens_off_by);
        set(unknown_kid, self.unknown_kid);
        set(no_keys, self.no_keys);
        set(issuer_slash, self.issuer_slash);
    }
}

fn set<T>(fact: &mut T, change: Option<T>) {
    if let Some(change) = change {
        *fact = change;
    }
}
