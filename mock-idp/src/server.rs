//! The mock on sockets: one listener for each product, and one for control.

use std::net::SocketAddr;
use std::sync::{Arc, MutexGuard};
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Handle, Runtime};

use crate::clock::Clock;
use crate::fault::Faults;
use crate::idp::{ControlError, GrantView};
use crate::journal::Journal;
use crate::keys::Rs256Signer;
use crate::personality::Product;
use crate::routes;
use crate::setup::{AuthorizationServer, Client, User};
use crate::signer::Signer;
use crate::time::Instant;

mod builder;
mod carrier;
mod door;
mod line;
mod patience;
mod shared;

pub use builder::{MockIdpBuilder, StartError};
pub(crate) use carrier::carry;
pub(crate) use door::Peer;
pub(crate) use shared::Shared;

use shared::base;

/// An authorization server on loopback, for as long as the value lives.
///
/// ```
/// use mock_idp::{MockIdp, Product};
///
/// let mock = MockIdp::builder().virtual_clock().start()?;
/// assert!(mock.issuer("authentik").ends_with("/application/o/tv/"));
/// # Ok::<(), mock_idp::StartError>(())
/// ```
#[derive(Debug)]
pub struct MockIdp {
    shared: Arc<Shared>,
    control: SocketAddr,
    runtime: Option<Runtime>,
}

impl MockIdp {
    /// Every product on free loopback ports, the published test-only key, seed 0, the system's clock.
    pub fn builder() -> MockIdpBuilder {
        MockIdpBuilder::new()
    }

    /// Names, such as `okta-org`, and URLs of all issuers.
    pub fn issuers(&self) -> Vec<(String, String)> {
        self.shared.issuers()
    }

    /// The URL of the issuer of that name.
    ///
    /// # Panics
    ///
    /// If there is none of that name.
    pub fn issuer(&self, name: &str) -> String {
        let found = self.issuers().into_iter().find(|(each, _)| each == name);
        assert!(found.is_some(), "no issuer is called {name}");
        found.map(|(_, url)| url).unwrap_or_default()
    }

    /// The base URL of the control listener.
    pub fn control(&self) -> String {
        base(self.control)
    }

    /// The paths of one product as a router that shares this mock's state, for a server that has other paths too.
    pub fn router(&self, product: Product) -> Router {
        routes::mounted(&self.shared, product)
    }

    /// All grants of all products, newest last.
    pub fn grants(&self) -> Vec<GrantView> {
        self.shared.grants()
    }

    /// Approves a grant as `username`, or as the first user there is.
    pub fn approve(&self, user_code: &str, username: Option<&str>) -> Result<(), ControlError> {
        self.shared.approve(user_code, username)
    }

    /// Denies a grant; on authentik it stays pending, as the product has no deny (A-119).
    pub fn deny(&self, user_code: &str) -> Result<(), ControlError> {
        self.shared.deny(user_code)
    }

    /// Ends a grant's life now.
    pub fn expire(&self, user_code: &str) -> Result<(), ControlError> {
        self.shared.expire(user_code)
    }

    /// The mock's time.
    pub fn now(&self) -> Instant {
        self.shared.clock().now()
    }

    /// Moves the clock forward.
    pub fn advance(&self, span: Duration) {
        self.shared.turn_clock(|clock| clock.advance(span));
    }

    /// Sets the clock to any moment, past ones too.
    pub fn set_clock(&self, now: Instant) {
        self.shared.turn_clock(|clock| clock.set(now));
    }

    /// Stops the clock: from now on only a call moves it.
    pub fn freeze_clock(&self) {
        self.shared.turn_clock(Clock::freeze);
    }

    /// Lets the clock run on from where it stands.
    pub fn run_clock(&self) {
        self.shared.turn_clock(Clock::run);
    }

    /// Makes tokens and `Date` headers tell a time so many seconds ahead of the mock's clock; deadlines stay.
    pub fn set_skew(&self, seconds: i64) {
        self.shared.set_skew(seconds);
    }

    /// Makes a new RSA key and signs with it from now on; keys from before stay published (O-126). Answers its `kid`.
    pub fn rotate_keys(&self) -> Result<String, StartError> {
        let signer = Rs256Signer::fresh().map_err(|_| StartError::Key)?;
        let kid = signer.kid().to_owned();
        let signer: Arc<dyn Signer> = Arc::new(signer);
        self.shared.rotate_keys(&signer);
        Ok(kid)
    }

    /// Registers a client at every issuer, in place of one with the same id. Whether there was one.
    pub fn put_client(&self, client: &Client) -> bool {
        self.shared.put_client(client)
    }

    /// Forgets a client at every issuer: it is unknown, and its codes and tokens with it. Whether there was one.
    pub fn remove_client(&self, id: &str) -> bool {
        self.shared.remove_client(id)
    }

    /// Lets somebody sign in at every issuer, in place of one of the same name. Whether there was one.
    pub fn put_user(&self, user: &User) -> bool {
        self.shared.put_user(user)
    }

    /// Forgets somebody at every issuer: their tokens open nothing any more. Whether there was one.
    pub fn remove_user(&self, username: &str) -> bool {
        self.shared.remove_user(username)
    }

    /// Opens one of Okta's authorization servers, in place of one with the same id. Whether there was one.
    pub fn put_authorization_server(&self, server: &AuthorizationServer) -> bool {
        self.shared.put_authorization_server(server)
    }

    /// Closes one of Okta's authorization servers: its codes and tokens are gone with it. Whether there was one.
    pub fn remove_authorization_server(&self, id: &str) -> bool {
        self.shared.remove_authorization_server(id)
    }

    /// The scenarios and scripts that are switched on.
    pub fn faults(&self) -> &Faults {
        self.shared.faults()
    }

    /// What was asked and answered, and what it says about each client. Nothing is answered while it is held.
    pub fn journal(&self) -> MutexGuard<'_, Journal> {
        self.shared.journal()
    }

    /// Puts everything back to what it was at the start: who is registered, keys, seed, scenarios and scripts, and the
    /// clock; forgets grants, tokens, throttles, browser sessions and the journal.
    pub fn reset(&self) {
        self.shared.reset();
    }
}

impl Drop for MockIdp {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        // Waiting for threads is not allowed inside somebody else's runtime.
        if Handle::try_current().is_ok() {
            runtime.shutdown_background();
        } else {
            runtime.shutdown_timeout(Duration::from_secs(1));
        }
    }
}
