//! The HTTP front: with `socket.rs`, what knows the HTTP library.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::{ConnectInfo, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::IntoResponse;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::http::{Delivery, Request, Response};
use crate::sandbox::Sandbox;
use crate::socket::{CutBody, Sockets, Switch};

/// The greatest body of a request, in bytes; a greater one is answered with status 413.
pub const MAX_BODY: usize = 64 << 20;
/// How much of a refused body is read and dropped, and how long its sender may pause meanwhile.
const MOST_DROPPED: usize = 4 * MAX_BODY;
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Serves until the process is interrupted or terminated.
///
/// # Errors
///
/// Those of the operating system.
pub fn serve(listener: TcpListener, sandbox: Sandbox) -> io::Result<()> {
    run(&runtime()?, listener, sandbox, signalled())
}

/// A sandbox on a free port of the loopback interface, served by a thread until it is dropped.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<io::Result<()>>>,
}

impl Server {
    /// Starts a sandbox that answers the documented samples and keeps nothing: whatever is added, `load` answers the
    /// contact of the documents. [`Server::with`] serves an account that remembers.
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn start() -> io::Result<Server> {
        Server::with(Sandbox::builder().documented().build()?)
    }

    /// Starts to serve a sandbox, of which a clone stays in hand to inject faults.
    ///
    /// ```
    /// use infusionsoft_sandbox::{Effect, Rule, Sandbox, Server};
    ///
    /// let sandbox = Sandbox::new();
    /// let server = Server::with(sandbox.clone())?;
    /// sandbox.inject(Rule::next(1, Effect::Brownout));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the operating system.
    pub fn with(sandbox: Sandbox) -> io::Result<Server> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let address = listener.local_addr()?;
        let runtime = runtime()?;
        let (stop, stopped) = oneshot::channel();
        let stopped = async {
            // A dropped sender is as good as a message.
            stopped.await.ok();
            Ok(())
        };
        let thread = thread::Builder::new()
            .name("infusionsoft-sandbox".to_owned())
            .spawn(move || run(&runtime, listener, sandbox, stopped))?;
        Ok(Server { address, stop: Some(stop), thread: Some(thread) })
    }

    /// The endpoint for XML-RPC calls.
    pub fn url(&self) -> String {
        endpoint(self.address)
    }

    /// Where the server listens: `http://` and this address stand before `/app/oauth/authorize`, `/token` and `/sandbox/`.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Server {
    /// Cuts every connection and waits for the thread.
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the thread was reported when it happened, and a second one here would abort.
            thread.join().ok();
        }
    }
}

/// The endpoint for XML-RPC calls of a server at an address.
pub fn endpoint(address: SocketAddr) -> String {
    format!("http://{address}/crm/xmlrpc/v1")
}

/// One thread moves bytes; the core, which may wait for a disk, has threads of its own.
fn runtime() -> io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

fn run(
    runtime: &Runtime,
    listener: TcpListener,
    sandbox: Sandbox,
    stop: impl Future<Output = io::Result<()>>,
) -> io::Result<()> {
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = Sockets(tokio::net::TcpListener::from_std(listener)?);
        let router = Router::new().fallback(handle).with_state(Arc::new(sandbox));
        let service = router.into_make_service_with_connect_info::<Switch>();
        tokio::select! {
            served = axum::serve(listener, service).into_future() => served,
            stopped = stop => stopped,
        }
    })
}

#[cfg(unix)]
async fn signalled() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};

    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = interrupt.recv() => Ok(()),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn signalled() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

async fn handle(
    State(sandbox): State<Arc<Sandbox>>,
    ConnectInfo(switch): ConnectInfo<Switch>,
    request: axum::extract::Request,
) -> axum::response::Response {
    let (parts, mut body) = request.into_parts();
    let body = match read(&mut body).await {
        Ok(body) => body,
        Err(refusal) => {
            tokio::spawn(drop_rest(body));
            return outgoing(refusal);
        }
    };
    let request = Request {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: headers(&parts.headers),
        body,
    };
    let response = tokio::task::spawn_blocking(move || sandbox.respond(&request)).await;
    let response = response.unwrap_or_else(|_| Response::json(500, r#"{"message":"Internal Server Error"}"#));
    tokio::time::sleep(response.delay).await;
    match response.delivery {
        Delivery::Whole | Delivery::Cut(_) => {}
        Delivery::Reset => switch.turn_off(),
        Delivery::Never => std::future::pending().await,
    }
    outgoing(response)
}

/// Reads a body of bounded size; one that declares a greater size is not read at all.
async fn read(body: &mut Body) -> Result<Vec<u8>, Response> {
    let too_large = || Response::json(413, r#"{"message":"Request Entity Too Large"}"#);
    if body.size_hint().lower() > MAX_BODY as u64 {
        return Err(too_large());
    }
    match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => Ok(body.to_bytes().into()),
        Err(error) if error.is::<LengthLimitError>() => Err(too_large()),
        Err(_) => Err(Response::json(400, r#"{"message":"Bad Request"}"#)),
    }
}

/// Takes what a client still sends of a refused body: a connection that is closed meanwhile takes the answer with it.
async fn drop_rest(mut body: Body) {
    let mut left = MOST_DROPPED;
    while let Ok(Some(Ok(frame))) = tokio::time::timeout(LONGEST_PAUSE, body.frame()).await {
        match left.checked_sub(frame.data_ref().map_or(0, |data| data.len())) {
            Some(less) => left = less,
            None => return,
        }
    }
}

fn headers(map: &HeaderMap) -> Vec<(String, String)> {
    map.iter().map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}

fn outgoing(response: Response) -> axum::response::Response {
    let mut outgoing = axum::http::Response::builder().status(response.status);
    for (name, value) in response.headers {
        outgoing = outgoing.header(name, value);
    }
    let body = match response.delivery {
        Delivery::Cut(bytes) => {
            outgoing = outgoing.header(header::CONTENT_LENGTH, response.body.len());
            Body::new(CutBody::new(response.body, bytes))
        }
        Delivery::Whole | Delivery::Reset | Delivery::Never => Body::from(response.body),
    };
    outgoing.body(body).unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response())
}
