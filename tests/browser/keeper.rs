//! A process group that nobody outlives: neither its own processes this value, nor all of them a test that was killed.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;
use std::{fs, thread};

/// Reads which process group it keeps, and sends it a signal when its own input ends: when the test drops it, and also
/// when the test itself is killed.
const KEEPER: &str = r#"read -r group && { read -r _; kill -s "$1" -- "-$group"; }"#;
/// Sends a signal to a process group. The shell's own `kill`: not every system has the program.
const SIGNAL: &str = r#"kill -s "$1" -- "-$2""#;

/// Bounds a failure only.
const END: Duration = Duration::from_secs(60);

/// A process group that is kept; dropping it ends every process of it.
pub(crate) struct Keeper {
    shell: Child,
    kept: Child,
    messages: Receiver<String>,
}

impl Keeper {
    /// Starts a command, to be ended by the signal of this name.
    pub(crate) fn start(command: &mut Command, last: &str) -> io::Result<Self> {
        let mut shell = Command::new("sh")
            .args(["-c", KEEPER, "sh", last])
            .process_group(0)
            .stdin(Stdio::piped())
            .spawn()
            .expect("a shell");
        let kept = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let mut kept = match kept {
            Ok(kept) => kept,
            Err(error) => {
                drop(shell.stdin.take());
                let _ = shell.wait();
                return Err(error);
            }
        };
        let input = shell.stdin.as_mut().expect("its input is piped");
        writeln!(input, "{}", kept.id()).expect("the shell reads");
        let messages = lines_of(kept.stderr.take().expect("its standard error is piped"));
        Ok(Self { shell, kept, messages })
    }

    /// The next line that the group wrote to standard error.
    pub(crate) fn line_within(&self, patience: Duration) -> Result<String, RecvTimeoutError> {
        self.messages.recv_timeout(patience)
    }

    /// The states of all its processes, such as `SSR`: the third word of `/proc/PID/stat` (proc(5)), by the fifth.
    pub(crate) fn states(&self) -> String {
        let group = self.kept.id().to_string();
        // Where there is no such folder, nothing is known.
        let processes = fs::read_dir("/proc").into_iter().flatten().map_while(Result::ok);
        let texts = processes.filter_map(|process| fs::read_to_string(process.path().join("stat")).ok());
        let states = texts.filter_map(|text| {
            let mut words = text.rsplit(')').next()?.split_whitespace();
            let (state, of) = (words.next()?.to_owned(), words.nth(1)?);
            (of == group).then_some(state)
        });
        states.collect()
    }

    /// Sends the signal of this name to every process of the group.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("sh")
            .args(["-c", SIGNAL, "sh", name, &self.kept.id().to_string()])
            .status();
        assert!(status.expect("a shell").success(), "the group is there");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
        let _ = self.kept.wait();
        // The messages end when the last process that could write them is gone.
        while self.messages.recv_timeout(END).is_ok() {}
    }
}

/// The lines of a stream as they come; the channel closes when the stream ends.
fn lines_of(stream: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stream).split(b'\n').map_while(Result::ok) {
            // Nobody listening is no reason to stop reading: a full pipe would halt the group.
            let _ = sender.send(String::from_utf8_lossy(&line).into_owned());
        }
    });
    receiver
}
