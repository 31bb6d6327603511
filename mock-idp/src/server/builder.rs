//! How a mock is described and started.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::Notify;
use tower::Service;

use super::MockIdp;
use super::door::{Door, Peer};
use super::patience::Patience;
use super::shared::{Host, Shared};
use crate::clock::{Clock, VIRTUAL_START};
use crate::config::{Config, Listeners, PageOrigin};
use crate::fault::FaultError;
use crate::idp::{BODY_LIMIT, Idp};
use crate::journal::Journal;
use crate::personality::{Assumptions, AuthentikVersion, Product};
use crate::setup::{AuthorizationServer, Client, Flows, RateLimits, User};
use crate::signer::Signer;
use crate::{control, routes};

/// So many callers may knock before the first of them is let in.
const BACKLOG: u32 = 1024;

/// What a [`MockIdp`] will be like.
#[derive(Clone)]
pub struct MockIdpBuilder {
    config: Config,
    signer: Option<Arc<dyn Signer>>,
    patience: Patience,
}

/// Why a [`MockIdp`] did not start.
#[derive(Debug)]
pub enum StartError {
    /// An address could not be bound. The text names its option: a product's name or `control`.
    Bind(&'static str, SocketAddr, io::Error),
    /// The threads that serve could not be made.
    Threads(io::Error),
    /// A signing key was refused, or could not be made.
    Key,
    /// A scenario or script of the configuration cannot be switched on.
    Fault(FaultError),
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
            Self::Key => write!(out, "a signing key was refused, or could not be made"),
            Self::Fault(problem) => write!(out, "{problem}"),
        }
    }
}

impl std::error::Error for StartError {}

impl MockIdpBuilder {
    pub(super) fn new() -> Self {
        let config = Config {
            listen: Listeners::free(),
            ..Config::default()
        };
        Self {
            config,
            signer: None,
            patience: Patience::default(),
        }
    }

    /// Replaces everything but the signer, addresses too.
    #[must_use]
    pub fn config(mut self, config: Config) -> Self {
        self.config = config;
        self
    }

    /// Lets everything listen on free ports of loopback, as it does without a [configuration](Self::config).
    #[must_use]
    pub fn free_ports(mut self) -> Self {
        self.config.listen = Listeners::free();
        self
    }

    /// Where a product listens; port 0 takes a free one.
    #[must_use]
    pub fn address(mut self, product: Product, address: SocketAddr) -> Self {
        self.config.listen.set(product, address);
        self
    }

    /// Where control listens; port 0 takes a free one.
    #[must_use]
    pub fn control_address(mut self, address: SocketAddr) -> Self {
        self.config.listen.control = address;
        self
    }

