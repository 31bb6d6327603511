//! The commands of the documentation. Every block of shell in every Markdown file is run as it stands, by a shell that finds
//! nothing but [`COMMANDS`]; commands within a sentence are held to what the programs and the justfile take.

use std::collections::BTreeMap;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::{env, fs};

use mock_idp::{Client, MockIdp};
use serde_json::json;
use tempfile::TempDir;

/// What each command is here, as a line of shell. In a sentence `$LOOK` is `--help`, so that words are read and nothing is done.
const COMMANDS: &[(&str, &str)] = &[
    // As they are.
    ("openssl", r#"exec openssl "$@""#),
    ("sed", r#"exec sed "$@""#),
    // Polls may be refused; a stream without an end is asked for its head.
    (
        "curl",
        r#"case "$*" in */token*) ;; */stream) exec curl --fail --head "$@" ;; *) set -- --fail-with-body "$@" ;; esac; exec curl "$@""#,
    ),
    // By the mock's clock.
    (
        "sleep",
        r#"exec curl -sf "$CONTROL/clock/advance" -d "{\"seconds\":$1}" >/dev/null"#,
    ),
    // Our programs, as this run built them.
    ("device-login", r#"exec "$DEVICE_LOGIN" "$@" $LOOK"#),
    // On free ports, and stopped once it is ready.
    (
        "mock-idp",
        r#"[ "$1$LOOK" = serve ] || exec "$MOCK_IDP" "$@" $LOOK
           exec 3< <(exec "$MOCK_IDP" "$@" --free-ports); mock=$!; read -r ready <&3; echo "$ready"; kill $mock; wait $mock"#,
    ),
    // One scene, or what needs no person: the tier `kit` has all of it.
    (
        "device-flow-conformance",
        r#"case $1 in client) only=client.sign-in ;; *) only=server.metadata ;; esac
           exec "$KIT" "$1" --only $only "${@:2}" $LOOK"#,
    ),
    // Crates, programs and tests must exist; what would run has been built. Examples outside of the workspace have their own tests.
    (
        "cargo",
        r#"what=$1; shift
           while [ $# != 0 ] && [ "$1" != -- ]; do
             case $1 in
             -p | --package | --bin | --test) name=$2; grep -qF "\"name\":\"$2\"" "$METADATA" || { echo "cargo knows no $2"; exit 1; } ;;
             --path) [ -f "$ROOT/$2/src/main.rs" ] || { echo "there is no program in $2"; exit 1; } ;;
             esac; shift
           done
           case $what in run) [ -z "${name-}" ] || exec "$SHELF/$name" "${@:2}" ;; build | install | test) ;; *) echo "cargo $what: see $0"; exit 1 ;; esac"#,
    ),
    // Recipes must exist and take these words: what they do is run by the recipe `test`, or too long for any test.
    (
        "just",
        r#""$JUST" --justfile "$ROOT/justfile" --dry-run "$@" || exit 1
           case $1 in
           bench | demo) exec "$(dirname "$KIT")/$1" "${@:2}" --help ;;
           package-tv) exec node "$ROOT/www/package-tv.mjs" "${@:2}" --help ;;
           esac"#,
    ),
    // `tests/package/terminal.test.mjs` runs `npx device-login`, and `examples.test.mjs` there what `npx vite` starts.
    (
        "npx",
        r#"case "$*" in
           '--yes rust-just'*) exec "$SHELF/just" "${@:3}" ;;
           device-login*) exec node --input-type=module --eval '
             const { read } = await import(process.argv[1])
             read(process.argv.slice(2))' "$ROOT/www/bin/arguments.mjs" "${@:2}" $LOOK ;;
           vite) ;;
           *) echo "npx $*: see $0"; exit 1 ;;
           esac"#,
    ),
    // What a recipe runs must be what it runs.
    (
        "wasm-pack",
        r#""$JUST" --justfile "$ROOT/justfile" --dry-run wasm-test 2>&1 | grep -qxF "wasm-pack $*""#,
    ),
    // What can be run nowhere here: as root it installs packages, which `tests/setup.sh` has done,
    ("apt-get", ":"),
    // and these need the makers' tools, their accounts and a television.
    ("tizen", ":"),
    ("sdb", ":"),
    ("ares-setup-device", ":"),
    ("ares-novacom", ":"),
    ("ares-install", ":"),
    ("ares-launch", ":"),
];

