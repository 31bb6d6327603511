//! What the page is told before it starts: `config.json`, and on a test machine the query of its own address.

use core::ops::RangeInclusive;

use device_flow::json::{self, Members, Value};
use device_flow::{Config, ConfigError, HttpUrl, Settings};
use serde::Deserialize;

use crate::digest;

/// Percent of the screen's height that the QR code may have: less cannot be scanned from a sofa, for more there is no room.
const QR_SIZES: RangeInclusive<u64> = 20..=60;

/// How the page presents itself; everything is optional.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(default, deny_unknown_fields)]
pub struct Brand {
    /// Stands in the upper corner.
    pub name: Option<String>,
    /// `#rrggbb`: the one colour that is not grey.
    pub accent: Option<String>,
}

/// Where the page was loaded from.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// `location.origin`.
    pub origin: String,
    /// `location.search`, question mark included.
    pub query: String,
    /// The folder of `location.pathname`, such as `/tv/`: what is kept belongs to the pages in it.
    pub folder: String,
    /// Nothing else is in its window, so that Back may walk the browser's history.
    pub is_alone: bool,
}

/// What the page was told.
#[derive(Debug)]
pub struct Setup {
    /// How it presents itself; the default if that could not be read.
    pub brand: Brand,
    /// How it signs people in, or what is wrong with that.
    pub config: Result<Config, ConfigError>,
    /// Whoever signed in is still signed in after a restart.
    pub keep_signed_in: bool,
    /// The folder that this counts for.
    pub folder: String,
    /// The query names an issuer, a client or a scope, and may not.
    pub query_ignored: bool,
    /// Back may walk the browser's history.
    pub is_alone: bool,
}

impl Setup {
    /// Reads `config.json`; `None` if there was none to be had.
    ///
    /// The query overrides it only where the page itself comes from this machine, or where the configuration says
    /// `"allow_query_override": true`: everywhere else a link that names the issuer would be a phishing link.
    pub fn read(config: Option<&str>, page: &Page) -> Self {
        let mut setup = Self {
            brand: Brand::default(),
            config: Err(ConfigError::Unreadable("config.json could not be loaded".into())),
            keep_signed_in: false,
            folder: page.folder.clone(),
            query_ignored: false,
            is_alone: page.is_alone,
        };
        if let Some(config) = config {
            setup.config = setup.take_in(config, page);
        }
        setup
    }

    fn take_in(&mut self, config: &str, page: &Page) -> Result<Config, ConfigError> {
        let mut members = Members::parse(config.as_bytes()).map_err(unreadable)?;
        let brand = members
            .take("brand")
            .unwrap_or_else(|| Value::Object(Members::default()));
        // The loader's; here they only have to be what they must be.
        for name in ["help", "language"] {
            if !matches!(members.take(name), None | Some(Value::Null | Value::Text(_))) {
                return Err(unfit(name, "a text"));
            }
        }
        if let Some(size) = members.take("qr_size") {
            check_qr_size(&size)?;
        }
        let mut flag = |name| match members.take(name) {
            None => Ok(false),
            Some(Value::Bool(value)) => Ok(value),
            Some(_) => Err(unfit(name, "true or false")),
        };
        self.keep_signed_in = flag("keep_signed_in")?;
        // The loader's, too.
        flag("high_contrast")?;
        let allowed = flag("allow_query_override")? || comes_from_this_machine(&page.origin);
        self.brand = read_brand(brand)?;
        // Unknown members are refused there: a misspelt one would be lost.
        let mut settings = Settings::read(members)?;
        for (name, value) in device_flow::form::read(page.query.trim_start_matches('?').as_bytes()) {
            match &*name {
                "issuer" | "client_id" | "scope" if !allowed => self.query_ignored = true,
                "issuer" => point_at(&mut settings, value),
                "client_id" => settings.client_id = value,
                "scope" => settings.scope = Some(value),
                _ => {}
            }
        }
        if settings.pkce {
            settings.seed = digest::seed();
        }
        Config::new(settings)
    }
}

