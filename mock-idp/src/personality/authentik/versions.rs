//! authentik's releases, as they deviate from 2026.2 (section 3.13 of the facts).

use std::str::FromStr;

use serde::Deserialize;

use super::assumed::assume_2026_5;
use super::{ACCESS_TOKEN, ACR, BASE, EMAIL, END_SESSION, ID_TOKEN, PROFILE, SUBJECT, TOLD, UNVERIFIED, metadata};
use crate::personality::{
    AccessToken, AfterExpiry, Claim, Credentials, EndSession, Endpoint, Ids, Intake, Introspection, Issuers,
    Personality, Source, TokenRules, UnknownScope, WayBack,
};

use crate::setup::{DEVICE_CODE, REFRESH_TOKEN};

/// A release whose behaviour the mock can take on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum AuthentikVersion {
    /// 2025.6: the device endpoint refuses without a body, errors have no `request_id` (section 3.5).
    V2025_6,
    /// 2026.2: an expired code stays pending until a job deletes it, unknown scopes are kept.
    #[default]
    V2026_2,
    /// 2026.5: an expired code is an invalid grant at once, unknown scopes are dropped, tokens name the
    /// session of whoever approved.
    V2026_5,
}

impl AuthentikVersion {
    /// Every release, oldest first.
    pub const ALL: [Self; 3] = [Self::V2025_6, Self::V2026_2, Self::V2026_5];

    /// The product's own number for it, such as `2026.2`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2025_6 => "2025.6",
            Self::V2026_2 => "2026.2",
            Self::V2026_5 => "2026.5",
        }
    }
}

impl FromStr for AuthentikVersion {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let known = Self::ALL.into_iter().find(|version| version.name() == name);
        known.ok_or_else(|| {
            let names = Self::ALL.map(Self::name).join(", ");
            format!("there is no authentik {name:?} here; there are: {names}")
        })
    }
}

impl TryFrom<String> for AuthentikVersion {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        name.parse()
    }
}

/// What lives on one host.
pub(super) fn issuers(version: AuthentikVersion) -> Issuers {
    static V2025_6: Issuers = &[(&AUTHENTIK_2025_6, Ids::Only("tv"))];
    static V2026_2: Issuers = &[(&AUTHENTIK_2026_2, Ids::Only("tv"))];
    static V2026_5: Issuers = &[(&AUTHENTIK_2026_5, Ids::Only("tv"))];
    match version {
        AuthentikVersion::V2025_6 => V2025_6,
        AuthentikVersion::V2026_2 => V2026_2,
        AuthentikVersion::V2026_5 => V2026_5,
    }
}

/// 2025.6: before the changes of 2025.8, 2025.10 and 2026.2.
static AUTHENTIK_2025_6: Personality = Personality {
    credentials: Credentials {
        reads_basic: &[Endpoint::Token, Endpoint::Revocation, Endpoint::Introspection],
        ..BASE.credentials
    },
    tokens: TokenRules {
        access_token: AccessToken::Jwt(&[ID_TOKEN, EMAIL, VERIFIED, PROFILE, ACCESS_TOKEN]),
        id_token: &[ID_TOKEN, EMAIL, VERIFIED, PROFILE],
        userinfo: &[SUBJECT, EMAIL, VERIFIED, PROFILE],
        introspection: Introspection {
            access_token: &[ID_TOKEN, EMAIL, VERIFIED, PROFILE, TOLD],
            refresh_token: &[ID_TOKEN, EMAIL, VERIFIED, PROFILE, TOLD],
            ..BASE.tokens.introspection
        },
        ..BASE.tokens
    },
    refuse: super::refusals::refuse_2025_6,
    ..BASE
};

/// Before 2025.10.
const VERIFIED: &[Claim] = &[Claim::of("email", "email_verified", Source::Flag(true))];

static AUTHENTIK_2026_2: Personality = BASE;

/// 2026.5 as it deviates from 2026.2; in which release each change came is unverified (U-12).
static AUTHENTIK_2026_5: Personality = Personality {
    metadata: &[metadata::ENDPOINTS, metadata::FRONT_CHANNEL, metadata::REST], // section 3.10
    intake: Intake {
        checks_grants: true,
        unknown_scope: UnknownScope::Dropped,
        ..BASE.intake
    },
    credentials: Credentials {
        secret_for: &[DEVICE_CODE, REFRESH_TOKEN],
        ..BASE.credentials
    },
    after_expiry: AfterExpiry::Unknown,
    //
    tokens: TokenRules {
        access_token: AccessToken::Jwt(&[BOUND, EMAIL, UNVERIFIED, PROFILE, ACCESS_TOKEN]),
        id_token: &[BOUND, EMAIL, UNVERIFIED, PROFILE],
        introspection: Introspection {
            access_token: &[BOUND, EMAIL, UNVERIFIED, PROFILE, TOLD],
            refresh_token: &[BOUND, EMAIL, UNVERIFIED, PROFILE, TOLD],
            ..BASE.tokens.introspection
        },
        ..BASE.tokens
    },
    assume: assume_2026_5,
    // goauthentik/authentik#20011
    end_session: Some(EndSession {
        methods: &["GET", "POST"],
        way_back: WayBack::IgnoredUnlessRegistered,
        ..END_SESSION
    }),
    ..BASE
};

/// The ID token of a sign-in that is bound to the person's session; what `amr` and `sid` are made of by
/// goauthentik/authentik@014e22c, `id_token.py`.
const BOUND: &[Claim] = &[
    Claim::new("iss", Source::Issuer),
    Claim::new("sub", Source::HashedUserId),
    Claim::new("aud", Source::ClientId),
    Claim::new("exp", Source::ExpiresAt),
    Claim::new("iat", Source::IssuedAt),
    Claim::new("auth_time", Source::ApprovedAt),
    Claim::new("acr", Source::Text(ACR)),
    Claim::new("amr", Source::Strings(&["pwd"])),
    Claim::new("sid", Source::HashedSessionId),
    Claim::new("jti", Source::SharedId),
];
