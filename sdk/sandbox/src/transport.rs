//! The sandbox in process: a client's transport without a network.

use std::io::{self, Cursor, Read};

use infusionsoft::Transport;
use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError, TransportErrorKind};

use crate::http::{Delivery, Request, Response};
use crate::sandbox::Sandbox;

/// Answers as the server would, in the thread of the caller and without a port.
///
/// ```
/// use infusionsoft::{Client, Credentials, record};
/// use infusionsoft_sandbox::{ACCESS_TOKEN, Sandbox};
///
/// let crm = Client::builder()
///     .credentials(Credentials::access_token(ACCESS_TOKEN))
///     .transport(Sandbox::new())
///     .build()?;
/// let ada = crm.contacts().add(record! { "FirstName" => "Ada" })?;
/// assert_eq!(crm.contacts().load(ada, &["FirstName"])?.get::<&str>("FirstName")?, "Ada");
/// # Ok::<(), infusionsoft::Error>(())
/// ```
///
/// The host of the URL does not matter, so the client keeps its endpoint. Nothing ever sleeps: a slow answer comes at
/// once and advances a [`Clock`](crate::Clock) that stands still, a stalled one is a timeout.
impl Transport for Sandbox {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut body = Vec::new();
        let read = request.body.reader().read_to_end(&mut body);
        read.map_err(|error| TransportError::new(TransportErrorKind::Request, false, error))?;
        let (path, query) = target(request.url);
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let (path, query) = (path.to_owned(), query.to_owned());
        let response = self.respond(&Request { method: "POST".to_owned(), path, query, headers, body });
        self.clock().advance(response.delay);
        deliver(response)
    }
}

/// The path and the query of a URL.
fn target(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    let (front, query) = rest.split_once('?').unwrap_or((rest, ""));
    (front.find('/').map_or("/", |slash| &front[slash..]), query)
}

fn deliver(response: Response) -> Result<HttpResponse, TransportError> {
    let Response { status, headers, mut body, delivery, .. } = response;
    let body: Box<dyn Read + Send> = match delivery {
        Delivery::Cut(bytes) if bytes < body.len() => {
            body.truncate(bytes);
            Box::new(Cursor::new(body).chain(Broken))
        }
        Delivery::Whole | Delivery::Cut(_) => Box::new(Cursor::new(body)),
        Delivery::Reset => {
            return Err(TransportError::new(TransportErrorKind::Connection, true, reset()));
        }
        Delivery::Never => {
            let silence = io::Error::new(io::ErrorKind::TimedOut, "the sandbox was told not to answer");
            return Err(TransportError::new(TransportErrorKind::Timeout, true, silence));
        }
    };
    Ok(HttpResponse { status, headers, body })
}

/// The rest of an answer whose connection broke.
struct Broken;

impl Read for Broken {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(reset())
    }
}

fn reset() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionReset, "the sandbox was told to break the connection")
}
