//! How a client is set up.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::auth::Credentials;
use crate::client::{Client, Inner};
use crate::error::Error;
use crate::transport::{ANSWER_TIMEOUT, CONNECT_TIMEOUT, Timeouts, Transport, UreqTransport, without_query};

/// Where the API lives.
pub const ENDPOINT: &str = "https://api.infusionsoft.com/crm/xmlrpc/v1";

/// How the client names itself to the server.
const USER_AGENT: &str = concat!("infusionsoft-rust/", env!("CARGO_PKG_VERSION"));

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
pub struct ClientBuilder {
    endpoint: Option<String>,
    credentials: Option<Credentials>,
    transport: Option<Arc<dyn Transport>>,
    timeouts: Timeouts,
    max_body: u64,
    strict_characters: bool,
}

impl ClientBuilder {
    pub(crate) fn new() -> ClientBuilder {
        ClientBuilder {
            endpoint: None,
            credentials: None,
            transport: None,
            timeouts: Timeouts { connect: CONNECT_TIMEOUT, answer: ANSWER_TIMEOUT },
            max_body: MAX_BODY,
            strict_characters: false,
        }
    }

    /// Says who calls.
    #[must_use]
    pub fn credentials(mut self, credentials: Credentials) -> ClientBuilder {
        self.credentials = Some(credentials);
        self
    }

    /// Calls another endpoint than the vendor's [`ENDPOINT`], such as a local server.
    #[must_use]
    pub fn endpoint(mut self, url: impl Into<String>) -> ClientBuilder {
        self.endpoint = Some(url.into());
        self
    }

    /// Brings another transport than HTTP; timeouts are its own business then.
    #[must_use]
    pub fn transport(mut self, transport: impl Transport + 'static) -> ClientBuilder {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// How long a connection may take to be made; 10 seconds unless set.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeouts.connect = timeout;
        self
    }

    /// How long the server may take to begin its answer, and to go on with it; 60 seconds unless set.
    ///
    /// Slow answers are normal for this API: a shorter limit turns calls that succeed into calls of which nobody knows.
    #[must_use]
    pub fn answer_timeout(mut self, timeout: Duration) -> ClientBuilder {
        self.timeouts.answer = timeout;
        self
    }

    /// The largest answer that is read, in bytes after decompression; 256 MiB unless set.
    #[must_use]
    pub fn max_body(mut self, bytes: u64) -> ClientBuilder {
        self.max_body = bytes;
        self
    }

    /// Refuses answers with references to characters that XML forbids.
    ///
    /// The server is known to send some (`&#11;`, emoji in halves); unless this is set they are repaired or replaced by U+FFFD.
    #[must_use]
    pub fn strict_characters(mut self, strict: bool) -> ClientBuilder {
        self.strict_characters = strict;
        self
    }

    /// Makes the client. Nothing is sent yet.
    ///
    /// # Errors
    ///
    /// `InvalidRequest` if the credentials are missing or can't travel in a header, or if the endpoint is not a URL of
    /// HTTP or HTTPS.
    pub fn build(self) -> Result<Client, Error> {
        let Some(credentials) = self.credentials else {
            return Err(Error::invalid_config("the client has no credentials: call `credentials` on its builder"));
        };
        if let Some(problem) = credentials.problem() {
            return Err(Error::invalid_config(problem));
        }
        if credentials.needs_own_endpoint() && self.endpoint.is_none() {
            return Err(Error::invalid_config(
                "a legacy key needs the endpoint of its application: call `endpoint` on the client's builder",
            ));
        }
        let endpoint = self.endpoint.unwrap_or_else(|| ENDPOINT.to_owned());
        if !(endpoint.starts_with("https://") || endpoint.starts_with("http://")) {
            return Err(Error::invalid_config("the endpoint is not a URL that begins with https:// or http://"));
        }
        let transport = self.transport.unwrap_or_else(|| Arc::new(UreqTransport::new(self.timeouts, USER_AGENT)));
        let (max_body, strict_characters) = (self.max_body, self.strict_characters);
        Ok(Client::from_inner(Inner { endpoint, credentials, transport, max_body, strict_characters }))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("endpoint", &self.endpoint.as_deref().map(without_query))
            .field("credentials", &self.credentials)
            .field("timeouts", &self.timeouts)
            .finish_non_exhaustive()
    }
}