    /// The same seed yields the same codes and tokens.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.config.seed = Some(seed);
        self
    }

    /// Registers a page's origin: Okta's Trusted Origins (O-108), authentik's redirect URIs.
    #[must_use]
    pub fn page_origin(mut self, origin: &str) -> Self {
        self.config.page_origins.push(PageOrigin::as_sent(origin));
        self
    }

    /// Replaces the clients; else there is one, `tv`.
    #[must_use]
    pub fn clients(mut self, clients: Vec<Client>) -> Self {
        self.config.clients = clients;
        self
    }

    /// Replaces the users; else there is one, `jane` with password `password`.
    #[must_use]
    pub fn users(mut self, users: Vec<User>) -> Self {
        self.config.users = users;
        self
    }

    /// Replaces Okta's custom authorization servers; else there is one, `default`, that allows everything.
    #[must_use]
    pub fn authorization_servers(mut self, servers: Vec<AuthorizationServer>) -> Self {
        self.config.authorization_servers = servers;
        self
    }

    /// What flows authentik has for devices; one that asks for consent by default.
    #[must_use]
    pub fn flows(mut self, flows: Flows) -> Self {
        self.config.flows = flows;
        self
    }

    /// Which authentik the authentik is; 2026.2 by default.
    #[must_use]
    pub fn authentik_version(mut self, version: AuthentikVersion) -> Self {
        self.config.authentik_version = version;
        self
    }

    /// How products behave where nobody has verified it; as the README assumes by default.
    #[must_use]
    pub fn assumptions(mut self, assumptions: Assumptions) -> Self {
        self.config.assumptions = assumptions;
        self
    }

    /// How many requests the products take; as many as the real ones by default.
    #[must_use]
    pub fn rate_limits(mut self, rate_limits: RateLimits) -> Self {
        self.config.rate_limits = rate_limits;
        self
    }

    /// Freezes the clock at a fixed moment; only [`MockIdp::advance`] moves it.
    #[must_use]
    pub fn virtual_clock(mut self) -> Self {
        self.config.clock.now = Some(VIRTUAL_START.seconds());
        self.config.clock.frozen = true;
        self
    }

    /// How many requests the journal keeps, 10,000 by default; with 0 nothing is kept and nobody judged.
    #[must_use]
    pub fn journal(mut self, length: usize) -> Self {
        self.config.journal = length;
        self
    }

    /// Signs with another key than the published test-only one.
    #[must_use]
    pub fn signer(mut self, signer: Arc<dyn Signer>) -> Self {
        self.signer = Some(signer);
        self
    }

    /// How long a caller may take for a head and for a body, in real time. For the mock's own tests, and no promise.
    #[doc(hidden)]
    #[must_use]
    pub fn patience(mut self, head: Duration, body: Duration) -> Self {
        self.patience = Patience { head, body };
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
        let config = self.config;
        let mut setup = config.setup(match self.signer {
            Some(signer) => signer,
            None => config.keys.signer()?,
        });
        setup.retired_signers = config.keys.retired_signers()?;
        setup.faults = config.faults().map_err(StartError::Fault)?;

        let context = runtime.enter();
        let mut hosts = Vec::new();
        let mut listeners = Vec::new();
        for (product, address) in config.listen.products() {
            let (listener, address) = bind(product.name(), address)?;
            listeners.push((product, listener));
            hosts.push(Host {
                product,
                address,
                idp: Mutex::new(Idp::new(product, setup.clone())),
            });
        }
        let (control_listener, control) = bind("control", config.listen.control)?;
        let shared = Arc::new(Shared {
            hosts,
            first_faults: setup.faults.copied(),
            faults: setup.faults,
            journal: Mutex::new(Journal::new(config.journal)),
            journal_grew: Notify::new(),
            clock: Mutex::new(Clock::new(config.clock.into())),
            clock_moved: Notify::new(),
        });
        for (product, listener) in listeners {
            // Every path of a host is its product's.
            let shared = Arc::clone(&shared);
            let answer = move |peer, request| routes::answer(Arc::clone(&shared), product, Some(peer), request);
            runtime.spawn(serve(Door::new(listener), self.patience, BODY_LIMIT, answer));
        }
        let router = control::router(Arc::clone(&shared));
        let answer = move |_, request: http::Request<Body>| {
            let answer = router.clone().call(request);
            async { answer.await.unwrap_or_else(|never| match never {}) }
        };
        let door = Door::new(control_listener);
        runtime.spawn(serve(door, self.patience, control::LARGEST_BODY, answer));
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

/// Answers whoever comes in, each on a task of their own.
async fn serve<A, F>(mut door: Door, patience: Patience, limit: usize, answer: A)
where
    A: Fn(Peer, http::Request<Body>) -> F + Clone + Send + 'static,
    F: Future<Output = http::Response<Body>> + Send,
{
    loop {
        let (connection, address) = door.accept().await;
        let line = connection.line();
        let answer = answer.clone();
        let service = service_fn(move |request| {
            let answer = answer.clone();
            let line = line.clone();
            async move {
                let response = match patience.receive(request, limit).await {
                    Ok(request) => answer(Peer { address, line }, request).await,
                    Err(too_late) => too_late,
                };
                Ok::<_, Infallible>(response)
            }
        });
        tokio::spawn(patience.http().serve_connection(TokioIo::new(connection), service));
    }
}
