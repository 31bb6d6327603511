//! What the JavaScript side is told: flat JSON objects, whose members `www/headless/` reads.

use core::time::Duration;

use device_flow::json::Writer;
use device_flow::{
    Ask, HttpUrl, IdToken, Jwk, Method, QrMatrix, RefreshToken, SignatureCheck, SignedIn, TransportError, Trouble,
    View, Vouched,
};

/// What to do next: see to the ask if there is one, and wake after so many milliseconds.
pub(super) fn next(ask: Option<Ask>, wake_in: Option<Duration>) -> String {
    let mut told = Writer::new();
    match ask {
        None => {}
        Some(Ask::Digest(input)) => told.text("digest", input.expose()),
        Some(Ask::Http(request)) => {
            told.text("url", &request.url);
            for (name, value) in &request.headers {
                told.text(name, value);
            }
            if request.method == Method::Post {
                told.text("body", core::str::from_utf8(&request.body).unwrap_or_default());
            }
        }
        Some(Ask::VerifySignature(check)) => signature(&mut told, &check),
    }
    if let Some(span) = wake_in {
        told.number("wakeIn", millis(span));
    }
    told.end()
}

/// Each byte is the character of that number.
fn signature(told: &mut Writer, check: &SignatureCheck) {
    let text = |bytes: &[u8]| -> String { bytes.iter().copied().map(char::from).collect() };
    told.text("signed", &text(&check.signing_input));
    told.text("signature", &text(&check.signature));
    match &check.key {
        Jwk::EcP256 { x, y } => {
            told.text("x", x);
            told.text("y", y);
        }
        Jwk::Rsa { n, e } => {
            told.text("n", n);
            told.text("e", e);
        }
    }
}

/// The cause of that code; the vaguest for one that is not known.
pub(super) fn cause(code: &str) -> TransportError {
    use TransportError as E;
    let known = [
        E::BodyTooLarge,
        E::CrossOriginRefused,
        E::Interrupted,
        E::NameNotFound,
        E::Offline,
        E::TimedOut,
        E::Tls,
    ];
    known
        .into_iter()
        .find(|cause| cause.code() == code)
        .unwrap_or(E::Unreachable)
}

pub(super) fn view(view: &View) -> String {
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
            told.text("details", &failure.details().join("\n"));
            put(&mut told, "host", failure.host.as_deref());
        }
    }
    told.end()
}

fn ended(told: &mut Writer, reason: &str, description: Option<&str>) {
    told.text("kind", "ended");
    told.text("reason", reason);
    put(told, "description", description);
}

fn put_trouble(told: &mut Writer, trouble: Option<&Trouble>) {
    if let Some(trouble) = trouble {
        told.text("trouble", trouble.code());
        told.number("retryIn", millis(trouble.retry_in));
    }
}

fn put(told: &mut Writer, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        told.text(name, value);
    }
}

/// The symbol row by row with its border, `1` for dark.
pub(super) fn symbol(symbol: Option<(HttpUrl, QrMatrix)>) -> String {
    let mut told = Writer::new();
    if let Some((address, matrix)) = symbol {
        let side = matrix.side_with_quiet_zone();
        let dark = |at: usize| {
            let (x, y) = (at % side, at / side);
            let zone = QrMatrix::QUIET_ZONE;
            x >= zone && y >= zone && matrix.is_dark(x - zone, y - zone)
        };
        let modules: String = (0..side * side).map(|at| if dark(at) { '1' } else { '0' }).collect();
        told.text("address", address.as_str());
        told.text("modules", &modules);
    }
    told.end()
}

pub(super) fn tokens(signed_in: Option<SignedIn>) -> String {
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

fn millis(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
