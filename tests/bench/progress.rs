//! What people see while it runs.

use std::io::{self, Write};

/// One line on standard error; that nobody reads it is no reason to stop.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr(), "bench: {text}");
}
