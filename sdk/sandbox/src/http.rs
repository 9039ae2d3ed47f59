//! Requests and responses as plain values.

use std::time::Duration;

/// An HTTP request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The HTTP method, such as `POST`.
    pub method: String,
    /// The path as it was sent, without the query.
    pub path: String,
    /// The query as it was sent, without the question mark; empty if there is none.
    pub query: String,
    /// The headers; the case of their names does not matter.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// Finds the first header of a name.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(held, _)| held.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// An HTTP response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// The headers, with names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long the front waits before it answers.
    pub delay: Duration,
    /// How much of the response reaches the client.
    pub delivery: Delivery,
}

/// How much of a [`Response`] reaches the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    Whole,
    /// The head and so many bytes of the body, then the connection breaks.
    Cut(usize),
    /// Nothing: the connection is reset.
    Reset,
    /// Nothing: the connection stays open.
    Never,
}

impl Response {
    /// Makes an XML-RPC answer, which travels with status 200 even if it is a fault.
    pub(crate) fn xml(body: impl Into<Vec<u8>>) -> Response {
        Response::new(200, "text/xml; charset=UTF-8", body)
    }

    /// Makes an answer of the gateway.
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response::new(status, "application/json", body)
    }

    /// Adds a header.
    pub(crate) fn with_header(mut self, name: &str, value: &str) -> Response {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Makes a page, as a gateway does that has lost its server.
    pub(crate) fn html(status: u16, body: impl Into<Vec<u8>>) -> Response {
        Response::new(status, "text/html; charset=UTF-8", body)
    }

    /// Sends a browser elsewhere.
    pub(crate) fn redirect(location: &str) -> Response {
        Response::empty(302).with_header("location", location)
    }

    /// Makes a response without a body.
    pub(crate) fn empty(status: u16) -> Response {
        let (delay, delivery) = (Duration::ZERO, Delivery::Whole);
        Response { status, headers: Vec::new(), body: Vec::new(), delay, delivery }
    }

    /// Refuses a method that is none of those which an address knows.
    pub(crate) fn not_allowed(methods: &str) -> Response {
        Response::json(405, r#"{"message":"Method Not Allowed"}"#).with_header("allow", methods)
    }

    fn new(status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Response {
        Response { body: body.into(), ..Response::empty(status) }.with_header("content-type", content_type)
    }
}
