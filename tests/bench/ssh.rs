//! A sign-in over SSH by the PAM module beside one by password, at a real sshd.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::client::Terminal;
use crate::machine::Machine;
use crate::progress::say;
use crate::report::{Better, Measurement};
use crate::stopwatch::Stopwatch;

const PASSWORD: &str = "correct horse battery staple";
/// How Debian asks for a password, with nothing else around it.
const SERVICE: &str = "auth required pam_unix.so\naccount required pam_permit.so\nsession required pam_permit.so\n";

pub(crate) fn measure(quick: bool) -> Result<Vec<Measurement>, String> {
    let rounds = if quick { 2 } else { 15 };
    let (device, password) = (Machine::new(), Machine::new());
    fs::write(Path::new("/etc/pam.d").join(&password.service), SERVICE).map_err(|problem| problem.to_string())?;
    set_password(&password.jane)?;
    let mut whole = [("device-login", Vec::new()), ("password", Vec::new())];
    let mut parts = [Vec::new(), Vec::new()];
    // The first round warms up.
    for round in 0..=rounds {
        say(&format!("ssh: round {round} of {rounds}"));
        let [to_code, after] = by_device(&device);
        let by_password = by_password(&password);
        if round > 0 {
            parts[0].push(to_code);
            parts[1].push(after);
            whole[0].1.push(to_code + after);
            whole[1].1.push(by_password);
        }
    }
    let [to_code, after] = parts;
    let less =
        |id: &str, what: &str, samples: &[(&str, Vec<f64>)]| Measurement::new(id, what, "ms", Better::Less, samples);
    Ok(vec![
        less("whole", "Whole sign-in, by people who take no time", &whole),
        less("to_code", "Of it: from ssh to the code", &[("device-login", to_code)]),
        less(
            "after",
            "Of it: from Enter to the end of `id -un`",
            &[("device-login", after)],
        ),
    ])
}

/// Milliseconds to the code, and from the Enter of somebody who has approved to the end.
fn by_device(machine: &Machine) -> [f64; 2] {
    let stopwatch = Stopwatch::start();
    let mut ssh = Terminal::ssh(machine, &machine.jane);
    let code = ssh.code();
    ssh.wait_for("Press Enter when approved:");
    let to_code = stopwatch.elapsed();
    let approved = machine.mock.approve(&code, Some(&machine.jane));
    approved.expect("the code is known");
    let stopwatch = Stopwatch::start();
    ssh.press_enter();
    ends_as(ssh, &machine.jane);
    [to_code, stopwatch.elapsed()].map(|time| time.as_secs_f64() * 1e3)
}

fn by_password(machine: &Machine) -> f64 {
    let stopwatch = Stopwatch::start();
    let mut ssh = Terminal::ssh(machine, &machine.jane);
    ssh.wait_for("Password:").type_line(PASSWORD);
    ends_as(ssh, &machine.jane);
    stopwatch.elapsed().as_secs_f64() * 1e3
}

fn ends_as(ssh: Terminal, account: &str) {
    let (screen, exit_code) = ssh.end();
    assert_eq!((exit_code, screen.lines().last()), (0, Some(account)), "{screen}");
}

fn set_password(account: &str) -> Result<(), String> {
    let failed = |problem: std::io::Error| format!("chpasswd: {problem}");
    let mut chpasswd = Command::new("chpasswd").stdin(Stdio::piped()).spawn().map_err(failed)?;
    let mut lines = chpasswd.stdin.take().ok_or("no standard input")?;
    writeln!(lines, "{account}:{PASSWORD}").map_err(failed)?;
    drop(lines);
    let status = chpasswd.wait().map_err(failed)?;
    status
        .success()
        .then_some(())
        .ok_or_else(|| "chpasswd failed".to_owned())
}

pub(crate) fn versions() -> BTreeMap<String, String> {
    let mut versions = BTreeMap::from([("device-login".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    // `ssh -V` writes to standard error.
    let output = Command::new("ssh").arg("-V").output().ok();
    let said = output.map(|output| String::from_utf8_lossy(&output.stderr).into_owned());
    let version = said.and_then(|said| Some(said.split(',').next()?.split('_').nth(1)?.split(' ').next()?.to_owned()));
    versions.extend(version.map(|version| ("OpenSSH".to_owned(), version)));
    versions
}

/// What stands below the table.
pub(crate) const TEXT: &str = "A real sshd on loopback with a real `ssh` in front of it, in a pseudo-terminal; behind the PAM module mock-idp, and beside it `pam_unix` with a password as Debian hashes it.
People take no time here: the code is approved, and the password typed, the moment the screen asks for it.

- **From ssh to the code** holds connection and key exchange, as with a password, then metadata and device authorization.
- **From Enter to the end** holds the wait for the next poll: 1.25 seconds after the last answer, at an interval of one; that is most of what ours takes longer, and nobody notices it who has just put down a phone. Then come the ID token's check, the rule, and `id -un` as that account.
- **Turns**: one after the other, round by round; ratios are taken round by round.
";
