//! The page of results, written by the run that found them.

use crate::report::{GeneratorCheck, Report};
use crate::spread::Spread;
use crate::table::{number, spread, table};

/// A page of `tests/bench/results`: `text` says what was measured and how.
pub(crate) fn page(report: &Report, title: &str, text: &str) -> String {
    let around = &report.surroundings;
    let versions = around
        .versions
        .iter()
        .map(|(name, version)| format!("{name} {version}"));
    let notes: Vec<_> = report.notes.iter().map(|note| format!("- {note}\n")).collect();
    let mut notes = notes.concat();
    if !notes.is_empty() {
        notes.push('\n');
    }
    format!(
        "# {title}

<!-- Written by the command below; edit the texts of tests/bench instead. -->

```sh
npx --yes rust-just bench {subject}
```

{table}
Medians, with the whole range of the samples in brackets; × is how many times better ours is (below 1: how much worse), as the median of the ratios round by round.

{notes}![The figures of the table as bars]({subject}.svg)

Measured on {date}: {processors} × {processor}, {system}, load {load} before the run.
{versions}.
Absolute figures depend on the machine and on what else it does; the ratios much less, because the contestants take turns.

## What is measured

{text}",
        subject = report.subject,
        table = table(report),
        date = report.date,
        processors = around.processors,
        processor = around.processor,
        system = around.system,
        load = number(around.load_before),
        versions = versions.collect::<Vec<_>>().join(", "),
    )
}

/// The text of `mock-idp/bench/README.md`.
pub(crate) fn mock(report: &Report) -> String {
    let around = &report.surroundings;
    let versions: Vec<_> = around
        .versions
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let table = table(report);
    let generator: Vec<_> = report.generator.iter().map(|check| generator(report, check)).collect();
    let generator = generator.concat();
    format!(
        "# How fast mock-idp is

<!-- Written by the command below; edit tests/bench/docs.rs instead. -->

```sh
npx --yes rust-just bench mock
```

{table}
Medians, with the whole range of the samples in brackets; × is how many times better mock-idp is, as the median of the ratios round by round.

![The figures of the table as bars](mock.svg)

Measured on {date}: {processors} × {processor}, {system}, load {load} before the run.
{versions}.
Absolute figures depend on the machine and on what else it does; the ratios much less, because the servers take turns.

## What is measured

Every server runs on loopback, keeps its records in memory and signs with the same RSA key.

- **Start**: from the start of the process to its first answered discovery, every time a new process. The Node servers start from a script of a few lines and have their key already.
- **Memory idle**: one second later. Resident is `VmRSS`; proportional is `Pss`, which divides pages that several processes share.
- **Pending polls**: a round starts fresh grants without measuring, then polls each of them once, so that no poll comes too early and every answer is `authorization_pending`. An answer of any other kind ends the run.
- **Whole sign-ins**: start, approve, redeem, with an ID token signed by RS256 at the end. The approval is one call, of the control listener here, and of a script that uses oidc-provider's own models there: the pages for people, which take it some ten requests, are left out.
- **Memory of a grant**: resident memory with 100,000 pending grants, less that after 100,000 starts that were refused, divided by 100,000.

oidc-provider keeps its records in plain maps here, because its own adapter forgets all but the last 500 to 1,000 grants.
oauth2-mock-server has no device grant.

## The load generator

It is one thread with its own keep-alive connections, the same for every server.
Against a server that answers without looking it reaches the figures below: what is measured stays below them, and the generator has time to spare where it is busy for less than the whole of the time.
How many times a server's polls per second that is, is the most that any server could reach beside it on this machine: every answer costs two system calls on each side and a change of threads.

{generator}",
        date = report.date,
        processors = around.processors,
        processor = around.processor,
        system = around.system,
        load = number(around.load_before),
        versions = versions.join(", "),
    )
}

fn generator(report: &Report, check: &GeneratorCheck) -> String {
    let polls = format!("polls_{}", check.connections);
    let polls = report.measurements.iter().find(|measurement| measurement.id == polls);
    let times = |of: &String| {
        let result = polls?.results.iter().find(|result| result.of == *of)?;
        Some(format!(
            ", ×{} of its polls",
            number(check.ceiling.median / result.value.median)
        ))
    };
    let busy = |(of, busy): (&String, &Spread)| {
        let times = times(of).unwrap_or_default();
        format!("busy {:.0} % of the time with {of}{times}", busy.median * 100.0)
    };
    let busy: Vec<_> = check.busy.iter().map(busy).collect();
    let connections = match check.connections {
        1 => "1 connection".to_owned(),
        many => format!("{many} connections"),
    };
    let ceiling = spread(&check.ceiling);
    format!("- {connections}: {ceiling} answers per second; {}\n", busy.join("; "))
}
