//! A server on loopback that misbehaves step by step, as a script says, and counts what it executes.
//!
//! It is written on sockets and threads alone: what it sends is what stands in the script.

mod connection;
mod step;

use std::collections::{BTreeMap, VecDeque};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use infusionsoft::{Client, ClientBuilder, Credentials};

pub use step::{Act, Part, Step, answer, behaves, executes, good_answer, refuses, response};

/// No step of a server takes longer, unless something is wrong.
const PATIENCE: Duration = Duration::from_secs(15);

/// A request, as far as it came.
#[derive(Clone, Debug)]
pub struct Received {
    /// Which connection it came on, from 0.
    pub connection: usize,
    /// When the server turned to it.
    pub arrived: Instant,
    /// The request line and the headers, as they came.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
    /// Whether it was executed.
    pub executed: bool,
}

/// What a server has seen.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// How many connections were made.
    pub connections: usize,
    /// The requests, in the order of their arrival. One of which nothing was read is among them.
    pub received: Vec<Received>,
    /// How many bytes the network took from the server.
    pub sent: usize,
}

impl Seen {
    /// How many requests were read whole and executed.
    pub fn executions(&self) -> usize {
        self.received.iter().filter(|received| received.executed).count()
    }
}

/// A server that plays one act a request, whichever connection it comes on, and serves every connection in its own thread.
pub struct Server {
    address: SocketAddr,
    stage: Arc<Stage>,
    porter: Option<JoinHandle<()>>,
}

/// What the threads of a server share.
struct Stage {
    hall: Mutex<Hall>,
    /// The server is ended, or a connection is closed.
    changed: Condvar,
    /// What is played when the script is over.
    encore: Act,
}

#[derive(Default)]
struct Hall {
    script: VecDeque<Act>,
    seen: Seen,
    open: BTreeMap<usize, TcpStream>,
    ended: bool,
}

impl Server {
    /// Starts a server that plays these acts, and behaves after them.
    pub fn start(script: impl IntoIterator<Item = Act>) -> Server {
        Server::with_encore(script, behaves())
    }

    /// Starts a server that plays one act again and again.
    pub fn always(act: Act) -> Server {
        Server::with_encore([], act)
    }

    /// Starts a server that plays these acts, and then the last one again and again.
    ///
    /// # Panics
    ///
    /// If there is no port on loopback.
    pub fn with_encore(script: impl IntoIterator<Item = Act>, encore: Act) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port on loopback");
        let address = listener.local_addr().expect("the port's address");
        let hall = Mutex::new(Hall { script: script.into_iter().collect(), ..Hall::default() });
        let stage = Arc::new(Stage { hall, changed: Condvar::new(), encore });
        let own = Arc::clone(&stage);
        Server { address, stage, porter: Some(std::thread::spawn(move || own.welcome(&listener))) }
    }

    /// Where the server is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The endpoint of its API.
    pub fn url(&self) -> String {
        format!("http://{}/crm/xmlrpc/v1", self.address)
    }

    /// Sets up a client of this server.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder().credentials(Credentials::access_token(super::canned::TOKEN)).endpoint(self.url())
    }

    /// What the server has seen so far.
    pub fn seen(&self) -> Seen {
        self.stage.hall().seen.clone()
    }

    /// Waits until so many connections have come, and all are closed.
    ///
    /// # Panics
    ///
    /// If that does not happen.
    pub fn await_closed(&self, connections: usize) {
        let open = |hall: &mut Hall| hall.seen.connections < connections || !hall.open.is_empty();
        let waited = self.stage.changed.wait_timeout_while(self.stage.hall(), PATIENCE, open);
        assert!(!waited.unwrap_or_else(PoisonError::into_inner).1.timed_out(), "a connection stays open");
    }

    /// Ends the server, and answers all that it has seen.
    pub fn finish(mut self) -> Seen {
        self.end();
        self.seen()
    }

    fn end(&mut self) {
        let Some(porter) = self.porter.take() else { return };
        let mut hall = self.stage.hall();
        hall.ended = true;
        for stream in hall.open.values() {
            // One that is closed already needs no end.
            _ = stream.shutdown(Shutdown::Both);
        }
        drop(hall);
        self.stage.changed.notify_all();
        // Wakes the porter.
        drop(TcpStream::connect(self.address));
        let served = porter.join();
        assert!(served.is_ok() || std::thread::panicking(), "the server panicked");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

impl Stage {
    fn hall(&self) -> MutexGuard<'_, Hall> {
        self.hall.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn welcome(self: Arc<Self>, listener: &TcpListener) {
        let mut served = Vec::new();
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            let mut hall = self.hall();
            if hall.ended {
                break;
            }
            let number = hall.seen.connections;
            hall.seen.connections += 1;
            hall.open.insert(number, stream.try_clone().expect("a second handle"));
            drop(hall);
            let own = Arc::clone(&self);
            served.push(std::thread::spawn(move || connection::serve(&own, stream, number)));
        }
        for thread in served {
            thread.join().expect("a connection's thread does not panic");
        }
    }

    /// The next act, for a request that begins to arrive, and the number of that request.
    fn next(&self, connection: usize) -> (Act, usize) {
        let mut hall = self.hall();
        let act = hall.script.pop_front().unwrap_or_else(|| self.encore.clone());
        let number = hall.seen.received.len();
        let (arrived, head, body) = (Instant::now(), String::new(), Vec::new());
        hall.seen.received.push(Received { connection, arrived, head, body, executed: false });
        (act, number)
    }

    /// Waits until the server is ended.
    fn stall(&self) {
        let ended = self.changed.wait_while(self.hall(), |hall| !hall.ended);
        drop(ended.unwrap_or_else(PoisonError::into_inner));
    }
}
