//! Sessions that outlive one run, each test in a home of its own; the file, since a machine that tests need have no keyring.

use std::fs;
use std::path::PathBuf;
use std::thread;

use mock_idp::MockIdp;
use serde_json::Value;
use tempfile::TempDir;
use tests::{End, Program};

/// Somebody's home directory, and the server where they are known.
struct Home {
    folder: TempDir,
    mock: MockIdp,
}

impl Home {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a folder"),
            mock: crate::mock(),
        }
    }

    fn start(&self, arguments: &[&str]) -> Program {
        let folder = self.folder.path().to_str().expect("text");
        let (config, state) = (format!("{folder}/config"), format!("{folder}/state"));
        let environment = [
            ("XDG_CONFIG_HOME", &*config),
            ("XDG_STATE_HOME", &*state),
            ("DEVICE_LOGIN_STORE", "file"),
        ];
        Program::start_in(&environment, arguments)
    }

    fn run(&self, arguments: &[&str]) -> End {
        self.start(arguments).end()
    }

    /// Runs it, and reads the line of JSON that it wrote.
    fn json(&self, arguments: &[&str]) -> (i32, Value) {
        let end = self.run(&[arguments, &["--json"]].concat());
        let value = serde_json::from_str(&end.output).unwrap_or_else(|_| panic!("{end:?}"));
        (end.exit_code, value)
    }

    fn sign_in(&self, issuer: &str, more: &[&str]) -> End {
        let issuer = self.mock.issuer(issuer);
        let given = ["login", "--issuer", &*issuer, "--client-id", "tv"];
        let given = [&given[..], &["--scope", "openid profile offline_access"], more].concat();
        self.approve(self.start(&given))
    }

    fn approve(&self, mut program: Program) -> End {
        let code = program.wait_for_code();
        self.mock.approve(&code, Some("jane")).expect("the code is known");
        let end = program.end();
        assert_eq!(end.exit_code, 0, "{}", end.for_people);
        end
    }

    fn session_file(&self) -> PathBuf {
        self.folder.path().join("state/device-login/default.json")
    }

    /// An hour passes, for the server and for what rests.
    fn an_hour_later(&self) {
        const HOUR: u64 = 60 * 60;
        let mut kept: Value = serde_json::from_slice(&fs::read(self.session_file()).expect("kept")).expect("JSON");
        let mut record: Value = serde_json::from_str(kept["session"].as_str().expect("text")).expect("JSON");
        record["received_at"] = (record["received_at"].as_u64().expect("seconds") - HOUR).into();
        kept["session"] = record.to_string().into();
        fs::write(self.session_file(), kept.to_string()).expect("written");
        self.mock.advance(std::time::Duration::from_secs(HOUR));
    }

    fn requests(&self, what: &str) -> usize {
        let journal = self.mock.journal();
        let found = |entry: &&mock_idp::Entry| {
            let body = String::from_utf8_lossy(&entry.body.kept);
            entry.target.contains(what) || body.contains(what)
        };
        journal.entries().filter(found).count()
    }
}

#[test]
fn a_session_lasts_from_run_to_run_until_it_is_signed_out() {
    let home = Home::new();
    let end = home.sign_in("rfc", &[]);
    assert!(end.for_people.contains("the tokens rest in"), "{}", end.for_people);
    assert!(!end.for_people.contains("eyJ"), "{}", end.for_people);

    let (_, token) = home.json(&["token"]);
    assert_eq!(token["scope"], "openid profile offline_access");
    let plain = home.run(&["token"]);
    assert_eq!(Some(plain.output.trim_end()), token["access_token"].as_str());
    assert_eq!(plain.for_people, "", "nothing is worth saying");

    // The person of the mock's own documentation.
    let (_, who) = home.json(&["whoami"]);
    assert_eq!(who["person"]["name"], "Jane Doe");
    assert_eq!(who["issuer"], home.mock.issuer("rfc"));

    let (exit_code, out) = home.json(&["logout"]);
    assert_eq!((exit_code, &out["revoked"]), (0, &Value::Bool(true)));
    assert!(!home.session_file().exists());
    assert!(home.requests("/revoke") > 0, "the server was told");
    let (exit_code, gone) = home.json(&["token"]);
    assert_eq!((exit_code, &gone["error"]["code"]), (4, &"nobody_signed_in".into()));
    assert_eq!(home.run(&["logout"]).exit_code, 0, "twice is fine");
}

