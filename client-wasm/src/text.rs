//! The words of the page, which come from outside of it: one file for each language, in `www/texts`.
//!
//! Where a failure is told, its stable code names the words; the core's own English is for terminals.

use core::time::Duration;

use js_sys::Reflect;
use wasm_bindgen::JsValue;

/// Names of texts, as in `www/texts/en.json`.
macro_rules! names {
    ($($name:ident $text:literal)*) => {
        $(pub(crate) const $name: &str = $text;)*

        #[cfg(test)]
        const ALL: &[&str] = &[$($text),*];
    };
}

names! {
    BACK "back"
    CANCEL "cancel"
    CHECKING "checking.title"
    CHECKING_WHAT "checking.what"
    CODE_DASH "code.dash"
    CODE_ENTER "code.enter"
    CODE_GO_TO "code.go_to"
    CODE_OR_ENTER "code.or_enter"
    CODE_PHISHING "code.phishing"
    CODE_QR "code.qr"
    CODE_SCAN "code.scan"
    CODE_SCAN_OR_GO_TO "code.scan_or_go_to"
    CODE_SPELT "code.spelt"
    CODE_VALID "code.valid"
    CONNECTING "connecting.title"
    CONNECTING_WHAT "connecting.what"
    DENIED "denied.title"
    DENIED_WHAT "denied.what"
    DONE "done"
    END_SESSION "end_session"
    END_SESSION_TITLE "end_session.title"
    END_SESSION_WHAT "end_session.what"
    EXIT "exit.title"
    EXIT_LEAVE "exit.leave"
    EXIT_STAY "exit.stay"
    EXIT_WHAT "exit.what"
    EXPIRED "expired.title"
    EXPIRED_WHAT "expired.what"
    FAILED "failed.title"
    HELLO "signed_in.hello"
    LEFT_BEHIND "ended.left_behind"
    NEW_CODE "new_code"
    NOT_VERIFIED "signed_in.not_verified"
    PRODUCT "product"
    SIGNED_IN "signed_in.title"
    SIGNED_IN_WHAT "signed_in.what"
    SIGNING_OUT "signing_out.title"
    SIGN_IN "sign_in"
    SIGN_OUT "sign_out"
    SIGN_OUT_TITLE "sign_out.title"
    SIGN_OUT_WHAT "sign_out.what"
    START "start.title"
    START_WHAT "start.what"
    STAY "stay"
    TROUBLE_NOW "trouble.now"
    TROUBLE_SOON "trouble.soon"
    TRY_AGAIN "try_again"
}

/// Whom to ask: filled in by the loader, or empty.
pub(crate) const HELP: &str = "help";
/// Texts that are named by a code, and end in it.
const FAILURE: &str = "failure.";
const ADVICE: &str = "advice.";
const ENDED: &str = "ended.";
const ENDED_ADVICE: &str = "ended.advice.";
/// The end of those for a code that has none of its own.
const OTHER: &str = "other";

/// Codes that share the words of another one: what happened, what to do.
const SHARED: &[(&str, &str, &str)] = &[
    ("answer_unreadable", "answer_unreadable", "again"),
    ("body_too_large", "body_too_large", "network"),
    ("id_token_expired", "clock", "clock"),
    ("id_token_issued_in_the_future", "clock", "clock"),
    ("id_token_not_yet_valid", "clock", "clock"),
    ("interrupted", "interrupted", "network"),
    ("invalid_scope", "invalid_scope", "config"),
    ("name_not_found", "name_not_found", "network"),
    ("offline", "offline", "network"),
    ("server_error", "server_unavailable", "again"),
    ("server_unavailable", "server_unavailable", "again"),
    ("temporarily_unavailable", "server_unavailable", "again"),
    ("timed_out", "timed_out", "network"),
    ("tls", "tls", "clock"),
    ("too_many_user_codes", "slow_down", "slow_down"),
    ("unauthorized_client", "invalid_client", "invalid_client"),
    ("unreachable", "unreachable", "network"),
];

/// The words of one language: an object of texts by their names, with `lang` and `dir` beside them.
#[derive(Clone, Debug)]
pub struct Texts(JsValue);

impl Texts {
    /// Those that the loader has loaded.
    pub const fn new(texts: JsValue) -> Self {
        Self(texts)
    }

    /// The text of that name; nothing if there is none, as the build puts English where a translation is missing.
    pub(crate) fn say(&self, name: &str) -> String {
        self.find(name).unwrap_or_default()
    }

    /// A text with a place in it, as what stands before and after that.
    pub(crate) fn around(&self, name: &str) -> (String, String) {
        let text = self.say(name);
        let around = text.split_once('{').and_then(|(before, rest)| {
            let (_, after) = rest.split_once('}')?;
            Some((before.into(), after.into()))
        });
        around.unwrap_or_else(|| (text, String::new()))
    }