/// What the documents name as examples, or as lying beside the reader.
const FILES: &[(&str, &str)] = &[
    ("deploy.sh", r#"[ -n "$ACCESS_TOKEN" ] && echo "deployed""#),
    // It copies the module to PAM's folder, as root.
    (
        "client-term/pam/install.sh",
        r#"[ -x "$ROOT/client-term/pam/install.sh" ]"#,
    ),
];

/// A block that changes the machine, by its beginning: `tests/ssh` runs an sshd with these options, in a folder of its own.
const NOT_RUN: &str = "cp /usr/sbin/sshd ";

/// What comes of a document's blocks, one after the other.
const TOLD: &[(&str, &[&str])] = &[
    (
        "README.md",
        &[
            "Hello, Jane Doe",
            "Hello, Jane Doe",
            "\"name\":\"Jane Doe\"",
            "deployed",
            "Signed out",
        ],
    ),
    ("client-term/README.md", &["Hello, Jane Doe"]),
    ("www/docs/quick-start.md", &["Hello, Jane Doe"]),
    (
        "tests/conformance/README.md",
        &["client.sign-in", "server.metadata.found"],
    ),
    (
        "mock-idp/README.md",
        &[
            "Ready.",
            "\"access_token\"",
            "\"state\":\"redeemed\"",
            "authorization_pending",
            "Bad Gateway",
            "authorization_pending",
            "\"access_token\"",
            "text/event-stream",
            "\"grade\":\"warn\"",
        ],
    ),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace")
}

/// Every Markdown file by its path from the root, with its text.
fn documents() -> Vec<(String, String)> {
    let tracked = ["ls-files", "--cached", "--others", "--exclude-standard", "*.md"];
    let list = Command::new("git")
        .current_dir(root())
        .args(tracked)
        .output()
        .expect("git");
    let list = String::from_utf8(list.stdout).expect("text");
    let read = |path: &str| (path.to_owned(), fs::read_to_string(root().join(path)).expect(path));
    let documents: Vec<_> = list.lines().map(read).collect();
    assert!(
        documents.iter().any(|(path, _)| path == "README.md"),
        "no repository? {list}"
    );
    documents
}

/// A document's blocks of shell, and what is left of it.
fn blocks(text: &str) -> (Vec<String>, String) {
    let (mut blocks, mut rest, mut fence) = (Vec::new(), String::new(), None);
    for line in text.lines() {
        match (line.trim_start().strip_prefix("```"), fence) {
            (Some(_), Some(_)) => fence = None,
            (Some(kind), None) => {
                assert!(
                    !["bash", "console", "shell"].contains(&kind),
                    "say `sh`, which is run: {line}"
                );
                fence = Some(kind);
                blocks.extend((kind == "sh").then(String::new));
            }
            (None, Some("sh")) => {
                let block = blocks.last_mut().expect("an open one");
                block.extend([line, "\n"]);
            }
            (None, Some(_)) => {}
            (None, None) => rest.extend([line, "\n"]),
        }
    }
    (blocks, rest)
}

/// Where one document's reader sits: a folder, a mock in another terminal, and nothing on the PATH but [`COMMANDS`].
struct Desk {
    folder: TempDir,
    mock: MockIdp,
}

impl Desk {
    fn new() -> Self {
        let client = |id| Client::new(id, "An app");
        let clients = ["tv", "0oa1example"].map(client).into();
        let mock = MockIdp::builder().clients(clients).start().expect("free ports");
        // The person of everything that waits for one.
        let steps =
            json!([{ "facts": { "interval": 1 } }, { "endpoint": "token", "state": "pending", "then": "approve" }]);
        for issuer in ["okta-org", "rfc"] {
            let script = json!({ "client": "0oa1example", "issuer": issuer, "steps": steps });
            let script = serde_json::from_value(script).expect("a script");
            mock.faults().run(script).expect("sound");
        }
        let folder = tempfile::tempdir().expect("a folder");
        let shelf = folder.path().join("shelf");
        for (name, line) in COMMANDS {
            write(&shelf.join(name), &format!("PATH=$USUAL_PATH\n{line}"));
        }
        for (name, line) in FILES {
            write(&folder.path().join("work").join(name), line);
        }
        symlink(shell(), shelf.join("bash")).expect("a link");
        Self { folder, mock }
    }

    /// Runs a piece of a document: everything that it wrote, and whether it went well.
    fn run(&self, text: &str, look: &str) -> (String, bool) {
        let okta = self.mock.issuer("okta-org");
        let text = text
            .replace("https://example.okta.com", &okta)
            .replace("https://id.example", &self.mock.issuer("rfc"))
            .replace("https://api.example/", &format!("{okta}/oauth2/v1/userinfo"))
            .replace("http://127.0.0.1:8628", &okta)
            .replace("http://127.0.0.1:8620", &self.mock.control())
            .replace(" your-client ", " \"$DEVICE_LOGIN\" ");
        let place = |name: &str| self.folder.path().join(name);
        let run = Command::new(shell())
            .args(["-euo", "pipefail", "-c", &format!("exec 2>&1\n{text}")])
            .current_dir(place("work"))
            .env_clear()
            .envs([
                ("HOME", place("home")),
                ("PATH", place("shelf")),
                ("SHELF", place("shelf")),
                ("ROOT", root().to_owned()),
                ("USUAL_PATH", env::var_os("PATH").expect("a PATH").into()),
                ("JUST", env::var_os("JUST").unwrap_or_else(|| "just".into()).into()),
                ("CONTROL", self.mock.control().into()),
                ("METADATA", metadata().clone()),
                ("DEVICE_LOGIN_STORE", "file".into()),
                ("LOOK", look.into()),
            ])
            .envs(programs())
            .stdin(Stdio::null())
            .output()
            .expect("it runs");
        let told = [run.stdout, run.stderr].concat();
        (String::from_utf8_lossy(&told).into_owned(), run.status.success())
    }
}

fn shell() -> PathBuf {
    let path = env::var_os("PATH").expect("a PATH");
    let mut found = env::split_paths(&path).map(|folder| folder.join("bash"));
    found.find(|shell| shell.is_file()).expect("bash")
}

fn write(path: &Path, line: &str) {
    fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
    fs::write(path, format!("#!{}\n{line}\n", shell().display())).expect("written");
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).expect("it can be run");
}

