//! The program for terminals beside scripts that do the same: `terminal.mjs` measures, this says what of.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{Better, Measurement};
use crate::script;
use crate::server::{tests, version_of};
use crate::surroundings::said_by;

const CONTESTANTS: [&str; 4] = [
    "device-login",
    "npx device-login",
    "openid-client",
    "requests_oauth2client",
];

pub(crate) fn measure(quick: bool, mock_idp: &Path) -> Result<(Vec<Measurement>, Vec<String>), String> {
    script::build("package.mjs")?;
    let built = escargot::CargoBuild::new()
        .package("client-term")
        .bin("device-login")
        .release()
        .run()
        .map_err(|problem| format!("device-login does not build: {problem}"))?;
    let mut found = script::measure(
        "terminal.mjs",
        quick,
        &[("MOCK_IDP", mock_idp), ("DEVICE_LOGIN", built.path())],
    )?;
    let rows = [
        ("start", "Start and end, without doing anything", "ms"),
        ("code", "Start to the code on the screen", "ms"),
        ("memory", "Memory while waiting, proportional", "MB"),
        ("size", "Installed, without a runtime", "MB"),
    ];
    let row = |(id, what, unit)| found.measurement(&CONTESTANTS, id, what, unit, Better::Less);
    let measurements = rows.into_iter().filter_map(row).collect();
    Ok((measurements, found.notes))
}

pub(crate) fn versions() -> Result<BTreeMap<String, String>, String> {
    let requirements = include_str!("../peers/python/requirements.txt").lines();
    let mut requests = requirements.filter_map(|line| line.strip_prefix("requests_oauth2client=="));
    let python = said_by("python3")?;
    Ok(BTreeMap::from([
        ("device-login".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        (
            "openid-client".to_owned(),
            version_of(&tests().join("node_modules"), "openid-client")?,
        ),
        (
            "requests_oauth2client".to_owned(),
            requests.next().unwrap_or("?").to_owned(),
        ),
        ("Python".to_owned(), python.trim_start_matches("Python ").to_owned()),
    ]))
}

/// What stands below the table.
pub(crate) const TEXT: &str = "Ours is the program of `client-term`, built with the usual release profile, and the same once more in JavaScript, as `npx device-login` runs it once npm has fetched it.
The peers are the scripts of a dozen lines by which the conformance kit judges openid-client in Node.js and requests_oauth2client in Python; they print address and code, and draw no QR.

- **Start and end**: `--version`; for the scripts, their runtime with nothing to run.
- **Start to the code**: from the start of the process to the code in what it writes; in between lie metadata and device authorization at mock-idp on loopback. requests_oauth2client is given the endpoints, since its discovery insists on https.
- **Memory**: `Pss` half a second later.
- **Installed**: the native binary with symbols as cargo leaves it; the npm package; openid-client with its two dependencies. The last three also need Node.js or Python.
- **Turns**: one after the other, round by round; ratios are taken round by round.
";
