//! A server of its own for each test: accounts, PAM service, sshd, and the mock that signs people in.

use std::fs;
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

use mock_idp::{MockIdp, MockIdpBuilder, User};
use tempfile::TempDir;
use tests::shorten_interval;

use crate::syslog;

const SSHD: &str = "/usr/sbin/sshd";

/// Of machines so far.
static COUNT: AtomicU32 = AtomicU32::new(0);

/// One machine that people sign in to.
pub(crate) struct Machine {
    folder: TempDir,
    pub(crate) mock: MockIdp,
    /// Jane's account, and her name at the server; John's is the other.
    pub(crate) jane: String,
    pub(crate) john: String,
    /// The PAM service, and the name of sshd's binary.
    pub(crate) service: String,
    pub(crate) port: u16,
    sshd: Option<Child>,
}

/// How a test's machine differs from the usual one.
pub(crate) struct Setup {
    pub(crate) mock: MockIdpBuilder,
    pub(crate) issuer: &'static str,
    /// Lines before the rules.
    pub(crate) settings: &'static str,
    /// After the module's path in the service file.
    pub(crate) arguments: &'static str,
    /// Jane has an account already.
    pub(crate) has_account: bool,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            mock: MockIdp::builder(),
            issuer: "okta-org",
            settings: "",
            arguments: "",
            has_account: true,
        }
    }
}

impl Machine {
    pub(crate) fn new() -> Self {
        Self::with(Setup::default())
    }

