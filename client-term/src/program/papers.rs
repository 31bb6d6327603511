//! What is generated from the command line's description: completions and manual pages.

use std::fs;
use std::io::{self, Write};
use std::path::Path;

use clap::CommandFactory;
use clap_complete::Shell;
use clap_mangen::Man;

use super::arguments::Arguments;
use super::exit::Exit;
use super::failure::Failure;

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "device-login", &mut text);
    written(io::stdout().write_all(&text))
}

pub(crate) fn manual(folder: Option<&Path>) -> Result<Exit, Failure> {
    let command = Arguments::command();
    written(match folder {
        Some(folder) => fs::create_dir_all(folder).and_then(|()| clap_mangen::generate_to(command, folder)),
        None => Man::new(command).render(&mut io::stdout()),
    })
}

fn written(result: io::Result<()>) -> Result<Exit, Failure> {
    let failed = |error: io::Error| {
        let what = format!("it could not be written: {error}");
        Failure::new(Exit::Failed, "output_failed", what, "Look at where it goes.")
    };
    result.map(|()| Exit::Done).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        // clap's own check of a description.
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_manual_page_and_the_exit_codes_are_in_the_first() {
        let folder = tempfile::tempdir().expect("a folder");
        manual(Some(&folder.path().join("man1"))).expect("written");
        let page = |name: &str| fs::read_to_string(folder.path().join("man1").join(name)).expect(name);
        for command in ["login", "token", "whoami", "logout", "exec", "doctor"] {
            assert!(
                page(&format!("device-login-{command}.1")).contains(".SH SYNOPSIS"),
                "{command}"
            );
        }
        assert!(page("device-login.1").contains("nobody is signed in, or the session is over"));
    }
}
