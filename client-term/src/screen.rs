//! [`View`] to text for people, on standard error.
//!
//! `tests/data/terminal` holds it and its likeness in JavaScript (`www/bin`) to the same screens.

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
