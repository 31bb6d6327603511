//! The module behind a program that shows informational text at once, as OpenSSH does from 10.3 on: Debian 12 has 9.2, so that
//! this half is met through PAM's conversation alone.

use crate::client::Terminal;
use crate::machine::{Machine, Setup};

#[test]
fn where_text_is_shown_at_once_nobody_presses_enter() {
    let machine = Machine::with(Setup {
        settings: "text = \"shown\"",
        ..Setup::default()
    });
    let mut program = Terminal::pamtester(&machine, &machine.jane);
    let code = program.code();
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    let (screen, exit_code) = program.end();
    assert_eq!(exit_code, 0, "{screen}");
    assert!(
        screen.contains("Welcome, Jane Doe.") && !screen.contains("Press Enter"),
        "{screen}"
    );
}

#[test]
fn time_that_is_over_is_a_refusal() {
    let machine = Machine::with(Setup {
        settings: "text = \"shown\"\ntime_limit = 2",
        ..Setup::default()
    });
    let (screen, exit_code) = Terminal::pamtester(&machine, &machine.jane).end();
    assert_ne!(exit_code, 0, "{screen}");
    assert!(screen.contains("The time to sign in is over"), "{screen}");
}
