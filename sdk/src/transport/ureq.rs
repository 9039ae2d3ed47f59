//! HTTP, by crate `ureq`. The one file that names it.

use std::io;
use std::time::Duration;

use ureq::{Agent, SendBody, Timeout};

use super::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};

/// How many connections wait for their next call. As many as a busy program has threads: `ureq` keeps three a host.
const IDLE_CONNECTIONS: usize = 64;

/// How long the steps of a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
}

/// The client's own transport.
pub(crate) struct UreqTransport {
    agent: Agent,
}

impl UreqTransport {
    pub(crate) fn new(timeouts: Timeouts, user_agent: &str) -> UreqTransport {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // A redirect would turn the call into a GET, and carry the token to wherever it points.
            .max_redirects(0)
            .max_idle_connections(IDLE_CONNECTIONS)
            .max_idle_connections_per_host(IDLE_CONNECTIONS)
            .user_agent(user_agent)
            .timeout_resolve(Some(timeouts.connect))
            .timeout_connect(Some(timeouts.connect))
            .timeout_recv_response(Some(timeouts.answer))
            .timeout_per_read(Some(timeouts.answer))
            .timeout_per_write(Some(timeouts.answer));
        #[cfg(feature = "native-tls")]
        let config = config.tls_config(platform_tls());
        UreqTransport { agent: config.build().into() }
    }
}

/// The platform's own TLS, which is only compiled for who asks for it, and trusts what the platform trusts.
#[cfg(feature = "native-tls")]
fn platform_tls() -> ureq::tls::TlsConfig {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
    TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(RootCerts::PlatformVerifier).build()
}

impl Transport for UreqTransport {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut call = self.agent.post(request.url);
        for (name, value) in request.headers {
            call = call.header(*name, value);
        }
        let answer = match request.body.as_bytes() {
            Some(bytes) => call.send(bytes),
            None => {
                let mut reader = request.body.reader();
                let call = call.header("content-length", request.body.len().to_string());
                let answer = call.send(SendBody::from_reader(&mut reader));
                if reader.failed() {
                    // The server got less than was announced to it.
                    let source = answer.err().map_or_else(|| io::ErrorKind::UnexpectedEof.into(), ureq::Error::into_io);
                    return Err(TransportError::new(TransportErrorKind::Request, false, source));
                }
                answer
            }
        };
        let (head, body) = answer.map_err(failure)?.into_parts();
        let headers = head
            .headers
            .iter()
            .map(|(name, value)| (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        Ok(HttpResponse {
            status: head.status.as_u16(),
            headers: headers.collect(),
            body: Box::new(body.into_reader()),
        })
    }
}

/// Tells failures apart by whether the server can have got the request.
fn failure(error: ureq::Error) -> TransportError {
    use TransportErrorKind::{Connection, Request, Timeout as TimedOut};
    let (kind, maybe_sent) = match &error {
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => (TimedOut, false),
        ureq::Error::Timeout(_) => (TimedOut, true),
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => (Connection, false),
        ureq::Error::Tls(_) => (Connection, false),
        ureq::Error::Http(_) | ureq::Error::BadUri(_) | ureq::Error::InvalidProxyUrl => (Request, false),
        ureq::Error::Io(source) => (Connection, maybe_sent(source.kind())),
        _ => (Connection, true),
    };
    // `ureq::Error` shows no URL and no header, so its text is safe to keep.
    TransportError::new(kind, maybe_sent, error.into_io())
}

fn maybe_sent(kind: io::ErrorKind) -> bool {
    !matches!(
        kind,
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::HostUnreachable
            | io::ErrorKind::NetworkUnreachable
            | io::ErrorKind::AddrNotAvailable
    )
}
