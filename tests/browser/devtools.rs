//! The DevTools protocol on one page's own websocket: a command, its answer, and the events in between.
//!
//! No browser-level calls and no promises awaited on the far side: engines of old televisions know neither.

use std::io::ErrorKind;
use std::net::TcpStream;
use std::time::Duration;

use serde_json::{Value, json};
use tungstenite::{Message, WebSocket};

/// More events than a calm page has to tell at once.
const EVENTS_AT_ONCE: usize = 100;

/// How long the browser may keep silent while it owes an answer. Bounds a failure only.
const ANSWER: Duration = Duration::from_secs(60);

/// A connection to one page.
pub(crate) struct DevTools {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    events: Vec<Value>,
}

impl DevTools {
    /// Connects to a `webSocketDebuggerUrl`.
    pub(crate) fn connect(url: &str) -> Self {
        let host = url.trim_start_matches("ws://").split('/').next().unwrap_or_default();
        let stream = TcpStream::connect(host).expect("the browser listens");
        stream.set_nodelay(true).expect("a socket option");
        let (socket, _) = tungstenite::client(url, stream).expect("the browser speaks websocket");
        Self {
            socket,
            last_id: 0,
            events: Vec::new(),
        }
    }

    /// Sends one command and returns its result, or the browser's complaint.
    pub(crate) fn call(&mut self, method: &str, params: &Value) -> Result<Value, String> {
        self.last_id += 1;
        let command = json!({ "id": self.last_id, "method": method, "params": params });
        self.socket
            .send(Message::text(command.to_string()))
            .expect("the browser reads");
        loop {
            let mut message = self
                .read(ANSWER)
                .unwrap_or_else(|| panic!("the browser does not answer {method}"));
            if message["id"] == self.last_id {
                return match message.get("error") {
                    Some(error) => Err(format!("{method}: {}", error["message"])),
                    None => Ok(message["result"].take()),
                };
            }
            self.events.push(message);
        }
    }

    /// Gathers events until none has come for the given while; a page that never stops talking is interrupted.
    pub(crate) fn listen(&mut self, quiet: Duration) {
        for _ in 0..EVENTS_AT_ONCE {
            let Some(event) = self.read(quiet) else { return };
            self.events.push(event);
        }
    }

    /// Takes the events gathered so far, oldest first.
    pub(crate) fn take_events(&mut self) -> Vec<Value> {
        std::mem::take(&mut self.events)
    }

    /// The next message, or nothing when none comes in time.
    fn read(&mut self, patience: Duration) -> Option<Value> {
        self.socket
            .get_ref()
            .set_read_timeout(Some(patience))
            .expect("a socket option");
        loop {
            match self.socket.read() {
                Ok(Message::Text(text)) => return Some(serde_json::from_str(&text).expect("DevTools sends JSON")),
                Ok(_) => {}
                Err(tungstenite::Error::Io(error))
                    if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) =>
                {
                    return None;
                }
                Err(error) => panic!("the browser is gone: {error}"),
            }
        }
    }
}
