//! A transport that answers what it was told to, and remembers what was sent.

use std::io::{self, Cursor, Read as _};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind};
use infusionsoft::{Client, ClientBuilder, Credentials};

use crate::manual_clock::ManualClock;

/// The access token of canned clients.
pub const TOKEN: &str = "canned-access-token";

/// A request that was sent.
#[derive(Clone, Debug)]
pub struct Sent {
    /// The URL, its query included.
    pub url: String,
    /// The headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long it may take.
    pub timeout: Option<Duration>,
}

impl Sent {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// What comes of a request.
#[derive(Clone)]
enum Outcome {
    Answer { status: u16, headers: Vec<(String, String)>, body: Vec<u8> },
    Failure { kind: TransportErrorKind, maybe_sent: bool },
}

/// A transport that answers what it was told to, the last answer for ever. Clones share what was sent, and a clock.
#[derive(Clone)]
pub struct Canned {
    outcomes: Vec<Outcome>,
    delay: Duration,
    clock: ManualClock,
    sent: Arc<Mutex<Vec<Sent>>>,
}

impl Canned {
    /// Answers with status 200.
    pub fn ok(body: impl Into<Vec<u8>>) -> Canned {
        Canned::status(200, "text/xml", body)
    }

    /// Answers with another status.
    pub fn status(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Canned {
        let headers = vec![("content-type".to_owned(), content_type.to_owned())];
        Canned::new(Outcome::Answer { status, headers, body: body.into() })
    }

    /// Never answers.
    pub fn failure(kind: TransportErrorKind, maybe_sent: bool) -> Canned {
        Canned::new(Outcome::Failure { kind, maybe_sent })
    }

    fn new(outcome: Outcome) -> Canned {
        Canned { outcomes: vec![outcome], delay: Duration::ZERO, clock: ManualClock::default(), sent: Arc::default() }
    }

    /// Adds a header to the last answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Canned {
        if let Some(Outcome::Answer { headers, .. }) = self.outcomes.last_mut() {
            headers.push((name.to_owned(), value.to_owned()));
        }
        self
    }

    /// Goes on with the answers of another one.
    #[must_use]
    pub fn then(mut self, next: Canned) -> Canned {
        self.outcomes.extend(next.outcomes);
        self
    }

    /// Takes a while for each answer, by its clock.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Canned {
        self.delay = delay;
        self
    }

    /// The same from the beginning, for other clients.
    #[must_use]
    pub fn anew(&self) -> Canned {
        Canned { clock: ManualClock::default(), sent: Arc::default(), ..self.clone() }
    }

    /// The clock of its clients.
    pub fn clock(&self) -> ManualClock {
        self.clock.clone()
    }

    /// A client that gets these answers.
    pub fn client(&self) -> Client {
        self.client_with(Credentials::access_token(TOKEN))
    }

    /// A client with credentials of its own.
    ///
    /// # Panics
    ///
    /// If the credentials can't be used.
    pub fn client_with(&self, credentials: Credentials) -> Client {
        self.builder().credentials(credentials).build().expect("the client can be built")
    }

    /// Sets up a client that gets these answers, and waits by a clock that takes no time.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder()
            .credentials(Credentials::access_token(TOKEN))
            .endpoint("https://api.example.com/xmlrpc")
            .transport(self.clone())
            .clock(self.clock())
    }

    /// What was sent, in order.
    pub fn sent(&self) -> Vec<Sent> {
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The only request that was sent.
    ///
    /// # Panics
    ///
    /// If it isn't the only one.
    pub fn only_sent(&self) -> Sent {
        let mut sent = self.sent();
        assert_eq!(sent.len(), 1, "one request was sent");
        sent.remove(0)
    }
}

impl Transport for Canned {
    fn send(&self, request: &HttpRequest<'_>) -> Result<HttpResponse, TransportError> {
        let mut body = Vec::new();
        request.body.reader().read_to_end(&mut body).expect("the body can be read");
        assert_eq!(body.len() as u64, request.body.len(), "the announced length");
        let headers = request.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let outcome = &self.outcomes[sent.len().min(self.outcomes.len() - 1)];
        sent.push(Sent { url: request.url.to_owned(), headers, body, timeout: request.timeout });
        self.clock.advance(self.delay);
        match outcome.clone() {
            Outcome::Answer { status, headers, body } => {
                Ok(HttpResponse { status, headers, body: Box::new(Cursor::new(body)) })
            }
            Outcome::Failure { kind, maybe_sent } => {
                Err(TransportError::new(kind, maybe_sent, io::Error::other("the cable is cut")))
            }
        }
    }
}
