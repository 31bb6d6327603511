//! QR codes read from pictures, by a decoder that the project did not write.

use std::io::Cursor;

use png::{ColorType, Decoder, Transformations};
use rqrr::PreparedImage;

/// A picture in shades of grey.
pub(crate) struct Grey {
    pub(crate) width: usize,
    pub(crate) height: usize,
    shades: Vec<u8>,
}

/// Decodes a PNG.
pub(crate) fn decode(png: &[u8]) -> Result<Grey, png::DecodingError> {
    let mut decoder = Decoder::new(Cursor::new(png));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![0; reader.output_buffer_size().unwrap_or_default()];
    let frame = reader.next_frame(&mut bytes)?;
    let colours = match frame.color_type {
        ColorType::Grayscale | ColorType::GrayscaleAlpha | ColorType::Indexed => 1,
        ColorType::Rgb | ColorType::Rgba => 3,
    };
    let mean = |pixel: &[u8]| {
        let sum: usize = pixel[..colours].iter().copied().map(usize::from).sum();
        u8::try_from(sum / colours).unwrap_or(u8::MAX)
    };
    let pixels = bytes[..frame.buffer_size()].chunks_exact(frame.color_type.samples());
    let shades = pixels.map(mean).collect();
    Ok(Grey {
        width: frame.width as usize,
        height: frame.height as usize,
        shades,
    })
}

/// The texts of all QR codes in a PNG; a code that is found but cannot be read is an error.
pub(crate) fn read_qr(png: &[u8]) -> Result<Vec<String>, Box<dyn std::error::Error>> {
    let Grey { width, height, shades } = decode(png)?;
    let mut image = PreparedImage::prepare_from_greyscale(width, height, |x, y| shades[y * width + x]);
    image.detect_grids().iter().map(|grid| Ok(grid.decode()?.1)).collect()
}
