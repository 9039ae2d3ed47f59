//! A server on loopback that reads requests and answers from a script.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use infusionsoft::{Client, ClientBuilder, Credentials};

use crate::manual_clock::ManualClock;

/// No step of a test takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(10);

/// What the server does with a request.
#[derive(Clone, Debug)]
pub enum Reply {
    /// Answers and waits for the next request on the same connection.
    Send(Vec<u8>),
    /// Answers and closes the connection.
    Close(Vec<u8>),
    /// Never answers, until the client closes the connection.
    Silence,
}

impl Reply {
    /// An answer of this status with these headers, each ended by CRLF, and this body.
    pub fn new(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Reply {
        let body = body.as_ref();
        let mut answer = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
        answer.extend_from_slice(body);
        Reply::Send(answer)
    }

    /// An answer of status 200.
    pub fn ok(body: impl AsRef<[u8]>) -> Reply {
        Reply::new("200 OK", "content-type: text/xml\r\n", body)
    }
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which connection it came on, from 0.
    pub connection: usize,
    /// The request line and the headers.
    pub head: String,
    /// The body, as long as `content-length` says.
    pub body: Vec<u8>,
}

impl Received {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.head.lines().skip(1).filter_map(|line| line.split_once(": "));
        headers.find(|(other, _)| other.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// A server that serves one connection after the other, until its script has ended.
pub struct Server {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    thread: JoinHandle<io::Result<Vec<Received>>>,
}

impl Server {
    /// Starts a server that gives these replies, one a request.
    ///
    /// # Panics
    ///
    /// If there is no port on loopback.
    pub fn start(script: impl IntoIterator<Item = Reply>) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("the port's address");
        let stop = Arc::new(AtomicBool::new(false));
        let (script, stopped) = (script.into_iter().collect(), Arc::clone(&stop));
        Server { address, stop, thread: std::thread::spawn(move || serve(&listener, script, &stopped)) }
    }

    /// Where the server is.
    pub fn url(&self) -> String {
        format!("http://{}/crm/xmlrpc/v1", self.address)
    }

    /// Sets up a client of this server, which waits by a clock that takes no time.
    pub fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().credentials(Credentials::access_token(super::canned::TOKEN));
        builder.endpoint(self.url()).clock(ManualClock::default())
    }

    /// A client of this server.
    ///
    /// # Panics
    ///
    /// Never: its configuration is valid.
    pub fn client(&self) -> Client {
        self.builder().build().expect("the client can be built")
    }

    /// Ends the server, and answers what it got.
    ///
    /// # Panics
    ///
    /// If the server could not read or answer.
    pub fn finish(self) -> Vec<Received> {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes a server that waits for a connection; the listener of one that has ended is closed.
        drop(TcpStream::connect(self.address));
        self.thread.join().expect("the server does not panic").expect("the server reads and answers")
    }
}

fn serve(listener: &TcpListener, script: Vec<Reply>, stop: &AtomicBool) -> io::Result<Vec<Received>> {
    let (mut script, mut received) = (script.into_iter(), Vec::new());
    for connection in 0.. {
        let (stream, _) = listener.accept()?;
        if stop.load(Ordering::SeqCst) {
            break;
        }
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        converse(stream, connection, &mut script, &mut received)?;
        if script.len() == 0 {
            break;
        }
    }
    Ok(received)
}

/// Serves one connection.
fn converse(
    stream: TcpStream,
    connection: usize,
    script: &mut std::vec::IntoIter<Reply>,
    received: &mut Vec<Received>,
) -> io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    while let Some(request) = request(&mut reader, connection)? {
        received.push(request);
        // A client may hang up before it has read everything.
        match script.next() {
            Some(Reply::Send(answer)) => _ = stream.write_all(&answer),
            Some(Reply::Close(answer)) => {
                _ = stream.write_all(&answer);
                break;
            }
            Some(Reply::Silence) => {
                _ = reader.read_to_end(&mut Vec::new());
                break;
            }
            None => break,
        }
        if script.len() == 0 {
            break;
        }
    }
    Ok(())
}

/// Reads a request; `None` if the connection was closed instead, even in the middle of one.
fn request(reader: &mut BufReader<TcpStream>, connection: usize) -> io::Result<Option<Received>> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        match reader.read_line(&mut head) {
            Ok(0) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::ConnectionReset => return Ok(None),
            read => read?,
        };
    }
    let mut received = Received { connection, head, body: Vec::new() };
    let length = received.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let read = reader.take(length).read_to_end(&mut received.body);
    Ok(read.is_ok_and(|count| count as u64 == length).then_some(received))
}
