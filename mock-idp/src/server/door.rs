//! Who comes in: so many connections at once, and a short, clear answer for those that are too many.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{self, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

use super::line::{Connection, Line};

/// So many connections are served at once on one listener, so that all of a mock's fit the usual limit of 1,024 files.
const SEATS: usize = 160;

/// So many callers are told at once that there is no room, and waited for; those beyond are told and disconnected.
const FAREWELLS: usize = 32;

/// How long somebody may take to read that there is no room.
const FAREWELL: Duration = Duration::from_secs(2);

const NO_ROOM: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nRetry-After: 1\r\n\
    Content-Length: 63\r\nConnection: close\r\n\r\n\
    160 connections are open; close some, or use them for longer.\r\n";

/// A listener with a limit.
pub(super) struct Door {
    listener: TcpListener,
    seats: Arc<Semaphore>,
    farewells: Arc<Semaphore>,
}

impl Door {
    pub(super) fn new(listener: TcpListener) -> Self {
        Self {
            listener,
            seats: Arc::new(Semaphore::new(SEATS)),
            farewells: Arc::new(Semaphore::new(FAREWELLS)),
        }
    }

    /// The next one for whom there is a seat.
    pub(super) async fn accept(&mut self) -> (Connection, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok((stream, address)) => match Arc::clone(&self.seats).try_acquire_owned() {
                    Ok(seat) => return (Connection::new(stream, seat), address),
                    Err(_) => self.turn_away(stream),
                },
                // Out of files or memory: the next attempt may do.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    fn turn_away(&self, stream: TcpStream) {
        if let Ok(farewell) = Arc::clone(&self.farewells).try_acquire_owned() {
            tokio::spawn(async move {
                let _ = tokio::time::timeout(FAREWELL, say_no_room(stream)).await;
                drop(farewell);
            });
        } else {
            // Whoever is gone already need not be told.
            let _ = say_no_room_and_leave(stream);
        }
    }
}

/// Reads until the other side is done, because closing over unread bytes would take the answer back (TCP reset).
async fn say_no_room(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(NO_ROOM).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// Waits for nobody. What has arrived is read, because closing over it would take the answer back.
fn say_no_room_and_leave(stream: TcpStream) -> io::Result<()> {
    // It does not block, and the answer fits what the system holds for a connection that is new.
    let mut stream = stream.into_std()?;
    stream.write_all(NO_ROOM)?;
    stream.shutdown(Shutdown::Write)?;
    let mut unread = [0; 16 * 1024];
    for _ in 0..4 {
        if stream.read(&mut unread)? == 0 {
            break;
        }
    }
    Ok(())
}

/// Whoever is at the other end, and the line to them.
#[derive(Clone)]
pub(crate) struct Peer {
    pub(crate) address: SocketAddr,
    pub(crate) line: Line,
}

#[cfg(test)]
mod tests {
    use super::{NO_ROOM, SEATS};

    #[test]
    fn the_farewell_is_as_long_as_it_says_and_names_the_limit() {
        let text = std::str::from_utf8(NO_ROOM).unwrap_or_default();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or_default();
        assert!(
            head.contains(&format!("Content-Length: {}\r\n", body.len())),
            "{}",
            body.len()
        );
        assert!(body.starts_with(&SEATS.to_string()));
    }
}
