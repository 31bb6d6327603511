//! The figures as a Markdown table, which also reads well on a terminal.

use crate::report::{Measurement, Report};
use crate::spread::Spread;

/// A row for each measurement, a column for each server.
pub(crate) fn table(report: &Report) -> String {
    let mut servers: Vec<&str> = Vec::new();
    for result in report.measurements.iter().flat_map(|each| &each.results) {
        if !servers.contains(&result.of.as_str()) {
            servers.push(&result.of);
        }
    }
    let mut head = vec![String::new()];
    head.extend(
        servers
            .iter()
            .map(|&name| match report.surroundings.versions.get(name) {
                Some(version) => format!("{name} {version}"),
                None => name.to_owned(),
            }),
    );
    head.push("to reach".to_owned());
    let mut rows = vec![head];
    rows.extend(report.measurements.iter().map(|each| row(each, &servers)));
    aligned(&rows)
}

fn row(measurement: &Measurement, servers: &[&str]) -> Vec<String> {
    let mut row = vec![format!("{}, {}", measurement.what, measurement.unit)];
    row.extend(servers.iter().map(|&server| {
        let Some(result) = measurement.results.iter().find(|result| result.of == server) else {
            return String::new();
        };
        let times = result.times.map(|times| format!(", ×{}", number(times.median)));
        format!("{}{}", spread(&result.value), times.unwrap_or_default())
    }));
    row.push(measurement.target.as_ref().map_or_else(String::new, |target| {
        let verdict = if target.reached { "reached" } else { "missed" };
        format!("{}: {verdict}", target.text)
    }));
    row
}

/// The median, and from where to where the samples go.
pub(crate) fn spread(spread: &Spread) -> String {
    let Spread {
        median, least, most, ..
    } = *spread;
    if spread.samples < 2 {
        return number(median);
    }
    format!("{} ({} to {})", number(median), number(least), number(most))
}

/// Three digits that count, thousands apart.
pub(crate) fn number(value: f64) -> String {
    let text = match value.abs() {
        size if size < 9.995 => return format!("{value:.2}"),
        size if size < 99.95 => return format!("{value:.1}"),
        _ => format!("{value:.0}"),
    };
    let first = (text.len() - 1) % 3 + 1;
    let (start, rest) = text.split_at(first);
    let groups = rest.as_bytes().chunks(3).map(String::from_utf8_lossy);
    groups.fold(start.to_owned(), |text, group| format!("{text},{group}"))
}

fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<_> = (0..columns).map(|column| width(column).max(3)).collect();
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let fill = |row: &Vec<String>| {
        let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:width$}"));
        line(cells.collect())
    };
    let mut text = String::new();
    for (index, row) in rows.iter().enumerate() {
        text.push_str(&fill(row));
        if index == 0 {
            text.push_str(&line(widths.iter().map(|&width| "-".repeat(width)).collect()));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{number, table};
    use crate::report::{Better, FORMAT, Measurement, Report, Surroundings};

    #[test]
    fn numbers_have_three_digits_that_count() {
        for (value, text) in [
            (0.0, "0.00"),
            (9.994, "9.99"),
            (9.996, "10.0"),
            (99.96, "100"),
            (1234.5, "1,234"),
            (1_000_000.0, "1,000,000"),
        ] {
            assert_eq!(number(value), text);
        }
    }

    #[test]
    fn a_table_says_medians_spreads_ratios_and_targets() {
        let ready = [("ours", vec![4.0, 5.0, 6.0]), ("theirs", vec![400.0, 500.0, 600.0])];
        let report = Report {
            format: FORMAT,
            subject: "mock".to_owned(),
            quick: true,
            date: "06 Nov 1994".to_owned(),
            surroundings: Surroundings {
                processor: "a processor".to_owned(),
                processors: 2,
                system: "linux".to_owned(),
                load_before: 0.0,
                versions: BTreeMap::from([("ours".to_owned(), "0.1.0".to_owned())]),
            },
            measurements: vec![
                Measurement::new("ready", "Ready", "ms", Better::Less, &ready).under(5.0, "under 5 ms"),
                Measurement::new("grant", "Grant", "bytes", Better::Less, &[("ours", vec![700.0])]),
            ],
            generator: Vec::new(),
            notes: Vec::new(),
        };
        expect_test::expect![[r#"
            |              | ours 0.1.0          | theirs                 | to reach           |
            | ------------ | ------------------- | ---------------------- | ------------------ |
            | Ready, ms    | 5.00 (4.00 to 6.00) | 500 (400 to 600), ×100 | under 5 ms: missed |
            | Grant, bytes | 700                 |                        |                    |
        "#]]
        .assert_eq(&table(&report));
    }
}
