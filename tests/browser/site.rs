//! A page served on loopback: the least that lets the driver be tried without anything of ours.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Serves one HTML text at every path, until the test ends, and returns the address.
pub(crate) fn serve(html: impl Into<String>) -> String {
    let html: String = html.into();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let html = html.clone();
            // A browser opens connections ahead of need and leaves them silent, so each has its own thread.
            thread::spawn(move || answer(&stream, &html));
        }
    });
    format!("http://{address}/")
}

fn answer(mut stream: &TcpStream, html: &str) {
    let request = BufReader::new(stream).lines().map_while(Result::ok);
    if request.take_while(|line| !line.is_empty()).count() == 0 {
        return;
    }
    let length = html.len();
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {length}\r\n");
    // A browser that has gone away is no failure of the site.
    let _ = write!(stream, "{head}Connection: close\r\n\r\n{html}");
}
