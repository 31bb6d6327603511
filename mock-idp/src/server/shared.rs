//! The state behind every listener: the hosts and the clock.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::clock::Clock;
use crate::fault::Faults;
use crate::http::{Request, Response};
use crate::idp::{ControlError, GrantView, Idp};
use crate::journal::{Journal, ShownEntry};
use crate::personality::{Assumptions, Product};
use crate::setup::{AuthorizationServer, Client, RateLimits, User};
use crate::signer::Signer;
use crate::time::Instant;

/// Every host of one mock, under one clock.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(super) hosts: Vec<Host>,
    pub(super) faults: Faults,
    /// Those of the start.
    pub(super) first_faults: Faults,
    pub(super) journal: Mutex<Journal>,
    pub(super) journal_grew: Notify,
    pub(super) clock: Mutex<Clock>,
    pub(super) clock_moved: Notify,
}

#[derive(Debug)]
pub(super) struct Host {
    pub(super) product: Product,
    pub(super) address: SocketAddr,
    pub(super) idp: Mutex<Idp>,
}

impl Shared {
    /// Runs something on the host of a product, at the clock's moment.
    pub(crate) fn with<T: Default>(&self, product: Product, run: impl FnOnce(&mut Idp, Instant) -> T) -> T {
        let now = self.clock().now();
        let host = self.hosts.iter().find(|host| host.product == product);
        host.map(|host| run(&mut lock(&host.idp), now)).unwrap_or_default()
    }

    pub(crate) fn clock(&self) -> Clock {
        *lock(&self.clock)
    }

    /// Sets, moves, freezes or starts the clock; whoever waits for a moment looks again.
    pub(crate) fn turn_clock(&self, turn: impl FnOnce(&mut Clock)) {
        let mut clock = lock(&self.clock);
        let before = clock.now();
        turn(&mut clock);
        let set_back = before.since(clock.now());
        drop(clock);
        self.journal().set_back(set_back);
        self.clock_moved.notify_waiters();
    }

    /// How far what the mock tells others is ahead of its own clock, in seconds.
    pub(crate) fn skew(&self) -> i64 {
        self.hosts.first().map_or(0, |host| lock(&host.idp).skew())
    }

