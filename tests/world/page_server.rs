//! The built page on a socket, as any static web server would serve it, with a `config.json` of the caller's choice.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};

use axum::Router;
use axum::routing::get;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower_http::services::ServeDir;

/// A socket that is ours already, so that its origin can be registered before anything is served.
#[derive(Debug)]
pub struct PageSocket(TcpListener);

/// A page that is served as long as this lives.
#[derive(Debug)]
pub struct PageServer {
    _runtime: Runtime,
}

impl PageSocket {
    /// Takes the address; port 0 takes a free one.
    ///
    /// # Errors
    ///
    /// Those of the system, such as an address in use.
    pub fn bind(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        Ok(Self(listener))
    }

    /// The page's origin, such as `http://127.0.0.1:8080`.
    ///
    /// # Errors
    ///
    /// Those of the system.
    pub fn origin(&self) -> io::Result<String> {
        Ok(format!("http://{}", self.0.local_addr()?))
    }

    /// Serves the built page, and `same_origin` for what it does not have.
    ///
    /// # Errors
    ///
    /// `NotFound` if the page has not been built; else those of the system.
    pub fn serve(self, config: &Value, same_origin: Router) -> io::Result<PageServer> {
        let page = built_page();
        if !page.join("index.html").exists() {
            let text = format!(
                "{} has no page; build it with: npx --yes rust-just build",
                page.display()
            );
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
        let config = config.to_string();
        let config = get(async move || {
            (
                [("content-type", "application/json"), ("cache-control", "no-store")],
                config,
            )
        });
        let routes = same_origin
            .route("/config.json", config)
            .fallback_service(ServeDir::new(page));
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()?;
        let listener = {
            let _inside = runtime.enter();
            tokio::net::TcpListener::from_std(self.0)?
        };
        runtime.spawn(async move { axum::serve(listener, routes).await });
        Ok(PageServer { _runtime: runtime })
    }
}

/// Where `just build` leaves the page.
fn built_page() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/dist")
}
