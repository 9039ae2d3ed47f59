//! How a client is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::answer;
use crate::auth::Credentials;
use crate::client::Client;
use crate::clock::{Clock, SystemClock};
use crate::error::Error;
use crate::observe::Observer;
use crate::pace::{Limits, Pacer};
use crate::pipeline::Pipeline;
use crate::retry::{Budget, Retry};
use crate::transport::{self, ANSWER_TIMEOUT, Agent, CONNECT_TIMEOUT, Timeouts, Transport, UreqTransport};

/// Where the API lives.
pub const ENDPOINT: &str = "https://api.infusionsoft.com/crm/xmlrpc/v1";

/// How the client names itself to the server.
pub(crate) const USER_AGENT: &str = concat!("infusionsoft-rust/", env!("CARGO_PKG_VERSION"));

/// The largest answer that is read, unless [`ClientBuilder::max_body`] says otherwise: 256 MiB.
const MAX_BODY: u64 = 256 << 20;

/// Sets up a [`Client`].
///
/// ```
/// use std::time::Duration;
/// use infusionsoft::{Client, Credentials};
///
/// let client = Client::builder()
///     .credentials(Credentials::personal_key("KeapAK-0123456789"))
///     .answer_timeout(Duration::from_secs(120))
///     .build()?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[must_use]
pub struct ClientBuilder {
    endpoint: Option<String>,
    credentials: Option<Credentials>,
    transport: Option<Arc<dyn Transport>>,
    agent: Option<Agent>,
    user_agent: String,
    timeouts: Timeouts,
    call_timeout: Option<Duration>,
    retry: Retry,
    limits: Option<Limits>,
    clock: Option<Arc<dyn Clock>>,
    observer: Option<Arc<dyn Observer>>,
    reading: answer::Options,
}

impl ClientBuilder {
    pub(crate) fn new() -> ClientBuilder {
        ClientBuilder {
            endpoint: None,
            credentials: None,
            transport: None,
            agent: None,
            user_agent: USER_AGENT.to_owned(),
            timeouts: Timeouts { connect: CONNECT_TIMEOUT, answer: ANSWER_TIMEOUT },
            call_timeout: None,
            retry: Retry::new(),
            limits: None,
            clock: None,
            observer: None,
            reading: answer::Options { max_body: MAX_BODY, strict_characters: false },
        }
    }

    /// Says who calls.
    pub fn credentials(mut self, credentials: Credentials) -> ClientBuilder {
        self.credentials = Some(credentials);
        self
    }

    /// Calls another endpoint than the vendor's [`ENDPOINT`], such as a local server.
    ///
    /// It begins with `https://`; on this machine (`localhost`, `127.0.0.1`) with `http://` too. With a
    /// [transport](ClientBuilder::transport) or an [agent](ClientBuilder::agent) of one's own, which may have another way to
    /// keep the credentials from strangers, `http://` goes anywhere.
    pub fn endpoint(mut self, url: impl Into<String>) -> ClientBuilder {
        self.endpoint = Some(url.into());
        self
    }

    /// Brings another transport than HTTP; timeouts are its own business then, and an [agent](ClientBuilder::agent) isn't
    /// used.
    pub fn transport(mut self, transport: impl Transport + 'static) -> ClientBuilder {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Sends by an agent of crate `ureq` of one's own, for its connections, TLS, proxy, and address lookup.
    ///
    /// What keeps calls from harm holds for any agent, whatever its own settings: no redirect is followed, a status is no
    /// error, and the timeouts and the name are those of this builder. Its middleware must not repeat a request. For each
    /// host it keeps three idle connections unless it is set up otherwise, where the client's own agent keeps 64; that one
    /// takes the proxy from the environment: the first that is set of `ALL_PROXY`, `HTTPS_PROXY` and `HTTP_PROXY`, by HTTP or
    /// SOCKS, but none to this machine or to hosts in `NO_PROXY`.
    ///
    /// ```
    /// use infusionsoft::transport::Agent;
    /// use infusionsoft::{Client, Credentials};
    ///
    /// let agent = Agent::config_builder().max_idle_connections_per_host(16).https_only(true);
    /// let credentials = Credentials::access_token("token");
    /// let agent = Agent::from(agent.build());
    /// let client = Client::builder().credentials(credentials).agent(agent).build()?;
    /// # Ok::<(), infusionsoft::Error>(())
    /// ```
    pub fn agent(mut self, agent: Agent) -> ClientBuilder {
        self.agent = Some(agent);
        self
    }

    /// Puts an application's name in front of the client's own in the header `User-Agent`, such as `acme-sync/2.1`.
    pub fn user_agent(mut self, application: &str) -> ClientBuilder {
        self.user_agent = format!("{application} {USER_AGENT}");
        self
    }

    /// How long a connection may take to be made; 10 seconds unless set.
    pub fn connect_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeouts.connect = timeout;
        self
    }

