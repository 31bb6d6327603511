//! The command line.
#![expect(clippy::doc_markdown, reason = "help shows it as it stands")]

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

/// Judges any client and any server of the OAuth 2.0 Device Authorization Grant (RFC 8628).
///
/// Every check says what it requires, by which section and how strongly, what it expected, and what it saw.
#[derive(Debug, Parser)]
#[command(name = "device-flow-conformance", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0    no MUST that could be tested is broken, other than by known deviations of the profile
  1    a MUST is broken
  2    it could not be judged: nothing answers, or the command does not start
  64   wrong usage
  130  interrupted";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Let a client sign in at servers that behave well and badly, and judge what it does
    ///
    /// The command is run once for each scene, with {issuer}, {client_id}, {client_secret},
    /// {device_authorization_endpoint}, {token_endpoint} and {scene} filled in; the same stand in its environment as
    /// CONFORMANCE_ISSUER and so on.
    /// It starts a sign-in at once, without asking anybody, and exits with 0 once it is signed in and with another status
    /// if it will not be; the kit approves and denies by itself.
    /// Without a command the kit asks you to start your client by hand.
    #[command(verbatim_doc_comment)]
    Client(Client),
    /// Drive a server as a device would, and judge its answers
    Server(Server),
}

#[derive(Args, Debug)]
pub(crate) struct Server {
    /// The issuer, exactly as the server spells it
    #[arg(long, value_name = "URL", required_unless_present = "list")]
    pub(crate) issuer: Option<String>,
    /// A client that may use the device grant
    #[arg(long, value_name = "ID", required_unless_present = "list")]
    pub(crate) client_id: Option<String>,
    /// Its secret, if it has one
    #[arg(
        long,
        value_name = "SECRET",
        env = "CONFORMANCE_CLIENT_SECRET",
        hide_env_values = true
    )]
    pub(crate) client_secret: Option<String>,
    /// How the secret is shown
    #[arg(long, value_enum, default_value_t = ClientAuthentication::Basic)]
    pub(crate) client_authentication: ClientAuthentication,
    /// Another client that may use the device grant, to see whether it can use this one's codes
    #[arg(long, value_name = "ID")]
    pub(crate) other_client_id: Option<String>,
    /// What to ask for, separated by spaces [default: openid, profile and offline_access, as far as the metadata lists them]
    #[arg(long, value_name = "S")]
    pub(crate) scope: Option<String>,
    /// How a code is approved: `prompt` asks you, anything else is a command, run without a shell; {user_code},
    /// {verification_uri} and {verification_uri_complete} are filled in, and stand in the environment as USER_CODE and so on
    #[arg(long, value_name = "CMD", value_parser = device_flow_conformance::server::Way::read)]
    pub(crate) approve: Option<device_flow_conformance::server::Way>,
    /// How a code is denied, likewise
    #[arg(long, value_name = "CMD", value_parser = device_flow_conformance::server::Way::read)]
    pub(crate) deny: Option<device_flow_conformance::server::Way>,
    /// The longest wait for a code to expire, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 90)]
    pub(crate) patience: u64,
    /// For a server without metadata
    #[arg(long, value_name = "URL")]
    pub(crate) device_authorization_endpoint: Option<String>,
    /// For a server without metadata
    #[arg(long, value_name = "URL")]
    pub(crate) token_endpoint: Option<String>,
    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Args, Debug)]
pub(crate) struct Client {
    /// Register the client with this secret
    #[arg(long = "client-secret", value_name = "SECRET")]
    pub(crate) secret: Option<String>,
    /// The origin of a client in a page, which the servers let read their answers (CORS)
    #[arg(long, value_name = "URL")]
    pub(crate) page_origin: Option<String>,
    /// So many runs at once
    #[arg(long, value_name = "N", default_value_t = 8)]
    pub(crate) jobs: usize,
    #[command(flatten)]
    pub(crate) common: Common,
    /// The client and its arguments
    #[arg(last = true, value_name = "CMD")]
    pub(crate) words: Vec<String>,
}

/// How a client with a secret shows it (RFC 6749 section 2.3.1).
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ClientAuthentication {
    /// In the Authorization header
    Basic,
    /// In the form
    Post,
}

/// What both modes know.
#[derive(Args, Debug)]
pub(crate) struct Common {
    /// The product, whose known deviations are no news
    #[arg(long, value_name = "NAME", default_value = "rfc", value_parser = ["rfc", "okta", "authentik", "google", "github"])]
    pub(crate) profile: String,
    /// Only these checks: ids, or how ids begin, such as `server.start`
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    pub(crate) only: Vec<String>,
    /// List the checks, and judge nothing
    #[arg(long)]
    pub(crate) list: bool,
    /// Write the report to standard output as JSON, and the words for people to standard error
    #[arg(long)]
    pub(crate) json: bool,
    /// Write the report to this file as JUnit XML
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Write the report to this file as one HTML page
    #[arg(long, value_name = "FILE")]
    pub(crate) html: Option<PathBuf>,
}
