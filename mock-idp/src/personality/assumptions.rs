//! What no public source settles: one switch for each such behaviour, with the assumption as its default.
//!
//! Ids (U-01) are those of the questions in the README, whose table is made from what stands here.
//! What a switch changes about a product stands with that product.

use serde::{Deserialize, Serialize};

/// One switch, for people: what it is about and what it can be set to.
#[derive(Clone, Copy, Debug)]
pub struct Assumption {
    /// The question that nobody has answered, such as `U-01`.
    pub id: &'static str,
    /// Its name, such as `okta-denied-status`.
    pub name: &'static str,
    /// The question, in lines.
    question: &'static [&'static str],
    /// What depends on it: the facts and exchanges concerned.
    pub concerns: &'static str,
    /// What it can be set to; the first is the assumption.
    pub values: &'static [AssumedValue],
}

/// What a switch can be set to.
#[derive(Clone, Copy, Debug)]
pub struct AssumedValue {
    /// Its name, such as `403`.
    pub name: &'static str,
    /// What the mock then does, in lines.
    effect: &'static [&'static str],
}

impl Assumption {
    /// The question, in a sentence.
    pub fn question(&self) -> String {
        sentence(self.question)
    }
}

impl AssumedValue {
    /// What the mock then does, in a sentence.
    pub fn effect(&self) -> String {
        sentence(self.effect)
    }
}

