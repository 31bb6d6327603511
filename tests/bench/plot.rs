//! The figures as bars. Its colours follow the reader's light or dark setting.

use std::fmt::Write;

use crate::report::{Better, Measurement, Outcome, Report};
use crate::table::number;

const WIDTH: f64 = 760.0;
/// Where bars begin, and how long the longest is.
const LEFT: f64 = 170.0;
const LONGEST: f64 = 430.0;
const BAR: f64 = 18.0;
const STEP: f64 = 25.0;
/// From one group's last bar to the next group's title, and from a title to its first bar.
const GAP: f64 = 26.0;
const TITLE: f64 = 14.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.what{font-weight:600}.unit,.spread{fill:#59636e}\
    .ours{fill:#0969da}.theirs{fill:#8c959f}.range{stroke:#1f2328;stroke-width:1.5}\
    @media(prefers-color-scheme:dark){text{fill:#e6edf3}.unit,.spread{fill:#9198a1}.ours{fill:#4493f8}\
    .theirs{fill:#6e7681}.range{stroke:#e6edf3}}";

/// One group of bars for each of these things that was measured of several; the whole range is the thin line on a bar.
pub(crate) fn plot(report: &Report, shows: impl Fn(&Measurement) -> bool) -> String {
    let mut body = String::new();
    let mut y = GAP;
    let several = report.measurements.iter().filter(|each| each.results.len() > 1);
    for measurement in several.filter(|each| shows(each)) {
        y = group(&mut body, measurement, y) + GAP;
    }
    let height = y - GAP + 6.0;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" height=\"{height}\" \
         role=\"img\"><title>{} side by side</title><style>{STYLE}</style>\n{body}</svg>\n",
        report.subject
    )
}

fn group(out: &mut String, measurement: &Measurement, mut y: f64) -> f64 {
    let better = match measurement.better {
        Better::Less => "less is better",
        Better::More => "more is better",
    };
    let (what, unit) = (&measurement.what, &measurement.unit);
    let title = format!("<tspan class=\"what\">{what}</tspan> <tspan class=\"unit\">{unit}, {better}</tspan>");
    // Writing into a text cannot fail.
    let _ = writeln!(out, "<text x=\"0\" y=\"{y}\">{title}</text>");
    y += TITLE;
    let most = measurement.results.iter().map(|result| result.value.most);
    let scale = LONGEST / most.fold(f64::MIN_POSITIVE, f64::max);
    for (index, result) in measurement.results.iter().enumerate() {
        bar(out, result, y, scale, if index == 0 { "ours" } else { "theirs" });
        y += STEP;
    }
    y
}

fn bar(out: &mut String, result: &Outcome, y: f64, scale: f64, class: &str) {
    let text_y = y + BAR * 0.72;
    let middle = y + BAR / 2.0;
    let length = (result.value.median * scale).max(1.0);
    let [least, most] = [result.value.least, result.value.most].map(|value| LEFT + value * scale);
    let beside = most.max(LEFT + length) + 8.0;
    let times = result.times.map_or_else(String::new, |times| {
        format!(" <tspan class=\"spread\">×{}</tspan>", number(times.median))
    });
    let _ = writeln!(
        out,
        "<text x=\"{}\" y=\"{text_y:.1}\" text-anchor=\"end\">{}</text>\
         <rect class=\"{class}\" x=\"{LEFT}\" y=\"{y}\" width=\"{length:.1}\" height=\"{BAR}\" rx=\"2\"/>\
         <path class=\"range\" d=\"M{least:.1} {middle}H{most:.1}\"/>\
         <text x=\"{beside:.1}\" y=\"{text_y:.1}\">{}{times}</text>",
        LEFT - 10.0,
        result.of,
        number(result.value.median),
    );
}
