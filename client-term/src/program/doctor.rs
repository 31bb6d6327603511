//! `device-login doctor`: everything that a sign-in from here needs, looked at one by one.

use std::time::{Duration, SystemTime};

use client_term::http::{Http, TlsTrouble};
use client_term::{SystemClocks, checkup};
use device_flow::{Config, Finding, HttpRequest, HttpUrl, Method};

use super::arguments::{Common, Look};
use super::command::{Scene, write_out};
use super::exit::Exit;
use super::failure::Failure;
use super::screens::{self, Product};
use super::sign_in::{self, complain};
use super::store::Place;

/// Ours: what the core lets a clock be off where it checks an ID token.
const CLOCK_LEEWAY: Duration = Duration::from_secs(300);

/// Where what came of a real sign-in was found.
const SIGN_IN: &str = "sign-in";

pub(crate) fn run(common: &Common, with_sign_in: bool) -> Result<Exit, Failure> {
    let scene = Scene::new(common)?;
    let issuer = scene.profile.issuer.clone().unwrap_or_default();
    let product = screens::product(&issuer);
    let probed = scene.profile.token_endpoint.clone().unwrap_or_else(|| {
        // OpenID Connect Discovery 1.0 section 4.
        format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'))
    });
    complain(&format_args!("Looking at {issuer} …"));
    let mut findings = connection(&scene.http, &probed);
    let is_reachable = findings.iter().all(|finding| !finding.is_fatal);
    if scene.store.place == Place::File
        && let Some(why) = &scene.store.no_keyring
    {
        let what = format!("there is no keyring here ({why})");
        let advice = "Tokens will rest in a file with mode 0600; whoever reads your files can read them.";
        findings.push(hint("no_keyring", "this machine", what, advice));
    }
    let mut behind_sign_in = None;
    if is_reachable {
        let (found, page) = server(scene.config.clone(), &scene.http);
        findings.extend(found);
        behind_sign_in = page;
    }
    let is_sound = findings.iter().all(|finding| !finding.is_fatal);
    if with_sign_in && is_sound {
        findings.extend(person(scene.config, scene.http));
    } else if is_sound {
        complain(&"What a policy says about a person shows only in a sign-in: `device-login doctor --sign-in`.");
        if let Some(page) = behind_sign_in {
            //
            complain(&format_args!(
                "Nor does anything of {page} show to a stranger: where it answers 404 to somebody who is signed in, the \
                 device flow is not set up."
            ));
            for page in screens::pages(product, "verification_page_missing", "") {
                complain(&format_args!("    {page}"));
            }
        }
    }
    tell(&findings, product, common.json)
}

fn tell(findings: &[Finding], product: Option<Product>, json: bool) -> Result<Exit, Failure> {
    let pages = |finding: &Finding| screens::pages(product, &finding.code, &finding.what);
    for finding in findings {
        complain(&words(finding));
        for page in pages(finding) {
            complain(&format_args!("    {page}"));
        }
    }
    let is_fatal = findings.iter().any(|finding| finding.is_fatal);
    if !is_fatal {
        let what = if findings.is_empty() {
            "Nothing"
        } else {
            "Nothing of this"
        };
        complain(&format_args!("{what} stands in the way of a sign-in."));
    }
    if json {
        let mut value = checkup::to_json(findings);
        for (shown, finding) in value.as_array_mut().into_iter().flatten().zip(findings) {
            shown["pages"] = pages(finding).into();
        }
        write_out(&value)?;
    }
    Ok(if is_fatal { Exit::Failed } else { Exit::Done })
}

/// A sign-in that one person did not finish says nothing of others.
fn words(finding: &Finding) -> String {
    if finding.endpoint == SIGN_IN {
        let Finding { code, what, advice, .. } = finding;
        return format!("This sign-in did not come about ({code}): {what}. {advice}");
    }
    checkup::words(finding)
}

fn hint(code: &str, endpoint: &'static str, what: String, advice: &'static str) -> Finding {
    Finding {
        code: code.into(),
        is_fatal: false,
        endpoint,
        what,
        advice,
    }
}

