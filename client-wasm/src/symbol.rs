//! Which address becomes the QR code.

use device_flow::{CodeView, HttpUrl, QrMatrix};

/// The most modules on a side, border included, that are easy to scan from a sofa: 576 of 1080 lines make eight for each.
const DENSEST: usize = 72;

/// What to draw: the address with the code inside if it is easy to scan, else the smaller symbol of both addresses.
///
/// Nothing if both are too long for any.
pub(crate) fn symbol(code: &CodeView) -> Option<(HttpUrl, QrMatrix)> {
    let encode = |address: &HttpUrl| Some((address.clone(), QrMatrix::encode(address).ok()?));
    match code.verification_uri_complete.as_ref().and_then(encode) {
        Some(complete) if complete.1.side_with_quiet_zone() <= DENSEST => Some(complete),
        dense => match (dense, encode(&code.verification_uri)) {
            (Some(dense), Some(plain)) if dense.1.side() <= plain.1.side() => Some(dense),
            (dense, plain) => plain.or(dense),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::time::Duration;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    /// Lengths of the complete and the plain address; which one is drawn.
    #[track_caller]
    fn check(complete: Option<usize>, plain: usize, expected: Option<usize>) {
        let address = |length| format!("https://id.example/{}", "a".repeat(length - 19));
        let parse = |length| HttpUrl::parse(&address(length)).expect("an address");
        let symbol = symbol(&CodeView {
            user_code: "WDJB-MJHT".into(),
            verification_uri: parse(plain),
            verification_uri_complete: complete.map(parse),
            lifetime: Duration::ZERO,
            left: Duration::ZERO,
            trouble: None,
        });
        assert_eq!(symbol.map(|(address, _)| address.as_str().len()), expected);
    }

    #[test]
    fn the_address_with_the_code_is_drawn_where_it_can_be_scanned() {
        check(Some(40), 30, Some(40));
        check(None, 30, Some(30));
        //
        check(Some(300), 30, Some(300));
        check(Some(2_000), 30, Some(30));
        check(Some(1_000), 2_000, Some(1_000));
    }

    #[test]
    fn an_address_too_long_for_any_symbol_yields_to_the_other() {
        // ISO/IEC 18004 table 7: at most 2,953 bytes.
        check(Some(3_000), 30, Some(30));
        check(Some(3_000), 3_000, None);
        check(None, 3_000, None);
    }
}