    /// A text with that in its place.
    pub(crate) fn fill(&self, name: &str, value: &str) -> String {
        let (before, after) = self.around(name);
        [&before, value, &after].concat()
    }

    /// What happened, by a failure's code.
    pub(crate) fn failure(&self, code: &str) -> String {
        let shared = SHARED.iter().find(|(known, ..)| *known == code);
        self.of_code(FAILURE, shared.map_or(code, |(_, what, _)| what))
    }

    /// What to do about it.
    pub(crate) fn advice(&self, code: &str) -> String {
        let shared = SHARED.iter().find(|(known, ..)| *known == code);
        self.of_code(ADVICE, shared.map_or(code, |(_, _, advice)| advice))
    }

    /// How a session ended, by the code of its end, and what to do.
    pub(crate) fn ended(&self, code: &str) -> [String; 2] {
        [ENDED, ENDED_ADVICE].map(|kind| self.of_code(kind, code))
    }

    /// Whether lines run from right to left.
    pub(crate) fn is_right_to_left(&self) -> bool {
        self.say("dir") == "rtl"
    }

    /// The text for a code, else for what it begins with, such as `id_token` for `id_token_missing`, else for all others.
    fn of_code(&self, kind: &str, code: &str) -> String {
        let mut code = code;
        loop {
            if let Some(text) = self.find(&[kind, code].concat()) {
                return text;
            }
            code = code.rsplit_once('_').map_or(OTHER, |(start, _)| start);
            if code == OTHER {
                return self.say(&[kind, OTHER].concat());
            }
        }
    }

    fn find(&self, name: &str) -> Option<String> {
        Reflect::get(&self.0, &name.into()).ok()?.as_string()
    }
}

/// A span as minutes and seconds, rounded up: what is left is never shown as less than it is.
pub(crate) fn minutes(span: Duration) -> String {
    let seconds = seconds(span);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// A span in full seconds, rounded up.
pub(crate) fn seconds(span: Duration) -> u64 {
    span.as_secs() + u64::from(span.subsec_nanos() > 0)
}

/// A code letter by letter, for a screen reader.
pub(crate) fn spelt(code: &str, texts: &Texts) -> String {
    let letters: Vec<String> = code
        .chars()
        .map(|letter| match letter {
            '-' => texts.say(CODE_DASH),
            letter => letter.into(),
        })
        .collect();
    texts.fill(CODE_SPELT, &letters.join(" "))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use device_flow::json::Members;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const ENGLISH: &str = include_str!("../../www/texts/en.json");

    pub(crate) fn english() -> Texts {
        Texts::new(js_sys::JSON::parse(ENGLISH).expect("JSON"))
    }

    #[test]
    fn every_text_has_a_reader_and_every_reader_a_text() {
        let members = Members::parse(ENGLISH.as_bytes()).expect("JSON");
        let is_by_code = |name: &str| {
            name.contains('.')
                && ["advice", "ended", "failure", "loader"].contains(&name.split('.').next().unwrap_or_default())
        };
        for name in members.names() {
            assert!(ALL.contains(&name) || is_by_code(name), "nobody says {name}");
        }
        for name in ALL {
            assert!(members.get(name).is_some(), "{name} is missing");
        }
        for (code, what, advice) in SHARED {
            for name in [[FAILURE, what].concat(), [ADVICE, advice].concat()] {
                assert!(members.get(&name).is_some(), "{name} is missing for {code}");
            }
        }
    }

    fn check(code: &str, what: &str, advice: &str) {
        let texts = english();
        assert_eq!(texts.failure(code), what, "{code}");
        assert_eq!(texts.advice(code), advice, "{code}");
    }

    #[test]
    fn a_code_finds_the_nearest_words() {
        let network = "Check the network of this device, then try again.";
        check("offline", "This device has no network.", network);
        let clock = "Check the date and time of this device, then try again.";
        check("tls", "No secure connection could be made.", clock);
        check(
            "id_token_expired",
            "The date and time of this device do not seem right.",
            clock,
        );
        let other = "Please tell whoever runs this service. The reference below helps them.";
        check(
            "id_token_signature_invalid",
            "It could not be made sure who signed in.",
            other,
        );
        // What a server makes up.
        check("constructor", "The sign-in service did not answer as expected.", other);
        check("", "The sign-in service did not answer as expected.", other);
    }

    #[test]
    fn what_is_left_is_never_shown_as_less() {
        for (millis, expected) in [
            (600_000, "10:00"),
            (599_001, "10:00"),
            (599_000, "9:59"),
            (61_000, "1:01"),
            (1, "0:01"),
            (0, "0:00"),
        ] {
            assert_eq!(minutes(Duration::from_millis(millis)), expected);
        }
    }

    #[test]
    fn a_code_is_spelt() {
        // The sample of RFC 8628 section 3.2.
        assert_eq!(spelt("WDJB-MJHT", &english()), "Code: W D J B dash M J H T");
    }
}
