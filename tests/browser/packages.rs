//! The apps for the stores: unpacked, held to the vendors' rules, and started from `file:`.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

use mock_idp::MockIdp;
use serde_json::{Value, json};

use crate::keys;
use crate::loader::signs_in;
use crate::platforms::TIZEN;
use crate::television::Television;

/// Both packages of one configuration, in a folder that goes away with them.
struct Packages(PathBuf);

impl Packages {
    fn of(name: &str, config: &Value) -> Self {
        let folder = env::temp_dir().join(format!("device-login-{name}-{}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let packages = Self(folder);
        let config_file = packages.0.join("config.json");
        fs::write(&config_file, config.to_string()).expect("written");
        let packer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/package-tv.mjs");
        let mut pack = Command::new("node");
        pack.arg(packer)
            .arg("--config")
            .arg(config_file)
            .arg("--out")
            .arg(&packages.0);
        run(&mut pack);
        packages
    }

    /// Unpacks one, and says what it says of itself.
    fn unpack(&self, package: &str) -> Value {
        let unpack = Path::new(env!("CARGO_MANIFEST_DIR")).join("browser/unpack.py");
        let folder = self.0.join(format!("{package}-unpacked"));
        fs::create_dir_all(&folder).expect("a folder");
        let told = run(Command::new("python3")
            .arg(unpack)
            .arg(self.0.join(package))
            .arg(folder));
        serde_json::from_slice(&told).expect("JSON")
    }
}

impl Drop for Packages {
    fn drop(&mut self) {
        // Left behind at worst.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn run(command: &mut Command) -> Vec<u8> {
    let output = command.output().expect("set-up has brought it");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {complaint}");
    output.stdout
}

const IPK: &str = "example.device-login.tv_0.1.0_all.ipk";
const WGT: &str = "DvcLogin01.wgt";

/// Width and height of a PNG (PNG specification section 11.2.1).
fn size(picture: &Path) -> (u32, u32) {
    let bytes = fs::read(picture).unwrap_or_else(|error| panic!("{}: {error}", picture.display()));
    let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    assert_eq!(bytes[..8], *b"\x89PNG\r\n\x1a\n");
    (number(16), number(20))
}

fn text<'a>(value: &'a Value, path: &str) -> &'a str {
    value
        .pointer(path)
        .and_then(Value::as_str)
        .unwrap_or_else(|| panic!("{path} in {value}"))
}

#[test]
fn the_package_for_lg_keeps_its_rules() {
    // LG, "appinfo.json" and "App Packaging".
    let packages = Packages::of("rules-lg", &json!({}));
    let told = packages.unpack(IPK);
    assert_eq!(
        told["members"],
        json!(["debian-binary", "control.tar.gz", "data.tar.gz"])
    );
    assert_eq!(told["format"], "2.0\n");
    let id = text(&told, "/manifest/id");
    assert!(
        id.bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-'),
        "{id}"
    );
    for (path, expected) in [
        ("/control/Package", id),
        ("/package/id", id),
        ("/package/app", id),
        ("/control/Version", text(&told, "/manifest/version")),
        ("/control/Architecture", "all"),
        ("/manifest/type", "web"),
        ("/manifest/resolution", "1920x1080"),
    ] {
        assert_eq!(text(&told, path), expected, "{path}");
    }
    let root = Path::new(text(&told, "/root"));
    let picture = |member: &str| size(&root.join(text(&told, &format!("/manifest/{member}"))));
    assert_eq!(picture("icon"), (80, 80));
    assert_eq!(picture("largeIcon"), (130, 130));
    assert_eq!(picture("splashBackground"), (1920, 1080));
    assert!(root.join(text(&told, "/manifest/main")).is_file());
    assert!(!root.join("config.json").exists(), "it stands in the page");
}

#[test]
fn the_package_for_samsung_keeps_its_rules() {
    // Samsung, "Configuring Web Applications"; Tizen, "config.xml".
    let packages = Packages::of("rules-samsung", &json!({}));
    let told = packages.unpack(WGT);
    let package = text(&told, "/manifest/application/package");
    assert!(
        package.len() == 10 && package.bytes().all(|b| b.is_ascii_alphanumeric()),
        "{package}"
    );
    assert!(text(&told, "/manifest/application/id").starts_with(&format!("{package}.")));
    let version: Vec<u16> = text(&told, "/manifest/widget/version")
        .split('.')
        .map(|part| part.parse().expect("a number"))
        .collect();
    assert!(
        version.len() == 3 && version[0] <= 255 && version[1] <= 255,
        "{version:?}"
    );
    assert_eq!(text(&told, "/manifest/profile/name"), "tv-samsung");
    assert_eq!(
        text(&told, "/manifest/privilege/name"),
        "http://tizen.org/privilege/internet"
    );
    let root = Path::new(text(&told, "/root"));
    assert!(root.join(text(&told, "/manifest/content/src")).is_file());
    assert_eq!(size(&root.join(text(&told, "/manifest/icon/src"))), (117, 117));
}

#[test]
fn what_is_packed_signs_in() {
    // Televisions let such apps read every answer; these browsers want leave for their origin: QtWebEngine's for `file://`.
    let builder = MockIdp::builder().page_origin("null").page_origin("file://");
    let mock = builder.start().expect("free ports");
    // What ends a script must not end the block of the page.
    let config = json!({ "issuer": mock.issuer("okta-org"), "client_id": "tv", "help": "</script><b>" });
    let packages = Packages::of("signs-in", &config);
    for package in [IPK, WGT] {
        let root = packages.unpack(package);
        let page = format!("file://{}/index.html", text(&root, "/root"));
        signs_in(&mut Television::showing(&page));
    }
}

#[test]
fn an_app_of_samsungs_asks_before_it_ends() {
    // Samsung, "Terminating Applications".
    let packages = Packages::of("asks", &json!({ "issuer": "https://id.example", "client_id": "tv" }));
    let root = packages.unpack(WGT);
    let page = format!("file://{}/index.html", text(&root, "/root"));
    let mut tv = Television::showing(&page);
    tv.page.on_new_document(TIZEN);
    tv.page.goto(&page);
    tv.wait_for_screen("idle");
    tv.press(&keys::BACK_TIZEN);
    tv.wait_for_screen("exit");
    tv.picture("exit");
    tv.press(&keys::BACK_TIZEN);
    tv.wait_for_screen("idle");
    tv.press(&keys::BACK_TIZEN);
    tv.wait_for_screen("exit");
    tv.press(&keys::RIGHT);
    assert_eq!(tv.page.evaluate("window.hasEnded"), json!(null));
    tv.press(&keys::OK);
    tv.page.wait_for("the end", "window.hasEnded");
}

#[test]
fn a_name_that_a_store_refuses_is_told_with_its_rule() {
    let folder = env::temp_dir().join(format!("device-login-names-{}", process::id()));
    fs::create_dir_all(&folder).expect("a folder");
    let app = folder.join("app.json");
    let packer = Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/package-tv.mjs");
    for (member, value, rule) in [
        ("webos_id", "Example.TV", "lower-case letters"),
        ("tizen_package", "short", "ten letters and digits"),
        ("version", "1.0", "three numbers"),
        ("version", "256.0.0", "255"),
        ("name", "a < b", "without <"),
        ("colour", "red", "is not known"),
    ] {
        let mut names = json!({
            "name": "TV", "vendor": "me", "version": "1.0.0", "webos_id": "example.tv", "tizen_package": "ABCDEFGHIJ",
        });
        names[member] = value.into();
        fs::write(&app, names.to_string()).expect("written");
        let output = Command::new("node")
            .arg(&packer)
            .arg("--app")
            .arg(&app)
            .output()
            .expect("node");
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && complaint.contains(member) && complaint.contains(rule),
            "{complaint}"
        );
    }
    // Left behind at worst.
    let _ = fs::remove_dir_all(&folder);
}
