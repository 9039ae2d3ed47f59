//! A transport that answers what it was told to, and remembers what was sent.

use std::io::{Cursor, Read as _};
use std::sync::{Arc, Mutex, PoisonError};

use infusionsoft::transport::{HttpRequest, HttpResponse, Transport, TransportError};
use infusionsoft::{Client, Credentials};

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
}

impl Sent {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A transport that answers what it was told to. Clones share what was sent.
#[derive(Clone)]
pub struct Canned {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
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
        Canned { status, headers, body: body.into(), sent: Arc::default() }
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Canned {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
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
        Client::builder()
            .credentials(credentials)
            .endpoint("https://api.example.com/xmlrpc")
            .transport(self.clone())
            .build()
            .expect("the client can be built")
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
        let sent = Sent { url: request.url.to_owned(), headers, body };
        self.sent.lock().unwrap_or_else(PoisonError::into_inner).push(sent);
        Ok(HttpResponse {
            status: self.status,
            headers: self.headers.clone(),
            body: Box::new(Cursor::new(self.body.clone())),
        })
    }
}
