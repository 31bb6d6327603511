//! What the person reads, and how long they are waited for.

use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use client_term::qr::{Cells, Manner};
use client_term::{Canceller, Shell, SystemClocks};
use device_flow::{Clock, CodeView, Instant, NotSignedIn, QrMatrix, SignedIn, View};

use crate::ffi::Pam;
use crate::refusal::{Refusal, plain};
use crate::settings::{Settings, Text};

/// Ours: after Enter the server's answer is waited for so long, as it may not have been asked since the approval: one
/// interval (RFC 8628 section 3.2) and the answer's way.
const AFTER_ENTER: Duration = Duration::from_secs(7);
/// Modules per side of a QR of version 5 (ISO/IEC 18004), the largest that a window of 80 by 24 takes; how large the window
/// is nobody tells a PAM module.
const LARGEST_QR: usize = 37;

/// What the thread that signs in has to say.
enum News {
    Code(Box<CodeView>),
    End(Box<Result<SignedIn, NotSignedIn>>),
}

/// What came of waiting for that.
enum Heard {
    Code(Box<CodeView>),
    Nothing,
    SignedIn(Box<SignedIn>),
}

/// Shows the code and waits: for the person's Enter where text is held back until a prompt, else for the server alone.
///
/// The server is asked all the while, on a thread of its own.
pub(crate) fn sign_in(pam: &mut Pam, settings: &Settings, account: &str) -> Result<SignedIn, Refusal> {
    let mut wait = Wait::start(settings, account)?;
    let Heard::Code(mut code) = wait.hear(Duration::MAX)? else {
        return Err(wait.time_over());
    };
    let mut text = page(&code, settings.qr, wait.left_to_approve());
    loop {
        let patience = match settings.text {
            Text::Shown => pam.say(&text).map(|()| Duration::MAX),
            Text::HeldBack => {
                let prompt = format!("{text}\nPress Enter when approved: ");
                pam.wait_for_enter(&prompt).map(|()| AFTER_ENTER)
            }
        };
        let patience = patience.map_err(|_| wait.unheard())?;
        match wait.hear(patience)? {
            Heard::SignedIn(signed_in) => return Ok(*signed_in),
            Heard::Code(new) => {
                text = page(&new, settings.qr, wait.left_to_approve());
                code = new;
            }
            Heard::Nothing => text = reminder(&code, wait.left_to_approve()),
        }
    }
}

struct Wait {
    canceller: Canceller,
    news: Receiver<News>,
    clocks: SystemClocks,
    clock: Clock,
    /// On that clock, which shows zero at the start.
    until: Instant,
    /// When the code runs out that was told last.
    code_until: Instant,
    account: String,
}

/// Whatever the end is, the server is not asked any longer.
impl Drop for Wait {
    fn drop(&mut self) {
        self.canceller.cancel();
    }
}

impl Wait {
    fn start(settings: &Settings, account: &str) -> Result<Self, Refusal> {
        let shell = Shell::new(settings.config.clone(), settings.http.clone());
        let canceller = shell.canceller();
        let (sender, news) = mpsc::channel();
        let work = move || {
            let mut shown = None;
            let end = shell.sign_in(|view| {
                if let View::Code(code) = view
                    && shown.as_ref() != Some(&code.user_code)
                {
                    shown = Some(code.user_code.clone());
                    let _ = sender.send(News::Code(Box::new(code.clone())));
                }
            });
            // Nobody listens any more when the time is over.
            let _ = sender.send(News::End(Box::new(end)));
        };
        let started = thread::Builder::new().spawn(work);
        started.map_err(|error| Refusal::Misconfigured(format!("no thread can be started: {error}")))?;
        let clocks = SystemClocks::new();
        Ok(Self {
            canceller,
            news,
            clocks,
            clock: Clock::starting_at(clocks.read()),
            until: Instant::default() + settings.time_limit,
            code_until: Instant::default(),
            account: account.into(),
        })
    }

    fn now(&mut self) -> Instant {
        self.clock.read(self.clocks.read())
    }

    fn left(&mut self) -> Duration {
        self.until.since(self.now())
    }

    /// Until the time is over or the code has run out.
    fn left_to_approve(&mut self) -> Duration {
        self.left().min(self.code_until.since(self.now()))
    }

