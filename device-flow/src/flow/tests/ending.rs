use super::Scenario;
use crate::{Ending, FlowError, Input, LostCause, NotSignedIn, TransportError};

fn to_denied() -> Scenario {
    let mut scenario = Scenario::to_pending();
    scenario.wait_for_wake();
    scenario.answer(400, r#"{"error":"access_denied","error_description":"No."}"#);
    scenario
}

#[test]
fn a_cancel_where_nothing_is_under_way_changes_nothing() {
    let mut scenario = Scenario::new();
    scenario.input(Input::Cancel);
    assert_eq!(scenario.shows(), "idle");
    let mut scenario = to_denied();
    scenario.input(Input::Cancel);
    assert_eq!(scenario.shows(), "denied: No.");
}

#[test]
fn programs_hear_how_it_ended() {
    assert_eq!(Scenario::to_pending().flow.failure(), None);
    let Some(NotSignedIn::Ended(Ending::Denied(response))) = to_denied().flow.failure() else {
        panic!("it was denied")
    };
    assert_eq!((response.status, response.error.as_str()), (400, "access_denied"));
    let mut scenario = Scenario::to_discovering();
    scenario.forbid();
    scenario.forbid();
    let lost = FlowError::Lost(LostCause::Transport(TransportError::CrossOriginRefused));
    assert_eq!(scenario.flow.failure(), Some(NotSignedIn::Failed(lost)));
}

#[test]
fn a_poll_is_told_from_a_wait() {
    let mut scenario = Scenario::to_authorizing();
    assert!(!scenario.flow.is_polling(), "a code is asked for");
    scenario.code();
    assert!(!scenario.flow.is_polling(), "the interval passes");
    scenario.wait_for_wake();
    assert!(scenario.flow.is_polling());
}
