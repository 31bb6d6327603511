//! An address as a QR code: a square of dark and light modules, and nothing about how they are drawn.

mod codewords;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use qrcode::bits::Bits;
use qrcode::canvas::Canvas;
use qrcode::{Color, EcLevel, Version};

use crate::url::HttpUrl;
use codewords::codewords;

/// No symbol has room for more characters of any kind (ISO/IEC 18004 table 7).
const MOST_DIGITS: usize = 7089;

/// A QR code as a square of modules, with the light border that every reader needs.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct QrMatrix {
    dark: Vec<bool>,
    side: usize,
}

/// The text is too long for any QR code.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct QrError;

impl fmt::Display for QrError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the address is too long for a QR code")
    }
}

impl core::error::Error for QrError {}

impl QrMatrix {
    /// Light modules on every side (ISO/IEC 18004 section 6.3.8).
    pub const QUIET_ZONE: usize = 4;

    /// Encodes an address: the smallest symbol there is, then the highest error correction that still fits it.
    ///
    /// The host is written in upper case if that makes the symbol smaller: hosts ignore case (RFC 3986 section 3.2.2),
    /// and upper-case letters take fewer bits. Scheme, path and query stay as they are.
    ///
    /// # Errors
    ///
    /// [`QrError`] if the address is longer than 2,953 bytes.
    pub fn encode(address: &HttpUrl) -> Result<Self, QrError> {
        let plain = smallest(address.as_str());
        let upper = smallest(&with_upper_case_host(address));
        let bits = match (plain, upper) {
            (Some(plain), Some(upper)) if upper.version().width() < plain.version().width() => upper,
            (plain, upper) => plain.or(upper).ok_or(QrError)?,
        };
        Self::draw(bits).ok_or(QrError)
    }

    fn draw(mut bits: Bits) -> Option<Self> {
        let mut levels = [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L].into_iter();
        let level = levels.find(|level| bits.push_terminator(*level).is_ok())?;
        let version = bits.version();
        let side = usize::try_from(version.width()).ok()?;
        let (data, correction) = codewords(&bits.into_bytes(), (side - 17) / 4, level);
        let mut canvas = Canvas::new(version, level);
        canvas.draw_all_functional_patterns();
        canvas.draw_data(&data, &correction);
        let colors = canvas.apply_best_mask().into_colors();
        let dark = colors.into_iter().map(|color| color == Color::Dark).collect();
        Some(Self { dark, side })
    }

    /// Modules per side, without the quiet zone: 21 to 177.
    pub fn side(&self) -> usize {
        self.side
    }

    /// Modules per side with the quiet zone: what the light plate needs.
    pub fn side_with_quiet_zone(&self) -> usize {
        self.side + 2 * Self::QUIET_ZONE
    }

    /// Whether the module is dark, counted from the upper left; outside the symbol all is light.
    pub fn is_dark(&self, x: usize, y: usize) -> bool {
        x < self.side && y < self.side && self.dark[y * self.side + x]
    }
}

/// The text as bits for the smallest symbol that has room for it. They are all tried: drawing one and choosing its mask is
/// what takes time.
fn smallest(text: &str) -> Option<Bits> {
    if text.len() > MOST_DIGITS {
        return None;
    }
    (1..=40).map(Version::Normal).find_map(|version| {
        let mut bits = Bits::new(version);
        bits.push_optimal_data(text.as_bytes()).ok()?;
        let max_len = bits.max_len(EcLevel::L).ok()?;
        (bits.len() <= max_len).then_some(bits)
    })
}

fn with_upper_case_host(address: &HttpUrl) -> String {
    let authority = address.authority();
    let scheme = address.before_path().strip_suffix(authority).unwrap_or_default();
    String::from_iter([scheme, &authority.to_ascii_uppercase(), address.after_authority()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(address: &str) -> usize {
        QrMatrix::encode(&HttpUrl::parse(address).expect(address))
            .expect(address)
            .side()
    }

    #[test]
    fn an_upper_case_host_saves_a_version() {
        // Level L, optimal segments: 33 modules as written, 29 with the host in upper case.
        assert_eq!(side("https://dev-133337.okta.com/activate?user_code=DRTDNTJC"), 29);
    }

    #[test]
    fn only_the_host_changes_case() {
        let url = HttpUrl::parse("https://id.example:8443/Path?q=x").expect("an address");
        assert_eq!(with_upper_case_host(&url), "https://ID.EXAMPLE:8443/Path?q=x");
    }

    #[test]
    fn finder_patterns_stand_in_three_corners() {
        let matrix = QrMatrix::encode(&HttpUrl::parse("https://id.example").expect("an address")).expect("short");
        let far = matrix.side() - 7;
        for (x, y) in [(0, 0), (far, 0), (0, far)] {
            assert!(matrix.is_dark(x, y) && !matrix.is_dark(x + 1, y + 1) && matrix.is_dark(x + 3, y + 3));
        }
        assert!(!matrix.is_dark(matrix.side(), 0), "outside is light");
    }

    #[test]
    fn what_fits_no_symbol_is_an_error() {
        let long = alloc::format!("https://id.example/{}", "x".repeat(3000));
        assert_eq!(
            QrMatrix::encode(&HttpUrl::parse(&long).expect("an address")),
            Err(QrError)
        );
    }
}