    fn hear(&mut self, patience: Duration) -> Result<Heard, Refusal> {
        let patience = patience.min(self.left());
        let news = self.news.recv_timeout(patience);
        if self.left().is_zero() {
            return Err(self.time_over());
        }
        match news {
            Ok(News::Code(code)) => {
                self.code_until = self.now() + code.left;
                Ok(Heard::Code(code))
            }
            Ok(News::End(end)) => match *end {
                Ok(signed_in) => Ok(Heard::SignedIn(Box::new(signed_in))),
                Err(why) => Err(Refusal::not_signed_in(&self.account, why)),
            },
            Err(RecvTimeoutError::Timeout) => Ok(Heard::Nothing),
            Err(RecvTimeoutError::Disconnected) => Err(Refusal::Misconfigured(
                "the thread that signs in has panicked; please report it".into(),
            )),
        }
    }

    fn time_over(&self) -> Refusal {
        Refusal::TimeOver {
            account: self.account.clone(),
        }
    }

    fn unheard(&self) -> Refusal {
        Refusal::Unheard {
            account: self.account.clone(),
        }
    }
}

/// The QR first, so that address and code stand last, right above the prompt. An empty line before it: OpenSSH's client puts
/// the account's name into the first.
fn page(code: &CodeView, with_qr: bool, left: Duration) -> String {
    let qr = with_qr.then(|| small_qr(code)).flatten().unwrap_or_default();
    format!(
        "\n{qr}\nTo sign in, open this address on your phone or computer:\n\n    {}\n\nand enter this code:\n\n    {}\n\n\
         Approve only if it is you who connects right now. Time left: {}.",
        code.verification_uri,
        plain(&code.user_code),
        minutes(left)
    )
}

/// After an Enter that came before the approval.
fn reminder(code: &CodeView, left: Duration) -> String {
    format!(
        "\nNot approved yet: the code is {} at {}. Time left: {}.",
        plain(&code.user_code),
        code.verification_uri,
        minutes(left)
    )
}

fn minutes(span: Duration) -> String {
    let seconds = span.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// Without colours, since ssh shows no escape sequences of a server's prompt.
fn small_qr(code: &CodeView) -> Option<String> {
    let manner = Manner {
        cells: Cells::Plain,
        invert: false,
    };
    let complete = code.verification_uri_complete.as_ref();
    let addresses = complete.into_iter().chain([&code.verification_uri]);
    let mut symbols = addresses.filter_map(|address| QrMatrix::encode(address).ok());
    symbols
        .find(|symbol| symbol.side() <= LARGEST_QR)
        .map(|symbol| manner.draw(&symbol))
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::HttpUrl;

    fn code(address: &str) -> CodeView {
        let url = |text: &str| HttpUrl::parse(text).expect("an address");
        CodeView {
            user_code: "WDJB-MJHT".into(),
            verification_uri: url("https://example.com/device"),
            verification_uri_complete: Some(url(address)),
            lifetime: Duration::from_secs(600),
            left: Duration::from_secs(600),
            trouble: None,
        }
    }

    #[test]
    fn address_and_code_stand_on_lines_of_their_own_below_the_qr() {
        let page = page(
            &code("https://example.com/device?user_code=WDJB-MJHT"),
            true,
            Duration::from_secs(110),
        );
        let lines: Vec<_> = page.lines().collect();
        assert_eq!(lines[0], "", "the client's own words stand there");
        let last_of_qr = lines.iter().rposition(|line| line.contains('█')).expect("a QR");
        let address = lines
            .iter()
            .position(|line| *line == "    https://example.com/device")
            .expect("an address");
        let code = lines.iter().position(|line| *line == "    WDJB-MJHT").expect("a code");
        assert!(last_of_qr < address && address < code);
        assert!(page.ends_with("Time left: 1:50."));
    }

    #[test]
    fn without_a_qr_the_prompt_keeps_to_the_limit_of_pam() {
        // PAM_MAX_MSG_SIZE of <security/_pam_types.h>.
        let page = page(
            &code("https://example.com/device?user_code=WDJB-MJHT"),
            false,
            Duration::from_secs(110),
        );
        assert!(page.len() < 512, "{}", page.len());
    }

    #[test]
    fn a_qr_that_no_small_window_takes_holds_the_plain_address_instead() {
        let long = format!("https://example.com/{}", "x".repeat(200));
        let widths = |drawing: String| drawing.lines().map(|line| line.chars().count()).max();
        let drawing = small_qr(&code(&long)).expect("the plain one fits");
        // Version 2 and the quiet zone.
        assert_eq!(widths(drawing), Some(33));
    }
}
