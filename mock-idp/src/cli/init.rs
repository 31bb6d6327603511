//! `mock-idp init`: a configuration file to begin with.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Write};
use std::path::PathBuf;

use mock_idp::Config;

use super::Problem;

#[derive(clap::Args)]
pub(super) struct Init {
    /// The file to write.
    #[arg(default_value = Config::FILE_NAME)]
    file: PathBuf,
    /// Overwrites the file if there is one.
    #[arg(long)]
    force: bool,
}

impl Init {
    /// Writes the file.
    pub(super) fn run(&self) -> Result<(), Problem> {
        let shown = self.file.display();
        let mut options = OpenOptions::new();
        options.write(true);
        if self.force {
            options.create(true).truncate(true);
        } else {
            options.create_new(true);
        }
        let written = options
            .open(&self.file)
            .and_then(|mut file| file.write_all(Config::COMMENTED.as_bytes()));
        written.map_err(|problem| {
            Problem::Failure(match problem.kind() {
                ErrorKind::AlreadyExists => format!("{shown} exists; `--force` overwrites it"),
                _ => format!("cannot write {shown}: {problem}"),
            })
        })?;
        let found = self.file.as_os_str() == Config::FILE_NAME;
        let option = if found {
            String::new()
        } else {
            format!(" --config {shown}")
        };
        let told = writeln!(io::stdout(), "Wrote {shown}. `mock-idp serve{option}` goes by it.");
        told.map_err(|problem| Problem::output(&problem))
    }
}
