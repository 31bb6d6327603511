//! Where it runs, without naming the machine.

use std::collections::BTreeMap;
use std::process::Command;
use std::thread::available_parallelism;

use crate::report::Surroundings;
use crate::usage::read;

impl Surroundings {
    /// `versions` are of what takes part, by name.
    pub(crate) fn look(mut versions: BTreeMap<String, String>) -> Result<Self, String> {
        let processor = read("/proc/cpuinfo")?
            .lines()
            .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
            .map_or_else(|| "unknown".to_owned(), |(_, name)| name.trim().to_owned());
        let load = read("/proc/loadavg")?;
        let load_before = load.split(' ').next().and_then(|text| text.parse().ok());
        versions.insert(
            "Node.js".to_owned(),
            said_by("node")?.trim_start_matches('v').to_owned(),
        );
        let rustc = said_by("rustc")?;
        let rustc = rustc.split(' ').nth(1).unwrap_or(&rustc);
        versions.insert("rustc".to_owned(), rustc.to_owned());
        Ok(Self {
            processor,
            processors: available_parallelism().map_err(|problem| problem.to_string())?.get(),
            system: format!("{} {}", std::env::consts::OS, std::env::consts::ARCH),
            load_before: load_before.ok_or("/proc/loadavg starts with no number")?,
            versions,
        })
    }
}

/// What a program says its version is.
pub(crate) fn said_by(program: &str) -> Result<String, String> {
    let output = Command::new(program).arg("--version").output();
    let output = output.map_err(|problem| format!("{program} does not run: {problem}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