/// TLS, and whether both clocks agree.
fn connection(http: &Http, url: &str) -> Vec<Finding> {
    let request = get(url);
    if let Some(trouble) = http.tls_trouble(&request) {
        return vec![tls(trouble)];
    }
    let date = http.send(&request).ok().and_then(|answer| {
        let date = httpdate::parse_http_date(answer.header("date")?).ok()?;
        date.duration_since(SystemTime::UNIX_EPOCH).ok()
    });
    let ours = Duration::from_secs(SystemClocks::new().unix_time().as_secs());
    date.and_then(|theirs| clock(ours, theirs)).into_iter().collect()
}

fn clock(ours: Duration, theirs: Duration) -> Option<Finding> {
    let (off, word) = match ours.checked_sub(theirs) {
        Some(ahead) => (ahead, "ahead of"),
        None => (theirs.saturating_sub(ours), "behind"),
    };
    let what = || {
        format!(
            "this machine’s clock is {} minutes {word} the server’s",
            off.as_secs() / 60
        )
    };
    let advice = "Set the clock, best by NTP (`timedatectl set-ntp true`); tokens and certificates are told by it.";
    (off > CLOCK_LEEWAY).then(|| hint("clock_wrong", "this machine", what(), advice))
}

fn tls(trouble: TlsTrouble) -> Finding {
    let (what, advice) = match trouble {
        TlsTrouble::Expired => (
            "the server’s certificate has expired, by this machine’s clock".into(),
            "Look at the date here first (`date`); if it is right, the server needs a new certificate.",
        ),
        TlsTrouble::NotYetValid => (
            "the server’s certificate is not valid yet, by this machine’s clock".into(),
            "The date here is most likely wrong: look at `date`, and set it.",
        ),
        TlsTrouble::OtherName => (
            "the server’s certificate is another host’s".into(),
            "Compare the issuer’s host name; a proxy or a hotel’s sign-in page may stand in between.",
        ),
        TlsTrouble::UnknownIssuer => (
            "nobody whom this machine trusts has signed the server’s certificate".into(),
            "If it is your own authority, name its certificate with --ca-file or SSL_CERT_FILE; else somebody reads along.",
        ),
        TlsTrouble::Other(what) => (
            format!("no secure connection comes about: {what}"),
            "Ask whoever runs the server, or the proxy in between.",
        ),
    };
    Finding {
        is_fatal: true,
        ..hint("tls", "TLS", what, advice)
    }
}

/// The capability check, and the page that people would be sent to; that page again if it shows itself only to somebody who
/// is signed in.
fn server(config: Config, http: &Http) -> (Vec<Finding>, Option<HttpUrl>) {
    let checkup = checkup::run(config, http);
    let mut findings = checkup.findings().unwrap_or_default().to_vec();
    let Some(uri) = checkup.verification_uri() else {
        return (findings, None);
    };
    match http.send(&get(uri.as_str())).map(|answer| answer.status) {
        //
        Ok(404) => findings.push(Finding {
            is_fatal: true,
            ..hint(
                "verification_page_missing",
                "verification page",
                format!("codes are handed out, but {uri} does not exist (status 404)"),
                "Nobody can enter a code: the device flow is not set up there.",
            )
        }),
        Ok(300..400) => return (findings, Some(uri.clone())),
        _ => {}
    }
    (findings, None)
}

/// A real sign-in, which keeps nothing.
fn person(config: Config, http: Http) -> Option<Finding> {
    let look = Look {
        invert: false,
        no_qr: false,
    };
    let not_signed_in = sign_in::run(config, http, look).err()?;
    let failure = sign_in::failure(&not_signed_in);
    Some(Finding {
        code: failure.code,
        is_fatal: true,
        endpoint: SIGN_IN,
        what: failure.what,
        advice: "That was the server’s answer to this person’s sign-in.",
    })
}

fn get(url: &str) -> HttpRequest {
    HttpRequest {
        method: Method::Get,
        url: url.into(),
        headers: vec![("accept", "application/json, text/html".into())],
        body: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn five_minutes_are_no_wrong_clock() {
        let what = |ours, theirs| clock(Duration::from_secs(ours), Duration::from_secs(theirs)).map(|found| found.what);
        assert_eq!(what(1000, 1300), None);
        assert_eq!(what(1300, 1000), None);
        let expected = "this machine’s clock is 60 minutes behind the server’s";
        assert_eq!(what(0, 3600), Some(expected.into()));
        let expected = "this machine’s clock is 60 minutes ahead of the server’s";
        assert_eq!(what(3600, 0), Some(expected.into()));
    }
}
