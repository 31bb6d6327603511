//! Curves over time, as SVG. Their colours follow the reader's light or dark setting.

use std::fmt::Write;
use std::ops::Range;

use crate::table::number;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 320.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 30.0;
/// Room for the numbers below, and for one line of the legend.
const BOTTOM: f64 = 44.0;
const LEGEND: f64 = 20.0;

const STYLE: &str = "text{font:13px system-ui,sans-serif;fill:#1f2328}.axis{stroke:#d1d9e0;stroke-width:1}\
    .away{fill:#afb8c1;opacity:.3}path{fill:none;stroke-width:1.6}.c0{stroke:#0969da}.c1{stroke:#bc4c00}\
    .c2{stroke:#8250df}.c3{stroke:#1a7f37}@media(prefers-color-scheme:dark){text{fill:#e6edf3}.axis{stroke:#3d444d}\
    .c0{stroke:#4493f8}.c1{stroke:#f0883e}.c2{stroke:#ab7df8}.c3{stroke:#3fb950}}";

/// Several curves over the same time.
pub(super) struct Plot<'a> {
    pub(super) title: &'a str,
    /// In minutes; what lies outside is not drawn.
    pub(super) minutes: Range<f64>,
    /// The server is away between these minutes.
    pub(super) away: Range<f64>,
    /// Where the numbers below stand, in minutes.
    pub(super) every: f64,
    pub(super) curves: Vec<Curve<'a>>,
}

/// Name, and points in minutes and requests per second.
pub(super) struct Curve<'a> {
    pub(super) name: &'a str,
    pub(super) points: Vec<(f64, f64)>,
}

impl Plot<'_> {
    pub(super) fn draw(&self) -> String {
        let inside = |minute: f64| minute >= self.minutes.start && minute <= self.minutes.end;
        let points = self.curves.iter().flat_map(|curve| &curve.points);
        let most = points.filter(|(minute, _)| inside(*minute)).map(|(_, value)| *value);
        let step = round(most.fold(0.1, f64::max) / 4.0);
        let top = step * 5.0;
        #[expect(clippy::cast_precision_loss, reason = "a handful of curves")]
        let height = HEIGHT + LEGEND * self.curves.len() as f64;
        let span = self.minutes.end - self.minutes.start;
        let x = |minute: f64| LEFT + (minute - self.minutes.start) / span * (WIDTH - LEFT - RIGHT);
        let y = |value: f64| HEIGHT - BOTTOM - value / top * (HEIGHT - BOTTOM - TOP);
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" width=\"{WIDTH}\" \
             height=\"{height}\" role=\"img\"><title>{title}</title><style>{STYLE}</style>\n\
             <text x=\"0\" y=\"14\">{title}</text>\n",
            title = self.title
        );
        // Writing into a text cannot fail.
        let [from, to] = [x(self.away.start), x(self.away.end)];
        let _ = writeln!(
            out,
            "<rect class=\"away\" x=\"{from:.1}\" y=\"{TOP}\" width=\"{:.1}\" height=\"{:.1}\"/>",
            to - from,
            HEIGHT - BOTTOM - TOP
        );
        for line in 0..=5 {
            let value = step * f64::from(line);
            let at = y(value);
            let _ = writeln!(
                out,
                "<path class=\"axis\" d=\"M{LEFT} {at:.1}H{}\"/><text x=\"{}\" y=\"{:.1}\" text-anchor=\"end\">{}</text>",
                WIDTH - RIGHT,
                LEFT - 8.0,
                at + 4.0,
                whole(value)
            );
        }
        let mut minute = self.minutes.start;
        while minute <= self.minutes.end + 1e-9 {
            let _ = writeln!(
                out,
                "<text x=\"{:.1}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                x(minute),
                HEIGHT - BOTTOM + 20.0,
                whole(minute)
            );
            minute += self.every;
        }
        for (index, curve) in self.curves.iter().enumerate() {
            let mut path = String::new();
            for (minute, value) in curve.points.iter().filter(|(minute, _)| inside(*minute)) {
                let command = if path.is_empty() { 'M' } else { 'L' };
                let _ = write!(path, "{command}{:.1} {:.1}", x(*minute), y(*value));
            }
            #[expect(clippy::cast_precision_loss, reason = "a handful of curves")]
            let legend = HEIGHT + LEGEND * index as f64 + 6.0;
            let _ = writeln!(
                out,
                "<path class=\"c{index}\" d=\"{path}\"/><path class=\"c{index}\" d=\"M{LEFT} {at}h24\"/>\
                 <text x=\"{}\" y=\"{}\">{}</text>",
                LEFT + 32.0,
                legend + 4.0,
                curve.name,
                at = legend,
            );
        }
        out + "</svg>\n"
    }
}

/// The next of 1, 2 and 5 times a power of ten.
fn round(value: f64) -> f64 {
    let power = 10f64.powf(value.log10().floor());
    let first = value / power;
    let first = [1.0, 2.0, 5.0].into_iter().find(|step| first <= *step).unwrap_or(10.0);
    first * power
}

/// Without digits after the point.
fn whole(value: f64) -> String {
    if value < 100.0 {
        format!("{value:.0}")
    } else {
        number(value)
    }
}

#[cfg(test)]
mod tests {
    use super::round;

    #[test]
    fn lines_stand_at_round_numbers() {
        for (value, expected) in [(1.0, 1.0), (1.1, 2.0), (230.0, 500.0), (730.0, 1000.0), (0.3, 0.5)] {
            assert!((round(value) - expected).abs() < 1e-9, "{value}: {}", round(value));
        }
    }
}
