//! `device-login` as a child process.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::OnceLock;

use mock_idp::MockIdp;

/// One run.
#[derive(Debug)]
pub struct Program {
    child: Child,
    stderr: BufReader<ChildStderr>,
    heard: String,
}

/// How a run ended.
#[derive(Debug)]
pub struct End {
    /// What the shell would see in `$?`.
    pub exit_code: i32,
    /// Standard output.
    pub output: String,
    /// Standard error.
    pub for_people: String,
}

impl Program {
    /// Starts it with these arguments.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_in(&[], arguments)
    }

    /// Starts it with these variables too.
    pub fn start_in(environment: &[(&str, &str)], arguments: &[&str]) -> Self {
        let mut child = Command::new(built())
            .args(arguments)
            .envs(environment.iter().copied())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("device-login starts");
        let stderr = BufReader::new(child.stderr.take().expect("piped"));
        Self {
            child,
            stderr,
            heard: String::new(),
        }
    }

    /// Reads on until the code stands on a line of its own.
    pub fn wait_for_code(&mut self) -> String {
        let mut comes_next = false;
        loop {
            let mut line = String::new();
            let length = self.stderr.read_line(&mut line).expect("text");
            assert!(length > 0, "no code came:\n{}", self.heard);
            self.heard.push_str(&line);
            if comes_next && !line.trim().is_empty() {
                return line.trim().to_owned();
            }
            comes_next |= line.contains("enter this code");
        }
    }

    /// Ctrl-C.
    #[cfg(unix)]
    pub fn interrupt(&self) {
        let status = Command::new("kill")
            .args(["-INT", &self.child.id().to_string()])
            .status();
        assert!(status.expect("kill runs").success());
    }

    /// Waits for its end.
    pub fn end(mut self) -> End {
        let mut output = String::new();
        self.stderr.read_to_string(&mut self.heard).expect("text");
        self.child
            .stdout
            .take()
            .expect("piped")
            .read_to_string(&mut output)
            .expect("text");
        let status = self.child.wait().expect("it ends");
        End {
            exit_code: status.code().expect("it was not killed"),
            output,
            for_people: std::mem::take(&mut self.heard),
        }
    }
}

/// A test that fails leaves nothing running.
impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, built once per run.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| build("device-login"))
}

/// The mock wants polls a second apart, told and meant, so that nobody waits for long: the usual five are a matter of
/// simulated time.
pub fn shorten_interval(mock: &MockIdp) {
    let script = serde_json::from_value(serde_json::json!({"steps": [{"facts": {"interval": 1}}]}));
    mock.faults().run(script.expect("a script")).expect("sound");
}

/// Builds a program of another crate, which is not built for these tests by itself, and says where it is.
pub fn build(program: &str) -> PathBuf {
    // The selection of all tests, so that nothing is compiled again with other features.
    let all = ["--workspace", "--exclude", "client-wasm"];
    let build = escargot::CargoBuild::new().args(all).bin(program).run();
    build.expect("the program builds").path().to_owned()
}
