//! A QR code in character cells.

use device_flow::QrMatrix;

/// How modules become cells.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Manner {
    /// What a cell is made of.
    pub cells: Cells,
    /// The other way round: for a light background where no colours are forced.
    pub invert: bool,
}

/// What a cell is made of.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Cells {
    /// Two blanks for each module, told apart by their colour alone: for a terminal without UTF-8.
    Blanks,
    /// Half blocks, two modules one above the other, black on bright white whatever the terminal's own colours.
    Coloured,
    /// Half blocks in the terminal's own colours: ink is light, which is right on the dark background that most have.
    Plain,
}

/// Black on bright white (SGR 30 and 107), and the other way round.
const DARK_ON_LIGHT: &str = "\x1b[30;107m";
const LIGHT_ON_DARK: &str = "\x1b[97;40m";
const DARK: &str = "\x1b[40m";
const LIGHT: &str = "\x1b[107m";
const RESET: &str = "\x1b[0m";

impl Manner {
    /// Columns and rows that the code takes with its quiet zone.
    pub fn size(self, matrix: &QrMatrix) -> (usize, usize) {
        let side = matrix.side_with_quiet_zone();
        match self.cells {
            Cells::Blanks => (2 * side, side),
            Cells::Coloured | Cells::Plain => (side, side.div_ceil(2)),
        }
    }

    /// Draws the code with its quiet zone, and ends the last line.
    pub fn draw(self, matrix: &QrMatrix) -> String {
        let side = matrix.side_with_quiet_zone();
        let inside = |at: usize| at.wrapping_sub(QrMatrix::QUIET_ZONE);
        let is_dark = |x: usize, y: usize| matrix.is_dark(inside(x), inside(y)) != self.invert;
        let mut drawing = String::new();
        match self.cells {
            Cells::Blanks => {
                for y in 0..side {
                    for x in 0..side {
                        drawing.push_str(if is_dark(x, y) { DARK } else { LIGHT });
                        drawing.push_str("  ");
                    }
                    drawing.push_str(RESET);
                    drawing.push('\n');
                }
            }
            Cells::Coloured | Cells::Plain => {
                let is_coloured = self.cells == Cells::Coloured;
                let (before, after) = match (is_coloured, self.invert) {
                    (false, _) => ("", ""),
                    (true, false) => (DARK_ON_LIGHT, RESET),
                    (true, true) => (LIGHT_ON_DARK, RESET),
                };
                // With colours, ink is what is dark in the matrix, and the colours say how that looks.
                let inked = |x: usize, y: usize| {
                    y < side
                        && if is_coloured {
                            matrix.is_dark(inside(x), inside(y))
                        } else {
                            !is_dark(x, y)
                        }
                };
                let cell = |x, y| match (inked(x, y), inked(x, y + 1)) {
                    (true, true) => '█',
                    (true, false) => '▀',
                    (false, true) => '▄',
                    (false, false) => ' ',
                };
                for y in (0..side).step_by(2) {
                    drawing.push_str(before);
                    drawing.extend((0..side).map(|x| cell(x, y)));
                    drawing.push_str(after);
                    drawing.push('\n');
                }
            }
        }
        drawing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::HttpUrl;

    fn matrix() -> QrMatrix {
        QrMatrix::encode(&HttpUrl::parse("https://id.example").expect("an address")).expect("short")
    }

    fn draw(cells: Cells, invert: bool) -> String {
        Manner { cells, invert }.draw(&matrix())
    }

    /// The text without colours.
    fn cells(drawing: &str) -> Vec<usize> {
        let line = |line: &str| {
            line.split('\x1b')
                .map(|part| part.split_once('m').map_or(part, |(_, text)| text).chars().count())
                .sum()
        };
        drawing.lines().map(line).collect()
    }

    #[test]
    fn every_line_holds_its_cells_and_the_quiet_zone() {
        for kind in [Cells::Plain, Cells::Coloured, Cells::Blanks] {
            let (columns, rows) = Manner {
                cells: kind,
                invert: false,
            }
            .size(&matrix());
            assert_eq!(cells(&draw(kind, false)), vec![columns; rows], "{kind:?}");
        }
    }

    #[test]
    fn without_colours_the_quiet_zone_is_light_ink_and_inverted_paper() {
        let top = |invert, expected| {
            let drawing = draw(Cells::Plain, invert);
            drawing
                .lines()
                .take(2)
                .all(|line| line.chars().all(|cell| cell == expected))
        };
        assert!(top(false, '█'));
        assert!(top(true, ' '));
    }

    #[test]
    fn with_colours_the_quiet_zone_is_paper() {
        let first = |drawing: String| drawing.lines().next().map(ToOwned::to_owned).expect("lines");
        let blank = " ".repeat(matrix().side() + 8);
        assert_eq!(
            first(draw(Cells::Coloured, false)),
            format!("{DARK_ON_LIGHT}{blank}{RESET}")
        );
        assert_eq!(
            first(draw(Cells::Coloured, true)),
            format!("{LIGHT_ON_DARK}{blank}{RESET}")
        );
    }

    #[test]
    fn blanks_are_light_outside_and_dark_in_the_corner() {
        let drawing = draw(Cells::Blanks, false);
        let lines: Vec<_> = drawing.lines().collect();
        assert!(!lines[3].contains(DARK), "the quiet zone");
        // Four modules of quiet zone, then the seven dark ones of a finder pattern.
        let expected = format!("{}{}", format!("{LIGHT}  ").repeat(4), format!("{DARK}  ").repeat(7));
        assert!(lines[4].starts_with(&expected));
    }
}
