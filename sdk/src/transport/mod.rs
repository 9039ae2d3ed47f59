//! How a request reaches a server: one trait over plain values, and the one that uses HTTP.

mod body;
mod ureq;

use std::fmt;
use std::io::{self, Read};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

pub use body::{Body, BodyReader};
pub use ureq::Agent;
pub(crate) use ureq::{Timeouts, UreqTransport, check_url};

/// Carries a request to a server and its answer back.
///
/// The client's own transport speaks HTTP; tests and proxies can bring another one, by
/// [`ClientBuilder::transport`](crate::ClientBuilder::transport). A transport follows no redirects, and repeats nothing.
///
/// ```
/// use infusionsoft::transport::{HttpRequest, HttpResponse, TransportError};
/// use infusionsoft::{Client, ContactId, Credentials, Transport, record};
///
/// /// Answers each call with the same number.
/// struct Fake;
///
/// impl Transport for Fake {
///     fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
///         let sent = String::from_utf8_lossy(request.body.as_bytes().unwrap_or_default());
///         assert!(sent.contains("<methodName>ContactService.add</methodName>"));
///         let answer = "<methodResponse><params><param><value><i4>18</i4></value></param>\
///             </params></methodResponse>";
///         let body = Box::new(answer.as_bytes());
///         Ok(HttpResponse { status: 200, headers: Vec::new(), body })
///     }
/// }
///
/// let credentials = Credentials::access_token("token");
/// let client = Client::builder().credentials(credentials).transport(Fake).build()?;
/// assert_eq!(client.contacts().add(record! { "FirstName" => "Ada" })?, ContactId(18));
/// # Ok::<(), infusionsoft::Error>(())
/// ```
pub trait Transport: Send + Sync {
    /// Sends the request and answers as soon as the head of the answer is there.
    ///
    /// # Errors
    ///
    /// If no answer came. An HTTP status other than 200 is an answer.
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError>;
}

impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        (**self).send(request)
    }
}

impl<T: Transport + ?Sized> Transport for Box<T> {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        (**self).send(request)
    }
}

/// A `POST` to send.
pub struct HttpRequest<'a> {
    /// Where to. It can hold a token in its query, so it must not be logged.
    pub url: &'a str,
    /// The headers. They can hold a token, so their values must not be logged.
    pub headers: &'a [(&'static str, String)],
    /// What is sent.
    pub body: &'a Body,
    /// How long all of it may take, the answer's body included: what is left of the call's timeout, if it has one.
    pub timeout: Option<Duration>,
}

/// An HTTP answer.
pub struct HttpResponse {
    /// The status.
    pub status: u16,
    /// The headers, their names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, decompressed. The client reads no more of it than its limit.
    pub body: Box<dyn Read + Send>,
}

impl HttpResponse {
    /// The value of a header, whose name is given in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// What can be shown of a URL: neither its query nor the name and the password of a user.
pub(crate) fn shown(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let (scheme, rest) = match url.find("://") {
        Some(at) => url.split_at(at + 3),
        None => ("", url),
    };
    // From the last one on: a password in which a character isn't encoded must not show either.
    let host = rest.rfind('@').map_or(rest, |at| &rest[at + 1..]);
    format!("{scheme}{host}")
}

/// Whether secrets can travel to a URL: by https, or within this machine.
pub(crate) fn keeps_secrets(scheme: &str, host: &str) -> bool {
    scheme == "https" || scheme == "http" && is_this_machine(host)
}

/// Whether a URL's host is the machine that this runs on.
fn is_this_machine(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || address(host).is_some_and(|address| address.is_loopback())
}

/// The IP address that a URL's host is, unless it is a name.
fn address(host: &str) -> Option<IpAddr> {
    host.trim_matches(['[', ']']).parse().ok()
}

/// Says what this crate's own agent needs for an endpoint, if anything.
pub(crate) fn check_tls(endpoint: &str) -> Result<(), &'static str> {
    let is_https = endpoint.get(..6).is_some_and(|start| start.eq_ignore_ascii_case("https:"));
    match cfg!(any(feature = "rustls", feature = "native-tls")) || !is_https {
        true => Ok(()),
        false => Err("an https endpoint needs feature `rustls` or `native-tls`"),
    }
}

impl fmt::Debug for HttpRequest<'_> {
    /// Shows neither the query, nor a user of the URL, nor the values of headers: they can hold a secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut names = Vec::new();
        for (name, _) in self.headers {
            names.push(*name);
        }
        f.debug_struct("HttpRequest")
            .field("url", &shown(self.url))
            .field("headers", &names)
            .field("body", self.body)
            .field("timeout", &self.timeout)
            .finish()
    }
}

impl fmt::Debug for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpResponse").field("status", &self.status).finish_non_exhaustive()
    }
}

/// Why no answer came.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    maybe_sent: bool,
    source: io::Error,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The connection could not be made, or broke.
    Connection,
    /// It took too long.
    Timeout,
    /// The request can't be sent at all, for example because its URL isn't one.
    Request,
}

impl TransportError {
    /// A failure. `maybe_sent` is false only if the server surely did not get the whole request.
    pub fn new(kind: TransportErrorKind, maybe_sent: bool, source: io::Error) -> TransportError {
        TransportError { kind, maybe_sent, source }
    }

    /// What kind of failure it was.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the server may have got the request.
    pub fn maybe_sent(&self) -> bool {
        self.maybe_sent
    }

    pub(crate) fn into_source(self) -> io::Error {
        self.source
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            TransportErrorKind::Connection => "the connection failed",
            TransportErrorKind::Timeout => "the server took too long",
            TransportErrorKind::Request => "the request cannot be sent",
        })
    }
}

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// How long a connection may take to be made, unless the builder says otherwise.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// How long the server may take to answer. Slow answers are normal for this API: shorter limits broke other clients.
pub(crate) const ANSWER_TIMEOUT: Duration = Duration::from_secs(60);

#[cfg(all(test, not(any(feature = "rustls", feature = "native-tls"))))]
mod tests {
    use super::*;

    #[test]
    fn without_tls_only_an_agent_of_ones_own_can_have_an_https_endpoint() {
        use crate::{Client, Credentials};
        let builder = || Client::builder().credentials(Credentials::access_token("token"));
        let problem = "an https endpoint needs feature `rustls` or `native-tls`";
        assert_eq!(builder().build().expect_err("no TLS").to_string(), problem);
        builder().agent(Agent::new_with_defaults()).build().expect("it may have TLS");
        builder().endpoint("http://localhost/").build().expect("it needs none");
    }

    #[test]
    #[cfg(feature = "oauth")]
    fn without_tls_only_an_agent_of_ones_own_can_have_an_https_token_url() {
        let builder = || crate::OAuthApp::builder("id", "secret", "https://shop.example.com/back");
        let problem = "an https endpoint needs feature `rustls` or `native-tls`";
        assert_eq!(builder().build().expect_err("no TLS").to_string(), problem);
        builder().agent(Agent::new_with_defaults()).build().expect("it may have TLS");
        builder().token_url("http://localhost/").build().expect("it needs none");
    }
}
