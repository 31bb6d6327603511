//! Measuring that browsers and Node.js have to do: scripts beside this file, which print what they found.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::report::{Better, Measurement};
use crate::server::tests;

/// What a script prints.
#[derive(Deserialize)]
pub(crate) struct Found {
    /// By measurement and contestant; those of one round have the same index.
    samples: BTreeMap<String, BTreeMap<String, Vec<f64>>>,
    /// What no figure says.
    pub(crate) notes: Vec<String>,
}

impl Found {
    /// The samples of these contestants, in this order, as far as they were measured.
    pub(crate) fn measurement(
        &mut self,
        contestants: &[&'static str],
        id: &str,
        what: &str,
        unit: &str,
        better: Better,
    ) -> Option<Measurement> {
        let mut found = self.samples.remove(id)?;
        let samples: Vec<_> = contestants
            .iter()
            .filter_map(|&of| Some((of, found.remove(of)?)))
            .collect();
        Some(Measurement::new(id, what, unit, better, &samples))
    }
}

/// Runs one of the scripts here, which finds programs by these variables; how far it is stands on standard error.
pub(crate) fn measure(script: &str, quick: bool, programs: &[(&str, &Path)]) -> Result<Found, String> {
    let mut command = node(&tests().join("bench").join(script));
    command.args(quick.then_some("--quick")).envs(programs.iter().copied());
    let output = command.stderr(Stdio::inherit()).output();
    let output = output.map_err(|problem| format!("node does not run: {problem}"))?;
    if !output.status.success() {
        return Err(format!("{script} failed; its own words are above"));
    }
    serde_json::from_slice(&output.stdout).map_err(|problem| format!("{script} printed no figures: {problem}"))
}

/// Runs one of the build's scripts.
pub(crate) fn build(script: &str) -> Result<(), String> {
    let status = node(&tests().join("../www").join(script))
        .stdout(Stdio::null())
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("www/{script} failed; its own words are above")),
        Err(problem) => Err(format!("node does not run: {problem}")),
    }
}

fn node(script: &Path) -> Command {
    let mut command = Command::new("node");
    // Node.js 20 has it behind this.
    command.arg("--experimental-websocket").arg(script);
    command.env("NODE_ENV", "production");
    command
}
