//! The program: its files, its options, its exit codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use mock_idp::{Config, Product};
use serde_json::Value;

/// An empty folder for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mock-idp"));
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command
}

/// A run that ends by itself: its exit code and all it says.
fn run(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let output = program(folder, arguments).output().unwrap();
    let told = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
    (output.status.code().unwrap(), told)
}

/// `serve` with these options, on free ports unless they name others.
struct Served {
    child: Child,
    ready: Value,
}

impl Served {
    fn start(folder: &Path, arguments: &[&str]) -> Self {
        let arguments = [&["serve", "--json"], arguments].concat();
        let mut child = program(folder, &arguments).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let ready = serde_json::from_str(&line).unwrap();
        Self { child, ready }
    }

    /// A call of the control listener.
    fn get(&self, path: &str) -> Value {
        let host = self.ready["control"].as_str().unwrap().strip_prefix("http://").unwrap();
        let mut stream = TcpStream::connect(host).unwrap();
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn init_writes_the_commented_file_and_overwrites_nothing_unasked() {
    let folder = folder("init");
    let (code, told) = run(&folder, &["init"]);
    assert_eq!(code, 0, "{told}");
    let file = folder.join("mock-idp.toml");
    assert_eq!(fs::read_to_string(&file).unwrap(), Config::COMMENTED);

    fs::write(&file, "mine").unwrap();
    let (code, told) = run(&folder, &["init"]);
    assert!(code == 1 && told.contains("--force"), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
    assert_eq!(run(&folder, &["init", "--force"]).0, 0);
    assert_eq!(fs::read_to_string(&file).unwrap(), Config::COMMENTED);

    let (code, told) = run(&folder, &["init", "other.toml"]);
    assert!(code == 0 && told.contains("--config other.toml"), "{told}");
    assert_eq!(run(&folder, &["init", "no/such/folder.toml"]).0, 1);
}

#[test]
fn the_file_in_the_current_folder_is_found_and_another_can_be_named() {
    let folder = folder("found");
    let listeners = Product::ALL.map(|product| format!("{} = 0\n", product.name()));
    let listeners = listeners.concat();
    let file = |id: &str| format!("[listen]\ncontrol = 0\n{listeners}[[clients]]\nid = '{id}'\nname = 'A'\n");
    fs::write(folder.join("mock-idp.toml"), file("found")).unwrap();
    fs::write(folder.join("other.toml"), file("named")).unwrap();
    assert_eq!(Served::start(&folder, &[]).get("/clients/found")["id"], "found");
    let served = Served::start(&folder, &["--config", "other.toml"]);
    assert_eq!(served.get("/clients/named")["id"], "named");
}

#[test]
fn options_win_over_the_file_and_lists_grow() {
    let folder = folder("options");
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap();
    let file =
        format!("journal = 1\nscenarios = [{{ id = 'X-23' }}]\n[listen]\nrfc = '{taken}'\n[clock]\nfrozen = true\n");
    fs::write(folder.join("mock-idp.toml"), file).unwrap();
    fs::write(folder.join("script.json"), r#"{"steps":[{"delay":1}]}"#).unwrap();
    let options = ["--free-ports", "--scenario", "X-20:428", "--script", "script.json"];
    let served = Served::start(&folder, &options);
    assert_eq!(served.get("/clock")["frozen"], true);
    let active = served.get("/scenarios")["active"].clone();
    let ids: Vec<_> = active
        .as_array()
        .unwrap()
        .iter()
        .map(|each| each["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["X-23", "X-20", "script-1"]);
    assert_eq!(active[1]["variant"], "428");
}

#[test]
fn wrong_options_and_wrong_configurations_exit_with_2() {
    let folder = folder("wrong");
    fs::write(
        folder.join("bad.toml"),
        "journal = 1\n[[clients]]\nid = 'a'\nname = 'A'\ncolour = 'x'\n",
    )
    .unwrap();
    fs::write(folder.join("bad.json"), "{}").unwrap();
    fs::write(folder.join("same.toml"), "[listen]\nokta = 8630\n").unwrap();
    fs::write(folder.join("number.toml"), "journal = 'many'\n").unwrap();
    fs::write(folder.join("number.json"), r#"{"count":"2","steps":[]}"#).unwrap();
    for (arguments, words) in [
        (&["serve", "--nonsense"][..], "--nonsense"),
        (
            &["serve", "--config", "same.toml"],
            "`rfc` and `okta` cannot both have port 8630",
        ),
        (&["serve", "--config", "number.toml"], "expected a whole number"),
        (&["serve", "--script", "number.json"], "expected a whole number"),
        (&["serve", "--okta", "here"], "HOST:PORT"),
        (&["serve", "--authentik-version", "1"], "2026.2"),
        (&["serve", "--page-origin", "tv.example"], "such as http://"),
        (&["serve", "--config", "none.toml"], "none.toml: cannot be read"),
        (
            &["serve", "--config", "bad.toml"],
            "bad.toml:5:1: unknown field `colour`",
        ),
        (&["serve", "--free-ports", "--scenario", "X-99"], "SCENARIOS.md"),
        (
            &["serve", "--free-ports", "--script", "bad.json"],
            "bad.json: missing field `steps`",
        ),
        (
            &["serve", "--free-ports", "--script", "none.json"],
            "a script is a file of JSON such as",
        ),
        (&["nonsense"], "nonsense"),
    ] {
        let (code, told) = run(&folder, arguments);
        assert!(
            code == 2 && told.contains(words),
            "{arguments:?} exits with {code}: {told}"
        );
    }
}

#[test]
fn a_port_that_is_taken_exits_with_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let (code, told) = run(&folder("taken"), &["serve", "--free-ports", "--rfc", &address]);
    assert!(code == 1 && told.contains(&address) && told.contains("--rfc"), "{told}");
}

#[test]
fn help_tells_the_exit_codes() {
    let folder = folder("help");
    for arguments in [&["--help"][..], &["serve", "--help"], &["init", "--help"]] {
        let (code, told) = run(&folder, arguments);
        assert!(code == 0 && told.contains("Exit codes: 0 "), "{told}");
    }
}