/// Explicit endpoints belong to the issuer they were written beside.
fn point_at(settings: &mut Settings, issuer: String) {
    settings.issuer = Some(issuer);
    settings.device_authorization_endpoint = None;
    settings.token_endpoint = None;
    settings.jwks_uri = None;
}

fn read_brand(brand: Value) -> Result<Brand, ConfigError> {
    let brand = Brand::deserialize(brand).map_err(unreadable)?;
    match &brand.accent {
        Some(accent) if !is_colour(accent) => Err(ConfigError::Invalid {
            setting: "brand.accent",
            value: accent.clone(),
            must_be: "a colour such as #5b8cff",
        }),
        _ => Ok(brand),
    }
}

fn check_qr_size(size: &Value) -> Result<(), ConfigError> {
    let value = match size {
        Value::Number(percent) => match percent.as_plain() {
            Some(percent) if QR_SIZES.contains(&percent) => return Ok(()),
            Some(percent) => percent.to_string(),
            None => "no whole number".into(),
        },
        _ => "no number".into(),
    };
    Err(ConfigError::Invalid {
        setting: "qr_size",
        value,
        must_be: "from 20 to 60, in percent of the screen's height",
    })
}

fn unfit(name: &str, must_be: &str) -> ConfigError {
    ConfigError::Unreadable(["`", name, "` must be ", must_be].concat())
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn comes_from_this_machine(origin: &str) -> bool {
    HttpUrl::parse(origin).is_some_and(|origin| origin.is_loopback())
}

#[expect(clippy::needless_pass_by_value, reason = "stands after `map_err`")]
fn unreadable(error: json::Error) -> ConfigError {
    ConfigError::Unreadable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::{Ask, Flow, Input, Instant};
    use wasm_bindgen_test::wasm_bindgen_test as test;

    const FROM_FILE: &str = r#"{"issuer":"https://id.example","client_id":"tv"}"#;
    const LOOPBACK: &str = "http://127.0.0.1:8080";
    const ELSEWHERE: &str = "https://tv.example";

    fn read(config: &str, origin: &str, query: &str) -> Setup {
        let (origin, query) = (origin.into(), query.into());
        let folder = "/".into();
        let is_alone = true;
        let page = Page {
            origin,
            query,
            folder,
            is_alone,
        };
        Setup::read(Some(config), &page)
    }

    /// The first thing that a sign-in with this configuration asks for.
    fn first_url(setup: Setup) -> String {
        let mut flow = Flow::new(setup.config.expect("a configuration that can work"));
        match flow.step(Instant::default(), Input::Start).ask {
            Some((_, Ask::Http(request))) => request.url,
            other => panic!("{other:?}"),
        }
    }

    fn error(setup: Setup) -> String {
        let error = setup.config.expect_err("a configuration that cannot work");
        format!("{}: {error}", error.code())
    }

    #[test]
    fn the_file_alone_is_enough() {
        let setup = read(FROM_FILE, ELSEWHERE, "");
        assert_eq!(setup.brand, Brand::default());
        assert_eq!(first_url(setup), "https://id.example/.well-known/openid-configuration");
    }

    #[test]
    fn a_query_overrides_the_file_on_loopback() {
        for origin in [LOOPBACK, "http://localhost:8080", "http://[::1]:8080"] {
            let setup = read(FROM_FILE, origin, "?issuer=https%3A%2F%2Fother.example%2Ft&client_id=x");
            assert!(!setup.query_ignored);
            assert_eq!(
                first_url(setup),
                "https://other.example/t/.well-known/openid-configuration"
            );
        }
    }

    #[test]
    fn a_query_that_names_the_issuer_is_ignored_elsewhere() {
        for origin in [ELSEWHERE, "null", "file://", "https://127.0.0.1.example", ""] {
            let setup = read(FROM_FILE, origin, "?issuer=https://evil.example");
            assert!(setup.query_ignored, "{origin}");
            assert_eq!(first_url(setup), "https://id.example/.well-known/openid-configuration");
        }
    }

    #[test]
    fn the_file_can_allow_the_query() {
        let file = r#"{"issuer":"https://id.example","client_id":"tv","allow_query_override":true}"#;
        let setup = read(file, ELSEWHERE, "?issuer=https://other.example");
        assert_eq!(
            first_url(setup),
            "https://other.example/.well-known/openid-configuration"
        );
    }

    #[test]
    fn endpoints_of_the_file_do_not_serve_another_issuer() {
        let file = r#"{"issuer":"https://id.example","client_id":"tv","token_endpoint":"https://id.example/t",
                       "device_authorization_endpoint":"https://id.example/d"}"#;
        let setup = read(file, LOOPBACK, "?issuer=https://other.example");
        assert_eq!(
            first_url(setup),
            "https://other.example/.well-known/openid-configuration"
        );
    }

    #[test]
    fn other_parts_of_the_query_are_nobodys_business() {
        let setup = read(FROM_FILE, ELSEWHERE, "?utm_source=x&lang=de");
        assert!(!setup.query_ignored && setup.config.is_ok());
    }

    #[test]
    fn a_brand_is_taken_out_before_the_rest_is_read() {
        let file =
            r##"{"issuer":"https://id.example","client_id":"tv","brand":{"name":"Example TV","accent":"#e4002b"}}"##;
        let setup = read(file, ELSEWHERE, "");
        assert_eq!(setup.brand.name.as_deref(), Some("Example TV"));
        assert_eq!(setup.brand.accent.as_deref(), Some("#e4002b"));
        assert!(setup.config.is_ok());
    }

    #[test]
    fn what_the_loader_reads_is_text() {
        for name in ["help", "language"] {
            let file = |value| format!(r#"{{"issuer":"https://id.example","client_id":"tv","{name}":{value}}}"#);
            assert!(read(&file(r#""de""#), ELSEWHERE, "").config.is_ok());
            assert!(error(read(&file("1"), ELSEWHERE, "")).starts_with("config_unreadable: "));
        }
    }

    #[test]
    fn an_accent_is_a_colour_and_nothing_else() {
        for accent in ["red", "#12", "#12345g", "#123456;}", "url(x)"] {
            let file = format!(r#"{{"issuer":"https://id.example","client_id":"tv","brand":{{"accent":"{accent}"}}}}"#);
            assert_eq!(
                error(read(&file, ELSEWHERE, "")),
                format!("config_invalid: `brand.accent` must be a colour such as #5b8cff; it is {accent:?}")
            );
        }
    }

    #[test]
    fn a_qr_code_has_a_size_that_fits() {
        let file = |size| format!(r#"{{"issuer":"https://id.example","client_id":"tv","qr_size":{size}}}"#);
        assert!(read(&file("60"), ELSEWHERE, "").config.is_ok());
        for (size, told) in [
            ("19", "19"),
            ("61", "61"),
            ("20.5", "no whole number"),
            ("null", "no number"),
            ("\"30\"", "no number"),
        ] {
            let rule = "`qr_size` must be from 20 to 60, in percent of the screen's height";
            assert_eq!(
                error(read(&file(size), ELSEWHERE, "")),
                format!("config_invalid: {rule}; it is {told:?}")
            );
        }
    }

    #[test]
    fn pkce_finds_its_randomness_itself() {
        let file = r#"{"issuer":"https://id.example","client_id":"tv","pkce":true}"#;
        assert!(read(file, ELSEWHERE, "").config.is_ok());
    }

    #[test]
    fn misspelt_members_are_named() {
        let file = r#"{"isuer":"https://id.example","client_id":"tv"}"#;
        assert!(error(read(file, ELSEWHERE, "")).contains("unknown field `isuer`"));
        let file = r#"{"issuer":"https://id.example","client_id":"tv","brand":{"colour":"red"}}"#;
        assert!(error(read(file, ELSEWHERE, "")).contains("unknown field `colour`"));
    }

    #[test]
    fn what_is_no_configuration_is_said_to_be_none() {
        for file in ["", "<!doctype html>", "[]", "null"] {
            assert!(
                error(read(file, ELSEWHERE, "")).starts_with("config_unreadable: "),
                "{file}"
            );
        }
        assert_eq!(
            error(Setup::read(None, &Page::default())),
            "config_unreadable: The configuration cannot be read: config.json could not be loaded"
        );
    }
}
