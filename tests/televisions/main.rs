//! Tells the browser tier's stories in engine after engine, and writes down how that went.
//!
//! Arguments are ids of `engines.json`, with `-js` behind for the page's translation in an engine that has WebAssembly,
//! or `chromium` for the browser of today; without any it is all of them, and the page in the docs is written.
#![forbid(unsafe_code)]

mod docs;
mod picture;
mod run;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;

use tests::EngineModel;

use run::Run;

/// The title of each story, by its test's path.
const STORIES: [(&str, &str); 11] = [
    (run::START, "starts"),
    ("stories::somebody_signs_in", "signs in by QR"),
    ("stories::a_denial_on_the_phone_is_told_on_the_television", "denied"),
    ("stories::an_expired_code_leads_to_a_new_one", "expired"),
    (
        "stories::a_code_that_runs_out_is_renewed_where_that_is_configured",
        "renewed",
    ),
    (
        "stories::a_lost_network_is_shown_beside_the_code_and_forgotten_when_it_is_back",
        "network lost",
    ),
    ("stories::the_set_sleeps_through_the_approval", "asleep"),
    (
        "stories::a_code_that_ran_out_while_the_set_slept_is_gone_when_it_wakes",
        "asleep for long",
    ),
    (
        "stories::a_code_keeps_its_direction_where_lines_run_from_right_to_left",
        "Arabic",
    ),
    ("screens::every_screen_is_whole_in_arabic", "every screen"),
    ("stories::back_gives_the_code_up", "Back"),
];

fn main() -> ExitCode {
    let ids: Vec<_> = env::args().skip(1).collect();
    if let Some(unknown) = ids.iter().find(|id| EngineModel::named(id).is_none()) {
        say(&format!(
            "{unknown} is no engine of tests/engines.json, nor {}, that of today.",
            EngineModel::TODAY
        ));
        return ExitCode::from(64);
    }
    let models = if ids.is_empty() {
        all()
    } else {
        ids.iter().filter_map(|id| EngineModel::named(id)).collect()
    };
    let browser_tier = match run::build() {
        Ok(program) => program,
        Err(problem) => {
            say(&problem);
            return ExitCode::FAILURE;
        }
    };
    let count = models.len();
    let tell = |(index, model): (usize, EngineModel)| {
        say(&format!(
            "[{}/{count}] {}: {} stories",
            index + 1,
            model.id,
            STORIES.len()
        ));
        let run = Run::of(model, &browser_tier);
        say(&format!("        {}", run.line()));
        run
    };
    let runs: Vec<_> = models.into_iter().enumerate().map(tell).collect();
    for run in &runs {
        for output in run.failures() {
            say(&format!("\n==== {}\n{output}", run.model.id));
        }
    }
    if ids.is_empty() {
        if let Err(problem) = docs::write(&runs) {
            say(&format!("The page cannot be written: {problem}"));
            return ExitCode::FAILURE;
        }
        say(&format!("wrote {}", docs::PAGE));
    }
    if runs.iter().all(Run::is_green) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The table, in between the oldest engine that can do both without WebAssembly, and the browser of today.
fn all() -> Vec<EngineModel> {
    let table = EngineModel::table();
    let both = table.iter().position(|model| model.chromium >= run::WEBASSEMBLY);
    let mut all = table.clone();
    if let Some(both) = both {
        all.insert(both, table[both].clone().without_webassembly());
    }
    all.push(EngineModel::today());
    all
}

/// A line on standard output; whoever closed it does not want to know.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}
