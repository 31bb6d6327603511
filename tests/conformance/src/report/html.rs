//! The report as one page that needs nothing beside it, for a desk and for a phone, light and dark.

use std::fmt::{self, Write};

use html_escape::{encode_double_quoted_attribute as attribute, encode_text as text};

use super::{Finding, Report};
use crate::check::{Verdict, issue_link};
use crate::exchange::Exchange;

/// So many exchanges of one finding are shown from its beginning, and so many from its end: a client that loops makes
/// thousands, which no browser opens gladly.
const FIRST_EXCHANGES: usize = 20;
const LAST_EXCHANGES: usize = 5;

const KNOWN: &str = "Known deviations";

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut out = String::new();
    write_page(&mut out, report).unwrap_or_default();
    out
}

fn write_page(out: &mut String, report: &Report) -> fmt::Result {
    let subject = text(&report.subject);
    let end = match (report.conforms(), report.known_deviations()) {
        (true, 0) => "No MUST that could be tested is broken.",
        (true, _) => "No MUST that could be tested is broken, beyond what is known of the product.",
        (false, _) => "It does not conform: a MUST is broken.",
    };
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{subject}: RFC 8628 conformance</title>\n\
         <style>{STYLE}</style>\n<main>\n<h1>RFC 8628 conformance of a {}</h1>\n\
         <p class=\"subject\"><code>{subject}</code></p>\n<p class=\"end\">{end}</p>\n<ul class=\"counts\">",
        report.mode.word()
    )?;
    for verdict in [Verdict::Fail, Verdict::Warn, Verdict::Pass, Verdict::NotTested] {
        write!(
            out,
            "<li class=\"{}\"><b>{}</b> {}</li>",
            class(verdict),
            report.count(verdict),
            verdict.word()
        )?;
    }
    write!(out, "<li><b>{}</b> known</li></ul>", report.known_deviations())?;
    writeln!(
        out,
        "<p class=\"about\">{}, device-flow-conformance {}, profile {}. MUST and SHOULD are the RFCs' own; FIELD is what \
         no RFC asks, but what is met in the field. Secrets are marks, the same mark for the same secret.</p>",
        report.date, report.kit, report.profile
    )?;
    for title in ["Broken", KNOWN, "Passed", "Not tested"] {
        let those: Vec<_> = report
            .findings
            .iter()
            .filter(|finding| section(finding) == title)
            .collect();
        if those.is_empty() {
            continue;
        }
        writeln!(out, "<h2>{title}</h2>")?;
        for finding in those {
            write_finding(out, finding)?;
        }
    }
    out.write_str("</main>\n</html>\n")
}

fn section(finding: &Finding) -> &'static str {
    match finding.verdict {
        Verdict::Pass => "Passed",
        Verdict::NotTested => "Not tested",
        Verdict::Fail | Verdict::Warn if finding.is_news() => "Broken",
        Verdict::Fail | Verdict::Warn => KNOWN,
    }
}

const fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Fail => "fail",
        Verdict::Warn => "warn",
        Verdict::NotTested => "untested",
    }
}

fn write_finding(out: &mut String, finding: &Finding) -> fmt::Result {
    let check = &finding.check;
    let open = if finding.is_news() { " open" } else { "" };
    write!(
        out,
        "<details id=\"{}\" class=\"{}\"{open}><summary><span class=\"verdict\">{}</span> <span class=\"what\">{}</span> \
         <span class=\"level\">{}</span> <code>{}</code></summary><dl>",
        attribute(check.id),
        if section(finding) == KNOWN {
            "untested"
        } else {
            class(finding.verdict)
        },
        if section(finding) == KNOWN {
            "known"
        } else {
            finding.verdict.word()
        },
        text(check.requirement),
        check.level.word(),
        text(check.id),
    )?;
    let source = match check.link() {
        Some(link) => format!("<a href=\"{}\">{}</a>", attribute(&link), text(check.source)),
        None => text(check.source).into_owned(),
    };
    write!(
        out,
        "<dt>source</dt><dd>{source}</dd>{}<dt>expected</dt><dd>{}</dd><dt>seen</dt><dd>{}</dd>",
        finding
            .scene
            .map(|what| format!("<dt>scene</dt><dd>{}</dd>", text(what)))
            .unwrap_or_default(),
        text(check.expected),
        text(&finding.seen)
    )?;
    if let Some(known) = finding.known_deviation {
        write!(
            out,
            "<dt>known</dt><dd>{} <small>Source: {}</small></dd>",
            text(known.how),
            text(known.source)
        )?;
    }
    let issues = check.issues();
    if !issues.is_empty() {
        out.write_str("<dt>met in the field</dt><dd>")?;
        for issue in issues {
            write!(
                out,
                "<a href=\"{}\">{}</a> ",
                attribute(&issue_link(issue)),
                text(issue)
            )?;
        }
        out.write_str("</dd>")?;
    }
    out.write_str("</dl>")?;
    if !finding.exchanges.is_empty() {
        write!(
            out,
            "<details class=\"exchanges\"><summary>{} exchanges</summary>",
            finding.exchanges.len()
        )?;
        let begun = finding.exchanges.first().map_or(0, |first| first.arrived_at);
        let last = finding.exchanges.len().saturating_sub(LAST_EXCHANGES);
        for (at, exchange) in finding.exchanges.iter().enumerate() {
            if at < FIRST_EXCHANGES || at >= last {
                write_exchange(out, exchange, begun)?;
            } else if at == FIRST_EXCHANGES {
                write!(out, "<p>{} more, all of which the JSON report has</p>", last - at)?;
            }
        }
        out.write_str("</details>")?;
    }
    out.write_str("</details>\n")
}

fn write_exchange(out: &mut String, exchange: &Exchange, begun: u64) -> fmt::Result {
    let tenths = exchange.arrived_at.saturating_sub(begun) / 100;
    let head = |headers: &[(String, String)]| {
        let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}: {value}")).collect();
        lines.join("\n")
    };
    let whole = format!(
        "{} {}\n{}\n\n{}\n\n{}\n{}\n\n{}",
        exchange.method,
        exchange.target,
        head(&exchange.headers),
        exchange.body,
        if exchange.ending == "whole" {
            exchange.status.to_string()
        } else {
            format!("{} ({})", exchange.status, exchange.ending)
        },
        head(&exchange.answer_headers),
        exchange.answer_body
    );
    write!(
        out,
        "<p>after {}.{} s</p><pre>{}</pre>",
        tenths / 10,
        tenths % 10,
        text(&whole)
    )
}
