//! The examples of `mock-idp/examples`, each copied into a project of its own and run as it says at its top.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use mock_idp::Product;
use serde_json::Value;

/// The folder of the built `mock-idp`.
fn program_folder() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    let program = BUILT.get_or_init(|| tests::build("mock-idp"));
    program.parent().expect("a folder")
}

/// Where commands are found once `mock-idp` is installed.
fn path() -> OsString {
    let old = env::var_os("PATH").unwrap_or_default();
    let folders = [program_folder().to_owned()].into_iter().chain(env::split_paths(&old));
    env::join_paths(folders).expect("folders without a colon")
}

/// The browser, as an absolute path: the command `chromium`, or the one that `CHROMIUM` names.
fn chromium() -> PathBuf {
    let command = env::var_os("CHROMIUM").unwrap_or_else(|| "chromium".into());
    let folders = env::var_os("PATH").unwrap_or_default();
    // An absolute path stays itself when it is joined.
    let found = env::split_paths(&folders).map(|folder| folder.join(&command));
    found.into_iter().find(|path| path.is_file()).expect("chromium")
}

/// A folder with the example and the npm packages.
fn project(example: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let project = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("example-{example}"));
    let _ = fs::remove_dir_all(&project);
    fs::create_dir_all(&project).expect("a folder");
    fs::copy(tests.join("../mock-idp/examples").join(example), project.join(example)).expect("the example");
    symlink(tests.join("node_modules"), project.join("node_modules")).expect("a link");
    project
}

/// Runs an example to its end: everything that it wrote.
#[track_caller]
fn run(example: &str, command: &str, arguments: &[&str]) -> String {
    let run = Command::new(command)
        .args(arguments)
        .current_dir(project(example))
        .env("PATH", path())
        .env("CHROMIUM", chromium())
        .output()
        .unwrap_or_else(|problem| panic!("{command}: {problem}"));
    let told = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
    assert!(run.status.success(), "{example}: {told}");
    told
}

/// `mock-idp serve`, as if in another terminal.
struct Served {
    program: Child,
    ready: Value,
}

impl Served {
    fn start() -> Self {
        let mut program = Command::new(program_folder().join("mock-idp"))
            .args(["serve", "--json", "--free-ports"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let mut output = BufReader::new(program.stdout.take().expect("piped"));
        output.read_line(&mut line).expect("text");
        let ready = serde_json::from_str(&line).expect("a ready line");
        Self { program, ready }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn curl_signs_in_and_out() {
    let served = Served::start();
    let control = served.ready["control"].as_str().expect("a URL");
    for name in ["okta-org", "okta-custom-as", "rfc"] {
        let issuer = served.ready["issuers"][name].as_str().expect("a URL");
        let told = run("curl.sh", "sh", &["curl.sh", issuer, control]);
        for (line, fact) in told
            .lines()
            .zip(["Code: ", "authorization_pending", "Jane Doe", "invalid_grant"])
        {
            assert!(line.contains(fact), "{name}: {told}");
        }
        assert_eq!(told.lines().count(), 4, "{name}: {told}");
    }
}

#[test]
fn curl_stops_with_what_the_server_said() {
    let served = Served::start();
    let text = |value: &Value| value.as_str().expect("a URL").to_owned();
    let (issuer, control) = (text(&served.ready["issuers"]["google"]), text(&served.ready["control"]));
    let run = Command::new("sh")
        .args(["curl.sh", &issuer, &control])
        .current_dir(project("curl.sh"))
        .output()
        .expect("it runs");
    let told = String::from_utf8_lossy(&run.stderr);
    assert!(told.contains("No code: ") && told.contains("invalid_scope"), "{told}");
    assert_eq!(run.status.code(), Some(1));
}

#[test]
fn a_test_of_node_passes() {
    let told = run(
        "node-test.mjs",
        "node",
        &["--test", "--test-reporter=tap", "node-test.mjs"],
    );
    assert!(told.contains("\n# pass 2\n"), "{told}");
}

#[test]
fn a_test_with_playwright_passes() {
    let told = run(
        "playwright.mjs",
        "node",
        &["--test", "--test-reporter=tap", "playwright.mjs"],
    );
    assert!(told.contains("\n# pass 1\n"), "{told}");
}

#[test]
fn a_test_of_python_passes() {
    let told = run(
        "test_device_login.py",
        "python3",
        &["-W", "error", "-m", "unittest", "test_device_login"],
    );
    assert!(told.contains("Ran 1 test"), "{told}");
}

/// No example of its kind is run here: that takes Docker.
#[test]
fn the_image_has_every_listener() {
    let text = include_str!("../../mock-idp/Dockerfile");
    let line = |name| {
        text.lines()
            .find_map(|line: &str| line.strip_prefix(name))
            .expect("its line")
    };
    let exposed: Vec<_> = line("EXPOSE ").split_whitespace().collect();
    let command: Vec<String> = serde_json::from_str(line("ENTRYPOINT ")).expect("a list");
    let options: Vec<_> = Product::ALL
        .iter()
        .map(|product| product.name())
        .chain(["control"])
        .collect();
    for option in &options {
        let at = command.iter().position(|word| *word == format!("--{option}"));
        let address = &command[at.expect("its option") + 1];
        let port = address.strip_prefix("0.0.0.0:").expect("every address");
        assert!(exposed.contains(&port), "{option}: {port}");
    }
    assert_eq!(exposed.len(), options.len());
}
