//! How the program ends.

use std::process::ExitCode;

/// Part of the stable surface; 64 is `EX_USAGE`, 126, 127 and 130 are what shells say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Exit {
    Done = 0,
    Denied = 1,
    Expired = 2,
    Failed = 3,
    NobodySignedIn = 4,
    WrongUsage = 64,
    NotExecutable = 126,
    NoSuchCommand = 127,
    Interrupted = 130,
}

/// The same in words, for `--help` and the manual page.
pub(crate) const IN_WORDS: &str = "\
Exit codes:
  0    signed in, or done
  1    denied, by the person or by a policy
  2    the code has expired
  3    failed; the words on standard error say why
  4    nobody is signed in, or the session is over: sign in again
  64   wrong usage or wrong configuration
  126  `exec` could not start the command
  127  `exec` found no such command
  130  interrupted
`exec` otherwise ends as its command does.";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
