//! What a person sees on a terminal, by the files of `tests/data/terminal`: the renderer of `client-term` here, that of
//! the npm package's program in `tests/package/terminal.test.mjs`.

use std::fs;
use std::path::Path;
use std::time::Duration;

use client_term::qr::{Cells, Manner};
use client_term::screen::{Abilities, Screen};
use device_flow::{
    CodeView, ErrorResponse, Failure, FailureCause, FlowError, HttpUrl, IdTokenError, LostCause, PeerMisbehaved,
    TransportError, Trouble, View, Vouched,
};
use serde::Deserialize;

/// What the terminal can show, as the file says it.
#[derive(Deserialize)]
struct Able {
    qr: Option<Drawn>,
    rewrite: bool,
    size: Option<(usize, usize)>,
}

#[derive(Deserialize)]
struct Drawn {
    cells: String,
    invert: bool,
}

impl From<Able> for Abilities {
    fn from(able: Able) -> Self {
        let manner = |drawn: Drawn| Manner {
            cells: match drawn.cells.as_str() {
                "blanks" => Cells::Blanks,
                "coloured" => Cells::Coloured,
                "plain" => Cells::Plain,
                other => panic!("no cells are called {other}"),
            },
            invert: drawn.invert,
        };
        Self {
            qr: able.qr.map(manner),
            rewrite: able.rewrite,
            size: able.size,
        }
    }
}

