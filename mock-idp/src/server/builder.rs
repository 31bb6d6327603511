//! How a mock is described and started.

use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use axum::Router;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::Runtime;
use tokio::sync::Notify;

use super::MockIdp;
use super::door::{Door, Peer};
use super::shared::{Host, Shared};
use crate::clock::{Beginning, Clock, VIRTUAL_START};
use crate::fault::Faults;
use crate::idp::Idp;
use crate::journal::{Journal, USUAL_LENGTH};
use crate::keys::Rs256Signer;
use crate::personality::{Assumptions, AuthentikVersion, Product};
use crate::setup::{AuthorizationServer, Client, Flows, RateLimits, Setup, User};
use crate::signer::Signer;
use crate::time::Instant;
use crate::{control, cors, routes};

/// So many callers may knock before the first of them is let in.
const BACKLOG: u32 = 1024;

/// What a [`MockIdp`] will be like.
#[derive(Clone)]
pub struct MockIdpBuilder {
    addresses: Vec<(Product, SocketAddr)>,
    control: SocketAddr,
    seed: u64,
    page_origins: Vec<String>,
    clients: Option<Vec<Client>>,
    users: Option<Vec<User>>,
    authorization_servers: Option<Vec<AuthorizationServer>>,
    authentik_version: AuthentikVersion,
    flows: Flows,
    beginning: Beginning,
    skew: i64,
    faults: Faults,
    assumptions: Assumptions,
    rate_limits: RateLimits,
    journal: usize,
    signer: Option<Arc<dyn Signer>>,
}

/// Why a [`MockIdp`] did not start.
#[derive(Debug)]
pub enum StartError {
    /// An address could not be bound. The text names its option: a product's name or `control`.
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

impl MockIdpBuilder {
    pub(super) fn new() -> Self {
        let free = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        Self {
            addresses: Product::ALL.map(|product| (product, free)).to_vec(),
            control: free,
            seed: 0,
            page_origins: Vec::new(),
            clients: None,
            users: None,
            authorization_servers: None,
            authentik_version: AuthentikVersion::default(),
            flows: Flows::default(),
            beginning: Beginning::default(),
            skew: 0,
            faults: Faults::default(),
            assumptions: Assumptions::default(),
            rate_limits: RateLimits::default(),
            journal: USUAL_LENGTH,
            signer: None,
        }
    }

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

    /// Registers a page's origin: Okta's Trusted Origins (O-108), authentik's redirect URIs.
    #[must_use]
    pub fn page_origin(mut self, origin: &str) -> Self {
        self.page_origins.push(cors::origin(origin));
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

    /// Replaces Okta's custom authorization servers; else there is one, `default`, that allows everything.
    #[must_use]
    pub fn authorization_servers(mut self, servers: Vec<AuthorizationServer>) -> Self {
        self.authorization_servers = Some(servers);
        self
    }

    /// What flows authentik has for devices; one that asks for consent by default.
    #[must_use]
    pub fn flows(mut self, flows: Flows) -> Self {
        self.flows = flows;
        self
    }

    /// Which authentik the authentik is; 2026.2 by default.
    #[must_use]
    pub fn authentik_version(mut self, version: AuthentikVersion) -> Self {
        self.authentik_version = version;
        self
    }

    /// How products behave where nobody has verified it; as the README assumes by default.
    #[must_use]
    pub fn assumptions(mut self, assumptions: Assumptions) -> Self {
        self.assumptions = assumptions;
        self
    }

    /// How many requests the products take; as many as the real ones by default.
    #[must_use]
    pub fn rate_limits(mut self, rate_limits: RateLimits) -> Self {
        self.rate_limits = rate_limits;
        self
    }

    /// Freezes the clock at a fixed moment; only [`MockIdp::advance`] moves it.
    #[must_use]
    pub fn virtual_clock(self) -> Self {
        self.begins_at(VIRTUAL_START).frozen_clock()
    }

    /// Lets the clock begin at another moment than the system's.
    #[must_use]
    pub fn begins_at(mut self, moment: Instant) -> Self {
        self.beginning.now = Some(moment);
        self
    }

    /// Freezes the clock from the start.
    #[must_use]
    pub fn frozen_clock(mut self) -> Self {
        self.beginning.frozen = true;
        self
    }

    /// Makes tokens and `Date` headers tell a time so many seconds ahead of the mock's clock; deadlines stay.
    #[must_use]
    pub fn skew(mut self, seconds: i64) -> Self {
        self.skew = seconds;
        self
    }

    /// Copies scenarios and scripts, to be on from the start and again after every reset.
    #[must_use]
    pub fn faults(mut self, faults: &Faults) -> Self {
        self.faults = faults.copied();
        self
    }

    /// How many requests the journal keeps, 10,000 by default; with 0 nothing is kept and nobody judged.
    #[must_use]
    pub fn journal(mut self, length: usize) -> Self {
        self.journal = length;
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
        // One thread: a host answers one request at a time, and handing connections to another costs more than it saves.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(StartError::Threads)?;
        let signer = match self.signer {
            Some(signer) => signer,
            None => Arc::new(Rs256Signer::test_only().map_err(|_| StartError::Key)?),
        };
        let mut setup = Setup::demo(signer);
        setup.seed = self.seed;
        setup.skew = self.skew;
        setup.faults = self.faults.copied();
        setup.authentik_version = self.authentik_version;
        setup.flows = self.flows;
        setup.assumptions = self.assumptions;
        setup.rate_limits = self.rate_limits;
        setup.page_origins = self.page_origins;
        setup.clients = self.clients.unwrap_or(setup.clients);
        setup.users = self.users.unwrap_or(setup.users);
        setup.authorization_servers = self.authorization_servers.unwrap_or(setup.authorization_servers);

        let context = runtime.enter();
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
            first_faults: setup.faults.copied(),
            faults: setup.faults,
            journal: Mutex::new(Journal::new(self.journal)),
            journal_grew: Notify::new(),
            clock: Mutex::new(Clock::new(self.beginning)),
            clock_moved: Notify::new(),
        });
        for (product, listener) in listeners {
            serve(&runtime, listener, routes::host(&shared, product));
        }
        serve(&runtime, control_listener, control::router(Arc::clone(&shared)));
        drop(context);
        Ok(MockIdp {
            shared,
            control,
            runtime: Some(runtime),
        })
    }
}

fn bind(option: &'static str, address: SocketAddr) -> Result<(TcpListener, SocketAddr), StartError> {
    let listen = || {
        let socket = match address {
            SocketAddr::V4(_) => TcpSocket::new_v4(),
            SocketAddr::V6(_) => TcpSocket::new_v6(),
        }?;
        // A mock that was just stopped leaves its ports at once. On Windows this would share a port instead.
        #[cfg(unix)]
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        let listener = socket.listen(BACKLOG)?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    };
    listen().map_err(|problem| StartError::Bind(option, address, problem))
}

fn serve(runtime: &Runtime, listener: TcpListener, router: Router) {
    let service = router.into_make_service_with_connect_info::<Peer>();
    runtime.spawn(async move { axum::serve(Door::new(listener), service).await });
}
