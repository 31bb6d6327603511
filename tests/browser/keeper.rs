//! A process group that nobody outlives: neither its own processes this value, nor all of them a test that was killed.

use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

/// Runs its arguments as a process group of their own, sends it the signals that it reads, and the last one, its first
/// argument, when its input ends: when the test drops it, and also when the test itself is killed.
/// Standard error is given away, so that it ends with the group and not with this shell.
const KEEPER: &str = r#"last=$1; shift; setsid "$@" >/dev/null & exec 2>/dev/null
while read -r signal; do kill -"$signal" -- -$!; echo; done
kill -"$last" -- -$! || kill -"$last" $!
wait"#;

/// Bounds a failure only.
const END: Duration = Duration::from_secs(60);

/// A process group that is kept; dropping it ends every process of it.
pub(crate) struct Keeper {
    shell: Child,
    messages: Receiver<String>,
    /// A line for each signal that was sent.
    sent: Receiver<String>,
}

impl Keeper {
    /// Starts a command, to be ended by the signal of this name.
    pub(crate) fn start(command: &Command, last: &str) -> Self {
        let mut shell = Command::new("sh");
        shell
            .args(["-c", KEEPER, "sh", last])
            .arg(command.get_program())
            .args(command.get_args())
            .envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))))
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut shell = shell.spawn().expect("a shell");
        let messages = lines_of(shell.stderr.take().expect("its standard error is piped"));
        let sent = lines_of(shell.stdout.take().expect("its output is piped"));
        Self { shell, messages, sent }
    }

    /// The next line that the group wrote to standard error.
    pub(crate) fn line_within(&self, patience: Duration) -> Result<String, RecvTimeoutError> {
        self.messages.recv_timeout(patience)
    }

    /// Sends the signal of this name to every process of the group.
    pub(crate) fn signal(&mut self, name: &str) {
        let input = self.shell.stdin.as_mut().expect("its input is piped");
        writeln!(input, "{name}").expect("the shell reads");
        self.sent.recv_timeout(END).expect("the shell sends it");
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        drop(self.shell.stdin.take());
        let _ = self.shell.wait();
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
