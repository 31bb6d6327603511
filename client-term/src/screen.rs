//! [`View`] to text for people, on standard error.

use std::fmt::Write as _;
use std::io::{self, Write};

use device_flow::{CodeView, QrMatrix, Trouble, View, Vouched};

use crate::qr::Manner;

/// What the terminal at the other end can show.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    /// How a QR is drawn; `None` where none can be.
    pub qr: Option<Manner>,
    /// A line may be rewritten in place.
    pub rewrite: bool,
    /// Columns and rows, where they are known.
    pub size: Option<(usize, usize)>,
}

/// Writes each view once, and keeps one line for what changes.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    abilities: Abilities,
    shown: Option<View>,
    /// Whether a line is being rewritten.
    is_line_open: bool,
}

impl<W: Write> Screen<W> {
    /// An empty screen.
    pub fn new(out: W, abilities: Abilities) -> Self {
        Self {
            out,
            abilities,
            shown: None,
            is_line_open: false,
        }
    }

    /// Shows what is new in `view`.
    ///
    /// # Errors
    ///
    /// Those of the writer.
    pub fn show(&mut self, view: &View) -> io::Result<()> {
        let is_new = self.shown.as_ref().is_none_or(|shown| !same_page(shown, view));
        if is_new && let Some(text) = page(view, self.abilities) {
            self.close_line()?;
            self.out.write_all(text.as_bytes())?;
        }
        if let Some(line) = status(view).filter(|_| self.abilities.rewrite) {
            self.rewrite(&line)?;
        }
        self.shown = Some(view.clone());
        self.out.flush()
    }

    /// Whatever stood there goes, the `^C` of a person too (EL, ECMA-48 section 8.3.41).
    fn rewrite(&mut self, line: &str) -> io::Result<()> {
        // A line that wraps could not be rewritten.
        let room = self
            .abilities
            .size
            .map_or(usize::MAX, |(columns, _)| columns.saturating_sub(1));
        let line: String = line.chars().take(room).collect();
        write!(self.out, "\r{line}\x1b[K")?;
        self.is_line_open = true;
        Ok(())
    }

    fn close_line(&mut self) -> io::Result<()> {
        if self.is_line_open {
            self.rewrite("")?;
            self.is_line_open = false;
        }
        Ok(())
    }
}

/// Whether only the line that changes is different.
fn same_page(a: &View, b: &View) -> bool {
    match (a, b) {
        (View::Code(a), View::Code(b)) => a.user_code == b.user_code,
        (View::Connecting { .. }, View::Connecting { .. }) | (View::Checking { .. }, View::Checking { .. }) => true,
        (a, b) => a == b,
    }
}

/// What is written once; nothing for views that pass by.
fn page(view: &View, abilities: Abilities) -> Option<String> {
    match view {
        View::Idle | View::Connecting { .. } | View::Checking { .. } => None,
        View::Code(code) => Some(code_page(code, abilities)),
        View::SignedIn { name, vouched_by } => {
            let mut text = match name {
                Some(name) => format!("Hello, {name}. You are signed in.\n"),
                None => "You are signed in.\n".into(),
            };
            if *vouched_by == Some(Vouched::Nothing) {
                text.push_str("Nobody vouches for that name: plain http, and no signature was checked.\n");
            }
            Some(text)
        }
        View::Cancelled => Some("Cancelled.\n".into()),
        View::Denied { description } => {
            let description = description
                .as_ref()
                .map(|text| format!(" The server says: {text}"))
                .unwrap_or_default();
            Some(format!("The sign-in was declined.{description}\n"))
        }
        View::Expired => Some("The code has run out before anybody approved it. Start again for a new one.\n".into()),
        View::Failed(failure) => {
            let host = failure
                .host
                .as_ref()
                .map(|host| format!(" at {host}"))
                .unwrap_or_default();
            let what = with_capital(&failure.what());
            Some(format!(
                "Sign-in failed{host}: {what}.\n{}\nReference: {}\n",
                failure.advice(),
                failure.code()
            ))
        }
    }
}