#[test]
fn a_command_has_the_token_in_its_environment_and_ends_as_it_likes() {
    let home = Home::new();
    home.sign_in("okta-org", &[]);
    let token = home.run(&["token"]).output;
    let end = home.run(&["exec", "--", "sh", "-c", "echo $ACCESS_TOKEN; exit 7"]);
    assert_eq!((end.output, end.exit_code), (token.clone(), 7));
    let end = home.run(&["exec", "--variable", "T", "--", "sh", "-c", "echo $T$ACCESS_TOKEN"]);
    assert_eq!(end.output, token);
    assert_eq!(home.run(&["exec", "--", "./nowhere"]).exit_code, 127);
    assert_eq!(home.run(&["exec", "--", "/"]).exit_code, 126);
}

#[test]
fn many_processes_refresh_once() {
    let home = Home::new();
    home.sign_in("authentik", &[]);
    let old = home.run(&["token"]).output;
    home.an_hour_later();
    let tokens: Vec<End> = thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(|| home.run(&["token"]))).collect();
        all.into_iter().map(|one| one.join().expect("it ran")).collect()
    });
    for end in &tokens {
        assert_eq!(
            (end.exit_code, &end.output),
            (0, &tokens[0].output),
            "{}",
            end.for_people
        );
    }
    assert_ne!(tokens[0].output, old);
    assert_eq!(home.requests("grant_type=refresh_token"), 1);
}

#[test]
fn a_session_that_the_server_has_ended_exits_with_4() {
    let home = Home::new();
    home.sign_in("rfc", &[]);
    home.mock.remove_user("jane");
    home.an_hour_later();
    let (exit_code, over) = home.json(&["token"]);
    assert_eq!(exit_code, 4, "{over}");
    assert!(!home.session_file().exists(), "what is of no use is forgotten");
}

#[test]
fn a_second_sign_in_takes_the_tokens_of_the_first_back() {
    let home = Home::new();
    home.sign_in("rfc", &[]);
    let first = home.run(&["token"]).output;
    assert_eq!(home.requests("/revoke"), 0);
    home.sign_in("rfc", &[]);
    assert!(home.requests("/revoke") > 0);
    assert_ne!(home.run(&["token"]).output, first);
}

#[test]
fn the_file_names_the_server_and_the_environment_is_stronger() {
    let home = Home::new();
    let folder = home.folder.path().join("config/device-login");
    fs::create_dir_all(&folder).expect("a folder");
    let text = format!(
        "profile = \"work\"\n[profiles.work]\nissuer = \"{}\"\nclient_id = \"nobody\"\n",
        home.mock.issuer("okta-org")
    );
    fs::write(folder.join("config.toml"), text).expect("written");
    assert_eq!(home.run(&["login"]).exit_code, 3, "nobody is no client");
    let folder = home.folder.path().to_str().expect("text");
    let (config, state) = (format!("{folder}/config"), format!("{folder}/state"));
    let environment = [
        ("XDG_CONFIG_HOME", &*config),
        ("XDG_STATE_HOME", &*state),
        ("DEVICE_LOGIN_STORE", "file"),
        ("DEVICE_LOGIN_CLIENT_ID", "tv"),
    ];
    home.approve(Program::start_in(&environment, &["login"]));
    assert_eq!(home.json(&["whoami"]).1["profile"], "work");
}

#[test]
fn a_profile_of_another_server_is_told_apart() {
    let home = Home::new();
    home.sign_in("rfc", &[]);
    let issuer = home.mock.issuer("okta-org");
    let (exit_code, other) = home.json(&["token", "--issuer", &issuer, "--client-id", "tv"]);
    assert_eq!((exit_code, &other["error"]["code"]), (3, &"session_of_another".into()));
    let (exit_code, other) = home.json(&["token", "--profile", "second"]);
    assert_eq!((exit_code, &other["error"]["code"]), (4, &"nobody_signed_in".into()));
}
