//! Who gets in, as whom, and what they read.

use std::thread;
use std::time::Duration;

use crate::client::Terminal;
use crate::machine::{Machine, Setup, account_exists};
use crate::syslog;

#[test]
fn whoever_approves_gets_a_shell_as_the_right_user() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    let code = ssh.code();
    assert!(ssh.text().contains('█'), "a QR that fits is drawn:\n{}", ssh.text());
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 0, "{screen}");
    assert!(screen.contains("Welcome, Jane Doe."), "{screen}");
    assert_eq!(screen.lines().last(), Some(&*machine.jane), "{screen}");
    syslog::says(
        &machine.jane,
        &format!("opened {0} to {0}@example.test from 127.0.0.1", machine.jane),
    );
}

#[test]
fn a_user_of_authentik_gets_the_account_of_their_name() {
    let machine = Machine::with(Setup {
        issuer: "authentik",
        ..Setup::default()
    });
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    machine
        .mock
        .approve(&ssh.code(), Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(
        (exit_code, screen.lines().last()),
        (0, Some(&*machine.jane)),
        "{screen}"
    );
    // what is known of a person there.
    syslog::says(
        &machine.jane,
        &format!("opened {0} to {0} from 127.0.0.1", machine.jane),
    );
}

#[test]
fn enter_before_the_approval_keeps_waiting_with_a_message() {
    let machine = Machine::new();
    // As authentik's codes, which are over before the time to sign in.
    let short = serde_json::json!({"steps": [{"facts": {"expires_in": 60}}]});
    let short = serde_json::from_value(short).expect("a script");
    machine.mock.faults().run(short).expect("sound");
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    let code = ssh.code();
    ssh.wait_for("Press Enter when approved:").press_enter();
    ssh.wait_for("Not approved yet").wait_for(&code);
    ssh.wait_for("Time left: 0:5");
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 0, "{screen}");
}

#[test]
fn nobody_gets_the_account_of_somebody_else() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    let code = ssh.code();
    machine
        .mock
        .approve(&code, Some(&machine.john))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(
        screen.contains(&format!("You may not sign in as {}.", machine.jane)),
        "{screen}"
    );
    syslog::says(&machine.jane, &format!("refused {} to {}", machine.jane, machine.john));
    assert_eq!(machine.mock.grants().len(), 1, "no code is spent on another try");
}

#[test]
fn what_no_rule_opens_does_not_even_get_a_code() {
    let machine = Machine::new();
    for account in ["root", "nobody", "dl-no-such-account"] {
        let (screen, exit_code) = Terminal::ssh(&machine, account).end();
        assert_eq!(exit_code, 255, "{screen}");
        assert!(!screen.contains("enter this code"), "{screen}");
    }
    assert!(machine.mock.grants().is_empty());
}

#[test]
fn a_denial_lets_nobody_in() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    machine.mock.deny(&ssh.code()).expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(screen.contains("The sign-in was declined"), "{screen}");
    syslog::says(&machine.jane, "denied (access_denied)");
}

#[test]
fn an_expired_code_lets_nobody_in() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    machine.mock.expire(&ssh.code()).expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(screen.contains("The code has run out"), "{screen}");
}

#[test]
fn ten_people_sign_in_at_once() {
    // Okta hands one person four tokens a second (O-58), so that most of the ten would wait for that.
    let machine = Machine::with(Setup {
        issuer: "authentik",
        ..Setup::default()
    });
    let people: Vec<_> = (0..10)
        .map(|at| if at % 2 == 0 { &machine.jane } else { &machine.john })
        .collect();
    thread::scope(|scope| {
        for person in people {
            let machine = &machine;
            scope.spawn(move || {
                let mut ssh = Terminal::ssh(machine, person);
                let code = ssh.code();
                machine.mock.approve(&code, Some(person)).expect("the code is known");
                ssh.wait_for("Press Enter when approved:").press_enter();
                let (screen, exit_code) = ssh.end();
                assert_eq!((exit_code, screen.lines().last()), (0, Some(&**person)), "{screen}");
            });
        }
    });
}

#[test]
fn nothing_is_left_of_a_person_who_hangs_up() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    ssh.code();
    assert!(machine.sessions() > 0);
    drop(ssh);
    // sshd notices by itself; a hang of this loop is what would fail.
    for _ in 0..600 {
        if machine.sessions() == 0 {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("{} processes of sshd are left", machine.sessions());
}

#[test]
fn an_account_is_created_at_the_first_sign_in_where_that_is_configured() {
    let machine = Machine::with(Setup {
        settings: "create_account = [\"/usr/sbin/useradd\", \"--no-create-home\", \"--home-dir\", \"/\", \"--shell\", \"/bin/sh\", \"{account}\"]",
        has_account: false,
        ..Setup::default()
    });
    let sign_in = || {
        let mut ssh = Terminal::ssh(&machine, &machine.jane);
        let code = ssh.code();
        machine
            .mock
            .approve(&code, Some(&machine.jane))
            .expect("the code is known");
        ssh.wait_for("Press Enter when approved:").press_enter();
        ssh.end()
    };
    let (screen, exit_code) = sign_in();
    assert_eq!(exit_code, 255, "sshd did not know the account at the start: {screen}");
    assert!(
        screen.contains("has been created. Please connect once more."),
        "{screen}"
    );
    assert!(account_exists(&machine.jane));
    let (screen, exit_code) = sign_in();
    assert_eq!(
        (exit_code, screen.lines().last()),
        (0, Some(&*machine.jane)),
        "{screen}"
    );
}