/// Address and code on lines of their own first, for screen readers and scrollback; the QR last, so that it and the line
/// that changes are what a small window shows.
fn code_page(code: &CodeView, abilities: Abilities) -> String {
    let mut text = format!(
        "To sign in, open this address on your phone or computer:\n\n    {}\n\nand enter this code:\n\n    {}\n\n",
        code.verification_uri, code.user_code
    );
    let _ = writeln!(
        text,
        "Enter this code only if you started this sign-in, and only at {}.",
        code.verification_uri.authority()
    );
    if let Some(manner) = abilities.qr {
        let _ = match fitting(code, manner, abilities.size) {
            Ok((words, matrix)) => write!(text, "{words}\n\n{}", manner.draw(&matrix)),
            Err(Some((columns, rows))) => {
                writeln!(text, "A QR would need a window of {columns} columns and {rows} rows.")
            }
            Err(None) => Ok(()),
        };
    }
    text
}

/// The QR that fits: with the code inside, else the shorter one without. One line more is for what changes.
///
/// Otherwise the size that the smaller one needs, or nothing where no symbol holds the address.
fn fitting(
    code: &CodeView,
    manner: Manner,
    size: Option<(usize, usize)>,
) -> Result<(&'static str, QrMatrix), Option<(usize, usize)>> {
    let mut needed = None;
    let complete = code.verification_uri_complete.as_ref();
    let addresses = [
        complete.map(|address| ("Or scan this:", address)),
        Some(("Or scan this, and enter the code there:", &code.verification_uri)),
    ];
    for (words, address) in addresses.into_iter().flatten() {
        let Ok(matrix) = QrMatrix::encode(address) else {
            continue;
        };
        let (columns, rows) = manner.size(&matrix);
        if size.is_none_or(|size| columns <= size.0 && rows < size.1) {
            return Ok((words, matrix));
        }
        needed = Some((columns, rows + 1));
    }
    Err(needed)
}

/// The line that changes.
fn status(view: &View) -> Option<String> {
    let again = |trouble: &Trouble| {
        format!(
            "{}; trying again in {} s",
            with_capital(&trouble.what()),
            trouble.retry_in.as_secs() + 1
        )
    };
    match view {
        View::Code(CodeView {
            trouble: Some(trouble), ..
        }) => Some(again(trouble)),
        View::Code(CodeView { left, .. }) => {
            let seconds = left.as_secs();
            Some(format!(
                "Waiting for approval ({}:{:02} left) ",
                seconds / 60,
                seconds % 60
            ))
        }
        View::Connecting { trouble } => Some(trouble.as_ref().map_or("Connecting …".into(), again)),
        View::Checking { trouble } => Some(trouble.as_ref().map_or("Checking …".into(), again)),
        _ => None,
    }
}

