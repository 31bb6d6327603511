//! A server that the project did not write, as a child process.

use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

/// Ends when dropped.
pub(crate) struct Peer {
    child: Child,
    pub(crate) issuer: String,
    /// Kept open: the server goes on talking, and would die of a closed pipe.
    _output: BufReader<ChildStdout>,
}

impl Peer {
    /// `oidc-provider`, certified by the OpenID Foundation.
    pub(crate) fn oidc_provider() -> Self {
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/peers/oidc-provider.mjs"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node runs");
        let mut line = String::new();
        let mut output = BufReader::new(child.stdout.take().expect("piped"));
        output.read_line(&mut line).expect("text");
        let ready: Value = serde_json::from_str(&line).expect("a ready line; is tests/node_modules there?");
        let issuer = ready["issuer"].as_str().expect("an issuer").to_owned();
        Self {
            child,
            issuer,
            _output: output,
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        // It ends with its standard input; killing it makes that certain.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
