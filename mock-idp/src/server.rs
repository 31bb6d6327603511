//! The mock on sockets: one listener for each product, and one for control.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use tokio::runtime::{Handle, Runtime};

use crate::clock::{Clock, VIRTUAL_START};
use crate::idp::{ControlError, GrantView, Idp};
use crate::keys::Rs256Signer;
use crate::personality::Product;
use crate::setup::{Client, Setup, User};
use crate::signer::Signer;
use crate::time::Instant;
use crate::{control, routes};

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

/// What a [`MockIdp`] will be like.
#[derive(Clone)]
pub struct MockIdpBuilder {
    addresses: Vec<(Product, SocketAddr)>,
    control: SocketAddr,
    seed: u64,
    page_origins: Vec<String>,
    clients: Option<Vec<Client>>,
    users: Option<Vec<User>>,
    frozen_at: Option<Instant>,
    signer: Option<Arc<dyn Signer>>,
}

/// Why a [`MockIdp`] did not start.
#[derive(Debug)]
pub enum StartError {
    /// An address could not be bound. The text names its option: `okta`, `authentik`, `rfc` or `control`.
    Bind(&'static str, SocketAddr, io::Error),
    /// The threads that serve could not be made.
    Threads(io::Error),
    /// The signing key was refused.
    Key,
}

impl fmt::Display for StartError {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Bind(option, address, problem) => {
                write!(
                    out,
                    "cannot listen on {address}: {problem}; choose another address with --{option}"
                )
            }
            Self::Threads(problem) => write!(out, "cannot start threads: {problem}"),
            Self::Key => write!(out, "the signing key was refused"),
        }
    }
}

impl std::error::Error for StartError {}

impl MockIdp {
    /// Every product on free loopback ports, the published test-only key, seed 0, the system's clock.
    pub fn builder() -> MockIdpBuilder {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        MockIdpBuilder {
            addresses: Product::ALL.map(|product| (product, free)).to_vec(),
            control: free,
            seed: 0,
            page_origins: Vec::new(),
            clients: None,
            users: None,
            frozen_at: None,
            signer: None,
        }
    }

    /// Names and URLs of all issuers: `okta-org`, `okta-custom-as`, `authentik`, `rfc`.
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
        self.shared.advance(span);
    }

    /// Forgets grants, tokens, throttles and browser sessions, and puts the clock back.
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

impl MockIdpBuilder {
    /// Where a product listens; port 0 takes a free one.
    #[must_use]
    pub fn address(mut self, product: Product, address: SocketAddr) -> Self {
        for (each, kept) in &mut self.addresses {
            if *each == product {
                *kept = address;
            }
        }
        self
    }

    /// Where control listens; port 0 takes a free one.
    #[must_use]
    pub fn control_address(mut self, address: SocketAddr) -> Self {
        self.control = address;
        self
    }

    /// The same seed yields the same codes and tokens.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Registers a page's origin: Okta's Trusted Origins (O-108), authentik's redirect URIs (A-90).
    #[must_use]
    pub fn page_origin(mut self, origin: &str) -> Self {
        self.page_origins.push(origin.trim_end_matches('/').to_owned());
        self
    }

    /// Replaces the clients; else there is one, `tv`.
    #[must_use]
    pub fn clients(mut self, clients: Vec<Client>) -> Self {
        self.clients = Some(clients);
        self
    }

    /// Replaces the users; else there is one, `jane` with password `password`.
    #[must_use]
    pub fn users(mut self, users: Vec<User>) -> Self {
        self.users = Some(users);
        self
    }

    /// Freezes the clock at a fixed moment; only [`MockIdp::advance`] moves it.
    #[must_use]
    pub fn virtual_clock(mut self) -> Self {
        self.frozen_at = Some(VIRTUAL_START);
        self
    }

    /// Signs with another key than the published test-only one.
    #[must_use]
    pub fn signer(mut self, signer: Arc<dyn Signer>) -> Self {
        self.signer = Some(signer);
        self
    }

    /// Binds every address and starts to answer.
    pub fn start(self) -> Result<MockIdp, StartError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let signer = match self.signer {
            Some(signer) => signer,
            None => Arc::new(Rs256Signer::test_only().map_err(|_| StartError::Key)?),
        };
        let mut setup = Setup::demo(signer);
        setup.seed = self.seed;
        setup.page_origins = self.page_origins;
        setup.clients = self.clients.unwrap_or(setup.clients);
        setup.users = self.users.unwrap_or(setup.users);

        let mut hosts = Vec::new();
        let mut listeners = Vec::new();
        for (product, address) in self.addresses {
            let (listener, address) = bind(product.name(), address)?;
            listeners.push((product, listener));
            hosts.push(Host {
                product,
                address,
                idp: Mutex::new(Idp::new(product, setup.clone())),
            });
        }
        let (control_listener, control) = bind("control", self.control)?;
        let shared = Arc::new(Shared {
            hosts,
            clock: Mutex::new(Clock::new(self.frozen_at)),
        });
        for (product, listener) in listeners {
            serve(&runtime, listener, routes::host(&shared, product)).map_err(StartError::Threads)?;
        }
        serve(&runtime, control_listener, control::router(Arc::clone(&shared))).map_err(StartError::Threads)?;
        Ok(MockIdp {
            shared,
            control,
            runtime: Some(runtime),
        })
    }
}

/// The state behind every listener.
#[derive(Debug)]
pub(crate) struct Shared {
    hosts: Vec<Host>,
    clock: Mutex<Clock>,
}

#[derive(Debug)]
struct Host {
    product: Product,
    address: SocketAddr,
    idp: Mutex<Idp>,
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

    pub(crate) fn advance(&self, span: Duration) {
        lock(&self.clock).advance(span);
    }

    pub(crate) fn issuers(&self) -> Vec<(String, String)> {
        let named = self
            .hosts
            .iter()
            .flat_map(|host| lock(&host.idp).issuers(&base(host.address)));
        named.map(|(name, url)| (name.to_owned(), url)).collect()
    }

    pub(crate) fn grants(&self) -> Vec<GrantView> {
        let now = self.clock().now();
        let mut grants: Vec<_> = self.hosts.iter().flat_map(|host| lock(&host.idp).grants(now)).collect();
        grants.sort_by_key(|grant| grant.issued_at);
        grants
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

    pub(crate) fn reset(&self) {
        for host in &self.hosts {
            lock(&host.idp).reset();
        }
        lock(&self.clock).reset();
    }

    /// Asks one host after the other, until one knows the code.
    fn on_grant(
        &self,
        user_code: &str,
        run: impl Fn(&mut Idp, Instant) -> Result<(), ControlError>,
    ) -> Result<(), ControlError> {
        let now = self.clock().now();
        let unknown = || ControlError::UnknownUserCode(user_code.to_owned());
        let answers = self.hosts.iter().map(|host| run(&mut lock(&host.idp), now));
        answers
            .into_iter()
            .find(|answer| *answer != Err(unknown()))
            .unwrap_or_else(|| Err(unknown()))
    }
}

/// The lock, also after another thread panicked under it: a mock keeps answering.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn bind(option: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listen = || {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listen().map_err(|problem| StartError::Bind(option, address, problem))
}

fn serve(runtime: &Runtime, listener: TcpListener, router: Router) -> io::Result<()> {
    let _context = runtime.enter();
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    runtime.spawn(async move { axum::serve(listener, service).await });
    Ok(())
}

/// The URL of a listener; one on every address is reached by loopback.
fn base(address: SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => format!("http://127.0.0.1:{}", address.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => format!("http://[::1]:{}", address.port()),
        _ => format!("http://{address}"),
    }
}
