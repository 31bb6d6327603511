//! An address as a QR code: a square of dark and light modules, and nothing about how they are drawn.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use qrcode::bits::encode_auto;
use qrcode::{EcLevel, QrCode, Version};

use crate::url::HttpUrl;

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
        let plain = address.as_str();
        let upper = with_upper_case_host(address);
        // The length of the bits alone: drawing a symbol and choosing its mask is what takes time.
        let smallest = |text: &str| encode_auto(text.as_bytes(), EcLevel::L).map(|bits| bits.version());
        let (plain_version, upper_version) = (smallest(plain), smallest(&upper));
        let (text, version) = match (plain_version, upper_version) {
            (Ok(plain_version), Ok(upper_version)) if upper_version.width() < plain_version.width() => {
                (Cow::Owned(upper), upper_version)
            }
            (Ok(version), _) => (Cow::Borrowed(plain), version),
            (Err(_), Ok(version)) => (Cow::Owned(upper), version),
            (Err(_), Err(_)) => return Err(QrError),
        };
        Self::with_version(&text, version).ok_or(QrError)
    }

    fn with_version(text: &str, version: Version) -> Option<Self> {
        let levels = [EcLevel::H, EcLevel::Q, EcLevel::M, EcLevel::L];
        let code = levels
            .into_iter()
            .find_map(|level| QrCode::with_version(text, version, level).ok())?;
        let dark = code
            .to_colors()
            .into_iter()
            .map(|color| color == qrcode::Color::Dark)
            .collect();
        Some(Self {
            dark,
            side: code.width(),
        })
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

fn with_upper_case_host(address: &HttpUrl) -> String {
    [
        &address.as_str()[..address.scheme_end()],
        &address.authority().to_ascii_uppercase(),
        address.after_authority(),
    ]
    .concat()
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
