//! A screenshot made small enough for the docs.

use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Transformations};

/// Pixels of the screenshot, each way, that become one.
const SHARE: usize = 2;
/// Shades that count as one: a dithered gradient is no news, and takes up more room than all else.
const STEP: u32 = 4;
const RGB: usize = 3;

/// The same picture with half the width and half the height.
pub(crate) fn small(screenshot: &[u8]) -> Result<Vec<u8>, String> {
    let mut decoder = Decoder::new(Cursor::new(screenshot));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info().map_err(|problem| problem.to_string())?;
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut bytes).map_err(|problem| problem.to_string())?;
    let samples = frame.color_type.samples();
    if samples < RGB {
        return Err(format!("{:?} is no colour that browsers make", frame.color_type));
    }
    let (width, height) = (frame.width as usize / SHARE, frame.height as usize / SHARE);
    let shade = |x: usize, y: usize, channel: usize| {
        let sum: u32 = (0..SHARE * SHARE)
            .map(|part| (x * SHARE + part % SHARE, y * SHARE + part / SHARE))
            .map(|(x, y)| u32::from(bytes[y * frame.line_size + x * samples + channel]))
            .sum();
        let mean = sum / u32::try_from(SHARE * SHARE).unwrap_or(1);
        u8::try_from((mean + STEP / 2) / STEP * STEP).unwrap_or(u8::MAX)
    };
    let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
    let shades: Vec<_> = pixels
        .flat_map(|(x, y)| [0, 1, 2].map(|channel| shade(x, y, channel)))
        .collect();
    encode(&shades, width, height).map_err(|problem| problem.to_string())
}

fn encode(shades: &[u8], width: usize, height: usize) -> Result<Vec<u8>, png::EncodingError> {
    let side = |side| u32::try_from(side).unwrap_or(u32::MAX);
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, side(width), side(height));
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::High);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(shades)?;
    writer.finish()?;
    Ok(png)
}
