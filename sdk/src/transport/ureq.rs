//! HTTP, by crate `ureq`. The one file that names it.

use std::time::Duration;

use ureq::{Agent, SendBody};

use super::{BodyReader, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};

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
        // A body of unknown length would be sent in chunks.
        let mut call = self.agent.post(request.url).header("content-length", request.body.len().to_string());
        for (name, value) in request.headers {
            call = call.header(*name, value);
        }
        let mut reader = request.body.reader();
        let answer = call.send(SendBody::from_reader(&mut reader));
        let (head, body) = answer.map_err(|error| failure(error, &reader))?.into_parts();
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

/// Tells failures apart. A server surely did not get a body that was not even read to its end.
fn failure(error: ureq::Error, body: &BodyReader<'_>) -> TransportError {
    let kind = match &error {
        _ if body.failed() => TransportErrorKind::Request,
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        ureq::Error::Http(_) | ureq::Error::BadUri(_) | ureq::Error::InvalidProxyUrl => TransportErrorKind::Request,
        _ => TransportErrorKind::Connection,
    };
    // `ureq::Error` shows no URL and no header, so its text is safe to keep.
    TransportError::new(kind, body.finished(), error.into_io())
}