/// The lines of a doc comment as one.
fn sentence(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Makes of each entry an enum, a field of [`Assumptions`] and a row of [`Assumptions::ALL`], in the entry's own words.
macro_rules! switches {
    ($(
        $(#[doc = $question:literal])+
        $id:literal $name:literal $field:ident: $type:ident concerns $concerns:literal {
            $(#[doc = $usual_effect:literal])+
            $usual_value:literal $Usual:ident,
            $(
                $(#[doc = $effect:literal])+
                $value:literal $Other:ident,
            )+
        }
    )+) => {
        /// How the mock behaves where nobody has verified what the product does; by default as the README assumes.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
        #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
        #[serde(default, deny_unknown_fields)]
        pub struct Assumptions {
            $(
                $(#[doc = $question])+
                #[doc = concat!("\n\n", $id, "; concerns ", $concerns, ".")]
                #[serde(rename = $name)]
                #[cfg_attr(feature = "server", schema(rename = $name))]
                pub $field: $type,
            )+
        }

        $(
            $(#[doc = $question])+
            #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
            #[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
            pub enum $type {
                $(#[doc = $usual_effect])+
                #[default]
                #[serde(rename = $usual_value)]
                #[cfg_attr(feature = "server", schema(rename = $usual_value))]
                $Usual,
                $(
                    $(#[doc = $effect])+
                    #[serde(rename = $value)]
                    #[cfg_attr(feature = "server", schema(rename = $value))]
                    $Other,
                )+
            }
        )+

        impl Assumptions {
            /// Every switch, by id.
            pub const ALL: &'static [Assumption] = &[$(
                Assumption {
                    id: $id,
                    name: $name,
                    question: &[$($question),+],
                    concerns: $concerns,
                    values: &[
                        AssumedValue { name: $usual_value, effect: &[$($usual_effect),+] },
                        $(AssumedValue { name: $value, effect: &[$($effect),+] },)+
                    ],
                },
            )+];

            /// Sets one switch by the names of switch and value. The error says what there is to choose from.
            pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
                match (name, value) {
                    $(
                        ($name, $usual_value) => self.$field = $type::$Usual,
                        $(($name, $value) => self.$field = $type::$Other,)+
                    )+
                    _ => return Err(unknown(name, value)),
                }
                Ok(())
            }
        }
    };
}

/// What is wrong with these two names.
fn unknown(name: &str, value: &str) -> String {
    if let Some(switch) = Assumptions::ALL.iter().find(|switch| switch.name == name) {
        let values: Vec<_> = switch.values.iter().map(|each| each.name).collect();
        format!("{name} cannot be {value:?}; it can be {}", values.join(", "))
    } else {
        let names: Vec<_> = Assumptions::ALL.iter().map(|switch| switch.name).collect();
        format!("nothing to assume is called {name:?}; there are: {}", names.join(", "))
    }
}

switches! {
    /// Which status tells the device that the person refused?
    "U-01" "okta-denied-status" okta_denied_status: OktaDeniedStatus
    concerns "polls after a refusal (O-35)" {
        /// 400, as for every other answer to a poll.
        "400" BadRequest,
        /// 403, as Okta's catalogue of errors says of the same words.
        "403" Forbidden,
    }

    /// When does a custom authorization server ask its access policies about a device?
    "U-02" "okta-policy-asked" okta_policy_asked: OktaPolicyAsked
    concerns "401 `access_denied` (O-40)" {
        /// Once, when the person has signed in: they see that the device was not activated, the device hears of it at
        /// the token endpoint, and the code stays, and so does the answer.
        "once-signed-in" OnceSignedIn,
        /// Also at the device authorization endpoint, without a person: where no rule could match, there is no code.
        "also-at-start" AlsoAtStart,
        /// Also at every poll before, without a person: where no rule could match, none hears that it is pending.
        "also-at-every-poll" AlsoAtEveryPoll,
    }

    /// What does a client that nobody registered hear at the device authorization and token endpoints?
    "U-03" "okta-unknown-client" okta_unknown_client: OktaUnknownClient
    concerns "requests of unknown clients (O-54)" {
        /// 400 with Okta's own error object.
        "native-400" Native400,
        /// 401 with Okta's own error object.
        "native-401" Native401,
        /// 401 with an OAuth error of the same words.
        "oauth-401" OAuth401,
    }

    /// Which polls hear `slow_down`, and is the longer interval remembered?
    "U-04" "okta-slow-down" okta_slow_down: OktaSlowDown
    concerns "polls (O-31)" {
        /// Those sooner than the interval (less 0.2 s) after the previous answer; it then is 5 s longer for good. The
        /// first poll is never too soon.
        "remembered" Remembered,
        /// The same polls, but the interval stays as it is.
        "forgotten" Forgotten,
        /// Those sooner than 2 s (less 0.2 s) after the previous answer, as a client that polls every 2 s lives on; the
        /// interval stays as it is.
        "lenient" Lenient,
    }

    /// What do polls hear once a code has expired?
    "U-05" "okta-after-expiry" okta_after_expiry: OktaAfterExpiry
    concerns "polls after `expires_in` (O-32, O-33)" {
        /// `expired_token` for ten minutes, then `invalid_grant`.
        "ten-minutes" TenMinutes,
        /// `invalid_grant` at once.
        "at-once" AtOnce,
        /// `expired_token` for an hour, which is how long the mock remembers.
        "an-hour" AnHour,
    }

    /// Which pages may start the flow from another origin?
    "U-06" "okta-device-cors" okta_device_cors: OktaDeviceCors
    concerns "preflights and answers of the device authorization endpoint (O-105, O-108)" {
        /// Those of Trusted Origins, as at Okta's other endpoints.
        "trusted-origins" TrustedOrigins,
        /// Those of any origin, as at the token endpoint (O-107).
        "any-origin" AnyOrigin,
        /// None: no answer has a CORS header.
        "no-origin" NoOrigin,
    }

    /// What are user codes made of, and how exactly must they be typed?
    "U-07" "okta-user-code" okta_user_code: OktaUserCode
    concerns "device authorization answers and the person's page (O-15, O-141)" {
        /// Eight letters without vowels; case and hyphens do not matter.
        "letters" Letters,
        /// The same, but they must be typed as they are shown.
        "letters-exactly" LettersExactly,
        /// Eight letters, vowels too, and digits from 2 to 9; case and hyphens do not matter.
        "letters-and-digits" LettersAndDigits,
    }

    /// Which requests does the token endpoint refuse because a browser sends them?
    "U-08" "okta-browser-requests" okta_browser_requests: OktaBrowserRequests
    concerns "token requests with an `Origin` (O-75, O-79, O-80)" {
        /// Those of a browser, by its user agent, whose `Origin` is not trusted (O-79).
        "foreign-browsers" ForeignBrowsers,
        /// Those of anybody whose `Origin` is not trusted (O-79).
        "foreign-origins" ForeignOrigins,
        /// As `foreign-browsers`, and those of trusted origins too (O-75), unless the browser is a television's or a
        /// Tesla's (O-80).
        "all-but-televisions" AllButTelevisions,
    }

    /// How many wrong codes may a person type?
    "U-09" "okta-wrong-codes" okta_wrong_codes: OktaWrongCodes
    concerns "the person's page (O-142, S-27)" {
        /// Any number.
        "unlimited" Unlimited,
        /// Five within the life of a code, from one address: then no code is right (RFC 8628 section 5.1).
        "five" Five,
    }

    /// What does the `jti` of an access token end in when a refresh token comes with it?
    "U-11" "okta-jti-suffix" okta_jti_suffix: OktaJtiSuffix
    concerns "access tokens of the org authorization server (O-122)" {
        /// Nothing.
        "none" Nothing,
        /// `.oar` and the rest of an id of 20 characters.
        "oar" Oar,
    }

    /// When has a client made too many codes?
    "O-59" "okta-too-many-codes" okta_too_many_codes: OktaTooManyCodes
    concerns "429 `too_many_user_codes` of the device authorization endpoint" {
        /// With the sixty-first within a minute from one address: as many requests as Okta's limiter by client takes
        /// (O-100).
        "sixty-a-minute" SixtyAMinute,
        /// Never: the bucket of all requests alone ends (E0000047).
        "never" Never,
    }

    /// Which release has what authentik's main branch changed in April 2026?
    "U-12" "authentik-april-2026" authentik_april_2026: AuthentikApril2026
    concerns "scopes (A-15), secrets (A-57), expired codes (A-55) and `auth_time`, `amr` and `sid` (A-72) of version 2026.5" {
        /// This one.
        "2026.5" In2026_5,
        /// A later one: in these things 2026.5 is as 2026.2.
        "later" Later,
    }

    /// Which of repeated form fields counts?
    "U-14" "authentik-repeated-fields" authentik_repeated_fields: AuthentikRepeatedFields
    concerns "every form sent to authentik (section 6 item 6)" {
        /// The last, as in Django's `QueryDict`.
        "last" Last,
        /// The first.
        "first" First,
        /// None: the request is refused.
        "refused" Refused,
    }

    /// What does somebody see who types a wrong code?
    "U-14" "authentik-wrong-code" authentik_wrong_code: AuthentikWrongCode
    concerns "the person's page (A-115b)" {
        /// The page that says no, as for a wrong code in the URI.
        "denied-page" DeniedPage,
        /// The same form again, with `Invalid code`.
        "field-error" FieldError,
    }

    /// Which pages of other origins may start the flow at Google, and revoke tokens?
    "G-01" "google-device-cors" google_device_cors: GoogleDeviceCors
    concerns "preflights and answers of the device authorization and the revocation endpoint" {
        /// None: no answer there has a CORS header.
        "no-origin" NoOrigin,
        /// Those of any origin, as at Google's other endpoints.
        "any-origin" AnyOrigin,
    }

    /// What do polls at Google hear once a code has expired?
    "G-02" "google-after-expiry" google_after_expiry: GoogleAfterExpiry
    concerns "polls after `expires_in`" {
        /// `invalid_grant`, the only documented word for a code that is not valid.
        "invalid-grant" InvalidGrant,
        /// `expired_token` (RFC 8628 section 3.5) for ten minutes, then `invalid_grant`.
        "expired-token" ExpiredToken,
    }

    /// What describes those of Google's errors whose texts its documentation leaves out?
    "G-03" "google-descriptions" google_descriptions: GoogleDescriptions
    concerns "the `error_description` of all but `authorization_pending`, `slow_down` and `access_denied`" {
        /// What public clients quote, or the status's own phrase.
        "quoted" Quoted,
        /// Nothing: there is no `error_description`.
        "none" Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::Assumptions;
    use serde_json::{Value, json};

    #[test]
    fn every_value_can_be_set_and_the_first_is_the_default() {
        let default = serde_json::to_value(Assumptions::default()).unwrap();
        assert_eq!(default.as_object().unwrap().len(), Assumptions::ALL.len());
        for switch in Assumptions::ALL {
            assert_eq!(default[switch.name], json!(switch.values[0].name));
            for value in switch.values {
                let mut assumptions = Assumptions::default();
                assumptions.set(switch.name, value.name).unwrap();
                let written: Value = serde_json::to_value(assumptions).unwrap();
                assert_eq!(written[switch.name], json!(value.name));
                assert_eq!(serde_json::from_value::<Assumptions>(written).unwrap(), assumptions);
            }
        }
    }

    #[test]
    fn a_wrong_name_is_answered_with_the_right_ones() {
        let mut assumptions = Assumptions::default();
        let error = assumptions.set("okta-denied-state", "403").unwrap_err();
        assert!(error.contains("okta-denied-status"), "{error}");
        let error = assumptions.set("okta-denied-status", "404").unwrap_err();
        assert!(error.contains("400, 403"), "{error}");
        assert!(serde_json::from_value::<Assumptions>(json!({ "okta-denied-state": "403" })).is_err());
    }
}
