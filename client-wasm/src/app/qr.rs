//! A QR code as one SVG path in whole pixels.

use core::fmt::Write;
use core::slice;

use super::part::{Fit, Part, element, svg};
use device_flow::QrMatrix;

/// A QR code on its own light plate, as large as the room allows.
///
/// The border that readers need (ISO/IEC 18004) is part of the picture, so no style can take it away.
///
/// `label` is what to call it for those who cannot see it.
pub(super) fn draw(label: &str, matrix: &QrMatrix) -> (Part, Fit) {
    // At most 185, for the largest symbol there is.
    let modules = u32::try_from(matrix.side_with_quiet_zone()).unwrap_or(u32::MAX);
    let plate = svg("svg", "plate", &[svg("path", "", &[]).attribute("d", &path(matrix))])
        .attribute("viewBox", &format!("0 0 {modules} {modules}"))
        .attribute("shape-rendering", "crispEdges")
        .attribute("role", "img")
        .label(label);
    let room = element("div", "plate-room", slice::from_ref(&plate));
    let frame = room.clone();
    let fit = move || {
        let length = whole_pixels(frame.as_element().client_width(), device_pixel_ratio(), modules);
        plate.style("width", &length);
        plate.style("height", &length);
    };
    (room, Box::new(fit))
}

/// The dark modules, each horizontal run of them as one box, in units of one module with the border around.
fn path(matrix: &QrMatrix) -> String {
    let side = matrix.side();
    let mut path = String::new();
    for y in 0..side {
        let mut x = 0;
        while x < side {
            let run = (x..side).take_while(|&x| matrix.is_dark(x, y)).count();
            if run > 0 {
                let (left, top) = (x + QrMatrix::QUIET_ZONE, y + QrMatrix::QUIET_ZONE);
                // Writing to a string cannot fail.
                _ = write!(path, "M{left} {top}h{run}v1h-{run}z");
            }
            x += run.max(1);
        }
    }
    path
}

/// The length, as CSS writes it, of the largest picture of so many modules in `room` CSS pixels whose every module is a
/// whole number of device pixels: a reader has enough to do with the camera's blur.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the sizes of screens"
)]
fn whole_pixels(room: i32, ratio: f64, modules: u32) -> String {
    let device_pixels = (f64::from(room) * ratio) as u32 / modules * modules;
    let thousandths = (f64::from(device_pixels) * 1000.0 / ratio).round() as u32;
    format!("{}.{:03}px", thousandths / 1000, thousandths % 1000)
}

fn device_pixel_ratio() -> f64 {
    let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
    if ratio > 0.0 { ratio } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use device_flow::HttpUrl;
    use wasm_bindgen_test::wasm_bindgen_test as test;

    fn matrix(address: &str) -> QrMatrix {
        QrMatrix::encode(&HttpUrl::parse(address).expect(address)).expect(address)
    }

    /// Paints the boxes of a path, as a renderer that knows only the commands used here.
    fn paint(path: &str, side: usize) -> Vec<Vec<bool>> {
        let mut picture = vec![vec![false; side]; side];
        for run in path.split('M').skip(1) {
            let (start, rest) = run.split_once('h').expect("a length");
            let (x, y) = start.split_once(' ').expect("two coordinates");
            let (length, rest) = rest.split_once('v').expect("a height");
            assert_eq!(rest, format!("1h-{length}z"));
            let (x, y, length): (usize, usize, usize) =
                (x.parse().unwrap(), y.parse().unwrap(), length.parse().unwrap());
            for cell in &mut picture[y][x..x + length] {
                assert!(!*cell, "no module is painted twice");
                *cell = true;
            }
        }
        picture
    }

    #[test]
    fn the_path_is_the_symbol_inside_its_border() {
        let matrix = matrix("https://id.example/activate?user_code=WDJB-MJHT");
        let side = matrix.side_with_quiet_zone();
        let row = |y| (0..side).map(move |x| (x, y));
        let dark = |(x, y)| x >= 4 && y >= 4 && matrix.is_dark(x - 4, y - 4);
        let expected: Vec<Vec<bool>> = (0..side).map(|y| row(y).map(dark).collect()).collect();
        assert_eq!(paint(&path(&matrix), side), expected);
    }

    #[test]
    fn neighbours_share_a_box() {
        // The upper edge of a finder pattern is seven dark modules (ISO/IEC 18004).
        assert!(path(&matrix("https://id.example")).starts_with("M4 4h7v1h-7z"));
    }

    #[test]
    fn modules_are_whole_pixels() {
        // 540 / 37 = 14.6 pixels for each module.
        assert_eq!(whole_pixels(540, 1.0, 37), "518.000px");
        // Android's 960x540 with two device pixels for each CSS pixel: 29 device pixels for each module.
        assert_eq!(whole_pixels(540, 2.0, 37), "536.500px");
        assert_eq!(whole_pixels(540, 1.5, 37), "518.000px");
    }

    #[test]
    fn no_room_is_no_picture() {
        assert_eq!(whole_pixels(0, 1.0, 37), "0.000px");
    }
}
