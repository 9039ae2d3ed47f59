//! The client: the one way down and the one way up.

use std::fmt;
use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::auth::{Access, Credentials};
use crate::config::ClientBuilder;
use crate::error::{Error, ErrorKind};
use crate::fault::Fault;
use crate::method::{Effect, Method, Params};
use crate::transport::{HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind, without_query};
use crate::value::Value;
use crate::wire::{decode, encode};

/// How much of a page that isn't XML-RPC is read, to show an excerpt of it.
const ERROR_PAGE: u64 = 64 * 1024;

/// A connection to one account. Clones are cheap and share everything; all of it can be used from many threads.
///
/// ```no_run
/// use infusionsoft::{record, Client, Credentials};
///
/// let client = Client::builder().credentials(Credentials::access_token("…")).build()?;
/// let id = client.contacts().add(record! { "FirstName" => "Ada", "Email" => "ada@example.com" })?;
/// let ada = client.contacts().load(id, &["Id", "FirstName"])?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) endpoint: String,
    pub(crate) credentials: Credentials,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) max_body: u64,
    pub(crate) strict_characters: bool,
}

/// An answer with status 200, not yet read.
struct Answer {
    method: String,
    effect: Effect,
    access: Access,
    content_type: String,
    body: Vec<u8>,
}

impl Client {
    /// Sets up a client; it needs [credentials](ClientBuilder::credentials) at least.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn from_inner(inner: Inner) -> Client {
        Client { inner: Arc::new(inner) }
    }

    /// Calls a method with any of the generated requests: for queues, middleware and tests.
    ///
    /// ```no_run
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{contacts::LoadRequest, ContactId};
    ///
    /// let request = LoadRequest { contact_id: ContactId(18), selected_fields: vec!["FirstName".into()] };
    /// let contact = client.call(request)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`InvalidRequest`](ErrorKind::InvalidRequest), before anything is sent, if an argument breaks a documented limit
    ///   or can't travel; the text names the parameter.
    /// - [`Fault`](ErrorKind::Fault) if the server refuses the call.
    /// - [`Unauthorized`](ErrorKind::Unauthorized), [`Throttled`](ErrorKind::Throttled), [`Gateway`](ErrorKind::Gateway)
    ///   if the gateway answers instead of the API.
    /// - [`Timeout`](ErrorKind::Timeout), [`Connection`](ErrorKind::Connection) if no answer comes.
    /// - [`Decode`](ErrorKind::Decode) if the answer can't be read.
    pub fn call<M: Method>(&self, request: M) -> Result<M::Output, Error> {
        // No branch here: this is compiled once for each method, what it calls once for all of them.
        let mut params = self.params(M::NAME, M::KEYED);
        let checked = request.params(&mut params);
        self.inner.read(self.inner.exchange(params, checked, M::EFFECT))
    }

    /// Calls any method of the API, documented or not, by its name on the wire. The key is added.
    ///
    /// The call is never repeated if it may have been executed.
    ///
    /// ```no_run
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::Value;
    ///
    /// let fields = vec!["Id", "FirstName"];
    /// let contact = client.call_raw("ContactService.load", [Value::from(18), Value::from(fields)])?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`].
    pub fn call_raw(&self, method: &str, params: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
        self.raw(method, true, params)
    }

    /// Calls any method of the API that takes no key, such as `DataService.echo`.
    ///
    /// # Errors
    ///
    /// Those of [`Client::call`].
    pub fn call_raw_without_key(&self, method: &str, params: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
        self.raw(method, false, params)
    }

    /// Makes a call whose answer is read by a function, which is called again if the answer has to be.
    pub(crate) fn call_reading<M: Method>(&self, request: M, value: decode::ReadValue<'_>) -> Result<(), Error> {
        let mut params = self.params(M::NAME, M::KEYED);
        let checked = request.params(&mut params);
        self.inner.read_value(self.inner.exchange(params, checked, M::EFFECT), value)
    }

    fn raw(&self, method: &str, keyed: bool, values: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
        if !encode::is_method_name(method) {
            let message =
                format!("{method:?} is not a method name: those have letters, digits, and the characters `_.:/`");
            return Err(Error::invalid_config(message));
        }
        let mut params = self.params(method, keyed);
        let checked = values.into_iter().try_for_each(|value| params.push_unnamed(value));
        self.inner.read(self.inner.exchange(params, checked, Effect::Once))
    }

    fn params(&self, method: &str, keyed: bool) -> Params {
        Params::new(method, keyed.then(|| self.inner.credentials.leading_key()))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &without_query(&self.inner.endpoint))
            .field("credentials", &self.inner.credentials)
            .finish_non_exhaustive()
    }
}

impl Inner {
    /// One call, down to the body of its answer, unless its arguments are refused.
    fn exchange(&self, params: Params, checked: Result<(), Error>, effect: Effect) -> Result<Answer, Error> {
        checked?;
        let method = params.method().to_owned();
        let body = encode::call(&method, params.into_arguments());
        let access = self.credentials.access().map_err(|error| error.of(&method))?;
        let url = access.url(&self.endpoint);
        let mut headers = vec![("content-type", "text/xml; charset=utf-8".to_owned())];
        headers.extend(access.header());
        let request = HttpRequest { url: &url, headers: &headers, body: &body };
        let harmless = effect != Effect::Once;
        let failed = |error: TransportError| not_answered(error, harmless);
        let answer = self
            .transport
            .send(&request)
            .map_err(failed)
            .and_then(|response| self.receive(response, &access, harmless));
        match answer {
            Ok((body, content_type)) => Ok(Answer { method, effect, access, content_type, body }),
            Err(error) => Err(error.of(&method)),
        }
    }

