//! What a misbehaving server does, step by step.

use std::time::Duration;

use super::Received;

/// What becomes of one request: its steps in order. A connection that they leave open waits for the next request.
pub type Act = Vec<Step>;

/// One thing that a server does.
#[derive(Clone, Debug)]
pub enum Step {
    /// Reads the request as far as this.
    Read(Part),
    /// Reads the rest of the request and executes it.
    Execute,
    /// Sends these bytes.
    Send(Vec<u8>),
    /// Sends what this makes of the request, as far as it was read.
    Reply(fn(&Received) -> Vec<u8>),
    /// Sends these bytes one by one, each after this while.
    Drip(Vec<u8>, Duration),
    /// Sends these bytes again and again, each time after this while, until the client hangs up.
    Flood(Vec<u8>, Duration),
    /// Takes this long.
    Take(Duration),
    /// Closes the connection in order: what has been sent arrives, and what the client still sends is taken.
    Close,
    /// Closes the connection at once: in order if the client has nothing more to send.
    HangUp,
    /// Breaks the connection.
    Reset,
    /// Does nothing any more, not even read, until the server is ended.
    Stall,
}

/// How far a request is read. What the network delivers together may be taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The first bytes of the head.
    SomeOfTheHead,
    /// The head.
    Head,
    /// Half of the body.
    HalfOfTheBody,
    /// All of it.
    Everything,
}

/// An HTTP answer with its length.
pub fn answer(status: &str, headers: &str, body: impl AsRef<[u8]>) -> Vec<u8> {
    let body = body.as_ref();
    let mut answer = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

/// A response with one value.
pub fn response(value: &str) -> String {
    format!("<methodResponse><params><param><value>{value}</value></param></params></methodResponse>")
}

/// An HTTP answer with the value 1, which a string, an id and a bool can be read from.
pub fn good_answer() -> Vec<u8> {
    answer("200 OK", "content-type: text/xml\r\n", response("1"))
}

/// Executes the request and answers these bytes.
pub fn executes(answer: impl Into<Vec<u8>>) -> Act {
    vec![Step::Execute, Step::Send(answer.into())]
}

/// Reads the request, does not execute it, and answers these bytes.
pub fn refuses(answer: impl Into<Vec<u8>>) -> Act {
    vec![Step::Read(Part::Everything), Step::Send(answer.into())]
}

/// Executes the request and answers as a good server does.
pub fn behaves() -> Act {
    executes(good_answer())
}
