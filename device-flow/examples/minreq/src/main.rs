//! Sign-in of a program by `device-flow` and minreq: the core decides, this loop sends, waits and prints.
//!
//! `device-flow-minreq ISSUER CLIENT_ID`
#![forbid(unsafe_code)]

use std::io::Read;
use std::process::ExitCode;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, thread};

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use device_flow::{
    Answer, Ask, Clock, ClockReading, Config, Flow, HttpRequest, HttpResponse, Input, Jwk, MAX_BODY_BYTES, Method,
    Settings, SignatureAnswer, SignatureCheck, TransportError, UnixTime, View,
};

/// The longest wait for one answer, in seconds.
const TIMEOUT: u64 = 30;

fn main() -> ExitCode {
    let mut arguments = env::args().skip(1);
    let (Some(issuer), Some(client_id)) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: device-flow-minreq ISSUER CLIENT_ID");
        return ExitCode::from(64);
    };
    let settings = Settings {
        issuer: Some(issuer),
        client_id,
        ..Settings::default()
    };
    match Config::new(settings) {
        Ok(config) => sign_in(Flow::new(config)),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(64)
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the program's one reader of the system clocks")]
fn sign_in(mut flow: Flow) -> ExitCode {
    let start = std::time::Instant::now();
    let wall = || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let read = move || ClockReading {
        monotonic: start.elapsed(),
        wall: wall(),
    };
    let mut clock = Clock::starting_at(read());
    let mut shown = None;

    let mut step = flow.step(clock.read(read()), Input::Start);
    while flow.is_active() {
        if let View::Code(code) = flow.view(clock.read(read())) {
            // A view changes every second, for a countdown; here a code is printed once.
            if shown.as_ref() != Some(&code.user_code) {
                println!("Go to {} and enter {}", code.verification_uri, code.user_code);
                shown = Some(code.user_code);
            }
        }
        let input = match step.ask {
            Some((id, Ask::Http(request))) => Input::Answer(id, Answer::Http(send(&request))),
            Some((id, Ask::VerifySignature(check))) => {
                let unix_time = UnixTime::from_secs(wall().as_secs());
                Input::Answer(
                    id,
                    Answer::Signature {
                        found: verify(&check),
                        unix_time,
                    },
                )
            }
            // Asked for with `pkce` alone.
            Some((id, Ask::Digest(_))) => Input::Answer(id, Answer::Digest(None)),
            None => {
                let wait = step
                    .wake_at
                    .map_or(Duration::from_secs(1), |at| at.since(clock.read(read())));
                thread::sleep(wait);
                Input::Wake
            }
        };
        step = flow.step(clock.read(read()), input);
    }

    match flow.view(clock.read(read())) {
        View::SignedIn { name, .. } => {
            // Yours now, by value: `tokens.access_token` is for the `Authorization` header of your requests.
            let signed_in = flow.take_signed_in();
            println!("Hello, {}.", name.as_deref().unwrap_or("whoever you are"));
            if signed_in.is_some() {
                ExitCode::SUCCESS
            } else {
                ExitCode::from(3)
            }
        }
        View::Failed(failure) => {
            eprintln!("{} {}", failure.what(), failure.advice());
            ExitCode::from(3)
        }
        View::Denied { .. } => ExitCode::from(1),
        _ => ExitCode::from(2),
    }
}

/// One request, redirects not followed; a lost answer has its reason, since the core asks again where that helps.
fn send(request: &HttpRequest) -> Result<HttpResponse, TransportError> {
    let mut sent = match request.method {
        Method::Get => minreq::get(&request.url),
        Method::Post => minreq::post(&request.url).with_body(request.body.clone()),
    };
    for (name, value) in &request.headers {
        sent = sent.with_header(*name, value.as_ref());
    }
    let answer = sent.with_timeout(TIMEOUT).with_follow_redirects(false).send_lazy();
    let answer = answer.map_err(|error| match error {
        minreq::Error::AddressNotFound => TransportError::NameNotFound,
        _ => TransportError::Interrupted,
    })?;
    let status = answer.status_code;
    let headers = answer
        .headers
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    let mut body = Vec::new();
    // One byte more than the core takes tells a body that is too large.
    let read = answer.take(MAX_BODY_BYTES as u64 + 1).read_to_end(&mut body);
    read.map_err(|_| TransportError::Interrupted)?;
    if body.len() > MAX_BODY_BYTES {
        return Err(TransportError::BodyTooLarge);
    }
    Ok(HttpResponse { status, headers, body })
}

/// RS256 or ES256, by the kind of the key (RFC 7518 section 3.1).
fn verify(
    SignatureCheck {
        key,
        signing_input,
        signature,
    }: &SignatureCheck,
) -> SignatureAnswer {
    let number = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap_or_default();
    let verified = match key {
        Jwk::Rsa { n, e } => RsaPublicKeyComponents {
            n: number(n),
            e: number(e),
        }
        .verify(&RSA_PKCS1_2048_8192_SHA256, signing_input, signature),
        Jwk::EcP256 { x, y } => {
            // An uncompressed point (SEC 1 section 2.3.3).
            let point = [vec![4], number(x), number(y)].concat();
            UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(signing_input, signature)
        }
    };
    if verified.is_ok() {
        SignatureAnswer::Valid
    } else {
        SignatureAnswer::Invalid
    }
}