    pub(crate) fn with(setup: Setup) -> Self {
        require();
        syslog::listen();
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("dl{}x{number}", std::process::id());
        let (jane, john) = (format!("{name}a"), format!("{name}b"));
        let user = |username: &str, name: &str| User {
            username: username.into(),
            password: "password".into(),
            name: name.into(),
            email: format!("{username}@example.test"),
            groups: vec![],
        };
        let users = vec![user(&jane, "Jane Doe"), user(&john, "John Doe")];
        let mock = setup.mock.users(users).start().expect("free ports");
        shorten_interval(&mock);
        let mut machine = Self {
            folder: tempfile::tempdir().expect("a folder"),
            mock,
            jane,
            john,
            service: format!("sshd-{name}"),
            port: free_port(),
            sshd: None,
        };
        let accounts = [Some(&machine.jane).filter(|_| setup.has_account), Some(&machine.john)];
        for account in accounts.into_iter().flatten() {
            account_tool(&[
                "useradd",
                "--no-create-home",
                "--home-dir",
                "/",
                "--shell",
                "/bin/sh",
                account,
            ]);
        }
        let issuer = machine.mock.issuer(setup.issuer);
        let settings = format!(
            "issuer = \"{issuer}\"\nclient_id = \"tv\"\nscope = \"openid profile email\"\n{}\n\
             [[allow]]\nwhen = \"claim_is_account\"\nclaim = \"preferred_username\"\n\
             [[allow]]\nwhen = \"mail_is_account\"\nclaim = \"preferred_username\"\ndomain = \"example.test\"\n",
            setup.settings
        );
        fs::write(machine.settings(), settings).expect("written");
        let installed = machine.path("pam_device_login.so");
        fs::copy(module(), &installed).expect("copied");
        let auth = format!(
            "auth required {} config={} {}\n",
            installed.display(),
            machine.settings().display(),
            setup.arguments
        );
        let session = format!("session required {}\n", installed.display());
        let rest = "account required pam_permit.so\nsession required pam_permit.so\n";
        fs::write(machine.service_file(), auth + &session + rest).expect("root may");
        machine.start();
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn settings(&self) -> PathBuf {
        self.path("pam.toml")
    }

    fn service_file(&self) -> PathBuf {
        Path::new("/etc/pam.d").join(&self.service)
    }

    /// sshd takes its PAM service from its own name, so that a copy under another name leaves the system's alone.
    fn binary(&self) -> PathBuf {
        self.path(&self.service)
    }

    fn start(&mut self) {
        fs::copy(SSHD, self.binary()).expect("copied");
        let key = self.path("host_key");
        let made = Command::new("ssh-keygen")
            .args(["-q", "-t", "ed25519", "-N", "", "-f"])
            .arg(&key)
            .status();
        assert!(made.expect("ssh-keygen runs").success());
        let config = format!(
            "ListenAddress 127.0.0.1\nPort {}\nHostKey {}\nPidFile none\nUsePAM yes\nKbdInteractiveAuthentication yes\n\
             PasswordAuthentication no\nPubkeyAuthentication no\nAuthenticationMethods keyboard-interactive\n\
             PermitRootLogin yes\nMaxStartups 50\nLoginGraceTime 120\nPrintMotd no\nPrintLastLog no\n",
            self.port,
            key.display()
        );
        fs::write(self.path("sshd_config"), config).expect("written");
        fs::create_dir_all("/run/sshd").expect("root may");
        let mut sshd = Command::new(self.binary())
            .args(["-D", "-e", "-f"])
            .arg(self.path("sshd_config"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("sshd starts");
        let mut said = BufReader::new(sshd.stderr.take().expect("piped"));
        let mut line = String::new();
        while !line.contains("listening on") {
            line.clear();
            assert!(said.read_line(&mut line).expect("text") > 0, "sshd does not listen");
        }
        std::thread::spawn(move || said.lines().map_while(Result::ok).for_each(drop));
        self.sshd = Some(sshd);
    }

    /// Processes of this sshd beside the one that listens.
    pub(crate) fn sessions(&self) -> usize {
        let binary = self.binary();
        let is_ours = |entry: &fs::DirEntry| fs::read_link(entry.path().join("exe")).is_ok_and(|exe| exe == binary);
        let processes = fs::read_dir("/proc").expect("there").flatten().filter(is_ours);
        processes.count() - 1
    }
}

/// A test that fails leaves nothing behind either.
impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(sshd) = &mut self.sshd {
            let _ = sshd.kill();
            let _ = sshd.wait();
        }
        let _ = fs::remove_file(self.service_file());
        for account in [&self.jane, &self.john] {
            if account_exists(account) {
                account_tool(&["userdel", "--force", account]);
            }
        }
    }
}

pub(crate) fn account_exists(account: &str) -> bool {
    let status = Command::new("getent")
        .args(["passwd", account])
        .stdout(Stdio::null())
        .status();
    status.expect("getent runs").success()
}

/// One at a time: they lock the files of the accounts and do not wait for each other.
fn account_tool(command: &[&str]) {
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let output = Command::new(command[0]).args(&command[1..]).output().expect("it runs");
    let exists = command[0] == "userdel" || output.status.success();
    assert!(exists, "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Says what is missing instead of failing somewhere.
fn require() {
    let is_root = fs::metadata("/proc/self").is_ok_and(|about| std::os::unix::fs::MetadataExt::uid(&about) == 0);
    assert!(
        is_root,
        "these tests need root: sshd changes to the account, and PAM's service files stand in /etc/pam.d"
    );
    for program in [SSHD, "/usr/bin/ssh", "/usr/bin/script", "/usr/bin/pamtester"] {
        assert!(
            Path::new(program).exists(),
            "{program} is missing: `npx --yes rust-just setup` installs it"
        );
    }
}

/// Nobody is on it, for now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    listener.local_addr().expect("bound").port()
}

/// The module as it is installed: built once per run, with the profile that is delivered.
pub(crate) fn module() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let build = escargot::CargoBuild::new().package("client-term-pam").release();
        let messages = build.exec().expect("the module builds");
        let files = messages.flat_map(|message| {
            let message = message.expect("the module builds");
            match message.decode().expect("readable") {
                escargot::format::Message::CompilerArtifact(artifact) => {
                    artifact.filenames.iter().map(|file| file.to_path_buf()).collect()
                }
                _ => vec![],
            }
        });
        let mut modules = files.filter(|file| file.ends_with("libpam_device_login.so"));
        modules.next().expect("it was built")
    })
}