    /// How long the server may take to begin its answer, and to go on with it; 60 seconds unless set.
    ///
    /// Slow answers are normal for this API: a shorter limit turns calls that succeed into calls of which nobody knows.
    pub fn answer_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeouts.answer = timeout;
        self
    }

    /// How long a call may take with all its attempts and waits; unless set, only each of those has its end.
    ///
    /// A wait that would end later isn't begun: the call fails at once with the error of its last attempt. An attempt
    /// under way is broken off, by the machine's own clock.
    ///
    /// Only a request for tokens, or the wait for another thread's or process's, is never cut short, since whoever hangs up
    /// before its answer can lose the authorization: those have the timeouts of the OAuth application. A call that needed
    /// longer for its token than it may take is not sent.
    pub fn call_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.call_timeout = Some(timeout);
        self
    }

    /// When calls are tried again; [`Retry::new`] unless set.
    pub fn retry(mut self, retry: Retry) -> ClientBuilder {
        self.retry = retry;
        self
    }

    /// How many calls may be made; what the vendor allows to this kind of credentials unless set.
    pub fn limits(mut self, limits: Limits) -> ClientBuilder {
        self.limits = Some(limits);
        self
    }

    /// Reads the time from another clock, and waits by it, for tests. An OAuth application has a clock of its own.
    pub fn clock(mut self, clock: impl Clock + 'static) -> ClientBuilder {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Tells an observer of every attempt of every call.
    pub fn observer(mut self, observer: impl Observer + 'static) -> ClientBuilder {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// The largest answer that is read, in bytes after decompression; 256 MiB unless set.
    pub fn max_body(mut self, bytes: u64) -> ClientBuilder {
        self.reading.max_body = bytes;
        self
    }

    /// Refuses answers with references to characters that XML forbids.
    ///
    /// The server is known to send some (`&#11;`, emoji in halves); unless this is set they are repaired or replaced by U+FFFD.
    pub fn strict_characters(mut self, strict: bool) -> ClientBuilder {
        self.reading.strict_characters = strict;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the credentials are missing or can't travel in a header, if the endpoint is not a URL of HTTP or
    /// HTTPS, or is `http://` where [that](ClientBuilder::endpoint) is refused, if the application's name can't stand in a
    /// header, if the crate was built without TLS, which `https://` needs unless there is a transport or agent of one's own,
    /// or if the environment names a [proxy](ClientBuilder::agent) by what is no URL of one.
    pub fn build(self) -> Result<Client, Error> {
        let credentials = self.checked().map_err(Error::invalid)?;
        let clock = match self.clock {
            Some(clock) => clock,
            None => Arc::new(SystemClock::new()),
        };
        let limits = match self.limits {
            Some(limits) => limits,
            None => credentials.limits(),
        };
        let endpoint = self.endpoint.unwrap_or_else(|| ENDPOINT.to_owned());
        let transport = match self.transport {
            Some(transport) => transport,
            None => Arc::new(UreqTransport::new(self.agent, &endpoint, self.timeouts, self.user_agent)?),
        };
        Ok(Client::new(Pipeline {
            transport,
            pacer: Pacer::new(limits, Arc::clone(&clock)),
            endpoint,
            credentials,
            clock,
            budget: Budget::new(&self.retry),
            retry: self.retry,
            observer: self.observer,
            call_timeout: self.call_timeout,
            reading: self.reading,
        }))
    }

    /// The credentials, unless something is wrong with them or with what else is set.
    fn checked(&self) -> Result<Credentials, &'static str> {
        let Some(credentials) = &self.credentials else {
            return Err("the client has no credentials: call `credentials` on its builder");
        };
        if let Some(problem) = credentials.problem() {
            return Err(problem);
        }
        if credentials.needs_own_endpoint() && self.endpoint.is_none() {
            return Err("a legacy key needs the endpoint of its application: call `endpoint` on the client's builder");
        }
        if !self.user_agent.as_bytes().iter().all(|byte| matches!(byte, b' '..=b'~')) {
            return Err("the name for `User-Agent` holds a character beyond printable ASCII");
        }
        let built_in = self.transport.is_none() && self.agent.is_none();
        transport::check_url(self.endpoint.as_deref().unwrap_or(ENDPOINT), built_in)?;
        Ok(credentials.clone())
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.endpoint.as_deref().map(transport::shown))
            .field("credentials", &self.credentials)
            .field("timeouts", &self.timeouts)
            .field("call_timeout", &self.call_timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
