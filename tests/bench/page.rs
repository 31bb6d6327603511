//! The page beside two peers that do the same job: `page.mjs` measures, this says what of.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::{Better, Measurement};
use crate::script::{self, Found};
use crate::server::{tests, version_of};
use crate::surroundings::said_by;

const OURS: &str = "device-login";
const CONTESTANTS: [&str; 3] = [OURS, "React", "Preact"];

/// Chromium of today by slowdown, and engines of televisions.
const RACES: [(&str, &str); 7] = [
    ("1x", "today's Chromium"),
    ("4x", "4 times slower"),
    ("6x", "6 times slower"),
    ("network", "40 ms and 10 Mbit/s away"),
    ("cal-64", "Chromium 64 (2019)"),
    ("cal-85", "Chromium 85 (2022)"),
    ("sp-108", "Chromium 108 (2024)"),
];

/// What was found, and what no figure says.
pub(crate) fn measure(quick: bool, mock_idp: &Path) -> Result<(Vec<Measurement>, Vec<String>), String> {
    script::build("build.mjs")?;
    let mut found = script::measure("page.mjs", quick, &[("MOCK_IDP", mock_idp)])?;
    let mut measurements = Vec::new();
    measurements.extend(less(&mut found, "bytes", "Loaded before the code, brotli 11", "bytes").map(smaller));
    for (id, engine) in RACES {
        let what = format!("Navigation to code and QR, {engine}");
        measurements.extend(less(&mut found, &format!("code_{id}"), &what, "ms").map(quicker));
    }
    for (id, what) in [
        ("files", "until the last file is there"),
        ("start", "from there to the first request"),
        ("server", "from there to the code"),
        ("drawing", "from there to the frame"),
    ] {
        let what = format!("Of it, 4 times slower: {what}");
        measurements.extend(less(&mut found, &format!("phase_{id}"), &what, "ms"));
    }
    for (id, engine) in RACES {
        let what = format!("Answer with tokens to greeting, {engine}");
        measurements.extend(less(&mut found, &format!("checked_{id}"), &what, "ms"));
    }
    for (id, engine) in RACES {
        let what = format!("Approval to greeting, {engine}");
        measurements.extend(less(&mut found, &format!("greeting_{id}"), &what, "ms"));
    }
    for (id, what, unit) in [
        ("memory", "Memory after an hour of polling, proportional", "MB"),
        ("growth", "What the hour added", "MB"),
        ("computing", "Computing while a code is shown", "ms a minute"),
    ] {
        measurements.extend(less(&mut found, id, what, unit));
    }
    let shown = less(&mut found, "wakes_shown", "Wake-ups while shown", "a minute");
    measurements.extend(shown.map(|wakes| wakes.under(60.5, "at most 60")));
    let hidden = less(&mut found, "wakes_hidden", "Wake-ups while hidden", "a minute");
    measurements.extend(hidden.map(|wakes| wakes.under(f64::MIN_POSITIVE, "none")));
    measurements.extend(less(&mut found, "requests_shown", "Requests while shown", "a minute"));
    measurements.extend(less(&mut found, "requests_hidden", "Requests while hidden", "a minute"));
    Ok((measurements, found.notes))
}

pub(crate) fn versions() -> Result<BTreeMap<String, String>, String> {
    let (peers, tests) = (tests().join("bench/peers/node_modules"), tests().join("node_modules"));
    let chromium = said_by("chromium")?;
    let chromium = chromium.split(' ').nth(1).unwrap_or(&chromium).to_owned();
    let versions = [
        (OURS, env!("CARGO_PKG_VERSION").to_owned()),
        ("Chromium", chromium),
        ("Preact", version_of(&peers, "preact")?),
        ("React", version_of(&tests, "react")?),
        ("Vite", version_of(&tests, "vite")?),
        ("lean-qr", version_of(&peers, "lean-qr")?),
        ("oauth4webapi", version_of(&tests, "oauth4webapi")?),
        ("openid-client", version_of(&tests, "openid-client")?),
        ("qrcode", version_of(&peers, "qrcode")?),
    ];
    Ok(versions
        .map(|(name, version)| (name.to_owned(), version))
        .into_iter()
        .collect())
}