    /// The published keys, newest first. The hosts of one mock sign alike.
    pub(crate) fn signers(&self) -> Vec<Arc<dyn Signer>> {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).signers().cloned().collect())
            .unwrap_or_default()
    }

    /// Lets every host sign with this key from now on.
    pub(crate) fn rotate_keys(&self, signer: &Arc<dyn Signer>) {
        for host in &self.hosts {
            lock(&host.idp).rotate_keys(Arc::clone(signer));
        }
    }

    pub(crate) fn set_skew(&self, seconds: i64) {
        for host in &self.hosts {
            lock(&host.idp).set_skew(seconds);
        }
    }

    /// Returns once the mock's clock has reached `due`, by itself or because somebody moved it.
    pub(crate) async fn wait_until(&self, due: Instant) {
        loop {
            let moved = self.clock_moved.notified();
            let clock = self.clock();
            let left = due.since(clock.now());
            if left.is_zero() {
                return;
            }
            if clock.is_frozen() {
                moved.await;
            } else {
                let _ = tokio::time::timeout(left, moved).await;
            }
        }
    }

    /// Answers a request to the host of a product, and notes both.
    pub(crate) fn answer(&self, product: Product, request: Request) -> Response {
        let now = self.clock().now();
        let Some(host) = self.hosts.iter().find(|host| host.product == product) else {
            return Response::new(404);
        };
        let exchange = lock(&host.idp).exchange(now, &request);
        if self.journal().record(now, request, &exchange).is_some() {
            self.journal_grew.notify_waiters();
        }
        exchange.response
    }

    pub(crate) fn journal(&self) -> MutexGuard<'_, Journal> {
        lock(&self.journal)
    }

    /// The first entry from this number on, once there is one.
    pub(crate) async fn entry_from(&self, number: u64) -> (u64, ShownEntry) {
        loop {
            let grew = self.journal_grew.notified();
            let found = self.journal().from(number).map(|entry| (entry.number, entry.shown()));
            match found {
                Some(found) => return found,
                None => grew.await,
            }
        }
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.faults
    }

    pub(crate) fn issuers(&self) -> Vec<(String, String)> {
        let hosts = self.hosts.iter();
        hosts
            .flat_map(|host| lock(&host.idp).issuers(&base(host.address)))
            .collect()
    }

    pub(crate) fn grants(&self) -> Vec<GrantView> {
        let now = self.clock().now();
        let mut grants: Vec<_> = self.hosts.iter().flat_map(|host| lock(&host.idp).grants(now)).collect();
        grants.sort_by_key(|grant| grant.number);
        grants
    }

    pub(crate) fn grant(&self, user_code: &str) -> Result<GrantView, ControlError> {
        self.on_grant(user_code, |idp, now| idp.grant(now, user_code))
    }

    /// What is wrong with an issuer's name, if anything is.
    pub(crate) fn check_issuer(&self, name: Option<&str>) -> Result<(), String> {
        let Some(name) = name else {
            return Ok(());
        };
        let known: Vec<_> = self.issuers().into_iter().map(|(each, _)| each).collect();
        if known.iter().any(|each| each == name) {
            return Ok(());
        }
        Err(format!("no issuer is called {name:?}; there are: {}", known.join(", ")))
    }

    /// Every client. The hosts of one mock are set up alike.
    pub(crate) fn clients(&self) -> Vec<Client> {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).setup.clients.clone())
            .unwrap_or_default()
    }

    /// Everybody who can approve.
    pub(crate) fn users(&self) -> Vec<User> {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).setup.users.clone()).unwrap_or_default()
    }

    /// Registers a client on every host, in place of one with the same id. Whether there was one.
    pub(crate) fn put_client(&self, client: &Client) -> bool {
        self.on_every_host(|idp| idp.put_client(client.clone()))
    }

    /// Forgets a client on every host. Whether there was one.
    pub(crate) fn remove_client(&self, id: &str) -> bool {
        self.on_every_host(|idp| idp.remove_client(id))
    }

    /// Lets somebody sign in on every host, in place of one of the same name. Whether there was one.
    pub(crate) fn put_user(&self, user: &User) -> bool {
        self.on_every_host(|idp| idp.put_user(user.clone()))
    }

    /// Forgets somebody on every host. Whether there was one.
    pub(crate) fn remove_user(&self, username: &str) -> bool {
        self.on_every_host(|idp| idp.remove_user(username))
    }

    /// Every authorization server of Okta's beside the org's own.
    pub(crate) fn authorization_servers(&self) -> Vec<AuthorizationServer> {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).setup.authorization_servers.clone())
            .unwrap_or_default()
    }

    /// Opens an authorization server, in place of one with the same id. Whether there was one.
    pub(crate) fn put_authorization_server(&self, server: &AuthorizationServer) -> bool {
        self.on_every_host(|idp| idp.put_authorization_server(server.clone()))
    }

    /// Closes an authorization server. Whether there was one.
    pub(crate) fn remove_authorization_server(&self, id: &str) -> bool {
        self.on_every_host(|idp| idp.remove_authorization_server(id))
    }

    /// What the hosts assume where nobody knows.
    pub(crate) fn assumptions(&self) -> Assumptions {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).setup.assumptions).unwrap_or_default()
    }

    pub(crate) fn assume(&self, assumptions: Assumptions) {
        for host in &self.hosts {
            lock(&host.idp).assume(assumptions);
        }
    }

    pub(crate) fn rate_limits(&self) -> RateLimits {
        let host = self.hosts.first();
        host.map(|host| lock(&host.idp).setup.rate_limits.clone())
            .unwrap_or_default()
    }

    pub(crate) fn change_rate_limits(&self, changes: &RateLimits) {
        for host in &self.hosts {
            lock(&host.idp).change_rate_limits(changes.clone());
        }
    }

    /// Whether pages of this origin are registered.
    pub(crate) fn is_page_origin(&self, origin: &str) -> bool {
        self.hosts
            .first()
            .is_some_and(|host| lock(&host.idp).setup.page_origins.iter().any(|each| each == origin))
    }

    pub(crate) fn approve(&self, user_code: &str, username: Option<&str>) -> Result<(), ControlError> {
        self.on_grant(user_code, |idp, now| idp.approve(now, user_code, username))
    }

    pub(crate) fn deny(&self, user_code: &str) -> Result<(), ControlError> {
        self.on_grant(user_code, |idp, now| idp.deny(now, user_code))
    }

    pub(crate) fn expire(&self, user_code: &str) -> Result<(), ControlError> {
        self.on_grant(user_code, |idp, now| idp.expire(now, user_code))
    }

    /// Puts everything back to what it was at the start.
    pub(crate) fn reset(&self) {
        for host in &self.hosts {
            lock(&host.idp).reset();
        }
        self.faults.reset_to(&self.first_faults);
        self.journal().clear();
        self.turn_clock(Clock::reset);
    }

    /// Does the same to every host. Whether it was so for any.
    fn on_every_host(&self, run: impl Fn(&mut Idp) -> bool) -> bool {
        let answers = self.hosts.iter().map(|host| run(&mut lock(&host.idp)));
        answers.filter(|answer| *answer).count() > 0
    }

    /// Asks one host after the other, until one knows the code.
    fn on_grant<T>(
        &self,
        user_code: &str,
        run: impl Fn(&mut Idp, Instant) -> Result<T, ControlError>,
    ) -> Result<T, ControlError> {
        let now = self.clock().now();
        let mut answers = self.hosts.iter().map(|host| run(&mut lock(&host.idp), now));
        answers
            .find(|answer| !matches!(answer, Err(ControlError::UnknownUserCode(_))))
            .unwrap_or_else(|| Err(ControlError::UnknownUserCode(user_code.to_owned())))
    }
}

/// The lock, also after another thread panicked under it: a mock keeps answering.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The URL of a listener; one on every address is reached by loopback.
pub(super) fn base(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => format!("http://127.0.0.1:{}", address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => format!("http://[::1]:{}", address.port()),
        _ => format!("http://{address}"),
    }
}
