//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use clap_complete::Shell;

use super::exit;
use super::profile::{Profile, Wish};

/// Signs in on this terminal with a phone or another computer (OAuth 2.0 Device Authorization Grant, RFC 8628).
///
/// Without a command it signs in once and keeps nothing; with `--json` it hands the tokens over.
/// The commands keep a session and its tokens fresh.
/// Everything for people goes to standard error.
#[derive(Debug, Parser)]
#[command(
    name = "device-login",
    version,
    after_help = exit::IN_WORDS,
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true
)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) once: Once,
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
}

/// The call without a command.
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct Once {
    /// The authorization server's issuer, exactly as it spells it, such as `https://id.example/tenant`
    #[arg(long, value_name = "URL", required = true)]
    pub(crate) issuer: Option<String>,
    /// Client id of a public client with the device grant
    #[arg(long, value_name = "ID", required = true)]
    pub(crate) client_id: Option<String>,
    /// Scopes, separated by spaces
    /// [default: openid profile]
    #[arg(long, value_name = "S", verbatim_doc_comment)]
    pub(crate) scope: Option<String>,
    /// Ask for so many new codes, one whenever a code runs out
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) renewals: u8,
    /// Bind each code to this device by PKCE (RFC 7636), for servers that look at it with this grant
    #[arg(long)]
    pub(crate) pkce: bool,
    /// Write the token set, or with `--check` the findings, to standard output, as one line of JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// Sign nobody in: ask the server for one code, give it up, and say what will not work; exits with 0 or 3
    #[arg(long)]
    pub(crate) check: bool,
    /// Look with the eyes of a page of this origin, which reads only what CORS lets it
    #[arg(long, value_name = "URL", requires = "check")]
    pub(crate) page_origin: Option<String>,
    /// Refuse what the RFCs do not allow, and name the rule; for testing authorization servers
    #[arg(long)]
    pub(crate) strict: bool,
    /// Let everything travel over plain http to other machines; for test networks only
    #[arg(long)]
    pub(crate) allow_insecure_http: bool,
    /// Trust the certificates of this PEM file too, beside the system's (or those of `SSL_CERT_FILE`)
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) look: Look,
}

/// What the code's screen looks like.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Draw the QR the other way round: for a terminal without colours and with a light background
    #[arg(long)]
    pub(crate) invert: bool,
    /// Draw no QR
    #[arg(long)]
    pub(crate) no_qr: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Sign in and keep the session
    Login {
        #[command(flatten)]
        common: Common,
        #[command(flatten)]
        look: Look,
    },
    /// Write a valid access token to standard output, refreshed if needed
    Token(Common),
    /// Say who is signed in
    Whoami(Common),
    /// End the session: forget the tokens and have the server take them back
    Logout(Common),
    /// Run a command with an access token in its environment, and nowhere else
    Exec {
        #[command(flatten)]
        common: Common,
        /// The variable that holds the token
        #[arg(long, value_name = "NAME", default_value = "ACCESS_TOKEN")]
        variable: String,
        /// The command and its arguments
        #[arg(required = true, trailing_var_arg = true, value_name = "CMD")]
        command: Vec<OsString>,
    },
    /// Look at everything a sign-in needs and say what is wrong, and where to put it right
    Doctor {
        #[command(flatten)]
        common: Common,
        /// Go through a sign-in as well: only then a policy speaks
        #[arg(long)]
        sign_in: bool,
    },
    /// Write shell completions to standard output
    Completions {
        /// For this shell
        shell: Shell,
    },
    /// Write the manual page to standard output
    Man {
        /// Write it and one page for each command into this folder instead
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// What every command about a session knows; the environment is weaker than an option, the file weaker still.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// Which of several sessions [default: the file's `profile`, else `default`]
    #[arg(long, value_name = "NAME", env = "DEVICE_LOGIN_PROFILE")]
    pub(crate) profile: Option<String>,
    /// Configuration file [default: ~/.config/device-login/config.toml, or by XDG]
    #[arg(long, value_name = "FILE", env = "DEVICE_LOGIN_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// The authorization server's issuer, exactly as it spells it
    #[arg(long, value_name = "URL", env = "DEVICE_LOGIN_ISSUER")]
    issuer: Option<String>,
    /// Client id of a public client with the device grant
    #[arg(long, value_name = "ID", env = "DEVICE_LOGIN_CLIENT_ID")]
    client_id: Option<String>,
    /// Scopes, separated by spaces; with `offline_access` the session outlives its first token [default: openid profile]
    #[arg(long, value_name = "S", env = "DEVICE_LOGIN_SCOPE")]
    scope: Option<String>,
    /// Trust the certificates of this PEM file too, beside the system's (or those of `SSL_CERT_FILE`)
    #[arg(long, value_name = "FILE", env = "DEVICE_LOGIN_CA_FILE")]
    ca_file: Option<PathBuf>,
    /// Where tokens rest [default: auto, the system's keyring where there is one, else a file]
    #[arg(long, value_name = "PLACE", env = "DEVICE_LOGIN_STORE")]
    store: Option<Wish>,
    /// Let everything travel over plain http to other machines; for test networks only
    #[arg(long)]
    allow_insecure_http: bool,
    /// Write the result to standard output as one line of JSON, failures too
    #[arg(long)]
    pub(crate) json: bool,
}

impl Common {
    /// What options and environment say; an empty value says nothing.
    pub(crate) fn given(&self) -> Profile {
        let text = |value: &Option<String>| value.clone().filter(|value| !value.is_empty());
        Profile {
            issuer: text(&self.issuer),
            client_id: text(&self.client_id),
            scope: text(&self.scope),
            ca_file: self.ca_file.clone().filter(|file| !file.as_os_str().is_empty()),
            store: self.store,
            allow_insecure_http: self.allow_insecure_http.then_some(true),
            ..Profile::default()
        }
    }
}