fn with_capital(text: &str) -> String {
    let mut letters = text.chars();
    letters
        .next()
        .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::qr::Cells;
    use device_flow::{ErrorResponse, Failure, FailureCause, FlowError, HttpUrl, LostCause, TransportError};
    use expect_test::{Expect, expect};
    use std::time::Duration;

    fn check(abilities: Abilities, views: &[View], expected: &Expect) {
        let mut screen = Screen::new(Vec::new(), abilities);
        for view in views {
            screen.show(view).expect("memory takes it");
        }
        let text = String::from_utf8(screen.out).expect("UTF-8");
        expected.assert_eq(&text.replace('\r', "<CR>").replace("\x1b[K", "<EL>"));
    }

    const PLAIN: Abilities = Abilities {
        qr: None,
        rewrite: false,
        size: None,
    };
    const TERMINAL: Abilities = Abilities {
        qr: None,
        rewrite: true,
        size: Some((80, 24)),
    };

    /// RFC 8628 section 3.2.
    fn code(left: u64, trouble: Option<Trouble>) -> View {
        let url = |text| HttpUrl::parse(text).expect("an address");
        View::Code(CodeView {
            user_code: "WDJB-MJHT".into(),
            verification_uri: url("https://example.com/device"),
            verification_uri_complete: Some(url("https://example.com/device?user_code=WDJB-MJHT")),
            lifetime: Duration::from_secs(1800),
            left: Duration::from_secs(left),
            trouble,
        })
    }

    #[test]
    fn code_and_address_stand_on_lines_of_their_own_once() {
        check(
            PLAIN,
            &[code(1800, None), code(1799, None)],
            &expect![[r#"
            To sign in, open this address on your phone or computer:

                https://example.com/device

            and enter this code:

                WDJB-MJHT

            Enter this code only if you started this sign-in, and only at example.com.
        "#]],
        );
    }

    #[test]
    fn a_terminal_has_one_line_that_changes() {
        let trouble = Trouble {
            cause: LostCause::Transport(TransportError::TimedOut),
            retry_in: Duration::from_secs(9),
        };
        let views = [code(605, None), code(59, Some(trouble)), View::Expired];
        check(
            TERMINAL,
            &views,
            &expect![[r#"
                To sign in, open this address on your phone or computer:

                    https://example.com/device

                and enter this code:

                    WDJB-MJHT

                Enter this code only if you started this sign-in, and only at example.com.
                <CR>Waiting for approval (10:05 left) <EL><CR>No answer in time; trying again in 10 s<EL><CR><EL>The code has run out before anybody approved it. Start again for a new one.
            "#]],
        );
    }

    /// The first line of what follows the warning, in a window of this size.
    fn below_the_warning(columns: usize, rows: usize) -> (String, usize) {
        let manner = Manner {
            cells: Cells::Plain,
            invert: false,
        };
        let View::Code(code) = code(1800, None) else {
            panic!("it is a code")
        };
        let abilities = Abilities {
            qr: Some(manner),
            rewrite: true,
            size: Some((columns, rows)),
        };
        let page = code_page(&code, abilities);
        let mut lines = page
            .lines()
            .skip_while(|line| !line.starts_with("Enter this code"))
            .skip(1);
        (
            lines.next().unwrap_or_default().into(),
            lines.filter(|line| line.contains(['█', '▀'])).count(),
        )
    }

    #[test]
    fn the_qr_gets_smaller_with_the_window_and_then_says_what_it_needs() {
        // ISO/IEC 18004: the address with the code takes version 3 (29 modules and the quiet zone), without it version 2.
        assert_eq!(below_the_warning(80, 24), ("Or scan this:".into(), 19));
        let plain = ("Or scan this, and enter the code there:".into(), 17);
        assert_eq!(below_the_warning(80, 19), plain);
        assert_eq!(below_the_warning(36, 24), plain);
        let words = "A QR would need a window of 33 columns and 18 rows.";
        assert_eq!(below_the_warning(32, 24), (words.into(), 0));
    }

    #[test]
    fn a_window_of_80_by_24_takes_version_5() {
        let address = format!("https://id.example/{}", "x".repeat(80));
        let matrix = QrMatrix::encode(&HttpUrl::parse(&address).expect("an address")).expect("short");
        assert_eq!(matrix.side(), 37, "version 5");
        let manner = Manner {
            cells: Cells::Coloured,
            invert: false,
        };
        let (columns, rows) = manner.size(&matrix);
        assert!(columns <= 80 && rows < 24, "{columns} {rows}");
    }

    #[test]
    fn ends_are_said_in_words() {
        let failure = Failure {
            cause: FailureCause::Flow(FlowError::Refused(ErrorResponse {
                status: 401,
                error: "invalid_client".into(),
                error_description: Some("unknown client".into()),
            })),
            host: Some("id.example".into()),
        };
        let views = [
            View::SignedIn {
                name: Some("Jane Doe".into()),
                vouched_by: Some(Vouched::Signature),
            },
            View::SignedIn {
                name: None,
                vouched_by: None,
            },
            View::SignedIn {
                name: Some("Jane Doe".into()),
                vouched_by: Some(Vouched::Nothing),
            },
            View::Denied {
                description: Some("User is not assigned to the client application.".into()),
            },
            View::Denied { description: None },
            View::Cancelled,
            View::Failed(failure),
        ];
        check(
            PLAIN,
            &views,
            &expect![[r#"
            Hello, Jane Doe. You are signed in.
            You are signed in.
            Hello, Jane Doe. You are signed in.
            Nobody vouches for that name: plain http, and no signature was checked.
            The sign-in was declined. The server says: User is not assigned to the client application.
            The sign-in was declined.
            Cancelled.
            Sign-in failed at id.example: Unknown client.
            The client id must be registered there as a public client with the device grant switched on.
            Reference: invalid_client
        "#]],
        );
    }
}
