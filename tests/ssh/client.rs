//! `ssh` in front of a person: in a pseudo-terminal, which `script` provides.

use std::io::{Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::machine::Machine;

/// Ours: longer than any of these programs takes, so that a hang is a failure.
const PATIENCE: Duration = Duration::from_secs(30);

/// Something on a terminal: what it writes, and what is typed.
pub(crate) struct Terminal {
    child: Child,
    keys: Option<ChildStdin>,
    output: Receiver<Vec<u8>>,
    heard: Vec<u8>,
    /// How much of it was waited for already.
    seen: usize,
}

impl Terminal {
    /// `ssh ACCOUNT@127.0.0.1 id -un`.
    pub(crate) fn ssh(machine: &Machine, account: &str) -> Self {
        Self::ssh_for(machine, account, "id -un")
    }

    /// `ssh ACCOUNT@127.0.0.1 COMMAND`, with the three tries that ssh makes by itself.
    pub(crate) fn ssh_for(machine: &Machine, account: &str, command: &str) -> Self {
        Self::ssh_with(machine, "", account, command)
    }

    /// The first with a single try.
    pub(crate) fn ssh_once(machine: &Machine, account: &str) -> Self {
        Self::ssh_with(machine, "-o NumberOfPasswordPrompts=1", account, "id -un")
    }

    fn ssh_with(machine: &Machine, options: &str, account: &str, command: &str) -> Self {
        let command = format!(
            "exec ssh -F none -p {} -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null \
             -o PreferredAuthentications=keyboard-interactive {options} {account}@127.0.0.1 '{command}'",
            machine.port
        );
        Self::run(&command)
    }

    /// `pamtester`, a program that shows informational text at once.
    pub(crate) fn pamtester(machine: &Machine, account: &str) -> Self {
        Self::run(&format!("exec pamtester {} {account} authenticate", machine.service))
    }

    fn run(command: &str) -> Self {
        let mut child = Command::new("script")
            .args(["--quiet", "--return", "--flush", "--command", command, "/dev/null"])
            .env("LC_ALL", "C.UTF-8")
            .env("SHELL", "/bin/sh")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("script starts");
        let (sender, output) = mpsc::channel();
        let mut pipe = child.stdout.take().expect("piped");
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut piece) {
                if sender.send(piece[..length].to_vec()).is_err() {
                    break;
                }
            }
        });
        Self {
            keys: child.stdin.take(),
            child,
            output,
            heard: Vec::new(),
            seen: 0,
        }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.heard).replace('\r', "")
    }

    /// Waits until this is on the screen, below all that was waited for before.
    pub(crate) fn wait_for(&mut self, words: &str) -> &mut Self {
        loop {
            let found = self.heard[self.seen..]
                .windows(words.len())
                .position(|window| window == words.as_bytes());
            if let Some(at) = found {
                self.seen += at + words.len();
                return self;
            }
            let piece = self.output.recv_timeout(PATIENCE);
            let piece = piece.unwrap_or_else(|why| panic!("{words:?} does not come ({why}):\n{}", self.text()));
            self.heard.extend(piece);
        }
    }

    /// The code, once the screen has it.
    pub(crate) fn code(&mut self) -> String {
        self.wait_for("enter this code:").wait_for("Time left");
        let text = self.text();
        let (_, below) = text.split_once("enter this code:").expect("seen");
        below
            .lines()
            .map(str::trim)
            .find(|line| !line.is_empty())
            .expect("a code")
            .to_owned()
    }

    pub(crate) fn press_enter(&mut self) -> &mut Self {
        self.type_line("")
    }

    /// Types this, then Enter.
    pub(crate) fn type_line(&mut self, text: &str) -> &mut Self {
        let keys = self.keys.as_mut().expect("open");
        keys.write_all(format!("{text}\n").as_bytes()).expect("it listens");
        self
    }

    /// Waits for its end: what was on the screen, and the exit code.
    pub(crate) fn end(mut self) -> (String, i32) {
        loop {
            match self.output.recv_timeout(PATIENCE) {
                Ok(piece) => self.heard.extend(piece),
                Err(RecvTimeoutError::Disconnected) => break,
                Err(RecvTimeoutError::Timeout) => panic!("it does not end:\n{}", self.text()),
            }
        }
        let status = self.child.wait().expect("it ends");
        (self.text(), status.code().unwrap_or(-1))
    }
}

/// The window is closed.
impl Drop for Terminal {
    fn drop(&mut self) {
        self.keys = None;
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
