//! What is generated from the command line's description: completions and manual pages.

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
        Some(folder) => clap_mangen::generate_to(command, folder),
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
