//! The client: the one way down and the one way up.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::de::DeserializeOwned;

#[cfg(feature = "tables")]
use crate::answer::Look;
use crate::answer::Wanted;
use crate::config::ClientBuilder;
use crate::error::{Error, ErrorKind};
use crate::method::{Effect, Method, Params};
use crate::pipeline::Pipeline;
use crate::transport::shown;
use crate::value::Value;
#[cfg(feature = "tables")]
use crate::wire::decode::Answer;
use crate::wire::decode::{Decoder, ReadValue};
use crate::wire::encode;

/// A connection to one account. Clones are cheap and share everything; all of it can be used from many threads.
///
/// ```no_run
/// use infusionsoft::{record, Client, Credentials};
///
/// let client = Client::builder().credentials(Credentials::access_token("…")).build()?;
/// let ada = record! { "FirstName" => "Ada", "Email" => "ada@example.com" };
/// let id = client.contacts().add(ada)?;
/// let ada = client.contacts().load(id, &["Id", "FirstName"])?;
/// # Ok::<(), infusionsoft::Error>(())
/// ```
#[derive(Clone)]
pub struct Client {
    pipeline: Arc<Pipeline>,
}

impl Client {
    /// Sets up a client; it needs [credentials](ClientBuilder::credentials) at least.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    pub(crate) fn new(pipeline: Pipeline) -> Client {
        Client { pipeline: Arc::new(pipeline) }
    }

    /// Calls a method with any of the generated requests: for queues, middleware and tests.
    ///
    /// ```no_run
    /// # fn run(client: &infusionsoft::Client) -> Result<(), infusionsoft::Error> {
    /// use infusionsoft::{contacts::LoadRequest, ContactId};
    ///
    /// let request = LoadRequest {
    ///     contact_id: ContactId(18),
    ///     selected_fields: vec!["FirstName".into()],
    /// };
    /// let contact = client.call(request)?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// - [`InvalidRequest`](ErrorKind::InvalidRequest), before anything is sent, if an argument breaks a documented limit
    ///   or can't travel; the text names the parameter.
    /// - [`Fault`](ErrorKind::Fault) if the server refuses the call.
    /// - [`Unauthorized`](ErrorKind::Unauthorized), [`Gateway`](ErrorKind::Gateway) if the gateway answers instead of the API.
    /// - [`Throttled`](ErrorKind::Throttled) if the gateway or the server says that a limit was hit, or if the client's own
    ///   [limits](crate::Limits) leave the call no turn in the time that it may wait.
    /// - [`Token`](ErrorKind::Token), [`Store`](ErrorKind::Store), before anything is sent, if OAuth credentials have no access
    ///   token for it.
    /// - [`Timeout`](ErrorKind::Timeout), [`Connection`](ErrorKind::Connection) if no answer comes.
    /// - [`Decode`](ErrorKind::Decode) if the answer can't be read.
    pub fn call<M: Method>(&self, request: M) -> Result<M::Output, Error> {
        // No branch here: this is compiled once for each method, what it calls once for all of them.
        let mut params = self.params(M::NAME.into(), M::KEYED);
        let checked = request.params(&mut params);
        self.run(params, checked, M::EFFECT)
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
    /// let params = [Value::from(18), Value::from(fields)];
    /// let contact = client.call_raw("ContactService.load", params)?;
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
    pub(crate) fn call_reading<M: Method>(&self, request: M, value: ReadValue<'_>) -> Result<(), Error> {
        self.call_wanting(request, &mut Wanted::Value(value))
    }

    /// Makes a call, and takes the body of its answer, into which nobody but a function has looked while it came.
    #[cfg(feature = "tables")]
    pub(crate) fn call_taking<M: Method>(&self, request: M, look: Look<'_>) -> Result<Vec<u8>, Error> {
        let mut body = Vec::new();
        self.call_wanting(request, &mut Wanted::Body { taken: &mut body, look })?;
        Ok(body)
    }

    /// Reads a body that was taken, and says whether it holds a value. If not, the call can be made again to learn why.
    #[cfg(feature = "tables")]
    pub(crate) fn read_taken<M: Method>(&self, body: &[u8], value: ReadValue<'_>) -> bool {
        matches!(self.pipeline.reading.decode(M::NAME, body, value), Ok(Answer::Value))
    }

    fn call_wanting<M: Method>(&self, request: M, wanted: &mut Wanted<'_>) -> Result<(), Error> {
        let mut params = self.params(M::NAME.into(), M::KEYED);
        let checked = request.params(&mut params);
        self.pipeline.run(params, checked, M::EFFECT, wanted)
    }

    fn raw(&self, method: &str, keyed: bool, values: impl IntoIterator<Item = Value>) -> Result<Value, Error> {
        if !encode::is_method_name(method) {
            let message =
                format!("{method:?} is not a method name: those have letters, digits, and the characters `_.:/`");
            return Err(Error::invalid(message));
        }
        let mut params = self.params(method.to_owned().into(), keyed);
        let checked = (1..).zip(values).try_for_each(|(place, value)| params.push_unnamed(place, value));
        self.run(params, checked, Effect::Once)
    }

    fn params(&self, method: Cow<'static, str>, keyed: bool) -> Params {
        Params::new(method, keyed.then(|| self.pipeline.credentials.leading_key()))
    }

    /// Makes a call: the one function that knows the type of its answer.
    fn run<T: DeserializeOwned>(&self, params: Params, checked: Result<(), Error>, effect: Effect) -> Result<T, Error> {
        let mut value = None;
        let mut read = |decoder: &mut Decoder<'_>| {
            value = Some(T::deserialize(decoder)?);
            Ok(())
        };
        let done = self.pipeline.run(params, checked, effect, &mut Wanted::Value(&mut read));
        match (done, value) {
            (Ok(()), Some(value)) => Ok(value),
            (Ok(()), None) => Err(Error::new(ErrorKind::Decode, "the answer holds no value".to_owned())),
            (Err(error), _) => Err(error),
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("endpoint", &shown(&self.pipeline.endpoint))
            .field("credentials", &self.pipeline.credentials)
            .finish_non_exhaustive()
    }
}
