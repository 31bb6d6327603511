//! Runs of a client, each at a mock of its own, several at once.

use std::fs::File;
use std::io::{self, Read, Seek};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use mock_idp::{MockIdp, Script};
use serde_json::Value;

use super::{End, Run, Scene};
use crate::clock::Stopwatch;
use crate::server::{Network, Request, Wire};

/// The client that every mock knows.
const CLIENT_ID: &str = "tv";
/// How often a client is looked at that has not exited.
const GLANCE: Duration = Duration::from_millis(50);
/// No more of what a client writes is kept, in bytes.
const LARGEST: u64 = 256 * 1024;

/// How a client is run.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The mock's issuer, such as `rfc` or `okta-org`.
    pub issuer: &'static str,
    /// The client's secret, if it is to have one.
    pub client_secret: Option<String>,
    /// The origin of a client in a page.
    pub page_origin: Option<String>,
    /// So many runs at once.
    pub jobs: usize,
}

/// Where a client signs in.
#[derive(Clone, Debug)]
pub struct Stage {
    /// The scene's name.
    pub scene: &'static str,
    /// The issuer.
    pub issuer: String,
    /// The client.
    pub client_id: String,
    /// Its secret; empty without one.
    pub client_secret: String,
    /// For clients that read no metadata.
    pub device_authorization_endpoint: String,
    /// For clients that read no metadata.
    pub token_endpoint: String,
}

