//! HTTP, by crate `ureq`. The one file that names it.

use std::io::{self, Read};
use std::time::Duration;

use ureq::SendBody;
use ureq::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use ureq::http::{self, Method, Uri};

use super::{
    BodyReader, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind, address, check_tls,
    keeps_secrets,
};

pub use ureq::Agent;

/// How many connections wait for their next call. As many as a busy program has threads: `ureq` keeps three a host.
const IDLE_CONNECTIONS: usize = 64;

/// What "without end" comes to: adding more to the time of day would overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long the steps of a call may take.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    pub(crate) connect: Duration,
    pub(crate) answer: Duration,
}

/// The client's own transport.
pub(crate) struct UreqTransport {
    agent: Agent,
    /// What all requests have in common, which is cheaper to copy than to set up.
    common: http::Request<()>,
    connect: Duration,
}

impl UreqTransport {
    /// Sends by an agent of the user's own, if there is one.
    pub(crate) fn new(agent: Option<Agent>, timeouts: Timeouts, user_agent: String) -> UreqTransport {
        let agent = agent.unwrap_or_else(|| own_agent(&user_agent));
        let mut common = http::Request::new(());
        *common.method_mut() = Method::POST;
        // A name that can't be a header has been refused with the builder's other mistakes.
        if let Ok(name) = HeaderValue::from_bytes(user_agent.as_bytes()) {
            common.headers_mut().append(USER_AGENT, name);
        }
        let connect = bounded(timeouts.connect);
        let answer = Some(bounded(timeouts.answer));
        // All that keeps a call from harm is said with each request, so that it holds for any agent.
        let common = agent
            .configure_request(common)
            .http_status_as_error(false)
            // A redirect would turn the call into a GET, and carry the token to wherever it points.
            .max_redirects(0)
            .timeout_connect(Some(connect))
            .timeout_recv_response(answer)
            .timeout_per_read(answer)
            .timeout_per_write(answer)
            .build();
        UreqTransport { agent, common, connect }
    }

    /// Makes a request of what is to be sent, without its body. No header comes twice.
    fn head(&self, request: &HttpRequest<'_>) -> Result<http::Request<()>, http::Error> {
        let mut head = self.common.clone();
        *head.uri_mut() = request.url.parse()?;
        // A body of unknown length would be sent in chunks.
        head.headers_mut().append(CONTENT_LENGTH, request.body.len().into());
        for (name, value) in request.headers {
            head.headers_mut().append(HeaderName::try_from(*name)?, HeaderValue::from_bytes(value.as_bytes())?);
        }
        Ok(head)
    }
}

fn bounded(timeout: Duration) -> Duration {
    timeout.min(LONGEST)
}

fn own_agent(user_agent: &str) -> Agent {
    let config = Agent::config_builder()
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        // A proxy is told it too.
        .user_agent(user_agent);
    #[cfg(feature = "native-tls")]
    let config = config.tls_config(platform_tls());
    config.build().into()
}

/// The platform's own TLS, which is only compiled for who asks for it, and trusts what the platform trusts.
#[cfg(feature = "native-tls")]
fn platform_tls() -> ureq::tls::TlsConfig {
    use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
    TlsConfig::builder().provider(TlsProvider::NativeTls).root_certs(RootCerts::PlatformVerifier).build()
}

impl Transport for UreqTransport {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let head = self.head(request).map_err(unfit)?;
        // To bound a lookup, which an address needs none of, `ureq` starts a thread for each call, before it looks for an
        // open connection.
        let resolve = match head.uri().host().and_then(address) {
            Some(_) => None,
            None => Some(self.connect),
        };
        let head = self.agent.configure_request(head).timeout_global(request.timeout.map(bounded));
        let head = head.timeout_resolve(resolve).build();
        let mut reader = request.body.reader();
        let mut sent = Stream::Request(&mut reader);
        let answer = self.agent.run(head.map(|()| SendBody::from_reader(&mut sent)));
        let (head, body) = answer.map_err(|error| failure(error, &reader))?.into_parts();
        let mut headers = Vec::with_capacity(head.headers.len());
        for (name, value) in &head.headers {
            headers.push((name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        }
        let body = Box::new(Stream::Answer(body.into_reader()));
        Ok(HttpResponse { status: head.status.as_u16(), headers, body })
    }
}

/// The error for a URL or a header that is none. The text of `ureq` for it shows neither.
fn unfit(error: http::Error) -> TransportError {
    TransportError::new(TransportErrorKind::Request, false, to_io(ureq::Error::Http(error)))
}

/// A body on its way: that of a request, or of an answer, whose timeouts are told by the kind of their error.
enum Stream<'r, 'b> {
    Request(&'r mut BodyReader<'b>),
    Answer(ureq::BodyReader<'static>),
}

impl Read for Stream<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Stream::Request(body) => body.read(buffer),
            Stream::Answer(body) => body.read(buffer).map_err(|error| to_io(ureq::Error::from(error))),
        }
    }
}

/// Tells failures apart. A server surely did not get a body that was not even read to its end.
fn failure(error: ureq::Error, body: &BodyReader<'_>) -> TransportError {
    let kind = match &error {
        _ if body.failed() => TransportErrorKind::Request,
        ureq::Error::Timeout(_) => TransportErrorKind::Timeout,
        ureq::Error::Http(_)
        | ureq::Error::BadUri(_)
        | ureq::Error::InvalidProxyUrl
        | ureq::Error::RequireHttpsOnly(_) => TransportErrorKind::Request,
        _ => TransportErrorKind::Connection,
    };
    TransportError::new(kind, body.finished(), to_io(error))
}

fn to_io(error: ureq::Error) -> io::Error {
    match error {
        ureq::Error::Timeout(_) => io::Error::new(io::ErrorKind::TimedOut, error),
        // The only texts of `ureq` that show a URL, in which a token may stand.
        ureq::Error::BadUri(_) => io::Error::other("the URL is not complete"),
        ureq::Error::RequireHttpsOnly(_) => io::Error::other("the agent sends to https alone"),
        error => error.into_io(),
    }
}

/// Says what is wrong with a URL, if anything is; never shows it, since a secret may stand in it.
///
/// The transport that is built in carries no secret by plain HTTP to another machine. Who brings one's own may do so.
pub(crate) fn check_url(url: &str, built_in: bool) -> Result<(), &'static str> {
    let uri: Uri = url.parse().map_err(|_| "the endpoint is not a URL")?;
    let authority = uri.authority().map(|authority| authority.as_str()).unwrap_or_default();
    if authority.contains('@') {
        return Err("the endpoint holds a user name: say who calls by `credentials`");
    }
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("the endpoint is not a URL that begins with https:// or http://");
    }
    if url.contains('#') {
        return Err("the endpoint holds a fragment, from `#` on, which is never sent");
    }
    let host = uri.host().unwrap_or_default();
    if host.is_empty() {
        return Err("the endpoint is a URL without a host");
    }
    if authority.len() > host.len() && uri.port().is_none_or(|port| port.as_u16() == 0) {
        return Err("the endpoint's port is not a number from 1 to 65535");
    }
    if !built_in {
        return Ok(());
    }
    if !keeps_secrets(uri.scheme_str().unwrap_or_default(), host) {
        return Err("the endpoint begins with http://, which shows the credentials to whoever listens: only https:// \
                    goes beyond this machine, unless the client has a transport or an agent of your own");
    }
    check_tls(url)
}
