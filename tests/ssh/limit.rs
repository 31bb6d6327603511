//! Sessions that end with the token's lifetime.

use std::fs;
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::client::Terminal;
use crate::machine::{Machine, Setup};
use crate::syslog;

/// With tokens that live for so many seconds.
fn machine(expires_in: u64) -> Machine {
    let machine = Machine::with(Setup {
        settings: "session_limit = true",
        ..Setup::default()
    });
    let step = json!({"endpoint": "token", "when": "success", "change": {"set": {"expires_in": expires_in}}});
    let script = serde_json::from_value(json!({"steps": [step]})).expect("a script");
    machine.mock.faults().run(script).expect("sound");
    machine
}

/// Jane's session, which has begun.
fn session(machine: &Machine, command: &str) -> Terminal {
    let mut ssh = Terminal::ssh_for(machine, &machine.jane, command);
    let code = ssh.code();
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    ssh.wait_for("it ends at ");
    ssh
}

/// Processes that wait for the end of Jane's session.
fn watchers(machine: &Machine) -> usize {
    let waits = |entry: &fs::DirEntry| {
        let command = fs::read(entry.path().join("cmdline")).unwrap_or_default();
        let mut words = command.split(|byte| *byte == 0);
        words.any(|word| word == b"pam_device_login") && words.any(|word| word == machine.jane.as_bytes())
    };
    fs::read_dir("/proc").expect("there").flatten().filter(waits).count()
}

#[test]
fn a_session_ends_with_the_lifetime_of_the_token() {
    let machine = machine(6);
    // Nobody types a line, so that it would not end by itself; it does not outlive the connection either.
    let ssh = session(&machine, "echo it ends at $DEVICE_LOGIN_ENDS_AT; read line");
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 255, "{screen}");
    syslog::says(&machine.jane, &format!("the session of {} ends in", machine.jane));
}

#[test]
fn nobody_waits_for_the_end_of_a_session_that_has_ended() {
    let machine = machine(3600);
    let ssh = session(&machine, "echo it ends at $DEVICE_LOGIN_ENDS_AT; read line");
    assert_eq!(watchers(&machine), 1);
    drop(ssh);
    // sshd notices by itself; a hang of this loop is what would fail.
    for _ in 0..600 {
        if watchers(&machine) == 0 {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{} processes are left", watchers(&machine));
}
