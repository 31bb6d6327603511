//! The servers that are measured, as child processes.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use serde_json::Value;

use crate::connection::{Connection, Place};

/// Somebody's server, and how to start it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    MockIdp,
    OidcProvider,
    OAuth2MockServer,
}

impl Kind {
    /// The name it is published under.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::MockIdp => "mock-idp",
            Self::OidcProvider => "oidc-provider",
            Self::OAuth2MockServer => "oauth2-mock-server",
        }
    }

    pub(crate) fn version(self) -> Result<String, String> {
        match self {
            Self::MockIdp => Ok(env!("CARGO_PKG_VERSION").to_owned()),
            Self::OidcProvider | Self::OAuth2MockServer => version_of(&tests().join("node_modules"), self.name()),
        }
    }

    fn command(self, mock_idp: &Path) -> Command {
        let script = match self {
            Self::MockIdp => {
                let mut command = Command::new(mock_idp);
                command.args(["serve", "--json", "--free-ports", "--rate-limits", "off"]);
                return command;
            }
            Self::OidcProvider => "peers/bench-oidc-provider.mjs",
            Self::OAuth2MockServer => "peers/bench-oauth2-mock-server.mjs",
        };
        let mut command = Command::new("node");
        command.arg(tests().join(script)).env("NODE_ENV", "production");
        command
    }

    fn metadata(self) -> &'static str {
        match self {
            Self::MockIdp => "/.well-known/oauth-authorization-server",
            Self::OidcProvider | Self::OAuth2MockServer => "/.well-known/openid-configuration",
        }
    }
}

/// A server that runs as long as this lives.
pub(crate) struct Server {
    pub(crate) kind: Kind,
    child: Child,
    /// Stays open: Node.js would end over a line that nobody can read.
    output: BufReader<ChildStdout>,
    issuer: Place,
    /// Takes `POST /grants/{user_code}/approve` and `POST /reset`, where the server has a device grant.
    pub(crate) control: Option<Place>,
}

impl Server {
    /// Starts it and returns once it says that it listens.
    pub(crate) fn start(kind: Kind, mock_idp: &Path) -> Result<Self, String> {
        let failed = |problem: &dyn std::fmt::Display| format!("{} does not start: {problem}", kind.name());
        let mut child = kind
            .command(mock_idp)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|problem| failed(&problem))?;
        let stdout = child.stdout.take().ok_or_else(|| failed(&"no standard output"))?;
        let mut server = Self {
            kind,
            child,
            output: BufReader::new(stdout),
            issuer: Place::parse("http://127.0.0.1:1/")?,
            control: None,
        };
        let mut line = String::new();
        let read = server.output.read_line(&mut line);
        read.map_err(|problem| failed(&problem))?;
        let ready: Value = serde_json::from_str(&line).map_err(|problem| failed(&problem))?;
        let issuer = ready["issuers"]["rfc"].as_str().or_else(|| ready["issuer"].as_str());
        server.issuer = Place::parse(issuer.ok_or_else(|| failed(&"no issuer in its first line"))?)?;
        server.control = ready["control"].as_str().map(Place::parse).transpose()?;
        Ok(server)
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    /// Asks for its metadata once (OpenID Connect Discovery section 4, RFC 8414 section 3).
    pub(crate) async fn discover(&self) -> Result<Value, String> {
        let place = self.issuer.join(self.kind.metadata());
        let mut connection = Connection::open(place.address).await?;
        let answer = connection.exchange(&place.get()).await?;
        if answer.status != 200 {
            return Err(format!(
                "{} answered discovery with {}",
                self.kind.name(),
                answer.status
            ));
        }
        serde_json::from_slice(answer.body).map_err(|problem| format!("metadata of {}: {problem}", self.kind.name()))
    }

    /// Forgets all grants.
    pub(crate) async fn reset(&self) -> Result<(), String> {
        let control = self.control.as_ref().ok_or("no control listener")?;
        let answer = Connection::open(control.address).await?;
        let (mut connection, reset) = (answer, control.join("/reset").post(&[]));
        match connection.exchange(&reset).await?.status {
            204 => Ok(()),
            status => Err(format!("{} answered a reset with {status}", self.kind.name())),
        }
    }
}

/// Ends it, by its id.
impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Builds the mock as a release has it, with the features that all of the tests have.
pub(crate) fn build_mock_idp() -> Result<PathBuf, String> {
    let built = escargot::CargoBuild::new()
        .args(["--package", "tests", "--package", "mock-idp"])
        .bin("mock-idp")
        .release()
        .run()
        .map_err(|problem| format!("mock-idp does not build: {problem}"))?;
    Ok(built.path().to_owned())
}

/// The version of an npm package in a `node_modules`.
pub(crate) fn version_of(modules: &Path, name: &str) -> Result<String, String> {
    let package = modules.join(name).join("package.json");
    let text = fs::read_to_string(&package)
        .map_err(|problem| format!("{}: {problem}; tests/setup.sh bench installs it", package.display()))?;
    let package: Value = serde_json::from_str(&text).map_err(|problem| problem.to_string())?;
    let version = package["version"].as_str().map(str::to_owned);
    version.ok_or_else(|| format!("{name} says no version"))
}

/// The folder of this crate.
pub(crate) fn tests() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}
