//! A QR code in half blocks: two modules, one above the other, in one character cell.

use device_flow::QrMatrix;

/// Black on bright white whatever the terminal's own colours, row by row (SGR 30 and 107).
const DARK_ON_LIGHT: &str = "\x1b[30;107m";
const RESET: &str = "\x1b[0m";

/// Draws the code with its quiet zone, one line per two rows of modules.
///
/// With colours, ink is dark. Without, ink is light, which is right on the dark background that most terminals have.
pub(crate) fn draw(matrix: &QrMatrix, colours: bool) -> String {
    let side = matrix.side_with_quiet_zone();
    let inked = |x: usize, y: usize| {
        let inside = |at: usize| at.wrapping_sub(QrMatrix::QUIET_ZONE);
        y < side && matrix.is_dark(inside(x), inside(y)) == colours
    };
    let cell = |x, y| match (inked(x, y), inked(x, y + 1)) {
        (true, true) => '█',
        (true, false) => '▀',
        (false, true) => '▄',
        (false, false) => ' ',
    };
    let (before, after) = if colours { (DARK_ON_LIGHT, RESET) } else { ("", "") };
    let mut drawing = String::new();
    for y in (0..side).step_by(2) {
        drawing.push_str(before);
        drawing.extend((0..side).map(|x| cell(x, y)));
        drawing.push_str(after);
        drawing.push('\n');
    }
    drawing
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::HttpUrl;

    fn matrix() -> QrMatrix {
        QrMatrix::encode(&HttpUrl::parse("https://id.example").expect("an address")).expect("short")
    }

    #[test]
    fn every_line_holds_one_cell_per_module_and_the_quiet_zone() {
        let drawing = draw(&matrix(), false);
        let widths: Vec<_> = drawing.lines().map(|line| line.chars().count()).collect();
        let side = matrix().side() + 8;
        assert_eq!(widths, vec![side; side.div_ceil(2)]);
    }

    #[test]
    fn without_colours_the_quiet_zone_is_light_ink() {
        let drawing = draw(&matrix(), false);
        assert!(drawing.lines().take(2).all(|line| line.chars().all(|cell| cell == '█')));
    }

    #[test]
    fn with_colours_the_quiet_zone_is_paper() {
        let drawing = draw(&matrix(), true);
        let first = drawing.lines().next().expect("lines");
        assert_eq!(
            first,
            format!("{DARK_ON_LIGHT}{}{RESET}", " ".repeat(matrix().side() + 8))
        );
    }
}