/// A view, as `www/npm/headless.d.ts` describes it; with it the status that an app sees by its own `fetch` alone.
#[derive(Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Seen {
    Connecting {
        trouble: Option<Lost>,
    },
    Code {
        user_code: String,
        verification_uri: String,
        verification_uri_complete: Option<String>,
        seconds_left: u64,
        trouble: Option<Lost>,
    },
    Checking {
        trouble: Option<Lost>,
    },
    SignedIn {
        name: Option<String>,
        vouched_by: Option<String>,
    },
    Ended {
        reason: String,
        description: Option<String>,
    },
    Failed {
        error: Failed,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Lost {
    code: String,
    seconds_until_retry: u64,
    #[serde(default)]
    status: u16,
}

#[derive(Deserialize)]
struct Failed {
    code: String,
    details: Vec<String>,
    host: Option<String>,
    #[serde(default)]
    status: u16,
}

impl From<Lost> for Trouble {
    fn from(lost: Lost) -> Self {
        let mut causes = causes(lost.status).into_iter();
        Self {
            cause: causes.find(|cause| cause.code() == lost.code).expect("a cause"),
            // The core tells it to the millisecond, and both count the second that has begun.
            retry_in: Duration::from_millis(1000 * lost.seconds_until_retry - 500),
        }
    }
}

impl From<Seen> for View {
    fn from(seen: Seen) -> Self {
        let url = |text: &String| HttpUrl::parse(text).expect("an address");
        let trouble = |lost: Option<Lost>| lost.map(Into::into);
        match seen {
            Seen::Connecting { trouble: lost } => View::Connecting { trouble: trouble(lost) },
            Seen::Checking { trouble: lost } => View::Checking { trouble: trouble(lost) },
            Seen::Code {
                user_code,
                verification_uri,
                verification_uri_complete,
                seconds_left,
                trouble: lost,
            } => View::Code(CodeView {
                user_code,
                verification_uri: url(&verification_uri),
                verification_uri_complete: verification_uri_complete.as_ref().map(url),
                lifetime: Duration::from_secs(1800),
                left: Duration::from_secs(seconds_left),
                trouble: trouble(lost),
            }),
            Seen::SignedIn { name, vouched_by } => View::SignedIn {
                name,
                vouched_by: vouched_by.map(|by| {
                    let all = [Vouched::Signature, Vouched::Tls, Vouched::Nothing];
                    all.into_iter().find(|known| known.as_str() == by).expect("known")
                }),
            },
            Seen::Ended { reason, description } => match reason.as_str() {
                "cancelled" => View::Cancelled,
                "denied" => View::Denied { description },
                "expired" => View::Expired,
                other => panic!("no end is called {other}"),
            },
            Seen::Failed { error } => View::Failed(Failure {
                cause: FailureCause::Flow(flow_error(&error)),
                host: error.host,
            }),
        }
    }
}

fn causes(status: u16) -> Vec<LostCause> {
    let mut causes: Vec<_> = TransportError::ALL.map(LostCause::Transport).into();
    causes.extend([LostCause::Unavailable(status), LostCause::Unreadable(status)]);
    causes
}

const ENDPOINTS: [&str; 2] = ["device authorization endpoint", "token endpoint"];

/// The error of that code and those details; the server's own if it is none of ours.
fn flow_error(failed: &Failed) -> FlowError {
    use IdTokenError as T;
    use PeerMisbehaved as P;
    let detail = |at: usize| failed.details.get(at).cloned().unwrap_or_default();
    let status = failed.status;
    let endpoint = || {
        let known = ENDPOINTS.into_iter().find(|known| *known == detail(0));
        known.unwrap_or("authorization server")
    };
    let id_token = [
        T::AccessTokenMismatch,
        T::AlgorithmRefused(detail(0)),
        T::AudienceMismatch,
        T::AuthorizedPartyMismatch,
        T::CriticalHeader,
        T::Expired,
        T::IssuerMismatch {
            expected: detail(0),
            found: detail(1),
        },
        T::IssuedInTheFuture,
        T::KeyNotFound,
        T::Malformed,
        T::Missing,
        T::NotYetValid,
        T::SignatureInvalid,
        T::SignatureUnchecked,
        T::SubjectMissing,
    ];
    let mut misbehaved = vec![
        P::AnswerUnreadable {
            endpoint: endpoint(),
            status,
        },
        P::Deviates {
            endpoint: endpoint(),
            rule: "RFC 8628 section 3.2: `interval` is a number",
        },
        P::DeviceGrantNotOffered,
        P::MemberNotUsable {
            member: "verification_uri",
            value: detail(1),
        },
        P::IssuerMismatch {
            expected: detail(0),
            found: detail(1),
        },
        P::MemberMissing {
            endpoint: endpoint(),
            member: "user_code",
        },
        P::Redirected {
            endpoint: endpoint(),
            status,
        },
    ];
    misbehaved.extend(id_token.map(P::IdToken));
    let errors = misbehaved
        .into_iter()
        .map(FlowError::Misbehaved)
        .chain(causes(status).into_iter().map(FlowError::Lost))
        .chain([FlowError::NoDigest]);
    let mut ours = errors.filter(|error| error.code() == failed.code);
    let found = ours.find(|error| error.details() == failed.details);
    found.unwrap_or_else(|| {
        FlowError::Refused(ErrorResponse {
            status: 400,
            error: failed.code.clone(),
            error_description: failed.details.first().cloned(),
        })
    })
}

/// Control sequences as words.
fn legible(text: &str) -> String {
    let marked = text.replace('\r', "<CR>").replace("\x1b[K", "<EL>");
    let mut pieces = marked.split("\x1b[");
    let mut legible = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (colour, rest) = piece.split_once('m').expect("a colour");
        legible.extend(["<", colour, "m>", rest]);
    }
    legible
}

/// One case again: what stands before `---`, and what came of it.
fn tell(case: &str) -> String {
    let (given, _) = case.split_once("\n---\n").expect("a line `---`");
    let mut lines = given.lines().skip(1);
    let able: Able = serde_json::from_str(lines.next().expect("abilities")).expect("abilities");
    let mut out = Vec::new();
    let mut screen = Screen::new(&mut out, able.into());
    for line in lines {
        let seen: Seen = serde_json::from_str(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        screen.show(&seen.into()).expect("memory takes it");
    }
    let text = String::from_utf8(out).expect("UTF-8");
    format!("{given}\n---\n{}\n", legible(&text))
}

#[test]
fn every_screen_of_the_terminal_is_as_the_file_has_it() {
    for screens in super::index().screens {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data").join(&screens.file);
        let text = fs::read_to_string(&path).expect("a file");
        let (head, cases) = text.split_once("\n== ").expect("a case");
        let mut told = vec![head.to_owned()];
        told.extend(cases.split("\n== ").map(tell));
        expect_test::expect_file![path].assert_eq(&told.join("\n== "));
    }
}