/// The built programs, each by the name of the variable that tells [`COMMANDS`] where it is.
fn programs() -> &'static BTreeMap<&'static str, PathBuf> {
    static BUILT: OnceLock<BTreeMap<&str, PathBuf>> = OnceLock::new();
    let programs = [
        ("MOCK_IDP", "mock-idp"),
        ("DEVICE_LOGIN", "device-login"),
        ("KIT", "device-flow-conformance"),
    ];
    BUILT.get_or_init(|| {
        programs
            .into_iter()
            .map(|(name, program)| (name, tests::build(program)))
            .collect()
    })
}

/// A file with what cargo knows about the workspace.
fn metadata() -> &'static PathBuf {
    static FILE: OnceLock<PathBuf> = OnceLock::new();
    FILE.get_or_init(|| {
        let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("metadata.json");
        let metadata = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
        let told = Command::new(env!("CARGO"))
            .current_dir(root())
            .args(metadata)
            .output()
            .expect("cargo");
        assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
        fs::write(&file, told.stdout).expect("written");
        file
    })
}

#[test]
fn every_block_of_shell_in_the_documents_does_what_they_say() {
    let (mut left_out, mut looked_for) = (0, 0);
    for (path, text) in documents() {
        let (blocks, _) = blocks(&text);
        if blocks.is_empty() {
            continue;
        }
        let (desk, mut told) = (Desk::new(), String::new());
        for block in blocks {
            if block.trim_start().starts_with(NOT_RUN) {
                left_out += 1;
                continue;
            }
            assert!(
                ![" /", ">/"].iter().any(|out| block.contains(out)),
                "{path}: this would reach beyond the test's folder:\n{block}"
            );
            let (wrote, is_well) = desk.run(&block, "");
            assert!(
                is_well,
                "{path}:\n{block}\nAs tests/interop/commands.rs runs it:\n{wrote}"
            );
            told += &wrote;
        }
        let facts = TOLD
            .iter()
            .find(|(document, _)| *document == path)
            .map_or(&[][..], |(_, facts)| facts);
        looked_for += usize::from(!facts.is_empty());
        let mut rest = told.as_str();
        for fact in facts {
            let (_, after) = rest
                .split_once(fact)
                .unwrap_or_else(|| panic!("{path}: {fact:?} is missing in\n{told}"));
            rest = after;
        }
    }
    assert_eq!(left_out, 1, "{NOT_RUN}");
    assert_eq!(
        looked_for,
        TOLD.len(),
        "a document of TOLD is gone, or has no block any more"
    );
}

/// The programs whose words are looked at within a sentence.
const OURS: [&str; 6] = [
    "cargo",
    "device-flow-conformance",
    "device-login",
    "just",
    "mock-idp",
    "npx",
];

#[test]
fn every_command_within_a_sentence_is_taken() {
    let mut commands = BTreeMap::new();
    for (path, text) in documents() {
        for span in blocks(&text).1.split('`').skip(1).step_by(2) {
            let mut words = span.split(' ').skip_while(|word| word.contains('='));
            // A program's name alone is no command.
            if words.next().is_some_and(|program| OURS.contains(&program)) && words.next().is_some() {
                commands.insert(span.to_owned(), path.clone());
            }
        }
    }
    assert!(commands.len() > 40, "{commands:?}");
    let desk = Desk::new();
    for (command, path) in commands {
        let (wrote, is_well) = desk.run(&command, "--help");
        assert!(
            is_well,
            "{path}: {command}\nAs tests/interop/commands.rs runs it:\n{wrote}"
        );
    }
}
