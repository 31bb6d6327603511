//! The report as `JUnit` XML, for whatever shows the results of tests.

use html_escape::encode_double_quoted_attribute as attribute;
use html_escape::encode_text as text;

use super::{Finding, Report};
use crate::check::Verdict;

/// The whole document.
pub fn document(report: &Report) -> String {
    let cases: String = report.findings.iter().map(|finding| case(report, finding)).collect();
    let name = format!("device-flow-conformance {} {}", report.mode.word(), report.subject);
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" \
         errors=\"0\" skipped=\"{}\">\n{cases}</testsuite>\n</testsuites>\n",
        attribute(&clean(&name)),
        report.findings.len(),
        report.count(Verdict::Fail),
        report.findings.iter().filter(|finding| is_skipped(finding)).count(),
    )
}

/// What neither passes nor fails: untested checks and known deviations.
fn is_skipped(finding: &Finding) -> bool {
    match finding.verdict {
        Verdict::NotTested => true,
        Verdict::Fail => !finding.is_news(),
        Verdict::Pass | Verdict::Warn => false,
    }
}

fn case(report: &Report, finding: &Finding) -> String {
    let check = &finding.check;
    let words = format!(
        "{}\nlevel: {}\nsource: {}\nexpected: {}\nseen: {}",
        check.requirement,
        check.level.word(),
        check.source,
        check.expected,
        finding.seen
    );
    let words = clean(&words);
    let seen = clean(&finding.seen);
    let inside = match (finding.verdict, finding.known_deviation) {
        (Verdict::Fail, Some(known)) => {
            format!(
                "<skipped message=\"{}\"/>",
                attribute(&clean(&format!("known deviation: {}", known.how)))
            )
        }
        (Verdict::Fail, None) => {
            format!(
                "<failure type=\"{}\" message=\"{}\">{}</failure>",
                check.level.word(),
                attribute(&seen),
                text(&words)
            )
        }
        (Verdict::NotTested, _) => format!("<skipped message=\"{}\"/>", attribute(&seen)),
        (Verdict::Warn, _) => format!("<system-out>warning\n{}</system-out>", text(&words)),
        (Verdict::Pass, _) => String::new(),
    };
    format!(
        "<testcase classname=\"device-flow-conformance.{}\" name=\"{}\">{inside}</testcase>\n",
        report.mode.word(),
        attribute(check.id),
    )
}

/// XML has no way to write most control characters (XML 1.0 section 2.2).
fn clean(text: &str) -> String {
    text.chars()
        .filter(|each| !each.is_control() || matches!(each, '\n' | '\t'))
        .collect()
}
