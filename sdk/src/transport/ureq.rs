//! HTTP, by crate `ureq`. The one file that names it.

use std::env;
use std::io::{self, Read};
use std::time::Duration;

use ureq::http::header::{CONTENT_LENGTH, HeaderName, HeaderValue, USER_AGENT};
use ureq::http::uri::Authority;
use ureq::http::{self, Method, Uri};
use ureq::{Proxy, ProxyProtocol, SendBody};

use super::{
    BodyReader, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind, address, check_tls,
    is_this_machine, keeps_secrets,
};

use crate::error::Error;

pub use ureq::Agent;

/// How many connections wait for their next call. As many as a busy program has threads: `ureq` keeps three a host.
const IDLE_CONNECTIONS: usize = 64;

/// What "without end" comes to: adding more to the time of day would overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// The variables that can name a proxy, and those that name the hosts to reach without one: the first that is set counts.
const PROXIES: [&str; 6] = ["ALL_PROXY", "all_proxy", "HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"];
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

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
    /// Sends to this URL, by an agent of the user's own, if there is one. Fails if the environment names no usable proxy.
    pub(crate) fn new(
        agent: Option<Agent>,
        url: &str,
        timeouts: Timeouts,
        user_agent: String,
    ) -> Result<UreqTransport, Error> {
        let agent = match agent {
            Some(agent) => agent,
            None => {
                let variable = |name: &str| env::var_os(name).map(|value| value.to_string_lossy().into_owned());
                own_agent(&user_agent, proxy(url, &variable).map_err(Error::invalid)?)
            }
        };
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
        Ok(UreqTransport { agent, common, connect })
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

fn own_agent(user_agent: &str, proxy: Option<Proxy>) -> Agent {
    let config = Agent::config_builder()
        .proxy(proxy)
        .max_idle_connections(IDLE_CONNECTIONS)
        .max_idle_connections_per_host(IDLE_CONNECTIONS)
        // A proxy is told it too.
        .user_agent(user_agent);
    #[cfg(feature = "native-tls")]
    let config = config.tls_config(platform_tls());
    config.build().into()
}

/// The proxy that leads to a URL, by the rules of `ureq`; but what can't be one is refused, where `ureq` would pass it by.
///
/// None leads to this machine: a proxy may be another one, which would read what travels in clear text.
fn proxy(url: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Option<Proxy>, String> {
    let Ok(uri) = url.parse::<Uri>() else { return Ok(None) };
    if uri.host().is_some_and(is_this_machine) {
        return Ok(None);
    }
    // Only a proxy can be asked for exceptions.
    let mut excepting = Proxy::builder(ProxyProtocol::Http);
    if let Some(hosts) = EXCEPTIONS.iter().find_map(|name| variable(name)) {
        for host in hosts.split(',') {
            excepting = excepting.no_proxy(host);
        }
    }
    if excepting.build().is_ok_and(|proxy| proxy.is_no_proxy(&uri)) {
        return Ok(None);
    }
    for name in PROXIES {
        // A variable is emptied to unset it.
        if let Some(value) = variable(name).filter(|value| !value.is_empty()) {
            return match usable_proxy(&value) {
                Some(proxy) => Ok(Some(proxy)),
                None => Err(format!(
                    "the environment variable {name} is not the URL of a proxy, such as http://proxy.example.com:3128 \
                     (in a user name and a password, encode special characters): correct it or unset it"
                )),
            };
        }
    }
    Ok(None)
}

/// Reads a proxy's URL, unless it would be read wrongly: a `/`, `?` or `#` in a password ends what counts as the host.
fn usable_proxy(url: &str) -> Option<Proxy> {
    let proxy = Proxy::new(url).ok()?;
    let authority = proxy.uri().authority()?;
    let is_whole = url.matches('@').count() == authority.as_str().matches('@').count();
    (is_whole && !authority.host().is_empty() && has_fair_port(authority)).then_some(proxy)
}

/// Whether what follows the host, if anything does, is a port.
fn has_fair_port(authority: &Authority) -> bool {
    let place = authority.as_str().rsplit('@').next().unwrap_or_default();
    place.len() == authority.host().len() || authority.port_u16().is_some_and(|port| port > 0)
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
    let authority = uri.authority();
    if authority.is_some_and(|authority| authority.as_str().contains('@')) {
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
    if authority.is_some_and(|authority| !has_fair_port(authority)) {
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

#[cfg(test)]
mod tests {
    use super::*;

    const URL: &str = "https://api.example.com/rpc";

    /// What leads to a URL, if these variables are set.
    fn leads(url: &str, variables: &[(&str, &str)]) -> Result<Option<String>, String> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        proxy(url, &variable).map(|proxy| proxy.map(|proxy| format!("{:?} {}", proxy.protocol(), proxy.host())))
    }

    fn led(proxy: &str) -> Result<Option<String>, String> {
        Ok(Some(proxy.to_owned()))
    }

    #[test]
    fn the_first_variable_that_is_set_names_the_proxy() {
        let set = [("http_proxy", "h"), ("HTTPS_PROXY", "https://user:p%40ss@g:1/"), ("all_proxy", "socks5h://f")];
        assert_eq!(leads(URL, &set), led("Socks5h f"));
        assert_eq!(leads(URL, &set[..2]), led("Https g"));
        assert_eq!(leads(URL, &set[..1]), led("Http h"));
        assert_eq!(leads(URL, &[("ALL_PROXY", ""), set[0]]), led("Http h"));
        assert_eq!(leads(URL, &[("ALL_PROXY", "")]), Ok(None));
        assert_eq!(leads(URL, &[("ALL_PROXY", "user:p@ss@[::1]:8")]), led("Http [::1]"));
    }

    #[test]
    fn no_proxy_leads_to_this_machine_or_to_excepted_hosts() {
        let with = |url, except| leads(url, &[("ALL_PROXY", "proxy:8"), ("NO_PROXY", except), ("no_proxy", "*")]);
        for url in ["http://localhost:1/", "https://LocalHost/", "http://127.9.9.9:1/x", "http://[::1]/"] {
            assert_eq!(with(url, ""), Ok(None), "{url}");
        }
        for except in ["api.example.com", "a,*.example.com", ".example.com,b", "*"] {
            assert_eq!(with(URL, except), Ok(None), "{except}");
        }
        for except in ["", "example.com", "localhost"] {
            assert_eq!(with(URL, except), led("Http proxy"), "{except}");
        }
    }

    #[test]
    fn what_can_be_no_proxy_is_refused_without_being_shown() {
        for value in [
            "http://canary host:3128",
            "htp://canary",
            "http://",
            "http://:3128",
            "http://canary:port",
            "http://canary:0",
            "http://canary:99999",
            "http://user:can#ary@proxy:1",
            "http://user:c@n#ary@proxy:1",
            "http://user:canary/@proxy",
            "http://user:canary?@proxy",
            "http://user:canary@pro xy",
            "http://us\u{e9}r:canary@proxy",
            "http://user:%FFcanary@proxy",
            "canary proxy",
            " ",
        ] {
            let set = [("https_proxy", value), ("http_proxy", "http://another")];
            let problem = leads(URL, &set).expect_err(value);
            assert!(problem.contains("https_proxy") && !problem.contains("can"), "{value:?}: {problem}");
            assert_eq!(leads("http://localhost/", &set), Ok(None));
            assert_eq!(leads(URL, &[set[0], ("no_proxy", "api.example.com")]), Ok(None));
        }
    }
}
