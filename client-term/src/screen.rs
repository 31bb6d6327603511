//! [`View`] to text for people, on standard error.

use std::fmt::Write as _;
use std::io::{self, Write};

use device_flow::{CodeView, QrMatrix, Trouble, View, Vouched};

use crate::qr;

/// What the terminal at the other end can show.
#[derive(Clone, Copy, Debug)]
pub struct Abilities {
    /// Colours may be forced: a terminal, and `NO_COLOR` is not set.
    pub colours: bool,
    /// Half blocks can be shown.
    pub qr: bool,
    /// A line may be rewritten in place.
    pub rewrite: bool,
}

/// Writes each view once, and keeps one line for what changes.
#[derive(Debug)]
pub struct Screen<W> {
    out: W,
    abilities: Abilities,
    shown: Option<View>,
    /// Length of the line that is being rewritten.
    open_line: usize,
}

impl<W: Write> Screen<W> {
    /// An empty screen.
    pub fn new(out: W, abilities: Abilities) -> Self {
        Self {
            out,
            abilities,
            shown: None,
            open_line: 0,
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

    fn rewrite(&mut self, line: &str) -> io::Result<()> {
        let length = line.chars().count();
        write!(
            self.out,
            "\r{line}{}",
            " ".repeat(self.open_line.saturating_sub(length))
        )?;
        self.open_line = length;
        Ok(())
    }

    fn close_line(&mut self) -> io::Result<()> {
        if self.open_line > 0 {
            self.rewrite("")?;
            self.open_line = 0;
            self.out.write_all(b"\r")?;
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
            let what = with_capital(&failure.what);
            Some(format!(
                "Sign-in failed{host}: {what}.\n{}\nReference: {}\n",
                failure.advice, failure.code
            ))
        }
    }
}

/// Address and code on lines of their own first, for screen readers and scrollback; then the QR.
fn code_page(code: &CodeView, abilities: Abilities) -> String {
    let mut text = format!(
        "To sign in, open this address on your phone or computer:\n\n    {}\n\nand enter this code:\n\n    {}\n\n",
        code.verification_uri, code.user_code
    );
    if abilities.qr
        && let Ok(matrix) = QrMatrix::encode(code.address_for_qr())
    {
        let _ = writeln!(text, "Or scan this:\n\n{}", qr::draw(&matrix, abilities.colours));
    }
    let _ = writeln!(
        text,
        "Enter this code only if you started this sign-in, and only at {}.",
        code.verification_uri.authority()
    );
    text
}

/// The line that changes.
fn status(view: &View) -> Option<String> {
    let again = |trouble: &Trouble| {
        format!(
            "{}; trying again in {} s",
            with_capital(&trouble.what),
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
    use device_flow::{Failure, HttpUrl};
    use expect_test::{Expect, expect};
    use std::time::Duration;

    fn check(abilities: Abilities, views: &[View], expected: &Expect) {
        let mut screen = Screen::new(Vec::new(), abilities);
        for view in views {
            screen.show(view).expect("memory takes it");
        }
        let text = String::from_utf8(screen.out).expect("UTF-8");
        expected.assert_eq(&text.replace('\r', "<CR>"));
    }

    const PLAIN: Abilities = Abilities {
        colours: false,
        qr: false,
        rewrite: false,
    };
    const TERMINAL: Abilities = Abilities {
        colours: true,
        qr: false,
        rewrite: true,
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
            code: "timed_out",
            what: "no answer in time".into(),
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
            <CR>Waiting for approval (10:05 left) <CR>No answer in time; trying again in 10 s<CR>                                       <CR>The code has run out before anybody approved it. Start again for a new one.
        "#]],
        );
    }

    #[test]
    fn ends_are_said_in_words() {
        let failure = Failure {
            code: "invalid_client".into(),
            what: "unknown client".into(),
            advice: "Register it.",
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
            Register it.
            Reference: invalid_client
        "#]],
        );
    }
}
