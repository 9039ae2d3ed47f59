//! The one error of this crate.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::auth::TokenProblem;
use crate::fault::Fault;
use crate::value::Value;

/// Why a call failed.
///
/// Match on [`Error::kind`]; for a refusal of the server, look at [`Error::fault`].
/// Before you repeat a call that changes something, ask [`Error::maybe_executed`].
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    method: Option<String>,
    message: String,
    fault: Option<Fault>,
    token: Option<TokenProblem>,
    status: Option<u16>,
    retry_after: Option<Duration>,
    maybe_executed: bool,
    retryable: bool,
    attempts: u32,
    body: Option<Vec<u8>>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An argument, or the client's configuration, is not valid: nothing was executed. Mend what the text names.
    InvalidRequest,
    /// The server refused the call. [`Error::fault`] says why: act by its code.
    Fault,
    /// The credentials were refused (HTTP 401): the call was not executed. Those that can be renewed have been, in vain, by
    /// this call or within the minute before it. Authorize again, or bring another token or key.
    Unauthorized,
    /// A limit was hit: HTTP 429, or the [fault](Error::fault) of a throttled server. The call was not executed.
    ///
    /// [`Error::retry_after`] may say how long to wait. It is of this kind, too, if the client's own [limits](crate::Limits)
    /// leave no turn before the call's timeout.
    Throttled,
    /// The gateway answered instead of the API: an HTTP status other than 200, or a page that is not XML-RPC at all, such
    /// as HTML or JSON. The text has an excerpt of it; call again later, after a look at [`Error::maybe_executed`].
    ///
    /// The retirement of the API is announced to begin with brownouts; this is how one would show.
    Gateway,
    /// No answer came in time. Before you call again, look at [`Error::maybe_executed`].
    Timeout,
    /// The connection failed or broke. Before you call again, look at [`Error::maybe_executed`].
    ///
    /// A server that refuses an upload before it has all of it, and hangs up, shows as this too: its answer is not read.
    Connection,
    /// The answer could not be read: it is blank, cut short or too long, ill-formed, or holds a value that is not of the
    /// declared type. The call may have been executed; [`Error::body`] has the answer, unless it is longer than
    /// [`max_body`](crate::ClientBuilder::max_body).
    ///
    /// [`Record::get`](crate::Record::get) uses it too.
    Decode,
    /// No access token could be had: the call was not sent. [`Error::token_problem`] says why, and what to do.
    Token,
    /// The store of the tokens could not be read or written: the call was not sent.
    Store,
}

impl Error {
    /// What kind of failure it was.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The server's refusal, if it is one.
    pub fn fault(&self) -> Option<&Fault> {
        self.0.fault.as_ref()
    }

    /// Why no access token could be had, if that is what failed.
    pub fn token_problem(&self) -> Option<TokenProblem> {
        self.0.token
    }

    /// The method that was called, such as `ContactService.load`.
    pub fn method(&self) -> Option<&str> {
        self.0.method.as_deref()
    }

    /// The status of the HTTP answer, if one came.
    pub fn http_status(&self) -> Option<u16> {
        self.0.status
    }

    /// How long the server asks to wait before the next call, if it said so.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// Whether the same call may succeed later, and repeating it can do no harm.
    ///
    /// The client has repeated such a call already, as often as [`Retry`](crate::Retry) says.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    /// How often the call was tried, as [`Retry`](crate::Retry) says; 0 if it was refused before that, or had no time for it.
    ///
    /// A try that ended for want of a token counts, though nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the server may have executed the call, or a part of it, although no result came back.
    ///
    /// Once any attempt of a call may have been executed, it is true, whatever came of the attempts after it.
    pub fn maybe_executed(&self) -> bool {
        self.0.maybe_executed
    }

    /// The body of an answer that could not be read. It is in no text of this error, since it can hold personal data.
    pub fn body(&self) -> Option<&[u8]> {
        self.0.body.as_deref()
    }

    pub(crate) fn new(kind: ErrorKind, message: String) -> Error {
        Error(Box::new(Inner {
            kind,
            method: None,
            message,
            fault: None,
            token: None,
            status: None,
            retry_after: None,
            maybe_executed: false,
            retryable: false,
            attempts: 0,
            body: None,
            source: None,
        }))
    }

