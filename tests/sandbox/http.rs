//! HTTP as plainly as it goes: one connection for each request, and every byte in view.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use infusionsoft_sandbox::Server;

/// An answer.
pub(crate) struct Answer {
    /// The status code.
    pub(crate) status: u16,
    /// The status line and the headers.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: String,
}

/// Starts a sandbox.
pub(crate) fn start() -> Server {
    Server::start().expect("the loopback interface has a free port")
}

/// Opens a connection that gives up at some time.
pub(crate) fn connect(server: &Server) -> TcpStream {
    let url = server.url();
    let (authority, _) = url.strip_prefix("http://").and_then(|rest| rest.split_once('/')).expect("an absolute URL");
    let stream = TcpStream::connect(authority).expect("the server listens");
    stream.set_read_timeout(Some(Duration::from_secs(60))).expect("a timeout");
    stream
}

/// Sends a request as it is and reads the answer to its end.
pub(crate) fn exchange(server: &Server, request: &[u8]) -> Answer {
    let mut stream = connect(server);
    stream.write_all(request).expect("the server reads");
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("the server answers");
    let answer = String::from_utf8(answer).expect("answers are UTF-8");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

/// Sends a body with headers of one's choice, each ended by a line break.
pub(crate) fn send(server: &Server, method: &str, target: &str, headers: &str, body: &[u8]) -> Answer {
    let length = body.len();
    let head = format!(
        "{method} {target} HTTP/1.1\r\nHost: sandbox\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n"
    );
    exchange(server, &[head.as_bytes(), body].concat())
}

/// Sends a body to the endpoint, with the token.
pub(crate) fn post(server: &Server, body: impl AsRef<[u8]>) -> Answer {
    let headers = "Authorization: Bearer sandbox\r\nContent-Type: text/xml\r\n";
    send(server, "POST", "/crm/xmlrpc/v1", headers, body.as_ref())
}
