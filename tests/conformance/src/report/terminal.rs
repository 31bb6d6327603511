//! The report as a terminal shows it. Colours go where a terminal has them: whoever writes decides by `anstream`.

use std::fmt::{self, Write};

use anstyle::{AnsiColor, Style};

use super::{Finding, Report};
use crate::check::{Verdict, issue_link};

/// So many exchanges are shown of one finding from its beginning, and so many from its end.
const MOST_EXCHANGES: usize = 4;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

const fn style(verdict: Verdict) -> Style {
    let colour = match verdict {
        Verdict::Pass => AnsiColor::Green,
        Verdict::Fail => AnsiColor::Red,
        Verdict::Warn => AnsiColor::Yellow,
        Verdict::NotTested => AnsiColor::BrightBlack,
    };
    colour.on_default()
}

/// One finding as one line; more where something is amiss that is news.
pub fn finding(finding: &Finding) -> String {
    let mut text = String::new();
    write_finding(&mut text, finding).unwrap_or_default();
    text
}

fn write_finding(out: &mut String, finding: &Finding) -> fmt::Result {
    let Finding { check, verdict, .. } = finding;
    let is_known = !finding.is_news() && [Verdict::Fail, Verdict::Warn].contains(verdict);
    let word = if is_known { "known" } else { verdict.word() };
    let style = style(*verdict);
    writeln!(
        out,
        "{style}{word:<10}{style:#} {BOLD}{}{BOLD:#} {DIM}{} {}{DIM:#}",
        check.id,
        check.level.word(),
        check.source,
    )?;
    match verdict {
        Verdict::Pass => {}
        Verdict::NotTested => writeln!(out, "           {}", finding.seen)?,
        Verdict::Fail | Verdict::Warn if !finding.is_news() => {
            writeln!(out, "           seen      {}", finding.seen)?;
            if let Some(deviation) = finding.known_deviation {
                writeln!(
                    out,
                    "           known     {} Source: {}",
                    deviation.how, deviation.source
                )?;
            }
        }
        Verdict::Fail | Verdict::Warn => {
            writeln!(out, "           required  {}", check.requirement)?;
            if let Some(scene) = finding.scene {
                writeln!(out, "           scene     {scene}")?;
            }
            writeln!(out, "           expected  {}", check.expected)?;
            writeln!(out, "           seen      {}", finding.seen)?;
            let begun = finding.exchanges.first().map_or(0, |first| first.arrived_at);
            let last = finding.exchanges.len().saturating_sub(MOST_EXCHANGES);
            for (at, exchange) in finding.exchanges.iter().enumerate() {
                if at < MOST_EXCHANGES || at >= last {
                    writeln!(out, "           {DIM}exchange  {}{DIM:#}", exchange.in_short(begun))?;
                } else if at == MOST_EXCHANGES {
                    let more = last - at;
                    writeln!(
                        out,
                        "           {DIM}          {more} more, all of which are in --json{DIM:#}"
                    )?;
                }
            }
            for link in check
                .link()
                .into_iter()
                .chain(check.issues().into_iter().take(3).map(issue_link))
            {
                writeln!(out, "           {DIM}see       {link}{DIM:#}")?;
            }
        }
    }
    Ok(())
}

/// The last lines: how many of each, and what that means.
pub fn summary(report: &Report) -> String {
    let counted = [Verdict::Pass, Verdict::Fail, Verdict::Warn, Verdict::NotTested].map(|verdict| {
        let style = style(verdict);
        format!("{style}{} {}{style:#}", report.count(verdict), verdict.word())
    });
    let known = match report.known_deviations() {
        0 => String::new(),
        1 => ", 1 known deviation".to_owned(),
        many => format!(", {many} known deviations"),
    };
    let end = match (report.conforms(), report.known_deviations()) {
        (true, 0) => "No MUST that could be tested is broken.",
        (true, _) => "No MUST that could be tested is broken, beyond what is known of the product.",
        (false, _) => "It does not conform: a MUST is broken.",
    };
    format!(
        "\n{BOLD}{}{BOLD:#}: {}{known}\n{end}\n",
        report.subject,
        counted.join(", ")
    )
}
