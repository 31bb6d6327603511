//! Symbols of several encoders in one form, and how they are drawn.

use std::fmt::Write;

use device_flow::{HttpUrl, QrMatrix};

/// A square of modules, without a border.
pub(crate) struct Symbol {
    pub(crate) side: usize,
    dark: Vec<bool>,
}

impl Symbol {
    fn new(side: usize, is_dark: impl Fn(usize, usize) -> bool) -> Self {
        let dark = (0..side * side).map(|at| is_dark(at % side, at / side)).collect();
        Self { side, dark }
    }

    /// As the page, the package and the terminal make it.
    pub(crate) fn ours(address: &str) -> Result<Self, String> {
        let address = HttpUrl::parse(address).ok_or_else(|| format!("{address} is no address"))?;
        let matrix = QrMatrix::encode(&address).map_err(|problem| problem.to_string())?;
        Ok(Self::new(matrix.side(), |x, y| matrix.is_dark(x, y)))
    }

    /// The smallest of this level, as `qrcode` makes it of the text as it is.
    pub(crate) fn of_level(text: &str, level: qrcode::EcLevel) -> Result<Self, String> {
        let code = qrcode::QrCode::with_error_correction_level(text, level);
        let code = code.map_err(|problem| problem.to_string())?;
        Ok(Self::new(code.width(), |x, y| code[(x, y)] == qrcode::Color::Dark))
    }

    /// As qrcodegen's users have it: the level is theirs to choose, and is raised where that costs nothing.
    pub(crate) fn of_qrcodegen(text: &str) -> Result<Self, String> {
        let code = qrcodegen::QrCode::encode_text(text, qrcodegen::QrCodeEcc::Medium);
        let code = code.map_err(|problem| problem.to_string())?;
        let at = |place: usize| i32::try_from(place).unwrap_or(i32::MAX);
        let side = usize::try_from(code.size()).unwrap_or(0);
        Ok(Self::new(side, |x, y| code.get_module(at(x), at(y))))
    }

    /// As `fast_qr`'s users have it.
    pub(crate) fn of_fast_qr(text: &str) -> Result<Self, String> {
        let code = fast_qr::QRBuilder::new(text).build();
        let code = code.map_err(|problem| format!("{problem:?}"))?;
        Ok(Self::new(code.size, |x, y| code[y][x].value()))
    }

    /// Outside of it all is light.
    pub(crate) fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }

    /// As the page draws it (`client-wasm/src/app/qr.rs`), around it the least that makes a picture of it.
    pub(crate) fn svg(&self) -> String {
        let border = QrMatrix::QUIET_ZONE;
        let whole = self.side + 2 * border;
        let mut path = String::new();
        for y in 0..self.side {
            let mut x = 0;
            while x < self.side {
                let run = (x..self.side).take_while(|&x| self.is_dark(x, y)).count();
                if run > 0 {
                    // Writing into a text cannot fail.
                    let _ = write!(path, "M{} {}h{run}v1h-{run}z", x + border, y + border);
                }
                x += run.max(1);
            }
        }
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {whole} {whole}\"><path d=\"{path}\"/></svg>")
    }
}
