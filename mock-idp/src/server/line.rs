//! One connection, and a handle by which an answer can break it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;

/// A TCP connection that can be broken from outside.
pub(super) struct Connection {
    stream: TcpStream,
    line: Line,
    _seat: OwnedSemaphorePermit,
}

/// The handle of a connection.
#[derive(Clone, Default)]
pub(crate) struct Line(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    cut: Option<Cut>,
    waiting: Option<Waker>,
}

/// How a connection is broken.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// Closed, as by a server that stops.
    Close,
    /// Reset (TCP RST), as by a router that forgot it.
    Reset,
}

impl Line {
    /// Breaks the connection, whatever it is doing.
    pub(crate) fn cut(&self, cut: Cut) {
        let waiting = {
            let mut state = self.state();
            state.cut = Some(cut);
            state.waiting.take()
        };
        if let Some(waiting) = waiting {
            waiting.wake();
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    pub(super) fn new(stream: TcpStream, seat: OwnedSemaphorePermit) -> Self {
        // Answers are small and complete: nothing is gained by holding them back.
        let _ = stream.set_nodelay(true);
        Self {
            stream,
            line: Line::default(),
            _seat: seat,
        }
    }

    pub(super) fn line(&self) -> Line {
        self.line.clone()
    }

    /// Fails once the line is cut; else sees to it that a cut wakes this task.
    fn check(&self, context: &Context) -> io::Result<()> {
        let mut state = self.line.state();
        if state.cut.is_some() {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        state.waiting = Some(context.waker().clone());
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if matches!(self.line.state().cut, Some(Cut::Reset)) {
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context, buffer: &mut ReadBuf) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context,
        bytes: &[io::IoSlice],
    ) -> Poll<io::Result<usize>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_write_vectored(context, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context) -> Poll<io::Result<()>> {
        self.check(context)?;
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
