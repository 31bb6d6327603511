//! The sign-in without a screen beside openid-client with lean-qr: `headless.mjs` measures, this says what of.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{Better, Measurement};
use crate::script;
use crate::server::{tests, version_of};
use crate::surroundings::said_by;

const OURS: &str = "device-login";
const PEER: &str = "openid-client";
const CONTESTANTS: [&str; 3] = [OURS, PEER, "Node.js alone"];

pub(crate) fn measure(quick: bool, mock_idp: &Path) -> Result<(Vec<Measurement>, Vec<String>), String> {
    script::build("package.mjs")?;
    let mut found = script::measure("headless.mjs", quick, &[("MOCK_IDP", mock_idp)])?;
    let rows = [
        ("bytes", "Loaded by a page before the code, brotli 11", "bytes"),
        ("page_1x", "Navigation to code and QR, today's Chromium", "ms"),
        ("page_4x", "Navigation to code and QR, 4 times slower", "ms"),
        ("node", "Start of Node to code and QR", "ms"),
        ("node_memory", "Memory of Node at the code, proportional", "MB"),
    ];
    let row = |(id, what, unit)| found.measurement(&CONTESTANTS, id, what, unit, Better::Less);
    let measurements = rows.into_iter().filter_map(row).collect();
    Ok((measurements, found.notes))
}

pub(crate) fn versions() -> Result<BTreeMap<String, String>, String> {
    let (peers, tests) = (tests().join("bench/peers/node_modules"), tests().join("node_modules"));
    let chromium = said_by("chromium")?;
    Ok(BTreeMap::from([
        (OURS.to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        (
            "Chromium".to_owned(),
            chromium.split(' ').nth(1).unwrap_or(&chromium).to_owned(),
        ),
        ("esbuild".to_owned(), version_of(&tests, "esbuild")?),
        ("lean-qr".to_owned(), version_of(&peers, "lean-qr")?),
        (PEER.to_owned(), version_of(&tests, PEER)?),
    ]))
}

/// What stands below the table.
pub(crate) const TEXT: &str = "Ours is `device-login/headless` of the npm package, the peer openid-client with lean-qr; both are bundled by esbuild, and stand in `tests/bench/peers/headless` in a page and in a program of a few lines each.
Both ask for metadata and a code, make the path of an SVG of the address, and go on to poll and to check the ID token.

- **In a page**: a new tab with nothing cached, until the frame with code and QR has been handed over; slower is DevTools' `Emulation.setCPUThrottlingRate`, which leaves alone what compiles WebAssembly beside the page.
- **In Node**: from the start of the process to the line with code and path; Node.js alone prints a line and does nothing else. Memory is `Pss` at that moment.
- **Turns**: one after the other, round by round; ratios are taken round by round.

The bytes are the price of one core for every host, which checks what it reads, goes on after lost answers, renews codes and refreshes tokens; [`www/SIZE.md`](../../../www/SIZE.md) says what they are.
";
