//! HTTP/1.1 on one connection that stays open: just enough, and light enough, to put load on a server.

use std::net::SocketAddr;

use axum::http::Uri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// No answer that is measured comes near it, in bytes.
const ANSWER_LIMIT: usize = 64 * 1024;

/// A place on a server.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) address: SocketAddr,
    path: String,
}

/// One keep-alive connection, with at most one request under way.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer, for as long as nothing else is asked.
pub(crate) struct Answer<'a> {
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

impl Place {
    /// Reads `http://127.0.0.1:PORT/path`.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        let wrong = |problem: &dyn std::fmt::Display| format!("{url:?} is not http://ADDRESS:PORT/path: {problem}");
        let uri: Uri = url.parse().map_err(|problem| wrong(&problem))?;
        let authority = uri.authority().ok_or_else(|| wrong(&"no host"))?;
        Ok(Self {
            address: authority.as_str().parse().map_err(|problem| wrong(&problem))?,
            path: uri.path().to_owned(),
        })
    }

    /// A place below this one.
    pub(crate) fn join(&self, path: &str) -> Self {
        let path = format!("{}{path}", self.path.trim_end_matches('/'));
        Self { path, ..*self }
    }

    /// A `GET`, as bytes.
    pub(crate) fn get(&self) -> Vec<u8> {
        let Self { address, path } = self;
        format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n").into_bytes()
    }

    /// A form `POST`, as bytes; without fields it has no body.
    pub(crate) fn post(&self, fields: &[(&str, &str)]) -> Vec<u8> {
        let Self { address, path } = self;
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let length = form.len();
        let media_type = if form.is_empty() {
            ""
        } else {
            "Content-Type: application/x-www-form-urlencoded\r\n"
        };
        format!("POST {path} HTTP/1.1\r\nHost: {address}\r\n{media_type}Content-Length: {length}\r\n\r\n{form}").into()
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> Result<Self, String> {
        let open = async {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            Ok(stream)
        };
        let stream = open
            .await
            .map_err(|problem: std::io::Error| format!("no connection to {address}: {problem}"))?;
        Ok(Self {
            stream,
            buffer: vec![0; ANSWER_LIMIT],
        })
    }

    pub(crate) async fn exchange(&mut self, request: &[u8]) -> Result<Answer<'_>, String> {
        self.stream
            .write_all(request)
            .await
            .map_err(|problem| format!("the request was not taken: {problem}"))?;
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await;
            match read.map_err(|problem| format!("the answer broke off: {problem}"))? {
                0 if filled == self.buffer.len() => return Err(format!("an answer is over {ANSWER_LIMIT} bytes")),
                0 => return Err("the server closed the connection".to_owned()),
                more => filled += more,
            }
            if let Some((status, body)) = whole(&self.buffer[..filled])? {
                let body = &self.buffer[body..filled];
                return Ok(Answer { status, body });
            }
        }
    }
}

/// Status, and where the body starts, once the answer is there to its end.
fn whole(bytes: &[u8]) -> Result<Option<(u16, usize)>, String> {
    let mut headers = [httparse::EMPTY_HEADER; 32];
    let mut head = httparse::Response::new(&mut headers);
    let parsed = head
        .parse(bytes)
        .map_err(|problem| format!("not an HTTP answer: {problem}"))?;
    let (httparse::Status::Complete(start), Some(status)) = (parsed, head.code) else {
        return Ok(None);
    };
    let length = head
        .headers
        .iter()
        .find(|header| header.name.eq_ignore_ascii_case("content-length"))
        .and_then(|header| std::str::from_utf8(header.value).ok()?.parse().ok());
    let length: usize = match length {
        Some(length) => length,
        None if status == 204 => 0,
        None => return Err(format!("the answer {status} has no Content-Length")),
    };
    match bytes.len() - start {
        there if there < length => Ok(None),
        there if there == length => Ok(Some((status, start))),
        there => Err(format!("{} bytes follow an answer of {length}", there - length)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, whole};

    #[test]
    fn requests_are_spelt_as_http_has_them() {
        let token = Place::parse("http://127.0.0.1:8630/token").expect("a place");
        assert_eq!(
            String::from_utf8(token.post(&[("client_id", "tv"), ("scope", "a b")])).expect("text"),
            "POST /token HTTP/1.1\r\nHost: 127.0.0.1:8630\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: 22\r\n\r\nclient_id=tv&scope=a+b"
        );
        let base = Place::parse("http://127.0.0.1:8620").expect("a place");
        assert_eq!(
            String::from_utf8(base.join("/reset").post(&[])).expect("text"),
            "POST /reset HTTP/1.1\r\nHost: 127.0.0.1:8620\r\nContent-Length: 0\r\n\r\n"
        );
        assert!(base.get().starts_with(b"GET / HTTP/1.1\r\n"));
        assert!(Place::parse("/token").is_err());
    }

    #[test]
    fn an_answer_is_whole_when_its_last_byte_is_there() {
        let answer = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\n\r\n{}";
        for part in 0..answer.len() {
            assert_eq!(whole(&answer[..part]), Ok(None), "{part} bytes");
        }
        assert_eq!(whole(answer), Ok(Some((400, answer.len() - 2))));
        assert_eq!(whole(b"HTTP/1.1 204 No Content\r\n\r\n"), Ok(Some((204, 27))));
        assert!(whole(b"HTTP/1.1 200 OK\r\n\r\n").is_err(), "chunks are not read");
        assert!(
            whole(b"HTTP/1.1 204 No Content\r\n\r\nHTTP").is_err(),
            "nothing was asked"
        );
    }
}