    pub(crate) fn invalid_request(method: &str, message: String) -> Error {
        Error::invalid(message).of(method)
    }

    pub(crate) fn invalid(message: impl Into<String>) -> Error {
        Error::new(ErrorKind::InvalidRequest, message.into())
    }

    pub(crate) fn invalid_date(problem: &str) -> Error {
        Error::invalid(format!("invalid date or time: {problem}"))
    }

    pub(crate) fn missing_member<'a>(name: &str, members: impl ExactSizeIterator<Item = &'a str>) -> Error {
        const SHOWN: usize = 8;
        let more = if members.len() > SHOWN { ", …" } else { "" };
        let shown = members.take(SHOWN).collect::<Vec<_>>().join(", ");
        let message = match shown.as_str() {
            "" => format!("no member {name:?}: the record is empty"),
            shown => format!("no member {name:?} in the record, which has {shown}{more}"),
        };
        Error::new(ErrorKind::Decode, format!("{message}; ask for an Option if it may be missing"))
    }

    pub(crate) fn wrong_member(name: &str, expected: &str, value: &Value) -> Error {
        let mut error = Error::wrong_value(expected, value);
        error.0.message = format!("{name}: {}", error.0.message);
        error
    }

    pub(crate) fn wrong_value(expected: &str, value: &Value) -> Error {
        let got = match value {
            Value::Secret(_) => "a secret, which is read as Secret".to_owned(),
            value if value.type_name() == expected => format!("{expected} with elements of another type"),
            value => value.type_name().to_owned(),
        };
        Error::new(ErrorKind::Decode, format!("expected {expected}, got {got}"))
    }

    pub(crate) fn refused(kind: ErrorKind, fault: Fault) -> Error {
        let mut error = Error::new(kind, fault.to_string());
        error.0.fault = Some(fault);
        error
    }

    #[cfg(feature = "oauth")]
    pub(crate) fn token(
        problem: TokenProblem,
        message: String,
        source: Option<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        let mut error = Error::new(ErrorKind::Token, message).with_source(source);
        error.0.token = Some(problem);
        error
    }

    pub(crate) fn caused_by(
        kind: ErrorKind,
        message: impl Into<String>,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Error {
        Error::new(kind, message.into()).with_source(Some(source.into()))
    }

    fn with_source(mut self, source: Option<Box<dyn StdError + Send + Sync>>) -> Error {
        self.0.source = source;
        self
    }

    pub(crate) fn of(mut self, method: &str) -> Error {
        self.0.method = Some(method.to_owned());
        self
    }

    /// Says where in a longer work it happened.
    #[cfg(feature = "tables")]
    pub(crate) fn on(mut self, place: &str) -> Error {
        self.0.message = format!("{place}: {}", self.0.message);
        self
    }

    pub(crate) fn after(mut self, wait: Option<Duration>) -> Error {
        self.0.retry_after = wait;
        self
    }

    pub(crate) fn executed(mut self, maybe: bool) -> Error {
        self.0.maybe_executed = maybe;
        self
    }

    pub(crate) fn retryable(mut self, retryable: bool) -> Error {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn after_attempts(mut self, attempts: u32) -> Error {
        self.0.attempts = attempts;
        self
    }

    pub(crate) fn with_status(mut self, status: u16) -> Error {
        self.0.status = Some(status);
        self
    }

    pub(crate) fn with_body(mut self, body: Vec<u8>) -> Error {
        self.0.body = Some(body);
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(method) = self.method() {
            write!(f, "{method}: ")?;
        }
        f.write_str(&self.0.message)?;
        match self.0.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " (after {attempts} attempts)"),
        }
    }
}

impl fmt::Debug for Error {
    /// Shows everything but the answer's body.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Inner { kind, method, message, fault, status, retry_after, .. } = &*self.0;
        let Inner { maybe_executed, retryable, attempts, body, source, .. } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("method", method)
            .field("message", message)
            .field("fault", fault)
            .field("token_problem", &self.0.token)
            .field("http_status", status)
            .field("retry_after", retry_after)
            .field("maybe_executed", maybe_executed)
            .field("retryable", retryable)
            .field("attempts", attempts)
            .field("body", &body.as_ref().map(|body| format!("{} bytes", body.len())))
            .field("source", source)
            .finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0.source.as_ref().map(|source| &**source as &(dyn StdError + 'static))
    }
}