/// The pictures worth drawing; the table has the rest.
pub(crate) fn is_drawn(measurement: &Measurement) -> bool {
    const DRAWN: [&str; 6] = [
        "bytes",
        "code_1x",
        "code_4x",
        "code_cal-85",
        "code_sp-108",
        "wakes_hidden",
    ];
    DRAWN.contains(&&*measurement.id)
}

fn less(found: &mut Found, id: &str, what: &str, unit: &str) -> Option<Measurement> {
    found.measurement(&CONTESTANTS, id, what, unit, Better::Less)
}

fn smaller(measurement: Measurement) -> Measurement {
    measurement.at_most_shares(&[("React", 0.7)])
}

fn quicker(measurement: Measurement) -> Measurement {
    measurement.at_most_shares(&[("React", 0.9), ("Preact", 1.0)])
}

/// What stands below the table.
pub(crate) const TEXT: &str = "Ours is the page as `npx --yes rust-just build` leaves it.
The peers stand in [`tests/bench/peers`](../peers): React with openid-client and qrcode, and Preact with oauth4webapi and lean-qr, each as its documentation shows it, built by Vite in production mode with its usual target, and for the engines of televisions with the target `chrome64`.
All three read a `config.json`, wait for a press, ask for metadata and a code, show code, address, QR and countdown, poll, check the ID token with its signature, and greet.
Ours also speaks ten languages, takes remote controls, keeps and refreshes a session, signs out, renews codes, tells some forty failures apart and goes on after lost answers; the peers end at the first.

- **Who measures**: a script put in front of every page presses the button as soon as there is one, and notes the moment after the frame that shows code and QR, or the greeting.
- **Turns**: the contestants sign in one after the other, round by round, each in a new tab with nothing cached; ratios are taken round by round.
- **Slower**: DevTools' `Emulation.setCPUThrottlingRate`, which slows the page's main thread; compiling WebAssembly goes on beside it at full speed. The engines of televisions run unthrottled, on this machine, not on a set's.
- **Bytes**: the files that a page asked for until the code was there, with `config.json`, compressed by brotli 11; nothing is delayed on loopback, so that bytes cost time only in the row **40 ms and 10 Mbit/s away**.
- **40 ms and 10 Mbit/s away**: DevTools' `Network.emulateNetworkConditions`, for the page's files and the server's answers alike.
- **Approval to greeting** holds the wait for the next poll, a second apart here, and is therefore mostly chance; the approval comes at the same random moment for all of a round. Ours waits a quarter of a second longer than `interval`, counted from the last answer, so that no server takes a poll for an early one. **Answer with tokens to greeting** is the part that is computing: keys, signature and picture.
- **An hour of polling**: clocks and timers of the page run 120 times faster, against a server that answers `authorization_pending` after an interval of five seconds. Memory is `Pss` of the page's process after a garbage collection.
- **Computing**: what the page's process computes, by the kernel's count, while a code is shown by real clocks.
- **Wake-ups** are callbacks of timers and frames; hidden is a page that is told so by `visibilitychange`. Ours draws the second that is nearest to a poll with the poll, so that polls add none; hidden it sleeps, and one wake makes up for what was missed.
- **Of it**: the files with `config.json`, which the peers ask for only once their script has run; the first request is that for metadata.

## Where ours loses, and why

- **Bytes**: what ours does beyond the peers is in every byte of it; [`www/SIZE.md`](../../../www/SIZE.md) says what weighs how much.
- **Time to code and QR**, beside Preact: the files come in three steps, since the loader asks the engine what it can do before it chooses a binary, and the configuration says the language before words are fetched; then the binary is compiled and started. Drawing is what ours is quicker at. A profile found the symbol encoded three times to find its size, and the page laid out seven times to see whether its texts fit; both are once where once is enough now. The head of the page names script and binary, for engines that have WebAssembly: that saves one of the steps, which a network shows (428 ms instead of 502 at 40 ms and 10 Mbit/s, medians of nine in turns) and loopback does not.
- **Answer with tokens to greeting**: the core asks for keys, signature and `at_hash` one after the other, each a turn of the event loop and a look at the screen.
- **Approval to greeting**: the quarter of a second that no poll comes early.
";
