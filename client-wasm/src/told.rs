//! What an app is told: flat JSON objects, whose members `www/headless/view.js` and `www/session/session.js` read.

use core::time::Duration;

use device_flow::json::Writer;
#[cfg(any(feature = "headless", feature = "screen"))]
use device_flow::{IdToken, RefreshToken, SignedIn, View, Vouched};
use device_flow::{Instant, Trouble};

/// A view, as `SignInView` of `www/npm/headless.d.ts` has it but for its times, which are milliseconds.
#[cfg(any(feature = "headless", feature = "screen"))]
pub(crate) fn view(view: &View) -> String {
    let mut told = Writer::new();
    match view {
        View::Idle => told.text("kind", "idle"),
        View::Connecting { trouble } => {
            told.text("kind", "connecting");
            put_trouble(&mut told, trouble.as_ref());
        }
        View::Code(code) => {
            told.text("kind", "code");
            told.text("userCode", &code.user_code);
            told.text("verificationUri", code.verification_uri.as_str());
            if let Some(complete) = &code.verification_uri_complete {
                told.text("verificationUriComplete", complete.as_str());
            }
            told.number("lifetime", millis(code.lifetime));
            told.number("left", millis(code.left));
            put_trouble(&mut told, code.trouble.as_ref());
        }
        View::Checking { trouble } => {
            told.text("kind", "checking");
            put_trouble(&mut told, trouble.as_ref());
        }
        View::SignedIn { name, vouched_by } => {
            told.text("kind", "signedIn");
            put(&mut told, "name", name.as_deref());
            put(&mut told, "vouchedBy", vouched_by.map(Vouched::as_str));
        }
        View::Cancelled => ended(&mut told, "cancelled", None),
        View::Denied { description } => ended(&mut told, "denied", description.as_deref()),
        View::Expired => ended(&mut told, "expired", None),
        View::Failed(failure) => {
            told.text("kind", "failed");
            told.text("code", failure.code());
            told.text("details", &lines(&failure.details()));
            put(&mut told, "host", failure.host.as_deref());
        }
    }
    told.end()
}

#[cfg(any(feature = "headless", feature = "screen"))]
fn ended(told: &mut Writer, reason: &str, description: Option<&str>) {
    told.text("kind", "ended");
    told.text("reason", reason);
    put(told, "description", description);
}

pub(crate) fn put_trouble(told: &mut Writer, trouble: Option<&Trouble>) {
    if let Some(trouble) = trouble {
        told.text("trouble", trouble.code());
        told.number("retryIn", millis(trouble.retry_in));
    }
}

pub(crate) fn put(told: &mut Writer, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        told.text(name, value);
    }
}

/// One a line.
pub(crate) fn lines(texts: &[&str]) -> String {
    let mut lines = String::new();
    for text in texts {
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(text);
    }
    lines
}

/// The tokens of a sign-in.
#[cfg(any(feature = "headless", feature = "screen"))]
pub(crate) fn tokens(signed_in: Option<SignedIn>) -> String {
    let mut told = Writer::new();
    let Some(SignedIn { tokens, identity, .. }) = signed_in else {
        return told.end();
    };
    told.text("accessToken", tokens.access_token.expose());
    told.text("tokenType", &tokens.token_type);
    if let Some(lifetime) = tokens.expires_in {
        told.number("expiresIn", lifetime.as_secs());
    }
    put(
        &mut told,
        "refreshToken",
        tokens.refresh_token.as_ref().map(RefreshToken::expose),
    );
    put(&mut told, "idToken", tokens.id_token.as_ref().map(IdToken::expose));
    put(&mut told, "scope", tokens.scope.as_deref());
    if let Some(identity) = identity {
        told.text("subject", &identity.subject);
        put(&mut told, "name", identity.name.as_deref());
        put(&mut told, "preferredUsername", identity.preferred_username.as_deref());
        put(&mut told, "email", identity.email.as_deref());
        told.text("vouchedBy", identity.vouched_by.as_str());
    }
    told.end()
}

pub(crate) fn millis(span: Duration) -> u64 {
    (Instant::default() + span).as_millis()
}
