//! An X display that nobody sees, for the engines that cannot do without: windows, real keys, and its picture.

use std::process::Command;
use std::time::Duration;

use png::{BitDepth, ColorType, Encoder};
use x11rb::connection::Connection;
use x11rb::protocol::xproto::{
    ConfigureWindowAux, ConnectionExt as _, ImageFormat, KEY_PRESS_EVENT, KEY_RELEASE_EVENT,
};
use x11rb::protocol::xtest::ConnectionExt as _;
use x11rb::rust_connection::RustConnection;

use crate::keeper::Keeper;

/// Bounds a failure only.
const START: Duration = Duration::from_secs(60);
/// Room for the largest picture that is taken.
const SCREEN: &str = "1920x1080x24";
/// Bytes of a pixel as the display hands it out: blue, green, red, and one that is not used.
const PIXEL: usize = 4;

/// A running display; it ends when dropped.
pub(crate) struct Display {
    name: String,
    connection: RustConnection,
    root: u32,
    // Last, so that the connection closes before the display ends.
    _server: Keeper,
}

impl Display {
    /// Starts `Xvfb` under a name that is free.
    pub(crate) fn start() -> Self {
        let mut command = Command::new("Xvfb");
        command.args([
            "-displayfd",
            "2",
            "-screen",
            "0",
            SCREEN,
            "-nolisten",
            "tcp",
            "-noreset",
        ]);
        // Killed outright it would leave its lock behind.
        let server = Keeper::start(&mut command, "TERM")
            .expect("Xvfb can be started (is it installed? `npx --yes rust-just engines`)");
        let name = loop {
            let line = server.line_within(START).expect("Xvfb starts");
            if let Ok(number) = line.parse::<u32>() {
                break format!(":{number}");
            }
        };
        let (connection, screen) = x11rb::connect(Some(&name)).expect("the display is there");
        let root = connection.setup().roots[screen].root;
        Self {
            name,
            connection,
            root,
            _server: server,
        }
    }

    /// What `DISPLAY` must say.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Presses and releases the key with this symbol (X Window System Protocol, appendix A).
    pub(crate) fn press(&self, symbol: u32) {
        let setup = self.connection.setup();
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let map = self
            .connection
            .get_keyboard_mapping(first, last - first + 1)
            .expect("the display listens")
            .reply()
            .expect("a map of the keyboard");
        let of_each_key = map.keysyms.chunks(map.keysyms_per_keycode.into());
        let key = (first..=last)
            .zip(of_each_key)
            .find(|(_, symbols)| symbols.contains(&symbol))
            .map(|(key, _)| key)
            .expect("the keyboard has the key");
        for event in [KEY_PRESS_EVENT, KEY_RELEASE_EVENT] {
            self.connection
                .xtest_fake_input(event, key, 0, self.root, 0, 0, 0)
                .expect("the display listens")
                .check()
                .expect("the display has keys to press");
        }
    }

    /// Gives every window this size; there is one.
    pub(crate) fn resize(&self, width: u32, height: u32) {
        let windows = self
            .connection
            .query_tree(self.root)
            .expect("the display listens")
            .reply()
            .expect("the windows")
            .children;
        for window in windows {
            let size = ConfigureWindowAux::new().x(0).y(0).width(width).height(height);
            self.connection
                .configure_window(window, &size)
                .expect("the display listens")
                .check()
                .expect("a window");
        }
    }

    /// The upper left corner of the screen, in red, green and blue.
    pub(crate) fn pixels(&self, width: u16, height: u16) -> Vec<u8> {
        let image = self
            .connection
            .get_image(ImageFormat::Z_PIXMAP, self.root, 0, 0, width, height, u32::MAX)
            .expect("the display listens")
            .reply()
            .expect("a picture");
        image
            .data
            .chunks_exact(PIXEL)
            .flat_map(|pixel| [pixel[2], pixel[1], pixel[0]])
            .collect()
    }

    /// The same as a PNG.
    pub(crate) fn png(&self, width: u16, height: u16) -> Vec<u8> {
        let mut png = Vec::new();
        let mut encoder = Encoder::new(&mut png, width.into(), height.into());
        encoder.set_color(ColorType::Rgb);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().expect("memory takes it");
        writer
            .write_image_data(&self.pixels(width, height))
            .expect("memory takes it");
        writer.finish().expect("memory takes it");
        png
    }
}
