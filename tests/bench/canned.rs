//! A server that does not think: it shows how fast the load generator itself can be.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as Socket};
use std::thread;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::connection::Place;
use crate::device::connections;
use crate::load::{Pace, drive};

/// As short as a pending answer gets (RFC 8628 section 3.5).
const ANSWER: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n\
    Content-Length: 33\r\n\r\n{\"error\":\"authorization_pending\"}";

/// Listens on a thread of its own until the program ends.
pub(crate) struct Canned {
    address: SocketAddr,
}

impl Canned {
    pub(crate) fn start() -> Result<Self, String> {
        let start = || {
            let socket = Socket::bind((Ipv4Addr::LOCALHOST, 0))?;
            socket.set_nonblocking(true)?;
            let address = socket.local_addr()?;
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build()?;
            thread::spawn(move || runtime.block_on(serve(socket)));
            Ok(Self { address })
        };
        start().map_err(|problem: io::Error| format!("cannot listen: {problem}"))
    }

    /// So many polls over so many connections.
    pub(crate) async fn poll(&self, count: usize, lines: usize) -> Result<Pace, String> {
        let place = Place::parse(&format!("http://{}/token", self.address))?;
        let request = place.post(&[
            ("client_id", "tv"),
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", "GmRhmhcxhwAzkoEqiMEg_DnyEysNkuNhszIySk9eS"),
        ]);
        let lines = connections(self.address, lines).await?;
        drive(lines, count, async move |line, _| {
            line.exchange(&request).await.map(|_| ())
        })
        .await
    }
}

async fn serve(socket: Socket) -> io::Result<()> {
    let listener = TcpListener::from_std(socket)?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(stream));
    }
}

/// One answer for each read: the generator writes a request in one piece and waits.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut request = [0; 4096];
    while stream.read(&mut request).await? > 0 {
        stream.write_all(ANSWER).await?;
    }
    Ok(())
}
