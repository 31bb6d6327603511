//! Whatever goes wrong lets nobody in: servers that lie, are broken or away, and a module that panics.

use std::sync::Arc;
use std::time::SystemTime;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mock_idp::{MockIdp, Rs256Signer, Script, Signer, Switch};
use serde_json::{Value, json};

use crate::client::Terminal;
use crate::machine::{Machine, Setup, free_port};
use crate::syslog;

/// Signs in as Jane, who approves if it comes to that; the screen of a refusal.
fn refused(machine: &Machine) -> String {
    let mut ssh = Terminal::ssh(machine, &machine.jane);
    let code = ssh.code();
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    let (screen, exit_code) = ssh.end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(!screen.contains("Welcome"), "{screen}");
    screen
}

/// Has the published key, and another one's signatures.
struct Forger(Rs256Signer);

impl Signer for Forger {
    fn kid(&self) -> &str {
        self.0.kid()
    }

    fn alg(&self) -> &str {
        self.0.alg()
    }

    fn jwk(&self) -> &[(&'static str, String)] {
        self.0.jwk()
    }

    fn sign(&self, input: &[u8]) -> Vec<u8> {
        let mut signature = self.0.sign(input);
        signature[7] ^= 1;
        signature
    }
}

#[test]
fn a_forged_signature_opens_nothing() {
    let forger = Forger(Rs256Signer::test_only().expect("the test key is sound"));
    let machine = Machine::with(Setup {
        mock: MockIdp::builder().signer(Arc::new(forger)),
        ..Setup::default()
    });
    refused(&machine);
    syslog::says(&machine.jane, "id_token_signature_invalid");
}

/// A token that the server's own key signed, for whatever these claims say.
fn signed(claims: &Value) -> String {
    let signer = Rs256Signer::test_only().expect("the test key is sound");
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": signer.alg(), "kid": signer.kid()});
    let input = format!("{}.{}", part(&header), part(claims));
    let signature = URL_SAFE_NO_PAD.encode(signer.sign(input.as_bytes()));
    format!("{input}.{signature}")
}

/// The server answers polls with the ID token that these changes make of Jane's.
fn with_token(change: &Value) -> Machine {
    let signer = Rs256Signer::test_only().expect("the test key is sound");
    let machine = Machine::with(Setup {
        mock: MockIdp::builder().signer(Arc::new(signer)),
        ..Setup::default()
    });
    let now = SystemTime::UNIX_EPOCH.elapsed().expect("after 1970").as_secs();
    let mut claims = json!({
        "iss": machine.mock.issuer("okta-org"), "aud": "tv", "sub": "jane", "iat": now, "exp": now + 600,
        "preferred_username": machine.jane,
    });
    for (claim, value) in change.as_object().expect("claims") {
        claims[claim] = value.clone();
    }
    let step = json!({"endpoint": "token", "when": "success", "change": {"set": {"id_token": signed(&claims)}}});
    let script: Script = serde_json::from_value(json!({"steps": [step]})).expect("a script");
    machine.mock.faults().run(script).expect("sound");
    machine
}

#[test]
fn a_token_for_another_client_opens_nothing() {
    let machine = with_token(&json!({"aud": "other"}));
    refused(&machine);
    syslog::says(&machine.jane, "id_token_audience_mismatch");
}

#[test]
fn a_token_of_yesterday_opens_nothing() {
    let machine = with_token(&json!({"exp": 1_700_000_000, "iat": 1_699_999_000}));
    refused(&machine);
    syslog::says(&machine.jane, "id_token_expired");
}

#[test]
fn a_server_that_is_away_lets_nobody_in() {
    let machine = Machine::new();
    let gone = format!("issuer = \"http://127.0.0.1:{}\"\n", free_port());
    let settings = std::fs::read_to_string(machine.settings()).expect("readable");
    let rest = settings.split_once('\n').expect("lines").1;
    std::fs::write(machine.settings(), gone + rest).expect("written");
    let (screen, exit_code) = Terminal::ssh_once(&machine, &machine.jane).end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(screen.contains("Nobody can be signed in right now"), "{screen}");
    syslog::says(&machine.jane, "(unreachable)");
}

/// The scenario of the mock's catalogue is on from the first request.
fn with_scenario(id: &str, variant: &str) -> Machine {
    let machine = Machine::with(Setup {
        settings: "time_limit = 20",
        ..Setup::default()
    });
    let switch = Switch {
        variant: Some(variant.into()),
        ..Switch::default()
    };
    machine
        .mock
        .faults()
        .switch_on(id, switch)
        .expect("the catalogue has it");
    machine
}

#[test]
fn the_native_error_object_of_okta_is_no_success() {
    // H-04: the tutorial took whatever held no "error" for tokens.
    let machine = with_scenario("X-25", "poll");
    let screen = refused(&machine);
    assert!(screen.contains("Nobody can be signed in right now"), "{screen}");
    syslog::says(&machine.jane, "Invalid value for 'client_id' parameter");
}

#[test]
fn a_page_in_the_place_of_tokens_is_no_success() {
    let machine = Machine::with(Setup {
        settings: "time_limit = 4",
        ..Setup::default()
    });
    let page = json!({"status": 502, "headers": {"Content-Type": "text/html"}, "body": "<html>502 Bad Gateway</html>"});
    let script = json!({"steps": [{"endpoint": "token", "answer": page}]});
    machine
        .mock
        .faults()
        .run(serde_json::from_value(script).expect("a script"))
        .expect("sound");
    let screen = refused(&machine);
    assert!(screen.contains("The time to sign in is over"), "{screen}");
    syslog::says(&machine.jane, "time_limit is over");
}

#[test]
fn a_panic_in_the_release_build_lets_nobody_in() {
    let machine = Machine::with(Setup {
        arguments: "panic",
        ..Setup::default()
    });
    let (screen, exit_code) = Terminal::ssh(&machine, &machine.jane).end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(machine.mock.grants().is_empty());
    syslog::says("panicked", "lib.rs");
}

#[test]
fn settings_that_others_can_write_let_nobody_in() {
    use std::os::unix::fs::PermissionsExt;
    let machine = Machine::new();
    let open = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(machine.settings(), open).expect("ours");
    let (screen, exit_code) = Terminal::ssh(&machine, &machine.jane).end();
    assert_eq!(exit_code, 255, "{screen}");
    assert!(machine.mock.grants().is_empty());
    syslog::says(
        machine.settings().to_str().expect("text"),
        "must not be writable by group or others",
    );
}

#[test]
fn no_secret_reaches_the_log() {
    let machine = Machine::new();
    let mut ssh = Terminal::ssh(&machine, &machine.jane);
    let code = ssh.code();
    machine
        .mock
        .approve(&code, Some(&machine.jane))
        .expect("the code is known");
    ssh.wait_for("Press Enter when approved:").press_enter();
    assert_eq!(ssh.end().1, 0);
    for line in syslog::about(&machine.jane) {
        assert!(!line.contains("eyJ") && !line.contains(&code), "{line}");
    }
}
