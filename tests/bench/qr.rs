//! QR codes: what encoders take for a symbol and what it weighs, and which symbols are read from afar.

pub(crate) mod camera;
pub(crate) mod companion;
pub(crate) mod symbol;

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use device_flow::QrMatrix;
use qrcode::EcLevel;
use serde_json::json;
use tests::Chance;

use crate::progress::say;
use crate::report::{Better, Measurement};
use crate::server::{tests, version_of};
use crate::stopwatch::Stopwatch;
use camera::{View, look};
use companion::Companion;
use symbol::Symbol;

/// What products put into a symbol: Okta (O-15), authentik, Google, the example of RFC 8628 section 3.2.
const ADDRESSES: [(&str, &str); 4] = [
    ("Okta's", "https://dev-133337.okta.com/activate?user_code=DRTDNTJC"),
    ("authentik's", "https://auth.example.com/device?code=123456789"),
    ("Google's", "https://www.google.com/device?user_code=WDJB-MJHT"),
    ("the RFC's", "https://example.com/device?user_code=WDJB-MJHT"),
];

type Encoder = (&'static str, fn(&str) -> Result<Symbol, String>);

const ENCODERS: [Encoder; 3] = [
    ("device-flow", Symbol::ours),
    ("qrcodegen", Symbol::of_qrcodegen),
    ("fast_qr", Symbol::of_fast_qr),
];
const SCRIPTS: [&str; 3] = ["qrcode", "qrcode-generator", "lean-qr"];

/// Encoders side by side.
pub(crate) fn encoders(quick: bool) -> Result<Vec<Measurement>, String> {
    let (rounds, count) = if quick { (3, 50) } else { (15, 100) };
    let mut companion = Companion::start()?;
    let mut measurements = Vec::new();
    for (whose, address) in ADDRESSES {
        let names = ENCODERS.iter().map(|&(name, _)| name).chain(SCRIPTS);
        let mut times: Vec<_> = names.map(|name| (name, Vec::new())).collect();
        let [mut sides, mut bytes] = [times.clone(), times.clone()];
        // The first round warms up.
        for round in 0..=rounds {
            say(&format!("encoders, {whose} address: round {round} of {rounds}"));
            for (index, (_, encode)) in ENCODERS.iter().enumerate() {
                let stopwatch = Stopwatch::start();
                for _ in 0..count {
                    std::hint::black_box(encode(address)?.svg());
                }
                let time = stopwatch.elapsed().as_secs_f64() * 1e6 / f64::from(count);
                let symbol = encode(address)?;
                record(
                    round,
                    [&mut times, &mut bytes, &mut sides],
                    index,
                    [time, float(symbol.svg().len()), float(symbol.side)],
                );
            }
            for (index, name) in SCRIPTS.iter().enumerate() {
                let answer =
                    companion.ask(&json!({ "does": "encode", "name": name, "text": address, "count": count }))?;
                let found = ["time", "bytes", "side"].map(|member| answer[member].as_f64().unwrap_or(f64::NAN));
                record(
                    round,
                    [&mut times, &mut bytes, &mut sides],
                    ENCODERS.len() + index,
                    found,
                );
            }
        }
        let less = |id: &str, what: &str, unit: &str, samples: &[(&str, Vec<f64>)]| {
            let what = format!("{what}, {whose} address");
            Measurement::new(&format!("{id}_{whose}"), &what, unit, Better::Less, samples)
        };
        measurements.push(less("time", "Encode and draw", "µs", &times));
        measurements.push(less("side", "Side", "modules", &sides));
        measurements.push(less("svg", "As SVG", "bytes", &bytes));
    }
    Ok(measurements)
}

/// Times of every round but the first; what does not change, once.
fn record(round: u32, into: [&mut Vec<(&'static str, Vec<f64>)>; 3], index: usize, found: [f64; 3]) {
    for (at, (samples, value)) in into.into_iter().zip(found).enumerate() {
        if (at == 0 && round > 0) || round == 1 {
            samples[index].1.push(value);
        }
    }
}

type Choice = (&'static str, usize, fn(&str) -> Result<Symbol, String>);

/// Ways to make a symbol of an address: ours, and what else one could do. The number is the border.
const CHOICES: [Choice; 6] = [
    ("ours", QrMatrix::QUIET_ZONE, Symbol::ours),
    ("ours, border 1", 1, Symbol::ours),
    ("as it is, L", QrMatrix::QUIET_ZONE, |text| {
        Symbol::of_level(text, EcLevel::L)
    }),
    ("as it is, M", QrMatrix::QUIET_ZONE, |text| {
        Symbol::of_level(text, EcLevel::M)
    }),
    ("as it is, Q", QrMatrix::QUIET_ZONE, |text| {
        Symbol::of_level(text, EcLevel::Q)
    }),
    ("as it is, H", QrMatrix::QUIET_ZONE, |text| {
        Symbol::of_level(text, EcLevel::H)
    }),
];
const READERS: [&str; 3] = ["rqrr", "jsQR", "zxing-cpp"];
const WIDTHS: [f64; 7] = [56.0, 68.0, 82.0, 100.0, 120.0, 145.0, 175.0];
const TILTS: [f64; 3] = [0.0, 30.0, 50.0];
const BLURS: [f64; 3] = [0.5, 1.0, 1.6];
const NOISES: [f64; 2] = [4.0, 20.0];

/// By address: how often it was read, and how often it was looked at.
type Counts = BTreeMap<&'static str, (f64, f64)>;

/// What is read of pictures that are smaller, more tilted, more blurred and more noisy than one another.
pub(crate) fn scans(quick: bool) -> Result<Vec<Measurement>, String> {
    let turns = if quick { 1 } else { 2 };
    let mut companion = Companion::start()?;
    let mut counts: BTreeMap<(String, &str), Counts> = BTreeMap::new();
    for (whose, address) in ADDRESSES {
        for (choice, border, encode) in CHOICES {
            say(&format!("scans, {whose} address, {choice}"));
            let symbol = encode(address)?;
            // The same phones look at all choices.
            let mut chance = Chance::new(8628);
            for view in views() {
                for _ in 0..turns {
                    let picture = look(&symbol, border, view, &mut chance);
                    let read = readers(&mut companion, &picture, address)?;
                    let mut note = |what: String, read: f64, of: f64| {
                        let count = counts.entry((what, choice)).or_default().entry(whose).or_default();
                        *count = (count.0 + read, count.1 + of);
                    };
                    let all = read.iter().filter(|read| **read).count();
                    for (reader, read) in READERS.iter().zip(read) {
                        note(format!("by {reader}"), f64::from(u8::from(read)), 1.0);
                    }
                    note("by all three readers together".to_owned(), float(all), 3.0);
                    note(format!("from {} pixels a plate", view.width), float(all), 3.0);
                    note(format!("tilted by {}°", view.tilt), float(all), 3.0);
                }
            }
        }
    }
    let mut rows = vec!["by all three readers together".to_owned()];
    rows.extend(READERS.iter().map(|reader| format!("by {reader}")));
    rows.extend(WIDTHS.iter().map(|width| format!("from {width} pixels a plate")));
    rows.extend(TILTS.iter().map(|tilt| format!("tilted by {tilt}°")));
    let row = |what: String| {
        let samples: Vec<_> = CHOICES
            .iter()
            .map(|&(choice, ..)| {
                let of = counts
                    .get(&(what.clone(), choice))
                    .into_iter()
                    .flat_map(BTreeMap::values);
                (choice, of.map(|(read, looked)| read / looked * 100.0).collect())
            })
            .collect();
        Measurement::new(&what, &format!("Read {what}"), "% of pictures", Better::More, &samples)
    };
    let mut measurements = sides()?;
    measurements.extend(rows.into_iter().map(row));
    Ok(measurements)
}

fn sides() -> Result<Vec<Measurement>, String> {
    let mut samples = Vec::new();
    for (choice, border, encode) in CHOICES {
        let mut sides = Vec::new();
        for (_, address) in ADDRESSES {
            sides.push(float(encode(address)?.side + 2 * border));
        }
        samples.push((choice, sides));
    }
    let side = Measurement::new("side", "Side with its border", "modules", Better::Less, &samples);
    Ok(vec![side])
}

fn views() -> impl Iterator<Item = View> {
    let widths = WIDTHS.into_iter();
    widths.flat_map(|width| {
        TILTS.into_iter().flat_map(move |tilt| {
            BLURS.into_iter().flat_map(move |blur| {
                NOISES.into_iter().map(move |noise| View {
                    width,
                    tilt,
                    blur,
                    noise,
                })
            })
        })
    })
}

/// Whether each reader reads the address; hosts ignore case (RFC 3986 section 3.2.2).
fn readers(companion: &mut Companion, picture: &camera::Picture, address: &str) -> Result<[bool; 3], String> {
    let side = picture.side;
    let mut image = rqrr::PreparedImage::prepare_from_greyscale(side, side, |x, y| picture.shades[y * side + x]);
    let grids = image.detect_grids();
    let rqrr = grids.iter().find_map(|grid| grid.decode().ok()).map(|(_, text)| text);
    let shades = STANDARD.encode(&picture.shades);
    let answer = companion.ask(&json!({ "does": "read", "width": side, "height": side, "shades": shades }))?;
    let text = |reader: &str| answer[reader].as_str().map(str::to_owned);
    let is_it = |text: Option<String>| text.is_some_and(|text| text.eq_ignore_ascii_case(address));
    Ok([rqrr, text("jsQR"), text("zxing-cpp")].map(is_it))
}

pub(crate) fn versions() -> Result<BTreeMap<String, String>, String> {
    let (peers, tests) = (tests().join("bench/peers/node_modules"), tests().join("node_modules"));
    let mut versions = BTreeMap::from([("device-flow".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    for name in SCRIPTS {
        versions.insert(name.to_owned(), version_of(&peers, name)?);
    }
    versions.insert("zxing-wasm".to_owned(), version_of(&peers, "zxing-wasm")?);
    versions.insert("jsQR".to_owned(), version_of(&tests, "jsqr")?);
    Ok(versions)
}

/// The pictures worth drawing.
pub(crate) fn is_drawn(measurement: &Measurement) -> bool {
    measurement.id.starts_with("by") || measurement.id.starts_with("from")
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn float(value: usize) -> f64 {
    value as f64
}

/// What stands below the table of encoders.
pub(crate) const ENCODERS_TEXT: &str = "An address becomes a symbol and the symbol an SVG with a border of four modules, each by the encoder's own documentation: qrcode, qrcode-generator and lean-qr in Node.js after warming up, all others as Rust.
device-flow, qrcodegen and fast_qr give squares of modules; all three are drawn by the one path that the page draws.

- **Ours** takes the smallest symbol, if need be with the host in upper case, then the highest error correction that still fits it; it encodes by the crate `qrcode` underneath.
- **qrcodegen** and **qrcode-generator** are told level M, which is what qrcode takes by itself; lean-qr begins at L and goes up while that costs no module; fast_qr has a default of its own.
- **Where we lose**: qrcodegen and fast_qr encode two to four times as fast as the crate `qrcode` does underneath ours; a symbol is made once for each code, and takes a millisecond or two. The SVG of npm's qrcode is smaller, since it draws strokes and not boxes; boxes have whole coordinates on every engine.
- **Addresses**: with the codes of Okta (O-15), authentik (A-21), Google, and the example of RFC 8628 section 3.2.
";

/// What stands below the table of scans.
pub(crate) const SCANS_TEXT: &str = "A plate of always the same size shows a symbol; a simulated camera takes pictures of it, and three readers that have nothing to do with each other (rqrr in Rust, jsQR in JavaScript, zxing-cpp compiled to WebAssembly) try to read them.
Spreads go over the addresses of Okta, authentik, Google and the RFC.

- **The camera** is a pinhole three plates away. The plate is rolled by 7°, tilted by 0°, 30° or 50°, is 56 to 175 pixels wide in the picture, blurred by a Gaussian of 0.5 to 1.6 pixels, and noisy by 4 or 20 of 255 shades; around it the page is dark. All choices are looked at in the same ways.
- **Ours**: the smallest symbol, if need be with the host in upper case, then the highest error correction that still fits, with a border of four modules.
- **As it is, L to H**: the address unchanged, at one level.

What the figures say for the defaults:

- On a plate of a given size, fewer modules count for more than more error correction. A camera that is far away fails at the size of a module, which no correction repairs; correction helps against stains and reflections, which a television has less of than a poster. So the smallest symbol comes first, and what correction fits into it is taken for nothing.
- A border of one module lets the others grow by a fifth, and all three readers see that code from farther away. Ours keeps the four modules that ISO/IEC 18004 asks for: what stands around it here is an even dark page, and readers that rely on the border are not among the three.
";