impl Stage {
    fn values(&self) -> [(&'static str, &str); 6] {
        [
            ("issuer", &self.issuer),
            ("client_id", &self.client_id),
            ("client_secret", &self.client_secret),
            ("device_authorization_endpoint", &self.device_authorization_endpoint),
            ("token_endpoint", &self.token_endpoint),
            ("scene", self.scene),
        ]
    }
}

/// Somebody's client.
#[derive(Clone, Debug)]
pub enum Client {
    /// A command with placeholders.
    Command(Vec<String>),
    /// Somebody at the terminal starts it by hand.
    ByHand,
}

/// Plays all scenes, and tells of each run that has ended.
pub fn play_all(
    client: &Client,
    setting: &Setting,
    scenes: &[&'static Scene],
    tell: impl Fn(&Run) + Sync,
) -> Result<Vec<Run>, String> {
    let next = AtomicUsize::new(0);
    let runs = Mutex::new(Vec::new());
    let jobs = if matches!(client, Client::ByHand) {
        1
    } else {
        setting.jobs.max(1)
    };
    // Long ones first, so that none of them is left alone at the end.
    let mut order: Vec<_> = scenes.to_vec();
    if jobs > 1 {
        order.sort_by_key(|scene| std::cmp::Reverse(scene.limit));
    }
    let work = || -> Result<(), String> {
        while let Some(scene) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            let run = play(client, setting, scene)?;
            tell(&run);
            runs.lock().unwrap_or_else(PoisonError::into_inner).push(run);
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        let ends = workers
            .into_iter()
            .map(|worker| worker.join().unwrap_or(Err("a run panicked".to_owned())));
        ends.collect::<Result<Vec<()>, _>>()
    })?;
    Ok(runs.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// One run at a mock of its own.
fn play(client: &Client, setting: &Setting, scene: &'static Scene) -> Result<Run, String> {
    let mut known = mock_idp::Client::new(CLIENT_ID, "Living Room TV");
    if let Some(secret) = &setting.client_secret {
        known = known.with_secret(secret);
    }
    let mut builder = MockIdp::builder().clients(vec![known]);
    if let Some(origin) = &setting.page_origin {
        builder = builder.page_origin(origin);
    }
    let mock = builder.start().map_err(|why| why.to_string())?;
    let issuer = mock.issuer(setting.issuer);
    let metadata = metadata(&issuer)?;
    let url = |name: &str| metadata[name].as_str().unwrap_or_default().to_owned();
    let stage = Stage {
        scene: scene.name,
        client_id: CLIENT_ID.to_owned(),
        client_secret: setting.client_secret.clone().unwrap_or_default(),
        device_authorization_endpoint: url("device_authorization_endpoint"),
        token_endpoint: url("token_endpoint"),
        issuer,
    };
    let mut steps: Value = serde_json::from_str(scene.steps).map_err(|why| why.to_string())?;
    if setting.page_origin.is_some() {
        let_pages_read(&mut steps);
    }
    let script: Script =
        serde_json::from_value(serde_json::json!({ "steps": steps })).map_err(|why| why.to_string())?;
    mock.faults().run(script).map_err(|why| why.to_string())?;
    mock.journal().clear();
    let (end, output) = match client {
        Client::Command(words) => run(words, &stage, scene),
        Client::ByHand => ask(&stage, scene)?,
    };
    let journal = mock.journal();
    let verdicts = journal.verdicts();
    Ok(Run {
        scene,
        entries: journal.entries().cloned().collect(),
        faults: verdicts.into_iter().flat_map(|verdict| verdict.findings).collect(),
        end,
        output,
    })
}

/// What a server says itself a page may read, as it may the rest; what a gateway in between says (502) it may not.
fn let_pages_read(steps: &mut Value) {
    for step in steps.as_array_mut().into_iter().flatten() {
        if let Some(answer) = step.get_mut("answer").filter(|answer| answer["status"] != 502) {
            answer["headers"]["Access-Control-Allow-Origin"] = "*".into();
            answer["headers"]["Access-Control-Expose-Headers"] = "Retry-After, DPoP-Nonce".into();
        }
    }
}

fn metadata(issuer: &str) -> Result<Value, String> {
    let answer = Network::default().send(&Request {
        method: "GET",
        url: format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/')),
        headers: Vec::new(),
        body: Vec::new(),
    })?;
    serde_json::from_slice(&answer.body).map_err(|why| why.to_string())
}

/// Runs the command to its end, or to that of the scene.
fn run(words: &[String], stage: &Stage, scene: &Scene) -> (End, String) {
    let fill = |word: &String| {
        let values = stage.values().into_iter();
        values.fold(word.clone(), |word, (name, value)| {
            word.replace(&format!("{{{name}}}"), value)
        })
    };
    let mut words = words.iter().map(fill);
    let name = words.next().unwrap_or_default();
    let started = temporary().and_then(|file| {
        let mut command = Command::new(&name);
        command
            .args(words)
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file.try_clone()?);
        for (name, value) in stage.values() {
            command.env(format!("CONFORMANCE_{}", name.to_uppercase()), value);
        }
        // What the client starts ends with it.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        Ok((command.spawn()?, file))
    });
    let (mut child, mut written) = match started {
        Ok(started) => started,
        Err(why) => return (End::NotStarted(format!("{name}: {why}")), String::new()),
    };
    let watch = Stopwatch::start();
    let end = loop {
        match child.try_wait() {
            Ok(Some(status)) => break ended(status),
            Ok(None) if watch.elapsed() >= Duration::from_secs(scene.limit) => {
                kill(&mut child);
                break End::StillRunning;
            }
            Ok(None) => thread::sleep(GLANCE),
            Err(why) => break End::NotStarted(why.to_string()),
        }
    };
    let mut output = Vec::new();
    if written.rewind().is_ok() {
        let _ = written.take(LARGEST).read_to_end(&mut output);
    }
    (end, String::from_utf8_lossy(&output).into_owned())
}

/// A file without a name: a pipe that nobody empties would stop the client.
fn temporary() -> io::Result<File> {
    tempfile::tempfile()
}

fn ended(status: ExitStatus) -> End {
    status.code().map_or(End::Killed, End::Exited)
}

fn kill(child: &mut Child) {
    #[cfg(unix)]
    {
        let group = format!("-{}", child.id());
        let _ = Command::new("kill")
            .args(["-TERM", "--", &group])
            .stderr(Stdio::null())
            .status();
        thread::sleep(GLANCE * 4);
        let _ = Command::new("kill")
            .args(["-KILL", "--", &group])
            .stderr(Stdio::null())
            .status();
    }
    let _ = child.kill();
    let _ = child.wait();
}

/// Asks somebody to start the client by hand.
fn ask(stage: &Stage, scene: &Scene) -> Result<(End, String), String> {
    use std::io::{BufRead, Write, stderr, stdin};
    let mut out = stderr();
    let asked = write!(
        out,
        "\n{}: {}\n  Start a sign-in at issuer {} with client id {}.\n  \
         Codes: {}   Tokens: {}\n  When it has ended, type y if it says that it signed in, n if not, s to leave this out: ",
        scene.name,
        scene.what,
        stage.issuer,
        stage.client_id,
        stage.device_authorization_endpoint,
        stage.token_endpoint,
    );
    asked.and_then(|()| out.flush()).map_err(|why| why.to_string())?;
    let mut line = String::new();
    let length = stdin().lock().read_line(&mut line).map_err(|why| why.to_string())?;
    if length == 0 {
        return Err("standard input has ended, so nobody can be asked".to_owned());
    }
    let end = match line.trim() {
        "y" | "yes" => End::Said(true),
        "n" | "no" => End::Said(false),
        _ => End::NotStarted("it was left out".to_owned()),
    };
    Ok((end, String::new()))
}
