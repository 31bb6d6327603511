//! What a phone's camera sees of a plate with a symbol: small, tilted, blurred and noisy.

use ::tests::Chance;

use super::symbol::Symbol;

/// A picture in shades of grey.
pub(crate) struct Picture {
    pub(crate) side: usize,
    pub(crate) shades: Vec<u8>,
}

/// How somebody holds the phone.
#[derive(Clone, Copy)]
pub(crate) struct View {
    /// Pixels of the camera across the plate, if nothing were tilted: the less, the farther away.
    pub(crate) width: f64,
    /// Degrees between the plate and the camera's picture.
    pub(crate) tilt: f64,
    /// Standard deviation of the blur, in pixels.
    pub(crate) blur: f64,
    /// Standard deviation of the noise, of 255 shades.
    pub(crate) noise: f64,
}

/// Nobody holds it straight.
const ROLL: f64 = 7.0;
/// From the camera to the plate, in plates.
const DISTANCE: f64 = 3.0;
/// The room around the plate: a dark page.
const ROOM: f64 = 1.5;
const DARK: f64 = 25.0;
const LIGHT: f64 = 230.0;
const PAGE: f64 = 40.0;
/// A pixel is the mean of so many points a side.
const POINTS: usize = 4;

/// Takes the picture of a symbol with so many light modules around it, on a plate that is as large for all.
pub(crate) fn look(symbol: &Symbol, border: usize, view: View, chance: &mut Chance) -> Picture {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a few hundred pixels"
    )]
    let side = (view.width * ROOM).ceil() as usize;
    let shift = [fraction(chance), fraction(chance)];
    let [(tilt_sin, tilt_cos), (roll_sin, roll_cos)] = [view.tilt, ROLL].map(|angle| angle.to_radians().sin_cos());
    let modules = float(symbol.side + 2 * border);
    let shade = |x: f64, y: f64| {
        let [x, y] = [x - float(side) / 2.0 + shift[0], y - float(side) / 2.0 + shift[1]];
        // A pinhole at DISTANCE, and the plate turned about its upright axis, then about the line of sight.
        let focal = view.width * DISTANCE;
        let across = x * DISTANCE / (focal * tilt_cos - x * tilt_sin);
        let up = y * (DISTANCE + across * tilt_sin) / focal;
        let plate = [across * roll_cos + up * roll_sin, up * roll_cos - across * roll_sin];
        if plate.iter().any(|place| place.abs() > 0.5) {
            return PAGE;
        }
        let [column, row] = plate.map(|place| (place + 0.5) * modules - float(border));
        let inside = column >= 0.0 && row >= 0.0;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at most 177 modules"
        )]
        let is_dark = inside && symbol.is_dark(column as usize, row as usize);
        if is_dark { DARK } else { LIGHT }
    };
    let pixel = |at: usize| {
        let points = (0..POINTS * POINTS).map(|point| {
            let part = |index: usize| (float(index) + 0.5) / float(POINTS);
            shade(
                float(at % side) + part(point % POINTS),
                float(at / side) + part(point / POINTS),
            )
        });
        points.sum::<f64>() / float(POINTS * POINTS)
    };
    let sharp: Vec<f64> = (0..side * side).map(pixel).collect();
    let blurred = blur(&blur(&sharp, side, view.blur, 1), side, view.blur, side);
    let mut noisy = |shade: f64| {
        // Four even numbers together are near enough to a bell; their deviation is the square root of a third.
        let bell: f64 = (0..4).map(|_| fraction(chance) - 0.5).sum::<f64>() * 3_f64.sqrt();
        let shade = (shade + bell * view.noise).round().clamp(0.0, 255.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
        let shade = shade as u8;
        shade
    };
    let shades = blurred.into_iter().map(&mut noisy).collect();
    Picture { side, shades }
}

/// A Gaussian along rows (`step` 1) or columns (`step` the side); beyond the edge all is as at the edge.
fn blur(shades: &[f64], side: usize, sigma: f64, step: usize) -> Vec<f64> {
    let reach = 7;
    let weights: Vec<f64> = (0..=2 * reach)
        .map(|at| (-(float(at) - float(reach)).powi(2) / (2.0 * sigma * sigma)).exp())
        .collect();
    let sum: f64 = weights.iter().sum();
    let at = |index: usize| {
        let place = index / step % side;
        let of = |(offset, weight): (usize, &f64)| {
            let neighbour = (place + offset).saturating_sub(reach).min(side - 1);
            shades[index - place * step + neighbour * step] * weight
        };
        weights.iter().enumerate().map(of).sum::<f64>() / sum
    };
    (0..shades.len()).map(at).collect()
}

/// From 0 to 1.
fn fraction(chance: &mut Chance) -> f64 {
    let of = u32::try_from(chance.of(0..1 << 20)).unwrap_or(0);
    f64::from(of) / f64::from(1 << 20)
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(value: usize) -> f64 {
    value as f64
}

#[cfg(test)]
mod tests {
    use super::{Chance, Symbol, View, look};

    #[test]
    fn a_sharp_picture_from_near_is_read_and_a_tiny_one_is_not() {
        let address = "https://id.example/device?user_code=WDJB-MJHT";
        let symbol = Symbol::ours(address).expect("a symbol");
        let read = |width, tilt| {
            let view = View {
                width,
                tilt,
                blur: 0.5,
                noise: 2.0,
            };
            let picture = look(&symbol, 4, view, &mut Chance::new(1));
            let mut image = rqrr::PreparedImage::prepare_from_greyscale(picture.side, picture.side, |x, y| {
                picture.shades[y * picture.side + x]
            });
            let grids = image.detect_grids();
            grids
                .first()
                .and_then(|grid| grid.decode().ok())
                .map(|(_, text)| text.to_lowercase())
        };
        let text = Some(address.to_lowercase());
        assert_eq!(read(240.0, 0.0), text);
        assert_eq!(read(240.0, 40.0), text);
        assert_eq!(read(30.0, 0.0), None);
    }
}
