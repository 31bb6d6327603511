//! The demo: a television page, the issuers it can sign in with, and what to open.

#![forbid(unsafe_code)]

use std::io::{self, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::process::ExitCode;
use std::sync::mpsc;

use clap::Parser;
use mock_idp::{MockIdp, Product};
use serde_json::json;
use tests::PageSocket;

/// Starts the television page and five issuers to sign in with.
#[derive(Parser)]
#[command(name = "demo", bin_name = "npx --yes rust-just demo")]
struct Arguments {
    /// Port of the television page
    #[arg(long, value_name = "PORT", default_value_t = 8080)]
    page: u16,
    /// Port of the Okta-shaped issuers
    #[arg(long, value_name = "PORT", default_value_t = 8628)]
    okta: u16,
    /// Port of the authentik-shaped issuer
    #[arg(long, value_name = "PORT", default_value_t = 8629)]
    authentik: u16,
    /// Port of the issuer that is exactly the RFCs
    #[arg(long, value_name = "PORT", default_value_t = 8630)]
    rfc: u16,
    /// Port of the Google-shaped issuer
    #[arg(long, value_name = "PORT", default_value_t = 8631)]
    google: u16,
    /// Port of the control listener, which stays on this machine
    #[arg(long, value_name = "PORT", default_value_t = 8620)]
    control: u16,
    /// Listen on this machine's network address, for a real phone; optionally say which address
    #[arg(long, value_name = "ADDRESS", num_args = 0..=1, default_missing_value = "", value_parser = lan)]
    lan: Option<IpAddr>,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "demo: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), String> {
    let mut out = io::stdout();
    let host = match arguments.lan {
        None => IpAddr::from(Ipv4Addr::LOCALHOST),
        Some(host) => {
            say(&mut out, &lan_warning(host))?;
            host
        }
    };
    let at = |port| SocketAddr::new(host, port);

    let page_address = at(arguments.page);
    let busy = |error| format!("cannot listen on {page_address}: {error}; choose another port with --page");
    let socket = PageSocket::bind(page_address).map_err(busy)?;
    let page = socket.origin().map_err(busy)?;
    let mock = MockIdp::builder()
        .address(Product::Okta, at(arguments.okta))
        .address(Product::Authentik, at(arguments.authentik))
        .address(Product::Rfc, at(arguments.rfc))
        .address(Product::Google, at(arguments.google))
        .control_address(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), arguments.control))
        .page_origin(&page)
        .seed(seed()?)
        .start()
        .map_err(|error| error.to_string())?;
    let is_lan = arguments.lan.is_some();
    let config = json!({
        "issuer": mock.issuer("okta-org"),
        "client_id": "tv",
        "scope": "openid profile",
        "allow_insecure_http": is_lan,
        // Only a page on loopback, or one that says so, lets its query name the issuer.
        "allow_query_override": is_lan,
    });
    // authentik's device endpoint answers no page of another origin, so the page serves its paths too.
    let _server = socket
        .serve(&config, mock.router(Product::Authentik))
        .map_err(|error| error.to_string())?;

    let (done, wait) = mpsc::channel();
    ctrlc::set_handler(move || {
        let _ = done.send(());
    })
    .map_err(|error| error.to_string())?;
    say(&mut out, &what_to_open(&mock, &page, is_lan))?;
    let _ = wait.recv();
    say(&mut out, "\nStopped.\n")
}

fn what_to_open(mock: &MockIdp, page: &str, is_lan: bool) -> String {
    let [okta, custom, authentik, rfc, google] =
        ["okta-org", "okta-custom-as", "authentik", "rfc", "google"].map(|name| mock.issuer(name));
    let control = mock.control();
    let insecure = if is_lan { " --allow-insecure-http" } else { "" };
    format!(
        "
Ready. Open the television:

  {page}/

Press Enter there (OK on a remote control), scan the code or open the address it shows,
sign in as jane with password password, and approve.

The same television, signing in elsewhere:

  Okta, custom server  {page}/?issuer={custom}
  authentik            {page}/?issuer={page}/application/o/tv/
  plain RFCs           {page}/?issuer={rfc}
  authentik without the proxy it needs, for its error screen
                       {page}/?issuer={authentik}

Issuers, all with client id tv:

  Okta org             {okta}
  Okta, custom server  {custom}
  authentik            {authentik}
  plain RFCs           {rfc}
  Google               {google}  (for programs: it lets no page start, G-01)

In a terminal:  cargo run -p client-term --bin device-login -- --issuer {okta} --client-id tv{insecure}
Control:        {control}  (approve, deny or expire by hand, move the clock)

Ctrl-C stops everything.
"
    )
}

fn lan_warning(host: IpAddr) -> String {
    format!(
        "
Warning: --lan lets everybody on your network reach this demo at {host}, over plain http.
Its password and its signing key are public, and what is signed in there is worth nothing.
Pages on plain http have no cryptography, so the screen will say that nobody vouches for the name.
The control listener stays on this machine.
"
    )
}

/// The address given, or the one found.
fn lan(text: &str) -> Result<IpAddr, String> {
    if text.is_empty() {
        lan_address()
    } else {
        text.parse().map_err(|error| format!("{error}"))
    }
}

/// The address this machine would use to reach others. Nothing is sent: connecting a UDP socket only picks a route.
fn lan_address() -> Result<IpAddr, String> {
    // TEST-NET-1 (RFC 5737): an address that nobody has.
    UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))
        .and_then(|socket| {
            socket
                .connect((Ipv4Addr::new(192, 0, 2, 1), 9))
                .and_then(|()| socket.local_addr())
        })
        .map(|address| address.ip())
        .map_err(|error| format!("no network address found ({error}); say which with --lan ADDRESS"))
}

fn seed() -> Result<u64, String> {
    let mut bytes = [0; 8];
    aws_lc_rs::rand::fill(&mut bytes).map_err(|_| "no randomness to be had".to_owned())?;
    Ok(u64::from_le_bytes(bytes))
}

fn say(out: &mut impl Write, text: &str) -> Result<(), String> {
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .map_err(|error| error.to_string())
}