    /// The body and content type of an answer, or the error that its status stands for.
    fn receive(&self, mut response: HttpResponse, access: &Access, harmless: bool) -> Result<(Vec<u8>, String), Error> {
        let limit = if response.status == 200 { self.max_body } else { ERROR_PAGE };
        let status = response.status;
        let body = std::mem::replace(&mut response.body, Box::new(std::io::empty()));
        let mut bytes = Vec::new();
        let read = body.take(limit.saturating_add(1)).read_to_end(&mut bytes);
        if status != 200 {
            access.mask(&mut bytes);
            return Err(not_ok(&response, &bytes, harmless));
        }
        if let Err(source) = read {
            let kind =
                if source.kind() == std::io::ErrorKind::TimedOut { ErrorKind::Timeout } else { ErrorKind::Connection };
            let error = Error::caused_by(kind, "the answer broke off", source).with_status(status);
            return Err(error.executed(true).retryable(harmless));
        }
        if bytes.len() as u64 > limit {
            let message = format!("the answer exceeds the limit of {limit} bytes, which `max_body` sets");
            return Err(Error::new(ErrorKind::Decode, message).with_status(status).executed(true));
        }
        Ok((bytes, content_type(&response).to_owned()))
    }

    /// Reads an answer as the declared type.
    fn read<T: DeserializeOwned>(&self, answer: Result<Answer, Error>) -> Result<T, Error> {
        let mut value = None;
        let read = self.read_value(answer, &mut |decoder| {
            value = Some(T::deserialize(decoder)?);
            Ok(())
        });
        match (read, value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Error::new(ErrorKind::Decode, "the answer holds no value".to_owned())),
            (Err(error), _) => Err(error),
        }
    }

    fn read_value(&self, answer: Result<Answer, Error>, value: decode::ReadValue<'_>) -> Result<(), Error> {
        let mut answer = answer?;
        let options = decode::Options { strict_characters: self.strict_characters, ..decode::Options::default() };
        let mut decoded = decode::response(&answer.body, &options, value);
        // What becomes a text of an error is read again without the credentials, should the server repeat them.
        let is_value = matches!(&decoded, Ok(decoded) if matches!(decoded.answer, decode::Answer::Value));
        if !is_value && answer.access.mask(&mut answer.body) {
            decoded = decode::response(&answer.body, &options, value);
        }
        let decoded = match decoded {
            Ok(decoded) => decoded,
            Err(error) => return Err(unreadable(error, answer)),
        };
        if decoded.replaced_characters > 0 {
            let (method, count) = (&answer.method, decoded.replaced_characters);
            log::warn!("{method}: {count} characters that XML forbids were repaired or replaced");
        }
        match decoded.answer {
            decode::Answer::Value => Ok(()),
            decode::Answer::Fault { code, message } => {
                Err(Error::refused(Fault::new(code, message)).of(&answer.method).with_status(200))
            }
        }
    }
}

/// The error for an answer that can't be read: the call may well have been executed.
fn unreadable(error: decode::DecodeError, answer: Answer) -> Error {
    use decode::DecodeErrorKind::{Blank, Malformed, NotXmlRpc, Truncated, Value};
    let message = match error.kind() {
        // The text says where the value stands, and quotes it.
        Blank | Value => error.to_string(),
        Malformed | Truncated => format!("{error} (byte {}: {})", error.offset(), error.excerpt()),
        NotXmlRpc => format!("{error} ({}): {}", answer.content_type, error.excerpt()),
    };
    let cut_short = matches!(error.kind(), Blank | Truncated);
    Error::new(ErrorKind::Decode, message)
        .of(&answer.method)
        .executed(true)
        .retryable(cut_short && answer.effect != Effect::Once)
        .with_status(200)
        .with_body(answer.body)
}

fn not_answered(error: TransportError, harmless: bool) -> Error {
    let kind = match error.kind() {
        TransportErrorKind::Connection => ErrorKind::Connection,
        TransportErrorKind::Timeout => ErrorKind::Timeout,
        TransportErrorKind::Request => ErrorKind::InvalidRequest,
    };
    let sent = error.maybe_sent();
    let retryable = kind != ErrorKind::InvalidRequest && (harmless || !sent);
    Error::caused_by(kind, error.to_string(), error.into_source()).executed(sent).retryable(retryable)
}

/// What an answer says it is, for the texts of errors.
fn content_type(response: &HttpResponse) -> &str {
    response.header("content-type").unwrap_or("no content type")
}

/// The error that an HTTP status other than 200 stands for.
fn not_ok(response: &HttpResponse, page: &[u8], harmless: bool) -> Error {
    let status = response.status;
    let excerpt = match decode::excerpt(page, 0) {
        excerpt if excerpt.trim().is_empty() => "an empty page".to_owned(),
        excerpt => excerpt,
    };
    let wait = response.header("retry-after").and_then(|wait| wait.trim().parse().ok()).map(Duration::from_secs);
    let error = match status {
        401 => Error::new(ErrorKind::Unauthorized, format!("the credentials were refused: {excerpt}")),
        429 => Error::new(ErrorKind::Throttled, format!("a rate limit was hit: {excerpt}")).retryable(true),
        _ => {
            let content_type = content_type(response);
            let message = format!("the gateway answered with status {status} ({content_type}): {excerpt}");
            let passing = matches!(status, 502..=504);
            Error::new(ErrorKind::Gateway, message)
                .executed(!(300..500).contains(&status))
                .retryable(passing && harmless)
        }
    };
    error.with_status(status).after(wait)
}
