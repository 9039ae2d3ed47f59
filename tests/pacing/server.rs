//! A server on loopback that knows when each request came.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// No step of a test takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);

/// A request, as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Received {
    /// The contact that it asks for.
    pub(crate) number: i32,
    /// When its first bytes were there.
    pub(crate) begun: Instant,
    /// When all of it was there.
    pub(crate) whole: Instant,
}

/// What all requests have in common.
#[derive(Default)]
pub(crate) struct Desk {
    received: Mutex<Vec<Received>>,
    arrival: Condvar,
}

/// An answer with one record.
pub(crate) struct Reply(String);

impl Reply {
    /// An answer of this status with these headers, each ended by CRLF.
    pub(crate) fn new(status: &str, headers: &str) -> Reply {
        let body = "<methodResponse><params><param><value><struct></struct></value></param></params></methodResponse>";
        let length = body.len();
        Reply(format!("HTTP/1.1 {status}\r\ncontent-type: text/xml\r\n{headers}content-length: {length}\r\n\r\n{body}"))
    }

    /// Answers without waiting.
    pub(crate) fn at_once(_: i32, _: &Desk) -> Reply {
        Reply::new("200 OK", "")
    }

    /// Answers when so many requests have come.
    pub(crate) fn after_arrival_of<const COUNT: usize>(_: i32, desk: &Desk) -> Reply {
        let received = desk.received.lock().expect("no thread panics");
        let all = desk.arrival.wait_timeout_while(received, PATIENCE, |received| received.len() < COUNT);
        match all.expect("no thread panics").1.timed_out() {
            true => Reply::new("504 Gateway Timeout", ""),
            false => Reply::new("200 OK", ""),
        }
    }
}

/// A server with a thread for each connection.
pub(crate) struct Server {
    address: SocketAddr,
    desk: Arc<Desk>,
}

impl Server {
    /// Starts a server that answers the request for a contact like this. It ends with the process.
    pub(crate) fn start(reply: fn(i32, &Desk) -> Reply) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("the port's address");
        let desk = Arc::new(Desk::default());
        let at = Arc::clone(&desk);
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let desk = Arc::clone(&at);
                std::thread::spawn(move || serve(&stream, &desk, reply));
            }
        });
        Server { address, desk }
    }

    /// Where the server is.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/crm/xmlrpc/v1", self.address)
    }

    /// What the server has received.
    pub(crate) fn finish(self) -> Vec<Received> {
        self.desk.received.lock().expect("no thread panics").clone()
    }
}

/// Serves one connection, until the client closes it.
fn serve(stream: &TcpStream, desk: &Desk, reply: fn(i32, &Desk) -> Reply) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    while !reader.fill_buf()?.is_empty() {
        let begun = Instant::now();
        let body = body(&mut reader)?;
        let received = Received { number: number(&body), begun, whole: Instant::now() };
        desk.received.lock().expect("no thread panics").push(received);
        desk.arrival.notify_all();
        writer.write_all(reply(received.number, desk).0.as_bytes())?;
    }
    Ok(())
}

fn body(reader: &mut BufReader<&TcpStream>) -> io::Result<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().map_err(io::Error::other)?;
            }
            Some(_) => {}
            None if line.trim_end().is_empty() => break,
            None => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    String::from_utf8(body).map_err(io::Error::other)
}

/// The one number of a request.
fn number(body: &str) -> i32 {
    let number = body.split("<i4>").nth(1).and_then(|rest| rest.split("</i4>").next());
    number.and_then(|number| number.parse().ok()).expect("a contact's id")
}
